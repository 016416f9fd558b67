/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages by generation.  The generation is asked of memcached at most five
 * times a second and worker: a hot page then costs one round trip, and an
 * edit shows at most that much later.
 */
#include "store/page_cache.h"

#include "base/time.h"
#include "io/cache.h"

enum { GENERATION_MS = 200 };

struct seen {
	uint64_t merchant, generation;
	int64_t until; /* monotonic us */
};
static struct seen seen;

static const char *
generation_name(struct ctx *cx)
{
	return arena_fmt(
	    cx->arena, "catalogue:%llu", (unsigned long long)cx->merchant);
}

static enum rc
generation(struct ctx *cx, uint64_t *out)
{
	int64_t now = time_mono_us();
	enum rc rc;

	if (seen.merchant == cx->merchant && now < seen.until) {
		*out = seen.generation;
		return RC_OK;
	}
	rc = cache_generation(cx, generation_name(cx), out);
	if (rc != RC_OK)
		return rc;
	seen = (struct seen){.merchant = cx->merchant,
	    .generation = *out,
	    .until = now + GENERATION_MS * US_PER_MS};
	return RC_OK;
}

static const char *
key_of(struct ctx *cx, uint64_t gen, const char *name)
{
	return arena_fmt(cx->arena, "page:%llu:%llu:%s",
	    (unsigned long long)cx->merchant, (unsigned long long)gen, name);
}

enum rc
page_cache_get(struct ctx *cx, const char *name, struct span *body)
{
	uint64_t gen;
	enum rc rc;

	rc = generation(cx, &gen);
	return rc == RC_OK ? cache_get(cx, key_of(cx, gen, name), body) : rc;
}

void
page_cache_put(
    struct ctx *cx, const char *name, struct span body, int64_t ttl_s)
{
	uint64_t gen;

	if (generation(cx, &gen) == RC_OK)
		cache_set(cx, key_of(cx, gen, name), body, ttl_s);
}

void
page_cache_bump(struct ctx *cx, uint64_t product)
{
	(void)product; /* pages list each other's goods: all are old */
	cache_bump(cx, generation_name(cx));
}
