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

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/url.h"
#include "io/crypt.h"
#include "pay/ask.h"
#include "pay/fields.h"
#include "pay/verdict.h"

enum {
	SECRETS_MAX = 4,
	SECRET_MIN = 14, /* the shortest in a published vector */
	SKEW_MIN = 10,
	SKEW_MAX = 86400,
	SESSION_MIN_S = 31 * 60, /* theirs is 30 min, counted at their end */
	SESSION_MAX_S = 24 * 3600 - 60,
	STAMP_MAX = 12,
	HEX_HMAC = 2 * CRYPT_HASH,
	NAME_MAX_BYTES = 200
};

struct stripe {
	const char *base_url; /* ends with '/' */
	const char *bearer;   /* a whole header */
	struct span secret[SECRETS_MAX];
	size_t n_secrets;
	int64_t skew_s;
	bool live;
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

/* --------------------------------------------------------------- account -- */

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
		if (s->n_secrets == SECRETS_MAX || line.n < SECRET_MIN ||
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

/* ------------------------------------------------------------------ calls --
 */

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

static const char *
upper(struct arena *a, const char *s)
{
	char *u = arena_str(a, s), *c;

	for (c = u; *c != '\0'; c++)
		*c = chr_upper(*c);
	return u;
}

static const char *
token_at(struct ctx *cx, const struct json *j, const char *path)
{
	const char *s = json_text(j, path);

	if (s == NULL || !str_is_token(s, "-_", LIM_TXN))
		return "";
	return arena_str(cx->arena, s);
}

static void
take_currency(struct ctx *cx, const struct json *j, struct verdict *v)
{
	const char *c = json_text(j, "currency");

	if (c != NULL && strlen(c) == sizeof(v->currency) - 1)
		memcpy(v->currency, upper(cx->arena, c), sizeof(v->currency));
}

/* A checkout session -> verdict, from a webhook or from a query. */
static enum pay_why
read_session(struct ctx *cx, const struct stripe *s, const struct json *j,
    struct verdict *v)
{
	const char *paid = json_text(j, "payment_status");
	const char *no = token_at(cx, j, "client_reference_id");

	if (!str_eq(json_text(j, "object"), "checkout.session") ||
	    !str_eq(json_text(j, "mode"), "payment"))
		return WHY_STATUS;
	if (json_at(j, "livemode") == NULL ||
	    json_flag(j, "livemode") != s->live)
		return WHY_ENVIRONMENT;
	v->order_no = no;
	v->provider_ref = token_at(cx, j, "id");
	v->txn = token_at(cx, j, "payment_intent");
	take_currency(cx, j, v);
	v->has_amount =
	    json_int(j, "amount_total", &v->amount.minor) == RC_OK &&
	    v->amount.minor > 0;
	if (str_empty(no) || strlen(no) > PAY_ORDER_NO ||
	    str_empty(v->provider_ref))
		return WHY_FIELD;
	if (str_eq(paid, "paid")) {
		if (str_empty(v->txn))
			return WHY_FIELD;
		v->outcome = PAY_PAID;
	} else if (str_eq(paid, "unpaid")) {
		v->outcome = str_eq(json_text(j, "status"), "expired")
				 ? PAY_CLOSED
				 : PAY_PENDING;
	} else {
		return WHY_STATUS;
	}
	return WHY_OK;
}

/* --------------------------------------------------------------- opening -- */

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
	    str_empty(token_at(cx, j, "id")))
		return RC_FAIL;
	out->show = PAY_LINK;
	out->url = url;
	out->provider_ref = token_at(cx, j, "id");
	if (json_int(j, "expires_at", &end) == RC_OK && end > 0 &&
	    end < INT32_MAX * INT64_C(2))
		out->expires_us = end * US_PER_S;
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

/* --------------------------------------------------------------- webhooks --
 */

enum rc
stripe_header(const char *header, struct stripe_signature *out)
{
	struct span rest = span_str(header), part, name;
	uint64_t t;

	memset(out, 0, sizeof(*out));
	while (span_cut(&rest, ',', &part)) {
		/* what follows the first '=' stays in part */
		if (memchr(part.p, '=', part.n) == NULL ||
		    !span_cut(&part, '=', &name))
			return RC_INVALID;
		if (span_is(name, "t")) {
			if (out->t_text.p != NULL || part.n > STAMP_MAX ||
			    num_u64(part, INT64_MAX, &t) != RC_OK)
				return RC_INVALID;
			out->t = (int64_t)t;
			out->t_text = part;
		} else if (span_is(name, "v1")) {
			if (out->n == STRIPE_V1_MAX)
				return RC_INVALID;
			out->v1[out->n++] = part;
		}
	}
	return out->t_text.p == NULL || out->n == 0 ? RC_INVALID : RC_OK;
}

struct span
stripe_signed_text(
    struct arena *a, const struct stripe_signature *s, struct span body)
{
	size_t n = s->t_text.n + 1 + body.n;
	struct buf b;

