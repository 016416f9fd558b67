/* SPDX-License-Identifier: Apache-2.0 */
/* WeChat Pay: channel settings of the vectors, requests, answers, ciphers. */
#include "vector/vector.h"

#include <string.h>

#include "base/hex.h"
#include "base/time.h"
#include "pay/wechatpay.h"

/* "id LF pem" for each platform key. */
static const char *
platform_keys(struct vec *v)
{
	const struct json *all = json_at(v->in, "merchant.platform_keys");
	const struct json *value;
	const char *id;
	struct span pem;
	struct buf b;
	size_t i;

	buf_init(&b, v->a, 4096, 1 << 20);
	for (i = 0; all != NULL && json_member(all, i, &id, &value); i++) {
		if (vec_file(v, json_text(value, ""), &pem) != RC_OK)
			continue;
		buf_fmt(&b, "%s\n", id);
		buf_add(&b, pem.p, pem.n);
	}
	return buf_text(&b);
}

static const char *
tolerance(struct vec *v)
{
	int64_t n;

	if (json_int(v->in, "merchant.tolerance", &n) != RC_OK)
		n = 300;
	return arena_fmt(v->a, "%lld", (long long)n);
}

static struct gateway_config
config(struct vec *v)
{
	struct pay_pair *pair = ARENA_ARRAY(v->a, 7, struct pay_pair);

	pair[0] =
	    (struct pay_pair){"mchid", json_text(v->in, "merchant.mchid")};
	pair[1] =
	    (struct pay_pair){"appid", json_text(v->in, "merchant.appid")};
	pair[2] = (struct pay_pair){
	    "merchant_serial", json_text(v->in, "merchant.merchant_serial")};
	pair[3] = (struct pay_pair){
	    "apiv3_key", json_text(v->in, "merchant.apiv3_key")};
	pair[4] = (struct pay_pair){"platform_keys", platform_keys(v)};
	pair[5] = (struct pay_pair){"private_key", vec_private_key()};
	pair[6] = (struct pay_pair){"tolerance", tolerance(v)};
	return (struct gateway_config){pair, 7};
}

const struct vec_provider vec_wechatpay = {
    .kind = "wechatpay_notify",
    .gateway = "wechatpay",
    .config = config,
};

const char *
vec_wechatpay_request(struct vec *v)
{
	const char *method = json_text(v->in, "method");
	const char *path = json_text(v->in, "url_path");
	const char *nonce = json_text(v->in, "nonce");
	const char *want = json_text(v->want, "authorization");
	const char *sign = json_text(v->j, "signature");
	const char *mchid = json_text(v->in, "merchant.mchid");
	const char *serial = json_text(v->in, "merchant.merchant_serial");
	struct span body;
	const char *bad;
	int64_t stamp;

	if (method == NULL || path == NULL || nonce == NULL ||
	    json_int(v->in, "timestamp", &stamp) != RC_OK ||
	    vec_body(v, &body) != RC_OK)
		return "method, url_path, nonce, timestamp or body is missing";
	bad = vec_rsa_request(
	    v, wechat_request_text(v->a, method, path, stamp, nonce, body));
	if (bad != NULL || want == NULL)
		return bad;
	if (sign == NULL || mchid == NULL || serial == NULL)
		return "signature, mchid or merchant_serial is missing";
	return differ_text(v, "authorization",
	    span_str(
		wechat_authorization(v->a, mchid, serial, stamp, nonce, sign)),
	    span_str(want));
}

const char *
vec_wechatpay_response(struct vec *v)
{
	struct pay_request rq = {.method = "POST", .headers = vec_headers(v)};
	struct wechatpay w = {.skew_us = 300 * US_PER_S};
	struct span text = {0};
	const char *bad;
	enum pay_why why;
	int64_t now;

	if (wechat_keys_read(
		v->a, span_str(platform_keys(v)), &w.keys, &w.n_keys) != RC_OK)
		return "merchant.platform_keys cannot be read";
	if (json_int(v->in, "now", &now) != RC_OK ||
	    vec_body(v, &rq.body) != RC_OK)
		return "now or body is missing";
	why = wechat_verify(v->a, &w, &rq, now * US_PER_S, &text);
	if ((bad = differ_canonical(v, text)) != NULL)
		return bad;
	return differ_bool(v, "signature_valid", why == WHY_OK,
	    json_flag(v->want, "signature_valid"));
}

const char *
vec_wechatpay_gcm(struct vec *v)
{
	const char *key = json_text(v->in, "merchant.apiv3_key");
	const char *nonce = json_text(v->in, "nonce");
	const char *aad = json_text(v->in, "associated_data");
	const char *b64 = json_text(v->in, "ciphertext");
	const char *want = json_text(v->want, "plaintext");
	struct span sealed, plain = {0};
	const char *bad;
	bool ok;

	if (key == NULL || nonce == NULL || b64 == NULL ||
	    b64_bytes(v->a, span_str(b64), &sealed) != RC_OK)
		return "apiv3_key, nonce or ciphertext is missing";
	ok = crypt_gcm_open(v->a, span_str(key), span_str(nonce),
		 span_str(aad == NULL ? "" : aad), sealed, &plain) == RC_OK;
	bad =
	    differ_bool(v, "decrypt_ok", ok, json_flag(v->want, "decrypt_ok"));
	if (bad != NULL || want == NULL)
		return bad;
	return differ_text(v, "plaintext", plain, span_str(want));
}

const char *
vec_wechatpay_rsa_verify(struct vec *v)
{
	const char *sign = json_text(v->j, "signature");
	struct span text;
	const char *bad;
	bool valid;

	if (sign == NULL || !vec_bytes(v, "canonical", &text))
		return "signature or canonical is missing";
	bad = vec_rsa_over(v, text, span_str(sign), "public_key", &valid);
	if (bad != NULL)
		return bad;
	return differ_bool(
	    v, "signature_valid", valid, json_flag(v->want, "signature_valid"));
}
