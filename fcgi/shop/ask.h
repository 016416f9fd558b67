/* SPDX-License-Identifier: Apache-2.0 */
/* Asking a gateway what became of a payment, and settling its answer. */
#ifndef KS_SHOP_ASK_H
#define KS_SHOP_ASK_H

#include "base/rc.h"
#include "io/ctx.h"
#include "store/money.h"

/* RC_OK: paid, and settled now or before.  RC_NOTFOUND: not paid (yet).
 * RC_BUSY, RC_FAIL: no usable answer.  RC_INVALID: it cannot be asked.
 * RC_CONFLICT: money that is held for a person.  Never inside a
 * transaction. */
MUST_CHECK enum rc ask_gateway(
    struct ctx *cx, const char *order_no, const struct payment_row *p);

#endif
