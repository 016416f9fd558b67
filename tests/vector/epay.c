/* SPDX-License-Identifier: Apache-2.0 */
/* EPay, both versions: channel settings of the vectors, and
 * the request and answer kinds. */
#include "vector/vector.h"

#include "pay/epay.h"
#include "pay/epay2.h"

static struct gateway_config
config_v1(struct vec *v)
{
	struct pay_pair *pair = ARENA_ARRAY(v->a, 3, struct pay_pair);

	pair[0] = (struct pay_pair){"base_url", "https://gateway.example/"};
	pair[1] = (struct pay_pair){"pid", json_text(v->in, "merchant.pid")};
	pair[2] = (struct pay_pair){"key", json_text(v->in, "merchant.key")};
	return (struct gateway_config){pair, 3};
}

const struct vec_provider vec_epay_v1 = {
    .kind = "epay_v1_notify",
    .gateway = "epay",
    .config = config_v1,
};

const char *
vec_epay_v1_request(struct vec *v)
{
	const char *want = json_text(v->j, "signature");
	const char *key = json_text(v->in, "merchant.key");
	struct params p = vec_params(v);
	struct span text = epay_signed_text(&p);
	const char *bad;

	if (want == NULL || key == NULL)
		return "signature or merchant.key is missing";
	if ((bad = differ_canonical(v, text)) != NULL)
		return bad;
	return differ_text(v, "signature",
	    span_str(epay_md5(v->a, text, span_str(key), false)),
	    span_str(want));
}

/* -------------------------------------------------------------- version 2 */

static struct gateway_config
config_v2(struct vec *v)
{
	struct pay_pair *pair = ARENA_ARRAY(v->a, 5, struct pay_pair);
	int64_t tolerance = 300;

	if (json_int(v->in, "merchant.tolerance", &tolerance) != RC_OK)
		tolerance = 300;
	pair[0] = (struct pay_pair){"base_url", "https://gateway.example/"};
	pair[1] = (struct pay_pair){"pid", json_text(v->in, "merchant.pid")};
	pair[2] =
	    (struct pay_pair){"public_key", vec_pem(v, "merchant.public_key")};
	pair[3] = (struct pay_pair){"private_key", vec_private_key()};
	pair[4] = (struct pay_pair){
	    "tolerance", arena_fmt(v->a, "%lld", (long long)tolerance)};
	return (struct gateway_config){pair, 5};
}

const struct vec_provider vec_epay_v2 = {
    .kind = "epay_v2_notify",
    .gateway = "epay2",
    .config = config_v2,
};

const char *
vec_epay_v2_request(struct vec *v)
{
	struct params p = vec_params(v);

	return vec_rsa_request(v, epay_signed_text(&p));
}

const char *
vec_epay_v2_response(struct vec *v)
{
	const char *pem = vec_pem(v, "merchant.public_key");
	const struct json *answer;
	struct rsa_key *key;
	struct params p;
	struct span body;
	const char *bad;

	if (pem == NULL || rsa_public(v->a, span_str(pem), &key) != RC_OK)
		return "merchant.public_key cannot be read";
	if (vec_body(v, &body) != RC_OK ||
	    json_read(v->a, body, &answer) != RC_OK)
		return "the body is not JSON";
	p = epay2_answer_params(v->a, answer);
	if ((bad = differ_canonical(v, epay_signed_text(&p))) != NULL)
		return bad;
	bad = differ_text(v, "signature", span_str(json_text(answer, "sign")),
	    span_str(json_text(v->j, "signature")));
	if (bad != NULL)
		return bad;
	return differ_bool(v, "signature_valid", epay2_verify(&p, key) == RC_OK,
	    json_flag(v->want, "signature_valid"));
}
