/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue as data for templates.  What is shown here may be cached for
 * everybody, so nothing of the visitor is looked at.
 */
#include "web/view_shop.h"

#include "base/limits.h"
#include "base/time.h"
#include "base/url.h"
#include "web/pager.h"
#include "web/piece.h"
#include "web/response.h"

/* clang-format off */
const char *const view_sort_name[SORT__N] = {
	[SORT_SHOP]       = "default",
	[SORT_PRICE_UP]   = "price",
	[SORT_PRICE_DOWN] = "price_desc",
	[SORT_NEW]        = "new",
};
/* clang-format on */

static void
show_goods(struct response *rs, const char *name, const struct goods *goods,
    size_t n, const char *currency)
{
	struct parts tiles;
	size_t i;

	parts_begin(rs, &tiles, n);
	for (i = 0; i < n; i++)
		tiles_add(rs, &tiles, &goods[i], currency);
	tiles_show(rs, rs->data, name, &tiles);
}

static void
show_category(struct response *rs, const char *list, const struct category *c)
{
	struct tnode *n = tnode_item(rs->data, list);

	tnode_set(n, "Slug", c->slug);
	tnode_set(n, "Name", c->name);
	tnode_int(n, "Count", tree_count(c));
}

/* Parents from the top down, c itself only if asked. */
static void
show_crumbs(struct response *rs, const struct tree *t, const struct category *c,
    bool itself)
{
	const struct category *way[LIM_CATEGORY_DEPTH];
	struct tnode *n;
	size_t depth = 0;

	if (c != NULL && !itself)
		c = tree_find(t, c->parent);
	for (; c != NULL && depth < LIM_CATEGORY_DEPTH;
	     c = tree_find(t, c->parent))
		way[depth++] = c;
	while (depth-- > 0) {
		n = tnode_item(rs->data, "Crumbs");
		tnode_set(n, "Name", way[depth]->name);
		tnode_set(n, "Slug", way[depth]->slug);
	}
}

static void
show_sorts(struct response *rs, const char *slug, enum goods_sort here)
{
	struct tnode *n;
	unsigned i;

	for (i = 0; i < SORT__N; i++) {
		n = tnode_item(rs->data, "Sorts");
		tnode_set(n, "Id", view_sort_name[i]);
		if (i == SORT_SHOP)
			tnode_fmt(n, "Url", "/c/%s", slug);
		else
			tnode_fmt(
			    n, "Url", "/c/%s?sort=%s", slug, view_sort_name[i]);
		if (i == here)
			tnode_bool(n, "Here", true);
	}
}

void
view_category(struct response *rs, const struct tree *t,
    const struct category *c, enum goods_sort sort, const struct page *page,
    const struct goods *goods, size_t n)
{
	struct arena *a = rs->cx->arena;
	size_t i;

	view_title(rs, c->name);
	tnode_set(rs->data, "Page.Description", c->summary);
	tnode_fmt(rs->data, "Page.Canonical", "%s/c/%s", rs->cx->set->site_url,
	    c->slug);
	tnode_set(rs->data, "Category.Name", c->name);
	tnode_set(rs->data, "Category.Slug", c->slug);
	tnode_set(rs->data, "Category.Summary", c->summary);
	tnode_fmt(rs->data, "Category.Count", "%llu",
	    (unsigned long long)page->total);
	view_rack(rs, t, c);
	show_crumbs(rs, t, c, false);
	for (i = 0; i < t->n; i++) {
		if (t->list[i].parent == c->id)
			show_category(rs, "Children", &t->list[i]);
	}
	show_sorts(rs, c->slug, sort);
	show_goods(rs, "GoodsHtml", goods, n, t->currency);
	pager_show(rs,
	    arena_fmt(a, "/c/%s?sort=%s&page=", c->slug, view_sort_name[sort]),
	    page->page, pager_last(page->total, page->per_page));
}

void
view_search(struct response *rs, const struct tree *t, const char *text,
    const struct page *page, const struct goods *goods, size_t n)
{
	struct arena *a = rs->cx->arena;

	view_title(rs, *text == '\0' ? response_text(rs, "search.title")
				     : view_fill(rs, "search.title_for", text));
	tnode_bool(rs->data, "Page.NoIndex", true);
	tnode_set(rs->data, "Page.Query", text);
	tnode_set(rs->data, "Search.Text", text);
	tnode_fmt(
	    rs->data, "Search.Count", "%llu", (unsigned long long)page->total);
	tree_top(t, NULL, rs->data);
	show_goods(rs, "GoodsHtml", goods, n, t->currency);
	pager_show(rs, arena_fmt(a, "/search?q=%s&page=", url_encoded(a, text)),
	    page->page, pager_last(page->total, page->per_page));
}

/* What one order may hold.  The stock limits it only where it is told: the
 * number would tell it otherwise. */
static unsigned
most(const struct sku *s)
{
	unsigned max = s->max_qty;

	if (max == 0 || max > LIM_QTY)
		max = LIM_QTY;
	if (s->kind == SKU_CARD && s->stock.display == STOCK_EXACT &&
	    !s->stock.more && s->stock.n < max)
		max = (unsigned)s->stock.n;
	return max;
}

