/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Steps of refunds inside a transaction, for the files of shop/ that lock an
 * order themselves.  The story is begun by the caller, who writes it.
 */
#ifndef KS_SHOP_REFUND_INT_H
#define KS_SHOP_REFUND_INT_H

#include "shop/event.h"
#include "shop/refund.h"
#include "shop/settle_int.h"
#include "store/refund.h"

/* The payment in the list, or NULL; id 0: the one that paid the order. */
const struct refund_payment *refund_payment_of(
    const struct refund_payment *list, size_t n, uint64_t id);
struct money refund_left(const struct refund_payment *p);
/* "10.00 CNY", for events and the log. */
const char *refund_text(struct ctx *cx, struct money m, const char *currency);

struct refund_begin {
	const struct refund_payment *payment;
	struct money amount;
	const char *reason;
	enum refund_is state; /* WAITING or OPEN */
	bool by_hand;
	const char *reference;
};
/* A row, and the order refunding if it is the order's own money that goes
 * back.  RC_INVALID: not that much is left.  RC_CONFLICT: one is under way,
 * or no refund can begin in the order's state.  Nothing is written then. */
MUST_CHECK enum rc refund_begin(struct ctx *cx, struct order_story *s,
    const struct refund_begin *b, struct refund_row *out);
/* The shop's policy gives money of a payment back without a person: the
 * gateway is asked by the jobs, or somebody has to agree or pay it by hand.
 * Only the row and the story; RC_OK too when there is nothing to give. */
MUST_CHECK enum rc refund_owed(struct ctx *cx, struct order_story *s,
    uint64_t payment, struct money amount, const char *reason);
/* The money moved: ledger, order, goods, case, mail.  r->state is the one in
 * the database and becomes done.  RC_INVALID: more than the payment had;
 * nothing is written then. */
MUST_CHECK enum rc refund_done(
    struct ctx *cx, struct order_story *s, struct refund_row *r);
/* It came to nothing: to FAILED or CANCELLED, the order back to where it
 * was. */
MUST_CHECK enum rc refund_off(struct ctx *cx, struct order_story *s,
    struct refund_row *r, enum refund_is to, const char *why);
/* Of this order, not over, that moved it; n may be 0. */
MUST_CHECK enum rc refund_holds(struct ctx *cx, uint64_t order, uint64_t except,
    struct refund_row *out, bool *found);

/* A gateway says that money went back, by our doing or at its console: the
 * settling transaction of settle.c.  Ends in settle_answer(). */
MUST_CHECK enum rc refund_noticed(
    struct ctx *cx, struct settling *s, enum pay_why why);

/* 24 characters, a number of its own kind. */
void refund_number(struct ctx *cx, char out[25]);
void refund_counted(enum refund_is state); /* for /metrics, after COMMIT */

#endif
