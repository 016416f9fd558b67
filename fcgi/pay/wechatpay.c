/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WeChat Pay API v3: Native (a code) and H5 (a link for phones).
 *
 * A notice is signed over its raw bytes and encrypted inside: the signature
 * comes first, then the key (picked by its exact id, never another one), then
 * the contents.  Both kinds of platform keys occur side by side while a
 * merchant moves from certificates to public keys, so there is one list.
 */
#include "pay/wechatpay.h"

#include <string.h>

#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/url.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "io/cert.h"
#include "pay/ask.h"
#include "pay/fields.h"
#include "pay/verdict.h"

enum {
	V3_KEY = 32,
	GCM_MIN = 17,      /* one byte and the tag */
	DESCRIPTION = 120, /* bytes */
	SKEW_MIN = 10,
	SKEW_MAX = 86400,
	CHINA_MIN = 8 * 60,
	H5_SECONDS = 4 * 60,
	CODE_SECONDS = 110 * 60 /* two hours, less some */
};

/* clang-format off */
static const struct gateway_field fields[] = {
	{"base_url", FIELD_URL, true, 8, PAY_URL, NULL,
	    "https://api.mch.weixin.qq.com/",
	    "Address of the API; the second one is https://api2.mch.weixin.qq.com/"},
	{"mchid", FIELD_TEXT, true, 1, PAY_WORD, NULL, NULL,
	    "Merchant number"},
	{"appid", FIELD_TEXT, true, 1, PAY_WORD, NULL, NULL,
	    "APPID that is bound to the merchant"},
	{"merchant_serial", FIELD_TEXT, true, 1, PAY_WORD, NULL, NULL,
	    "Serial number of the merchant's API certificate"},
	{"private_key", FIELD_SECRET_PEM, true, PAY_WORD, PAY_PEM, NULL, NULL,
	    "Private key of the merchant's API certificate"},
	{"apiv3_key", FIELD_SECRET, true, V3_KEY, V3_KEY, NULL, NULL,
	    "APIv3 key, 32 characters"},
	{"platform_keys", FIELD_PEM, true, PAY_WORD, PAY_PEM, NULL, NULL,
	    "WeChat Pay public key after a line with its id (PUB_KEY_ID_...), "
	    "or platform certificates; several may follow each other. "
	    "Certificates are renewed by the shop from then on"},
	{"product", FIELD_CHOICE, true, 0, 0, "auto|native|h5", "native",
	    "native: a code; h5: a link on phones; auto: h5 on a phone"},
	{"tolerance", FIELD_INT, true, SKEW_MIN, SKEW_MAX, NULL, "300",
	    "Seconds by which their clock may differ from ours"},
	{"allow_http", FIELD_BOOL, true, 0, 0, NULL, "no",
	    "Plain HTTP to a gateway of your own"},
};
/* clang-format on */

static const struct wechatpay *
wechat_of(const struct pay_account *ac)
{
	return (const struct wechatpay *)(const void *)ac;
}

/* ---- account */

/* One PEM block and the id line above it. */
static enum rc
key_read(
    struct arena *a, const char *id, struct span pem, struct wechat_key *out)
{
	const struct cert *const *certs;
	size_t n;

	out->ends_us = 0;
	out->pem = pem;
	if (certs_read(a, pem, &certs, &n) == RC_OK) {
		if (cert_ends(certs[0], &out->ends_us) != RC_OK)
			return RC_INVALID;
		if (str_empty(id))
			id = cert_serial_hex(a, certs[0]);
	}
	if (str_empty(id) || !str_is_token(id, "_", PAY_WORD))
		return RC_INVALID;
	out->id = id;
	return rsa_public(a, pem, &out->key);
}

enum rc
wechat_keys_read(
    struct arena *a, struct span text, const struct wechat_key **out, size_t *n)
{
	VEC(struct wechat_key) keys = {0};
	const char *id = "", *begin = NULL;
	struct span rest = text, line;
	struct span pem;
	enum rc rc;

