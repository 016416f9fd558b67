/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settling: one transaction in which the inbox row, the payment, the order,
 * its cards, the ledger, the message to the buyer and the events appear
 * together or not at all.  Only the database is called here.
 *
 * The tricky idea: the inbox row is written first, as if it were applied.  Its
 * unique key makes every repeat wait for the first and then see it; if the
 * first comes to nothing, its row goes with the ROLLBACK.
 */
#include "shop/settle.h"

#include <string.h>

#include "base/bug.h"
#include "base/hex.h"
#include "base/metric.h"
#include "io/crypt.h"
#include "pay/verdict.h"
#include "shop/deliver.h"
#include "shop/event.h"
#include "store/money.h"
#include "store/purchase.h"
#include "store/tx.h"

enum { DEDUPE_MAX = 160 };

struct settling { /* one message, while it is worked on */
	struct paid *p;
	struct notice_row notice;
	struct order_row order;
	enum order_state state; /* as it was read */
	uint64_t payment;       /* the opened one that it is about, or 0 */
	struct money opened;    /* its amount */
	struct money amount;    /* that came in */
	const char *currency;
};

static const char *const source_name[] = {
    [SETTLE_NOTICE] = "notice",
    [SETTLE_QUERY] = "query",
    [SETTLE_STAFF] = "staff",
    [SETTLE_STATEMENT] = "statement",
};

static enum rc
answer(struct paid *p, enum rc rc, const char *reason)
{
	p->rc = rc;
	p->reason = reason;
	return RC_OK;
}

/* The same payment found twice is one, however it was learnt: so the key is
 * the outcome and the gateway's id, and only without an id the bytes. */
static struct span
dedupe_key(struct ctx *cx, const struct paid *p)
{
	const char *outcome =
	    p->verdict == NULL ? "paid" : pay_outcome_name(p->verdict->outcome);
	const char *id = p->txn;
	uint8_t hash[CRYPT_HASH];

	if (p->verdict != NULL && p->verdict->outcome != PAY_PAID &&
	    !str_empty(p->verdict->event_id))
		id = p->verdict->event_id;
	if (str_empty(id)) {
		crypt_sha256(p->body.n != 0 ? p->body : p->query, hash);
		id = hex_text(cx->arena, hash, sizeof(hash));
	}
	return span_str(
	    arena_fmt(cx->arena, "%s:%.*s", outcome, DEDUPE_MAX - 20, id));
}

static void
fill_notice(struct ctx *cx, struct settling *s)
{
	const struct paid *p = s->p;

	s->notice = (struct notice_row){
	    .channel = p->channel,
	    .state = "applied",
	    .reason = "",
	    .source = source_name[p->source],
	    .txn = str_empty(p->txn) ? "" : p->txn,
	    .currency = s->currency,
	    .dedupe = dedupe_key(cx, p),
	    .amount = s->amount,
	    .applied = cx->now,
	};
	crypt_sha256(p->body.n != 0 ? p->body : p->query, s->notice.body_hash);
}

/* RC_CONFLICT: it was dealt with before.  A message that failed halfway last
 * time is worked on again. */
static enum rc
note(struct ctx *cx, struct settling *s)
{
	const struct paid *p = s->p;
	const char *state, *reason;
	uint64_t order;
	bool fresh;
	enum rc rc;

	rc = notice_add(cx, &s->notice, &fresh);
	if (rc != RC_OK)
		return rc;
	if (fresh)
		return notice_raw_add(cx, p->channel, s->notice.dedupe,
		    p->method == NULL ? "" : p->method, p->query, p->headers,
		    p->body);
	rc = notice_find(
	    cx, p->channel, s->notice.dedupe, &state, &reason, &order);
	if (rc != RC_OK)
		return rc == RC_NOTFOUND ? RC_BUSY : rc;
	if (order != 0 && order != s->order.id) {
		s->p->why = WHY_ORDER;
		s->p->reason = "order";
		return RC_DENIED;
	}
	if (str_eq(state, "failed") || str_eq(state, "received"))
		return RC_OK;
	s->p->reason = str_eq(state, "held") ? "held" : "repeated";
	return RC_CONFLICT;
}

/* The row of the inbox says what came of it. */
static enum rc
conclude(
    struct ctx *cx, struct settling *s, const char *state, const char *reason)
{
	s->notice.state = state;
	s->notice.reason = reason;
	s->notice.order = s->order.id;
	return notice_verdict(cx, &s->notice);
}

/* The payment that was opened for this order through this channel: the
 * binding between a gateway's message and an order. */
static enum rc
find_payment(
    struct ctx *cx, struct settling *s, struct pay_expected *e, bool *known)
{
	const struct payment_row *rows;
	size_t n, i, best = 0;
	enum rc rc;

