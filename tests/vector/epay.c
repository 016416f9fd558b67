/* SPDX-License-Identifier: Apache-2.0 */
/* EPay: channel settings of the vectors, and the request kinds. */
#include "vector/vector.h"

#include "pay/epay.h"

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

static void
read_params(struct vec *v, struct params *p)
{
	const struct json *all = json_at(v->in, "params"), *value;
	const char *name;
	size_t i;

	params_init(p, v->a);
	for (i = 0; all != NULL && json_member(all, i, &name, &value); i++)
		params_add(p, name, json_text(value, ""));
}

const char *
vec_epay_v1_request(struct vec *v)
{
	const char *want = json_text(v->j, "signature");
	const char *key = json_text(v->in, "merchant.key");
	struct params p;
	struct span text;
	const char *bad;

	if (want == NULL || key == NULL)
		return "signature or merchant.key is missing";
	read_params(v, &p);
	text = epay_signed_text(&p);
	if ((bad = differ_canonical(v, text)) != NULL)
		return bad;
	return differ_text(v, "signature",
	    span_str(epay_md5(v->a, text, span_str(key), false)),
	    span_str(want));
}