	while (span_cut(&rest, '\n', &line)) {
		const char *end = line.p + line.n;
		char *word;

		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		line = span_trim(line);
		word = arena_dup(a, line.p, line.n);
		if (begin == NULL && str_starts(word, "-----BEGIN ")) {
			begin = line.p;
		} else if (begin == NULL && line.n > 0) {
			id = word;
		} else if (begin != NULL && str_starts(word, "-----END ")) {
			pem = (struct span){begin, (size_t)(end - begin)};
			rc = key_read(a, id, pem, VEC_ADD(&keys, a));
			if (rc != RC_OK)
				return rc;
			begin = NULL;
			id = "";
		}
	}
	*out = keys.v;
	*n = keys.n;
	return keys.n == 0 || begin != NULL ? RC_INVALID : RC_OK;
}

static enum rc
wechat_account(struct arena *keep, const struct gateway_config *v,
    const struct pay_account **out, struct gateway_error *why)
{
	struct wechatpay *w = ARENA_NEW(keep, struct wechatpay);

	w->base_url = fields_get(v, "base_url");
	w->mchid = fields_get(v, "mchid");
	w->appid = fields_get(v, "appid");
	w->serial = fields_get(v, "merchant_serial");
	w->product = fields_get(v, "product");
	w->v3_key = span_str(fields_get(v, "apiv3_key"));
	w->skew_us = fields_uint(v, "tolerance") * US_PER_S;
	*why = (struct gateway_error){"base_url", "not_https"};
	if (!url_allowed(w->base_url, fields_yes(v, "allow_http")))
		return RC_INVALID;
	*why = (struct gateway_error){"private_key", "bad_key"};
	if (rsa_private(keep, span_str(fields_get(v, "private_key")),
		&w->ours) != RC_OK)
		return RC_INVALID;
	*why = (struct gateway_error){"platform_keys", "bad_key"};
	if (wechat_keys_read(keep, span_str(fields_get(v, "platform_keys")),
		&w->keys, &w->n_keys) != RC_OK)
		return RC_INVALID;
	w->n_typed = w->n_keys;
	*out = (const struct pay_account *)(const void *)w;
	return RC_OK;
}

/* ---- opening */

static const char *
description_of(struct arena *a, const char *s)
{
	struct span rest = span_str(s), before;
	struct buf b;
	int32_t cp;

	buf_init(&b, a, DESCRIPTION + 1, DESCRIPTION + 1);
	if (!utf8_valid(rest))
		return "-";
	for (before = rest; (cp = utf8_next(&rest)) >= 0 &&
			    b.len + (before.n - rest.n) <= DESCRIPTION;
	     before = rest) {
		if (cp < ' ')
			buf_chr(&b, ' ');
		else
			buf_add(&b, before.p, before.n - rest.n);
	}
	return b.len == 0 ? "-" : buf_text(&b);
}

/* "2026-01-01T12:15:00+08:00" */
static const char *
china_time(struct arena *a, int64_t us)
{
	char *text = arena_fmt(a, "%s+08:00", time_text(a, us, CHINA_MIN));
	char *blank = strchr(text, ' ');

	if (blank != NULL)
		*blank = 'T';
	return text;
}

static struct span
order_body(struct ctx *cx, const struct wechatpay *w, const struct pay_order *o,
    bool h5)
{
	struct buf b;

	buf_init(&b, cx->arena, LIM_PATH, LIM_QUERY);
	buf_chr(&b, '{');
	ask_put(&b, "appid", w->appid);
	ask_put(&b, "mchid", w->mchid);
	ask_put(&b, "description", description_of(cx->arena, o->subject));
	ask_put(&b, "out_trade_no", o->order_no);
	if (o->expires_us > cx->now)
		ask_put(
		    &b, "time_expire", china_time(cx->arena, o->expires_us));
	ask_put(&b, "notify_url", o->notify_url);
	json_put_name(&b, "amount", false);
	buf_fmt(&b, "{\"total\":%lld,\"currency\":\"CNY\"}",
	    (long long)o->amount.minor);
	if (h5) {
		json_put_name(&b, "scene_info", false);
		buf_chr(&b, '{');
		ask_put(&b, "payer_client_ip", o->client_ip);
		buf_str(&b, ",\"h5_info\":{\"type\":\"Wap\"}}");
	}
	buf_chr(&b, '}');
	return b.bad ? SPAN_LIT("") : (struct span){b.p, b.len};
}

