/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EPay V1, the dialect of the Chinese payment aggregators (reference program:
 * "Rainbow", 彩虹).  PAYMENTS.md section 3 of the design has the protocol.
 *
 * The one tricky idea: the signature is MD5 over "k=v&k=v" with raw values,
 * so a '&' inside a value can imitate a field.  Notices in which that could
 * matter are refused (params_ambiguous), and what we send holds no '&'.
 *
 * The API's answers are unsigned.  They are believed over TLS only, unless
 * the operator allows plain HTTP to a gateway of his own.
 */
#include "pay/epay.h"

#include <string.h>

#include "base/hex.h"
#include "base/limits.h"
#include "io/crypt.h"
#include "pay/ask.h"
#include "pay/fields.h"
#include "pay/request.h"
#include "pay/scalar.h"
#include "pay/verdict.h"

enum { EPAY_SIGN = 32 }; /* hex digits of an MD5 */

struct epay {
	const char *base_url; /* ends with '/' */
	const char *pid;
	struct span key;
	const char *type; /* "" lets the buyer choose at the cashier */
	bool amp_key;     /* dialect: "&key=" before the key */
	bool mapi;        /* open by mapi.php, not in the browser */
	bool sign_api;    /* api.php by signature, not with the key itself */
};

/* clang-format off */
static const struct gateway_field fields[] = {
	{"base_url", FIELD_URL, true, 8, PAY_URL, NULL, NULL,
	    "Address of the gateway, ends with /"},
	{"pid", FIELD_TEXT, true, 1, EPAY_WORD, NULL, NULL,
	    "Merchant number (pid)"},
	{"key", FIELD_SECRET, true, PAY_KEY_MIN, PAY_KEY, NULL, NULL,
	    "Merchant key (MD5)"},
	{"type", FIELD_TEXT, false, 1, EPAY_WORD, NULL, NULL,
	    "alipay, wxpay, qqpay ...; empty: the buyer chooses there"},
	{"open", FIELD_CHOICE, true, 0, 0, "submit|mapi", "submit",
	    "submit: the browser goes there; mapi: asked for a link or code"},
	{"key_join", FIELD_CHOICE, true, 0, 0, "plain|amp", "plain",
	    "amp: some gateways sign with &key= before the key"},
	{"api_auth", FIELD_CHOICE, true, 0, 0, "key|sign", "key",
	    "How api.php knows us; sign keeps the key out of requests"},
	{"allow_http", FIELD_BOOL, true, 0, 0, NULL, "no",
	    "Plain HTTP to a gateway of your own: its answers are unsigned"},
};
/* clang-format on */

char *
epay_md5(struct arena *a, struct span text, struct span key, bool amp_key)
{
	struct span join = amp_key ? SPAN_LIT("&key=") : SPAN_LIT("");
	size_t n = text.n + join.n + key.n;
	uint8_t digest[16];
	struct buf b;

	buf_init(&b, a, n + 1, n + 1);
	buf_add(&b, text.p, text.n);
	buf_add(&b, join.p, join.n);
	buf_add(&b, key.p, key.n);
	crypt_md5((struct span){b.p, b.len}, digest);
	crypt_wipe(b.p, b.len);
	return hex_text(a, digest, sizeof(digest));
}

static const struct epay *
epay_of(const struct pay_account *ac)
{
	return (const struct epay *)(const void *)ac;
}

static enum rc
epay_account(struct arena *keep, const struct gateway_config *v,
    const struct pay_account **out, struct gateway_error *why)
{
	struct epay *e = ARENA_NEW(keep, struct epay);

	e->base_url = fields_get(v, "base_url");
	e->pid = fields_get(v, "pid");
	e->key = span_str(fields_get(v, "key"));
	e->type = fields_get(v, "type");
	e->mapi = fields_is(v, "open", "mapi");
	e->amp_key = fields_is(v, "key_join", "amp");
	e->sign_api = fields_is(v, "api_auth", "sign");
	if (!url_allowed(e->base_url, fields_yes(v, "allow_http"))) {
		*why = (struct gateway_error){"base_url", "not_https"};
		return RC_INVALID;
	}
	if (e->mapi && str_empty(e->type)) {
		*why = (struct gateway_error){"type", "required"};
		return RC_INVALID;
	}
	*out = (const struct pay_account *)(const void *)e;
	return RC_OK;
}

/* ---- requests */

