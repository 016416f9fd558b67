/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The goods of the demo shop: products, their SKUs, and keys for those, drawn
 * here and imported in chunks like a merchant's.
 */
#include "shop/seed_int.h"

#include "base/limits.h"
#include "io/crypt.h"
#include "shop/stock.h"
#include "store/card_batch.h"
#include "store/product.h"

/* ---- keys */

/* n keys, drawn and sent in chunks as the panel would. */
static enum rc
keys_send(struct seed *s, struct hdf_doc *d, uint64_t batch, unsigned n)
{
	enum { FULL = LIM_BODY_CHUNK - 1024 };
	const char *pattern = seed_get(d, "pattern");
	struct buf chunk;
	unsigned seq = 0;
	enum rc rc = RC_OK;

	buf_init(&chunk, s->own, 4096, LIM_BODY_CHUNK);
	while (n > 0 && rc == RC_OK) {
		if (seed_key(&chunk, pattern) != RC_OK)
			return seed_bad(s, d, "pattern", "not a pattern");
		buf_chr(&chunk, '\n');
		if (--n > 0 && chunk.len < FULL)
			continue;
		rc = import_chunk(
		    s->cx, batch, seq++, (struct span){chunk.p, chunk.len});
		crypt_wipe(chunk.p, chunk.len);
		chunk.len = 0;
	}
	return rc;
}

static enum rc
keys_import(struct seed *s, struct hdf_doc *d, uint64_t sku, unsigned n)
{
	struct money cost;
	struct batch report;
	uint64_t batch;
	enum rc rc;

	if ((rc = seed_money(s, d, "cost", s->decimals, &cost)) != RC_OK ||
	    (rc = import_open(s->cx, sku, "demo", "", cost, &batch)) != RC_OK ||
	    (rc = keys_send(s, d, batch, n)) != RC_OK ||
	    (rc = import_commit(s->cx, batch)) != RC_OK ||
	    (rc = import_report(s->cx, batch, &report)) != RC_OK)
		return rc;
	s->out->cards += report.added;
	return RC_OK;
}

/* Keys for a SKU that never got any; a run that was cut off is taken up. */
static enum rc
keys_entry(struct seed *s, struct hdf_doc *d, uint64_t sku)
{
	const struct batch_rec *b;
	unsigned n;
	size_t n_batches;
	enum rc rc;

	if ((rc = seed_number(s, d, "keys", 0, &n)) != RC_OK || n == 0)
		return rc;
	rc = card_batch_list(s->cx, sku, 0, 1, &b, &n_batches);
	if (rc != RC_OK)
		return rc;
	if (n_batches > 0 && str_eq(b->state, "committed")) {
		rc = import_commit(s->cx, b->id);
		return rc == RC_CONFLICT ? RC_OK : rc;
	}
	if (n_batches > 0 && str_eq(b->state, "open")) {
		rc = import_undo(s->cx, b->id);
		if (rc != RC_OK)
			return rc;
	}
	return keys_import(s, d, sku, n);
}

/* ---- SKUs */

/* "10:17.90 50:16.80" */
static enum rc
tiers_read(struct seed *s, struct hdf_doc *d, struct sku_edit *e)
{
	struct span rest = span_str(seed_get(d, "tiers")), one, qty;
	uint64_t n;

	while (rest.n > 0 && span_cut(&rest, ' ', &one)) {
		struct tier *t = &e->tiers[e->n_tiers++];

		if (e->n_tiers > sizeof(e->tiers) / sizeof(e->tiers[0]) ||
		    !span_cut(&one, ':', &qty) ||
		    num_u64(qty, LIM_QTY, &n) != RC_OK ||
		    money_parse(one, s->decimals, &t->price) != RC_OK)
			return seed_bad(s, d, "tiers", "not tiers");
		t->min_qty = (unsigned)n;
	}
	return RC_OK;
}

static enum rc
sku_make(
    struct seed *s, struct hdf_doc *d, uint64_t product, int sort, uint64_t *id)
{
	struct sku_edit e = {0};
	struct edit_error why = {"", ""};
	enum rc rc;

