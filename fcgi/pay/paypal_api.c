/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PayPal's API: the token, calls, and what an order or a capture says.  Money
 * is decided on these answers only, never on a webhook's body: its signature
 * covers a CRC-32, which anybody can hit with another body.
 */
#include "pay/paypal.h"

#include <string.h>

#include "base/limits.h"
#include "base/time.h"
#include "base/url.h"
#include "pay/scalar.h"
#include "pay/verdict.h"

enum { TOKEN_MAX = 4096, EARLY_S = 60, HTTP_UNAUTHORIZED = 401 };

/* ---- token */

static enum rc
fetch_token(struct ctx *cx, const struct paypal *pp)
{
	const char *headers[] = {pp->basic,
	    "Content-Type: application/x-www-form-urlencoded",
	    "Accept: application/json", NULL};
	struct http_call call = {
	    .method = "POST",
	    .headers = headers,
	    .body = SPAN_LIT("grant_type=client_credentials"),
	};
	struct paypal_cache *c = pp->cache;
	struct asked answer;
	const char *token;
	int64_t seconds;
	enum rc rc;

	call.url = arena_fmt(cx->arena, "%sv1/oauth2/token", pp->base_url);
	if ((rc = ask(cx, "paypal", &call, &answer)) != RC_OK)
		return rc;
	token = json_text(answer.json, "access_token");
	if (!ask_good(answer.http.status) || str_empty(token) ||
	    strlen(token) > TOKEN_MAX ||
	    !str_is_token(token, "-_.~+/=", TOKEN_MAX))
		return ask_unclear(answer.http.status) ? RC_BUSY : RC_FAIL;
	if (json_int(answer.json, "expires_in", &seconds) != RC_OK ||
	    seconds < 0 || seconds > S_PER_DAY)
		seconds = 0;
	arena_reset(c->arena);
	c->bearer = arena_fmt(c->arena, "Authorization: Bearer %s", token);
	c->bearer_until_us = cx->now + (seconds - EARLY_S) * US_PER_S;
	return RC_OK;
}

static enum rc
call_once(struct ctx *cx, const struct paypal *pp, const char *method,
    const char *path, struct span body, const char *request_id,
    struct asked *out)
{
	const char *headers[6] = {pp->cache->bearer,
	    "Content-Type: application/json", "Accept: application/json",
	    "Prefer: return=representation"};
	struct http_call call = {
	    .method = method, .headers = headers, .body = body};

	call.url = arena_fmt(cx->arena, "%s%s", pp->base_url, path);
	if (request_id != NULL)
		headers[4] =
		    arena_fmt(cx->arena, "PayPal-Request-Id: %s", request_id);
	return ask(cx, "paypal", &call, out);
}

enum rc
paypal_call(struct ctx *cx, const struct paypal *pp, const char *method,
    const char *path, struct span body, const char *request_id,
    struct asked *out)
{
	enum rc rc;

	if (pp->cache->bearer == NULL ||
	    pp->cache->bearer_until_us <= cx->now) {
		if ((rc = fetch_token(cx, pp)) != RC_OK)
			return rc;
	}
	rc = call_once(cx, pp, method, path, body, request_id, out);
	if (rc != RC_OK || out->http.status != HTTP_UNAUTHORIZED)
		return rc;
	if ((rc = fetch_token(cx, pp)) != RC_OK)
		return rc;
	return call_once(cx, pp, method, path, body, request_id, out);
}

const char *
paypal_value(struct ctx *cx, struct money m, const char *currency)
{
	return money_text(cx->arena, m, currency_decimals(currency));
}

/* ---- captures */

static const char *
token_at(struct ctx *cx, const struct json *j, const char *path)
{
	const char *s = json_text(j, path);

	if (s == NULL || !str_is_token(s, "-_", LIM_TXN))
		return "";
	return arena_str(cx->arena, s);
}

