/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The epusdt family: gateways for USDT that the merchant runs himself.  Three
 * dialects of one protocol, told apart by the setting and never by the
 * message.
 *
 * The trade id that the gateway gave at opening binds a payment to its order
 * (PAY_REF_BINDS).  Anyone with the token can mark orders paid, and nothing
 * can be refunded: coins go back by hand.  The state of a trade can be asked,
 * but the answer is unsigned and names no amount; the amount is the one that
 * the trade was opened with.
 */
#include "pay/epusdt.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/url.h"
#include "io/crypt.h"
#include "pay/ask.h"
#include "pay/fields.h"
#include "pay/scalar.h"
#include "pay/verdict.h"

enum {
	EPUSDT_WORD = 32,
	EPUSDT_SIGN = 32,
	UNIX_TIME = 1000000000, /* smaller ones are seconds left */
	TIMEOUT_MIN = 120
};

enum dialect { EPUSDT, BEPUSDT, GMPAY };

struct epusdt {
	const char *base_url; /* ends with '/' */
	enum dialect dialect;
	const char *pid;
	struct span token;
	const char *fiat;
	const char *trade_type;     /* BEpusdt */
	const char *coin, *network; /* GMPay */
};

/* clang-format off */
static const struct gateway_field fields[] = {
	{"base_url", FIELD_URL, true, 8, PAY_URL, NULL, NULL,
	    "Address of your gateway, ends with /"},
	{"dialect", FIELD_CHOICE, true, 0, 0, "epusdt|bepusdt|gmpay", "epusdt",
	    "Which program it is"},
	{"pid", FIELD_TEXT, false, 1, EPUSDT_WORD, NULL, NULL,
	    "Merchant number (GMPay)"},
	{"key", FIELD_SECRET, true, PAY_KEY_MIN, PAY_KEY, NULL, NULL,
	    "API token"},
	{"fiat", FIELD_CHOICE, true, 0, 0, "CNY|USD|EUR|GBP", "CNY",
	    "Currency of the prices that it converts"},
	{"trade_type", FIELD_TEXT, true, 1, EPUSDT_WORD, NULL, "usdt.trc20",
	    "Coin and chain (BEpusdt)"},
	{"coin", FIELD_TEXT, false, 1, EPUSDT_WORD, NULL, NULL,
	    "Coin (GMPay), for example usdt; empty: the buyer chooses"},
	{"network", FIELD_TEXT, false, 1, EPUSDT_WORD, NULL, NULL,
	    "Chain (GMPay), for example tron; with coin or not at all"},
	{"allow_http", FIELD_BOOL, true, 0, 0, NULL, "no",
	    "Plain HTTP, inside a network of your own only"},
};
/* clang-format on */

/* the fields a decision rests on */
static const char *const vital[] = {
    "trade_id", "order_id", "amount", "status", "pid", NULL};

static const struct epusdt *
epusdt_of(const struct pay_account *ac)
{
	return (const struct epusdt *)(const void *)ac;
}

static enum rc
epusdt_account(struct arena *keep, const struct gateway_config *v,
    const struct pay_account **out, struct gateway_error *why)
{
	struct epusdt *e = ARENA_NEW(keep, struct epusdt);

	e->base_url = fields_get(v, "base_url");
	e->dialect = fields_is(v, "dialect", "gmpay")     ? GMPAY
		     : fields_is(v, "dialect", "bepusdt") ? BEPUSDT
							  : EPUSDT;
	e->pid = fields_get(v, "pid");
	e->token = span_str(fields_get(v, "key"));
	e->fiat = fields_get(v, "fiat");
	e->trade_type = fields_get(v, "trade_type");
	e->coin = fields_get(v, "coin");
	e->network = fields_get(v, "network");
	*why = (struct gateway_error){"base_url", "not_https"};
	if (!url_allowed(e->base_url, fields_yes(v, "allow_http")))
		return RC_INVALID;
	*why = (struct gateway_error){"pid", "required"};
	if (e->dialect == GMPAY && str_empty(e->pid))
		return RC_INVALID;
	*why = (struct gateway_error){"network", "required"};
	if (str_empty(e->coin) != str_empty(e->network))
		return RC_INVALID;
	*out = (const struct pay_account *)(const void *)e;
	return RC_OK;
}

/* ---- signatures */

