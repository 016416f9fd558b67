/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stripe Checkout.  The buyer pays on Stripe's page; the webhook says so.
 *
 * What is easy to get wrong: client_reference_id is text of the sender's, so
 * only the session id that was saved at opening binds a payment to its order
 * (PAY_REF_BINDS); "complete" is not "paid"; no_payment_required must never
 * pay a priced order; and an Idempotency-Key is forgotten after a day, so a
 * refund is looked for by its own number before it is sent again.
 */
#include "pay/stripe.h"

#include <string.h>

#include "base/limits.h"
#include "base/time.h"
#include "base/url.h"
#include "pay/fields.h"
#include "pay/verdict.h"

enum {
	SECRET_MIN = 14, /* the shortest in a published vector */
	SKEW_MIN = 10,
	SKEW_MAX = 86400,
	SESSION_MIN_S = 31 * 60, /* theirs is 30 min, counted at their end */
	SESSION_MAX_S = 24 * 3600 - 60,
	NAME_MAX_BYTES = 200
};

/* clang-format off */
static const struct gateway_field fields[] = {
	{"base_url", FIELD_URL, true, 8, PAY_URL, NULL,
	    "https://api.stripe.com/", "Address of the API"},
	{"mode", FIELD_CHOICE, true, 0, 0, "live|test", "live",
	    "Which of the two worlds the keys belong to"},
	{"secret_key", FIELD_SECRET, true, PAY_KEY_MIN, PAY_URL, NULL, NULL,
	    "Secret or restricted key, sk_... or rk_..."},
	{"webhook_secrets", FIELD_SECRET_LIST, true, SECRET_MIN, PAY_PEM,
	    NULL, NULL,
	    "Signing secret of the endpoint, whsec_...; while one is rolled "
	    "two, one a line"},
	{"tolerance", FIELD_INT, true, SKEW_MIN, SKEW_MAX, NULL, "300",
	    "Seconds by which their clock may differ from ours"},
	{"allow_http", FIELD_BOOL, true, 0, 0, NULL, "no",
	    "Plain HTTP to a gateway of your own"},
};
/* clang-format on */

static const struct stripe *
stripe_of(const struct pay_account *ac)
{
	return (const struct stripe *)(const void *)ac;
}

/* ---- account */

static bool
read_secrets(struct arena *keep, const char *text, struct stripe *s)
{
	struct span rest = span_str(text), line;

	while (span_cut(&rest, '\n', &line)) {
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		line = span_trim(line);
		if (line.n == 0)
			continue;
		if (s->n_secrets == STRIPE_SECRETS || line.n < SECRET_MIN ||
		    secret_is_sample(arena_dup(keep, line.p, line.n)))
			return false;
		s->secret[s->n_secrets++] = line;
	}
	return s->n_secrets > 0;
}

static enum rc
stripe_account(struct arena *keep, const struct gateway_config *v,
    const struct pay_account **out, struct gateway_error *why)
{
	struct stripe *s = ARENA_NEW(keep, struct stripe);
	const char *key = fields_get(v, "secret_key");
	bool test_key =
	    str_starts(key, "sk_test_") || str_starts(key, "rk_test_");

	s->base_url = fields_get(v, "base_url");
	s->live = fields_is(v, "mode", "live");
	s->skew_s = fields_uint(v, "tolerance");
	s->bearer = arena_fmt(keep, "Authorization: Bearer %s", key);
	*why = (struct gateway_error){"base_url", "not_https"};
	if (!url_allowed(s->base_url, fields_yes(v, "allow_http")))
		return RC_INVALID;
	*why = (struct gateway_error){"secret_key", "bad_key"};
	if ((!str_starts(key, "sk_") && !str_starts(key, "rk_")) ||
	    test_key == s->live)
		return RC_INVALID;
	*why = (struct gateway_error){"webhook_secrets", "bad_key"};
	if (!read_secrets(keep, fields_get(v, "webhook_secrets"), s))
		return RC_INVALID;
	*out = (const struct pay_account *)(const void *)s;
	return RC_OK;
}

/* ---- calls */

/* A form by POST (p not NULL) or a GET; once is the Idempotency-Key. */
static enum rc
call(struct ctx *cx, const struct stripe *s, const char *path,
    const struct params *p, const char *once, struct asked *out)
{
	const char *headers[5] = {
	    s->bearer, "Stripe-Version: 2026-07-29.dahlia"};
	struct http_call call = {.method = "GET", .headers = headers};
	struct buf b;

	call.url = arena_fmt(cx->arena, "%sv1/%s", s->base_url, path);
	if (p != NULL) {
		buf_init(&b, cx->arena, LIM_PATH, LIM_BODY_FORM);
		params_encode(&b, p);
		if (b.bad)
			return RC_INVALID;
		call.method = "POST";
		call.body = (struct span){b.p, b.len};
		headers[2] = "Content-Type: application/x-www-form-urlencoded";
		if (once != NULL)
			headers[3] =
			    arena_fmt(cx->arena, "Idempotency-Key: %s", once);
	}
	return ask(cx, "stripe", &call, out);
}