static const struct {
	const char *status;
	enum pay_outcome outcome;
} capture_status[] = {
    {"COMPLETED", PAY_PAID},
    {"PENDING", PAY_PENDING},
    {"DECLINED", PAY_FAILED},
    {"FAILED", PAY_FAILED},
    {"REFUNDED", PAY_REFUNDED},
    {"PARTIALLY_REFUNDED", PAY_PART_REFUNDED},
};

static enum pay_outcome
outcome_of(const char *status)
{
	size_t i;

	for (i = 0; i < sizeof(capture_status) / sizeof(capture_status[0]); i++)
		if (str_eq(capture_status[i].status, status))
			return capture_status[i].outcome;
	return PAY_REJECT;
}

static bool
read_amount(const struct json *j, struct verdict *v)
{
	const char *currency = json_text(j, "amount.currency_code");
	const char *value = json_text(j, "amount.value");

	if (currency == NULL || strlen(currency) != sizeof(v->currency) - 1)
		return false;
	memcpy(v->currency, currency, sizeof(v->currency));
	return money_parse(span_str(value), currency_decimals(currency),
		   &v->amount) == RC_OK &&
	       v->amount.minor > 0;
}

/* A capture object; payee and custom_id may stand in the order's unit. */
static enum pay_why
read_capture(struct ctx *cx, const struct paypal *pp, const struct json *j,
    const struct json *unit, struct verdict *v)
{
	const char *payee = json_text(j, "payee.merchant_id");
	const char *no = token_at(cx, j, "custom_id");

	if (payee == NULL)
		payee = json_text(unit, "payee.merchant_id");
	if (str_empty(no))
		no = token_at(cx, unit, "custom_id");
	if (!str_eq(payee, pp->merchant_id))
		return WHY_MERCHANT;
	v->order_no = no;
	v->txn = token_at(cx, j, "id");
	v->outcome = outcome_of(json_text(j, "status"));
	if (v->outcome == PAY_REJECT)
		return WHY_STATUS;
	if (str_empty(no) || strlen(no) > PAY_ORDER_NO || str_empty(v->txn))
		return WHY_FIELD;
	v->has_amount = read_amount(j, v);
	return v->has_amount ? WHY_OK : WHY_AMOUNT;
}

/* The capture that was asked for, or the only one. */
static const struct json *
find_capture(struct ctx *cx, const struct json *order, const char *id)
{
	const struct json *list =
	    json_at(order, "purchase_units.0.payments.captures");
	const struct json *one;
	size_t i, n = list == NULL ? 0 : json_count(list);

	if (str_empty(id))
		return n == 1 ? json_at(list, "0") : NULL;
	for (i = 0; i < n; i++) {
		one = json_at(list, arena_fmt(cx->arena, "%zu", i));
		if (str_eq(json_text(one, "id"), id))
			return one;
	}
	return NULL;
}

static enum rc
read_order(struct ctx *cx, const struct paypal *pp, const struct json *j,
    const char *capture, struct verdict *v)
{
	const struct json *unit = json_at(j, "purchase_units.0");
	const struct json *one = find_capture(cx, j, capture);
	const char *status = json_text(j, "status");

	v->provider_ref = token_at(cx, j, "id");
	if (one != NULL) {
		v->why = read_capture(cx, pp, one, unit, v);
	} else if (str_eq(status, "VOIDED")) {
		v->outcome = PAY_CLOSED;
		v->why = WHY_OK;
	} else {
		v->outcome = PAY_PENDING;
		v->why = WHY_OK;
	}
	if (str_empty(v->order_no))
		v->order_no = token_at(cx, unit, "custom_id");
	if (v->why != WHY_OK)
		v->outcome = PAY_REJECT;
	/* by TLS and our own token */
	v->signature_valid = true;
	return RC_OK;
}

static enum rc
status_rc(const struct asked *answer)
{
	if (ask_good(answer->http.status) && answer->json != NULL)
		return RC_OK;
	if (str_eq(json_text(answer->json, "name"), "RESOURCE_NOT_FOUND"))
		return RC_NOTFOUND;
	return ask_unclear(answer->http.status) ? RC_BUSY : RC_FAIL;
}

