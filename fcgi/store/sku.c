/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SKUs as rows.  Everything is asked for many at once: a list of goods costs
 * the same number of statements whatever its length.
 */
#include "store/sku.h"

#include "io/db.h"
#include "store/stmt.gen.h"

static const struct dv *
id_list(struct ctx *cx, const uint64_t *id, size_t n)
{
	struct dv *v = ARENA_ARRAY(cx->arena, n, struct dv);
	size_t i;

	for (i = 0; i < n; i++)
		v[i] = DV_U64(id[i]);
	return v;
}

static void
sku_read(struct db_row r, struct sku_rec *s)
{
	s->id = dv_u64(r, 0);
	s->product = dv_u64(r, 1);
	s->code = dv_str(r, 2);
	s->name = dv_str(r, 3);
	s->price = MONEY(dv_i64(r, 4));
	s->cost = MONEY(dv_i64(r, 5));
	s->kind = dv_str(r, 6);
	s->min_qty = (unsigned)dv_u64(r, 7);
	s->max_qty = (unsigned)dv_u64(r, 8);
	s->buyer_limit = (unsigned)dv_u64(r, 9);
	s->card_format = dv_str(r, 10);
	s->sale_from = dv_i64(r, 11);
	s->sale_until = dv_i64(r, 12);
	s->active = true;
	s->sort = (int)dv_i64(r, 13);
	s->version = (unsigned)dv_u64(r, 14);
	s->pick_order = dv_str(r, 15);
	s->tiered = dv_u64(r, 16) != 0;
}

enum rc
sku_of_product(struct ctx *cx, const char *lang, uint64_t product,
    const struct sku_rec **out, size_t *n)
{
	struct sku_rec *s;
	struct db_rows rows;
	enum rc rc;
	size_t i;

	rc = DB_ROWS(
	    cx, STMT_sku_of_product, &rows, DV_STR(lang), DV_U64(product));
	if (rc != RC_OK)
		return rc;
	s = ARENA_ARRAY(cx->arena, rows.n, struct sku_rec);
	for (i = 0; i < rows.n; i++)
		sku_read(rows.row[i], &s[i]);
	*out = s;
	*n = rows.n;
	return RC_OK;
}

enum rc
sku_in_lists(struct ctx *cx, const uint64_t *product, size_t n_products,
    const struct sku_brief **out, size_t *n)
{
	struct sku_brief *s;
	struct db_rows rows = {NULL, 0};
	enum rc rc = RC_OK;
	size_t i;

	if (n_products > 0)
		rc = db_rows_many(cx, STMT_sku_in_lists, NULL, 0,
		    id_list(cx, product, n_products), n_products, &rows);
	if (rc != RC_OK)
		return rc;
	s = ARENA_ARRAY(cx->arena, rows.n, struct sku_brief);
	for (i = 0; i < rows.n; i++)
		s[i] = (struct sku_brief){.id = dv_u64(rows.row[i], 0),
		    .product = dv_u64(rows.row[i], 1),
		    .price = MONEY(dv_i64(rows.row[i], 2)),
		    .kind = dv_str(rows.row[i], 3)};
	*out = s;
	*n = rows.n;
	return RC_OK;
}

enum rc
sku_tiers(struct ctx *cx, const uint64_t *sku, size_t n_skus,
    const struct tier_rec **out, size_t *n)
{
	struct tier_rec *t;
	struct db_rows rows = {NULL, 0};
	enum rc rc = RC_OK;
	size_t i;

	if (n_skus > 0)
		rc = db_rows_many(cx, STMT_tier_of_skus, NULL, 0,
		    id_list(cx, sku, n_skus), n_skus, &rows);
	if (rc != RC_OK)
		return rc;
	t = ARENA_ARRAY(cx->arena, rows.n, struct tier_rec);
	for (i = 0; i < rows.n; i++) {
		t[i].sku = dv_u64(rows.row[i], 0);
		t[i].min_qty = (unsigned)dv_u64(rows.row[i], 1);
		t[i].price = MONEY(dv_i64(rows.row[i], 2));
	}
	*out = t;
	*n = rows.n;
	return RC_OK;
}
