/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EPay V2 ("Rainbow" 2.x): the parameters of V1, signed with RSA.  We sign
 * with the merchant's key, answers and notices are signed by the platform.
 *
 * Differences that matter: every message has a timestamp that must be near
 * ours, refunds have a number of their own and can be repeated safely, and a
 * good answer of the API is believed for its signature, not for TLS alone.
 */
#include "pay/epay2.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "pay/ask.h"
#include "pay/epay.h"
#include "pay/fields.h"
#include "pay/request.h"
#include "pay/scalar.h"
#include "pay/verdict.h"

enum { SKEW_MIN = 30, SKEW_MAX = 86400, STAMP_MAX = 10 };

struct epay2 {
	const char *base_url; /* ends with '/' */
	const char *pid;
	const char *type;
	struct rsa_key *ours, *theirs;
	bool create; /* by /api/pay/create, not in the browser */
	int64_t skew_us;
};

/* clang-format off */
static const struct gateway_field fields[] = {
	{"base_url", FIELD_URL, true, 8, PAY_URL, NULL, NULL,
	    "Address of the gateway, ends with /"},
	{"pid", FIELD_TEXT, true, 1, EPAY_WORD, NULL, NULL,
	    "Merchant number (pid)"},
	{"private_key", FIELD_SECRET_PEM, true, PAY_WORD, PAY_PEM, NULL, NULL,
	    "Merchant private key (RSA), PEM or base64"},
	{"public_key", FIELD_PEM, true, PAY_WORD, PAY_PEM, NULL, NULL,
	    "Platform public key (RSA), PEM or base64"},
	{"type", FIELD_TEXT, false, 1, EPAY_WORD, NULL, NULL,
	    "alipay, wxpay, qqpay ...; empty: the buyer chooses there"},
	{"open", FIELD_CHOICE, true, 0, 0, "submit|create", "submit",
	    "submit: the browser goes there; create: asked for a link or code"},
	{"tolerance", FIELD_INT, true, SKEW_MIN, SKEW_MAX, NULL, "300",
	    "Seconds by which their clock may differ from ours"},
	{"allow_http", FIELD_BOOL, true, 0, 0, NULL, "no",
	    "Plain HTTP to a gateway of your own"},
};
/* clang-format on */

static const struct epay2 *
epay2_of(const struct pay_account *ac)
{
	return (const struct epay2 *)(const void *)ac;
}

static enum rc
epay2_account(struct arena *keep, const struct gateway_config *v,
    const struct pay_account **out, struct gateway_error *why)
{
	struct epay2 *e = ARENA_NEW(keep, struct epay2);

	e->base_url = fields_get(v, "base_url");
	e->pid = fields_get(v, "pid");
	e->type = fields_get(v, "type");
	e->create = fields_is(v, "open", "create");
	e->skew_us = fields_uint(v, "tolerance") * US_PER_S;
	*why = (struct gateway_error){"base_url", "not_https"};
	if (!url_allowed(e->base_url, fields_yes(v, "allow_http")))
		return RC_INVALID;
	*why = (struct gateway_error){"type", "required"};
	if (e->create && str_empty(e->type))
		return RC_INVALID;
	*why = (struct gateway_error){"private_key", "bad_key"};
	if (rsa_private(keep, span_str(fields_get(v, "private_key")),
		&e->ours) != RC_OK)
		return RC_INVALID;
	*why = (struct gateway_error){"public_key", "bad_key"};
	if (rsa_public(keep, span_str(fields_get(v, "public_key")),
		&e->theirs) != RC_OK)
		return RC_INVALID;
	*out = (const struct pay_account *)(const void *)e;
	return RC_OK;
}

/* ---- signatures */

