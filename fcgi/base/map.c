/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uthash with its memory taken from the arena.  Its default hash has no
 * secret, so somebody could make keys collide: callers bound the number of
 * keys (LIM_PARAMS), which bounds the harm.
 */
#include "base/map.h"

#include <stdint.h>
#include <string.h>

#include "base/bug.h"

/* Macros of uthash are expanded where a struct map *m is in scope. */
#define uthash_malloc(n) arena_alloc(m->arena, (n))
#define uthash_free(p, n) ((void)(p), (void)(n))
#define uthash_fatal(msg) BUG(msg)
#define uthash_bzero(p, n) memset((p), 0, (n))
#include <uthash.h>

struct entry {
	const char *key;
	void *value;
	UT_hash_handle hh;
};

struct map {
	struct arena *arena;
	struct entry *head;
};

struct map *
map_new(struct arena *a)
{
	struct map *m = ARENA_NEW(a, struct map);

	m->arena = a;
	return m;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"

static struct entry *
find(const struct map *m, const char *key, size_t n)
{
	struct entry *e = NULL;

	HASH_FIND(hh, m->head, key, n, e);
	return e;
}

bool
map_put(struct map *m, const char *key, size_t n, void *value)
{
	struct entry *e;

	if (find(m, key, n) != NULL)
		return false;
	e = ARENA_NEW(m->arena, struct entry);
	e->key = key;
	e->value = value;
	HASH_ADD_KEYPTR(hh, m->head, e->key, n, e);
	return true;
}

#pragma GCC diagnostic pop

void *
map_get(const struct map *m, const char *key, size_t n)
{
	struct entry *e = find(m, key, n);

	return e != NULL ? e->value : NULL;
}

size_t
map_count(const struct map *m)
{
	return HASH_COUNT(m->head);
}
