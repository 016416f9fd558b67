/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PayPal Orders v2: the buyer approves on PayPal's page, then we capture, and
 * only a completed capture is money.  An order that nobody captures lapses
 * after some hours; there is no call to close one.
 */
#include "pay/paypal.h"

#include <string.h>

#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/url.h"
#include "base/utf8.h"
#include "pay/fields.h"
#include "pay/verdict.h"

enum { DESCRIPTION = 120, LINK_SECONDS = 2 * 3600 };

/* clang-format off */
static const struct gateway_field fields[] = {
	{"environment", FIELD_CHOICE, true, 0, 0, "live|sandbox", "live",
	    "Which of the two worlds the credentials belong to"},
	{"client_id", FIELD_TEXT, true, 8, PAY_KEY, NULL, NULL,
	    "Client ID of the REST app"},
	{"client_secret", FIELD_SECRET, true, PAY_KEY_MIN, PAY_KEY, NULL, NULL,
	    "Secret of the REST app"},
	{"webhook_id", FIELD_TEXT, true, 1, PAY_WORD, NULL, NULL,
	    "ID of the webhook that points here"},
	{"merchant_id", FIELD_TEXT, true, 1, PAY_WORD, NULL, NULL,
	    "Merchant ID of the account that gets the money"},
	{"brand_name", FIELD_TEXT, false, 1, PAY_WORD, NULL, NULL,
	    "Name on PayPal's page"},
	{"verify", FIELD_CHOICE, true, 0, 0, "offline|postback", "offline",
	    "offline: by PayPal's certificate; postback: PayPal is asked"},
	{"trust_root", FIELD_PEM, false, PAY_WORD, PAY_PEM, NULL, NULL,
	    "Roots for that certificate instead of the system's"},
	{"base_url", FIELD_URL, false, 8, PAY_URL, NULL, NULL,
	    "Address of the API instead of PayPal's own"},
	{"allow_http", FIELD_BOOL, true, 0, 0, NULL, "no",
	    "Plain HTTP to a gateway of your own"},
};
/* clang-format on */

static const struct paypal *
paypal_of(const struct pay_account *ac)
{
	return (const struct paypal *)(const void *)ac;
}

/* ---- account */

static void
free_cache(void *arg)
{
	struct paypal_cache *c = arg;

	arena_free(c->arena);
	arena_free(c->cert_arena);
}

static struct paypal_cache *
new_cache(struct arena *keep)
{
	struct paypal_cache *c = ARENA_NEW(keep, struct paypal_cache);

	c->arena = arena_new(LIM_QUERY, LIM_BODY_FORM);
	c->cert_arena = arena_new(LIM_BODY_FORM, LIM_RESPONSE);
	arena_defer(keep, free_cache, c);
	return c;
}

static void
environment(struct paypal *pp, const struct gateway_config *v)
{
	bool live = fields_is(v, "environment", "live");

	pp->base_url = fields_get(v, "base_url");
	if (str_empty(pp->base_url))
		pp->base_url = live ? "https://api-m.paypal.com/"
				    : "https://api-m.sandbox.paypal.com/";
	pp->cert_url =
	    live ? "https://api.paypal.com/v1/notifications/certs/"
		 : "https://api.sandbox.paypal.com/v1/notifications/certs/";
	pp->cert_name = live ? "messageverificationcerts.paypal.com"
			     : "messageverificationcerts.sandbox.paypal.com";
}

static enum rc
paypal_account(struct arena *keep, const struct gateway_config *v,
    const struct pay_account **out, struct gateway_error *why)
{
	struct paypal *pp = ARENA_NEW(keep, struct paypal);
	const char *pair = arena_fmt(keep, "%s:%s", fields_get(v, "client_id"),
	    fields_get(v, "client_secret"));
	const char *roots = fields_get(v, "trust_root");

	environment(pp, v);
	pp->basic = arena_fmt(keep, "Authorization: Basic %s",
	    b64_text(keep, pair, strlen(pair)));
	pp->webhook_id = fields_get(v, "webhook_id");
	pp->merchant_id = fields_get(v, "merchant_id");
	pp->brand = fields_get(v, "brand_name");
	pp->postback = fields_is(v, "verify", "postback");
	*why = (struct gateway_error){"base_url", "not_https"};
	if (!url_allowed(pp->base_url, fields_yes(v, "allow_http")))
		return RC_INVALID;
	*why = (struct gateway_error){"trust_root", "bad_key"};
	if (!str_empty(roots) && certs_read(keep, span_str(roots), &pp->roots,
				     &pp->n_roots) != RC_OK)
		return RC_INVALID;
	pp->cache = new_cache(keep);
	*out = (const struct pay_account *)(const void *)pp;
	return RC_OK;
}