	buf_init(&b, a, n + 1, n + 1);
	buf_add(&b, s->t_text.p, s->t_text.n);
	buf_chr(&b, '.');
	buf_add(&b, body.p, body.n);
	return (struct span){b.p, b.len};
}

static bool
any_matches(struct arena *a, const struct stripe *s,
    const struct stripe_signature *sig, struct span text)
{
	uint8_t mac[CRYPT_HASH];
	bool found = false;
	size_t i, j;

	for (i = 0; i < s->n_secrets; i++) {
		struct span hex;

		crypt_hmac(s->secret[i], text, mac);
		hex = (struct span){hex_text(a, mac, sizeof(mac)), HEX_HMAC};
		for (j = 0; j < sig->n; j++)
			found |= crypt_equal(sig->v1[j], hex);
	}
	return found;
}

static enum pay_why
check_signature(struct ctx *cx, const struct stripe *s,
    const struct pay_request *rq, struct verdict *v)
{
	const char *header = pay_header(rq, "Stripe-Signature");
	struct stripe_signature sig;

	if (str_empty(header) || stripe_header(header, &sig) != RC_OK)
		return WHY_UNSIGNED;
	v->signed_text = stripe_signed_text(cx->arena, &sig, rq->body);
	if (!any_matches(cx->arena, s, &sig, v->signed_text))
		return WHY_SIGNATURE;
	v->signature_valid = true;
	return llabs(cx->now / US_PER_S - sig.t) > s->skew_s ? WHY_TIME
							     : WHY_OK;
}

/* A charge names its payment_intent and nothing of ours. */
static enum pay_why
read_charge(struct ctx *cx, const struct json *j, struct verdict *v)
{
	v->txn = token_at(cx, j, "payment_intent");
	take_currency(cx, j, v);
	if (str_empty(v->txn) ||
	    json_int(j, "amount", &v->amount.minor) != RC_OK ||
	    json_int(j, "amount_refunded", &v->refunded.minor) != RC_OK ||
	    v->refunded.minor <= 0)
		return WHY_FIELD;
	v->has_amount = true;
	v->outcome =
	    json_flag(j, "refunded") ? PAY_REFUNDED : PAY_PART_REFUNDED;
	return WHY_OK;
}

static enum pay_why
read_event(struct ctx *cx, const struct stripe *s, const struct json *j,
    struct verdict *v)
{
	const char *type = json_text(j, "type");
	const struct json *o = json_at(j, "data.object");
	enum pay_why why;

	v->event_id = token_at(cx, j, "id");
	v->outcome = PAY_IGNORE;
	if (!str_eq(json_text(j, "object"), "event"))
		return WHY_OK; /* a thin event: says nothing by itself */
	if (json_at(j, "livemode") == NULL ||
	    json_flag(j, "livemode") != s->live)
		return WHY_ENVIRONMENT;
	if (str_eq(type, "charge.refunded"))
		return read_charge(cx, o, v);
	if (str_eq(type, "checkout.session.completed") ||
	    str_eq(type, "checkout.session.async_payment_succeeded"))
		return read_session(cx, s, o, v);
	if (!str_eq(type, "checkout.session.async_payment_failed") &&
	    !str_eq(type, "checkout.session.expired"))
		return WHY_OK;
	if ((why = read_session(cx, s, o, v)) != WHY_OK)
		return why;
	if (v->outcome == PAY_PAID)
		return WHY_STATUS; /* the type says no, the object yes */
	v->outcome =
	    str_eq(type, "checkout.session.expired") ? PAY_CLOSED : PAY_FAILED;
	return WHY_OK;
}

static void
stripe_notice(struct ctx *cx, const struct pay_account *ac,
    const struct pay_request *rq, struct verdict *v)
{
	const struct stripe *s = stripe_of(ac);
	const struct json *j;

	v->why = WHY_METHOD;
	if (!str_eq(rq->method, "POST") ||
	    (v->why = check_signature(cx, s, rq, v)) != WHY_OK)
		return;
	if (json_read(cx->arena, rq->body, &j) != RC_OK ||
	    json_kind(j) != JSON_T_OBJECT)
		v->why = WHY_SYNTAX;
	else
		v->why = read_event(cx, s, j, v);
	if (v->why != WHY_OK)
		v->outcome = PAY_REJECT;
}

/* ------------------------------------------------------------------- api -- */

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
	v->why = read_session(cx, s, answer.json, v);
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

	out->refund_id = token_at(cx, j, "id");
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
