/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settling one message: the order is locked, the message compared with what
 * was opened, noted in the inbox, and what came of it written there.  What
 * its money does is in settle_money.c.  Inbox row, payment, order, cards,
 * ledger, mail and events appear in one transaction or not at all; only the
 * database is called here.
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
#include "shop/recent.h"
#include "shop/refund_int.h"
#include "shop/settle_int.h"
#include "store/tx.h"

enum { DEDUPE_MAX = 160 };

static const char *const source_name[] = {
    [SETTLE_NOTICE] = "notice",
    [SETTLE_QUERY] = "query",
    [SETTLE_STAFF] = "staff",
    [SETTLE_STATEMENT] = "statement",
};

static bool
tells_refund(const struct paid *p)
{
	return p->verdict != NULL &&
	       (p->verdict->outcome == PAY_REFUNDED ||
		   p->verdict->outcome == PAY_PART_REFUNDED);
}

struct span
settle_dedupe(struct ctx *cx, const struct paid *p)
{
	const char *outcome =
	    p->verdict == NULL ? "paid" : pay_outcome_name(p->verdict->outcome);
	const char *id = p->txn;
	uint8_t hash[CRYPT_HASH];

	if (p->verdict != NULL && p->verdict->outcome != PAY_PAID &&
	    !str_empty(p->verdict->event_id))
		id = p->verdict->event_id;
	else if (tells_refund(p)) /* a payment may be paid back in parts */
		id = "";
	if (tells_refund(p) && !str_empty(id))
		id = arena_fmt(cx->arena, "%s/%lld/%lld", id,
		    (long long)p->verdict->refunded.minor,
		    (long long)p->verdict->refund.minor);
	if (str_empty(id)) {
		crypt_sha256(p->body.n != 0 ? p->body : p->query, hash);
		id = hex_text(cx->arena, hash, sizeof(hash));
	}
	return span_str(
	    arena_fmt(cx->arena, "%s:%.*s", outcome, DEDUPE_MAX - 20, id));
}

void
settle_fill_notice(struct ctx *cx, struct settling *s)
{
	const struct paid *p = s->p;

	s->notice = (struct notice_row){
	    .channel = p->channel,
	    .state = "applied",
	    .reason = "",
	    .source = source_name[p->source],
	    .txn = str_empty(p->txn) ? "" : p->txn,
	    .currency = s->currency,
	    .dedupe = settle_dedupe(cx, p),
	    .amount = s->amount,
	    .applied = cx->now,
	};
	crypt_sha256(p->body.n != 0 ? p->body : p->query, s->notice.body_hash);
}

/* RC_CONFLICT: it was dealt with before.  A message that failed halfway last
 * time, or was kept for want of a confirmation, is worked on again. */
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
	/* unconfirmed: the gateway did not say the same when it was asked;
	 * what comes now has been confirmed, or is its answer; by_hand: a
	 * person closed what had failed, and money may come all the same */
	if (str_eq(state, "failed") || str_eq(state, "received") ||
	    (str_eq(state, "held") && str_eq(reason, "unconfirmed")) ||
	    (str_eq(state, "ignored") && str_eq(reason, "by_hand")))
		return RC_OK;
	/* accepted then, so accepted now: a policy may have taken what is
	 * not the price */
	if (str_eq(state, "applied"))
		s->p->why = WHY_OK;
	s->p->reason = str_eq(state, "held") ? "held" : "repeated";
	return RC_CONFLICT;
}

enum rc
settle_conclude(
    struct ctx *cx, struct settling *s, const char *state, const char *reason)
{
	s->notice.state = state;
	s->notice.reason = reason;
	s->notice.order = s->order.id;
	return notice_verdict(cx, &s->notice);
}

static void
what_came(struct settling *s)
{
	const struct verdict *v = s->p->verdict;

	s->amount = v != NULL ? v->amount : s->order.total;
	s->currency = v != NULL ? v->currency : s->order.currency;
}

/* The payment that was opened for this order through this channel: the
 * binding between a gateway's message and an order. */
static bool
choose_payment(struct settling *s, const struct payment_row *rows, size_t n,
    struct pay_expected *e)
{
	size_t i, best = 0;

