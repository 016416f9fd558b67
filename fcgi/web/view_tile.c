/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tiles of goods: most of a list and hardly ever different from the moment
 * before, so each is a piece (piece.h) and a list is their concatenation.
 */
#include "web/view_shop.h"

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
tile_key(struct response *rs, struct parts *p, const struct goods *g,
    const char *currency)
{
	struct buf *key = parts_key(rs, p, TILE);
	const uint64_t numbers[] = {(uint64_t)g->from.minor,
	    (uint64_t)g->to.minor, g->stock.n,
	    (uint64_t)g->stock.display << 3 | (uint64_t)g->stock.more << 2 |
		(uint64_t)g->stock.low << 1 | (uint64_t)g->stock.out};

	piece_text(key, g->slug);
	piece_text(key, g->name);
	piece_text(key, g->picture);
	piece_text(key, g->tags);
	piece_text(key, currency);
	piece_numbers(key, numbers, sizeof(numbers) / sizeof(numbers[0]));
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
tiles_add(struct response *rs, struct parts *p, const struct goods *g,
    const char *currency)
{
	tile_key(rs, p, g, currency);
	if (!parts_find(rs, p))
		parts_make(rs, p, TILE, tile_data(rs, g, currency));
}

void
tiles_show(struct response *rs, struct tnode *to, const char *name,
    const struct parts *p)
{
	if (p->bytes != 0)
		tnode_refer(to, name, parts_join(rs, p).p);
}
