/* SPDX-License-Identifier: Apache-2.0 */
/* What cache_server.c offers to cache.c; nobody else includes this. */
#ifndef KS_IO_CACHE_SERVER_H
#define KS_IO_CACHE_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include <libmemcached/memcached.h>

struct breaker;

struct cache {
	memcached_st *mc;
	struct breaker *breaker; /* one a server */
	unsigned servers;
	bool skip; /* for the rest of this unit of work */
};

/* The breaker of the server that keeps this name. */
struct breaker *cache_breaker(struct cache *c, const char *name, size_t n);
/* false: not now; do without. */
bool cache_may_ask(struct cache *c, const struct breaker *b);
/* Every answer of the library is told here: it closes the connections and
 * opens the breaker when there was none. */
void cache_note(struct cache *c, struct breaker *b, memcached_return_t ret);

#endif
