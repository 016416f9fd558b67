/* SPDX-License-Identifier: Apache-2.0 */
/* The epusdt family: channel settings of the vectors, and requests. */
#include "vector/vector.h"

#include "pay/epusdt.h"

static struct gateway_config
config(struct vec *v)
{
	struct pay_pair *pair = ARENA_ARRAY(v->a, 4, struct pay_pair);

	pair[0] = (struct pay_pair){"base_url", "https://gateway.example/"};
	pair[1] =
	    (struct pay_pair){"dialect", json_text(v->in, "merchant.dialect")};
	pair[2] = (struct pay_pair){"pid", json_text(v->in, "merchant.pid")};
	pair[3] = (struct pay_pair){"key", json_text(v->in, "merchant.key")};
	return (struct gateway_config){pair, 4};
}

const struct vec_provider vec_epusdt = {
    .kind = "epusdt_notify",
    .gateway = "epusdt",
    .config = config,
};

/* params keep their JSON type here: numbers are printed by the program. */
const char *
vec_epusdt_request(struct vec *v)
{
	const struct json *params = json_at(v->in, "params");
	const char *key = json_text(v->in, "merchant.key");
	const char *want = json_text(v->j, "signature");
	struct span text;
	struct params p;
	const char *bad;

	if (params == NULL || key == NULL || want == NULL)
		return "params, merchant.key or signature is missing";
	if (epusdt_params(v->a, params, &p) != RC_OK)
		return "params hold a list or an object";
	text = epusdt_signed_text(&p);
	if ((bad = differ_canonical(v, text)) != NULL)
		return bad;
	return differ_text(v, "signature",
	    span_str(epusdt_md5(v->a, text, span_str(key))), span_str(want));
}