enum rc
epusdt_params(struct arena *a, const struct json *j, struct params *out)
{
	const struct json *value;
	const char *name, *text;
	size_t i;

	params_init(out, a);
	for (i = 0; json_member(j, i, &name, &value); i++) {
		if (json_kind(value) == JSON_T_LIST ||
		    json_kind(value) == JSON_T_OBJECT || i == LIM_PARAMS)
			return RC_INVALID;
		if ((text = scalar_of(a, value)) != NULL &&
		    !str_eq(name, "signature"))
			params_add(out, name, text);
	}
	return RC_OK;
}

struct span
epusdt_signed_text(struct params *p)
{
	return params_join(p, NULL, false);
}

char *
epusdt_md5(struct arena *a, struct span text, struct span token)
{
	size_t n = text.n + token.n;
	uint8_t digest[16];
	struct buf b;

	buf_init(&b, a, n + 1, n + 1);
	buf_add(&b, text.p, text.n);
	buf_add(&b, token.p, token.n);
	crypt_md5((struct span){b.p, b.len}, digest);
	crypt_wipe(b.p, b.len);
	return hex_text(a, digest, sizeof(digest));
}

/* ---- opening */

/* "28.80" -> "28.8", "100.00" -> "100": the number as JSON and as text. */
static const char *
shortest(struct arena *a, struct money m)
{
	char *s = money_text(a, m, 2), *end = s + strlen(s);

	while (end[-1] == '0')
		*--end = '\0';
	if (end[-1] == '.')
		*--end = '\0';
	return s;
}

static void
order_params(struct ctx *cx, const struct epusdt *e, const struct pay_order *o,
    struct params *p)
{
	int64_t left = (o->expires_us - cx->now) / US_PER_S;

	if (e->dialect == GMPAY) {
		params_add(p, "pid", e->pid);
		params_add(p, "currency", str_lower(cx->arena, e->fiat));
		params_add(p, "token", e->coin);
		params_add(p, "network", e->network);
	}
	params_add(p, "order_id", o->order_no);
	params_add(p, "notify_url", o->notify_url);
	params_add(p, "redirect_url", o->return_url);
	if (e->dialect == BEPUSDT) {
		params_add(p, "trade_type",
		    str_empty(o->method) ? e->trade_type : o->method);
		params_add(p, "fiat", e->fiat);
		if (left >= TIMEOUT_MIN)
			params_add(p, "timeout",
			    arena_fmt(cx->arena, "%lld", (long long)left));
	}
	params_add(p, "amount", shortest(cx->arena, o->amount));
}

/* amount and timeout are numbers, all else is text. */
static struct span
order_body(const struct epusdt *e, struct params *p)
{
	struct span text = epusdt_signed_text(p), value;
	struct buf b;
	size_t i;

	params_add(p, "signature", epusdt_md5(p->arena, text, e->token));
	buf_init(&b, p->arena, LIM_PATH, LIM_QUERY);
	buf_chr(&b, '{');
	for (i = 0; i < p->n; i++) {
		const char *name =
		    arena_dup(p->arena, p->v[i].name.p, p->v[i].name.n);

		value = p->v[i].value;
		if (value.n == 0)
			continue;
		json_put_name(&b, name, b.len == 1);
		if (str_eq(name, "amount") || str_eq(name, "timeout"))
			buf_add(&b, value.p, value.n);
		else
			json_put_text(&b, value);
	}
	buf_chr(&b, '}');
	return b.bad ? SPAN_LIT("") : (struct span){b.p, b.len};
}

static enum rc
show(struct ctx *cx, const struct pay_order *o, const struct json *j,
    struct pay_opened *out)
{
	const char *url = json_text(j, "data.payment_url");
	const char *id = json_text(j, "data.trade_id");
	int64_t end;

	if (str_empty(url) || !url_is_http(url) || id == NULL ||
	    !str_is_token(id, "-_", LIM_TXN) ||
	    !str_eq(json_text(j, "data.order_id"), o->order_no))
		return RC_FAIL;
	out->show = PAY_LINK;
	out->url = url;
	out->provider_ref = id;
	if (json_int(j, "data.expiration_time", &end) == RC_OK && end > 0 &&
	    end < UINT32_MAX)
		out->expires_us = out->ends_us =
		    end > UNIX_TIME ? end * US_PER_S : cx->now + end * US_PER_S;
	return RC_OK;
}

