/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cookie values and tokens derived from them (token.h).  Nothing is stored
 * here: what the database keeps of a cookie is a hash, made where it is kept.
 */
#include "shop/token.h"

#include "base/hex.h"
#include "base/num.h"
#include "base/time.h"
#include "io/crypt.h"

#include <string.h>

enum { WROTE_MAC = 16, WROTE_LIFE_S = 300 };

void
token_random(uint8_t raw[TOKEN_RAW])
{
	crypt_random(raw, TOKEN_RAW);
}

const char *
token_text(struct ctx *cx, const uint8_t raw[TOKEN_RAW])
{
	return b64url_text(cx->arena, raw, TOKEN_RAW);
}

bool
token_raw(struct ctx *cx, struct span text, uint8_t raw[TOKEN_RAW])
{
	struct span bytes;

	if (b64url_bytes(cx->arena, text, &bytes) != RC_OK ||
	    bytes.n != TOKEN_RAW)
		return false;
	memcpy(raw, bytes.p, TOKEN_RAW);
	return true;
}

const char *
token_csrf(struct ctx *cx, const uint8_t raw[TOKEN_RAW])
{
	struct span part = {(const char *)raw, TOKEN_RAW};
	uint8_t mac[CRYPT_HASH];

	keyring_mac(cx->keys, "csrf", &part, 1, mac);
	return b64url_text(cx->arena, mac, sizeof(mac));
}

bool
token_csrf_ok(struct ctx *cx, const uint8_t raw[TOKEN_RAW], struct span given)
{
	return crypt_equal(span_str(token_csrf(cx, raw)), given);
}

/* Their MACs are compared, so neither the length nor a common beginning shows
 * in the time it takes. */
bool
token_equal(struct ctx *cx, const char *a, const char *b)
{
	struct span sa = span_str(a), sb = span_str(b);
	uint8_t ma[CRYPT_HASH], mb[CRYPT_HASH];

	keyring_mac(cx->keys, "equal", &sa, 1, ma);
	keyring_mac(cx->keys, "equal", &sb, 1, mb);
	return crypt_equal((struct span){(const char *)ma, sizeof(ma)},
	    (struct span){(const char *)mb, sizeof(mb)});
}

static const char *
wrote_mac(struct ctx *cx, struct span time, struct span position)
{
	struct span parts[] = {time, position};
	uint8_t mac[CRYPT_HASH];

	keyring_mac(cx->keys, "wrote", parts, 2, mac);
	return b64url_text(cx->arena, mac, WROTE_MAC);
}

/* "time.mac.position": the position is in base64url, because a cookie may
 * hold no comma. */
const char *
token_wrote(struct ctx *cx)
{
	const char *position = ctx_position(cx);
	const char *time = arena_fmt(cx->arena, "%lld", (long long)cx->now);
	const char *b64 = b64url_text(cx->arena, position, strlen(position));

	return arena_fmt(cx->arena, "%s.%s.%s", time,
	    wrote_mac(cx, span_str(time), span_str(position)), b64);
}

void
token_wrote_read(struct ctx *cx, struct span text)
{
	struct span time, mac, position;
	uint64_t us;

	if (!span_cut(&text, '.', &time) || !span_cut(&text, '.', &mac) ||
	    b64url_bytes(cx->arena, text, &position) != RC_OK ||
	    num_u64(time, INT64_MAX, &us) != RC_OK ||
	    !crypt_equal(span_str(wrote_mac(cx, time, position)), mac))
		return;
	if (cx->now - (int64_t)us > WROTE_LIFE_S * US_PER_S)
		return;
	cx->wrote_lately = true;
	ctx_sticky(
	    cx, arena_dup(cx->arena, position.p, position.n), (int64_t)us);
}
