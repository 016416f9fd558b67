/* SPDX-License-Identifier: Apache-2.0 */
/* Views of categories, products, SKUs and inputs on the panel. */
#include "web/view_goods_edit.h"

#include "base/limits.h"
#include "base/num.h"
#include "web/web.h"

static void
put_category(struct tnode *t, const struct category_edit *c, bool on)
{
	tnode_int(t, "Id", (int64_t)c->id);
	tnode_int(t, "Parent", (int64_t)c->parent);
	tnode_set(t, "Slug", c->slug);
	tnode_set(t, "Name", c->name);
	tnode_set(t, "NameEn", c->name_en);
	tnode_int(t, "Products", c->products);
	tnode_bool(t, "Hidden", c->hidden);
	tnode_bool(t, "On", on);
}

void
view_categories(struct response *rs, const struct category_edit *list, size_t n)
{
	size_t i;

	view_panel(rs, "categories", response_text(rs, "admin.categories"));
	if (span_is(field_raw(rs->rq->query, "said"), "not_empty"))
		tnode_set(rs->data, "Said", "not_empty");
	for (i = 0; i < n; i++)
		put_category(
		    tnode_item(rs->data, "Categories"), &list[i], false);
}

void
view_category_form(struct response *rs, const struct category_edit *list,
    size_t n, uint64_t id, uint64_t parent)
{
	size_t i;

	view_panel(rs, "categories",
	    response_text(rs,
		id == 0 ? "goods_edit.new_category" : "goods_edit.category"));
	tnode_int(rs->data, "Edit.Id", (int64_t)id);
	for (i = 0; i < n; i++) {
		if (list[i].id != id)
			put_category(tnode_item(rs->data, "Categories"),
			    &list[i], list[i].id == parent);
	}
}

static void
put_row(struct response *rs, struct tnode *t, const struct product_row *r)
{
	struct arena *a = rs->cx->arena;

	tnode_int(t, "Id", (int64_t)r->id);
	tnode_set(t, "Slug", r->slug);
	tnode_set(t, "Name", r->name);
	tnode_set(t, "Category", r->category);
	tnode_set(t, "State", r->state);
	tnode_int(t, "Skus", r->skus);
	tnode_set(t, "From", money_show(a, r->from, rs->web->currency));
	tnode_bool(t, "Range", money_cmp(r->from, r->to) != 0);
	tnode_int(t, "Free", (int64_t)r->by_free);
	tnode_int(t, "Held", (int64_t)r->by_held);
	tnode_int(t, "Sold", (int64_t)r->by_sold);
	tnode_set(t, "Updated", view_when(rs, r->updated));
}

void
view_products(struct response *rs, const struct product_filter *f,
    const struct product_row *rows, size_t n, const struct category_edit *cats,
    size_t n_cats)
{
	size_t i;

	view_panel(rs, "products", response_text(rs, "admin.products"));
	for (i = 0; i < n; i++)
		put_row(rs, tnode_item(rs->data, "Products"), &rows[i]);
	for (i = 0; i < n_cats; i++)
		put_category(tnode_item(rs->data, "Categories"), &cats[i],
		    cats[i].id == f->category);
	tnode_set(rs->data, "Filter.State", f->state);
}

void
view_product_form(struct response *rs, uint64_t id, uint64_t category,
    const struct category_edit *cats, size_t n_cats)
{
	size_t i;

	view_panel(rs, "products",
	    response_text(
		rs, id == 0 ? "goods_edit.new_product" : "goods_edit.product"));
	tnode_int(rs->data, "Edit.Id", (int64_t)id);
	for (i = 0; i < n_cats; i++)
		put_category(tnode_item(rs->data, "Categories"), &cats[i],
		    cats[i].id == category);
}

static void
put_counts(struct tnode *t, const struct stock_count *c)
{
	tnode_int(t, "Free", (int64_t)c->by_state[CARD_FREE]);
	tnode_int(t, "Held", (int64_t)c->by_state[CARD_HELD]);
	tnode_int(t, "Sold", (int64_t)c->by_state[CARD_SOLD]);
}

void
view_product_skus(struct response *rs, const struct sku_edit *skus, size_t n,
    const struct stock_count *counts, size_t n_counts)
{
	struct tnode *t;
	size_t i, k;

	for (i = 0; i < n; i++) {
		t = tnode_item(rs->data, "Skus");
		tnode_int(t, "Id", (int64_t)skus[i].id);
		tnode_set(t, "Code", skus[i].code);
		tnode_set(t, "Name", skus[i].name);
		tnode_set(t, "Kind", skus[i].kind);
		tnode_bool(t, "Active", skus[i].active);
		tnode_int(t, "Tiers", (int64_t)skus[i].n_tiers);
		tnode_set(t, "Price",
		    money_show(
			rs->cx->arena, skus[i].price, rs->web->currency));
		for (k = 0; k < n_counts; k++) {
			if (counts[k].sku == skus[i].id)
				put_counts(t, &counts[k]);
		}
	}
}

void
view_sku_form(struct response *rs, uint64_t product, uint64_t sku)
{
	view_panel(rs, "products",
	    response_text(
		rs, sku == 0 ? "goods_edit.new_sku" : "goods_edit.sku"));
	tnode_int(rs->data, "Edit.Product", (int64_t)product);
	tnode_int(rs->data, "Edit.Id", (int64_t)sku);
	tnode_set(rs->data, "Edit.Currency", rs->web->currency);
}

/* The rows that are there and one empty one, as long as there is room. */
void
view_inputs_form(struct response *rs, uint64_t product,
    const struct input_edit *in, size_t n)
{
	struct tnode *t;
	size_t i;

	view_panel(rs, "products", response_text(rs, "goods_edit.inputs"));
	tnode_int(rs->data, "Edit.Product", (int64_t)product);
	for (i = 0; i <= n && i < LIM_INPUTS; i++) {
		t = tnode_item(rs->data, "Inputs");
		tnode_int(t, "I", (int64_t)i);
		if (i == n)
			break;
		tnode_set(t, "Name", in[i].name);
		tnode_set(t, "Label", in[i].label);
		tnode_set(t, "LabelEn", in[i].label_en);
		tnode_set(t, "Hint", in[i].hint);
		tnode_set(t, "Kind", in[i].kind);
		tnode_set(t, "Choices", in[i].choices);
		tnode_int(t, "MaxLen", in[i].max_len);
		tnode_bool(t, "Required", in[i].required);
	}
}