	e.product = product;
	e.code = seed_get(d, "code");
	e.name = seed_get(d, "name");
	e.name_en = seed_get(d, "name_en");
	e.kind = str_empty(seed_get(d, "kind")) ? "card" : seed_get(d, "kind");
	e.card_format = seed_get(d, "card_format");
	e.min_qty = 1;
	e.active = true;
	e.sort = sort;
	if ((rc = seed_money(s, d, "price", s->decimals, &e.price)) != RC_OK ||
	    (rc = seed_money(s, d, "cost", s->decimals, &e.cost)) != RC_OK ||
	    (rc = seed_number(s, d, "max_qty", 100, &e.max_qty)) != RC_OK ||
	    (rc = seed_number(s, d, "buyer_limit", 0, &e.buyer_limit)) !=
		RC_OK ||
	    (rc = tiers_read(s, d, &e)) != RC_OK)
		return rc;
	rc = edit_sku_save(s->cx, &e, &why);
	if (rc != RC_OK)
		return seed_bad_edit(s, rc, d, &why);
	*id = e.id;
	s->out->skus++;
	return RC_OK;
}

static enum rc
skus_make(struct seed *s, struct hdf_doc *goods, uint64_t product)
{
	struct hdf_doc *d = hdf_doc_child(goods, "sku");
	const struct sku_edit *have;
	size_t i, n;
	int sort = 0;
	enum rc rc;

	rc = edit_skus(s->cx, product, &have, &n);
	for (d = hdf_doc_first(d); d != NULL && rc == RC_OK;
	     d = hdf_doc_next(d)) {
		uint64_t id = 0;

		for (i = 0; i < n; i++)
			if (str_eq(have[i].code, seed_get(d, "code")))
				id = have[i].id;
		sort += 10;
		if (id == 0)
			rc = sku_make(s, d, product, sort, &id);
		if (rc == RC_OK)
			rc = keys_entry(s, d, id);
	}
	return rc;
}

/* ---- goods */

static enum rc
inputs_make(struct seed *s, struct hdf_doc *goods, uint64_t product)
{
	struct hdf_doc *d = hdf_doc_child(goods, "input");
	struct input_edit in[LIM_INPUTS];
	struct edit_error why = {"", ""};
	unsigned max_len;
	size_t n = 0;
	enum rc rc;

	for (d = hdf_doc_first(d); d != NULL && n < LIM_INPUTS;
	     d = hdf_doc_next(d), n++) {
		rc = seed_number(s, d, "max_len", 100, &max_len);
		if (rc != RC_OK)
			return rc;
		in[n] =
		    (struct input_edit){hdf_doc_name(d), seed_get(d, "label"),
			seed_get(d, "label_en"), seed_get(d, "hint"),
			seed_get(d, "kind"), seed_get(d, "choices"), max_len,
			str_eq(seed_get(d, "required"), "1"), (int)n};
	}
	if (n == 0)
		return RC_OK;
	rc = edit_inputs_save(s->cx, product, in, n, &why);
	return seed_bad_edit(s, rc, goods, &why);
}

static enum rc
product_make(struct seed *s, struct hdf_doc *d, const char *slug, uint64_t *id)
{
	struct product_edit p = {0};
	struct edit_error why = {"", ""};
	unsigned sort;
	enum rc rc;

	if ((rc = seed_number(s, d, "sort", 0, &sort)) != RC_OK)
		return rc;
	p.category = seed_category(s, seed_get(d, "category"));
	p.slug = slug;
	p.name = seed_get(d, "name");
	p.name_en = seed_get(d, "name_en");
	p.summary = seed_get(d, "summary");
	p.summary_en = seed_get(d, "summary_en");
	p.picture = seed_get(d, "picture");
	p.tags = seed_get(d, "tags");
	p.tags_en = seed_get(d, "tags_en");
	p.state = "draft"; /* on sale once its SKUs are there */
	p.stock_display = seed_get(d, "stock_display");
	p.body_md = seed_get(d, "body");
	p.body_md_en = seed_get(d, "body_en");
	p.guide_md = seed_get(d, "guide");
	p.guide_md_en = seed_get(d, "guide_en");
	p.featured = str_eq(seed_get(d, "featured"), "1");
	p.sort = (int)sort;
	rc = edit_product_save(s->cx, &p, &why);
	if (rc != RC_OK)
		return seed_bad_edit(s, rc, d, &why);
	*id = p.id;
	s->out->goods++;
	return inputs_make(s, d, p.id);
}

enum rc
seed_goods(struct seed *s, struct hdf_doc *d)
{
	const char *slug = seed_slug(s->own, d);
	struct product_rec p = {0};
	enum rc rc;

	rc = product_by_slug(s->cx, "", slug, &p);
	if (rc == RC_NOTFOUND) {
		p.state = "draft";
		rc = product_make(s, d, slug, &p.id);
	}
	if (rc != RC_OK || (rc = skus_make(s, d, p.id)) != RC_OK)
		return rc;
	return str_eq(p.state, "draft") ? edit_product_state(s->cx, p.id, "on")
					: RC_OK;
}
