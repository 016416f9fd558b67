/* SPDX-License-Identifier: Apache-2.0 */
/* Turns of a sale, signed (queue.h).  Nothing is stored. */
#include "shop/queue.h"

#include "base/hex.h"
#include "base/num.h"
#include "base/time.h"
#include "io/crypt.h"

enum {
	MAC = 16,
	GOOD_S = 600 /* once it is his turn, he may buy for so long */
};

void
queue_goods(struct ctx *cx, const struct sku *s)
{
	bool sale = s->sale_from != 0 || s->sale_until != 0;

	turn_rate_set(s->id, sale ? (unsigned)cx->set->queue_rate : 0);
}

static const char *
mac_of(struct ctx *cx, const struct visitor *v, uint64_t sku,
    struct span number, struct span at)
{
	const char *name =
	    arena_fmt(cx->arena, "%llu", (unsigned long long)sku);
	const struct span parts[] = {
	    span_str(name), number, at, {(const char *)v->raw, sizeof(v->raw)}};
	uint8_t mac[CRYPT_HASH];

	keyring_mac(cx->keys, "turn", parts, 4, mac);
	return b64url_text(cx->arena, mac, MAC);
}

const char *
queue_token(
    struct ctx *cx, const struct visitor *v, uint64_t sku, struct turn t)
{
	const char *number =
	    arena_fmt(cx->arena, "%llu", (unsigned long long)t.number);
	const char *at = arena_fmt(cx->arena, "%lld", (long long)t.at);

	return arena_fmt(cx->arena, "%s.%s.%s", number, at,
	    mac_of(cx, v, sku, span_str(number), span_str(at)));
}

bool
queue_token_read(struct ctx *cx, const struct visitor *v, uint64_t sku,
    struct span token, struct turn *out)
{
	struct span number, at;
	uint64_t us;

	if (!v->known || !span_cut(&token, '.', &number) ||
	    !span_cut(&token, '.', &at) ||
	    !crypt_equal(span_str(mac_of(cx, v, sku, number, at)), token) ||
	    num_u64(number, UINT64_MAX, &out->number) != RC_OK ||
	    num_u64(at, INT64_MAX, &us) != RC_OK)
		return false;
	out->at = (int64_t)us;
	return cx->now - out->at < GOOD_S * US_PER_S;
}

uint64_t
queue_place(struct ctx *cx, uint64_t sku, struct turn t)
{
	unsigned rate = turn_rate(sku);
	int64_t left = t.at - cx->now;

	if (left <= 0 || rate == 0)
		return 0;
	return (uint64_t)left * rate / US_PER_S + 1;
}