	rc = payments_of(cx, s->order.id, s->p->channel, &rows, &n);
	if (rc != RC_OK)
		return rc;
	*known = n != 0;
	if (n == 0)
		return RC_OK;
	for (i = 0; i < n; i++) {
		if (s->p->verdict != NULL &&
		    !str_empty(s->p->verdict->provider_ref) &&
		    str_eq(rows[i].provider_ref, s->p->verdict->provider_ref))
			best = i;
	}
	s->payment = rows[best].id;
	s->opened = rows[best].amount;
	*e = (struct pay_expected){
	    .order_no = s->order.no,
	    .amount = rows[best].amount,
	    .currency = rows[best].currency,
	    .provider_ref = rows[best].provider_ref,
	    .txn = rows[best].txn,
	};
	return RC_OK;
}

static enum rc
compare(struct ctx *cx, struct settling *s, enum pay_why *why)
{
	struct pay_expected e;
	bool known = false;
	enum rc rc;

	*why = WHY_OK;
	rc = find_payment(cx, s, &e, &known);
	if (rc == RC_OK && s->p->verdict != NULL)
		*why = verdict_compare(
		    s->p->gateway, s->p->verdict, known ? &e : NULL);
	s->p->why = (int)*why;
	return rc;
}

/* ------------------------------------------------------------ money */

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
	    (rc = conclude(cx, s, "held", reason)) != RC_OK)
		return rc;
	return answer(s->p, RC_INVALID, reason);
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
		rc = conclude(cx, s, "applied", late ? "late" : "");
	return rc == RC_OK ? answer(s->p, RC_OK, o->state) : rc;
}

/* The payment is in the books, though no inbox row was the first to say so. */
static enum rc
known_money(struct ctx *cx, struct settling *s, bool of_this_order)
{
	enum rc rc;

	rc = conclude(cx, s, of_this_order ? "repeated" : "held",
	    of_this_order ? "" : "txn_of_another_order");
	if (rc != RC_OK)
		return rc;
	return of_this_order ? answer(s->p, RC_CONFLICT, "repeated")
			     : answer(s->p, RC_DENIED, "txn_of_another_order");
}

static enum rc
money_came(struct ctx *cx, struct settling *s, enum pay_why why)
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

/* ------------------------------------------------------------ one message */

static void
what_came(struct settling *s)
{
	const struct verdict *v = s->p->verdict;

	s->amount = v != NULL ? v->amount : s->order.total;
	s->currency = v != NULL ? v->currency : s->order.currency;
}

static enum rc
not_money(struct ctx *cx, struct settling *s)
{
	enum pay_outcome outcome = s->p->verdict->outcome;
	enum rc rc;

	rc = conclude(cx, s, "ignored", pay_outcome_name(outcome));
	return rc == RC_OK ? answer(s->p, RC_OK, pay_outcome_name(outcome))
			   : rc;
}

static bool
is_paid(const struct paid *p)
{
	return p->verdict == NULL || p->verdict->outcome == PAY_PAID;
}

static enum rc
settle_body(struct ctx *cx, void *arg)
{
	struct settling s = {.p = arg};
	enum pay_why why;
	enum rc rc;

	rc = order_lock(cx, s.p->order_no, &s.order);
	if (rc == RC_NOTFOUND) {
		s.p->why = WHY_ORDER;
		return answer(s.p, RC_DENIED, "order");
	}
	if (rc != RC_OK)
		return rc;
	BUG_ON(order_state_parse(s.order.state, &s.state) != RC_OK);
	what_came(&s);
	rc = compare(cx, &s, &why);
	if (rc != RC_OK)
		return rc;
	if (why != WHY_OK && why != WHY_AMOUNT && why != WHY_CURRENCY)
		return answer(s.p, RC_DENIED, pay_why_name(why));
	fill_notice(cx, &s);
	rc = note(cx, &s);
	if (rc == RC_CONFLICT || rc == RC_DENIED)
		return answer(s.p, rc, s.p->reason);
	if (rc != RC_OK)
		return rc;
	return is_paid(s.p) ? money_came(cx, &s, why) : not_money(cx, &s);
}

/* The body's own answer stands in p; only what the database did to the
 * transaction overrides it. */
static void
settle_one(struct ctx *cx, struct paid *p)
{
	enum rc rc;

	rc = tx_run(cx, settle_body, p);
	/* A unique key, seen by a racing copy: read again, it finds what the
	 * other one wrote. */
	if (rc == RC_CONFLICT)
		rc = tx_run(cx, settle_body, p);
	/* Only the body may say "repeated", because that is acknowledged.  A
	 * unique key that is still in the way is a fault, and unsettled. */
	if (rc != RC_OK)
		p->rc = rc == RC_CONFLICT ? RC_FAIL : rc;
	else if (p->rc == RC_OK && is_paid(p))
		metric_add(METRIC_orders_total, "paid", 1);
}

enum rc
settle_batch(struct ctx *cx, struct paid *paid, size_t n)
{
	size_t i;
	enum rc rc;

	rc = deliver_prepare(cx);
	for (i = 0; i < n; i++) {
		paid[i].rc = rc;
		paid[i].reason = "";
		if (rc == RC_OK)
			settle_one(cx, &paid[i]);
	}
	return rc;
}
