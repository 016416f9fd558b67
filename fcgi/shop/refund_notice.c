/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A gateway says that money went back.  It may be our refund that it speaks
 * of, or one that somebody made at the gateway's console; some name our
 * number, some only the sum of all so far.  Whatever the books do not know
 * yet is entered, and never twice: under the order's lock it is the
 * difference between what the gateway says in all and what is booked.
 */
#include "shop/refund_int.h"

#include "base/bug.h"
#include "base/str.h"
#include "store/purchase.h"

struct told {
	struct settling *s;
	struct order_story *story;
	const struct refund_payment *payment;
	const struct refund_row *rows;
	size_t n;
	struct money more; /* that the books do not know */
	bool single;       /* it is one refund's, not the difference */
	bool any;          /* something was entered */
};

static bool
may_have_moved(const struct refund_row *r)
{
	return str_eq(r->state, "sent") || str_eq(r->state, "unclear");
}

/* A refund of this payment by our number, or the gateway's of a console's. */
static const struct refund_row *
by_number(const struct told *t, const char *no)
{
	size_t i;

	for (i = 0; i < t->n && !str_empty(no); i++) {
		if (t->rows[i].payment == t->payment->id &&
		    (str_eq(t->rows[i].no, no) ||
			str_eq(t->rows[i].provider_ref, no)))
			return &t->rows[i];
	}
	return NULL;
}

static const struct refund_row *
under_way(const struct told *t)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		if (t->rows[i].payment == t->payment->id &&
		    may_have_moved(&t->rows[i]))
			return &t->rows[i];
	}
	return NULL;
}

/* What the message says went back in all, or RC_INVALID. */
static enum rc
how_much(struct told *t)
{
	const struct verdict *v = t->s->p->verdict;
	struct money all = v->refunded;

	if (v->outcome == PAY_REFUNDED)
		all = t->payment->amount;
	else if (v->refund.minor > 0) { /* of one refund alone */
		t->single = true;
		t->more = v->refund;
		return RC_OK;
	}
	if (all.minor <= 0 || money_cmp(all, t->payment->amount) > 0)
		return RC_INVALID;
	t->more = MONEY(all.minor - t->payment->done.minor);
	return RC_OK;
}

static enum rc
ours_is_done(struct ctx *cx, struct told *t, const struct refund_row *r)
{
	struct refund_row own = *r;
	enum rc rc;

	rc = refund_done(cx, t->story, &own);
	if (rc != RC_OK)
		return rc;
	t->more.minor -= own.amount.minor;
	t->any = true;
	return RC_OK;
}

/* Made at the gateway's console. */
static enum rc
enter_console(struct ctx *cx, struct told *t)
{
	const struct verdict *v = t->s->p->verdict;
	char no[25];
	struct refund_row r = {
	    .order = t->s->order.id,
	    .order_no = t->s->order.no,
	    .payment = t->payment->id,
	    .channel = t->payment->channel,
	    .state = refund_is_name(REFUND_IS_SENT),
	    .how = "console",
	    .amount = t->more,
	    .currency = t->payment->currency,
	    .reason = "",
	    .from = "",
	    .provider_ref =
		str_empty(v->refund_no) ? v->event_id : v->refund_no,
	    .answer = "",
	};
	enum rc rc;

	refund_number(cx, no);
	r.no = arena_str(cx->arena, no);
	rc = refund_row_add(cx, &r, &r.id);
	if (rc == RC_OK)
		rc = refund_done(cx, t->story, &r);
	if (rc != RC_OK) /* the row is there by now: all of it or nothing */
		return rc == RC_INVALID ? RC_FAIL : rc;
	t->any = true;
	return RC_OK;
}

static enum rc
enter(struct ctx *cx, struct told *t)
{
	const struct verdict *v = t->s->p->verdict;
	const struct refund_row *named = by_number(t, v->refund_no);
	const struct refund_row *open = under_way(t);
	enum rc rc = RC_OK;

	if (named != NULL && v->refund.minor > 0 &&
	    money_cmp(named->amount, v->refund) != 0)
		return RC_INVALID;
	if (t->more.minor > t->payment->amount.minor - t->payment->done.minor)
		return RC_INVALID;
	if (named != NULL && may_have_moved(named))
		rc = ours_is_done(cx, t, named);
	else if (t->single && named != NULL)
		return RC_OK; /* we knew */
	else if (!t->single && open != NULL &&
		 money_cmp(open->amount, t->more) <= 0)
		rc = ours_is_done(cx, t, open);
	if (rc == RC_OK && t->more.minor > 0)
		rc = enter_console(cx, t);
	return rc;
}