static enum rc
sign_params(struct ctx *cx, const struct epay2 *e, struct params *p)
{
	struct span sign;
	enum rc rc;

	params_add(p, "timestamp",
	    arena_fmt(cx->arena, "%lld", (long long)(cx->now / US_PER_S)));
	rc = rsa_sign(cx->arena, e->ours, epay_signed_text(p), &sign);
	if (rc != RC_OK)
		return rc;
	params_add(p, "sign", b64_text(cx->arena, sign.p, sign.n));
	params_add(p, "sign_type", "RSA");
	return RC_OK;
}

enum rc
epay2_verify(struct params *p, const struct rsa_key *key)
{
	const struct span *text = params_get(p, "sign");
	struct span sign;

	if (text == NULL || b64_bytes(p->arena, *text, &sign) != RC_OK)
		return RC_DENIED;
	return rsa_verify(key, epay_signed_text(p), sign);
}

struct params
epay2_answer_params(struct arena *a, const struct json *j)
{
	const struct json *value;
	const char *name, *text;
	struct params p;
	size_t i;

	params_init(&p, a);
	for (i = 0; json_member(j, i, &name, &value); i++)
		if ((text = scalar_of(a, value)) != NULL)
			params_add(&p, name, text);
	return p;
}

static bool
time_is_near(struct ctx *cx, const struct epay2 *e, const struct params *p)
{
	const char *text = params_text(p, "timestamp", STAMP_MAX);
	uint64_t stamp;

	if (text == NULL ||
	    num_u64(span_str(text), UINT32_MAX, &stamp) != RC_OK)
		return false;
	return llabs(cx->now - (int64_t)stamp * US_PER_S) < e->skew_us;
}

/* An answer to one of our calls.  A good one is signed and of now; an error
 * need not be, so it is never more than "no". */
static enum rc
call(struct ctx *cx, const struct epay2 *e, const char *path, struct params *p,
    const struct json **out, bool *good)
{
	struct params answer;
	enum rc rc;

	*good = false;
	if ((rc = sign_params(cx, e, p)) != RC_OK)
		return rc;
	rc = ask_form(cx, "epay2",
	    arena_fmt(cx->arena, "%sapi/pay/%s", e->base_url, path), p, out);
	if (rc != RC_OK || !scalar_is(cx->arena, *out, "code", "0"))
		return rc;
	answer = epay2_answer_params(cx->arena, *out);
	if (epay2_verify(&answer, e->theirs) != RC_OK ||
	    !time_is_near(cx, e, &answer))
		return RC_FAIL;
	*good = true;
	return RC_OK;
}

/* ---- opening */

static enum rc
open_submit(struct ctx *cx, const struct epay2 *e, struct params *p,
    struct pay_opened *out)
{
	struct buf b;
	enum rc rc;

	if ((rc = sign_params(cx, e, p)) != RC_OK)
		return rc;
	buf_init(&b, cx->arena, LIM_PATH, LIM_QUERY);
	buf_str(&b, e->base_url);
	buf_str(&b, "api/pay/submit?");
	params_encode(&b, p);
	out->show = PAY_LINK;
	out->url = buf_text(&b);
	out->form = params_pairs(p);
	out->n_form = p->n;
	/* the timestamp in it gets old */
	out->expires_us = cx->now + e->skew_us;
	return b.bad ? RC_INVALID : RC_OK;
}

static enum rc
open_create(struct ctx *cx, const struct epay2 *e, const struct pay_order *o,
    struct params *p, struct pay_opened *out)
{
	const struct json *j;
	const char *info;
	bool good;
	enum rc rc;

	params_add(p, "method", "web");
	params_add(p, "device", epay_device(o->device));
	params_add(p, "clientip", o->client_ip);
	if ((rc = call(cx, e, "create", p, &j, &good)) != RC_OK)
		return rc;
	out->said = ask_said(cx, j, "msg");
	if (!good)
		return RC_FAIL;
	info = json_text(j, "pay_info");
	if (scalar_is(cx->arena, j, "pay_type", "jump"))
		return epay_show(info, NULL, out);
	if (scalar_is(cx->arena, j, "pay_type", "qrcode") ||
	    scalar_is(cx->arena, j, "pay_type", "urlscheme"))
		return epay_show(NULL, info, out);
	/* html, jsapi, app ...: nothing that a page of ours may hold */
	return RC_FAIL;
}

