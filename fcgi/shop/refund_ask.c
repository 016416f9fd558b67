/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Refunds and their gateways.  The turn to ask is taken by a committed row
 * before the call, so a process that dies in the middle leaves `sent', never
 * `open': what may have been asked is looked for before it is asked again.
 *
 * Asked again how: by the gateway's own query of refunds where it has one;
 * the same call with the same number where the query says that there is no
 * such refund, or where a repeat moves nothing; else by the state of the
 * payment, which can only prove that all of it went back.  What stays unclear
 * after that waits for a person.
 */
#include "shop/refund.h"

#include "base/bug.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "shop/channel.h"
#include "shop/refund_int.h"
#include "store/tx.h"

enum { ASK_BATCH = 10 };

/* 1 min, 2, 5, 15, 1 h, then every 6 h for two weeks. */
static const int wait_s[] = {60, 120, 300, 900, 3600, 21600};
enum { WAITS = sizeof(wait_s) / sizeof(wait_s[0]), ASK_MOST = WAITS + 56 };

static int64_t
ask_again_at(const struct ctx *cx, unsigned asked_n)
{
	unsigned step = asked_n < WAITS ? asked_n : WAITS - 1;

	return asked_n >= ASK_MOST ? 0 : cx->now + wait_s[step] * US_PER_S;
}

/* ------------------------------------------------------------ asking */

static struct pay_refund
describe(struct ctx *cx, const struct refund_row *r, const struct channel *c)
{
	return (struct pay_refund){
	    .of =
		{
		    .order_no = r->order_no,
		    .provider_ref = r->payment_ref,
		    .txn = r->txn,
		    .amount = r->paid,
		    .currency = r->currency,
		},
	    .refund_no = r->no,
	    .amount = r->amount,
	    .reason = r->staff != 0 ? r->reason : "",
	    .notify_url = channel_notify_url(cx, c->name, r->order_no),
	};
}

/* All of the payment went back: then this did.  Anything else proves
 * nothing, and asking again would be a second refund. */
static void
prove_by_payment(struct ctx *cx, const struct channel *c,
    const struct pay_refund *rf, bool last, struct pay_refunded *out)
{
	struct verdict v;

	if (last && (c->gw->can & PAY_CAN_QUERY) != 0 &&
	    gateway_query(c->gw, cx, c->account, &rf->of, &v) == RC_OK &&
	    v.outcome == PAY_REFUNDED)
		out->state = REFUND_DONE;
}

/* last: with this one all of the payment is back. */
static enum rc
ask_again(struct ctx *cx, const struct channel *c, const struct pay_refund *rf,
    bool last, struct pay_refunded *out)
{
	const unsigned can = c->gw->can;
	enum rc rc = RC_OK;

	if ((can & PAY_CAN_REFUND_QUERY) != 0) {
		rc = gateway_refund_query(c->gw, cx, c->account, rf, out);
		if (rc != RC_OK || (out->state != REFUND_UNCLEAR &&
				       out->state != REFUND_ABSENT))
			return rc;
		if (out->state == REFUND_ABSENT ||
		    (can & PAY_REFUND_IDEMPOTENT) != 0)
			return gateway_refund(c->gw, cx, c->account, rf, out);
	} else if ((can & PAY_REFUND_IDEMPOTENT) != 0) {
		return gateway_refund(c->gw, cx, c->account, rf, out);
	}
	prove_by_payment(cx, c, rf, last, out);
	return rc;
}

static enum rc
is_last(struct ctx *cx, const struct refund_row *r, bool *last)
{
	const struct refund_payment *list, *p;
	size_t n;
	enum rc rc;

	rc = refund_payments(cx, r->order, &list, &n);
	if (rc != RC_OK)
		return rc;
	p = refund_payment_of(list, n, r->payment);
	*last = p != NULL && refund_left(p).minor == 0;
	return RC_OK;
}

static enum rc
converse(struct ctx *cx, const struct refund_row *r, struct pay_refunded *out)
{
	struct pay_refund rf;
	struct channel c;
	bool last;
	enum rc rc;

	*out = (struct pay_refunded){
	    .state = REFUND_UNCLEAR, .refund_id = "", .said = ""};
	rc = channel_load_id(cx, r->channel, &c);
	if (rc == RC_OK)
		rc = is_last(cx, r, &last);
	if (rc != RC_OK)
		return rc;
	if (c.account == NULL)
		return RC_INVALID; /* its keys are gone */
	rf = describe(cx, r, &c);
	rc = str_eq(r->state, "open")
		 ? gateway_refund(c.gw, cx, c.account, &rf, out)
		 : ask_again(cx, &c, &rf, last, out);
	log_event(out->state == REFUND_DONE ? LOG_INFO : LOG_WARN, "refund",
	    LF_STR("refund", r->no), LF_STR("channel", c.name),
	    LF_INT("state", (int)out->state), LF_STR("rc", rc_name(rc)),
	    LF_STR("said", out->said));
	return rc;
}