static enum rc
held(struct ctx *cx, struct settling *s, const char *reason)
{
	enum rc rc = settle_conclude(cx, s, "held", reason);

	return rc == RC_OK ? settle_answer(s->p, RC_INVALID, reason) : rc;
}

/* The money came and went before we knew of it: both are told now, and no
 * goods go out. */
static enum rc
came_and_went(struct ctx *cx, struct settling *s)
{
	struct order_row *o = &s->order;
	bool late = s->state != ORDER_PENDING;
	const struct refund_payment *list;
	struct order_story story;
	struct told t = {.s = s, .story = &story};
	uint64_t freed;
	size_t n;
	enum rc rc;

	story_begin(&story, o);
	o->paid = s->amount;
	o->paid_at = cx->now;
	o->late = late;
	story_add(cx, &story, ORDER_PAID, late ? "paid_late" : "paid", "");
	if ((rc = settle_take_all(cx, s)) != RC_OK ||
	    (late && (rc = coupon_take_again(cx, o->id)) != RC_OK) ||
	    (rc = card_release(cx, o->id, &freed)) != RC_OK ||
	    (rc = order_move(cx, o, story.from)) != RC_OK ||
	    (rc = refund_payments(cx, o->id, &list, &n)) != RC_OK)
		return rc;
	story.from = o->state;
	t.payment = refund_payment_of(list, n, 0);
	BUG_ON(t.payment == NULL);
	t.more = s->amount;
	if ((rc = enter_console(cx, &t)) != RC_OK ||
	    (rc = payments_end(cx, o->id, "expired")) != RC_OK ||
	    (rc = story_write(cx, &story)) != RC_OK ||
	    (rc = settle_conclude(cx, s, "applied", "refund_first")) != RC_OK)
		return rc;
	return settle_answer(s->p, RC_OK, o->state);
}

/* Nothing of ours is paid by this money.  All of it back: both are booked.
 * Else the message has to come again, after the one that says it came. */
static enum rc
not_settled(struct ctx *cx, struct settling *s)
{
	const struct verdict *v = s->p->verdict;

	if (v->outcome != PAY_REFUNDED || str_empty(s->p->txn) ||
	    !v->has_amount || !order_may(s->state, ORDER_PAID) ||
	    money_cmp(v->amount, s->order.total) != 0)
		return RC_FAIL;
	return came_and_went(cx, s);
}

static enum rc
find(struct ctx *cx, struct told *t)
{
	const struct refund_payment *list;
	const char *txn = t->s->p->txn;
	size_t n, i;
	enum rc rc;

	rc = refund_payments(cx, t->s->order.id, &list, &n);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < n; i++) {
		if (list[i].channel != t->s->p->channel)
			continue;
		if (str_empty(txn) ? list[i].id == t->s->payment
				   : str_eq(list[i].txn, txn))
			t->payment = &list[i];
	}
	if (t->payment == NULL)
		return RC_NOTFOUND;
	return refund_rows_of_order(cx, t->s->order.id, &t->rows, &t->n);
}

enum rc
refund_noticed(struct ctx *cx, struct settling *s, enum pay_why why)
{
	struct order_story story;
	struct told t = {.s = s, .story = &story};
	enum rc rc;

	if (why != WHY_OK)
		return held(cx, s, "refund_differs");
	rc = find(cx, &t);
	if (rc == RC_NOTFOUND)
		return not_settled(cx, s);
	if (rc == RC_OK)
		rc = how_much(&t);
	if (rc == RC_INVALID)
		return held(cx, s, "refund_unknown");
	if (rc != RC_OK)
		return rc;
	story_begin(&story, &s->order);
	if (t.more.minor > 0)
		rc = enter(cx, &t);
	if (rc == RC_INVALID)
		return held(cx, s, "refund_exceeds");
	if (rc == RC_OK && t.any)
		rc = story_write(cx, &story);
	if (rc == RC_OK)
		rc = settle_conclude(
		    cx, s, t.any ? "applied" : "repeated", "refund");
	return rc == RC_OK
		   ? settle_answer(s->p, t.any ? RC_OK : RC_CONFLICT, "refund")
		   : rc;
}
