/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Token buckets in memory that all workers of a master share, so a limit
 * holds for the pool and needs no memcached.  One for each network and, under
 * a kind of its own, for each browser.  A bucket holds as many tokens
 * as a minute gives; what is not in the table counts as full.  When the table
 * is crowded the fullest bucket of a set is given up: that one forgives least.
 */
#ifndef KS_WEB_RATE_H
#define KS_WEB_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rate_table;

/* Kinds of buckets besides those of the guards (router.h), or added to them. */
enum {
	RATE_TURN = 1 << 20,
	RATE_WAITED = 1 << 21,
	RATE_SESSION = 1 << 22 /* of a browser, not of a network */
};

/* Before fork.  seed: random, so that nobody can aim at a set.  NULL: no
 * memory; nothing is limited then, so the caller refuses to start. */
struct rate_table *rate_open(uint64_t seed);
void rate_close(struct rate_table *t);
/* Takes one token of (kind, who); false: none left, *wait_s is how long until
 * there is one.  per_minute = 0: no limit.  now_ms is monotonic. */
bool rate_take(struct rate_table *t, unsigned kind, const char *who,
    uint64_t per_minute, int64_t now_ms, unsigned *wait_s);

#endif