static enum rc
get_order(struct ctx *cx, const struct paypal *pp, const char *id,
    const struct json **out)
{
	struct asked answer;
	enum rc rc = paypal_call(cx, pp, "GET",
	    arena_fmt(
		cx->arena, "v2/checkout/orders/%s", url_encoded(cx->arena, id)),
	    SPAN_LIT(""), NULL, &answer);

	if (rc == RC_OK)
		rc = status_rc(&answer);
	if (rc == RC_OK && !str_eq(json_text(answer.json, "id"), id))
		rc = RC_FAIL;
	if (rc == RC_OK)
		*out = answer.json;
	return rc;
}

/* After an answer that does not hold the order, the order itself tells: it
 * may be captured already, declined, or not approved after all. */
static enum rc
capture_order(struct ctx *cx, const struct paypal *pp, const char *id,
    const struct json **out)
{
	struct asked answer;
	enum rc rc = paypal_call(cx, pp, "POST",
	    arena_fmt(cx->arena, "v2/checkout/orders/%s/capture",
		url_encoded(cx->arena, id)),
	    SPAN_LIT("{}"), arena_fmt(cx->arena, "capture-%s", id), &answer);

	if (rc != RC_OK)
		return rc;
	if (ask_unclear(answer.http.status))
		return RC_BUSY;
	return get_order(cx, pp, id, out);
}

enum rc
paypal_order(struct ctx *cx, const struct paypal *pp, const char *id,
    const char *capture, struct verdict *v)
{
	const struct json *j;
	enum rc rc = get_order(cx, pp, id, &j);

	if (rc == RC_OK && str_eq(json_text(j, "status"), "APPROVED"))
		rc = capture_order(cx, pp, id, &j);
	return rc == RC_OK ? read_order(cx, pp, j, capture, v) : rc;
}

enum rc
paypal_captured(struct ctx *cx, const struct paypal *pp, const char *capture,
    struct verdict *v)
{
	struct asked answer;
	enum rc rc = paypal_call(cx, pp, "GET",
	    arena_fmt(cx->arena, "v2/payments/captures/%s",
		url_encoded(cx->arena, capture)),
	    SPAN_LIT(""), NULL, &answer);

	if (rc != RC_OK || (rc = status_rc(&answer)) != RC_OK)
		return rc;
	v->why = read_capture(cx, pp, answer.json, NULL, v);
	v->provider_ref = token_at(
	    cx, answer.json, "supplementary_data.related_ids.order_id");
	if (v->why == WHY_OK && !str_eq(v->txn, capture))
		v->why = WHY_REF;
	if (v->why != WHY_OK)
		v->outcome = PAY_REJECT;
	return RC_OK;
}

enum rc
paypal_refunded(struct ctx *cx, const struct paypal *pp, const char *refund,
    struct verdict *v)
{
	struct verdict one = {0};
	struct asked answer;
	const char *no;
	enum rc rc = paypal_call(cx, pp, "GET",
	    arena_fmt(cx->arena, "v2/payments/refunds/%s",
		url_encoded(cx->arena, refund)),
	    SPAN_LIT(""), NULL, &answer);

	if (rc != RC_OK || (rc = status_rc(&answer)) != RC_OK)
		return rc;
	if (!str_eq(json_text(answer.json, "id"), refund) ||
	    !read_amount(answer.json, &one) ||
	    !str_eq(one.currency, v->currency))
		return RC_FAIL;
	if (!str_eq(json_text(answer.json, "status"), "COMPLETED")) {
		v->outcome = PAY_IGNORE; /* the refund's own query tells */
		return RC_OK;
	}
	no = token_at(cx, answer.json, "invoice_id");
	v->refund = one.amount;
	v->refund_no = str_empty(no) ? arena_str(cx->arena, refund) : no;
	return RC_OK;
}