static enum rc
epay2_open(struct ctx *cx, const struct pay_account *ac,
    const struct pay_order *o, struct pay_opened *out)
{
	const struct epay2 *e = epay2_of(ac);
	struct params p;

	params_init(&p, cx->arena);
	epay_order(e->pid, e->type, o, &p);
	return e->create ? open_create(cx, e, o, &p, out)
			 : open_submit(cx, e, &p, out);
}

/* ---- notices */

static enum pay_why
check_signature(const struct epay2 *e, struct params *p, struct verdict *v)
{
	const char *type = params_text(p, "sign_type", EPAY_WORD);
	const struct span *sign = params_get(p, "sign");

	v->signed_text = epay_signed_text(p);
	if (sign == NULL || sign->n == 0)
		return WHY_UNSIGNED;
	/* two names of one algorithm; neither chooses another */
	if (type == NULL || (!str_empty(type) && !str_eq(type, "RSA") &&
				!str_eq(type, "SHA256WithRSA")))
		return WHY_ALGORITHM;
	if (epay2_verify(p, e->theirs) != RC_OK)
		return WHY_SIGNATURE;
	return params_ambiguous(p, epay_vital) ? WHY_AMBIGUOUS : WHY_OK;
}

static void
epay2_notice(struct ctx *cx, const struct pay_account *ac,
    const struct pay_request *rq, struct verdict *v)
{
	const struct epay2 *e = epay2_of(ac);
	struct params p;

	params_init(&p, cx->arena);
	v->why = request_params(rq, PAY_FORM_GET | PAY_FORM_POST, &p);
	if (v->why != WHY_OK || (v->why = check_signature(e, &p, v)) != WHY_OK)
		return;
	v->signature_valid = true;
	if (!time_is_near(cx, e, &p))
		v->why = WHY_TIME;
	else if ((v->why = epay_fields(e->pid, &p, v)) == WHY_OK)
		v->outcome = PAY_PAID;
}

/* ---- api */

static enum rc
read_order(struct ctx *cx, const struct epay2 *e, const struct pay_ref *ref,
    const struct json *j, struct verdict *v)
{
	static const struct {
		const char *status;
		enum pay_outcome outcome;
	} word[] = {
	    {"0", PAY_PENDING},
	    {"1", PAY_PAID},
	    {"2", PAY_REFUNDED},
	    /* frozen: the money is there but under dispute */
	    {"3", PAY_PENDING},
	    {"4", PAY_PENDING},
	};
	const char *txn = scalar_text(cx->arena, j, "trade_no");
	size_t i;

	if (!scalar_is(cx->arena, j, "pid", e->pid) ||
	    !scalar_is(cx->arena, j, "out_trade_no", ref->order_no) ||
	    !str_is_token(txn, "-_.", LIM_TXN) ||
	    money_parse(span_str(scalar_text(cx->arena, j, "money")), 2,
		&v->amount) != RC_OK)
		return RC_FAIL;
	for (i = 0; i < sizeof(word) / sizeof(word[0]); i++)
		if (scalar_is(cx->arena, j, "status", word[i].status))
			break;
	if (i == sizeof(word) / sizeof(word[0]))
		return RC_FAIL;
	v->outcome = word[i].outcome;
	v->order_no = ref->order_no;
	v->txn = arena_str(cx->arena, txn);
	v->has_amount = true;
	memcpy(v->currency, "CNY", sizeof("CNY"));
	if (money_parse(span_str(scalar_text(cx->arena, j, "refundmoney")), 2,
		&v->refunded) == RC_OK &&
	    v->outcome == PAY_PAID && v->refunded.minor > 0)
		v->outcome = PAY_PART_REFUNDED;
	v->signature_valid = true;
	v->why = WHY_OK;
	return RC_OK;
}