static enum rc
epusdt_open(struct ctx *cx, const struct pay_account *ac,
    const struct pay_order *o, struct pay_opened *out)
{
	static const char *const headers[] = {
	    "Content-Type: application/json", "Accept: application/json", NULL};
	const struct epusdt *e = epusdt_of(ac);
	struct http_call call = {.method = "POST", .headers = headers};
	struct asked answer;
	struct params p;
	enum rc rc;

	if (!str_eq(o->currency, e->fiat))
		return RC_INVALID;
	params_init(&p, cx->arena);
	order_params(cx, e, o, &p);
	call.body = order_body(e, &p);
	call.url = arena_fmt(cx->arena, "%s%s", e->base_url,
	    e->dialect == GMPAY ? "payments/gmpay/v1/order/create-transaction"
				: "api/v1/order/create-transaction");
	if (call.body.n == 0)
		return RC_INVALID;
	if ((rc = ask(cx, "epusdt", &call, &answer)) != RC_OK)
		return rc;
	out->said = ask_said(cx, answer.json, "message");
	if (answer.http.status != PAY_HTTP_OK ||
	    !scalar_is(cx->arena, answer.json, "status_code", "200"))
		return RC_FAIL;
	return show(cx, o, answer.json, out);
}

/* ---- notices */

/* PAY_REJECT: not a status of this dialect. */
static enum pay_outcome
outcome_of(const struct epusdt *e, int64_t status)
{
	switch (status) {
	case 1:
		return PAY_PENDING;
	case 2:
		return PAY_PAID;
	case 3:
		return PAY_CLOSED;
	case 4: /* cancelled, or still choosing a coin */
		return e->dialect == BEPUSDT ? PAY_CLOSED
		       : e->dialect == GMPAY ? PAY_PENDING
					     : PAY_REJECT;
	case 5: /* on the chain, not confirmed */
		return e->dialect == BEPUSDT ? PAY_PENDING : PAY_REJECT;
	case 6:
		return e->dialect == BEPUSDT ? PAY_FAILED : PAY_REJECT;
	default:
		return PAY_REJECT;
	}
}

static enum pay_why
check_signature(struct ctx *cx, const struct epusdt *e, const struct json *j,
    struct verdict *v)
{
	const struct json *sign = json_at(j, "signature");
	struct params p;
	const char *text;

	if (epusdt_params(cx->arena, j, &p) != RC_OK)
		return WHY_SYNTAX;
	v->signed_text = epusdt_signed_text(&p);
	if (sign == NULL || json_kind(sign) != JSON_T_TEXT ||
	    str_empty(text = json_text(sign, "")))
		return WHY_UNSIGNED;
	if (strlen(text) != EPUSDT_SIGN ||
	    !crypt_equal(span_str(text),
		span_str(epusdt_md5(cx->arena, v->signed_text, e->token))))
		return WHY_SIGNATURE;
	return params_ambiguous(&p, vital) ? WHY_AMBIGUOUS : WHY_OK;
}

static const char *
token_at(struct ctx *cx, const struct json *j, const char *name, size_t max)
{
	const char *s = json_text(j, name);

	if (s == NULL || !str_is_token(s, "-_", max))
		return "";
	return arena_str(cx->arena, s);
}

static enum pay_why
read_fields(struct ctx *cx, const struct epusdt *e, const struct json *j,
    struct verdict *v)
{
	const struct json *amount = json_at(j, "amount");
	int64_t status;

	v->order_no = token_at(cx, j, "order_id", PAY_ORDER_NO);
	v->provider_ref = v->txn = token_at(cx, j, "trade_id", LIM_TXN);
	memcpy(v->currency, e->fiat, sizeof(v->currency));
	/* a number: text would be signed alike, and no dialect sends it */
	v->has_amount =
	    amount != NULL && json_kind(amount) != JSON_T_TEXT &&
	    money_parse(span_str(scalar_text(cx->arena, j, "amount")), 2,
		&v->amount) == RC_OK &&
	    v->amount.minor > 0;
	if (e->dialect == GMPAY &&
	    !str_eq(scalar_text(cx->arena, j, "pid"), e->pid))
		return WHY_MERCHANT;
	if (str_empty(v->order_no) || str_empty(v->txn))
		return WHY_FIELD;
	if (!v->has_amount)
		return WHY_AMOUNT;
	if (json_int(j, "status", &status) != RC_OK)
		return WHY_STATUS;
	v->outcome = outcome_of(e, status);
	return v->outcome == PAY_REJECT ? WHY_STATUS : WHY_OK;
}

