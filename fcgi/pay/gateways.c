/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of gateways and the guards that all of them share.  A new
 * gateway is one file and one line here.
 */
#include "pay/gateway.h"

#include <string.h>

#include "base/bug.h"
#include "base/limits.h"
#include "io/httpc.h"
#include "pay/fields.h"
#include "pay/verdict.h"

#include "pay/alipay.h"
#include "pay/epay.h"
#include "pay/epay2.h"
#include "pay/epusdt.h"
#include "pay/paypal.h"
#include "pay/stripe.h"
#include "pay/wechatpay.h"

static const struct gateway *const table[] = {
    &gateway_epay,
    &gateway_epay2,
    &gateway_alipay,
    &gateway_wechatpay,
    &gateway_stripe,
    &gateway_paypal,
    &gateway_epusdt,
};

enum { N_GATEWAYS = sizeof(table) / sizeof(table[0]) };

const struct gateway *
gateway_at(size_t i)
{
	return i < N_GATEWAYS ? table[i] : NULL;
}

const struct gateway *
gateway_find(const char *name)
{
	size_t i;

	for (i = 0; i < N_GATEWAYS; i++)
		if (str_eq(table[i]->name, name))
			return table[i];
	return NULL;
}

enum rc
gateway_account(const struct gateway *g, struct arena *keep,
    const struct gateway_config *v, const struct pay_account **out,
    struct gateway_error *why)
{
	struct gateway_config checked;
	enum rc rc;

	if ((rc = fields_check(keep, g, v, &checked, why)) != RC_OK)
		return rc;
	return g->account(keep, &checked, out, why);
}

static bool
currency_taken(const struct gateway *g, const char *currency)
{
	struct span rest = span_str(g->currencies), one;

	if (g->currencies == NULL)
		return true;
	while (span_cut(&rest, ',', &one))
		if (span_is(one, currency))
			return true;
	return false;
}

enum rc
gateway_open(const struct gateway *g, struct ctx *cx,
    const struct pay_account *ac, const struct pay_order *o,
    struct pay_opened *out)
{
	BUG_ON(cx->tx_depth != 0);
	memset(out, 0, sizeof(*out));
	out->url = out->qr = out->provider_ref = out->said = "";
	/* An amount of 0 is no payment; one USDT gateway even takes it for
	 * "any amount will do". */
	if (o->amount.minor <= 0 || !currency_taken(g, o->currency) ||
	    !str_is_token(o->order_no, "-_", PAY_ORDER_NO))
		return RC_INVALID;
	return g->open(cx, ac, o, out);
}

void
gateway_notice(const struct gateway *g, struct ctx *cx,
    const struct pay_account *ac, const struct pay_request *rq,
    struct verdict *v)
{
	BUG_ON(cx->tx_depth != 0);
	verdict_init(v);
	if (ac == NULL)
		verdict_reject(v, WHY_OFF);
	else if (!str_eq(rq->method, "GET") && !str_eq(rq->method, "POST"))
		verdict_reject(v, WHY_METHOD);
	else if (rq->query.n > LIM_QUERY || rq->body.n > LIM_BODY_NOTICE)
		verdict_reject(v, WHY_SYNTAX);
	else
		g->notice(cx, ac, rq, v);
	/* an adapter that says "genuine" without a good signature is a bug */
	BUG_ON(!v->signature_valid && v->outcome != PAY_REJECT &&
	       v->outcome != PAY_LATER);
}

const struct pay_reply *
gateway_reply(const struct gateway *g, enum pay_answer answer)
{
	return &g->reply[answer];
}

enum rc
gateway_query(const struct gateway *g, struct ctx *cx,
    const struct pay_account *ac, const struct pay_ref *ref, struct verdict *v)
{
	BUG_ON(cx->tx_depth != 0);
	verdict_init(v);
	if (!(g->can & PAY_CAN_QUERY))
		return RC_INVALID;
	return g->query(cx, ac, ref, v);
}

static void
refunded_init(struct pay_refunded *out)
{
	out->state = REFUND_UNCLEAR;
	out->refund_id = out->said = "";
}

enum rc
gateway_refund(const struct gateway *g, struct ctx *cx,
    const struct pay_account *ac, const struct pay_refund *rf,
    struct pay_refunded *out)
{
	uint64_t tried;
	enum rc rc;

	BUG_ON(cx->tx_depth != 0);
	refunded_init(out);
	if (!(g->can & PAY_CAN_REFUND) || rf->amount.minor <= 0 ||
	    money_cmp(rf->amount, rf->of.amount) > 0)
		return RC_INVALID;
	tried = http_tried();
	rc = g->refund(cx, ac, rf, out);
	if (out->state == REFUND_UNCLEAR && http_tried() == tried)
		out->state = REFUND_UNSENT;
	return rc;
}

enum rc
gateway_refund_query(const struct gateway *g, struct ctx *cx,
    const struct pay_account *ac, const struct pay_refund *rf,
    struct pay_refunded *out)
{
	BUG_ON(cx->tx_depth != 0);
	refunded_init(out);
	if (!(g->can & PAY_CAN_REFUND_QUERY))
		return RC_INVALID;
	return g->refund_query(cx, ac, rf, out);
}

enum rc
gateway_close(const struct gateway *g, struct ctx *cx,
    const struct pay_account *ac, const struct pay_ref *ref)
{
	BUG_ON(cx->tx_depth != 0);
	if (!(g->can & PAY_CAN_CLOSE))
		return RC_INVALID;
	return g->close(cx, ac, ref);
}

enum rc
gateway_keys(const struct gateway *g, struct ctx *cx,
    const struct pay_account *ac, struct pay_keys *out)
{
	BUG_ON(cx->tx_depth != 0);
	*out = (struct pay_keys){0};
	return g->keys == NULL ? RC_INVALID : g->keys(cx, ac, out);
}

enum rc
gateway_with_keys(const struct gateway *g, struct arena *keep,
    const struct pay_account *ac, const char *text,
    const struct pay_account **out)
{
	return g->with_keys == NULL ? RC_INVALID
				    : g->with_keys(keep, ac, text, out);
}
