/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alipay open platform: account, opening and notices.  "alipay.trade.*" in
 * the documents of the open platform, signatures by RSA2 only.
 *
 * PC and phone pages are opened by the browser itself with a signed address;
 * a code (precreate) is asked for.  What the browser brings back proves
 * nothing and is not read at all.
 */
#include "pay/alipay.h"

#include <string.h>

#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "pay/ask.h"
#include "pay/fields.h"
#include "pay/request.h"
#include "pay/verdict.h"

enum {
	ALIPAY_SUBJECT = 256, /* characters */
	ALIPAY_WORD = 64,     /* bytes of an id or a status */
	ALIPAY_MIN_MINUTES = 1,
	ALIPAY_MAX_MINUTES = 15 * 24 * 60,
	MINUTE = 60
};

/* clang-format off */
static const struct gateway_field fields[] = {
	{"base_url", FIELD_URL, true, 8, PAY_URL, NULL,
	    "https://openapi.alipay.com/",
	    "Address of gateway.do; the sandbox has another"},
	{"app_id", FIELD_TEXT, true, 1, ALIPAY_WORD, NULL, NULL, "APPID"},
	{"seller_id", FIELD_TEXT, true, 1, ALIPAY_WORD, NULL, NULL,
	    "PID of the account that gets the money (2088...)"},
	{"private_key", FIELD_SECRET_PEM, true, PAY_WORD, PAY_PEM, NULL, NULL,
	    "Private key of the app, PEM or base64"},
	{"public_key", FIELD_PEM, false, PAY_WORD, PAY_PEM, NULL, NULL,
	    "Alipay's public key of the app (not the app's own)"},
	{"app_cert", FIELD_PEM, false, PAY_WORD, PAY_PEM, NULL, NULL,
	    "Certificate mode: appCertPublicKey.crt"},
	{"alipay_cert", FIELD_PEM, false, PAY_WORD, PAY_PEM, NULL, NULL,
	    "Certificate mode: alipayCertPublicKey_RSA2.crt"},
	{"root_cert", FIELD_PEM, false, PAY_WORD, PAY_PEM, NULL, NULL,
	    "Certificate mode: alipayRootCert.crt"},
	{"product", FIELD_CHOICE, true, 0, 0, "auto|page|wap|precreate", "auto",
	    "auto: page on a computer, wap on a phone; precreate: a code"},
	{"allow_http", FIELD_BOOL, true, 0, 0, NULL, "no",
	    "Plain HTTP to a gateway of your own"},
};
/* the fields a decision rests on */
static const char *const vital[] = {
	"app_id", "seller_id", "out_trade_no", "trade_no", "total_amount",
	"trade_status", "refund_fee", "gmt_refund", "out_biz_no", NULL};
/* clang-format on */

static const struct alipay *
alipay_of(const struct pay_account *ac)
{
	return (const struct alipay *)(const void *)ac;
}

/* ---- account */

static enum rc
first_cert(struct arena *a, const char *pem, const struct cert **out)
{
	const struct cert *const *certs;
	size_t n;
	enum rc rc = certs_read(a, span_str(pem), &certs, &n);

	if (rc == RC_OK)
		*out = certs[0];
	return rc;
}

static enum rc
cert_mode(struct arena *keep, const struct gateway_config *v, struct alipay *al,
    struct gateway_error *why)
{
	const struct cert *app, *theirs;
	const char *text;

	*why = (struct gateway_error){"app_cert", "bad_key"};
	if (first_cert(keep, fields_get(v, "app_cert"), &app) != RC_OK ||
	    alipay_cert_sn(keep, app, &text, &al->app_cert_sn) != RC_OK)
		return RC_INVALID;
	why->field = "alipay_cert";
	if (first_cert(keep, fields_get(v, "alipay_cert"), &theirs) != RC_OK ||
	    alipay_cert_sn(keep, theirs, &text, &al->their_cert_sn) != RC_OK ||
	    cert_key(keep, theirs, &al->theirs) != RC_OK)
		return RC_INVALID;
	why->field = "root_cert";
	return alipay_root_sn(
	    keep, span_str(fields_get(v, "root_cert")), &al->root_cert_sn);
}

static enum rc
alipay_account(struct arena *keep, const struct gateway_config *v,
    const struct pay_account **out, struct gateway_error *why)
{
	struct alipay *al = ARENA_NEW(keep, struct alipay);
	bool certs = !str_empty(fields_get(v, "app_cert"));

	al->base_url = fields_get(v, "base_url");
	al->app_id = fields_get(v, "app_id");
	al->seller_id = fields_get(v, "seller_id");
	al->product = fields_get(v, "product");
	al->app_cert_sn = al->root_cert_sn = al->their_cert_sn = "";
	*why = (struct gateway_error){"base_url", "not_https"};
	if (!url_allowed(al->base_url, fields_yes(v, "allow_http")))
		return RC_INVALID;
	*why = (struct gateway_error){"private_key", "bad_key"};
	if (rsa_private(keep, span_str(fields_get(v, "private_key")),
		&al->ours) != RC_OK)
		return RC_INVALID;
	if (certs) {
		if (cert_mode(keep, v, al, why) != RC_OK)
			return RC_INVALID;
	} else {
		*why = (struct gateway_error){"public_key", "bad_key"};
		if (rsa_public(keep, span_str(fields_get(v, "public_key")),
			&al->theirs) != RC_OK)
			return RC_INVALID;
	}
	*out = (const struct pay_account *)(const void *)al;
	return RC_OK;
}

