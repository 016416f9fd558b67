/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Money back.  One transaction opens a refund under its own number, which is
 * the same on every repeat; outside of any the gateway is asked; another
 * writes what it said.  Whatever stops in between is found again by the jobs.
 * What is given back is a payment: an order's own, or one that is held as
 * too much, too little, or the second.
 *
 * waiting -> open -> sent -> done | failed | unclear;  unclear -> done | failed
 * waiting and open can be cancelled.  While a refund of its own money is
 * under way, the order is `refunding'.
 */
#ifndef KS_SHOP_REFUND_H
#define KS_SHOP_REFUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"
#include "shop/catalogue.h"

struct order;

enum refund_is {
	REFUND_IS_WAITING,
	REFUND_IS_OPEN,
	REFUND_IS_SENT,
	REFUND_IS_UNCLEAR,
	REFUND_IS_DONE,
	REFUND_IS_FAILED,
	REFUND_IS_CANCELLED,
	REFUND_IS__N
};
const char *refund_is_name(enum refund_is s); /* "waiting" */

struct refund_new {
	const char *order_no;
	uint64_t payment; /* 0: the one that paid the order */
	struct money amount;
	const char *reason;
	bool by_hand;          /* paid back elsewhere */
	const char *reference; /* of that; else "" */
};
/* A person of the shop opens one.  RC_INVALID: nothing, or more than is left,
 * no reason or reference, or a gateway without refunds.  RC_CONFLICT: another
 * one of this money is under way, or the order's state has none.  A gateway
 * has not been asked when this returns: refund_ask() is next. */
MUST_CHECK enum rc refund_open(
    struct ctx *cx, const struct refund_new *n, const char **no);
/* The buyer of an order without stock wants the money instead.  RC_CONFLICT:
 * it is not short any more.  The jobs ask the gateway, or a person decides. */
MUST_CHECK enum rc refund_choose(struct ctx *cx, const struct order *o);

/* The word of a person on one that waits.  RC_DENIED: the second must be
 * another than the first.  RC_INVALID: no gateway can do this one: it needs
 * refund_say().  RC_CONFLICT: it does not wait any more. */
MUST_CHECK enum rc refund_agree(struct ctx *cx, const char *no);
/* A person knows what became of one that is not over: the money went back
 * (reference needed), or it did not and will not. */
MUST_CHECK enum rc refund_say(struct ctx *cx, const char *no, bool moved,
    const char *reference, const char *reason);

/* Asks its gateway, under the same number, and writes what it says.
 * RC_CONFLICT: somebody else is asking, or it is over.  RC_BUSY: the answer
 * could not be written and will be asked for again.  Never inside a
 * transaction. */
MUST_CHECK enum rc refund_ask(struct ctx *cx, const char *no);
/* For keystall-jobs: those whose time has come. */
MUST_CHECK enum rc jobs_refund(struct ctx *cx, unsigned *did);

/* ---- looking */

struct refund {
	const char *no, *order_no, *currency, *reason, *answer, *reference;
	const char *how; /* gateway, manual, console */
	const char *channel, *role, *staff, *second;
	enum refund_is state;
	struct money amount;
	unsigned asked_n;
	int64_t created, done, next_ask;
	bool mine; /* opened by who is looking: another has to agree */
};
MUST_CHECK enum rc refund_list(struct ctx *cx, int state, struct page *page,
    const struct refund **out, size_t *n, uint64_t counts[REFUND_IS__N]);
MUST_CHECK enum rc refund_load(
    struct ctx *cx, const char *no, const struct refund **out);
MUST_CHECK enum rc refunds_of(
    struct ctx *cx, uint64_t order, const struct refund **out, size_t *n);

/* Money of an order that may go back. */
struct refund_source {
	uint64_t payment;
	const char *role, *channel, *txn, *currency;
	struct money amount, left;
	bool gateway; /* can give it back by itself */
	bool busy;    /* a refund of it is under way */
};
MUST_CHECK enum rc refund_sources(struct ctx *cx, uint64_t order,
    const struct refund_source **out, size_t *n);

#endif
