/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of categories, and the front page, which is made of pieces
 * (piece.h): the rack of categories, the heads of its sections, their tiles.
 */
#include "web/view_shop.h"

#include "web/piece.h"
#include "web/response.h"

enum { SECTION_GOODS = 8, ROW_GOODS = 4 };
#define RACK "page/part_rack.cs"
#define HEAD "page/part_section.cs"

/* ---- the tree */

const struct category *
tree_find(const struct tree *t, uint64_t id)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		if (t->list[i].id == id)
			return &t->list[i];
	}
	return NULL;
}

/* Is c of the tree the category top, or anywhere below it? */
static bool
is_in(const struct category *c, const struct category *top)
{
	return c != NULL && c >= top && c <= top + top->below;
}

unsigned
tree_count(const struct category *top)
{
	const struct category *c;
	unsigned n = 0;

	for (c = top; c <= top + top->below; c++)
		n += c->products;
	return n;
}

void
tree_top(const struct tree *t, const struct category *here, struct tnode *to)
{
	const struct category *c;
	struct tnode *n;

	for (c = t->list; c < t->list + t->n; c += 1 + c->below) {
		n = tnode_item(to, "Categories");
		tnode_set(n, "Slug", c->slug);
		tnode_set(n, "Name", c->name);
		tnode_int(n, "Count", tree_count(c));
		if (is_in(here, c))
			tnode_bool(n, "Here", true);
	}
}

/* ---- pieces */

static void
piece_show(struct response *rs, struct tnode *to, const char *name,
    const struct buf *key, const char *tpl, struct tnode *data)
{
	struct span html = {"", 0};

	if (piece_make(rs, key, tpl, data, &html) != RC_OK)
		rs->broken = true;
	tnode_refer(to, name, html.p);
}

void
view_rack(
    struct response *rs, const struct tree *t, const struct category *here)
{
	const struct category *c;
	struct tnode *data;
	struct span html;
	struct buf key;

	piece_key(rs, &key, RACK);
	for (c = t->list; c < t->list + t->n; c += 1 + c->below) {
		piece_text(&key, c->slug);
		piece_text(&key, c->name);
		piece_number(
		    &key, (uint64_t)tree_count(c) << 1 | is_in(here, c));
	}
	if (piece_find(rs, &key, &html) == RC_OK) {
		tnode_refer(rs->data, "RackHtml", html.p);
		return;
	}
	data = tnode_new(rs->cx->arena);
	tree_top(t, here, data);
	piece_show(rs, rs->data, "RackHtml", &key, RACK, data);
}

static void
show_head(struct response *rs, struct tnode *section, const char *slug,
    const char *title, bool more)
{
	struct tnode *data;
	struct span html;
	struct buf key;

	piece_key(rs, &key, HEAD);
	piece_text(&key, slug);
	piece_text(&key, title);
	piece_number(&key, more);
	if (piece_find(rs, &key, &html) == RC_OK) {
		tnode_refer(section, "HeadHtml", html.p);
		return;
	}
	data = tnode_new(rs->cx->arena);
	tnode_set(data, "Section.Slug", slug);
	tnode_set(data, "Section.Title", title);
	if (more)
		tnode_bool(data, "Section.More", true);
	piece_show(rs, section, "HeadHtml", &key, HEAD, data);
}

/* ---- sections */

/* The goods of the front page, and of each the category it is in. */
struct front {
	const struct goods *v;
	const struct category **in;
	size_t n;
};

/* Featured goods where c is NULL, else those of c and below it that are not
 * featured, which stand higher up already. */
static bool
in_section(const struct front *f, size_t i, const struct category *c)
{
	if (c == NULL || f->v[i].featured)
		return f->v[i].featured && c == NULL;
	return is_in(f->in[i], c);
}

/* Full rows only, as long as there is one: the rest is a press away. */
static size_t
rows_of(size_t n)
{
	if (n > SECTION_GOODS)
		n = SECTION_GOODS;
	return n < ROW_GOODS ? n : n - n % ROW_GOODS;
}

static void
show_section(struct response *rs, const struct category *c,
    const struct front *f, const char *currency)
{
	struct tnode *section;
	struct tiles tiles;
	size_t i, all = 0, left;

	for (i = 0; i < f->n; i++)
		all += in_section(f, i, c);
	if (all == 0)
		return;
	section = tnode_item(rs->data, "Sections");
	left = rows_of(all);
	if (c == NULL)
		show_head(
		    rs, section, "", response_text(rs, "home.featured"), false);
	else
		show_head(rs, section, c->slug, c->name, tree_count(c) > left);
	tiles_begin(rs, &tiles, left);
	for (i = 0; i < f->n && left > 0; i++) {
		if (!in_section(f, i, c))
			continue;
		tiles_add(rs, &tiles, &f->v[i], currency);
		left--;
	}
	tiles_show(rs, section, "GoodsHtml", &tiles);
}

static void
show_sections(struct response *rs, const struct tree *t,
    const struct goods *goods, size_t n)
{
	struct front f = {.v = goods,
	    .in = ARENA_ARRAY(rs->cx->arena, n, const struct category *),
	    .n = n};
	const struct category *c;
	size_t i;

	for (i = 0; i < n; i++)
		f.in[i] = tree_find(t, goods[i].category);
	show_section(rs, NULL, &f, t->currency);
	for (c = t->list; c < t->list + t->n; c += 1 + c->below)
		show_section(rs, c, &f, t->currency);
}

void
view_home(struct response *rs, const struct shop_info *shop,
    const struct tree *t, const struct goods *goods, size_t n)
{
	tnode_set(rs->data, "Page.Nav", "home");
	tnode_fmt(rs->data, "Page.Canonical", "%s/", rs->cx->set->site_url);
	tnode_set(rs->data, "Shop.Notice", shop->notice);
	tnode_bool(rs->data, "Shop.Open", shop->open);
	view_rack(rs, t, NULL);
	show_sections(rs, t, goods, n);
}
