/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking back.  Every gateway loses notices; the answer to a query is a
 * verdict like a notice's and goes the same way through settle_batch().
 */
#include "shop/ask.h"

#include "base/log.h"
#include "base/metric.h"
#include "pay/verdict.h"
#include "shop/channel.h"
#include "shop/settle.h"

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

enum rc
ask_gateway(struct ctx *cx, const char *order_no, const struct payment_row *p)
{
	const struct pay_ref ref = {
	    .order_no = order_no,
	    .provider_ref = p->provider_ref,
	    .txn = p->txn == NULL ? "" : p->txn,
	    .amount = p->amount,
	    .currency = p->currency,
	};
	struct channel c;
	struct verdict v;
	enum rc rc;

	rc = channel_load_id(cx, p->channel, &c);
	if (rc != RC_OK)
		return rc;
	if (c.account == NULL || !(c.gw->can & PAY_CAN_QUERY))
		return RC_INVALID;
	rc = gateway_query(c.gw, cx, c.account, &ref, &v);
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
