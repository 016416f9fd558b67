/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages with their generations (page_cache.h).  A worker asks memcached for a
 * generation at most five times a second: a hot page then costs one round
 * trip, and an edit shows at most that much later.
 *
 *	value   format 1 | absent 1 | digest, born, soft, cost,
 *	        catalogue, goods 8 each | body
 */
#include "store/page_cache.h"

#include <string.h>

#include "base/digest.h"
#include "base/time.h"
#include "io/cache.h"

enum { GENERATION_MS = 200, LEASE_S = 2, FORMAT = 2, SEEN = 128 };
enum { NUMBERS = 6, HEAD = 2 + NUMBERS * (int)sizeof(uint64_t) };

/* Generations as last seen, by name. */
static struct seen {
	uint64_t name, generation;
	int64_t until; /* monotonic us */
} seen[SEEN];

static const char *
gen_name(struct ctx *cx, const char *kind, const char *which)
{
	return arena_fmt(cx->arena, "%s:%llu:%s", kind,
	    (unsigned long long)cx->merchant, which);
}

static enum rc
generation(struct ctx *cx, const char *name, uint64_t *out)
{
	uint64_t digest = digest_of(span_str(name));
	struct seen *s = &seen[digest % SEEN];
	int64_t now = time_mono_us();
	enum rc rc;

	if (s->name == digest && now < s->until) {
		*out = s->generation;
		return RC_OK;
	}
	rc = cache_generation(cx, name, out);
	if (rc != RC_OK)
		return rc;
	*s = (struct seen){.name = digest,
	    .generation = *out,
	    .until = now + GENERATION_MS * US_PER_MS};
	return RC_OK;
}

static const char *
goods_name(struct ctx *cx, const char *product)
{
	return product == NULL ? gen_name(cx, "goods", "")
			       : gen_name(cx, "product", product);
}

enum rc
page_cache_gens(
    struct ctx *cx, const struct page_name *p, struct page_gens *out)
{
	enum rc rc;

	rc = generation(cx, gen_name(cx, "catalogue", ""), &out->catalogue);
	if (rc != RC_OK)
		return rc;
	return generation(cx, goods_name(cx, p->product), &out->goods);
}

void
page_cache_bump(struct ctx *cx, const char *product)
{
	if (product == NULL) {
		cache_bump(cx, gen_name(cx, "catalogue", ""));
		return;
	}
	cache_bump(cx, goods_name(cx, product));
	cache_bump(cx, goods_name(cx, NULL));
}

/* ---- values */

static const char *
key_of(struct ctx *cx, const struct page_name *p)
{
	return arena_fmt(cx->arena, "page:%llu:%s",
	    (unsigned long long)cx->merchant, p->name);
}

/* What memcached gives back has a MAC over our own key, so it is ours; a
 * format of another version is not. */
enum rc
page_cache_get(struct ctx *cx, const struct page_name *p,
    const struct page_gens *now, struct page_value *out, bool *old)
{
	uint64_t n[NUMBERS];
	struct span raw;
	enum rc rc;

	rc = cache_get(cx, key_of(cx, p), &raw);
	if (rc != RC_OK)
		return rc;
	if (raw.n < HEAD || raw.p[0] != FORMAT)
		return RC_NOTFOUND;
	memcpy(n, raw.p + 2, sizeof(n));
	*out = (struct page_value){.body = {raw.p + HEAD, raw.n - HEAD},
	    .absent = raw.p[1] != 0,
	    .digest = n[0],
	    .born = (int64_t)n[1],
	    .soft = (int64_t)n[2],
	    .cost_us = (int64_t)n[3]};
	*old = n[4] != now->catalogue || n[5] != now->goods;
	return RC_OK;
}

void
page_cache_put(struct ctx *cx, const struct page_name *p,
    const struct page_gens *was, const struct page_value *v, int64_t until)
{
	uint64_t n[NUMBERS] = {v->digest, (uint64_t)v->born, (uint64_t)v->soft,
	    (uint64_t)v->cost_us, was->catalogue, was->goods};
	char *raw = arena_alloc(cx->arena, HEAD + v->body.n);

	raw[0] = FORMAT;
	raw[1] = v->absent;
	memcpy(raw + 2, n, sizeof(n));
	if (v->body.n != 0)
		memcpy(raw + HEAD, v->body.p, v->body.n);
	cache_keep(
	    cx, key_of(cx, p), (struct span){raw, HEAD + v->body.n}, until);
}

bool
page_cache_lease(struct ctx *cx, const struct page_name *p)
{
	return cache_lease(cx, key_of(cx, p), LEASE_S);
}

void
page_cache_unlease(struct ctx *cx, const struct page_name *p)
{
	cache_unlease(cx, key_of(cx, p));
}