static enum rc
show(struct ctx *cx, const struct pay_order *o, bool h5, const struct json *j,
    struct pay_opened *out)
{
	const char *url = json_text(j, h5 ? "h5_url" : "code_url");

	if (str_empty(url) || strlen(url) > LIM_PATH)
		return RC_FAIL;
	if (o->expires_us > cx->now)
		out->ends_us = o->expires_us; /* time_expire */
	if (!h5) {
		out->show = PAY_QR;
		out->qr = url;
		out->expires_us = cx->now + CODE_SECONDS * US_PER_S;
		return RC_OK;
	}
	if (!url_is_http(url))
		return RC_FAIL;
	out->show = PAY_LINK;
	out->url = arena_fmt(cx->arena, "%s&redirect_url=%s", url,
	    url_encoded(cx->arena, o->return_url));
	/* valid for five minutes; another call gives another one */
	out->expires_us = cx->now + H5_SECONDS * US_PER_S;
	return RC_OK;
}

static enum rc
wechat_open(struct ctx *cx, const struct pay_account *ac,
    const struct pay_order *o, struct pay_opened *out)
{
	const struct wechatpay *w = wechat_of(ac);
	const char *how = str_empty(o->method) ? w->product : o->method;
	bool h5 = str_eq(how, "h5") ||
		  (str_eq(how, "auto") && o->device == PAY_PHONE);
	struct span body = order_body(cx, w, o, h5);
	const struct json *j;
	int status;
	enum rc rc;

	if (body.n == 0)
		return RC_INVALID;
	rc = wechat_call(cx, w, "POST",
	    h5 ? "v3/pay/transactions/h5" : "v3/pay/transactions/native", body,
	    &status, &j);
	if (rc != RC_OK)
		return rc;
	out->said = ask_said(cx, j, "message");
	return status == PAY_HTTP_OK ? show(cx, o, h5, j, out) : RC_FAIL;
}

/* ---- notices */

static const char *
text_at(const struct json *j, const char *path)
{
	const char *s = json_text(j, path);

	return s == NULL ? "" : s;
}

static enum pay_why
decrypt(struct ctx *cx, const struct wechatpay *w, const struct json *j,
    const struct json **out)
{
	struct span nonce = span_str(text_at(j, "resource.nonce"));
	struct span aad = span_str(text_at(j, "resource.associated_data"));
	struct span sealed, plain;

	if (!str_eq(text_at(j, "resource.algorithm"), "AEAD_AES_256_GCM"))
		return WHY_ALGORITHM;
	if (nonce.n != CRYPT_NONCE ||
	    b64_bytes(cx->arena, span_str(text_at(j, "resource.ciphertext")),
		&sealed) != RC_OK ||
	    sealed.n < GCM_MIN)
		return WHY_FIELD;
	if (crypt_gcm_open(cx->arena, w->v3_key, nonce, aad, sealed, &plain) !=
	    RC_OK)
		return WHY_DECRYPT;
	if (json_read(cx->arena, plain, out) != RC_OK ||
	    json_kind(*out) != JSON_T_OBJECT)
		return WHY_SYNTAX;
	return WHY_OK;
}

static enum pay_why
read_payment(struct ctx *cx, const struct wechatpay *w, const struct json *j,
    struct verdict *v)
{
	if (!str_eq(json_text(j, "appid"), w->appid))
		return WHY_MERCHANT;
	return wechat_transaction(cx, w, j, v);
}

/* total is the payment's, refund is of this refund alone: what was refunded
 * in all is not said. */
static enum pay_why
read_refund(struct ctx *cx, const struct wechatpay *w, const struct json *j,
    struct verdict *v)
{
	const char *no = text_at(j, "out_trade_no");
	const char *txn = text_at(j, "transaction_id");
	const char *refund_no = text_at(j, "out_refund_no");