static bool
buyable(const struct response *rs, const struct sku *s)
{
	int64_t now = rs->cx->now;

	return !s->stock.out && most(s) >= s->min_qty && now >= s->sale_from &&
	       (s->sale_until == 0 || now < s->sale_until);
}

/* The second is for the script, which shows the time that is left. */
void
view_opens(struct response *rs, struct tnode *n, int64_t at)
{
	int zone = (int)rs->cx->set->zone_minutes;

	tnode_set(n, "Opens", time_text(rs->cx->arena, at, zone));
	tnode_int(n, "OpensAt", at / US_PER_S);
}

static void
show_window(struct response *rs, struct tnode *n, const struct sku *s)
{
	int64_t now = rs->cx->now;

	if (now < s->sale_from)
		view_opens(rs, n, s->sale_from);
	else if (s->sale_until != 0 && now >= s->sale_until)
		tnode_bool(n, "Over", true);
}

static void
show_sku(
    struct response *rs, const struct sku *s, bool here, const char *currency)
{
	struct arena *a = rs->cx->arena;
	struct tnode *n = tnode_item(rs->data, "Skus"), *tier;
	size_t i;

	tnode_fmt(n, "Id", "%llu", (unsigned long long)s->id);
	tnode_set(n, "Name", s->name);
	tnode_set(n, "Price", view_price(rs, s->price, currency));
	tnode_int(n, "Minor", s->price.minor);
	tnode_int(n, "Min", s->min_qty);
	tnode_int(n, "Max", most(s));
	tnode_bool(n, "Here", here);
	tnode_bool(n, "Closed", !buyable(rs, s));
	view_stock(rs, n, &s->stock);
	show_window(rs, n, s);
	for (i = 0; i < s->n_tiers; i++) {
		tier = tnode_item(n, "Tiers");
		tnode_int(tier, "Qty", s->tiers[i].min_qty);
		tnode_set(
		    tier, "Price", money_show(a, s->tiers[i].price, currency));
		tnode_int(tier, "Minor", s->tiers[i].price.minor);
	}
}

/* The first that can be bought; without one, the first. */
static const struct sku *
chosen(const struct response *rs, const struct product *p)
{
	size_t i;

	for (i = 0; i < p->n_skus; i++) {
		if (buyable(rs, &p->skus[i]))
			return &p->skus[i];
	}
	return p->n_skus == 0 ? NULL : &p->skus[0];
}

static bool
all_out(const struct product *p)
{
	size_t i;

	for (i = 0; i < p->n_skus; i++) {
		if (!p->skus[i].stock.out)
			return false;
	}
	return true;
}

static void
show_skus(struct response *rs, const struct product *p, const char *currency)
{
	const struct sku *here = chosen(rs, p);
	const char *state = "on";
	size_t i;

	for (i = 0; i < p->n_skus; i++)
		show_sku(rs, &p->skus[i], &p->skus[i] == here, currency);
	if (all_out(p))
		state = "out";
	else if (!buyable(rs, here))
		state = "closed"; /* none has its sale window open */
	tnode_set(rs->data, "Product.State", state);
	tnode_set(rs->data, "Product.Delivery",
	    here != NULL && here->kind == SKU_MANUAL ? "manual" : "auto");
	if (here == NULL)
		return;
	tnode_int(rs->data, "Limits.Min", here->min_qty);
	tnode_int(rs->data, "Limits.Max", most(here));
}

void
view_product(struct response *rs, const struct tree *t, const struct product *p,
    const struct goods *related, size_t n)
{
	struct tnode *top = tnode_child(rs->data, "Product");
	struct parts tiles;
	size_t i;

	view_title(rs, p->name);
	tnode_set(rs->data, "Page.Description", p->summary);
	tnode_fmt(rs->data, "Page.Canonical", "%s/p/%s", rs->cx->set->site_url,
	    p->slug);
	tnode_set(top, "Name", p->name);
	tnode_set(top, "Slug", p->slug);
	tnode_set(top, "Summary", p->summary);
	tnode_set(top, "Picture", view_picture(rs, p->picture));
	tnode_set(top, "DescriptionHtml", p->body_html);
	view_tags(top, p->tags, LIM_TAGS);
	show_crumbs(rs, t, p->category, true);
	show_skus(rs, p, t->currency);
	tnode_set(rs->data, "Money.Pattern",
	    money_pattern(rs->cx->arena, t->currency));
	tnode_int(rs->data, "Money.Scale", currency_decimals(t->currency));
	parts_begin(rs, &tiles, n);
	for (i = 0; i < n; i++) {
		if (related[i].id != p->id)
			tiles_add(rs, &tiles, &related[i], t->currency);
	}
	tiles_show(rs, rs->data, "RelatedHtml", &tiles);
}

void
view_content(struct response *rs, const char *slug, const struct content *c)
{
	struct arena *a = rs->cx->arena;
	const char *title =
	    c != NULL ? c->title
		      : response_text(rs, arena_fmt(a, "page.%s.title", slug));

	view_title(rs, title);
	tnode_fmt(
	    rs->data, "Page.Canonical", "%s/%s", rs->cx->set->site_url, slug);
	tnode_set(rs->data, "Content.Slug", slug);
	tnode_set(rs->data, "Content.Title", title);
	if (c != NULL)
		tnode_set(rs->data, "Content.BodyHtml", c->body_html);
}
