/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WeChat Pay API v3: what is signed, and the calls.  Answers of 2xx must be
 * signed by the platform, an empty 204 too; errors need not be, and are never
 * more than "no" or "ask again".
 */
#include "pay/wechatpay.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "pay/ask.h"
#include "pay/verdict.h"

enum { NONCE = 32, STAMP_MAX = 10, SIGN_MAX = 2048, REASON_MAX = 80 };

static const struct wechatpay *
wechat_of(const struct pay_account *ac)
{
	return (const struct wechatpay *)(const void *)ac;
}

/* ---- signatures */

struct span
wechat_request_text(struct arena *a, const char *method, const char *path,
    int64_t stamp, const char *nonce, struct span body)
{
	struct buf b;

	buf_init(&b, a, body.n + LIM_PATH, body.n + LIM_QUERY);
	buf_fmt(
	    &b, "%s\n%s\n%lld\n%s\n", method, path, (long long)stamp, nonce);
	buf_add(&b, body.p, body.n);
	buf_chr(&b, '\n');
	return b.bad ? SPAN_LIT("") : (struct span){b.p, b.len};
}

const char *
wechat_authorization(struct arena *a, const char *mchid, const char *serial,
    int64_t stamp, const char *nonce, const char *sign)
{
	return arena_fmt(a,
	    "WECHATPAY2-SHA256-RSA2048 mchid=\"%s\",nonce_str=\"%s\","
	    "timestamp=\"%lld\",serial_no=\"%s\",signature=\"%s\"",
	    mchid, nonce, (long long)stamp, serial, sign);
}

const struct wechat_key *
wechat_key_of(const struct wechatpay *w, const char *id, int64_t now_us)
{
	const struct wechat_key *k;

	for (k = w->keys; k < w->keys + w->n_keys; k++)
		if (str_eq(k->id, id) &&
		    (k->ends_us == 0 || now_us < k->ends_us))
			return k;
	return NULL;
}

/* NULL when absent; blanks on both ends do not count. */
static const char *
header(struct arena *a, const struct pay_request *rq, const char *name)
{
	const char *s = pay_header(rq, name);
	struct span t;

	if (s == NULL)
		return NULL;
	t = span_trim(span_str(s));
	return t.n == 0 ? NULL : arena_dup(a, t.p, t.n);
}

static bool
near(const struct wechatpay *w, const char *stamp, int64_t now_us)
{
	uint64_t s;

	return strlen(stamp) <= STAMP_MAX &&
	       num_u64(span_str(stamp), UINT32_MAX, &s) == RC_OK &&
	       llabs(now_us - (int64_t)s * US_PER_S) < w->skew_us;
}

enum pay_why
wechat_verify(struct arena *a, const struct wechatpay *w,
    const struct pay_request *rq, int64_t now_us, struct span *text)
{
	const char *stamp = header(a, rq, "Wechatpay-Timestamp");
	const char *nonce = header(a, rq, "Wechatpay-Nonce");
	const char *sign = header(a, rq, "Wechatpay-Signature");
	const char *serial = header(a, rq, "Wechatpay-Serial");
	const char *type = header(a, rq, "Wechatpay-Signature-Type");
	const struct wechat_key *key;
	struct span raw;
	struct buf b;

	if (stamp == NULL || nonce == NULL || sign == NULL || serial == NULL)
		return WHY_UNSIGNED;
	if (type != NULL && !str_eq(type, "WECHATPAY2-SHA256-RSA2048"))
		return WHY_ALGORITHM;
	buf_init(&b, a, rq->body.n + LIM_PATH, rq->body.n + LIM_QUERY);
	buf_fmt(&b, "%s\n%s\n", stamp, nonce);
	buf_add(&b, rq->body.p, rq->body.n);
	buf_chr(&b, '\n');
	if (b.bad || strlen(sign) > SIGN_MAX)
		return WHY_SYNTAX;
	*text = (struct span){b.p, b.len};
	/* the one that is named, or none: never "the only key we have" */
	if ((key = wechat_key_of(w, serial, now_us)) == NULL)
		return WHY_CERT;
	/* probes of theirs start with WECHATPAY/SIGNTEST/ and end here */
	if (b64_bytes(a, span_str(sign), &raw) != RC_OK ||
	    rsa_verify(key->key, *text, raw) != RC_OK)
		return WHY_SIGNATURE;
	return near(w, stamp, now_us) ? WHY_OK : WHY_TIME;
}

/* ---- calls */

static const char *
fresh_nonce(struct arena *a)
{
	uint8_t random[NONCE / 2];

	crypt_random(random, sizeof(random));
	return hex_text(a, random, sizeof(random));
}

/* The part of the address that is signed: behind the host. */
static const char *
path_of(const char *url)
{
	const char *host = strstr(url, "://");

	return host == NULL ? url : strchr(host + 3, '/');
}

