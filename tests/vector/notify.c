/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A delivery, as the live notify route does it: raw bytes in, verdict out,
 * compared by the same verdict_compare() that the shop uses.  The "store" is
 * one order in a struct; every delivery is made twice, since only the second
 * one shows that the first was counted once.
 */
#include "vector/vector.h"

#include <string.h>

#include "base/time.h"
#include "pay/verdict.h"

struct store {
	bool exists;
	struct pay_expected order;
	bool delivered;
	unsigned deliveries;
	const char *mark;
};

struct result {
	struct verdict verdict;
	enum pay_why why;
	const struct pay_reply *reply;
};

static const struct vec_provider *const provider[] = {
    &vec_alipay,
    &vec_epay_v1,
    &vec_epay_v2,
    &vec_epusdt,
    &vec_paypal,
    &vec_stripe,
    &vec_wechatpay,
};

/* What answers is reached through io/httpc.h, which carries no argument. */
static struct vec *current;
static const struct vec_provider *current_provider;
static unsigned cert_fetches;

enum rc
vec_gateway(
    struct ctx *cx, const struct http_call *call, struct http_answer *out)
{
	const char *cert = json_text(current->in, "headers.PAYPAL-CERT-URL");

	(void)cx;
	memset(out, 0, sizeof(*out));
	out->status = 500;
	if (cert != NULL && str_eq(call->url, cert))
		cert_fetches++;
	if (current_provider->http == NULL)
		return RC_OK;
	return current_provider->http(
	    current, call->method, call->url, &out->status, &out->body);
}

static const char *
text_or_empty(const struct json *j, const char *path)
{
	const char *s = json_text(j, path);

	return s == NULL ? "" : s;
}

static void
store_open(struct vec *v, struct store *st)
{
	const struct json *o = json_at(v->in, "order");

	memset(st, 0, sizeof(*st));
	if (o == NULL)
		return;
	st->exists = true;
	st->order.order_no = text_or_empty(o, "no");
	st->order.currency = text_or_empty(o, "currency");
	st->order.provider_ref = text_or_empty(o, "provider_ref");
	st->order.txn = text_or_empty(o, "payment_ref");
	if (json_int(o, "amount_minor", &st->order.amount.minor) != RC_OK)
		st->exists = false;
	st->delivered = str_eq(json_text(o, "status"), "delivered");
}

static const struct pay_expected *
store_find(const struct store *st, const struct verdict *vd)
{
	const char *key = "", *saved = "";

	switch (verdict_hint(vd)) {
	case HINT_ORDER_NO:
		key = vd->order_no;
		saved = st->order.order_no;
		break;
	case HINT_REF:
		key = vd->provider_ref;
		saved = st->order.provider_ref;
		break;
	case HINT_TXN:
		key = vd->txn;
		saved = st->order.txn;
		break;
	case HINT_NONE:
		return NULL;
	}
	return st->exists && str_eq(key, saved) ? &st->order : NULL;
}

static bool
event_known(struct vec *v, const char *id)
{
	const struct json *ids = json_at(v->in, "event_ids_already_processed");
	size_t i;

	for (i = 0; ids != NULL && i < json_count(ids); i++)
		if (!str_empty(id) &&
		    str_eq(json_text(ids, arena_fmt(v->a, "%zu", i)), id))
			return true;
	return false;
}

static void
store_apply(struct vec *v, struct store *st, const struct verdict *vd)
{
	if (event_known(v, vd->event_id))
		return;
	switch (vd->outcome) {
	case PAY_PAID:
		if (!st->delivered)
			st->deliveries++;
		st->delivered = true;
		break;
	case PAY_CLOSED:
		if (!st->delivered)
			st->mark = "expired";
		break;
	case PAY_FAILED:
		if (!st->delivered)
			st->mark = "failed";
		break;
	case PAY_REFUNDED:
		st->mark = "refunded";
		break;
	case PAY_PART_REFUNDED:
		st->mark = "partially_refunded";
		break;
	default:
		break;
	}
}

static void
deliver(struct vec *v, const struct gateway *g, const struct pay_account *ac,
    const struct pay_request *rq, struct store *st, struct result *r)
{
	gateway_notice(g, v->cx, ac, rq, &r->verdict);
	r->why = verdict_compare(g, &r->verdict, store_find(st, &r->verdict));
	if (r->why == WHY_OK)
		store_apply(v, st, &r->verdict);
	r->reply = gateway_reply(g, verdict_answer(&r->verdict, r->why));
}

/* --------------------------------------------------------------- expect -- */

/* Absent or "implementation-defined": not asserted. */
static bool
asserted(const struct vec *v, const char *name, bool *want)
{
	const struct json *j = json_at(v->want, name);

	if (j == NULL || json_kind(j) != JSON_T_BOOL)
		return false;
	*want = json_flag(v->want, name);
	return true;
}

static bool
says_false(const struct vec *v, const char *name)
{
	bool want;

	return asserted(v, name, &want) && !want;
}

static bool
status_matches(const char *pattern, int status)
{
	char digits[4] = {(char)('0' + status / 100 % 10),
	    (char)('0' + status / 10 % 10), (char)('0' + status % 10), '\0'};
	size_t i;

	if (pattern == NULL || strlen(pattern) != 3)
		return false;
	for (i = 0; i < 3; i++)
		if (pattern[i] != 'x' && pattern[i] != digits[i])
			return false;
	return true;
}