	if (n == 0)
		return false;
	for (i = 0; i < n; i++) {
		if (s->p->verdict == NULL)
			continue;
		if (!str_empty(s->p->verdict->provider_ref) &&
		    str_eq(rows[i].provider_ref, s->p->verdict->provider_ref))
			best = i;
		/* a refund may name nothing but the money it takes back */
		if (tells_refund(s->p) && !str_empty(s->p->txn) &&
		    str_eq(rows[i].txn, s->p->txn))
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
	return true;
}

enum pay_why
settle_compare(struct settling *s, const struct payment_row *rows, size_t n)
{
	enum pay_why why = WHY_OK;
	struct pay_expected e;
	bool known;

	what_came(s);
	known = choose_payment(s, rows, n, &e);
	if (s->p->verdict != NULL)
		why = verdict_compare(
		    s->p->gateway, s->p->verdict, known ? &e : NULL);
	s->p->why = (int)why;
	return why;
}

static enum rc
compare(struct ctx *cx, struct settling *s, enum pay_why *why)
{
	const struct payment_row *rows;
	size_t n;
	enum rc rc;

	rc = payments_of(cx, s->order.id, s->p->channel, &rows, &n);
	if (rc == RC_OK)
		*why = settle_compare(s, rows, n);
	return rc;
}

static enum rc
not_money(struct ctx *cx, struct settling *s, enum pay_why why)
{
	enum pay_outcome outcome = s->p->verdict->outcome;
	enum rc rc;

	if (tells_refund(s->p))
		return refund_noticed(cx, s, why);
	rc = settle_conclude(cx, s, "ignored", pay_outcome_name(outcome));
	return rc == RC_OK
		   ? settle_answer(s->p, RC_OK, pay_outcome_name(outcome))
		   : rc;
}

static bool
is_paid(const struct paid *p)
{
	return p->verdict == NULL || p->verdict->outcome == PAY_PAID;
}

struct message {
	struct paid *p;
	const struct policy *policy;
};

static enum rc
settle_body(struct ctx *cx, void *arg)
{
	const struct message *m = arg;
	struct settling s = {.p = m->p, .policy = m->policy};
	enum pay_why why;
	enum rc rc;

	rc = order_lock(cx, s.p->order_no, &s.order);
	if (rc == RC_NOTFOUND) {
		s.p->why = WHY_ORDER;
		return settle_answer(s.p, RC_DENIED, "order");
	}
	if (rc != RC_OK)
		return rc;
	BUG_ON(order_state_parse(s.order.state, &s.state) != RC_OK);
	rc = compare(cx, &s, &why);
	if (rc != RC_OK)
		return rc;
	if (why != WHY_OK && why != WHY_AMOUNT && why != WHY_CURRENCY)
		return settle_answer(s.p, RC_DENIED, pay_why_name(why));
	settle_fill_notice(cx, &s);
	rc = note(cx, &s);
	if (rc == RC_CONFLICT || rc == RC_DENIED)
		return settle_answer(s.p, rc, s.p->reason);
	if (rc != RC_OK)
		return rc;
	return is_paid(s.p) ? settle_money(cx, &s, why)
			    : not_money(cx, &s, why);
}

/* What the shop does with money that is not plain: read when some came. */
struct rules {
	struct policy policy;
	bool read;
};

/* The body's own answer stands in p; only what the database did to the
 * transaction overrides it. */
static void
settle_one(struct ctx *cx, struct paid *p, struct rules *rules)
{
	struct message m = {p, &rules->policy};
	enum rc rc = RC_OK;

	if (!rules->read)
		rc = policy_load(cx, &rules->policy);
	rules->read = rc == RC_OK;
	if (rc == RC_OK)
		rc = tx_run(cx, settle_body, &m);
	/* A unique key, seen by a racing copy: read again, it finds what the
	 * other one wrote. */
	if (rc == RC_CONFLICT)
		rc = tx_run(cx, settle_body, &m);
	/* Only the body may say "repeated", because that is acknowledged.  A
	 * unique key that is still in the way is a fault, and unsettled. */
	if (rc != RC_OK)
		p->rc = rc == RC_CONFLICT ? RC_FAIL : rc;
	else if (p->rc == RC_OK && is_paid(p))
		metric_add(METRIC_orders_total, "paid", 1);
}

/* Messages that were judged by a row which a process had kept: the row is
 * read once for all of a channel.  done: not to be settled. */
static enum rc
check_judges(struct ctx *cx, struct paid *paid, size_t n, bool *done)
{
	uint64_t *now = ARENA_ARRAY(cx->arena, n, uint64_t);
	size_t i, j;
	enum rc rc = RC_OK;

	for (i = 0; rc == RC_OK && i < n; i++) {
		paid[i].stale = false;
		if (paid[i].judged_by == 0)
			continue;
		for (j = 0; j < i && (paid[j].judged_by == 0 ||
					 paid[j].channel != paid[i].channel);
		     j++)
			;
		if (j < i)
			now[i] = now[j];
		else
			rc = recent_digest(cx, paid[i].channel, &now[i]);
		done[i] = paid[i].stale = now[i] != paid[i].judged_by;
	}
	return rc;
}

/* Plain payments of the channel of message `from` and of those behind it. */
static void
plain_of_channel(struct ctx *cx, struct paid *paid, size_t n, size_t from,
    bool *tried, bool *done)
{
	struct paid **p = ARENA_ARRAY(cx->arena, n, struct paid *);
	bool *ok = ARENA_ARRAY(cx->arena, n, bool);
	size_t i, m = 0;

	for (i = from; i < n; i++) {
		if (paid[i].channel != paid[from].channel || paid[i].stale)
			continue;
		p[m++] = &paid[i];
		tried[i] = true;
	}
	if (m < 2)
		return;
	settle_plain(cx, p, m, ok);
	for (i = 0; i < m; i++)
		done[p[i] - paid] = ok[i];
}

enum rc
settle_batch(struct ctx *cx, struct paid *paid, size_t n)
{
	bool *tried = ARENA_ARRAY(cx->arena, n, bool);
	bool *done = ARENA_ARRAY(cx->arena, n, bool);
	struct rules rules = {.read = false};
	size_t i;
	enum rc rc;

	if ((rc = check_judges(cx, paid, n, done)) == RC_OK)
		rc = deliver_prepare(cx);
	for (i = 0; i < n; i++) {
		paid[i].rc = rc;
		paid[i].reason = "";
	}
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < n; i++) {
		if (paid[i].stale) {
			paid[i].rc = RC_BUSY;
			continue;
		}
		if (!tried[i])
			plain_of_channel(cx, paid, n, i, tried, done);
		if (done[i])
			metric_add(METRIC_orders_total, "paid", 1);
		else
			settle_one(cx, &paid[i], &rules);
	}
	return RC_OK;
}
