/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settling: what money does.  It pays its order, or is held for a person: all
 * in the transaction of settle.c, which has locked the order and noted the
 * message.  Every way ends in settle_conclude() and settle_answer().
 */
#include "shop/settle_int.h"

#include "base/bug.h"
#include "shop/deliver.h"
#include "shop/event.h"

enum rc
settle_answer(struct paid *p, enum rc rc, const char *reason)
{
	p->rc = rc;
	p->reason = reason;
	return RC_OK;
}

static enum rc
book(struct ctx *cx, const struct settling *s, uint64_t payment, bool liability)
{
	const struct ledger_ref ref = {
	    .tx = arena_fmt(cx->arena, "pay:%llu", (unsigned long long)payment),
	    .channel = s->p->channel,
	    .order = s->order.id,
	    .payment = payment,
	    .currency = s->currency,
	};
	struct ledger_line line[3];
	struct money goods = s->amount;
	size_t n = 0;

	line[n++] = (struct ledger_line){"receivable", s->amount};
	if (!liability && s->order.fee.minor > 0) {
		BUG_ON(money_sub(s->amount, s->order.fee, &goods) != RC_OK);
		line[n++] = (struct ledger_line){
		    "fee_income", MONEY(-s->order.fee.minor)};
	}
	line[n++] = (struct ledger_line){
	    liability ? "liability" : "sales", MONEY(-goods.minor)};
	return ledger_book(cx, &ref, line, n);
}

static enum rc
take_money(struct ctx *cx, struct settling *s, const char *role, bool open_case)
{
	const struct money_in in = {
	    .order = s->order.id,
	    .channel = s->p->channel,
	    .role = role,
	    .amount = s->amount,
	    .currency = s->currency,
	    .txn = s->p->txn,
	    .open_case = open_case,
	};
	uint64_t payment;
	enum rc rc;

	if (s->amount.minor == 0) /* a free order: nothing to book */
		return RC_OK;
	rc = payment_success(cx, s->payment, &in, &payment);
	return rc == RC_OK ? book(cx, s, payment, open_case) : rc;
}

/* Money that is not this order's price, or comes twice: it is recorded, owed
 * back, and waits for a person. */
static enum rc
hold_money(
    struct ctx *cx, struct settling *s, const char *role, const char *reason)
{
	struct order_story story;
	enum rc rc;

	story_begin(&story, &s->order);
	story_add(cx, &story, s->state, "money_held",
	    arena_fmt(cx->arena, "%s %s", role, s->p->txn));
	if ((rc = take_money(cx, s, role, true)) != RC_OK ||
	    (rc = story_write(cx, &story)) != RC_OK ||
	    (rc = settle_conclude(cx, s, "held", reason)) != RC_OK)
		return rc;
	return settle_answer(s->p, RC_INVALID, reason);
}

static bool
is_late(const struct settling *s)
{
	return s->state == ORDER_EXPIRED || s->state == ORDER_CANCELLED;
}

static enum rc
pay_order(struct ctx *cx, struct settling *s)
{
	struct order_row *o = &s->order;
	struct order_story story;
	bool late = is_late(s);
	enum rc rc;

	story_begin(&story, o);
	o->paid = s->amount;
	o->paid_at = cx->now;
	o->late = late;
	story_add(
	    cx, &story, ORDER_PAID, late ? "paid_late" : "paid", s->p->detail);
	rc = take_money(cx, s, "order", false);
	if (rc == RC_OK && late)
		rc = coupon_take_again(cx, o->id);
	if (rc == RC_OK && late && !str_eq(cx->set->late_policy, "deliver"))
		rc = deliver_not_yet(
		    cx, &story, "late_policy", cx->set->late_policy);
	else if (rc == RC_OK)
		rc = deliver_order(cx, &story, "");
	if (rc == RC_OK)
		rc = payments_end(cx, o->id, "expired");
	if (rc == RC_OK)
		rc = story_write(cx, &story);
	if (rc == RC_OK)
		rc = settle_conclude(cx, s, "applied", late ? "late" : "");
	return rc == RC_OK ? settle_answer(s->p, RC_OK, o->state) : rc;
}

/* The payment is in the books, though no inbox row was the first to say so. */
static enum rc
known_money(struct ctx *cx, struct settling *s, bool of_this_order)
{
	enum rc rc;

	rc = settle_conclude(cx, s, of_this_order ? "repeated" : "held",
	    of_this_order ? "" : "txn_of_another_order");
	if (rc != RC_OK)
		return rc;
	return of_this_order
		   ? settle_answer(s->p, RC_CONFLICT, "repeated")
		   : settle_answer(s->p, RC_DENIED, "txn_of_another_order");
}

enum rc
settle_money(struct ctx *cx, struct settling *s, enum pay_why why)
{
	struct payment_row known;
	enum rc rc;

	rc = payment_by_txn(cx, s->p->channel, s->p->txn, &known);
	if (rc == RC_OK)
		return known_money(cx, s, known.order == s->order.id);
	if (rc != RC_NOTFOUND)
		return rc;
	if (why == WHY_CURRENCY)
		return hold_money(cx, s, "under", "currency");
	if (why == WHY_AMOUNT)
		return hold_money(cx, s,
		    money_cmp(s->amount, s->opened) < 0 ? "under" : "over",
		    "amount");
	if (!order_may(s->state, ORDER_PAID))
		return hold_money(cx, s, "second", "second");
	/* The fee may have changed with the channel after this payment was
	 * opened: its amount is then not the order's any more. */
	if (money_cmp(s->amount, s->order.total) != 0)
		return hold_money(cx, s,
		    money_cmp(s->amount, s->order.total) < 0 ? "under" : "over",
		    "amount");
	return pay_order(cx, s);
}
