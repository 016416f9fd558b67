/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Products as rows: lists for buyers, one product, its texts and inputs.
 * What the panel writes is in product_edit.c.
 */
#include "store/product.h"

#include "io/db.h"
#include "store/stmt.gen.h"

static void
goods_read(struct ctx *cx, const struct db_rows *rows,
    const struct product_rec **out, size_t *n)
{
	struct product_rec *p;
	struct db_row r;
	size_t i;

	p = ARENA_ARRAY(cx->arena, rows->n, struct product_rec);
	for (i = 0; i < rows->n; i++) {
		r = rows->row[i];
		p[i].id = dv_u64(r, 0);
		p[i].category = dv_u64(r, 1);
		p[i].slug = dv_str(r, 2);
		p[i].name = dv_str(r, 3);
		p[i].summary = dv_str(r, 4);
		p[i].picture = dv_str(r, 5);
		p[i].tags = dv_str(r, 6);
		p[i].stock_display = dv_str(r, 7);
		p[i].featured = dv_u64(r, 8) != 0;
		p[i].sold = dv_u64(r, 9);
		p[i].state = "on";
		p[i].work = "";
	}
	*out = p;
	*n = rows->n;
}

enum rc
goods_list(struct ctx *cx, const char *lang, uint64_t category,
    enum goods_order order, uint64_t skip, uint64_t n,
    const struct product_rec **out, size_t *out_n)
{
	struct db_rows rows;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_goods_list, &rows, DV_U64(cx->merchant),
	    DV_U64(category), DV_U64(category), DV_U64(cx->merchant),
	    DV_STR(lang), DV_U64(cx->merchant), DV_U64(order), DV_U64(skip),
	    DV_U64(n));
	if (rc == RC_OK)
		goods_read(cx, &rows, out, out_n);
	return rc;
}

enum rc
goods_count(struct ctx *cx, uint64_t category, uint64_t *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_goods_count, &r, DV_U64(cx->merchant),
	    DV_U64(category), DV_U64(category), DV_U64(cx->merchant),
	    DV_U64(cx->merchant));
	if (rc == RC_OK)
		*out = dv_u64(r, 0);
	return rc;
}

enum rc
goods_search(struct ctx *cx, const char *lang, const char *words, uint64_t skip,
    uint64_t n, const struct product_rec **out, size_t *out_n)
{
	struct db_rows rows;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_goods_search, &rows, DV_U64(cx->merchant),
	    DV_U64(cx->merchant), DV_STR(lang), DV_U64(cx->merchant),
	    DV_STR(words), DV_STR(words), DV_U64(skip), DV_U64(n));
	if (rc == RC_OK)
		goods_read(cx, &rows, out, out_n);
	return rc;
}

enum rc
goods_search_count(struct ctx *cx, const char *words, uint64_t *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_goods_search_count, &r, DV_U64(cx->merchant),
	    DV_U64(cx->merchant), DV_U64(cx->merchant), DV_STR(words));
	if (rc == RC_OK)
		*out = dv_u64(r, 0);
	return rc;
}

static void
product_read(struct db_row r, struct product_rec *p)
{
	p->id = dv_u64(r, 0);
	p->category = dv_u64(r, 1);
	p->slug = dv_str(r, 2);
	p->name = dv_str(r, 3);
	p->summary = dv_str(r, 4);
	p->picture = dv_str(r, 5);
	p->tags = dv_str(r, 6);
	p->state = dv_str(r, 7);
	p->stock_display = dv_str(r, 8);
	p->featured = dv_u64(r, 9) != 0;
	p->sort = (int)dv_i64(r, 10);
	p->sold = dv_u64(r, 11);
	p->version = (unsigned)dv_u64(r, 12);
	p->updated = dv_i64(r, 13);
	p->asks = dv_u64(r, 14) != 0;
	p->work = dv_str(r, 15);
}

enum rc
product_by_slug(
    struct ctx *cx, const char *lang, const char *slug, struct product_rec *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_product_by_slug, &r, DV_STR(lang),
	    DV_U64(cx->merchant), DV_STR(slug));
	if (rc == RC_OK)
		product_read(r, out);
	return rc;
}

enum rc
product_by_sku(
    struct ctx *cx, const char *lang, uint64_t sku, struct product_rec *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_product_by_sku, &r, DV_STR(lang),
	    DV_U64(cx->merchant), DV_U64(sku));
	if (rc == RC_OK)
		product_read(r, out);
	return rc;
}

enum rc
product_slug(struct ctx *cx, uint64_t id, const char **out)
{
	struct db_row r;
	enum rc rc;

	rc =
	    DB_ROW(cx, STMT_product_slug, &r, DV_U64(cx->merchant), DV_U64(id));
	if (rc == RC_OK)
		*out = dv_str(r, 0);
	return rc;
}

enum rc
product_body(struct ctx *cx, uint64_t product, const char *lang,
    const struct body_rec **out, size_t *n)
{
	struct body_rec *b;
	struct db_rows rows;
	enum rc rc;
	size_t i;

	rc = DB_ROWS(
	    cx, STMT_product_body_get, &rows, DV_U64(product), DV_STR(lang));
	if (rc != RC_OK)
		return rc;
	b = ARENA_ARRAY(cx->arena, rows.n, struct body_rec);
	for (i = 0; i < rows.n; i++) {
		b[i].lang = dv_str(rows.row[i], 0);
		b[i].body_md = dv_str(rows.row[i], 1);
		b[i].body_html = dv_str(rows.row[i], 2);
		b[i].guide_md = dv_str(rows.row[i], 3);
		b[i].guide_html = dv_str(rows.row[i], 4);
	}
	*out = b;
	*n = rows.n;
	return RC_OK;
}

enum rc
product_inputs(
    struct ctx *cx, uint64_t product, const struct input_rec **out, size_t *n)
{
	struct input_rec *in;
	struct db_rows rows;
	enum rc rc;
	size_t i;

	rc = DB_ROWS(cx, STMT_input_of_product, &rows, DV_U64(product));
	if (rc != RC_OK)
		return rc;
	in = ARENA_ARRAY(cx->arena, rows.n, struct input_rec);
	for (i = 0; i < rows.n; i++) {
		in[i].name = dv_str(rows.row[i], 0);
		in[i].label = dv_str(rows.row[i], 1);
		in[i].label_en = dv_str(rows.row[i], 2);
		in[i].hint = dv_str(rows.row[i], 3);
		in[i].kind = dv_str(rows.row[i], 4);
		in[i].choices = dv_str(rows.row[i], 5);
		in[i].max_len = (unsigned)dv_u64(rows.row[i], 6);
		in[i].required = dv_u64(rows.row[i], 7) != 0;
		in[i].sort = (int)dv_i64(rows.row[i], 8);
	}
	*out = in;
	*n = rows.n;
	return RC_OK;
}