/* ---- opening */

/* At most 256 characters without "/ = &", which Alipay refuses. */
static const char *
subject_of(struct arena *a, const char *s)
{
	struct span rest = span_str(s), before;
	size_t count = 0;
	struct buf b;
	int32_t cp;

	buf_init(&b, a, ALIPAY_SUBJECT, ALIPAY_SUBJECT * 5);
	if (!utf8_valid(rest))
		return "-";
	for (before = rest;
	     (cp = utf8_next(&rest)) >= 0 && count < ALIPAY_SUBJECT;
	     before = rest, count++) {
		if (cp == '/' || cp == '=' || cp == '&' || cp < ' ')
			buf_chr(&b, ' ');
		else
			buf_add(&b, before.p, before.n - rest.n);
	}
	return b.len == 0 ? "-" : buf_text(&b);
}

/* timeout_express; it counts from when the buyer comes, at the earliest from
 * now. */
static int64_t
minutes_left(const struct ctx *cx, const struct pay_order *o)
{
	int64_t minutes = (o->expires_us - cx->now) / (US_PER_S * MINUTE);

	if (minutes < ALIPAY_MIN_MINUTES)
		return ALIPAY_MIN_MINUTES;
	return minutes > ALIPAY_MAX_MINUTES ? ALIPAY_MAX_MINUTES : minutes;
}

static struct span
order_biz(struct ctx *cx, const struct pay_order *o, const char *product_code)
{
	struct buf b;

	buf_init(&b, cx->arena, LIM_PATH, LIM_QUERY);
	buf_chr(&b, '{');
	ask_put(&b, "out_trade_no", o->order_no);
	ask_put(&b, "total_amount", money_text(cx->arena, o->amount, 2));
	ask_put(&b, "subject", subject_of(cx->arena, o->subject));
	ask_put(&b, "timeout_express",
	    arena_fmt(cx->arena, "%lldm", (long long)minutes_left(cx, o)));
	if (product_code != NULL)
		ask_put(&b, "product_code", product_code);
	buf_chr(&b, '}');
	return (struct span){b.p, b.len};
}

static enum rc
open_page(struct ctx *cx, const struct alipay *al, const struct pay_order *o,
    bool phone, struct pay_opened *out)
{
	struct params p;
	const char *sign;
	enum rc rc;

	params_init(&p, cx->arena);
	alipay_call_params(cx, al,
	    phone ? "alipay.trade.wap.pay" : "alipay.trade.page.pay",
	    order_biz(
		cx, o, phone ? "QUICK_WAP_WAY" : "FAST_INSTANT_TRADE_PAY"),
	    &p);
	params_add(&p, "notify_url", o->notify_url);
	params_add(&p, "return_url", o->return_url);
	if ((rc = alipay_sign(cx, al, &p, &sign)) != RC_OK)
		return rc;
	out->show = PAY_LINK;
	out->url = alipay_url(cx->arena, al->base_url, &p, sign);
	params_add(&p, "sign", sign);
	out->form = params_pairs(&p);
	out->n_form = p.n;
	return str_empty(out->url) ? RC_INVALID : RC_OK;
}

static enum rc
open_code(struct ctx *cx, const struct alipay *al, const struct pay_order *o,
    struct pay_opened *out)
{
	const struct json *j;
	struct params p;
	const char *code;
	enum rc rc;

	params_init(&p, cx->arena);
	alipay_call_params(
	    cx, al, "alipay.trade.precreate", order_biz(cx, o, NULL), &p);
	params_add(&p, "notify_url", o->notify_url);
	rc = alipay_call(cx, al, "alipay.trade.precreate", &p, &j);
	if (rc != RC_OK)
		return rc;
	out->said = alipay_said(cx, j);
	code = json_text(j, "qr_code");
	if (!str_eq(json_text(j, "code"), "10000") || str_empty(code) ||
	    strlen(code) > LIM_PATH)
		return RC_FAIL;
	out->show = PAY_QR;
	out->qr = code;
	return RC_OK;
}

static enum rc
alipay_open(struct ctx *cx, const struct pay_account *ac,
    const struct pay_order *o, struct pay_opened *out)
{
	const struct alipay *al = alipay_of(ac);
	const char *how = str_empty(o->method) ? al->product : o->method;
	bool phone = o->device != PAY_PC;

	out->ends_us = cx->now + minutes_left(cx, o) * MINUTE * US_PER_S;
	if (str_eq(how, "precreate"))
		return open_code(cx, al, o, out);
	if (str_eq(how, "page"))
		phone = false;
	else if (str_eq(how, "wap"))
		phone = true;
	return open_page(cx, al, o, phone, out);
}

