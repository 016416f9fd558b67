/* SPDX-License-Identifier: Apache-2.0 */
/* Ending unpaid orders; what they held goes back exactly once. */
#ifndef KS_SHOP_ORDER_END_H
#define KS_SHOP_ORDER_END_H

#include "base/rc.h"
#include "io/ctx.h"

/* RC_CONFLICT: it is not pending any more, or not due yet. */
MUST_CHECK enum rc order_expire(struct ctx *cx, const char *no);
MUST_CHECK enum rc order_give_up(
    struct ctx *cx, const char *no, const char *why);

#endif
