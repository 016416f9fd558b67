/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alipay's API: one POST, one JSON answer with one signed node.
 *
 * An unsigned answer is an error at best; nothing good is believed without
 * the signature.  "10000" of a refund is not yet money: fund_change=Y is, and
 * a repeat of the same out_request_no says N, so N asks refund_query.
 */
#include "pay/alipay.h"

#include <string.h>

#include "base/hex.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "pay/ask.h"
#include "pay/verdict.h"

enum { CHINA_MIN = 8 * 60, REASON_MAX = 200 };

static const struct alipay *
alipay_of(const struct pay_account *ac)
{
	return (const struct alipay *)(const void *)ac;
}

void
alipay_call_params(struct ctx *cx, const struct alipay *al, const char *method,
    struct span biz, struct params *p)
{
	params_add(p, "app_id", al->app_id);
	params_add(p, "method", method);
	params_add(p, "format", "JSON");
	params_add(p, "charset", "utf-8");
	params_add(p, "sign_type", "RSA2");
	params_add(p, "timestamp", time_text(cx->arena, cx->now, CHINA_MIN));
	params_add(p, "version", "1.0");
	if (!str_empty(al->app_cert_sn)) {
		params_add(p, "app_cert_sn", al->app_cert_sn);
		params_add(p, "alipay_root_cert_sn", al->root_cert_sn);
	}
	params_span(p, "biz_content", biz);
}

enum rc
alipay_sign(struct ctx *cx, const struct alipay *al, struct params *p,
    const char **sign)
{
	struct span raw;
	enum rc rc =
	    rsa_sign(cx->arena, al->ours, alipay_request_text(p), &raw);

	if (rc == RC_OK)
		*sign = b64_text(cx->arena, raw.p, raw.n);
	return rc;
}

/* "alipay.trade.query" -> "alipay_trade_query_response" */
static const char *
node_name(struct arena *a, const char *method)
{
	char *name = arena_fmt(a, "%s_response", method), *c;

	for (c = name; *c != '\0'; c++)
		if (*c == '.')
			*c = '_';
	return name;
}

static enum rc
verified(struct ctx *cx, const struct alipay *al, const char *name,
    const struct asked *answer, const struct json **out)
{
	const char *sn = json_text(answer->json, "alipay_cert_sn");
	struct span node, sign = span_str(json_text(answer->json, "sign"));

	if (alipay_node(answer->http.body, name, &node) != RC_OK)
		return RC_FAIL;
	/* a certificate that we do not have: renewed, or not Alipay's */
	if (!str_empty(al->their_cert_sn) && !str_eq(sn, al->their_cert_sn)) {
		log_event(LOG_WARN, "alipay_cert", LF_STR("sn", sn));
		return RC_FAIL;
	}
	if (alipay_verify(cx->arena, node, &sign, al->theirs) != RC_OK)
		return RC_FAIL;
	*out = json_at(answer->json, name);
	return *out == NULL ? RC_FAIL : RC_OK;
}

enum rc
alipay_call(struct ctx *cx, const struct alipay *al, const char *method,
    struct params *p, const struct json **out)
{
	static const char *const headers[] = {
	    "Content-Type: application/x-www-form-urlencoded;charset=utf-8",
	    NULL};
	struct http_call call = {.method = "POST", .headers = headers};
	struct asked answer;
	const char *sign;
	struct buf b;
	enum rc rc;

	if ((rc = alipay_sign(cx, al, p, &sign)) != RC_OK)
		return rc;
	params_add(p, "sign", sign);
	buf_init(&b, cx->arena, LIM_QUERY, LIM_BODY_FORM);
	params_encode(&b, p);
	if (b.bad)
		return RC_INVALID;
	call.url =
	    arena_fmt(cx->arena, "%sgateway.do?charset=utf-8", al->base_url);
	call.body = (struct span){b.p, b.len};
	if ((rc = ask(cx, "alipay", &call, &answer)) != RC_OK)
		return rc;
	if (answer.http.status != PAY_HTTP_OK || answer.json == NULL)
		return RC_FAIL;
	return verified(cx, al, node_name(cx->arena, method), &answer, out);
}

const char *
alipay_said(struct ctx *cx, const struct json *j)
{
	const char *sub = ask_said(cx, j, "sub_msg");

	return str_empty(sub) ? ask_said(cx, j, "msg") : sub;
}

enum pay_outcome
alipay_outcome(const char *status, struct money paid, struct money refunded)
{
	bool some = refunded.minor > 0;
	bool all = some && money_cmp(refunded, paid) >= 0;

	if (str_eq(status, "WAIT_BUYER_PAY"))
		return PAY_PENDING;
	if (str_eq(status, "TRADE_SUCCESS") || str_eq(status, "TRADE_FINISHED"))
		return all ? PAY_REFUNDED : some ? PAY_PART_REFUNDED : PAY_PAID;
	if (str_eq(status, "TRADE_CLOSED"))
		return some ? PAY_REFUNDED : PAY_CLOSED;
	return PAY_REJECT;
}

/* ---- calls */

static struct span
object_end(struct buf *b)
{
	buf_chr(b, '}');
	return (struct span){b->p, b->len};
}

static enum rc
call_biz(struct ctx *cx, const struct alipay *al, const char *method,
    struct buf *biz, const struct json **out)
{
	struct params p;