/* ---- opening */

static int64_t
session_end(struct ctx *cx, const struct pay_order *o)
{
	int64_t now = cx->now / US_PER_S, end = o->expires_us / US_PER_S;

	if (end < now + SESSION_MIN_S)
		return now + SESSION_MIN_S;
	return end > now + SESSION_MAX_S ? now + SESSION_MAX_S : end;
}

static void
session_params(struct ctx *cx, const struct pay_order *o, struct params *p)
{
	const char *cancel =
	    str_empty(o->cancel_url) ? o->return_url : o->cancel_url;
	const char *name = o->subject;

	if (str_empty(name) || strlen(name) > NAME_MAX_BYTES)
		name = o->order_no;
	params_add(p, "mode", "payment");
	params_add(p, "success_url", o->return_url);
	params_add(p, "cancel_url", cancel);
	params_add(p, "client_reference_id", o->order_no);
	params_add(p, "line_items[0][quantity]", "1");
	params_add(p, "line_items[0][price_data][currency]",
	    str_lower(cx->arena, o->currency));
	params_add(p, "line_items[0][price_data][unit_amount]",
	    arena_fmt(cx->arena, "%lld", (long long)o->amount.minor));
	params_add(p, "line_items[0][price_data][product_data][name]", name);
	params_add(p, "metadata[order_no]", o->order_no);
	params_add(p, "payment_intent_data[metadata][order_no]", o->order_no);
	params_add(p, "expires_at",
	    arena_fmt(cx->arena, "%lld", (long long)session_end(cx, o)));
	if (!str_empty(o->method))
		params_add(p, "payment_method_types[0]", o->method);
}

static enum rc
show(struct ctx *cx, const struct json *j, struct pay_opened *out)
{
	const char *url = json_text(j, "url");
	int64_t end;

	if (str_empty(url) || !url_is_http(url) || strlen(url) > LIM_QUERY ||
	    str_empty(stripe_token(cx, j, "id")))
		return RC_FAIL;
	out->show = PAY_LINK;
	out->url = url;
	out->provider_ref = stripe_token(cx, j, "id");
	if (json_int(j, "expires_at", &end) == RC_OK && end > 0 &&
	    end < INT32_MAX * INT64_C(2))
		out->expires_us = out->ends_us = end * US_PER_S;
	return RC_OK;
}

/* An open session of the same payment is shown again: two open sessions are
 * two ways to pay once too often. */
static bool
shown_again(struct ctx *cx, const struct stripe *s, const struct pay_order *o,
    struct pay_opened *out)
{
	struct asked answer;

	if (str_empty(o->provider_ref) ||
	    call(cx, s,
		arena_fmt(cx->arena, "checkout/sessions/%s", o->provider_ref),
		NULL, NULL, &answer) != RC_OK)
		return false;
	return ask_good(answer.http.status) &&
	       str_eq(json_text(answer.json, "status"), "open") &&
	       show(cx, answer.json, out) == RC_OK;
}

static enum rc
stripe_open(struct ctx *cx, const struct pay_account *ac,
    const struct pay_order *o, struct pay_opened *out)
{
	const struct stripe *s = stripe_of(ac);
	struct asked answer;
	struct params p;
	enum rc rc;

	if (shown_again(cx, s, o, out))
		return RC_OK;
	params_init(&p, cx->arena);
	session_params(cx, o, &p);
	/* the same second gives the same session; later is another try */
	rc = call(cx, s, "checkout/sessions", &p,
	    arena_fmt(cx->arena, "open-%s-%lld", o->order_no,
		(long long)(cx->now / US_PER_S)),
	    &answer);
	if (rc != RC_OK)
		return rc;
	out->said = ask_said(cx, answer.json, "error.message");
	return ask_good(answer.http.status) ? show(cx, answer.json, out)
					    : RC_FAIL;
}

/* ---- api */

static enum rc
stripe_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_ref *ref, struct verdict *v)
{
	const struct stripe *s = stripe_of(ac);
	struct asked answer;
	enum rc rc;

	/* never opened, as far as we know; channel tests ask for nobody */
	rc = call(cx, s,
	    arena_fmt(cx->arena, "checkout/sessions/%s",
		str_empty(ref->provider_ref) ? "cs_none" : ref->provider_ref),
	    NULL, NULL, &answer);
	if (rc != RC_OK)
		return rc;
	if (str_eq(json_text(answer.json, "error.code"), "resource_missing"))
		return RC_NOTFOUND;
	if (!ask_good(answer.http.status))
		return ask_unclear(answer.http.status) ? RC_BUSY : RC_FAIL;
	v->why = stripe_session(cx, s, answer.json, v);
	if (v->why != WHY_OK || !str_eq(v->order_no, ref->order_no) ||
	    !str_eq(v->provider_ref, ref->provider_ref)) {
		verdict_init(v);
		return RC_FAIL;
	}
	v->signature_valid = true; /* by TLS */
	return RC_OK;
}