/* ---- opening */

/* At most 120 bytes on the border of a character. */
static const char *
description_of(struct arena *a, const char *s)
{
	struct span rest = span_str(s), before = rest;

	if (!utf8_valid(rest))
		return "-";
	while (utf8_next(&rest) >= 0 && (size_t)(rest.p - s) <= DESCRIPTION)
		before = rest;
	return before.p == s ? "-" : arena_dup(a, s, (size_t)(before.p - s));
}

static struct span
order_body(struct ctx *cx, const struct paypal *pp, const struct pay_order *o)
{
	const char *cancel =
	    str_empty(o->cancel_url) ? o->return_url : o->cancel_url;
	struct buf b;

	buf_init(&b, cx->arena, LIM_PATH, LIM_QUERY);
	buf_str(&b, "{\"intent\":\"CAPTURE\",\"purchase_units\":[{");
	ask_put(&b, "custom_id", o->order_no);
	ask_put(&b, "invoice_id", o->order_no);
	ask_put(&b, "description", description_of(cx->arena, o->subject));
	buf_str(&b, ",\"amount\":{");
	ask_put(&b, "currency_code", o->currency);
	ask_put(&b, "value", paypal_value(cx, o->amount, o->currency));
	buf_str(&b, "}}],\"payment_source\":{\"paypal\":"
		    "{\"experience_context\":{");
	ask_put(&b, "return_url", o->return_url);
	ask_put(&b, "cancel_url", cancel);
	ask_put(&b, "user_action", "PAY_NOW");
	ask_put(&b, "shipping_preference", "NO_SHIPPING");
	ask_put(&b, "payment_method_preference", "IMMEDIATE_PAYMENT_REQUIRED");
	if (!str_empty(pp->brand))
		ask_put(&b, "brand_name", pp->brand);
	buf_str(&b, "}}}}");
	return b.bad ? SPAN_LIT("") : (struct span){b.p, b.len};
}

static const char *
payer_link(struct ctx *cx, const struct json *j)
{
	const struct json *links = json_at(j, "links"), *one;
	size_t i;

	for (i = 0; links != NULL && i < json_count(links); i++) {
		one = json_at(links, arena_fmt(cx->arena, "%zu", i));
		if (str_eq(json_text(one, "rel"), "payer-action") ||
		    str_eq(json_text(one, "rel"), "approve"))
			return json_text(one, "href");
	}
	return NULL;
}

static enum rc
show(struct ctx *cx, const struct json *j, struct pay_opened *out)
{
	const char *url = payer_link(cx, j), *id = json_text(j, "id");

	if (url == NULL || !url_is_http(url) || strlen(url) > LIM_QUERY ||
	    id == NULL || !str_is_token(id, "-_", LIM_TXN))
		return RC_FAIL;
	out->show = PAY_LINK;
	out->url = url;
	out->provider_ref = id;
	out->expires_us = cx->now + LINK_SECONDS * US_PER_S;
	return RC_OK;
}

static enum rc
paypal_open(struct ctx *cx, const struct pay_account *ac,
    const struct pay_order *o, struct pay_opened *out)
{
	const struct paypal *pp = paypal_of(ac);
	struct span body = order_body(cx, pp, o);
	struct asked answer;
	enum rc rc;

	if (body.n == 0)
		return RC_INVALID;
	/* the invoice id is unique at PayPal, so a second try of the same
	 * order under the same request id gets the first one back */
	rc = paypal_call(cx, pp, "POST", "v2/checkout/orders", body,
	    arena_fmt(cx->arena, "open-%s", o->order_no), &answer);
	if (rc != RC_OK)
		return rc;
	out->said = ask_said(cx, answer.json, "details.0.description");
	return ask_good(answer.http.status) ? show(cx, answer.json, out)
					    : RC_FAIL;
}

/* ---- query and refund */

static enum rc
paypal_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_ref *ref, struct verdict *v)
{
	/* channel tests ask for nobody, to see whether the key is taken */
	const char *id = str_empty(ref->provider_ref) ? "0NOSUCHORDER00000"
						      : ref->provider_ref;
	enum rc rc = paypal_order(cx, paypal_of(ac), id, "", v);

	if (rc == RC_OK && !str_eq(v->order_no, ref->order_no))
		rc = RC_FAIL;
	if (rc != RC_OK)
		verdict_init(v);
	return rc;
}

