/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state of database and cache for layers that may not speak to them: the
 * health pages ask how they are, the session cookie carries a position.
 */
#include "io/ctx.h"

#include "io/cache.h"
#include "io/db.h"

const char *
ctx_position(struct ctx *cx)
{
	return db_gtid(cx);
}

void
ctx_sticky(struct ctx *cx, const char *position, int64_t written_us)
{
	db_sticky(cx, position, written_us);
}

void
ctx_wrote(struct ctx *cx, const char *position)
{
	db_wrote(cx, position);
}

/* A key of its own each time: an old answer is no answer. */
static bool
cache_keeps(struct ctx *cx)
{
	const char *key = arena_fmt(cx->arena, "look:%s", cx->request_id);
	struct span want = span_str(cx->request_id), got;

	cache_set(cx, key, want, 5);
	return cache_get(cx, key, &got) == RC_OK && span_eq(want, got);
}

void
ctx_look(struct ctx *cx, struct ctx_backing *out)
{
	*out = (struct ctx_backing){.cache_set = cx->cache != NULL};
	out->primary = db_ping(cx) == RC_OK;
	if (out->primary)
		out->replicas = db_replicas_up(cx, &out->lag_us);
	if (out->cache_set)
		out->cache = cache_keeps(cx);
}
