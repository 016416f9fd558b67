/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work before an order (work.h).  Nothing is stored: all that decides is in
 * the field, and a check costs one MAC and sixteen hashes.
 */
#include "shop/work.h"

#include <string.h>

#include "base/gate.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/time.h"
#include "io/crypt.h"
#include "shop/checkout.h"
#include "shop/identity.h"

enum {
	TIME = 5,
	HEAD = TIME + 1,
	MAC = 15,
	RAW = HEAD + MAC,
	TEXT = 28,
	PIECE_BITS = 4, /* 2^4 = WORK_PIECES */
	BYTE_BITS = 8
};
_Static_assert(1 << PIECE_BITS == WORK_PIECES, "pieces make up the bits");
_Static_assert(TEXT == RAW / 3 * 4, "no padding");

/* clang-format off */
const char *const work_level_name[WORK__N] = {
	[WORK_OFF]    = "off",
	[WORK_LIGHT]  = "light",
	[WORK_STRONG] = "strong",
};

const char *const work_verdict_name[WORK_VERDICT__N] = {
	[WORK_DONE]    = "solved",
	[WORK_WAITED]  = "waited",
	[WORK_EARLY]   = "early",
	[WORK_WRONG]   = "wrong",
	[WORK_MISSING] = "missing",
	[WORK_FORGED]  = "forged",
	[WORK_EXPIRED] = "expired",
	[WORK_WEAK]    = "weak",
	[WORK_FORM]    = "form",
};
/* clang-format on */

enum work_level
work_level_of(const char *name)
{
	int i;

	for (i = WORK__N - 1; i > WORK_OFF; i--)
		if (str_eq(work_level_name[i], name))
			break;
	return (enum work_level)i;
}

unsigned
work_bits(const struct ctx *cx, enum work_level level)
{
	return level == WORK_OFF ? 0
				 : (unsigned)(level == WORK_STRONG
						  ? cx->set->work_strong_bits
						  : cx->set->work_light_bits);
}

bool
work_is_good(enum work_verdict v)
{
	return v <= WORK_WRONG;
}

/* ---- challenges */

static void
number_out(uint8_t *to, size_t n, uint64_t v)
{
	for (; n > 0; v >>= BYTE_BITS)
		to[--n] = (uint8_t)v;
}

static void
mac_of(struct ctx *cx, const uint8_t key[16], uint64_t sku,
    const uint8_t head[HEAD], uint8_t out[CRYPT_HASH])
{
	uint8_t id[sizeof(sku)];
	const struct span parts[] = {{(const char *)head, HEAD},
	    {(const char *)key, 16}, {(const char *)id, sizeof(id)}};

	number_out(id, sizeof(id), sku);
	keyring_mac(cx->keys, "work", parts, 3, out);
}

const char *
work_challenge(struct ctx *cx, const struct work_form *f, enum work_level level)
{
	uint8_t raw[RAW], key[16], mac[CRYPT_HASH];

	if (form_token_open(cx, f->visitor, f->token, key) != RC_OK)
		return NULL;
	number_out(raw, TIME, (uint64_t)(cx->now / US_PER_S));
	raw[TIME] = (uint8_t)work_bits(cx, level);
	mac_of(cx, key, f->sku, raw, mac);
	memcpy(raw + HEAD, mac, MAC);
	return b64url_text(cx->arena, raw, RAW);
}

struct challenge {
	struct span text;
	int64_t age_s;
	unsigned bits;
};

static bool
challenge_read(struct ctx *cx, const uint8_t key[16], uint64_t sku,
    struct span text, struct challenge *out)
{
	uint8_t mac[CRYPT_HASH];
	const uint8_t *p;
	struct span raw;
	int64_t at = 0;
	int i;

	if (text.n != TEXT || b64url_bytes(cx->arena, text, &raw) != RC_OK ||
	    raw.n != RAW)
		return false;
	p = (const uint8_t *)raw.p;
	mac_of(cx, key, sku, p, mac);
	if (!crypt_equal((struct span){(const char *)mac, MAC},
		(struct span){(const char *)p + HEAD, MAC}))
		return false;
	for (i = 0; i < TIME; i++)
		at = at << BYTE_BITS | p[i];
	*out = (struct challenge){
	    .text = text, .age_s = cx->now / US_PER_S - at, .bits = p[TIME]};
	return true;
}

/* ---- solutions */

static bool
begins_with_zeros(const uint8_t hash[CRYPT_HASH], unsigned bits)
{
	unsigned i;

	for (i = 0; i < bits; i++)
		if (hash[i / BYTE_BITS] >> (BYTE_BITS - 1 - i % BYTE_BITS) & 1)
			return false;
	return true;
}

/* field: the challenge, and behind it as many numbers as there are pieces. */
static bool
solved(struct ctx *cx, const struct challenge *c, struct span field)
{
	unsigned bits = c->bits < PIECE_BITS ? 0 : c->bits - PIECE_BITS, i;
	struct span rest = {field.p + c->text.n, field.n - c->text.n}, nonce;
	uint8_t hash[CRYPT_HASH];
	uint64_t n;

	if (field.n > LIM_WORK || !span_cut(&rest, '.', &nonce) || nonce.n != 0)
		return false;
	for (i = 0; i < WORK_PIECES; i++) {
		nonce = rest;
		if ((i < WORK_PIECES - 1 && !span_cut(&rest, '.', &nonce)) ||
		    num_u64(nonce, UINT32_MAX, &n) != RC_OK)
			return false;
		crypt_sha256(
		    span_str(arena_fmt(cx->arena, "%.*s.%u.%llu",
			(int)c->text.n, c->text.p, i, (unsigned long long)n)),
		    hash);
		if (!begins_with_zeros(hash, bits))
			return false;
	}
	return true;
}

enum work_verdict
work_check(struct ctx *cx, const struct work_form *f, enum work_level level,
    struct span field, unsigned *wait_s)
{
	struct span text = {field.p, field.n < TEXT ? field.n : TEXT};
	bool bare = field.n <= TEXT;
	struct challenge c;
	uint8_t key[16];

	*wait_s = (unsigned)cx->set->work_wait_s;
	if (form_token_open(cx, f->visitor, f->token, key) != RC_OK)
		return WORK_FORM;
	if (field.n == 0)
		return WORK_MISSING;
	if (!challenge_read(cx, key, f->sku, text, &c))
		return WORK_FORGED;
	if (c.age_s > cx->set->work_ttl_s)
		return WORK_EXPIRED;
	if (c.bits < work_bits(cx, level))
		return WORK_WEAK;
	if (!bare && solved(cx, &c, field))
		return WORK_DONE;
	if (c.age_s >= cx->set->work_wait_s) {
		*wait_s = 0;
		return WORK_WAITED;
	}
	/* another machine's clock may be ahead of ours */
	if (c.age_s > 0)
		*wait_s -= (unsigned)c.age_s;
	return bare ? WORK_EARLY : WORK_WRONG;
}

/* ---- what is known of the goods */

void
work_goods(uint64_t sku, enum work_level level)
{
	gate_work_put(sku, time_mono_us(), level);
}

bool
work_known(uint64_t sku, enum work_level *out)
{
	unsigned level;

	if (!gate_work_get(sku, time_mono_us(), &level) || level >= WORK__N)
		return false;
	*out = (enum work_level)level;
	return true;
}
