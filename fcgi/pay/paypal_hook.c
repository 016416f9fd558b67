/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PayPal's webhooks.
 *
 * The certificate's address comes from the sender, so it is refused before
 * any fetch unless it begins exactly as PayPal's does.  The signature covers
 * a CRC-32 of the body, and a CRC is no hash: a genuine signature only says
 * that PayPal said something.  What it said is asked of the API.
 */
#include "pay/paypal.h"

#include <string.h>

#include "base/hex.h"
#include "base/limits.h"
#include "base/url.h"
#include "io/crypt.h"
#include "pay/verdict.h"

enum { HEADER_MAX = 256, SIGN_MAX = 2048 };

struct headers {
	const char *id, *time, *sign, *cert_url, *algo;
};

static const struct paypal *
paypal_of(const struct pay_account *ac)
{
	return (const struct paypal *)(const void *)ac;
}

uint32_t
paypal_crc32(struct span s)
{
	/* polynomial 0xEDB88320, four bits at a time */
	static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8,
	    0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
	    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0,
	    0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
	uint32_t crc = UINT32_MAX;
	size_t i;

	for (i = 0; i < s.n; i++) {
		crc ^= (unsigned char)s.p[i];
		crc = (crc >> 4) ^ table[crc & 15];
		crc = (crc >> 4) ^ table[crc & 15];
	}
	return ~crc;
}

struct span
paypal_signed_text(struct arena *a, const char *id, const char *time,
    const char *webhook_id, struct span body)
{
	return span_str(arena_fmt(a, "%s|%s|%s|%lu", id, time, webhook_id,
	    (unsigned long)paypal_crc32(body)));
}

/* ---- certificate */

/* PayPal's own host and folder, and one plain name in it: no port, no user,
 * no query, no way up. */
static bool
address_is_theirs(const struct paypal *pp, const char *url)
{
	return str_starts(url, pp->cert_url) &&
	       str_is_token(url + strlen(pp->cert_url), "-_", HEADER_MAX);
}

static enum pay_why
fetch_chain(struct ctx *cx, const struct paypal *pp, const char *url)
{
	struct http_call call = {.method = "GET", .url = url};
	struct paypal_cache *c = pp->cache;
	struct http_answer answer;

	if (c->cert_url != NULL && str_eq(c->cert_url, url))
		return WHY_OK;
	if (http_do(cx, &call, &answer) != RC_OK ||
	    answer.status != PAY_HTTP_OK)
		return WHY_UPSTREAM;
	c->cert_url = NULL;
	arena_reset(c->cert_arena);
	if (certs_read(c->cert_arena, answer.body, &c->chain, &c->n_chain) !=
	    RC_OK)
		return WHY_CERT;
	c->cert_url = arena_str(c->cert_arena, url);
	return WHY_OK;
}

static enum pay_why
verify_offline(struct ctx *cx, const struct paypal *pp, const struct headers *h,
    struct span text)
{
	struct rsa_key *key;
	struct span sign;
	enum pay_why why;

	if (!address_is_theirs(pp, h->cert_url))
		return WHY_CERT;
	if ((why = fetch_chain(cx, pp, h->cert_url)) != WHY_OK)
		return why;
	if (certs_trusted(pp->cache->chain, pp->cache->n_chain, pp->roots,
		pp->n_roots, pp->cert_name, cx->now) != RC_OK ||
	    cert_key(cx->arena, pp->cache->chain[0], &key) != RC_OK)
		return WHY_CERT;
	if (b64_bytes(cx->arena, span_str(h->sign), &sign) != RC_OK ||
	    rsa_verify(key, text, sign) != RC_OK)
		return WHY_SIGNATURE;
	return WHY_OK;
}

/* PayPal verifies.  The raw body is spliced in as it came, since writing it
 * anew would change its CRC; it has been read as JSON before. */
static enum pay_why
verify_postback(struct ctx *cx, const struct paypal *pp,
    const struct headers *h, struct span body)
{
	struct asked answer;
	struct buf b;

	buf_init(&b, cx->arena, body.n + LIM_PATH, body.n + LIM_QUERY);
	buf_chr(&b, '{');
	ask_put(&b, "auth_algo", h->algo);
	ask_put(&b, "cert_url", h->cert_url);
	ask_put(&b, "transmission_id", h->id);
	ask_put(&b, "transmission_sig", h->sign);
	ask_put(&b, "transmission_time", h->time);
	ask_put(&b, "webhook_id", pp->webhook_id);
	buf_str(&b, ",\"webhook_event\":");
	buf_add(&b, body.p, body.n);
	buf_chr(&b, '}');
	if (b.bad)
		return WHY_SYNTAX;
	if (paypal_call(cx, pp, "POST",
		"v1/notifications/verify-webhook-signature",
		(struct span){b.p, b.len}, NULL, &answer) != RC_OK ||
	    !ask_good(answer.http.status))
		return WHY_UPSTREAM;
	return str_eq(json_text(answer.json, "verification_status"), "SUCCESS")
		   ? WHY_OK
		   : WHY_SIGNATURE;
}

static const char *
header(const struct pay_request *rq, const char *name, size_t max)
{
	const char *s = pay_header(rq, name);

	return s == NULL || strlen(s) > max ? "" : s;
}