static void
refund_state(struct ctx *cx, const struct json *j, struct pay_refunded *out)
{
	const char *status = json_text(j, "status");

	out->state = REFUND_UNCLEAR;
	out->refund_id = stripe_token(cx, j, "id");
	if (str_eq(status, "succeeded"))
		out->state = REFUND_DONE;
	else if (str_eq(status, "pending") || str_eq(status, "requires_action"))
		out->state = REFUND_PENDING;
	else if (str_eq(status, "failed") || str_eq(status, "canceled"))
		out->state = REFUND_REFUSED;
}

static enum rc
stripe_refund(struct ctx *cx, const struct pay_account *ac,
    const struct pay_refund *rf, struct pay_refunded *out)
{
	struct asked answer;
	struct params p;
	enum rc rc;

	params_init(&p, cx->arena);
	params_add(&p, "payment_intent", rf->of.txn);
	params_add(&p, "amount",
	    arena_fmt(cx->arena, "%lld", (long long)rf->amount.minor));
	params_add(&p, "metadata[refund_no]", rf->refund_no);
	rc = call(cx, stripe_of(ac), "refunds", &p,
	    arena_fmt(cx->arena, "refund-%s", rf->refund_no), &answer);
	if (rc == RC_DENIED)
		out->state = REFUND_REFUSED; /* never left the house */
	if (rc != RC_OK || answer.json == NULL)
		return RC_OK;
	out->said = ask_said(cx, answer.json, "error.message");
	if (ask_good(answer.http.status))
		refund_state(cx, answer.json, out);
	else if (!ask_unclear(answer.http.status))
		out->state = REFUND_REFUSED;
	return RC_OK;
}

/* Keys of idempotency last a day, our refund numbers for ever. */
static enum rc
stripe_refund_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_refund *rf, struct pay_refunded *out)
{
	const struct json *list, *one;
	struct asked answer;
	size_t i;

	if (call(cx, stripe_of(ac),
		arena_fmt(cx->arena, "refunds?limit=100&payment_intent=%s",
		    url_encoded(cx->arena, rf->of.txn)),
		NULL, NULL, &answer) != RC_OK ||
	    !ask_good(answer.http.status))
		return RC_OK;
	list = json_at(answer.json, "data");
	if (list != NULL && !json_flag(answer.json, "has_more"))
		out->state = REFUND_ABSENT;
	for (i = 0; list != NULL && i < json_count(list); i++) {
		one = json_at(list, arena_fmt(cx->arena, "%zu", i));
		if (str_eq(json_text(one, "metadata.refund_no"), rf->refund_no))
			refund_state(cx, one, out);
	}
	return RC_OK;
}

static enum rc
stripe_close(
    struct ctx *cx, const struct pay_account *ac, const struct pay_ref *ref)
{
	struct asked answer;
	struct params none;
	enum rc rc;

	if (str_empty(ref->provider_ref))
		return RC_OK;
	params_init(&none, cx->arena);
	rc = call(cx, stripe_of(ac),
	    arena_fmt(
		cx->arena, "checkout/sessions/%s/expire", ref->provider_ref),
	    &none, NULL, &answer);
	if (rc != RC_OK)
		return rc;
	if (ask_good(answer.http.status) ||
	    str_eq(json_text(answer.json, "error.code"), "resource_missing"))
		return RC_OK;
	return ask_unclear(answer.http.status) ? RC_BUSY : RC_CONFLICT;
}

/* clang-format off */
const struct gateway gateway_stripe = {
	.name = "stripe",
	.title = "Stripe",
	.can = PAY_CAN_QUERY | PAY_CAN_REFUND | PAY_CAN_CLOSE |
	       PAY_CAN_REFUND_QUERY | PAY_OPEN_CALLS | PAY_REF_BINDS,
	/* where their minor unit is ours: not ISK, UGX, MGA, nor those of
	 * three decimals */
	.currencies = "USD,EUR,GBP,CNY,HKD,SGD,AUD,CAD,NZD,CHF,SEK,NOK,DKK,"
	    "PLN,CZK,THB,MYR,INR,BRL,MXN,JPY,KRW,VND",
	.fields = fields,
	.n_fields = sizeof(fields) / sizeof(fields[0]),
	.reply = {
		[ANSWER_ACCEPT] = {PAY_HTTP_OK, "text/plain", "ok"},
		[ANSWER_REJECT] = {PAY_HTTP_REFUSED, "text/plain", "no"},
		[ANSWER_LATER] = {PAY_HTTP_LATER, "text/plain", "later"},
	},
	.account = stripe_account,
	.open = stripe_open,
	.notice = stripe_notice,
	.query = stripe_query,
	.refund = stripe_refund,
	.refund_query = stripe_refund_query,
	.close = stripe_close,
};
/* clang-format on */