	params_init(&p, cx->arena);
	alipay_call_params(cx, al, method, object_end(biz), &p);
	return biz->bad ? RC_INVALID : alipay_call(cx, al, method, &p, out);
}

static struct buf
biz_begin(struct ctx *cx, const struct pay_ref *ref)
{
	struct buf b;

	buf_init(&b, cx->arena, LIM_PATH, LIM_QUERY);
	buf_chr(&b, '{');
	ask_put(&b, "out_trade_no", ref->order_no);
	return b;
}

static bool
good(const struct json *j)
{
	return str_eq(json_text(j, "code"), "10000") &&
	       str_empty(json_text(j, "sub_code"));
}

/* Errors after which nobody knows what happened. */
static bool
unclear(const struct json *j)
{
	const char *sub = json_text(j, "sub_code");

	return str_eq(json_text(j, "code"), "20000") ||
	       str_eq(sub, "ACQ.SYSTEM_ERROR") ||
	       str_eq(sub, "aop.ACQ.SYSTEM_ERROR");
}

static bool
no_such_trade(const struct json *j)
{
	return str_eq(json_text(j, "sub_code"), "ACQ.TRADE_NOT_EXIST");
}

static enum rc
read_trade(struct ctx *cx, const struct pay_ref *ref, const struct json *j,
    struct verdict *v)
{
	const char *txn = json_text(j, "trade_no");
	const char *amount = json_text(j, "total_amount");

	if (!str_eq(json_text(j, "out_trade_no"), ref->order_no) ||
	    txn == NULL || !str_is_token(txn, "-_", LIM_TXN) ||
	    money_parse(span_str(amount), 2, &v->amount) != RC_OK)
		return RC_FAIL;
	v->outcome = alipay_outcome(
	    json_text(j, "trade_status"), v->amount, (struct money){0});
	if (v->outcome == PAY_REJECT)
		return RC_FAIL;
	v->order_no = ref->order_no;
	v->txn = arena_str(cx->arena, txn);
	v->has_amount = true;
	memcpy(v->currency, "CNY", sizeof("CNY"));
	v->signature_valid = true;
	v->why = WHY_OK;
	return RC_OK;
}

enum rc
alipay_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_ref *ref, struct verdict *v)
{
	struct buf biz = biz_begin(cx, ref);
	const struct json *j;
	enum rc rc =
	    call_biz(cx, alipay_of(ac), "alipay.trade.query", &biz, &j);

	if (rc != RC_OK)
		return rc;
	if (no_such_trade(j))
		return RC_NOTFOUND;
	if (!good(j))
		return unclear(j) ? RC_BUSY : RC_FAIL;
	if ((rc = read_trade(cx, ref, j, v)) != RC_OK)
		verdict_init(v);
	return rc;
}

enum rc
alipay_refund(struct ctx *cx, const struct pay_account *ac,
    const struct pay_refund *rf, struct pay_refunded *out)
{
	struct buf biz = biz_begin(cx, &rf->of);
	const struct json *j;
	enum rc rc;

	ask_put(&biz, "refund_amount", money_text(cx->arena, rf->amount, 2));
	ask_put(&biz, "out_request_no", rf->refund_no);
	if (!str_empty(rf->reason) && strlen(rf->reason) <= REASON_MAX)
		ask_put(&biz, "refund_reason", rf->reason);
	rc = call_biz(cx, alipay_of(ac), "alipay.trade.refund", &biz, &j);
	if (rc == RC_DENIED)
		out->state = REFUND_REFUSED; /* never left the house */
	if (rc != RC_OK)
		return RC_OK;
	out->said = alipay_said(cx, j);
	if (good(j))
		out->state = str_eq(json_text(j, "fund_change"), "Y")
				 ? REFUND_DONE
				 : REFUND_PENDING;
	else
		out->state = unclear(j) ? REFUND_UNCLEAR : REFUND_REFUSED;
	return RC_OK;
}

enum rc
alipay_refund_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_refund *rf, struct pay_refunded *out)
{
	struct buf biz = biz_begin(cx, &rf->of);
	const struct json *j;

	ask_put(&biz, "out_request_no", rf->refund_no);
	if (call_biz(cx, alipay_of(ac), "alipay.trade.fastpay.refund.query",
		&biz, &j) != RC_OK)
		return RC_OK;
	out->said = alipay_said(cx, j);
	/* no refund_status: it did not happen yet, so the same number may be
	 * sent again: unclear, not refused */
	if (good(j) && str_eq(json_text(j, "out_request_no"), rf->refund_no) &&
	    str_eq(json_text(j, "refund_status"), "REFUND_SUCCESS"))
		out->state = REFUND_DONE;
	return RC_OK;
}

enum rc
alipay_close(
    struct ctx *cx, const struct pay_account *ac, const struct pay_ref *ref)
{
	struct buf biz = biz_begin(cx, ref);
	const struct json *j;
	enum rc rc =
	    call_biz(cx, alipay_of(ac), "alipay.trade.close", &biz, &j);

	if (rc != RC_OK)
		return rc;
	/* a code that nobody scanned has no trade */
	if (good(j) || no_such_trade(j))
		return RC_OK;
	return unclear(j) ? RC_BUSY : RC_CONFLICT;
}
