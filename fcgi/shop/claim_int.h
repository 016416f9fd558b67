/* SPDX-License-Identifier: Apache-2.0 */
/* What claim.c and claim_rows.c share.  Inside a transaction. */
#ifndef KS_SHOP_CLAIM_INT_H
#define KS_SHOP_CLAIM_INT_H

#include "shop/claim.h"

/* Orders, items, inputs, events and coupon uses of the claims that are served
 * (rc is RC_OK). */
MUST_CHECK enum rc claim_write(
    struct ctx *cx, const struct claim *claims, size_t n);

#endif
