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
#include "shop/refund_int.h"

enum rc
settle_answer(struct paid *p, enum rc rc, const char *reason)
{
	p->rc = rc;
	p->reason = reason;
	return RC_OK;
}

/* What this message's money is to the order. */
struct use {
	const char *role;
	struct money applied; /* pays the order; the rest is owed back */
};

static void
add_line(
    struct ledger_line *line, size_t *n, const char *account, int64_t minor)
{
	if (minor != 0)
		line[(*n)++] = (struct ledger_line){account, MONEY(minor)};
}

void
settle_book(struct ctx *cx, const struct settling *s, uint64_t payment,
    struct money applied, struct booking *out)
{
	int64_t fee = applied.minor > 0 ? s->order.fee.minor : 0;

	*out = (struct booking){.ref = {
				    .tx = arena_fmt(cx->arena, "pay:%llu",
					(unsigned long long)payment),
				    .channel = s->p->channel,
				    .order = s->order.id,
				    .payment = payment,
				    .currency = s->currency,
				}};
	add_line(out->line, &out->n, "receivable", s->amount.minor);
	add_line(out->line, &out->n, "fee_income", -fee);
	add_line(out->line, &out->n, "sales", fee - applied.minor);
	add_line(
	    out->line, &out->n, "liability", applied.minor - s->amount.minor);
}

static enum rc
take_money(struct ctx *cx, struct settling *s, const struct use *u)
{
	const struct money_in in = {
	    .order = s->order.id,
	    .channel = s->p->channel,
	    .role = u->role,
	    .amount = s->amount,
	    .applied = u->applied,
	    .currency = s->currency,
	    .txn = s->p->txn,
	    .open_case = money_cmp(u->applied, s->amount) != 0,
	};
	struct booking book;
	enum rc rc;

	s->booked = 0;
	if (s->amount.minor == 0) /* a free order: nothing to book */
		return RC_OK;
	rc = payment_success(cx, s->payment, &in, &s->booked);
	if (rc != RC_OK)
		return rc;
	settle_book(cx, s, s->booked, u->applied, &book);
	return ledger_book(cx, &book.ref, book.line, book.n);
}

enum rc
settle_take_all(struct ctx *cx, struct settling *s)
{
	const struct use all = {.role = "order", .applied = s->amount};

	return take_money(cx, s, &all);
}

/* ------------------------------------------------------------ held */

/* Money that is not this order's price, or comes twice: it is recorded, owed
 * back, and waits for a person; owed says that the shop has decided to give
 * it back already. */
static enum rc
hold_money(struct ctx *cx, struct settling *s, const char *role,
    const char *reason, bool owed)
{
	const struct use u = {.role = role};
	struct order_story story;
	enum rc rc;

	story_begin(&story, &s->order);
	story_add(cx, &story, s->state, owed ? "refund_due" : "money_held",
	    arena_fmt(cx->arena, "%s %s", role, s->p->txn));
	rc = take_money(cx, s, &u);
	if (rc == RC_OK && owed)
		rc = refund_owed(cx, &story, s->booked, s->amount, "policy");
	if (rc != RC_OK || (rc = story_write(cx, &story)) != RC_OK ||
	    (rc = settle_conclude(cx, s, "held", reason)) != RC_OK)
		return rc;
	return settle_answer(s->p, RC_INVALID, reason);
}

/* ------------------------------------------------------------ paid */

/* Held parts become the order's: what was owed for them is sold now. */
static enum rc
apply_parts(
    struct ctx *cx, struct settling *s, const struct part_row *p, size_t n)
{
	struct ledger_ref ref = {
	    .order = s->order.id,
	    .currency = s->currency,
	};
	size_t i;
	enum rc rc = RC_OK;

	for (i = 0; rc == RC_OK && i < n; i++) {
		const struct ledger_line line[] = {
		    {"liability", p[i].amount},
		    {"sales", MONEY(-p[i].amount.minor)},
		};

		ref.tx = arena_fmt(
		    cx->arena, "part:%llu", (unsigned long long)p[i].id);
		ref.channel = p[i].channel;
		ref.payment = p[i].id;
		if ((rc = payment_part_apply(cx, &p[i])) == RC_OK)
			rc = ledger_book(cx, &ref, line, 2);
	}
	return rc;
}

static bool
is_late(const struct settling *s)
{
	return s->state == ORDER_EXPIRED || s->state == ORDER_CANCELLED;
}

/* The story from paid onwards. */
static enum rc
hand_over(struct ctx *cx, struct settling *s, struct order_story *story)
{
	enum late_policy late = s->policy->late;
	enum rc rc;

	if (!s->order.late)
		return deliver_order(cx, story, "", s->policy->partial);
	rc = coupon_take_again(cx, s->order.id);
	if (rc != RC_OK)
		return rc;
	if (late == LATE_DELIVER)
		return deliver_order(cx, story, "", s->policy->partial);
	rc = deliver_not_yet(cx, story,
	    late == LATE_REFUND ? "refund_due" : "late_policy",
	    policy_late_name(late));
	if (rc == RC_OK && late == LATE_REFUND)
		rc = refund_owed(cx, story, s->booked, s->amount, "policy");
	return rc;
}

