/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stripe's webhooks, and what a checkout session says.
 *
 * The signature covers the time and the raw body; while a secret is rolled
 * two are valid, so any of ours may match any of theirs.
 */
#include "pay/stripe.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "io/crypt.h"
#include "pay/verdict.h"

enum { STAMP_MAX = 12, HEX_HMAC = 2 * CRYPT_HASH };

static const char *
upper(struct arena *a, const char *s)
{
	char *u = arena_str(a, s), *c;

	for (c = u; *c != '\0'; c++)
		*c = chr_upper(*c);
	return u;
}

const char *
stripe_token(struct ctx *cx, const struct json *j, const char *path)
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

enum pay_why
stripe_session(struct ctx *cx, const struct stripe *s, const struct json *j,
    struct verdict *v)
{
	const char *paid = json_text(j, "payment_status");
	const char *no = stripe_token(cx, j, "client_reference_id");

	if (!str_eq(json_text(j, "object"), "checkout.session") ||
	    !str_eq(json_text(j, "mode"), "payment"))
		return WHY_STATUS;
	if (json_at(j, "livemode") == NULL ||
	    json_flag(j, "livemode") != s->live)
		return WHY_ENVIRONMENT;
	v->order_no = no;
	v->provider_ref = stripe_token(cx, j, "id");
	v->txn = stripe_token(cx, j, "payment_intent");
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

/* ---- webhooks */

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

static const struct stripe *
stripe_of(const struct pay_account *ac)
{
	return (const struct stripe *)(const void *)ac;
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
	v->txn = stripe_token(cx, j, "payment_intent");
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

	v->event_id = stripe_token(cx, j, "id");
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
		return stripe_session(cx, s, o, v);
	if (!str_eq(type, "checkout.session.async_payment_failed") &&
	    !str_eq(type, "checkout.session.expired"))
		return WHY_OK;
	if ((why = stripe_session(cx, s, o, v)) != WHY_OK)
		return why;
	if (v->outcome == PAY_PAID)
		return WHY_STATUS; /* the type says no, the object yes */
	v->outcome =
	    str_eq(type, "checkout.session.expired") ? PAY_CLOSED : PAY_FAILED;
	return WHY_OK;
}

void
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
