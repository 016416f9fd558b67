/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long a rendered page may serve.  Stock stands on it, so the setting is
 * short; edits of the catalogue end it at once through the outbox.
 */
#include "shop/kept.h"

#include "store/page_cache.h"

enum rc
kept_get(struct ctx *cx, const char *name, struct span *body)
{
	if (cx->cache == NULL || cx->set->cache_page_s == 0 || cx->sticky)
		return RC_NOTFOUND;
	return page_cache_get(cx, name, body);
}

void
kept_put(struct ctx *cx, const char *name, struct span body)
{
	/* A page that a visitor's own write made us read from the primary
	 * is as good as any other: it may serve all. */
	if (cx->cache != NULL && cx->set->cache_page_s != 0)
		page_cache_put(cx, name, body, cx->set->cache_page_s);
}
