/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memcached: names, values, generations.
 *
 * What comes back is input like any other: a value is taken only if its MAC
 * says that we wrote it, for this key, and that it has not expired.  A client
 * that reads the answer to its last question (K1), a server shared with
 * strangers (K8), a value planted under our name: each is a miss.  How the
 * servers are asked, and when not, is cache_server.c.
 *
 *	value   format 1 | expiry 8 | key 16 | MAC 32 | bytes
 */
#include "io/cache.h"
#include "io/cache_server.h"

#include "base/metric.h"
#include "base/num.h"
#include "base/time.h"
#include "io/crypt.h"
#include "io/crypt_int.h"

#include <stdlib.h>
#include <string.h>

enum {
	FORMAT = 1,
	KEY_PART = 16,
	HEAD = 1 + 8 + KEY_PART, /* what the MAC covers, with the bytes */
	OVERHEAD = HEAD + CRYPT_HASH,
	VALUE_MAX = 900 * 1024, /* memcached's own limit is 1 MiB */
	TTL_MAX = 7 * 86400,
	NAME_HEX = 40,
	NAME = 4 + NAME_HEX /* "ks1:" and hex digits */
};

/* A key as the server knows it. */
struct name {
	char text[NAME + 1];
	uint8_t digest[CRYPT_HASH];
};

/* Keyed: nobody who shares the server can tell what we look for, and no text
 * of ours can break the protocol (K7). */
static void
name_of(struct ctx *cx, const char *kind, const char *key, struct name *out)
{
	static const char hex[] = "0123456789abcdef";
	struct span part[2] = {span_str(kind), span_str(key)};
	size_t i;

	keyring_mac(cx->keys, "cache-name", part, 2, out->digest);
	memcpy(out->text, "ks1:", 4);
	for (i = 0; i < NAME_HEX / 2; i++) {
		out->text[4 + 2 * i] = hex[out->digest[i] >> 4];
		out->text[5 + 2 * i] = hex[out->digest[i] & 15];
	}
	out->text[NAME] = '\0';
}

static void
head_make(uint8_t head[HEAD], int64_t expiry, const struct name *n)
{
	head[0] = FORMAT;
	crypt_be64((uint64_t)expiry, head + 1);
	memcpy(head + 9, n->digest, KEY_PART);
}

static void
value_mac(struct ctx *cx, const void *head, struct span bytes,
    uint8_t out[CRYPT_HASH])
{
	struct span part[2] = {{head, HEAD}, bytes};

	keyring_mac(cx->keys, "cache", part, 2, out);
}

