/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rendered catalogue pages in memcached.  A page's key holds the generation
 * of the catalogue: one increment makes all of them old.  Everything about it
 * may fail; it costs a rendering.
 */
#ifndef KS_STORE_PAGE_CACHE_H
#define KS_STORE_PAGE_CACHE_H

#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

/* name: path, query, language and theme: all that makes the page differ.
 * RC_NOTFOUND: render it. */
MUST_CHECK enum rc page_cache_get(
    struct ctx *cx, const char *name, struct span *body);
void page_cache_put(
    struct ctx *cx, const char *name, struct span body, int64_t ttl_s);
/* The catalogue changed; of one product, or (0) in general. */
void page_cache_bump(struct ctx *cx, uint64_t product);

#endif
