/* SPDX-License-Identifier: Apache-2.0 */
/* Views of stock on the panel (view_admin.h). */
#include "web/view_admin.h"

#include "base/num.h"
#include "web/web.h"

static void
put_skus(
    struct response *rs, const struct sku_row *skus, size_t n, uint64_t chosen)
{
	struct tnode *t;
	size_t i;

	for (i = 0; i < n; i++) {
		t = tnode_item(rs->data, "Skus");
		tnode_int(t, "Id", (int64_t)skus[i].id);
		tnode_set(t, "Code", skus[i].code);
		tnode_set(t, "Name", skus[i].name);
		tnode_set(t, "Product", skus[i].product_name);
		tnode_bool(t, "On", skus[i].id == chosen);
	}
}

void
view_import(
    struct response *rs, const struct sku_row *skus, size_t n, uint64_t chosen)
{
	view_panel(rs, "cards", response_text(rs, "stock.import"));
	put_skus(rs, skus, n, chosen);
}

static void
put_batch(struct response *rs, struct tnode *t, const struct batch *b)
{
	unsigned s;

	tnode_int(t, "Id", (int64_t)b->id);
	tnode_set(t, "Name", b->name);
	tnode_set(t, "Note", b->note);
	tnode_set(t, "State", b->state);
	tnode_int(t, "Sku", (int64_t)b->sku);
	tnode_set(t, "Code", b->sku_code);
	tnode_set(t, "SkuName", b->sku_name);
	tnode_set(t, "Product", b->product_name);
	tnode_set(
	    t, "Cost", money_show(rs->cx->arena, b->cost, rs->web->currency));
	tnode_int(t, "Lines", (int64_t)b->lines);
	tnode_int(t, "Added", (int64_t)b->added);
	tnode_int(t, "Blank", (int64_t)b->blank);
	tnode_int(t, "DupFile", (int64_t)b->dup_file);
	tnode_int(t, "DupStock", (int64_t)b->dup_stock);
	tnode_int(t, "DupSold", (int64_t)b->dup_sold);
	tnode_int(t, "DupOther", (int64_t)b->dup_other);
	tnode_int(t, "Bad", (int64_t)b->bad);
	tnode_set(t, "Created", view_when(rs, b->created));
	tnode_set(t, "Committed", view_when(rs, b->committed));
	for (s = 0; s < CARD__N; s++) {
		struct tnode *c;

		if (b->by_state[s] == 0)
			continue;
		c = tnode_item(t, "States");
		tnode_set(c, "Name", card_state_name((enum card_state)s));
		tnode_int(c, "N", (int64_t)b->by_state[s]);
	}
}

void
view_batches(struct response *rs, const struct batch *list, size_t n)
{
	size_t i;

	view_panel(rs, "cards", response_text(rs, "stock.batches"));
	for (i = 0; i < n; i++)
		put_batch(rs, tnode_item(rs->data, "Batches"), &list[i]);
}

void
view_batch(struct response *rs, const struct batch *b)
{
	view_panel(rs, "cards", b->name);
	put_batch(rs, tnode_child(rs->data, "Batch"), b);
}

static void
put_card(struct response *rs, struct tnode *t, const struct card_row *c)
{
	tnode_int(t, "Id", (int64_t)c->id);
	tnode_set(t, "Masked", c->masked);
	tnode_set(t, "State", card_state_name(c->state));
	tnode_set(t, "Code", c->sku_code);
	tnode_set(t, "Product", c->product_name);
	tnode_int(t, "Batch", (int64_t)c->batch);
	tnode_set(t, "OrderNo", c->order_no);
	tnode_set(t, "Note", c->note);
	tnode_set(t, "Created", view_when(rs, c->created));
	tnode_bool(t, "CanLock", c->state == CARD_FREE);
	tnode_bool(t, "CanUnlock", c->state == CARD_LOCKED);
}

void
view_cards(struct response *rs, const struct card_filter *f,
    const struct card_row *cards, size_t n, const struct sku_row *skus,
    size_t n_skus)
{
	struct tnode *t;
	size_t i;

	view_panel(rs, "cards", response_text(rs, "admin.cards"));
	put_skus(rs, skus, n_skus, f->sku);
	for (i = 0; i < CARD__N; i++) {
		t = tnode_item(rs->data, "States");
		tnode_set(t, "Name", card_state_name((enum card_state)i));
		tnode_bool(t, "On", f->state == (int)i);
	}
	if (f->batch != 0)
		tnode_int(rs->data, "Filter.Batch", (int64_t)f->batch);
	tnode_bool(rs->data, "Filter.Exact", f->exact != NULL);
	for (i = 0; i < n; i++)
		put_card(rs, tnode_item(rs->data, "Cards"), &cards[i]);
}

void
view_card(struct response *rs, const struct card_row *card)
{
	view_panel(rs, "cards",
	    arena_fmt(rs->cx->arena, "#%llu", (unsigned long long)card->id));
	put_card(rs, tnode_child(rs->data, "Card"), card);
}
