/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Catalogue pages as they were rendered a moment ago: in memory that the
 * workers of this machine share, behind it in memcached.
 */
#ifndef KS_SHOP_KEPT_H
#define KS_SHOP_KEPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"
#include "store/page_cache.h"

struct kept {
	struct page_name page; /* set by the caller, the rest zero */

	/* what kept_get() found */
	bool absent;      /* there is no such page */
	struct span body; /* else this one */
	uint64_t digest;  /* digest_of(body) */
	int64_t age_us;

	/* between kept_get() and kept_put() */
	int64_t begun; /* monotonic us */
	struct page_gens gens;
	bool gens_known, leased, making;
	bool sent; /* for a new one, while others still get the old */
};

/* Finds nothing that is older than cx->not_before.  RC_NOTFOUND: render it,
 * then give it to kept_put(), or say that it is not there; in any case end with
 * kept_end().  A page that another worker has just begun to render is waited
 * for, shortly. */
MUST_CHECK enum rc kept_get(struct ctx *cx, struct kept *k);
void kept_put(
    struct ctx *cx, struct kept *k, struct span body, uint64_t digest);
void kept_absent(struct ctx *cx, struct kept *k);
void kept_end(struct ctx *cx, const struct kept *k);

#endif
