/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts of SKUs, and stock as it may be seen: what the merchant hides is left
 * out here, not in the template.
 */
#include "shop/catalogue_parts.h"

#include "base/seen.h"
#include "base/str.h"
#include "store/card.h"

static const char *const display_name[] = {
    [STOCK_EXACT] = "exact",
    [STOCK_STATUS] = "status",
    [STOCK_RANGE] = "range",
    [STOCK_HIDDEN] = "hidden",
};

static const char *const kind_name[] = {
    [SKU_CARD] = "card",
    [SKU_LOOP] = "loop",
    [SKU_MANUAL] = "manual",
};

static unsigned
name_index(const char *const *name, unsigned n, const char *s)
{
	unsigned i;

	for (i = 0; i + 1 < n; i++)
		if (str_eq(name[i], s))
			break;
	return i;
}

#define NAME_INDEX(table, s)                                                   \
	name_index((table), sizeof(table) / sizeof((table)[0]), (s))

const char *
catalogue_lang(const struct ctx *cx)
{
	return cx->lang != NULL ? cx->lang : cx->set->language;
}

enum stock_display
stock_display_of(const char *name)
{
	return (enum stock_display)NAME_INDEX(display_name, name);
}

enum sku_kind
sku_kind_of(const char *name)
{
	return (enum sku_kind)NAME_INDEX(kind_name, name);
}

void
category_fill(struct category *c, const struct category_rec *r)
{
	c->id = r->id;
	c->parent = r->parent;
	c->slug = r->slug;
	c->name = r->name;
	c->summary = r->summary;
	c->icon = r->icon;
	c->products = (unsigned)r->products;
}

struct supply
supply_of(const char *kind, uint64_t free, uint64_t cap)
{
	struct supply v = {free, free > cap, false};

	if (v.more)
		v.n = cap;
	if (str_eq(kind, kind_name[SKU_MANUAL]))
		v.endless = true;
	if (str_eq(kind, kind_name[SKU_LOOP]))
		v.endless = free > 0;
	return v;
}

static uint64_t
range_floor(uint64_t n)
{
	static const unsigned step[] = {51, 21, STOCK_LOW + 1, 1};
	size_t i;

	for (i = 0; i < sizeof(step) / sizeof(step[0]); i++)
		if (n >= step[i])
			return step[i];
	return 0;
}

struct stock_view
stock_show(enum stock_display display, struct supply s)
{
	struct stock_view v = {display, s.n, s.more, false, false};

	v.out = s.n == 0 && !s.endless;
	v.low = !s.endless && !s.more && s.n >= 1 && s.n <= STOCK_LOW;
	if (s.endless && display != STOCK_STATUS)
		v.display = STOCK_HIDDEN;
	if (v.display == STOCK_RANGE) {
		v.n = range_floor(s.n);
		v.more = !v.out;
	}
	if (v.display == STOCK_STATUS || v.display == STOCK_HIDDEN) {
		v.n = 0;
		v.more = false;
	}
	if (v.display == STOCK_HIDDEN)
		v.low = false;
	return v;
}

/* Lists count to less than a product's page does: what stopped there says no
 * more than that there are as many. */
static bool
is_enough(uint64_t n, uint64_t upto)
{
	return n != STOCK_LIST_MAX + 1 || upto <= n;
}

/* Counts that another page has just shown; the page is then as old as the
 * oldest of them.  Who buys, and who reads his own writes, counts anew. */
static bool
seen_count(struct ctx *cx, uint64_t sku, uint64_t upto, uint64_t *n)
{
	int64_t at;

	if (cx->sticky || cx->set->cache_page_s == 0 ||
	    !seen_get(sku, cx->now, n, &at) || at < cx->not_before ||
	    !is_enough(*n, upto))
		return false;
	if (*n > upto)
		*n = upto;
	if (at < cx->shown)
		cx->shown = at;
	return true;
}

enum rc
free_counts(struct ctx *cx, const uint64_t *sku, size_t n, uint64_t upto,
    const uint64_t **out)
{
	uint64_t *count = ARENA_ARRAY(cx->arena, n, uint64_t);
	uint64_t *ask = ARENA_ARRAY(cx->arena, n, uint64_t);
	size_t *place = ARENA_ARRAY(cx->arena, n, size_t);
	const uint64_t *got;
	size_t i, m = 0;
	enum rc rc;

	for (i = 0; i < n; i++)
		if (!seen_count(cx, sku[i], upto, &count[i])) {
			ask[m] = sku[i];
			place[m++] = i;
		}
	*out = count;
	if (m == 0)
		return RC_OK;
	rc = card_sale_counts(cx, ask, m, upto, &got);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < m; i++) {
		count[place[i]] = got[i];
		if (cx->set->cache_page_s != 0)
			seen_put(ask[i], cx->now, got[i]);
	}
	return RC_OK;
}
