/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The servers of the cache and when they are asked.
 *
 * A server that does not answer costs one time-out a request: then the cache
 * is skipped for the rest of it, the connections are closed, so that a late
 * answer cannot be taken for the next one, and after some failures in a row
 * the server's breaker opens.
 */
#include "io/cache.h"
#include "io/cache_server.h"

#include "base/bug.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/num.h"
#include "base/time.h"

#include <string.h>

enum {
	SERVERS_MAX = 64,
	TRIP_AFTER = 3,
	PAUSE_MS = 1000,
	PAUSE_MAX_MS = 30000
};

struct breaker {
	unsigned failures;  /* in a row */
	int64_t open_until; /* monotonic; 0: closed */
	int64_t pause_us;
};

static memcached_return_t
add_server(memcached_st *mc, struct arena *a, struct span s)
{
	const char *colon;
	unsigned port;
	char *host;

	if (s.p[0] == '/')
		return memcached_server_add_unix_socket(
		    mc, arena_dup(a, s.p, s.n));
	colon = memrchr(s.p, ':', s.n);
	if (colon == NULL || colon == s.p ||
	    num_uint(arena_dup(a, colon + 1, (size_t)(s.p + s.n - colon - 1)),
		65535, &port) != RC_OK ||
	    port == 0)
		return MEMCACHED_INVALID_ARGUMENTS;
	host = arena_dup(a, s.p, (size_t)(colon - s.p));
	if (host[0] == '[' && str_ends(host, "]")) { /* [::1]:11211 */
		host[strlen(host) - 1] = '\0';
		host++;
	}
	return memcached_server_add(mc, host, (in_port_t)port);
}

static bool
add_servers(memcached_st *mc, struct ctx *cx)
{
	struct span rest = span_str(cx->set->memcached), s;
	unsigned n = 0;

	while (rest.n != 0 && span_cut(&rest, ' ', &s)) {
		if (s.n == 0)
			continue;
		if (++n > SERVERS_MAX ||
		    add_server(mc, cx->keep, s) != MEMCACHED_SUCCESS) {
			log_event(
			    LOG_ERROR, "cache_setting", LF_SPAN("server", s));
			return false;
		}
	}
	return n != 0;
}

static bool
behave(memcached_st *mc, uint64_t ms)
{
	const struct {
		memcached_behavior_t what;
		uint64_t value;
	} wish[] = {
	    /* K5; K7; K3 */
	    {MEMCACHED_BEHAVIOR_BINARY_PROTOCOL, 0},
	    {MEMCACHED_BEHAVIOR_VERIFY_KEY, 1},
	    {MEMCACHED_BEHAVIOR_NO_BLOCK, 0},
	    {MEMCACHED_BEHAVIOR_TCP_NODELAY, 1},
	    {MEMCACHED_BEHAVIOR_CONNECT_TIMEOUT, ms},
	    {MEMCACHED_BEHAVIOR_POLL_TIMEOUT, ms},
	    {MEMCACHED_BEHAVIOR_SND_TIMEOUT, ms * 1000},
	    {MEMCACHED_BEHAVIOR_RCV_TIMEOUT, ms * 1000},
	    /* K6: a key stays with its server, there or not */
	    {MEMCACHED_BEHAVIOR_DISTRIBUTION,
		MEMCACHED_DISTRIBUTION_CONSISTENT_KETAMA},
	    {MEMCACHED_BEHAVIOR_REMOVE_FAILED_SERVERS, 0},
	    /* the breaker is ours: the library forgets at once */
	    {MEMCACHED_BEHAVIOR_RETRY_TIMEOUT, 0},
	    {MEMCACHED_BEHAVIOR_DEAD_TIMEOUT, 0},
	};
	size_t i;

	for (i = 0; i < sizeof(wish) / sizeof(wish[0]); i++)
		if (memcached_behavior_set(mc, wish[i].what, wish[i].value) !=
		    MEMCACHED_SUCCESS) {
			log_event(LOG_ERROR, "cache_behaviour",
			    LF_INT("what", wish[i].what));
			return false;
		}
	return true;
}

struct cache *
cache_new(struct ctx *cx)
{
	struct cache *c;
	memcached_st *mc;

	/* Without keys nothing that comes back could be believed. */
	if (str_empty(cx->set->memcached) || cx->keys == NULL)
		return NULL;
	mc = memcached_create(NULL);
	if (mc == NULL)
		no_memory(0);
	if (!behave(mc, (uint64_t)cx->set->cache_timeout_ms) ||
	    !add_servers(mc, cx)) {
		memcached_free(mc);
		return NULL;
	}
	c = ARENA_NEW(cx->keep, struct cache);
	c->mc = mc;
	c->servers = memcached_server_count(mc);
	c->breaker = ARENA_ARRAY(cx->keep, c->servers, struct breaker);
	return c;
}

void
cache_close(struct cache *c)
{
	if (c == NULL || c->mc == NULL)
		return;
	memcached_free(c->mc);
	c->mc = NULL;
}

void
cache_begin(struct cache *c)
{
	if (c != NULL)
		c->skip = false;
}

/* ---- the breaker */

struct breaker *
cache_breaker(struct cache *c, const char *name, size_t n)
{
	uint32_t at = memcached_generate_hash(c->mc, name, n);

	return &c->breaker[at < c->servers ? at : 0];
}

/* After the pause one request tries; the others of this process wait for it
 * anyway, there is one thread. */
bool
cache_may_ask(struct cache *c, const struct breaker *b)
{
	return !c->skip &&
	       (b->open_until == 0 || time_mono_us() >= b->open_until);
}

static void
went_well(struct breaker *b)
{
	if (b->open_until != 0) {
		log_event(LOG_INFO, "cache_back");
		metric_set(METRIC_breaker_state, "memcached", 0);
	}
	*b = (struct breaker){0};
}

static void
went_wrong(struct cache *c, struct breaker *b, memcached_return_t ret)
{
	metric_add(METRIC_cache_errors_total, NULL, 1);
	c->skip = true;
	memcached_quit(c->mc); /* K1 */
	if (++b->failures < TRIP_AFTER)
		return;
	if (b->open_until == 0) {
		log_event(LOG_WARN, "cache_down",
		    LF_STR("error", memcached_strerror(c->mc, ret)));
		metric_set(METRIC_breaker_state, "memcached", 2);
	}
	b->pause_us = b->pause_us == 0 ? PAUSE_MS * US_PER_MS : b->pause_us * 2;
	if (b->pause_us > PAUSE_MAX_MS * US_PER_MS)
		b->pause_us = PAUSE_MAX_MS * US_PER_MS;
	b->open_until = time_mono_us() + b->pause_us;
}

/* Answers of a server in good health that are no success. */
static bool
is_answer(memcached_return_t ret)
{
	return ret == MEMCACHED_SUCCESS || ret == MEMCACHED_NOTFOUND ||
	       ret == MEMCACHED_NOTSTORED || ret == MEMCACHED_DATA_EXISTS ||
	       ret == MEMCACHED_E2BIG || ret == MEMCACHED_CLIENT_ERROR ||
	       ret == MEMCACHED_SERVER_MEMORY_ALLOCATION_FAILURE;
}

void
cache_note(struct cache *c, struct breaker *b, memcached_return_t ret)
{
	if (is_answer(ret))
		went_well(b);
	else
		went_wrong(c, b, ret);
}
