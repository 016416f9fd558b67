/* SPDX-License-Identifier: Apache-2.0 */
/* Alipay: channel settings of the vectors, requests, answers, certificates. */
#include "vector/vector.h"

#include <string.h>

#include "pay/alipay.h"

static struct gateway_config
config(struct vec *v)
{
	struct pay_pair *pair = ARENA_ARRAY(v->a, 4, struct pay_pair);

	pair[0] =
	    (struct pay_pair){"app_id", json_text(v->in, "merchant.app_id")};
	pair[1] = (struct pay_pair){
	    "seller_id", json_text(v->in, "merchant.seller_id")};
	pair[2] =
	    (struct pay_pair){"public_key", vec_pem(v, "merchant.public_key")};
	pair[3] = (struct pay_pair){"private_key", vec_private_key()};
	return (struct gateway_config){pair, 4};
}

const struct vec_provider vec_alipay = {
    .kind = "alipay_notify",
    .gateway = "alipay",
    .config = config,
};

/* Two addresses with the same parameters in any order. */
static const char *
same_url(struct vec *v, const char *got, const char *want)
{
	const char *g = strchr(got, '?'), *w = strchr(want, '?');
	struct params pg, pw;
	const char *bad;

	if (g == NULL || w == NULL)
		return "url: no query";
	bad = differ_text(v, "url", (struct span){got, (size_t)(g - got)},
	    (struct span){want, (size_t)(w - want)});
	if (bad != NULL)
		return bad;
	params_init(&pg, v->a);
	params_init(&pw, v->a);
	if (params_read(&pg, span_str(g + 1)) != RC_OK ||
	    params_read(&pw, span_str(w + 1)) != RC_OK)
		return "url: broken query";
	return differ_text(v, "url", params_join(&pg, NULL, true),
	    params_join(&pw, NULL, true));
}

const char *
vec_alipay_request(struct vec *v)
{
	const char *url = json_text(v->want, "url");
	const char *sign = json_text(v->j, "signature");
	struct params p = vec_params(v);
	const char *bad = vec_rsa_request(v, alipay_request_text(&p));

	if (bad != NULL || url == NULL)
		return bad;
	if (sign == NULL)
		return "signature is missing";
	return same_url(
	    v, alipay_url(v->a, "https://openapi.alipay.com/", &p, sign), url);
}

const char *
vec_alipay_response(struct vec *v)
{
	const char *name = json_text(v->in, "response_node");
	const struct json *answer;
	struct span body, node;
	const char *sign, *bad;
	bool valid;

	if (name == NULL || vec_body(v, &body) != RC_OK ||
	    json_read(v->a, body, &answer) != RC_OK ||
	    alipay_node(body, name, &node) != RC_OK)
		return "no such node in the body";
	if ((bad = differ_canonical(v, node)) != NULL)
		return bad;
	sign = json_text(answer, "sign");
	bad = differ_text(v, "signature", span_str(sign),
	    span_str(json_text(v->j, "signature")));
	if (bad != NULL)
		return bad;
	bad = vec_rsa_over(
	    v, node, span_str(sign), "merchant.public_key", &valid);
	if (bad != NULL)
		return bad;
	return differ_bool(
	    v, "signature_valid", valid, json_flag(v->want, "signature_valid"));
}

/* The browser's way back.  It is signed like a notice and says nothing about
 * money: as a notice it is refused. */
const char *
vec_alipay_return(struct vec *v)
{
	struct span query = span_str(json_text(v->in, "query_string"));
	const struct span *sign;
	struct params p;
	struct span text;
	const char *bad;
	bool valid;

	params_init(&p, v->a);
	if (params_read(&p, query) != RC_OK)
		return "broken query";
	text = alipay_notice_text(&p);
	if ((bad = differ_canonical(v, text)) != NULL)
		return bad;
	if ((sign = params_get(&p, "sign")) == NULL)
		return "no sign";
	bad = vec_rsa_over(v, text, *sign, "merchant.public_key", &valid);
	if (bad != NULL)
		return bad;
	if (alipay_outcome(params_text(&p, "trade_status", 64), MONEY(1),
		MONEY(0)) != PAY_REJECT)
		return "deliver: a return would pay";
	return differ_bool(
	    v, "signature_valid", valid, json_flag(v->want, "signature_valid"));
}

const char *
vec_alipay_cert_sn(struct vec *v)
{
	const char *pem = vec_pem(v, "certificate");
	const struct cert *const *certs;
	const char *text, *sn, *bad;
	size_t n;

	if (pem == NULL || certs_read(v->a, span_str(pem), &certs, &n) != RC_OK)
		return "certificate cannot be read";
	if (alipay_cert_sn(v->a, certs[0], &text, &sn) != RC_OK)
		return "certificate has no usable issuer";
	if ((bad = differ_canonical(v, span_str(text))) != NULL)
		return bad;
	return differ_text(v, "cert_sn", span_str(sn),
	    span_str(json_text(v->want, "cert_sn")));
}
