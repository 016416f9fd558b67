/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One product as its buyers see it: texts in their language, SKUs with tiers
 * and stock, questions to answer.
 */
#include "shop/catalogue.h"

#include "base/limits.h"
#include "base/str.h"
#include "shop/catalogue_parts.h"
#include "store/card.h"
#include "store/category.h"
#include "store/product.h"
#include "store/sku.h"

static const struct {
	const char *name;
	enum input_kind kind;
} input_kind[] = {
    {"digits", INPUT_DIGITS},
    {"email", INPUT_EMAIL},
    {"choice", INPUT_CHOICE},
};

static enum input_kind
input_kind_of(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(input_kind) / sizeof(input_kind[0]); i++)
		if (str_eq(input_kind[i].name, name))
			return input_kind[i].kind;
	return INPUT_TEXT;
}

/* The category of a product, hidden or not. */
static enum rc
category_of(struct ctx *cx, uint64_t id, const struct category **out)
{
	struct category *c = ARENA_NEW(cx->arena, struct category);
	const struct category_rec *all;
	enum rc rc;
	size_t i, n;

	rc = category_all(cx, catalogue_lang(cx), &all, &n);
	if (rc != RC_OK)
		return rc;
	c->slug = c->name = c->summary = c->icon = "";
	for (i = 0; i < n; i++)
		if (all[i].id == id)
			category_fill(c, &all[i]);
	*out = c;
	return RC_OK;
}

static void
sku_fill(struct sku *s, const struct sku_rec *r, enum stock_display display,
    uint64_t free)
{
	s->id = r->id;
	s->product = r->product;
	s->code = r->code;
	s->name = r->name;
	s->kind = sku_kind_of(r->kind);
	s->price = r->price;
	s->cost = r->cost;
	s->newest = str_eq(r->pick_order, "newest");
	s->min_qty = r->min_qty;
	s->max_qty = r->max_qty;
	s->buyer_limit = r->buyer_limit;
	s->sale_from = r->sale_from;
	s->sale_until = r->sale_until;
	s->active = r->active;
	s->card_format = r->card_format;
	s->stock =
	    stock_show(display, supply_of(r->kind, free, STOCK_COUNT_MAX));
}

static void
tiers_fill(struct ctx *cx, struct sku *s, const struct tier_rec *all, size_t n)
{
	struct tier *t;
	size_t i;

	for (i = 0; i < n; i++)
		s->n_tiers += all[i].sku == s->id;
	s->tiers = t = ARENA_ARRAY(cx->arena, s->n_tiers, struct tier);
	for (i = 0; i < n; i++) {
		if (all[i].sku == s->id) {
			t->min_qty = all[i].min_qty;
			t->price = all[i].price;
			t++;
		}
	}
}

/* Their free cards, counted to cap + 1, which tells "more"; cap 0: nobody
 * looks. */
static enum rc
skus_free(struct ctx *cx, const struct sku_rec *r, size_t n, uint64_t cap,
    const uint64_t **out)
{
	uint64_t *id = ARENA_ARRAY(cx->arena, n, uint64_t);
	size_t i;

	*out = id; /* zeros */
	if (cap == 0)
		return RC_OK;
	for (i = 0; i < n; i++)
		id[i] = r[i].id;
	return free_counts(cx, id, n, cap + 1, out);
}

static enum rc
skus_tiers(struct ctx *cx, const struct sku_rec *r, size_t n,
    const struct tier_rec **out, size_t *n_out)
{
	uint64_t *id = ARENA_ARRAY(cx->arena, n, uint64_t);
	size_t i, m = 0;

	/* whether there are any is of the same read as the price */
	for (i = 0; i < n; i++)
		if (r[i].tiered)
			id[m++] = r[i].id;
	return sku_tiers(cx, id, m, out, n_out);
}

static enum rc
product_skus(
    struct ctx *cx, struct product *p, enum stock_display display, uint64_t cap)
{
	const struct tier_rec *tier;
	const struct sku_rec *r;
	const uint64_t *free;
	struct sku *s;
	enum rc rc;
	size_t i, n, n_tiers;

	if ((rc = sku_of_product(cx, catalogue_lang(cx), p->id, &r, &n)) !=
		RC_OK ||
	    (rc = skus_free(cx, r, n, cap, &free)) != RC_OK ||
	    (rc = skus_tiers(cx, r, n, &tier, &n_tiers)) != RC_OK)
		return rc;
	s = ARENA_ARRAY(cx->arena, n, struct sku);
	for (i = 0; i < n; i++) {
		sku_fill(&s[i], &r[i], display, free[i]);
		tiers_fill(cx, &s[i], tier, n_tiers);
	}
	p->skus = s;
	p->n_skus = n;
	return RC_OK;
}