static enum rc
signed_headers(struct ctx *cx, const struct wechatpay *w, const char *method,
    const char *url, struct span body, const char *headers[6])
{
	int64_t stamp = cx->now / US_PER_S;
	const char *nonce = fresh_nonce(cx->arena);
	struct span sign;
	enum rc rc;

	rc = rsa_sign(cx->arena, w->ours,
	    wechat_request_text(
		cx->arena, method, path_of(url), stamp, nonce, body),
	    &sign);
	if (rc != RC_OK)
		return rc;
	headers[0] = arena_fmt(cx->arena, "Authorization: %s",
	    wechat_authorization(cx->arena, w->mchid, w->serial, stamp, nonce,
		b64_text(cx->arena, sign.p, sign.n)));
	headers[1] = "Accept: application/json";
	headers[2] = "Content-Type: application/json";
	headers[3] = "User-Agent: keystall";
	headers[4] = NULL;
	/* says which key the answer shall be signed with */
	if (str_starts(w->keys[0].id, "PUB_KEY_ID_"))
		headers[4] =
		    arena_fmt(cx->arena, "Wechatpay-Serial: %s", w->keys[0].id);
	headers[5] = NULL;
	return RC_OK;
}

enum rc
wechat_ask(struct ctx *cx, const struct wechatpay *w, const char *method,
    const char *path, struct span body, struct asked *out)
{
	const char *headers[6];
	struct http_call call = {
	    .method = method, .headers = headers, .body = body};
	enum rc rc;

	call.url = arena_fmt(cx->arena, "%s%s", w->base_url, path);
	rc = signed_headers(cx, w, method, call.url, body, headers);
	return rc == RC_OK ? ask(cx, "wechatpay", &call, out) : rc;
}

enum rc
wechat_call(struct ctx *cx, const struct wechatpay *w, const char *method,
    const char *path, struct span body, int *status, const struct json **out)
{
	struct pay_request said = {.method = "POST"};
	struct asked answer;
	struct span text;
	enum rc rc = wechat_ask(cx, w, method, path, body, &answer);

	if (rc != RC_OK)
		return rc;
	*status = answer.http.status;
	*out = answer.json;
	if (!ask_good(*status))
		return RC_OK;
	said.headers = answer.http.headers;
	said.body = answer.http.body;
	if (wechat_verify(cx->arena, w, &said, time_now_us(), &text) != WHY_OK)
		return RC_FAIL;
	return RC_OK;
}

static bool
code_is(const struct json *j, const char *code)
{
	return j != NULL && str_eq(json_text(j, "code"), code);
}

/* ---- transactions */

static const struct {
	const char *state;
	enum pay_outcome outcome;
} trade_state[] = {
    {"SUCCESS", PAY_PAID},
    /* some or all of it was given back; how much is not said here */
    {"REFUND", PAY_PART_REFUNDED},
    {"NOTPAY", PAY_PENDING},
    {"USERPAYING", PAY_PENDING},
    {"ACCEPT", PAY_PENDING},
    {"CLOSED", PAY_CLOSED},
    {"REVOKED", PAY_CLOSED},
    {"PAYERROR", PAY_FAILED},
};

static enum pay_outcome
outcome_of(const char *state)
{
	size_t i;

	for (i = 0; i < sizeof(trade_state) / sizeof(trade_state[0]); i++)
		if (str_eq(trade_state[i].state, state))
			return trade_state[i].outcome;
	return PAY_REJECT;
}

enum pay_why
wechat_transaction(struct ctx *cx, const struct wechatpay *w,
    const struct json *j, struct verdict *v)
{
	const char *no = json_text(j, "out_trade_no");
	const char *txn = json_text(j, "transaction_id");
	const char *currency = json_text(j, "amount.currency");
	enum pay_outcome outcome = outcome_of(json_text(j, "trade_state"));

	if (!str_eq(json_text(j, "mchid"), w->mchid))
		return WHY_MERCHANT;
	if (outcome == PAY_REJECT)
		return WHY_STATUS;
	if (no == NULL || !str_is_token(no, "-_*", PAY_ORDER_NO))
		return WHY_FIELD;
	v->order_no = arena_str(cx->arena, no);
	if (txn != NULL && str_is_token(txn, "-_", LIM_TXN))
		v->txn = arena_str(cx->arena, txn);
	if (outcome == PAY_PAID && str_empty(v->txn))
		return WHY_FIELD;
	/* total is the price; payer_total may be lower by coupons */
	v->has_amount =
	    json_int(j, "amount.total", &v->amount.minor) == RC_OK &&
	    v->amount.minor > 0;
	if (outcome == PAY_PAID && !v->has_amount)
		return WHY_AMOUNT;
	if (currency == NULL || strlen(currency) >= sizeof(v->currency))
		currency = v->has_amount ? "?" : "";
	memcpy(v->currency, currency, strlen(currency) + 1);
	v->outcome = outcome;
	return WHY_OK;
}

