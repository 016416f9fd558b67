/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hottest pages for a second: one copy in memory that all workers of a
 * master share.  A reader takes no lock and waits for nobody; what it cannot
 * have whole it does not have.
 */
#ifndef KS_BASE_HOT_H
#define KS_BASE_HOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"

enum {
	HOT_KEY = 512,           /* longer ones are not kept */
	HOT_BYTES = 64 * 1024,   /* nor bigger values */
	HOT_US_MAX = 1000 * 1000 /* nor longer than this */
};

struct hot_value {
	struct span
	    bytes;       /* what hot_get() gives is in the arena, with a NUL */
	uint64_t digest; /* digest_of(bytes) */
	int64_t born;    /* UTC us; the caller's */
	uint64_t note;   /* the caller's */
	bool sent;       /* hot_get(): you are to bring a new one */
};

/* n places in shared memory; call once before fork.  Before that, with n = 0,
 * or when it fails (RC_FAIL), nothing is kept. */
MUST_CHECK enum rc hot_open(unsigned n);

/* now: monotonic us.  RC_NOTFOUND also for the one caller who is to bring a
 * new value while the others still get this one: out->sent, and nothing else,
 * tells the two apart. */
MUST_CHECK enum rc hot_get(
    struct arena *a, struct span key, int64_t now, struct hot_value *out);
/* Served until `until`; from `soft` on one caller is sent for a new one. */
void hot_put(struct span key, const struct hot_value *v, int64_t now,
    int64_t soft, int64_t until);

/* A value that is not there need not be made by all who miss it at the same
 * time.  false: somebody is at it, for a quarter of a second at most; wait, or
 * make it yourself.  true: make it, and say hot_made() in any case. */
bool hot_make(struct span key, int64_t now);
bool hot_being_made(struct span key, int64_t now);
void hot_made(struct span key);

#endif