static void
epusdt_notice(struct ctx *cx, const struct pay_account *ac,
    const struct pay_request *rq, struct verdict *v)
{
	const struct epusdt *e = epusdt_of(ac);
	const char *type = pay_header(rq, "Content-Type");
	const struct json *j;

	v->why = WHY_METHOD;
	if (!str_eq(rq->method, "POST"))
		return;
	v->why = WHY_SYNTAX;
	if (type == NULL || !str_starts(type, "application/json") ||
	    rq->query.n != 0 || json_read(cx->arena, rq->body, &j) != RC_OK ||
	    json_kind(j) != JSON_T_OBJECT ||
	    (v->why = check_signature(cx, e, j, v)) != WHY_OK)
		return;
	v->signature_valid = true;
	if ((v->why = read_fields(cx, e, j, v)) != WHY_OK)
		v->outcome = PAY_REJECT;
}

/* ---- api */

/* Two shapes of one answer: the fields bare, or under data. */
static enum rc
read_status(struct ctx *cx, const struct epusdt *e, const struct pay_ref *ref,
    const struct json *j, struct verdict *v)
{
	const struct json *data = json_at(j, "data");
	int64_t status;

	if (data == NULL || json_kind(data) != JSON_T_OBJECT)
		data = j;
	if (!str_eq(json_text(data, "trade_id"), ref->provider_ref) ||
	    json_int(data, "status", &status) != RC_OK)
		return RC_NOTFOUND;
	v->outcome = outcome_of(e, status);
	if (v->outcome == PAY_REJECT)
		return RC_FAIL;
	v->order_no = ref->order_no;
	v->provider_ref = v->txn = arena_str(cx->arena, ref->provider_ref);
	v->amount = ref->amount;
	v->has_amount = true;
	memcpy(v->currency, e->fiat, sizeof(v->currency));
	v->signature_valid = true; /* by TLS, or by the operator's word */
	v->why = WHY_OK;
	return RC_OK;
}

static enum rc
epusdt_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_ref *ref, struct verdict *v)
{
	static const char *const headers[] = {"Accept: application/json", NULL};
	const struct epusdt *e = epusdt_of(ac);
	struct http_call call = {.method = "GET", .headers = headers};
	struct asked answer;
	enum rc rc;

	call.url = arena_fmt(cx->arena, "%spay/check-status/%s", e->base_url,
	    str_empty(ref->provider_ref)
		? "0"
		: url_encoded(cx->arena, ref->provider_ref));
	if ((rc = ask(cx, "epusdt", &call, &answer)) != RC_OK)
		return rc;
	if (ask_unclear(answer.http.status))
		return RC_BUSY;
	if (answer.json == NULL)
		return RC_FAIL;
	if (str_empty(ref->provider_ref))
		return RC_NOTFOUND;
	return read_status(cx, e, ref, answer.json, v);
}

/* BEpusdt alone can be told to forget a trade; the others let it lapse. */
static enum rc
epusdt_close(
    struct ctx *cx, const struct pay_account *ac, const struct pay_ref *ref)
{
	static const char *const headers[] = {
	    "Content-Type: application/json", NULL};
	const struct epusdt *e = epusdt_of(ac);
	struct http_call call = {.method = "POST", .headers = headers};
	struct asked answer;
	struct params p;
	enum rc rc;

	if (e->dialect != BEPUSDT)
		return RC_INVALID;
	if (str_empty(ref->provider_ref))
		return RC_OK;
	params_init(&p, cx->arena);
	params_add(&p, "trade_id", ref->provider_ref);
	call.body = order_body(e, &p);
	call.url = arena_fmt(
	    cx->arena, "%sapi/v1/order/cancel-transaction", e->base_url);
	if ((rc = ask(cx, "epusdt", &call, &answer)) != RC_OK)
		return rc;
	if (ask_unclear(answer.http.status))
		return RC_BUSY;
	return scalar_is(cx->arena, answer.json, "status_code", "200")
		   ? RC_OK
		   : RC_CONFLICT;
}

/* clang-format off */
const struct gateway gateway_epusdt = {
	.name = "epusdt",
	.title = "USDT (epusdt, BEpusdt, GMPay)",
	.can = PAY_CAN_QUERY | PAY_CAN_CLOSE | PAY_OPEN_CALLS | PAY_REF_BINDS,
	.currencies = "CNY,USD,EUR,GBP",
	.fields = fields,
	.n_fields = sizeof(fields) / sizeof(fields[0]),
	.reply = {
		[ANSWER_ACCEPT] = {PAY_HTTP_OK, "text/plain", "ok"},
		[ANSWER_REJECT] = {PAY_HTTP_REFUSED, "text/plain", "fail"},
		[ANSWER_LATER] = {PAY_HTTP_LATER, "text/plain", "fail"},
	},
	.account = epusdt_account,
	.open = epusdt_open,
	.notice = epusdt_notice,
	.query = epusdt_query,
	.close = epusdt_close,
};
/* clang-format on */