static const char *
check_status(struct vec *v, int status)
{
	const struct json *list = json_at(v->want, "http_status");
	size_t i;

	if (list == NULL || json_kind(list) != JSON_T_LIST)
		return NULL;
	for (i = 0; i < json_count(list); i++)
		if (status_matches(
			json_text(list, arena_fmt(v->a, "%zu", i)), status))
			return NULL;
	return arena_fmt(v->a, "http_status: got %d", status);
}

static const char *
check_reply(struct vec *v, const struct pay_reply *reply)
{
	const char *want = json_text(v->want, "reply");
	const char *never = json_text(v->want, "reply_must_not_be");
	const char *code = json_text(v->want, "reply_json_code");
	const struct json *j;
	const char *bad = check_status(v, reply->status);

	if (bad != NULL)
		return bad;
	if (want != NULL &&
	    (bad = differ_text(
		 v, "reply", span_str(reply->body), span_str(want))) != NULL)
		return bad;
	if (never != NULL && str_eq(reply->body, never))
		return arena_fmt(v->a, "reply: must not be \"%s\"", never);
	if (code == NULL)
		return NULL;
	if (json_read(v->a, span_str(reply->body), &j) != RC_OK ||
	    !str_eq(json_text(j, "code"), code))
		return arena_fmt(v->a, "reply: JSON code is not %s", code);
	return NULL;
}

static const char *
check_signature(struct vec *v, const struct verdict *vd)
{
	bool want = false;
	const char *bad;

	if (asserted(v, "signature_valid", &want) &&
	    !says_false(v, "timestamp_ok") && !says_false(v, "cert_ok") &&
	    (bad = differ_bool(
		 v, "signature_valid", vd->signature_valid, want)) != NULL)
		return arena_fmt(v->a, "%s (%s)", bad, pay_why_name(vd->why));
	/* a refusal may come before the text is built */
	if (vd->signed_text.p == NULL && !vd->signature_valid)
		return NULL;
	return differ_canonical(v, vd->signed_text);
}

static const char *
check_first(struct vec *v, const struct store *st, const struct result *r)
{
	const char *mark = json_text(v->want, "mark");
	const char *bad;
	bool want;

	if ((bad = check_signature(v, &r->verdict)) != NULL)
		return bad;
	if (asserted(v, "deliver", &want) &&
	    (bad = differ_bool(v, "deliver", st->deliveries == 1, want)) !=
		NULL)
		return arena_fmt(v->a, "%s (%s)", bad, pay_why_name(r->why));
	if (mark != NULL && !str_eq(mark, st->mark))
		return arena_fmt(v->a, "mark: got %s, expected %s (%s)",
		    st->mark == NULL ? "none" : st->mark, mark,
		    pay_why_name(r->why));
	if (asserted(v, "no_fetch", &want) && want && cert_fetches > 0)
		return "no_fetch: the certificate was fetched";
	return check_reply(v, r->reply);
}

/* ------------------------------------------------------------------ run -- */

static const struct vec_provider *
provider_of(const char *kind)
{
	size_t i;

	for (i = 0; i < sizeof(provider) / sizeof(provider[0]); i++)
		if (str_eq(provider[i]->kind, kind))
			return provider[i];
	return NULL;
}

static const char *
play(struct vec *v, const struct vec_delivery *d)
{
	struct result first, again;
	struct store st;
	const char *bad;

	store_open(v, &st);
	deliver(v, d->gateway, d->account, &d->request, &st, &first);
	if ((bad = check_first(v, &st, &first)) != NULL)
		return bad;
	deliver(v, d->gateway, d->account, &d->request, &st, &again);
	if (st.deliveries > 1)
		return "deliver: the repeat delivered again";
	if (first.reply != again.reply)
		return "reply: the repeat was answered differently";
	return NULL;
}

const char *
vec_delivery_begin(struct vec *v, struct vec_delivery *d)
{
	struct gateway_config config;
	struct gateway_error why;
	int64_t now;

	memset(d, 0, sizeof(*d));
	if ((current_provider = provider_of(v->kind)) == NULL)
		return "kind not built yet";
	if (json_int(v->in, "now", &now) != RC_OK)
		return "input.now is missing";
	if (vec_body(v, &d->request.body) != RC_OK)
		return "input.body_base64 is not base64";
	d->request.method = text_or_empty(v->in, "method");
	d->request.query = span_str(json_text(v->in, "query_string"));
	d->request.headers = vec_headers(v);
	d->gateway = gateway_find(current_provider->gateway);
	current = v;
	cert_fetches = 0;
	v->cx->now = now * US_PER_S;
	time_set_us(v->cx->now);
	http_replace(vec_gateway);
	config = current_provider->config(v);
	/* a channel that cannot be set up is off, and refuses everything */
	if (gateway_account(d->gateway, v->a, &config, &d->account, &why) !=
	    RC_OK)
		d->account = NULL;
	return NULL;
}

void
vec_delivery_end(void)
{
	http_replace(NULL);
	time_set_us(0);
}

const char *
vec_notify(struct vec *v)
{
	struct vec_delivery d;
	const char *bad = vec_delivery_begin(v, &d);

	if (bad != NULL)
		return bad;
	bad = play(v, &d);
	vec_delivery_end();
	return bad;
}
