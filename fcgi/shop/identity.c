/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keyed hashes and form tokens.  A lookup password gets an HMAC under a key
 * that is not in the database instead of a slow hash: guessing needs the key
 * file, and placing an order costs microseconds instead of argon2's tens of
 * milliseconds.
 */
#include "shop/identity.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/hex.h"
#include "base/str.h"
#include "base/time.h"
#include "io/crypt.h"

enum { NONCE = 16, EXPIRY = 8, MAC = 16, TOKEN = NONCE + EXPIRY + MAC };
/* Keys of orders that begin with the time they were drawn at stand together
 * in an index: in a shop with millions of orders a new one finds its page in
 * memory.  What is left of their bytes is random and enough. */
enum { TIME = 4, MARK = 2 };
static const uint8_t mark[MARK] = {'k', 's'};

static struct span
bytes(const void *p, size_t n)
{
	return (struct span){p, n};
}

static void
put_time(const struct ctx *cx, uint8_t out[TIME])
{
	uint64_t s = (uint64_t)(cx->now / US_PER_S);
	int i;

	for (i = TIME; i-- > 0; s >>= 8)
		out[i] = (uint8_t)s;
}

void
identity_new_visitor(const struct ctx *cx, struct visitor *v)
{
	crypt_random(v->raw, sizeof(v->raw));
	memcpy(v->raw, mark, MARK);
	put_time(cx, v->raw + MARK);
}

/* Marked ones keep their time; those of before have none. */
void
identity_visitor(struct ctx *cx, const struct visitor *v, uint8_t out[32])
{
	const struct span part = bytes(v->raw, sizeof(v->raw));

	keyring_mac(cx->keys, "visitor", &part, 1, out);
	if (memcmp(v->raw, mark, MARK) == 0)
		memcpy(out, v->raw, MARK + TIME);
}

void
identity_contact(struct ctx *cx, const char *contact, uint8_t out[16])
{
	struct span trimmed = span_trim(span_str(contact));
	const char *low =
	    str_lower(cx->arena, arena_dup(cx->arena, trimmed.p, trimmed.n));
	const struct span part = span_str(low);
	uint8_t full[CRYPT_HASH];

	keyring_mac(cx->keys, "contact", &part, 1, full);
	memcpy(out, full, 16);
}

void
identity_lookup(
    struct ctx *cx, const char *order_no, const char *password, uint8_t out[32])
{
	const struct span parts[] = {span_str(order_no), span_str(password)};

	keyring_mac(cx->keys, "lookup", parts, 2, out);
}

void
identity_link(
    struct ctx *cx, const char *order_no, unsigned epoch, uint8_t out[32])
{
	const uint8_t e[4] = {(uint8_t)(epoch >> 24), (uint8_t)(epoch >> 16),
	    (uint8_t)(epoch >> 8), (uint8_t)epoch};
	const struct span parts[] = {span_str(order_no), bytes(e, sizeof(e))};

	keyring_mac(cx->keys, "olink", parts, 2, out);
}

unsigned
identity_network(const char *address, uint8_t out[16])
{
	memset(out, 0, 16);
	if (address != NULL && inet_pton(AF_INET, address, out) == 1)
		return 4;
	if (address == NULL || inet_pton(AF_INET6, address, out) != 1)
		return 4; /* 0.0.0.0 */
	memset(out + 8, 0, 8);
	return 8;
}

static void
token_mac(struct ctx *cx, const struct visitor *v, const uint8_t *token,
    uint8_t out[CRYPT_HASH])
{
	const struct span parts[] = {
	    bytes(token, NONCE + EXPIRY),
	    bytes(v->raw, sizeof(v->raw)),
	};

	keyring_mac(cx->keys, "form", parts, 2, out);
}

const char *
form_token_make(struct ctx *cx, const struct visitor *v)
{
	int64_t until = cx->now + cx->set->form_token_ttl_s * US_PER_S;
	uint8_t token[TOKEN], mac[CRYPT_HASH];
	int i;

	crypt_random(token, NONCE);
	put_time(cx, token);
	for (i = 0; i < EXPIRY; i++)
		token[NONCE + i] =
		    (uint8_t)((uint64_t)until >> (8 * (EXPIRY - 1 - i)));
	token_mac(cx, v, token, mac);
	memcpy(token + NONCE + EXPIRY, mac, MAC);
	return b64url_text(cx->arena, token, sizeof(token));
}

enum rc
form_token_open(struct ctx *cx, const struct visitor *v, const char *token,
    uint8_t nonce[16])
{
	struct span raw;
	uint8_t mac[CRYPT_HASH];
	const uint8_t *p;
	uint64_t until = 0;
	int i;

	if (b64url_bytes(cx->arena, span_str(token), &raw) != RC_OK ||
	    raw.n != TOKEN)
		return RC_INVALID;
	p = (const uint8_t *)raw.p;
	token_mac(cx, v, p, mac);
	if (!crypt_equal(bytes(p + NONCE + EXPIRY, MAC), bytes(mac, MAC)))
		return RC_INVALID;
	for (i = 0; i < EXPIRY; i++)
		until = until << 8 | p[NONCE + i];
	if (until < (uint64_t)cx->now)
		return RC_INVALID;
	memcpy(nonce, p, NONCE);
	return RC_OK;
}