static void
refund_state(struct ctx *cx, const struct json *j, struct pay_refunded *out)
{
	const char *status = json_text(j, "status"), *id = json_text(j, "id");

	if (id != NULL && str_is_token(id, "-_", LIM_TXN))
		out->refund_id = arena_str(cx->arena, id);
	if (str_eq(status, "COMPLETED"))
		out->state = REFUND_DONE;
	else if (str_eq(status, "PENDING"))
		out->state = REFUND_PENDING;
	else if (str_eq(status, "FAILED") || str_eq(status, "CANCELLED"))
		out->state = REFUND_REFUSED;
}

static enum rc
paypal_refund(struct ctx *cx, const struct pay_account *ac,
    const struct pay_refund *rf, struct pay_refunded *out)
{
	struct asked answer;
	struct buf b;
	enum rc rc;

	buf_init(&b, cx->arena, LIM_PATH, LIM_QUERY);
	buf_str(&b, "{\"amount\":{");
	ask_put(&b, "value", paypal_value(cx, rf->amount, rf->of.currency));
	ask_put(&b, "currency_code", rf->of.currency);
	buf_chr(&b, '}');
	ask_put(&b, "invoice_id", rf->refund_no);
	buf_chr(&b, '}');
	rc = paypal_call(cx, paypal_of(ac), "POST",
	    arena_fmt(cx->arena, "v2/payments/captures/%s/refund",
		url_encoded(cx->arena, rf->of.txn)),
	    (struct span){b.p, b.len},
	    arena_fmt(cx->arena, "refund-%s", rf->refund_no), &answer);
	if (rc == RC_DENIED)
		out->state = REFUND_REFUSED; /* never left the house */
	if (rc != RC_OK)
		return RC_OK;
	out->said = ask_said(cx, answer.json, "details.0.description");
	if (ask_good(answer.http.status))
		refund_state(cx, answer.json, out);
	else if (!ask_unclear(answer.http.status) && answer.json != NULL)
		out->state = REFUND_REFUSED;
	return RC_OK;
}

/* A refund has its own invoice id: ours. */
static enum rc
paypal_refund_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_refund *rf, struct pay_refunded *out)
{
	const struct json *list, *one;
	struct asked answer;
	size_t i;

	if (str_empty(rf->of.provider_ref) ||
	    paypal_call(cx, paypal_of(ac), "GET",
		arena_fmt(cx->arena, "v2/checkout/orders/%s",
		    url_encoded(cx->arena, rf->of.provider_ref)),
		SPAN_LIT(""), NULL, &answer) != RC_OK ||
	    !ask_good(answer.http.status))
		return RC_OK;
	list = json_at(answer.json, "purchase_units.0.payments.refunds");
	for (i = 0; list != NULL && i < json_count(list); i++) {
		one = json_at(list, arena_fmt(cx->arena, "%zu", i));
		if (str_eq(json_text(one, "invoice_id"), rf->refund_no))
			refund_state(cx, one, out);
	}
	return RC_OK;
}

/* clang-format off */
const struct gateway gateway_paypal = {
	.name = "paypal",
	.title = "PayPal",
	.can = PAY_CAN_QUERY | PAY_CAN_REFUND | PAY_CAN_REFUND_QUERY |
	       PAY_REFUND_IDEMPOTENT | PAY_OPEN_CALLS | PAY_REF_BINDS |
	       PAY_NOTICE_CALLS,
	/* where PayPal's decimals are ISO's: not HUF, TWD */
	.currencies = "USD,EUR,GBP,AUD,CAD,NZD,HKD,SGD,JPY,CHF,SEK,NOK,DKK,"
	    "PLN,CZK,MXN,BRL,ILS,MYR,PHP,THB,CNY",
	.fields = fields,
	.n_fields = sizeof(fields) / sizeof(fields[0]),
	.reply = {
		[ANSWER_ACCEPT] = {PAY_HTTP_OK, "text/plain", "ok"},
		[ANSWER_REJECT] = {PAY_HTTP_REFUSED, "text/plain", "no"},
		[ANSWER_LATER] = {PAY_HTTP_LATER, "text/plain", "later"},
	},
	.account = paypal_account,
	.open = paypal_open,
	.notice = paypal_notice,
	.query = paypal_query,
	.refund = paypal_refund,
	.refund_query = paypal_refund_query,
};
/* clang-format on */
