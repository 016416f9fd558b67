/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memcached, optional and hostile: absent, slow, restarted or lying, it costs
 * speed only.  A miss, an error, a timeout and a forged value are the same
 * RC_NOTFOUND.  After the first failure of a request the cache is skipped for
 * the rest of it; after several in a row the server's breaker opens.
 *
 * Keys are hashed (fixed prefix + hex digest), values carry version, key
 * hash, expiry and a MAC.  Text protocol; opened after fork.  Never holds
 * card text, sessions, locks or anything that belongs to one visitor.
 */
#ifndef KS_IO_CACHE_H
#define KS_IO_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

struct cache *cache_new(struct ctx *cx); /* NULL: none configured */
void cache_close(struct cache *c);
/* A new unit of work: the cache is tried again.  ctx_begin() calls it. */
void cache_begin(struct cache *c);

/* *out lives in the request arena. */
MUST_CHECK enum rc cache_get(struct ctx *cx, const char *key, struct span *out);
/* Kept for ttl_s times a factor drawn from 0.8 .. 1.2. */
void cache_set(
    struct ctx *cx, const char *key, struct span value, int64_t ttl_s);
/* Kept until exactly then, UTC us. */
void cache_keep(
    struct ctx *cx, const char *key, struct span value, int64_t until);
void cache_forget(struct ctx *cx, const char *key);

/* A lease: one of many gets true, until cache_unlease() or ttl_s is over.  It
 * may be lost or given twice (K2, K9), and is given to everybody when there is
 * nobody to ask: for work that may be done twice. */
MUST_CHECK bool cache_lease(struct ctx *cx, const char *key, int64_t ttl_s);
void cache_unlease(struct ctx *cx, const char *key);

/* Generations: a number per name ("catalogue:1", "product:7") that is part of
 * the keys; one increment makes all of them old.  Absent or error: 0, and the
 * caller does not store. */
MUST_CHECK enum rc cache_generation(
    struct ctx *cx, const char *name, uint64_t *out);
void cache_bump(struct ctx *cx, const char *name);

/* Counters that the server keeps: how many of something are left.  Nothing
 * proves them, so they may only spare work, never decide.
 * RC_OK: n were taken.  RC_CONFLICT: fewer are left, none were taken.
 * RC_NOTFOUND: there is no counter, or no answer. */
MUST_CHECK enum rc cache_count_take(
    struct ctx *cx, const char *key, unsigned n);
void cache_count_give(struct ctx *cx, const char *key, unsigned n);
/* Where there is none yet; forgotten after ttl_s.  false: there was one, or
 * no answer. */
bool cache_count_start(
    struct ctx *cx, const char *key, uint64_t left, int64_t ttl_s);
void cache_count_end(struct ctx *cx, const char *key);

#endif