static const char *
api_url(struct ctx *cx, const struct epay *e, const char *file)
{
	return arena_fmt(cx->arena, "%s%s", e->base_url, file);
}

static void
sign_params(const struct epay *e, struct params *p)
{
	struct span text = epay_signed_text(p);

	params_add(p, "sign", epay_md5(p->arena, text, e->key, e->amp_key));
	params_add(p, "sign_type", "MD5");
}

/* The buyer goes to submit.php with signed parameters: a link, and the same
 * as a form.  Nothing is asked of the gateway. */
static enum rc
open_submit(struct ctx *cx, const struct epay *e, const struct pay_order *o,
    struct pay_opened *out)
{
	struct params p;
	struct buf b;

	params_init(&p, cx->arena);
	epay_order(e->pid, e->type, o, &p);
	sign_params(e, &p);
	buf_init(&b, cx->arena, LIM_PATH, LIM_QUERY);
	buf_str(&b, e->base_url);
	buf_str(&b, "submit.php?");
	params_encode(&b, &p);
	out->show = PAY_LINK;
	out->url = buf_text(&b);
	out->form = params_pairs(&p);
	out->n_form = p.n;
	return b.bad ? RC_INVALID : RC_OK;
}

static enum rc
open_mapi(struct ctx *cx, const struct epay *e, const struct pay_order *o,
    struct pay_opened *out)
{
	const struct json *j;
	const char *code;
	struct params p;
	enum rc rc;

	params_init(&p, cx->arena);
	epay_order(e->pid, e->type, o, &p);
	params_add(&p, "clientip", o->client_ip);
	params_add(&p, "device", epay_device(o->device));
	sign_params(e, &p);
	rc = ask_form(cx, "epay", api_url(cx, e, "mapi.php"), &p, &j);
	if (rc != RC_OK)
		return rc;
	out->said = ask_said(cx, j, "msg");
	if (!scalar_is(cx->arena, j, "code", "1"))
		return RC_FAIL;
	code = json_text(j, "qrcode");
	if (str_empty(code))
		code = json_text(j, "urlscheme");
	return epay_show(json_text(j, "payurl"), code, out);
}

static enum rc
epay_open(struct ctx *cx, const struct pay_account *ac,
    const struct pay_order *o, struct pay_opened *out)
{
	const struct epay *e = epay_of(ac);

	return e->mapi ? open_mapi(cx, e, o, out) : open_submit(cx, e, o, out);
}

/* ---- notices */

static enum pay_why
check_signature(const struct epay *e, struct params *p, struct verdict *v)
{
	const struct span *sign = params_get(p, "sign");
	const char *type = params_text(p, "sign_type", EPAY_WORD);
	const char *good;

	v->signed_text = epay_signed_text(p);
	if (sign == NULL || sign->n == 0)
		return WHY_UNSIGNED;
	/* absent in BEpusdt's compatible notices; never chosen by the sender */
	if (type == NULL || (!str_empty(type) && !str_eq(type, "MD5")))
		return WHY_ALGORITHM;
	good = epay_md5(p->arena, v->signed_text, e->key, e->amp_key);
	if (sign->n != EPAY_SIGN || !crypt_equal(*sign, span_str(good)))
		return WHY_SIGNATURE;
	return params_ambiguous(p, epay_vital) ? WHY_AMBIGUOUS : WHY_OK;
}

static void
epay_notice(struct ctx *cx, const struct pay_account *ac,
    const struct pay_request *rq, struct verdict *v)
{
	const struct epay *e = epay_of(ac);
	struct params p;

	params_init(&p, cx->arena);
	v->why = request_params(rq, PAY_FORM_GET | PAY_FORM_POST, &p);
	if (v->why != WHY_OK)
		return;
	if ((v->why = check_signature(e, &p, v)) != WHY_OK)
		return;
	v->signature_valid = true;
	if ((v->why = epay_fields(e->pid, &p, v)) == WHY_OK)
		v->outcome = PAY_PAID;
}

/* ---- api */

static void
api_params(const struct epay *e, const char *act, struct params *p)
{
	params_add(p, "act", act);
	params_add(p, "pid", e->pid);
}

static void
api_auth(const struct epay *e, struct params *p)
{
	if (e->sign_api)
		sign_params(e, p);
	else
		params_span(p, "key", e->key);
}