/* ---- notices */

/* Some libraries leave the certificate's number out of the text, others do
 * not, and no document says which.  It decides nothing, so both texts are
 * tried where certificates are used. */
static enum pay_why
check_signature(const struct alipay *al, struct params *p, struct verdict *v)
{
	static const char *const and_cert[] = {
	    "sign", "sign_type", "alipay_cert_sn", NULL};
	const struct span *sign = params_get(p, "sign");
	const char *type = params_text(p, "sign_type", ALIPAY_WORD);

	v->signed_text = alipay_notice_text(p);
	if (sign == NULL || sign->n == 0)
		return WHY_UNSIGNED;
	if (!str_eq(type, "RSA2"))
		return WHY_ALGORITHM;
	if (alipay_verify(p->arena, v->signed_text, sign, al->theirs) !=
		RC_OK &&
	    (str_empty(al->their_cert_sn) ||
		alipay_verify(p->arena, params_join(p, and_cert, true), sign,
		    al->theirs) != RC_OK))
		return WHY_SIGNATURE;
	return params_ambiguous(p, vital) ? WHY_AMBIGUOUS : WHY_OK;
}

static bool
yuan(const struct params *p, const char *name, struct money *out)
{
	const struct span *s = params_get(p, name);

	return s != NULL && money_parse(*s, 2, out) == RC_OK;
}

static enum pay_why
read_fields(const struct alipay *al, struct params *p, struct verdict *v)
{
	const char *no = params_text(p, "out_trade_no", PAY_ORDER_NO);
	const char *txn = params_text(p, "trade_no", LIM_TXN);
	const char *event = params_text(p, "notify_id", LIM_TXN);
	const char *refund_no = params_text(p, "out_biz_no", PAY_ORDER_NO);

	if (no != NULL && str_is_token(no, "-_", PAY_ORDER_NO))
		v->order_no = no;
	if (txn != NULL && str_is_token(txn, "-_", LIM_TXN))
		v->txn = txn;
	if (event != NULL && str_is_token(event, "-_", LIM_TXN))
		v->event_id = event;
	if (refund_no != NULL && str_is_token(refund_no, "-_", PAY_ORDER_NO))
		v->refund_no = refund_no;
	memcpy(v->currency, "CNY", sizeof("CNY"));
	v->has_amount =
	    yuan(p, "total_amount", &v->amount) && v->amount.minor > 0;
	if (!str_eq(params_text(p, "app_id", ALIPAY_WORD), al->app_id) ||
	    !str_eq(params_text(p, "seller_id", ALIPAY_WORD), al->seller_id))
		return WHY_MERCHANT;
	if (str_empty(v->order_no) || str_empty(v->txn))
		return WHY_FIELD;
	if (params_get(p, "refund_fee") != NULL &&
	    params_get(p, "refund_fee")->n != 0 &&
	    !yuan(p, "refund_fee", &v->refunded))
		return WHY_FIELD;
	return v->has_amount ? WHY_OK : WHY_AMOUNT;
}

static void
alipay_notice(struct ctx *cx, const struct pay_account *ac,
    const struct pay_request *rq, struct verdict *v)
{
	const struct alipay *al = alipay_of(ac);
	const char *status;
	struct params p;

	params_init(&p, cx->arena);
	if ((v->why = request_params(rq, PAY_FORM_POST, &p)) != WHY_OK ||
	    (v->why = check_signature(al, &p, v)) != WHY_OK)
		return;
	v->signature_valid = true;
	if ((v->why = read_fields(al, &p, v)) != WHY_OK)
		return;
	status = params_text(&p, "trade_status", ALIPAY_WORD);
	v->outcome = alipay_outcome(status, v->amount, v->refunded);
	if (v->outcome == PAY_REJECT)
		v->why = WHY_STATUS;
}

/* clang-format off */
const struct gateway gateway_alipay = {
	.name = "alipay",
	.title = "支付宝 Alipay",
	.can = PAY_CAN_QUERY | PAY_CAN_REFUND | PAY_CAN_CLOSE |
	       PAY_CAN_REFUND_QUERY | PAY_REFUND_IDEMPOTENT | PAY_OPEN_CALLS,
	.currencies = "CNY",
	.fields = fields,
	.n_fields = sizeof(fields) / sizeof(fields[0]),
	.reply = {
		[ANSWER_ACCEPT] = {PAY_HTTP_OK, "text/plain", "success"},
		[ANSWER_REJECT] = {PAY_HTTP_REFUSED, "text/plain", "fail"},
		[ANSWER_LATER] = {PAY_HTTP_LATER, "text/plain", "fail"},
	},
	.account = alipay_account,
	.open = alipay_open,
	.notice = alipay_notice,
	.query = alipay_query,
	.refund = alipay_refund,
	.refund_query = alipay_refund_query,
	.close = alipay_close,
};
/* clang-format on */