	if (!str_eq(json_text(j, "mchid"), w->mchid))
		return WHY_MERCHANT;
	if (!str_is_token(no, "-_*", PAY_ORDER_NO) ||
	    !str_is_token(txn, "-_", LIM_TXN) ||
	    !str_is_token(refund_no, "-_*@|", PAY_ORDER_NO) ||
	    json_int(j, "amount.total", &v->amount.minor) != RC_OK ||
	    json_int(j, "amount.refund", &v->refund.minor) != RC_OK)
		return WHY_FIELD;
	v->order_no = arena_str(cx->arena, no);
	v->txn = arena_str(cx->arena, txn);
	v->refund_no = arena_str(cx->arena, refund_no);
	v->has_amount = true;
	memcpy(v->currency, "CNY", sizeof("CNY"));
	if (!str_eq(json_text(j, "refund_status"), "SUCCESS"))
		v->outcome = PAY_IGNORE; /* the refund's own query tells */
	else if (money_cmp(v->refund, v->amount) >= 0)
		v->outcome = PAY_REFUNDED;
	else
		v->outcome = PAY_PART_REFUNDED;
	return WHY_OK;
}

static enum pay_why
read_event(struct ctx *cx, const struct wechatpay *w,
    const struct pay_request *rq, struct verdict *v)
{
	const struct json *j, *inner;
	const char *event, *id;
	enum pay_why why;

	if (json_read(cx->arena, rq->body, &j) != RC_OK ||
	    json_kind(j) != JSON_T_OBJECT)
		return WHY_SYNTAX;
	id = text_at(j, "id");
	if (str_is_token(id, "-_", LIM_TXN))
		v->event_id = arena_str(cx->arena, id);
	if ((why = decrypt(cx, w, j, &inner)) != WHY_OK)
		return why;
	event = text_at(j, "event_type");
	if (str_eq(event, "TRANSACTION.SUCCESS"))
		return read_payment(cx, w, inner, v);
	if (str_starts(event, "REFUND."))
		return read_refund(cx, w, inner, v);
	v->outcome = PAY_IGNORE;
	return WHY_OK;
}

static void
wechat_notice(struct ctx *cx, const struct pay_account *ac,
    const struct pay_request *rq, struct verdict *v)
{
	const struct wechatpay *w = wechat_of(ac);

	if (!str_eq(rq->method, "POST")) {
		v->why = WHY_METHOD;
		return;
	}
	v->why = wechat_verify(cx->arena, w, rq, cx->now, &v->signed_text);
	v->signature_valid = v->why == WHY_OK || v->why == WHY_TIME;
	if (v->why == WHY_OK)
		v->why = read_event(cx, w, rq, v);
	if (v->why != WHY_OK)
		v->outcome = PAY_REJECT;
}

/* clang-format off */
const struct gateway gateway_wechatpay = {
	.name = "wechatpay",
	.title = "微信支付 WeChat Pay",
	.can = PAY_CAN_QUERY | PAY_CAN_REFUND | PAY_CAN_CLOSE |
	       PAY_CAN_REFUND_QUERY | PAY_REFUND_IDEMPOTENT | PAY_OPEN_CALLS,
	.currencies = "CNY",
	.fields = fields,
	.n_fields = sizeof(fields) / sizeof(fields[0]),
	.reply = {
		[ANSWER_ACCEPT] = {PAY_HTTP_OK, "application/json",
		    "{\"code\":\"SUCCESS\",\"message\":\"成功\"}"},
		[ANSWER_REJECT] = {PAY_HTTP_REFUSED, "application/json",
		    "{\"code\":\"FAIL\",\"message\":\"失败\"}"},
		[ANSWER_LATER] = {PAY_HTTP_LATER, "application/json",
		    "{\"code\":\"FAIL\",\"message\":\"失败\"}"},
	},
	.account = wechat_account,
	.open = wechat_open,
	.notice = wechat_notice,
	.query = wechat_query,
	.refund = wechat_refund,
	.refund_query = wechat_refund_query,
	.close = wechat_close,
	.keys = wechat_keys,
	.with_keys = wechat_with_keys,
};
/* clang-format on */