static enum rc
pay_order(struct ctx *cx, struct settling *s, const struct use *u)
{
	struct order_row *o = &s->order;
	struct order_story story;
	struct money owed;
	enum rc rc;

	BUG_ON(money_sub(s->amount, u->applied, &owed) != RC_OK);
	story_begin(&story, o);
	o->paid = o->total;
	o->paid_at = cx->now;
	o->late = is_late(s);
	story_add(cx, &story, ORDER_PAID, o->late ? "paid_late" : "paid",
	    s->p->detail);
	if (owed.minor != 0)
		story_add(cx, &story, ORDER_PAID, "over_paid",
		    arena_fmt(cx->arena, "%s %s",
			money_text(
			    cx->arena, owed, currency_decimals(s->currency)),
			s->currency));
	if ((rc = take_money(cx, s, u)) != RC_OK ||
	    (rc = hand_over(cx, s, &story)) != RC_OK ||
	    (rc = payments_end(cx, o->id, "expired")) != RC_OK ||
	    (rc = story_write(cx, &story)) != RC_OK ||
	    (rc = settle_conclude(cx, s, "applied", o->late ? "late" : "")) !=
		RC_OK)
		return rc;
	return settle_answer(s->p, RC_OK, o->state);
}

/* ------------------------------------------------------------ deciding */

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

/* More than the price. */
static enum rc
too_much(struct ctx *cx, struct settling *s)
{
	const struct use u = {.role = "order", .applied = s->order.total};

	if (s->policy->over == OVER_HOLD)
		return hold_money(cx, s, "over", "amount", false);
	return pay_order(cx, s, &u);
}

/* Less than the price: with what was held of this order before it may be
 * enough. */
static enum rc
too_little(struct ctx *cx, struct settling *s)
{
	struct money sum = s->amount, rest = s->order.total;
	struct use u = {.role = "order"};
	const struct part_row *p;
	size_t n, i;
	int more;
	enum rc rc;

	/* what would be given back if it were enough is given back now */
	if (is_late(s) && s->policy->late == LATE_REFUND)
		return hold_money(cx, s, "under", "amount", true);
	if (s->policy->under != UNDER_COMPLETE)
		return hold_money(
		    cx, s, "under", "amount", s->policy->under == UNDER_REFUND);
	rc = payment_parts(cx, s->order.id, s->currency, &p, &n);
	for (i = 0; rc == RC_OK && i < n; i++) {
		if ((rc = money_add(sum, p[i].amount, &sum)) == RC_OK)
			rc = money_sub(rest, p[i].amount, &rest);
	}
	if (rc != RC_OK)
		return rc;
	more = money_cmp(sum, s->order.total);
	/* parts that reach the price by themselves came under another
	 * policy: a person has to look at them */
	if (more < 0 || rest.minor <= 0 ||
	    (more > 0 && s->policy->over == OVER_HOLD))
		return hold_money(cx, s, "under", "amount", false);
	u.applied = rest;
	rc = apply_parts(cx, s, p, n);
	return rc == RC_OK ? pay_order(cx, s, &u) : rc;
}

static enum rc
not_the_price(struct ctx *cx, struct settling *s)
{
	int over_price = money_cmp(s->amount, s->order.total);
	int over_opened = money_cmp(s->amount, s->opened);

	if (order_may(s->state, ORDER_PAID) && over_price != 0)
		return over_price > 0 ? too_much(cx, s) : too_little(cx, s);
	return hold_money(
	    cx, s, over_opened < 0 ? "under" : "over", "amount", false);
}

enum rc
settle_money(struct ctx *cx, struct settling *s, enum pay_why why)
{
	const struct use all = {.role = "order", .applied = s->amount};
	struct payment_row known;
	enum rc rc;

	rc = payment_by_txn(cx, s->p->channel, s->p->txn, &known);
	if (rc == RC_OK)
		return known_money(cx, s, known.order == s->order.id);
	if (rc != RC_NOTFOUND)
		return rc;
	if (why == WHY_CURRENCY)
		return hold_money(cx, s, "under", "currency", false);
	if (why == WHY_AMOUNT)
		return not_the_price(cx, s);
	if (!order_may(s->state, ORDER_PAID))
		return hold_money(cx, s, "second", "second", false);
	/* The fee may have changed with the channel after this payment was
	 * opened: its amount is then not the order's any more. */
	if (money_cmp(s->amount, s->order.total) != 0)
		return not_the_price(cx, s);
	return pay_order(cx, s, &all);
}
