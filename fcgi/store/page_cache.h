/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rendered catalogue pages in memcached, each with the numbers of what it was
 * made of: the generation of the catalogue (the shop, its categories, its own
 * pages), and that of the one product it shows or, for lists, of all goods.
 * One increment makes every page of the kind old.  Everything about it may
 * fail; it costs a rendering.
 */
#ifndef KS_STORE_PAGE_CACHE_H
#define KS_STORE_PAGE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

/* name: path, query, language and theme: all that makes the page differ. */
struct page_name {
	const char *name;
	const char *product; /* the slug of the one it shows, or NULL: a list */
};

/* What the rows were when the page was begun. */
struct page_gens {
	uint64_t catalogue, goods;
};

struct page_value {
	struct span body;
	uint64_t digest; /* of body */
	int64_t born;    /* UTC us: no row on it is older */
	int64_t soft;    /* from here on somebody brings a new one */
	int64_t cost_us; /* of rendering it */
	bool absent;     /* there is no such page; body is empty */
};

/* At most 200 ms old.  RC_NOTFOUND: nothing may be kept. */
MUST_CHECK enum rc page_cache_gens(
    struct ctx *cx, const struct page_name *p, struct page_gens *out);
/* *old: a generation has passed since. */
MUST_CHECK enum rc page_cache_get(struct ctx *cx, const struct page_name *p,
    const struct page_gens *now, struct page_value *out, bool *old);
void page_cache_put(struct ctx *cx, const struct page_name *p,
    const struct page_gens *was, const struct page_value *v, int64_t until);

/* Who gets it brings a new page while the others show the one there is. */
MUST_CHECK bool page_cache_lease(struct ctx *cx, const struct page_name *p);
void page_cache_unlease(struct ctx *cx, const struct page_name *p);

/* Something changed: of the product with this slug, or (NULL) of the rest. */
void page_cache_bump(struct ctx *cx, const char *product);

#endif