/* ------------------------------------------------------------ writing */

struct outcome {
	const char *no;
	bool first; /* nobody had asked before */
	enum rc rc; /* of the conversation */
	struct pay_refunded said;
	enum refund_is became;
};

/* Still not over: what the row says meanwhile. */
static enum rc
not_over(struct ctx *cx, struct refund_row *r, struct outcome *o)
{
	const char *from = r->state;

	if (o->rc == RC_OK && o->said.state == REFUND_PENDING)
		o->became = REFUND_IS_SENT;
	else if (o->first && o->rc == RC_OK && o->said.state == REFUND_UNSENT)
		o->became = REFUND_IS_OPEN; /* as if nobody had tried */
	else
		o->became = REFUND_IS_UNCLEAR;
	r->state = refund_is_name(o->became);
	r->answer = o->rc == RC_INVALID ? "channel" : o->said.said;
	if (o->said.refund_id[0] != '\0')
		r->provider_ref = o->said.refund_id;
	r->next_ask = ask_again_at(cx, r->asked_n);
	return refund_row_move(cx, r, from);
}

static enum rc
write_body(struct ctx *cx, void *arg)
{
	struct outcome *o = arg;
	struct order_story story;
	struct refund_row r;
	struct order_row row;
	enum rc rc;

	o->became = REFUND_IS__N;
	if ((rc = refund_row_get(cx, o->no, &r)) != RC_OK ||
	    (rc = order_lock(cx, r.order_no, &row)) != RC_OK ||
	    (rc = refund_row_get(cx, o->no, &r)) != RC_OK)
		return rc;
	if (!str_eq(r.state, "sent") && !str_eq(r.state, "unclear"))
		return RC_OK; /* a notice or a person was faster */
	story_begin(&story, &row);
	if (o->rc == RC_OK && o->said.state == REFUND_DONE) {
		o->became = REFUND_IS_DONE;
		r.answer = o->said.said;
		if (o->said.refund_id[0] != '\0')
			r.provider_ref = o->said.refund_id;
		rc = refund_done(cx, &story, &r);
	} else if (o->rc == RC_OK && o->said.state == REFUND_REFUSED) {
		o->became = REFUND_IS_FAILED;
		rc = refund_off(cx, &story, &r, o->became, o->said.said);
	} else {
		return not_over(cx, &r, o);
	}
	if (rc == RC_INVALID) { /* more than was paid: a person has to look */
		o->said.said = "exceeds";
		o->said.state = REFUND_UNCLEAR;
		rc = not_over(cx, &r, o);
		return rc;
	}
	return rc == RC_OK ? story_write(cx, &story) : rc;
}

enum rc
refund_ask(struct ctx *cx, const char *no)
{
	struct outcome o = {.no = no};
	enum actor_kind asker;
	struct refund_row r;
	enum rc rc;

	BUG_ON(cx->tx_depth != 0);
	rc = refund_row_get(cx, no, &r);
	if (rc != RC_OK)
		return rc;
	if (str_eq(r.how, "manual"))
		return RC_CONFLICT;
	rc = refund_turn(cx, r.id, r.asked_n, ask_again_at(cx, r.asked_n));
	if (rc != RC_OK)
		return rc;
	asker = cx->actor;
	cx->actor = ACTOR_GATEWAY; /* whose word is written now */
	o.first = str_eq(r.state, "open");
	o.rc = converse(cx, &r, &o.said);
	if (o.rc == RC_INVALID && o.first) {
		o.rc = RC_OK; /* it was not even sent */
		o.said.state = REFUND_REFUSED;
		o.said.said = "channel";
	}
	rc = tx_run(cx, write_body, &o);
	cx->actor = asker;
	if (rc == RC_OK && o.became != REFUND_IS__N)
		refund_counted(o.became);
	return rc == RC_OK ? RC_OK : RC_BUSY;
}

enum rc
jobs_refund(struct ctx *cx, unsigned *did)
{
	const char *const *list;
	size_t n, i;
	enum rc rc;

	*did = 0;
	rc = refunds_to_ask(cx, ASK_BATCH, &list, &n);
	for (i = 0; rc == RC_OK && i < n; i++) {
		rc = refund_ask(cx, list[i]);
		if (rc == RC_CONFLICT)
			rc = RC_OK; /* another machine has it */
		else
			(*did)++;
	}
	return rc;
}
