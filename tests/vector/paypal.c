/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PayPal: channel settings of the vectors, the API that answers out of the
 * vector, CRC and signature kinds.
 */
#include "vector/vector.h"

#include <string.h>

#include "base/hex.h"
#include "pay/paypal.h"

static struct gateway_config
config(struct vec *v)
{
	struct pay_pair *pair = ARENA_ARRAY(v->a, 6, struct pay_pair);

	pair[0] = (struct pay_pair){
	    "environment", json_text(v->in, "merchant.environment")};
	pair[1] = (struct pay_pair){
	    "webhook_id", json_text(v->in, "merchant.webhook_id")};
	pair[2] = (struct pay_pair){
	    "merchant_id", json_text(v->in, "merchant.merchant_id")};
	pair[3] =
	    (struct pay_pair){"trust_root", vec_pem(v, "merchant.trust_root")};
	pair[4] = (struct pay_pair){"client_id", "vector-run-client"};
	pair[5] = (struct pay_pair){"client_secret", "vector-run-secret"};
	return (struct gateway_config){pair, 6};
}

/* ------------------------------------------------------- the API's answers */

static void write_json(struct vec *v, struct buf *b, const struct json *j);

static void
write_members(struct vec *v, struct buf *b, const struct json *j)
{
	const struct json *value;
	const char *name;
	size_t i;

	for (i = 0; json_member(j, i, &name, &value); i++) {
		json_put_name(b, name, i == 0);
		write_json(v, b, value);
	}
}

static void
write_json(struct vec *v, struct buf *b, const struct json *j)
{
	int64_t n = 0;
	size_t i;

	switch (json_kind(j)) {
	case JSON_T_TEXT:
		json_put_text(b, span_str(json_text(j, "")));
		break;
	case JSON_T_INT:
		if (json_int(j, "", &n) == RC_OK)
			buf_fmt(b, "%lld", (long long)n);
		break;
	case JSON_T_REAL:
		buf_fmt(b, "%.17g", json_number(j));
		break;
	case JSON_T_BOOL:
		buf_str(b, json_flag(j, "") ? "true" : "false");
		break;
	case JSON_T_NULL:
		buf_str(b, "null");
		break;
	case JSON_T_LIST:
		buf_chr(b, '[');
		for (i = 0; i < json_count(j); i++) {
			if (i > 0)
				buf_chr(b, ',');
			write_json(v, b, json_at(j, arena_fmt(v->a, "%zu", i)));
		}
		buf_chr(b, ']');
		break;
	case JSON_T_OBJECT:
		buf_chr(b, '{');
		write_members(v, b, j);
		buf_chr(b, '}');
		break;
	}
}

static void
answer(struct vec *v, const struct json *j, int *status, struct span *body)
{
	struct buf b;

	if (j == NULL)
		return;
	buf_init(&b, v->a, 4096, 1 << 20);
	write_json(v, &b, j);
	*status = 200;
	*body = (struct span){b.p, b.len};
}

static const struct json *
capture(struct vec *v, const char *id)
{
	const struct json *list =
	    json_at(v->in, "api_order.purchase_units.0.payments.captures");
	size_t i;

	for (i = 0; list != NULL && i < json_count(list); i++) {
		const struct json *one =
		    json_at(list, arena_fmt(v->a, "%zu", i));

		if (str_eq(json_text(one, "id"), id))
			return one;
	}
	return NULL;
}

/* What the event says of it: the vectors have no answer of their own. */
static const struct json *
refund(struct vec *v, const char *id)
{
	const struct json *event;
	struct span body;

	if (vec_body(v, &body) != RC_OK ||
	    json_read(v->a, body, &event) != RC_OK ||
	    !str_eq(json_text(event, "resource.id"), id))
		return NULL;
	return json_at(event, "resource");
}

/* The last part of the address when it begins with prefix. */
static const char *
below(const char *path, const char *prefix)
{
	return str_starts(path, prefix) ? path + strlen(prefix) : NULL;
}

static enum rc
http(struct vec *v, const char *method, const char *url, int *status,
    struct span *body)
{
	const char *cert = json_text(v->in, "certificate");
	const char *path = strstr(url, "paypal.com/");
	const char *id;

	if (str_eq(url, json_text(v->in, "headers.PAYPAL-CERT-URL"))) {
		if (cert != NULL && vec_file(v, cert, body) == RC_OK)
			*status = 200;
		return RC_OK;
	}
	path = path == NULL ? "" : path + strlen("paypal.com/");
	if (str_eq(path, "v1/oauth2/token")) {
		*status = 200;
		*body = SPAN_LIT("{\"access_token\":\"A21AAvector\","
				 "\"expires_in\":32400}");
	} else if (str_eq(method, "GET") &&
		   (id = below(path, "v2/checkout/orders/")) != NULL) {
		if (str_eq(id, json_text(v->in, "api_order.id")))
			answer(v, json_at(v->in, "api_order"), status, body);
	} else if (str_eq(method, "GET") &&
		   (id = below(path, "v2/payments/captures/")) != NULL) {
		answer(v, capture(v, id), status, body);
	} else if (str_eq(method, "GET") &&
		   (id = below(path, "v2/payments/refunds/")) != NULL) {
		answer(v, refund(v, id), status, body);
	}
	return RC_OK;
}

const struct vec_provider vec_paypal = {
    .kind = "paypal_notify",
    .gateway = "paypal",
    .config = config,
    .http = http,
};

/* ------------------------------------------------------------------ kinds */

static const char *
check_crc(struct vec *v, struct span body)
{
	const char *want = json_text(v->want, "crc32");
	const char *hex = json_text(v->want, "crc32_hex");
	unsigned long crc = paypal_crc32(body);
	const char *bad = NULL;

	if (want != NULL)
		bad = differ_text(v, "crc32",
		    span_str(arena_fmt(v->a, "%lu", crc)), span_str(want));
	if (bad == NULL && hex != NULL)
		bad = differ_text(v, "crc32_hex",
		    span_str(arena_fmt(v->a, "%08lx", crc)), span_str(hex));
	return bad;
}

const char *
vec_paypal_crc32(struct vec *v)
{
	struct span body;

	if (vec_body(v, &body) != RC_OK)
		return "input.body_base64 is not base64";
	return check_crc(v, body);
}

/* Text and signature only: the certificate is an expired one of 2017. */
const char *
vec_paypal_signature(struct vec *v)
{
	const char *id = json_text(v->in, "headers.PAYPAL-TRANSMISSION-ID");
	const char *time = json_text(v->in, "headers.PAYPAL-TRANSMISSION-TIME");
	const char *sign = json_text(v->in, "headers.PAYPAL-TRANSMISSION-SIG");
	const char *hook = json_text(v->in, "merchant.webhook_id");
	struct span body, text;
	const char *bad;
	bool valid;

	if (id == NULL || time == NULL || sign == NULL || hook == NULL ||
	    vec_body(v, &body) != RC_OK)
		return "headers, webhook_id or body are missing";
	if ((bad = check_crc(v, body)) != NULL)
		return bad;
	text = paypal_signed_text(v->a, id, time, hook, body);
	if ((bad = differ_canonical(v, text)) != NULL)
		return bad;
	bad = vec_rsa_over(v, text, span_str(sign), "certificate", &valid);
	if (bad != NULL)
		return bad;
	return differ_bool(
	    v, "signature_valid", valid, json_flag(v->want, "signature_valid"));
}