enum rc
wechat_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_ref *ref, struct verdict *v)
{
	const struct wechatpay *w = wechat_of(ac);
	const struct json *j;
	int status;
	enum rc rc;

	rc = wechat_call(cx, w, "GET",
	    arena_fmt(cx->arena, "v3/pay/transactions/out-trade-no/%s?mchid=%s",
		ref->order_no, w->mchid),
	    SPAN_LIT(""), &status, &j);
	if (rc != RC_OK)
		return rc;
	if (code_is(j, "ORDER_NOT_EXIST"))
		return RC_NOTFOUND;
	if (status != PAY_HTTP_OK || j == NULL)
		return ask_unclear(status) ? RC_BUSY : RC_FAIL;
	v->why = wechat_transaction(cx, w, j, v);
	if (v->why != WHY_OK || !str_eq(v->order_no, ref->order_no)) {
		verdict_init(v);
		return RC_FAIL;
	}
	v->signature_valid = true;
	return RC_OK;
}

/* ---- refunds */

static void
refund_answer(struct ctx *cx, const struct pay_refund *rf, int status,
    const struct json *j, struct pay_refunded *out)
{
	const char *state, *id;

	if (j == NULL || status != PAY_HTTP_OK)
		return;
	state = json_text(j, "status");
	id = json_text(j, "refund_id");
	if (!str_eq(json_text(j, "out_refund_no"), rf->refund_no))
		return;
	if (id != NULL && str_is_token(id, "-_", LIM_TXN))
		out->refund_id = arena_str(cx->arena, id);
	if (str_eq(state, "SUCCESS"))
		out->state = REFUND_DONE;
	else if (str_eq(state, "CLOSED"))
		out->state = REFUND_REFUSED;
	else if (str_eq(state, "PROCESSING") || str_eq(state, "ABNORMAL"))
		out->state = REFUND_PENDING; /* abnormal: settled by hand */
}

enum rc
wechat_refund(struct ctx *cx, const struct pay_account *ac,
    const struct pay_refund *rf, struct pay_refunded *out)
{
	const struct json *j;
	struct buf b;
	int status;
	enum rc rc;

	buf_init(&b, cx->arena, LIM_PATH, LIM_QUERY);
	buf_chr(&b, '{');
	ask_put(&b, "out_trade_no", rf->of.order_no);
	ask_put(&b, "out_refund_no", rf->refund_no);
	/* a longer one would be refused, and half a sentence is no reason */
	if (!str_empty(rf->reason) && strlen(rf->reason) <= REASON_MAX)
		ask_put(&b, "reason", rf->reason);
	if (!str_empty(rf->notify_url))
		ask_put(&b, "notify_url", rf->notify_url);
	buf_fmt(&b,
	    ",\"amount\":{\"refund\":%lld,\"total\":%lld,"
	    "\"currency\":\"CNY\"}}",
	    (long long)rf->amount.minor, (long long)rf->of.amount.minor);
	if (b.bad)
		return RC_INVALID;
	rc =
	    wechat_call(cx, wechat_of(ac), "POST", "v3/refund/domestic/refunds",
		(struct span){b.p, b.len}, &status, &j);
	if (rc == RC_DENIED)
		out->state = REFUND_REFUSED; /* never left the house */
	if (rc != RC_OK)
		return RC_OK;
	out->said = ask_said(cx, j, "message");
	refund_answer(cx, rf, status, j, out);
	/* their codes of 4xx say that nothing was done */
	if (!ask_good(status) && !ask_unclear(status) && j != NULL)
		out->state = REFUND_REFUSED;
	return RC_OK;
}

enum rc
wechat_refund_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_refund *rf, struct pay_refunded *out)
{
	const struct json *j;
	int status;

	if (wechat_call(cx, wechat_of(ac), "GET",
		arena_fmt(
		    cx->arena, "v3/refund/domestic/refunds/%s", rf->refund_no),
		SPAN_LIT(""), &status, &j) != RC_OK)
		return RC_OK;
	out->said = ask_said(cx, j, "message");
	refund_answer(cx, rf, status, j, out);
	return RC_OK;
}

enum rc
wechat_close(
    struct ctx *cx, const struct pay_account *ac, const struct pay_ref *ref)
{
	const struct wechatpay *w = wechat_of(ac);
	const struct json *j;
	struct buf b;
	int status;
	enum rc rc;

	buf_init(&b, cx->arena, PAY_WORD, LIM_PATH);
	buf_chr(&b, '{');
	ask_put(&b, "mchid", w->mchid);
	buf_chr(&b, '}');
	rc = wechat_call(cx, w, "POST",
	    arena_fmt(cx->arena, "v3/pay/transactions/out-trade-no/%s/close",
		ref->order_no),
	    (struct span){b.p, b.len}, &status, &j);
	if (rc != RC_OK)
		return rc;
	if (ask_good(status) || code_is(j, "ORDER_CLOSED") ||
	    code_is(j, "ORDER_NOT_EXIST"))
		return RC_OK;
	return ask_unclear(status) ? RC_BUSY : RC_CONFLICT;
}
