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

/* The order is over or about to be: the gateway shall take no more money for
 * it.  RC_OK: it takes none.  RC_CONFLICT: it had been paid, and that is
 * settled now.  RC_INVALID: it cannot be closed.  Else as ask_gateway(). */
MUST_CHECK enum rc ask_close(
    struct ctx *cx, const char *order_no, const struct payment_row *p);

/* A genuine notice of money that the shop wants confirmed before it delivers
 * (policy ask_back): the gateway is asked about the order, and its answer has
 * to say the same. */
enum ask_said {
	ASK_NOT_NEEDED, /* small, known already, or it will be refused anyway */
	ASK_CONFIRMED,
	ASK_DENIED, /* a clear answer, and it is another one */
	ASK_UNCLEAR /* no usable answer: later */
};
struct channel;
struct verdict;
/* Never inside a transaction.  RC_BUSY, RC_FAIL: the database is away. */
MUST_CHECK enum rc ask_confirm(struct ctx *cx, const struct channel *c,
    const char *order_no, const struct verdict *v, enum ask_said *said);

#endif