static enum rc
product_texts(struct ctx *cx, struct product *p)
{
	const struct body_rec *b;
	enum rc rc;
	size_t i, n;

	rc = product_body(cx, p->id, catalogue_lang(cx), &b, &n);
	if (rc != RC_OK)
		return rc;
	p->body_html = p->guide_html = "";
	/* the later is in the visitor's language; what it lacks stays */
	for (i = 0; i < n; i++) {
		if (!str_empty(b[i].body_html))
			p->body_html = b[i].body_html;
		if (!str_empty(b[i].guide_html))
			p->guide_html = b[i].guide_html;
	}
	return RC_OK;
}

static enum rc
product_questions(struct ctx *cx, struct product *p)
{
	bool english = str_eq(catalogue_lang(cx), "en");
	const struct input_rec *r;
	struct product_input *in;
	enum rc rc;
	size_t i, n;

	rc = product_inputs(cx, p->id, &r, &n);
	if (rc != RC_OK)
		return rc;
	in = ARENA_ARRAY(cx->arena, n, struct product_input);
	for (i = 0; i < n; i++) {
		in[i].name = r[i].name;
		in[i].label = english && !str_empty(r[i].label_en)
				  ? r[i].label_en
				  : r[i].label;
		in[i].hint = r[i].hint;
		in[i].kind = input_kind_of(r[i].kind);
		in[i].choices = r[i].choices;
		in[i].max_len = r[i].max_len;
		in[i].required = r[i].required;
	}
	p->inputs = in;
	p->n_inputs = n;
	return RC_OK;
}

/* What an order needs, or with page what a page shows as well. */
static enum rc
product_load(struct ctx *cx, const struct product_rec *r, bool page,
    const struct product **out)
{
	static const struct category none = {
	    .slug = "", .name = "", .summary = "", .icon = ""};
	struct product *p = ARENA_NEW(cx->arena, struct product);
	enum rc rc = RC_OK;

	if (!str_eq(r->state, "on"))
		return RC_NOTFOUND;
	p->id = r->id;
	p->slug = r->slug;
	p->name = r->name;
	p->summary = r->summary;
	p->picture = r->picture;
	p->tags = r->tags;
	p->on = true;
	p->sold = r->sold;
	p->updated = r->updated;
	p->work = work_level_of(r->work);
	p->category = &none;
	p->body_html = p->guide_html = "";
	if (page &&
	    ((rc = category_of(cx, r->category, &p->category)) != RC_OK ||
		(rc = product_texts(cx, p)) != RC_OK))
		return rc;
	if ((r->asks && (rc = product_questions(cx, p)) != RC_OK) ||
	    (rc = product_skus(cx, p, stock_display_of(r->stock_display),
		 page ? STOCK_COUNT_MAX : 0)) != RC_OK)
		return rc;
	*out = p;
	return RC_OK;
}

enum rc
catalogue_product(struct ctx *cx, const char *slug, const struct product **out)
{
	struct product_rec r;
	enum rc rc;

	if (!str_is_token(slug, "-_", LIM_SLUG))
		return RC_NOTFOUND;
	rc = product_by_slug(cx, catalogue_lang(cx), slug, &r);
	if (rc != RC_OK)
		return rc;
	return product_load(cx, &r, true, out);
}

static enum rc
product_of_sku(struct ctx *cx, uint64_t sku, bool page,
    const struct product **out, const struct sku **which)
{
	const struct product *p;
	struct product_rec r;
	enum rc rc;
	size_t i;

	rc = product_by_sku(cx, catalogue_lang(cx), sku, &r);
	if (rc == RC_OK)
		rc = product_load(cx, &r, page, &p);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < p->n_skus; i++) {
		if (p->skus[i].id == sku) {
			*out = p;
			*which = &p->skus[i];
			return RC_OK;
		}
	}
	return RC_NOTFOUND; /* switched off between the two reads */
}

/* What is charged comes from the primary. */
static enum rc
primary_of_sku(struct ctx *cx, uint64_t sku, bool page,
    const struct product **out, const struct sku **which)
{
	bool sticky = cx->sticky;
	enum rc rc;

	cx->sticky = true;
	rc = product_of_sku(cx, sku, page, out, which);
	cx->sticky = sticky;
	return rc;
}

enum rc
catalogue_product_of_sku(struct ctx *cx, uint64_t sku,
    const struct product **out, const struct sku **which)
{
	return primary_of_sku(cx, sku, true, out, which);
}

enum rc
catalogue_offer(struct ctx *cx, uint64_t sku, const struct product **out,
    const struct sku **which)
{
	return primary_of_sku(cx, sku, false, out, which);
}

enum rc
catalogue_free(struct ctx *cx, uint64_t sku, uint64_t *n)
{
	bool sticky = cx->sticky;
	const uint64_t *count;
	enum rc rc;

	cx->sticky = true;
	rc = card_sale_counts(cx, &sku, 1, STOCK_COUNT_MAX, &count);
	cx->sticky = sticky;
	if (rc == RC_OK)
		*n = count[0];
	return rc;
}
