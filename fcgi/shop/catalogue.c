/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What buyers see of the goods: the shop, categories, lists, search.  A list
 * costs the same few statements whatever its length: the page's products,
 * their SKUs, the counts of those.  One product is in catalogue_product.c.
 */
#include "shop/catalogue.h"

#include "base/limits.h"
#include "base/str.h"
#include "shop/catalogue_parts.h"
#include "shop/words.h"
#include "store/category.h"
#include "store/content.h"
#include "store/product.h"
#include "store/sku.h"

enum { PER_PAGE_MAX = 100 };

/* ------------------------------------------------------------ the shop */

enum rc
catalogue_shop(struct ctx *cx, const struct shop_info **out)
{
	struct shop_info *s = ARENA_NEW(cx->arena, struct shop_info);
	struct shop_rec r;
	enum rc rc;

	rc = shop_get(cx, catalogue_lang(cx), &r);
	if (rc != RC_OK)
		return rc;
	s->name = r.name;
	s->currency = r.currency;
	s->notice = r.notice;
	s->open = str_eq(r.state, "open");
	*out = s;
	return RC_OK;
}

enum rc
catalogue_content(struct ctx *cx, const char *slug, const struct content **out)
{
	struct content *c = ARENA_NEW(cx->arena, struct content);
	struct content_rec r;
	enum rc rc;

	if (!str_is_token(slug, "-_", LIM_SLUG))
		return RC_NOTFOUND;
	rc = content_get(cx, slug, catalogue_lang(cx), cx->set->language, &r);
	if (rc != RC_OK)
		return rc;
	c->slug = slug;
	c->title = r.title;
	c->body_html = r.body_html;
	*out = c;
	return RC_OK;
}

/* ------------------------------------------------------------ categories */

/* Appends the visible children of parent, each followed by its own; every
 * row is taken once, so a cycle ends. */
static size_t
tree_add(struct category *out, size_t n_out, bool *taken, uint64_t parent,
    const struct category_rec *all, size_t n)
{
	size_t i, at;

	for (i = 0; i < n; i++) {
		if (taken[i] || all[i].hidden || all[i].parent != parent)
			continue;
		taken[i] = true;
		at = n_out++;
		category_fill(&out[at], &all[i]);
		n_out = tree_add(out, n_out, taken, all[i].id, all, n);
		out[at].below = n_out - at - 1;
	}
	return n_out;
}

enum rc
catalogue_categories(struct ctx *cx, const struct category **out, size_t *n)
{
	const struct category_rec *all;
	struct category *c;
	enum rc rc;
	size_t n_all;

	rc = category_all(cx, catalogue_lang(cx), &all, &n_all);
	if (rc != RC_OK)
		return rc;
	c = ARENA_ARRAY(cx->arena, n_all, struct category);
	*n = tree_add(c, 0, ARENA_ARRAY(cx->arena, n_all, bool), 0, all, n_all);
	*out = c;
	return RC_OK;
}

const struct category *
catalogue_category(const struct category *list, size_t n, const char *slug)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (str_eq(list[i].slug, slug))
			return &list[i];
	}
	return NULL;
}

/* ------------------------------------------------------------ lists */

/* The SKUs of a page's goods, by product, and what is free of each. */
struct list_skus {
	const struct sku_brief *v;
	size_t n;
	const uint64_t *free;
};

static enum rc
list_skus_load(struct ctx *cx, const struct product_rec *p, size_t n,
    struct list_skus *out)
{
	uint64_t *id = ARENA_ARRAY(cx->arena, n, uint64_t), *sku;
	enum rc rc;
	size_t i;

	for (i = 0; i < n; i++)
		id[i] = p[i].id;
	rc = sku_in_lists(cx, id, n, &out->v, &out->n);
	if (rc != RC_OK)
		return rc;
	sku = ARENA_ARRAY(cx->arena, out->n, uint64_t);
	for (i = 0; i < out->n; i++)
		sku[i] = out->v[i].id;
	/* one above the cap tells "more" */
	return free_counts(cx, sku, out->n, STOCK_LIST_MAX + 1, &out->free);
}

