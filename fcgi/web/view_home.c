/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of categories, and the front page, which is nothing but pieces
 * (piece.h) one after the other: its top with the rack of categories, of each
 * section the head, the tiles and the end, its foot.
 */
#include "web/view_shop.h"

#include "web/piece.h"
#include "web/response.h"
#include "web/view.h"

enum { SECTION_GOODS = 8, ROW_GOODS = 4 };
#define RACK "page/part_rack.cs"
#define TOP "page/home_top.cs"
#define HEAD "page/home_section.cs"
#define END "page/home_section_end.cs"
#define FOOT "page/home_foot.cs"

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

/* ---- the rack */

static void
rack_key(struct buf *key, const struct tree *t, const struct category *here)
{
	const struct category *c;

	for (c = t->list; c < t->list + t->n; c += 1 + c->below) {
		piece_text(key, c->slug);
		piece_text(key, c->name);
		piece_number(
		    key, (uint64_t)tree_count(c) << 1 | is_in(here, c));
	}
}

void
view_rack(
    struct response *rs, const struct tree *t, const struct category *here)
{
	struct tnode *data;
	struct parts rack;

	parts_begin(rs, &rack, 1);
	rack_key(parts_key(rs, &rack, RACK), t, here);
	if (!parts_find(rs, &rack)) {
		data = tnode_new(rs->cx->arena);
		tree_top(t, here, data);
		parts_make(rs, &rack, RACK, data);
	}
	if (rack.n != 0)
		tnode_refer(rs->data, "RackHtml", rack.html[0].p);
}

/* ---- sections */

/* The goods of the front page, and of each the category it is in. */
struct front {
	const struct goods *v;
	const struct category **in;
	size_t n;
	const char *currency;
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
add_head(struct response *rs, struct parts *page, const char *slug,
    const char *title, bool more)
{
	struct buf *key = parts_key(rs, page, HEAD);
	struct tnode *data;

	piece_text(key, slug);
	piece_text(key, title);
	piece_number(key, more);
	if (parts_find(rs, page))
		return;
	data = tnode_new(rs->cx->arena);
	tnode_set(data, "Section.Slug", slug);
	tnode_set(data, "Section.Title", title);
	if (more)
		tnode_bool(data, "Section.More", true);
	parts_make(rs, page, HEAD, data);
}

static void
add_end(struct response *rs, struct parts *page)
{
	(void)parts_key(rs, page, END);
	if (!parts_find(rs, page))
		parts_make(rs, page, END, tnode_new(rs->cx->arena));
}

static void
add_section(struct response *rs, struct parts *page, const struct category *c,
    const struct front *f)
{
	size_t i, all = 0, left;

	for (i = 0; i < f->n; i++)
		all += in_section(f, i, c);
	if (all == 0)
		return;
	left = rows_of(all);
	if (c == NULL)
		add_head(
		    rs, page, "", response_text(rs, "home.featured"), false);
	else
		add_head(rs, page, c->slug, c->name, tree_count(c) > left);
	for (i = 0; i < f->n && left > 0; i++) {
		if (!in_section(f, i, c))
			continue;
		tiles_add(rs, page, &f->v[i], f->currency);
		left--;
	}
	add_end(rs, page);
}

static void
add_sections(struct response *rs, struct parts *page, const struct tree *t,
    const struct goods *goods, size_t n)
{
	struct front f = {.v = goods,
	    .in = ARENA_ARRAY(rs->cx->arena, n, const struct category *),
	    .n = n,
	    .currency = t->currency};
	const struct category *c;
	size_t i;

	for (i = 0; i < n; i++)
		f.in[i] = tree_find(t, goods[i].category);
	add_section(rs, page, NULL, &f);
	for (c = t->list; c < t->list + t->n; c += 1 + c->below)
		add_section(rs, page, c, &f);
}

/* ---- the page */

static void
add_top(struct response *rs, struct parts *page, const struct shop_info *shop,
    const struct tree *t)
{
	struct buf *key = parts_key(rs, page, TOP);

	view_frame_key(rs, key);
	piece_text(key, shop->notice);
	piece_number(key, shop->open);
	rack_key(key, t, NULL);
	if (parts_find(rs, page))
		return;
	tnode_set(rs->data, "Shop.Notice", shop->notice);
	tnode_bool(rs->data, "Shop.Open", shop->open);
	tree_top(t, NULL, rs->data);
	parts_make(rs, page, TOP, rs->data);
}

static void
add_foot(struct response *rs, struct parts *page, bool empty)
{
	struct buf *key = parts_key(rs, page, FOOT);

	view_frame_key(rs, key);
	piece_number(key, empty);
	if (parts_find(rs, page))
		return;
	if (empty)
		tnode_bool(rs->data, "Empty", true);
	parts_make(rs, page, FOOT, rs->data);
}

void
view_home(struct response *rs, const struct shop_info *shop,
    const struct tree *t, const struct goods *goods, size_t n,
    struct parts *page)
{
	enum { TOP_FOOT = 2, HEAD_END = 2 };
	size_t before;

	tnode_set(rs->data, "Page.Nav", "home");
	tnode_fmt(rs->data, "Page.Canonical", "%s/", rs->cx->set->site_url);
	view_frame_data(rs);
	/* each of the goods is in one section at most */
	parts_begin(rs, page, TOP_FOOT + HEAD_END * (1 + t->n) + n);
	add_top(rs, page, shop, t);
	before = page->n;
	add_sections(rs, page, t, goods, n);
	add_foot(rs, page, page->n == before);
}
