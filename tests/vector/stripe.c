/* SPDX-License-Identifier: Apache-2.0 */
/* Stripe: channel settings of the vectors, the signature header. */
#include "vector/vector.h"

#include "pay/stripe.h"

static const char *
secrets(struct vec *v)
{
	const struct json *list = json_at(v->in, "merchant.secrets");
	struct buf b;
	size_t i;

	buf_init(&b, v->a, 256, 4096);
	for (i = 0; list != NULL && i < json_count(list); i++)
		buf_fmt(&b, "%s\n", json_text(list, arena_fmt(v->a, "%zu", i)));
	return buf_text(&b);
}

static struct gateway_config
config(struct vec *v)
{
	struct pay_pair *pair = ARENA_ARRAY(v->a, 4, struct pay_pair);
	bool live = json_flag(v->in, "merchant.livemode");
	int64_t tolerance;

	if (json_int(v->in, "merchant.tolerance", &tolerance) != RC_OK)
		tolerance = 300;
	pair[0] = (struct pay_pair){"mode", live ? "live" : "test"};
	pair[1] = (struct pay_pair){
	    "secret_key", live ? "sk_live_vector_run" : "sk_test_vector_run"};
	pair[2] = (struct pay_pair){"webhook_secrets", secrets(v)};
	pair[3] = (struct pay_pair){
	    "tolerance", arena_fmt(v->a, "%lld", (long long)tolerance)};
	return (struct gateway_config){pair, 4};
}

const struct vec_provider vec_stripe = {
    .kind = "stripe_notify",
    .gateway = "stripe",
    .config = config,
};

const char *
vec_stripe_header_parse(struct vec *v)
{
	const char *header = json_text(v->in, "headers.Stripe-Signature");
	const struct json *v1 = json_at(v->want, "v1");
	struct stripe_signature sig;
	const char *bad;
	int64_t t;
	bool ok;
	size_t i;

	if (header == NULL)
		return "no Stripe-Signature";
	ok = stripe_header(header, &sig) == RC_OK;
	bad = differ_bool(v, "parse_ok", ok, json_flag(v->want, "parse_ok"));
	if (bad != NULL || !ok)
		return bad;
	if (json_int(v->want, "t", &t) == RC_OK && t != sig.t)
		return arena_fmt(v->a, "t: got %lld", (long long)sig.t);
	if (v1 == NULL)
		return NULL;
	if (json_count(v1) != sig.n)
		return arena_fmt(v->a, "v1: got %zu", sig.n);
	for (i = 0; i < sig.n && bad == NULL; i++)
		bad = differ_text(v, "v1", sig.v1[i],
		    span_str(json_text(v1, arena_fmt(v->a, "%zu", i))));
	return bad;
}