static int64_t
be64_read(const uint8_t *p)
{
	uint64_t v = 0;
	int i;

	for (i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

/* The bytes of a value that is ours, for this key, and not yet old. */
static bool
value_ok(
    struct ctx *cx, const struct name *n, struct span raw, struct span *bytes)
{
	const uint8_t *p = (const uint8_t *)raw.p;
	uint8_t mac[CRYPT_HASH];

	if (raw.n < OVERHEAD || p[0] != FORMAT ||
	    memcmp(p + 9, n->digest, KEY_PART) != 0)
		return false;
	*bytes = (struct span){raw.p + OVERHEAD, raw.n - OVERHEAD};
	value_mac(cx, p, *bytes, mac);
	return crypt_equal((struct span){raw.p + HEAD, CRYPT_HASH},
		   (struct span){(char *)mac, CRYPT_HASH}) &&
	       be64_read(p + 1) > cx->now;
}

/* NULL: a miss, whatever the reason.  Given back by free(). */
static char *
fetch(struct cache *c, const struct name *n, size_t *len)
{
	struct breaker *b = cache_breaker(c, n->text, NAME);
	memcached_return_t ret = MEMCACHED_FAILURE;
	uint32_t flags;
	char *raw;

	if (!cache_may_ask(c, b))
		return NULL;
	raw = memcached_get(c->mc, n->text, NAME, len, &flags, &ret);
	cache_note(c, b, ret);
	if (ret == MEMCACHED_SUCCESS && raw != NULL)
		return raw;
	free(raw);
	return NULL;
}

enum rc
cache_get(struct ctx *cx, const char *key, struct span *out)
{
	struct span bytes;
	struct name n;
	bool ok = false;
	size_t len;
	char *raw;

	if (cx->cache == NULL || cx->cache->skip)
		return RC_NOTFOUND;
	name_of(cx, "value", key, &n);
	raw = fetch(cx->cache, &n, &len);
	if (raw != NULL) {
		ok = value_ok(cx, &n, (struct span){raw, len}, &bytes);
		if (ok)
			*out = (struct span){
			    arena_dup(cx->arena, bytes.p, bytes.n), bytes.n};
		else
			metric_add(METRIC_cache_errors_total, NULL, 1);
		free(raw);
	}
	metric_add(
	    ok ? METRIC_cache_hits_total : METRIC_cache_misses_total, NULL, 1);
	return ok ? RC_OK : RC_NOTFOUND;
}

/* Spread, so that what was written together does not expire together. */
static int64_t
ttl_us(int64_t ttl_s)
{
	int64_t part = (int64_t)(crypt_random_u64() % 400001) + 800000;

	if (ttl_s > TTL_MAX)
		ttl_s = TTL_MAX;
	return ttl_s * part;
}

void
cache_set(struct ctx *cx, const char *key, struct span value, int64_t ttl_s)
{
	if (cx->cache != NULL && ttl_s > 0)
		cache_keep(cx, key, value, cx->now + ttl_us(ttl_s));
}

void
cache_keep(struct ctx *cx, const char *key, struct span value, int64_t until)
{
	struct cache *c = cx->cache;
	struct breaker *b;
	struct name n;
	uint8_t *p;

	if (c == NULL || c->skip || until <= cx->now || value.n > VALUE_MAX)
		return;
	name_of(cx, "value", key, &n);
	b = cache_breaker(c, n.text, NAME);
	if (!cache_may_ask(c, b))
		return;
	p = arena_alloc(cx->arena, OVERHEAD + value.n);
	head_make(p, until, &n);
	value_mac(cx, p, value, p + HEAD);
	if (value.n != 0)
		memcpy(p + OVERHEAD, value.p, value.n);
	cache_note(c, b,
	    memcached_set(c->mc, n.text, NAME, (const char *)p,
		OVERHEAD + value.n, (time_t)((until - cx->now) / US_PER_S + 1),
		0));
}

static void
forget(struct cache *c, const struct name *n)
{
	struct breaker *b = cache_breaker(c, n->text, NAME);

	if (cache_may_ask(c, b))
		cache_note(c, b, memcached_delete(c->mc, n->text, NAME, 0));
}

void
cache_forget(struct ctx *cx, const char *key)
{
	struct name n;

	if (cx->cache == NULL)
		return;
	name_of(cx, "value", key, &n);
	forget(cx->cache, &n);
}

/* ---- leases */

bool
cache_lease(struct ctx *cx, const char *key, int64_t ttl_s)
{
	struct cache *c = cx->cache;
	memcached_return_t ret;
	struct breaker *b;
	struct name n;

	if (c == NULL)
		return true;
	name_of(cx, "lease", key, &n);
	b = cache_breaker(c, n.text, NAME);
	if (!cache_may_ask(c, b))
		return true;
	ret = memcached_add(c->mc, n.text, NAME, "1", 1, (time_t)ttl_s, 0);
	cache_note(c, b, ret);
	return ret != MEMCACHED_NOTSTORED && ret != MEMCACHED_DATA_EXISTS;
}

void
cache_unlease(struct ctx *cx, const char *key)
{
	struct name n;

	if (cx->cache == NULL)
		return;
	name_of(cx, "lease", key, &n);
	forget(cx->cache, &n);
}

/* ---- generations: plain numbers, because the server counts them.  A forged
 * one makes us miss, or shows a value that was true within its time. */

static bool
number_of(char *raw, size_t len, uint64_t *out)
{
	struct span s = span_trim((struct span){raw, len});
	bool ok = num_u64(s, UINT64_MAX, out) == RC_OK && *out != 0;

	free(raw);
	return ok;
}

/* Counting from the clock: after an eviction the new number is one that was
 * never there before. */
static bool
generation_add(struct ctx *cx, const struct name *n)
{
	struct cache *c = cx->cache;
	struct breaker *b = cache_breaker(c, n->text, NAME);
	const char *text = arena_fmt(cx->arena, "%lld", (long long)cx->now);
	memcached_return_t ret;

	if (!cache_may_ask(c, b))
		return false;
	ret = memcached_add(c->mc, n->text, NAME, text, strlen(text), 0, 0);
	cache_note(c, b, ret);
	return ret == MEMCACHED_SUCCESS || ret == MEMCACHED_NOTSTORED;
}

enum rc
cache_generation(struct ctx *cx, const char *name, uint64_t *out)
{
	struct cache *c = cx->cache;
	struct name n;
	size_t len;
	char *raw;

	*out = 0;
	if (c == NULL || c->skip)
		return RC_NOTFOUND;
	name_of(cx, "generation", name, &n);
	raw = fetch(c, &n, &len);
	if (raw == NULL && generation_add(cx, &n))
		raw = fetch(c, &n, &len);
	if (raw == NULL)
		return RC_NOTFOUND;
	if (number_of(raw, len, out))
		return RC_OK;
	*out = 0;
	metric_add(METRIC_cache_errors_total, NULL, 1);
	forget(c, &n); /* not a number: start anew */
	return RC_NOTFOUND;
}

void
cache_bump(struct ctx *cx, const char *name)
{
	struct cache *c = cx->cache;
	struct breaker *b;
	struct name n;
	uint64_t value;

	if (c == NULL)
		return;
	name_of(cx, "generation", name, &n);
	b = cache_breaker(c, n.text, NAME);
	if (cache_may_ask(c, b))
		cache_note(
		    c, b, memcached_increment(c->mc, n.text, NAME, 1, &value));
}

/* ---- counters: the server stops at 0 and does not say how far below it would
 * have gone, so they count from COUNT_BASE. */

#define COUNT_BASE (UINT64_C(1) << 40)

static struct breaker *
count_of(struct ctx *cx, const char *key, struct name *n)
{
	struct cache *c = cx->cache;
	struct breaker *b;

	if (c == NULL || c->skip)
		return NULL;
	name_of(cx, "count", key, n);
	b = cache_breaker(c, n->text, NAME);
	return cache_may_ask(c, b) ? b : NULL;
}

enum rc
cache_count_take(struct ctx *cx, const char *key, unsigned n)
{
	memcached_return_t ret;
	struct breaker *b;
	struct name name;
	uint64_t left = 0;

	b = count_of(cx, key, &name);
	if (b == NULL)
		return RC_NOTFOUND;
	ret = memcached_decrement(cx->cache->mc, name.text, NAME, n, &left);
	cache_note(cx->cache, b, ret);
	if (ret != MEMCACHED_SUCCESS)
		return RC_NOTFOUND;
	if (left >= COUNT_BASE)
		return RC_OK;
	cache_count_give(cx, key, n);
	return RC_CONFLICT;
}

void
cache_count_give(struct ctx *cx, const char *key, unsigned n)
{
	struct breaker *b;
	struct name name;
	uint64_t left;

	b = count_of(cx, key, &name);
	if (b != NULL)
		cache_note(cx->cache, b,
		    memcached_increment(
			cx->cache->mc, name.text, NAME, n, &left));
}

bool
cache_count_start(struct ctx *cx, const char *key, uint64_t left, int64_t ttl_s)
{
	const char *text;
	memcached_return_t ret;
	struct breaker *b;
	struct name name;

	b = count_of(cx, key, &name);
	if (b == NULL)
		return false;
	text = arena_fmt(
	    cx->arena, "%llu", (unsigned long long)(COUNT_BASE + left));
	ret = memcached_add(cx->cache->mc, name.text, NAME, text, strlen(text),
	    (time_t)ttl_s, 0);
	cache_note(cx->cache, b, ret);
	return ret == MEMCACHED_SUCCESS;
}

void
cache_count_end(struct ctx *cx, const char *key)
{
	struct breaker *b;
	struct name name;

	b = count_of(cx, key, &name);
	if (b != NULL)
		cache_note(cx->cache, b,
		    memcached_delete(cx->cache->mc, name.text, NAME, 0));
}