static void
which_order(const struct epay2 *e, const struct pay_ref *ref, struct params *p)
{
	params_add(p, "pid", e->pid);
	if (!str_empty(ref->txn))
		params_add(p, "trade_no", ref->txn);
	params_add(p, "out_trade_no", ref->order_no);
}

static enum rc
epay2_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_ref *ref, struct verdict *v)
{
	const struct epay2 *e = epay2_of(ac);
	const struct json *j;
	struct params p;
	bool good;
	enum rc rc;

	params_init(&p, cx->arena);
	params_add(&p, "pid", e->pid);
	params_add(&p, "out_trade_no", ref->order_no);
	if ((rc = call(cx, e, "query", &p, &j, &good)) != RC_OK)
		return rc;
	if (!good)
		return scalar_is(cx->arena, j, "code", "-1") ? RC_NOTFOUND
							     : RC_FAIL;
	if ((rc = read_order(cx, e, ref, j, v)) != RC_OK)
		verdict_init(v);
	return rc;
}

/* Refunds carry our number: repeating one moves nothing. */
static enum rc
refund_call(struct ctx *cx, const struct epay2 *e, const char *path,
    struct params *p, const struct json **j, bool *good,
    struct pay_refunded *out)
{
	enum rc rc = call(cx, e, path, p, j, good);

	if (rc == RC_DENIED)
		out->state = REFUND_REFUSED; /* never left the house */
	if (rc != RC_OK)
		return rc;
	out->said = ask_said(cx, *j, "msg");
	out->refund_id =
	    arena_str(cx->arena, scalar_text(cx->arena, *j, "refund_no"));
	return RC_OK;
}

static enum rc
epay2_refund(struct ctx *cx, const struct pay_account *ac,
    const struct pay_refund *rf, struct pay_refunded *out)
{
	const struct epay2 *e = epay2_of(ac);
	const struct json *j;
	struct params p;
	bool good;

	params_init(&p, cx->arena);
	which_order(e, &rf->of, &p);
	params_add(&p, "money", money_text(cx->arena, rf->amount, 2));
	params_add(&p, "out_refund_no", rf->refund_no);
	if (refund_call(cx, e, "refund", &p, &j, &good, out) == RC_OK)
		out->state = good ? REFUND_DONE : REFUND_REFUSED;
	return RC_OK;
}

static enum rc
epay2_refund_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_refund *rf, struct pay_refunded *out)
{
	const struct epay2 *e = epay2_of(ac);
	const struct json *j;
	struct params p;
	bool good;

	params_init(&p, cx->arena);
	params_add(&p, "pid", e->pid);
	params_add(&p, "out_refund_no", rf->refund_no);
	if (refund_call(cx, e, "refundquery", &p, &j, &good, out) != RC_OK)
		return RC_OK;
	if (good && scalar_is(cx->arena, j, "status", "1"))
		out->state = REFUND_DONE;
	else if (good)
		out->state = REFUND_PENDING;
	/* "no such refund" is not told apart from other errors: unclear, and
	 * safe to send again under the same number */
	return RC_OK;
}

static enum rc
epay2_close(
    struct ctx *cx, const struct pay_account *ac, const struct pay_ref *ref)
{
	const struct epay2 *e = epay2_of(ac);
	const struct json *j;
	struct params p;
	bool good;
	enum rc rc;

	params_init(&p, cx->arena);
	params_add(&p, "pid", e->pid);
	params_add(&p, "out_trade_no", ref->order_no);
	rc = call(cx, e, "close", &p, &j, &good);
	return rc == RC_OK && !good ? RC_CONFLICT : rc;
}

/* clang-format off */
const struct gateway gateway_epay2 = {
	.name = "epay2",
	.title = "EPay V2",
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
	.account = epay2_account,
	.open = epay2_open,
	.notice = epay2_notice,
	.query = epay2_query,
	.refund = epay2_refund,
	.refund_query = epay2_refund_query,
	.close = epay2_close,
};
/* clang-format on */