/* Where those of a product begin, should it have any. */
static size_t
list_skus_at(const struct list_skus *l, uint64_t product)
{
	size_t low = 0, high = l->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (l->v[mid].product < product)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
goods_add_sku(struct goods *g, struct supply *sum, const struct sku_brief *s,
    struct supply one)
{
	if (g->skus++ == 0) {
		g->from = g->to = s->price;
	} else {
		if (money_cmp(s->price, g->from) < 0)
			g->from = s->price;
		if (money_cmp(s->price, g->to) > 0)
			g->to = s->price;
	}
	sum->n += one.n;
	sum->more |= one.more;
	sum->endless |= one.endless;
}

static void
goods_fill(
    struct goods *g, const struct product_rec *p, const struct list_skus *l)
{
	struct supply sum = {0, false, false};
	size_t i;

	g->id = p->id;
	g->category = p->category;
	g->slug = p->slug;
	g->name = p->name;
	g->summary = p->summary;
	g->picture = p->picture;
	g->tags = p->tags;
	g->sold = p->sold;
	g->featured = p->featured;
	for (i = list_skus_at(l, p->id); i < l->n && l->v[i].product == p->id;
	     i++)
		goods_add_sku(g, &sum, &l->v[i],
		    supply_of(l->v[i].kind, l->free[i], STOCK_LIST_MAX));
	if (sum.n > STOCK_LIST_MAX) {
		sum.n = STOCK_LIST_MAX;
		sum.more = true;
	}
	g->stock = stock_show(stock_display_of(p->stock_display), sum);
}

static enum rc
goods_show(struct ctx *cx, const struct product_rec *p, size_t n,
    const struct goods **out)
{
	struct goods *g = ARENA_ARRAY(cx->arena, n, struct goods);
	struct list_skus skus;
	enum rc rc;
	size_t i;

	rc = list_skus_load(cx, p, n, &skus);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < n; i++)
		goods_fill(&g[i], &p[i], &skus);
	*out = g;
	return RC_OK;
}

static uint64_t
page_skip(struct page *page)
{
	if (page->page == 0)
		page->page = 1;
	if (page->per_page == 0 || page->per_page > PER_PAGE_MAX)
		page->per_page = PER_PAGE_MAX;
	return (uint64_t)(page->page - 1) * page->per_page;
}

enum rc
catalogue_front(
    struct ctx *cx, unsigned limit, const struct goods **out, size_t *n)
{
	const struct product_rec *p;
	enum rc rc;

	rc = goods_list(
	    cx, catalogue_lang(cx), 0, GOODS_BY_FEATURED, 0, limit, &p, n);
	if (rc != RC_OK)
		return rc;
	return goods_show(cx, p, *n, out);
}

enum rc
catalogue_list(struct ctx *cx, uint64_t category, enum goods_sort sort,
    struct page *page, const struct goods **out, size_t *n)
{
	static const enum goods_order order[SORT__N] = {
	    [SORT_SHOP] = GOODS_BY_SHOP,
	    [SORT_PRICE_UP] = GOODS_BY_PRICE,
	    [SORT_PRICE_DOWN] = GOODS_BY_PRICE_DOWN,
	    [SORT_NEW] = GOODS_BY_NEW,
	};
	uint64_t skip = page_skip(page);
	const struct product_rec *p;
	enum rc rc;

	rc = goods_count(cx, category, &page->total);
	if (rc != RC_OK)
		return rc;
	rc = goods_list(cx, catalogue_lang(cx), category, order[sort], skip,
	    page->per_page, &p, n);
	if (rc != RC_OK)
		return rc;
	return goods_show(cx, p, *n, out);
}

enum rc
catalogue_search(struct ctx *cx, const char *q, struct page *page,
    const struct goods **out, size_t *n)
{
	uint64_t skip = page_skip(page);
	const struct product_rec *p;
	const char *words;
	enum rc rc;

	words = words_query(cx->arena, span_str(q));
	if (str_empty(words)) { /* nothing that could be found */
		page->total = 0;
		*n = 0;
		*out = NULL;
		return RC_OK;
	}
	rc = goods_search_count(cx, words, &page->total);
	if (rc != RC_OK)
		return rc;
	rc = goods_search(
	    cx, catalogue_lang(cx), words, skip, page->per_page, &p, n);
	if (rc != RC_OK)
		return rc;
	return goods_show(cx, p, *n, out);
}
