/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking back.  Every gateway loses notices; the answer to a query is a
 * verdict like a notice's and goes the same way through settle_batch().
 */
#include "shop/ask.h"

#include "base/log.h"
#include "base/metric.h"
#include "pay/verdict.h"
#include "shop/channel_keys.h"
#include "shop/policy.h"
#include "shop/settle.h"
#include "store/order.h"

static enum rc
settle_answer(struct ctx *cx, const struct channel *c, const char *order_no,
    const struct verdict *v)
{
	struct paid p = {
	    .source = SETTLE_QUERY,
	    .channel = c->id,
	    .order_no = order_no,
	    .gateway = c->gw,
	    .verdict = v,
	    .txn = v->txn,
	    .method = "QUERY",
	    .body = v->signed_text,
	};

	cx->actor = ACTOR_GATEWAY;
	if (settle_batch(cx, &p, 1) != RC_OK)
		return RC_BUSY;
	metric_add(METRIC_notices_total,
	    arena_fmt(cx->arena, "%s,query_%s", c->name, rc_name(p.rc)), 1);
	switch (p.rc) {
	case RC_OK:
	case RC_CONFLICT:
		return RC_OK;
	case RC_INVALID:
	case RC_DENIED:
		return RC_CONFLICT;
	default:
		return RC_BUSY;
	}
}

/* The payment that the message is about, as it was opened; RC_NOTFOUND:
 * nothing that a message could settle. */
static enum rc
find_opened(struct ctx *cx, const struct channel *c, const char *order_no,
    const struct verdict *v, struct pay_expected *e)
{
	const struct payment_row *rows;
	struct order_full o;
	size_t n, i, best = 0;
	enum rc rc;

	if ((rc = order_by_no(cx, order_no, &o)) != RC_OK ||
	    (rc = payments_of(cx, o.id, c->id, &rows, &n)) != RC_OK)
		return rc;
	if (n == 0)
		return RC_NOTFOUND;
	for (i = 0; i < n; i++) {
		if (!str_empty(v->provider_ref) &&
		    str_eq(rows[i].provider_ref, v->provider_ref))
			best = i;
	}
	*e = (struct pay_expected){
	    .order_no = order_no,
	    .amount = rows[best].amount,
	    .currency = rows[best].currency,
	    .provider_ref = rows[best].provider_ref,
	    .txn = "",
	};
	return RC_OK;
}

/* The gateway's answer is the same money for the same order. */
static bool
same_money(const struct channel *c, const struct verdict *v,
    const struct verdict *q, const struct pay_expected *e)
{
	enum pay_why why = verdict_compare(c->gw, q, e);

	if (q->outcome != PAY_PAID || (why != WHY_OK && why != WHY_AMOUNT))
		return false;
	if (!str_empty(q->txn) && !str_empty(v->txn) && !str_eq(q->txn, v->txn))
		return false;
	return money_cmp(q->amount, v->amount) == 0;
}

static enum ask_said
ask_about(struct ctx *cx, const struct channel *c, const struct verdict *v,
    const struct pay_expected *e)
{
	/* by our number, not by the message's id: that may be another's */
	const struct pay_ref ref = {
	    .order_no = e->order_no,
	    .provider_ref = e->provider_ref,
	    .txn = "",
	    .amount = e->amount,
	    .currency = e->currency,
	};
	struct verdict q;
	enum rc rc;

	rc = gateway_query(c->gw, cx, c->account, &ref, &q);
	if (rc == RC_NOTFOUND)
		return ASK_DENIED;
	if (rc != RC_OK || q.outcome == PAY_LATER || q.outcome == PAY_REJECT)
		return ASK_UNCLEAR;
	return same_money(c, v, &q, e) ? ASK_CONFIRMED : ASK_DENIED;
}

enum rc
ask_confirm(struct ctx *cx, const struct channel *c, const char *order_no,
    const struct verdict *v, enum ask_said *said)
{
	const struct money from = policy_ask_back(c->ask_back);
	struct payment_row known;
	struct pay_expected e;
	enum pay_why why;
	enum rc rc;

	*said = ASK_NOT_NEEDED;
	if (v->outcome != PAY_PAID || !v->has_amount || c->account == NULL ||
	    !(c->gw->can & PAY_CAN_QUERY) || (c->gw->can & PAY_NOTICE_CALLS))
		return RC_OK;
	if (from.minor == 0 || money_cmp(v->amount, from) < 0)
		return RC_OK;
	rc = payment_by_txn(cx, c->id, v->txn, &known);
	if (rc != RC_NOTFOUND) /* a repeat */
		return rc;
	rc = find_opened(cx, c, order_no, v, &e);
	if (rc != RC_OK)
		return rc == RC_NOTFOUND ? RC_OK : rc;
	why = verdict_compare(c->gw, v, &e);
	if (why != WHY_OK && why != WHY_AMOUNT)
		return RC_OK;
	*said = ask_about(cx, c, v, &e);
	return RC_OK;
}

static struct pay_ref
ref_of(const char *order_no, const struct payment_row *p)
{
	return (struct pay_ref){
	    .order_no = order_no,
	    .provider_ref = p->provider_ref,
	    .txn = p->txn == NULL ? "" : p->txn,
	    .amount = p->amount,
	    .currency = p->currency,
	};
}

enum rc
ask_gateway(struct ctx *cx, const char *order_no, const struct payment_row *p)
{
	const struct pay_ref ref = ref_of(order_no, p);
	struct channel c;
	struct verdict v;
	enum rc rc;

	rc = channel_load_id(cx, p->channel, &c);
	if (rc != RC_OK)
		return rc;
	if (c.account == NULL || !(c.gw->can & PAY_CAN_QUERY))
		return RC_INVALID;
	rc = gateway_query(c.gw, cx, c.account, &ref, &v);
	if (rc == RC_FAIL) /* or signed by a key that is new to us */
		channel_keys_missed(cx, &c);
	if (rc != RC_OK)
		return rc;
	if (v.outcome == PAY_LATER)
		return RC_BUSY;
	if (v.outcome == PAY_REJECT) {
		log_event(LOG_WARN, "query_rejected", LF_STR("channel", c.name),
		    LF_STR("order", order_no),
		    LF_STR("why", pay_why_name(v.why)));
		return RC_FAIL;
	}
	if (v.outcome != PAY_PAID)
		return RC_NOTFOUND;
	return settle_answer(cx, &c, order_no, &v);
}

enum rc
ask_close(struct ctx *cx, const char *order_no, const struct payment_row *p)
{
	const struct pay_ref ref = ref_of(order_no, p);
	struct channel c;
	enum rc rc;

	rc = channel_load_id(cx, p->channel, &c);
	if (rc != RC_OK)
		return rc;
	if (c.account == NULL || !(c.gw->can & PAY_CAN_CLOSE))
		return RC_INVALID;
	rc = gateway_close(c.gw, cx, c.account, &ref);
	if (rc != RC_CONFLICT)
		return rc;
	/* paid in this very moment: that is for the gateway to say */
	rc = ask_gateway(cx, order_no, p);
	return rc == RC_OK ? RC_CONFLICT : rc;
}
