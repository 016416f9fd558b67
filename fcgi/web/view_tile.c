/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tiles of goods: most of a list and hardly ever different from the moment
 * before, so each is a piece (piece.h) and a list is their concatenation.
 */
#include "web/view_shop.h"

#include <string.h>

#include "base/limits.h"
#include "web/piece.h"
#include "web/response.h"

enum { TAGS_LISTED = 2 };
#define TILE "page/tile_goods.cs"

void
view_tags(struct tnode *n, const char *tags, unsigned max)
{
	struct span rest = span_str(tags), one;
	unsigned i = 0;

	while (i < max && rest.n != 0 && span_cut(&rest, ',', &one)) {
		one = span_trim(one);
		if (one.n == 0)
			continue;
		tnode_span(tnode_item(n, "Tags"), "Name", one);
		i++;
	}
}

/* All that a tile is made of. */
static void
tile_key(struct response *rs, struct buf *key, const struct goods *g,
    const char *currency)
{
	piece_key_again(rs, key, TILE);
	piece_text(key, g->slug);
	piece_text(key, g->name);
	piece_text(key, g->picture);
	piece_text(key, g->tags);
	piece_text(key, currency);
	piece_number(key, (uint64_t)g->from.minor);
	piece_number(key, (uint64_t)g->to.minor);
	piece_number(key, g->stock.n);
	piece_number(key,
	    (uint64_t)g->stock.display << 3 | (uint64_t)g->stock.more << 2 |
		(uint64_t)g->stock.low << 1 | (uint64_t)g->stock.out);
}

static struct tnode *
tile_data(struct response *rs, const struct goods *g, const char *currency)
{
	struct tnode *top = tnode_new(rs->cx->arena);
	struct tnode *n = tnode_child(top, "Good");

	tnode_set(n, "Slug", g->slug);
	tnode_set(n, "Name", g->name);
	tnode_set(n, "Picture", view_picture(rs, g->picture));
	tnode_set(n, "Price", view_price(rs, g->from, currency));
	if (money_cmp(g->from, g->to) != 0)
		tnode_bool(n, "From", true);
	view_tags(n, g->tags, TAGS_LISTED);
	view_stock(rs, n, &g->stock);
	return top;
}

void
tiles_begin(struct response *rs, struct tiles *t, size_t max)
{
	*t = (struct tiles){
	    .html = ARENA_ARRAY(rs->cx->arena, max, struct span)};
	piece_key(rs, &t->key, TILE);
}

void
tiles_add(struct response *rs, struct tiles *t, const struct goods *g,
    const char *currency)
{
	struct span *html = &t->html[t->n++];

	tile_key(rs, &t->key, g, currency);
	if (piece_find(rs, &t->key, html) != RC_OK &&
	    piece_make(rs, &t->key, TILE, tile_data(rs, g, currency), html) !=
		RC_OK)
		rs->broken = true;
	t->bytes += html->n;
}

/* In memory of just that size: a page's tiles are most of what it holds. */
void
tiles_show(struct response *rs, struct tnode *to, const char *name,
    const struct tiles *t)
{
	char *all, *p;
	size_t i;

	if (t->bytes == 0)
		return;
	all = p = arena_alloc(rs->cx->arena, t->bytes + 1);
	for (i = 0; i < t->n; i++) {
		memcpy(p, t->html[i].p, t->html[i].n);
		p += t->html[i].n;
	}
	tnode_refer(to, name, all);
}
