/* SPDX-License-Identifier: Apache-2.0 */
/* Names of the counters (tickets.h); the counting is io/cache's. */
#include "store/tickets.h"

#include "io/cache.h"

static const char *
key_of(struct ctx *cx, uint64_t sku)
{
	return arena_fmt(cx->arena, "ticket:%llu", (unsigned long long)sku);
}

enum rc
tickets_take(struct ctx *cx, uint64_t sku, unsigned n)
{
	return cache_count_take(cx, key_of(cx, sku), n);
}

void
tickets_give(struct ctx *cx, uint64_t sku, unsigned n)
{
	cache_count_give(cx, key_of(cx, sku), n);
}

bool
tickets_start(struct ctx *cx, uint64_t sku, uint64_t left, int64_t ttl_s)
{
	return cache_count_start(cx, key_of(cx, sku), left, ttl_s);
}

void
tickets_end(struct ctx *cx, uint64_t sku)
{
	cache_count_end(cx, key_of(cx, sku));
}