static enum rc
read_order(struct ctx *cx, const struct epay *e, const struct pay_ref *ref,
    const struct json *j, struct verdict *v)
{
	const char *txn = scalar_text(cx->arena, j, "trade_no");

	if (!str_eq(scalar_text(cx->arena, j, "pid"), e->pid) ||
	    !str_eq(scalar_text(cx->arena, j, "out_trade_no"), ref->order_no) ||
	    !str_is_token(txn, "-_.", LIM_TXN) ||
	    money_parse(span_str(scalar_text(cx->arena, j, "money")), 2,
		&v->amount) != RC_OK)
		return RC_FAIL;
	v->order_no = ref->order_no;
	v->txn = arena_str(cx->arena, txn);
	v->has_amount = true;
	memcpy(v->currency, "CNY", sizeof("CNY"));
	v->signature_valid = true; /* by TLS, or by the operator's word */
	v->why = WHY_OK;
	if (scalar_is(cx->arena, j, "status", "1"))
		v->outcome = PAY_PAID;
	else if (scalar_is(cx->arena, j, "status", "0"))
		v->outcome = PAY_PENDING;
	else if (scalar_is(cx->arena, j, "status", "2"))
		v->outcome = PAY_REFUNDED;
	else
		return RC_FAIL;
	return RC_OK;
}

/* GET, as the reference program has it: it looks into the query only.  So
 * the key stands in an address here unless api_auth is sign. */
static enum rc
epay_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_ref *ref, struct verdict *v)
{
	const struct epay *e = epay_of(ac);
	const struct json *j;
	struct params p;
	enum rc rc;

	params_init(&p, cx->arena);
	api_params(e, "order", &p);
	params_add(&p, "out_trade_no", ref->order_no);
	api_auth(e, &p);
	rc = ask_get(cx, "epay", api_url(cx, e, "api.php"), &p, &j);
	if (rc != RC_OK)
		return rc;
	if (scalar_is(cx->arena, j, "code", "1")) {
		rc = read_order(cx, e, ref, j, v);
		if (rc != RC_OK)
			verdict_init(v);
		return rc;
	}
	/* one code for "no such order" and for all else: its words are free
	 * text, so an order is only unknown when the key was accepted */
	return scalar_is(cx->arena, j, "code", "-1") ? RC_NOTFOUND : RC_FAIL;
}

/* No refund number in this protocol: a repeat is a second refund.  After an
 * unclear answer the shop has to ask epay_query() first. */
static enum rc
epay_refund(struct ctx *cx, const struct pay_account *ac,
    const struct pay_refund *rf, struct pay_refunded *out)
{
	const struct epay *e = epay_of(ac);
	const struct json *j;
	struct params p;
	enum rc rc;

	params_init(&p, cx->arena);
	api_params(e, "refund", &p);
	if (!str_empty(rf->of.txn))
		params_add(&p, "trade_no", rf->of.txn);
	params_add(&p, "out_trade_no", rf->of.order_no);
	params_add(&p, "money", money_text(cx->arena, rf->amount, 2));
	api_auth(e, &p);
	rc = ask_form(cx, "epay", api_url(cx, e, "api.php?act=refund"), &p, &j);
	if (rc != RC_OK) {
		/* never sent is refused, everything else may have happened */
		out->state = rc == RC_DENIED ? REFUND_REFUSED : REFUND_UNCLEAR;
		return RC_OK;
	}
	out->said = ask_said(cx, j, "msg");
	if (scalar_is(cx->arena, j, "code", "1") ||
	    scalar_is(cx->arena, j, "code", "0"))
		out->state = REFUND_DONE;
	else
		out->state = REFUND_REFUSED;
	return RC_OK;
}

/* clang-format off */
const struct gateway gateway_epay = {
	.name = "epay",
	.title = "EPay V1",
	.can = PAY_CAN_QUERY | PAY_CAN_REFUND | PAY_OPEN_CALLS,
	.currencies = "CNY",
	.fields = fields,
	.n_fields = sizeof(fields) / sizeof(fields[0]),
	.reply = {
		[ANSWER_ACCEPT] = {PAY_HTTP_OK, "text/plain", "success"},
		[ANSWER_REJECT] = {PAY_HTTP_REFUSED, "text/plain", "fail"},
		[ANSWER_LATER] = {PAY_HTTP_LATER, "text/plain", "fail"},
	},
	.account = epay_account,
	.open = epay_open,
	.notice = epay_notice,
	.query = epay_query,
	.refund = epay_refund,
};
/* clang-format on */