static enum pay_why
check_signature(struct ctx *cx, const struct paypal *pp,
    const struct pay_request *rq, const struct json *j, struct verdict *v)
{
	struct headers h = {
	    .id = header(rq, "PayPal-Transmission-Id", HEADER_MAX),
	    .time = header(rq, "PayPal-Transmission-Time", HEADER_MAX),
	    .sign = header(rq, "PayPal-Transmission-Sig", SIGN_MAX),
	    .cert_url = header(rq, "PayPal-Cert-Url", HEADER_MAX),
	    .algo = header(rq, "PayPal-Auth-Algo", HEADER_MAX),
	};

	if (*h.id == '\0' || *h.time == '\0' || *h.sign == '\0' ||
	    *h.cert_url == '\0' || *h.algo == '\0')
		return WHY_UNSIGNED;
	if (!str_eq(h.algo, "SHA256withRSA"))
		return WHY_ALGORITHM;
	v->signed_text = paypal_signed_text(
	    cx->arena, h.id, h.time, pp->webhook_id, rq->body);
	if (!pp->postback)
		return verify_offline(cx, pp, &h, v->signed_text);
	return j == NULL ? WHY_SYNTAX : verify_postback(cx, pp, &h, rq->body);
}

/* ---- events */

static const char *
token_at(struct ctx *cx, const struct json *j, const char *path)
{
	const char *s = json_text(j, path);

	if (s == NULL || !str_is_token(s, "-_", LIM_TXN))
		return "";
	return arena_str(cx->arena, s);
}

/* A refund names its capture by the link "up". */
static const char *
capture_of(struct ctx *cx, const struct json *refund)
{
	const struct json *links = json_at(refund, "links"), *one;
	const char *href, *slash;
	size_t i;

	for (i = 0; links != NULL && i < json_count(links); i++) {
		one = json_at(links, arena_fmt(cx->arena, "%zu", i));
		href = json_text(one, "href");
		if (!str_eq(json_text(one, "rel"), "up") || href == NULL)
			continue;
		slash = strrchr(href, '/');
		if (slash != NULL && strstr(href, "/captures/") != NULL &&
		    str_is_token(slash + 1, "-_", LIM_TXN))
			return arena_str(cx->arena, slash + 1);
	}
	return "";
}

/* The capture says how it stands, the refund how much this was.  A reversal
 * is no refund object: then the capture alone tells. */
static enum rc
ask_refund(struct ctx *cx, const struct paypal *pp, const struct json *resource,
    struct verdict *v)
{
	const char *capture = capture_of(cx, resource);
	const char *id = token_at(cx, resource, "id");
	enum rc rc;

	if (str_empty(capture))
		return RC_INVALID;
	rc = paypal_captured(cx, pp, capture, v);
	if (rc != RC_OK || str_empty(id) ||
	    (v->outcome != PAY_REFUNDED && v->outcome != PAY_PART_REFUNDED))
		return rc;
	rc = paypal_refunded(cx, pp, id, v);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

/* RC_OK: *v says what the API says.  RC_INVALID: the event names nothing. */
static enum rc
ask_about(struct ctx *cx, const struct paypal *pp, const struct json *j,
    struct verdict *v)
{
	const char *type = json_text(j, "event_type");
	const struct json *resource = json_at(j, "resource");
	const char *id;

	if (str_eq(type, "PAYMENT.CAPTURE.REFUNDED") ||
	    str_eq(type, "PAYMENT.CAPTURE.REVERSED"))
		return ask_refund(cx, pp, resource, v);
	if (str_eq(type, "CHECKOUT.ORDER.APPROVED")) {
		id = token_at(cx, resource, "id");
		return str_empty(id) ? RC_INVALID
				     : paypal_order(cx, pp, id, "", v);
	}
	if (str_eq(type, "PAYMENT.CAPTURE.COMPLETED") ||
	    str_eq(type, "PAYMENT.CAPTURE.PENDING") ||
	    str_eq(type, "PAYMENT.CAPTURE.DENIED")) {
		id = token_at(
		    cx, resource, "supplementary_data.related_ids.order_id");
		return str_empty(id) ? RC_INVALID
				     : paypal_order(cx, pp, id,
					   token_at(cx, resource, "id"), v);
	}
	v->outcome = PAY_IGNORE;
	v->why = WHY_OK;
	return RC_OK;
}

static void
read_event(struct ctx *cx, const struct paypal *pp, const struct json *j,
    struct verdict *v)
{
	enum rc rc;

	v->event_id = token_at(cx, j, "id");
	rc = ask_about(cx, pp, j, v);
	if (rc == RC_INVALID) {
		verdict_reject(v, WHY_FIELD);
	} else if (rc == RC_NOTFOUND) {
		verdict_reject(v, WHY_REF);
	} else if (rc != RC_OK) {
		v->outcome = PAY_LATER;
		v->why = WHY_UPSTREAM;
	}
	v->signature_valid = true;
}

void
paypal_notice(struct ctx *cx, const struct pay_account *ac,
    const struct pay_request *rq, struct verdict *v)
{
	const struct paypal *pp = paypal_of(ac);
	const struct json *j;

	v->why = WHY_METHOD;
	if (!str_eq(rq->method, "POST"))
		return;
	if (json_read(cx->arena, rq->body, &j) != RC_OK ||
	    json_kind(j) != JSON_T_OBJECT)
		j = NULL;
	v->why = check_signature(cx, pp, rq, j, v);
	if (v->why == WHY_UPSTREAM)
		v->outcome = PAY_LATER;
	if (v->why != WHY_OK)
		return;
	v->signature_valid = true;
	if (j == NULL)
		v->why = WHY_SYNTAX;
	else
		read_event(cx, pp, j, v);
}
