/* SPDX-License-Identifier: Apache-2.0 */
/* Categories and products as the panel writes them. */
#include "store/goods_write.h"

#include "base/str.h"
#include "io/db.h"
#include "store/stmt.gen.h"

static enum rc
changed(enum rc rc, uint64_t affected, bool *stale)
{
	*stale = rc == RC_OK && affected == 0;
	return rc;
}

enum rc
localized_put(struct ctx *cx, const char *kind, uint64_t id, const char *lang,
    const char *own_name, const struct localized_text *t)
{
	uint64_t affected;

	if (str_empty(t->name) && str_empty(t->summary) && str_empty(t->tags))
		return DB_EXEC(cx, STMT_localized_drop, &affected, DV_STR(kind),
		    DV_U64(id), DV_STR(lang));
	return DB_EXEC(cx, STMT_localized_set, &affected, DV_STR(kind),
	    DV_U64(id), DV_STR(lang),
	    DV_STR(str_empty(t->name) ? own_name : t->name), DV_STR(t->summary),
	    DV_STR(t->tags));
}

/* ---- categories */

enum rc
category_edit_all(struct ctx *cx, const struct category_rec **out,
    const struct localized_text **en, size_t *n)
{
	struct category_rec *c;
	struct localized_text *t;
	struct db_rows rows;
	struct db_row r;
	enum rc rc;
	size_t i;

	rc = DB_ROWS(cx, STMT_category_edit_all, &rows, DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	c = ARENA_ARRAY(cx->arena, rows.n, struct category_rec);
	t = ARENA_ARRAY(cx->arena, rows.n, struct localized_text);
	for (i = 0; i < rows.n; i++) {
		r = rows.row[i];
		c[i].id = dv_u64(r, 0);
		c[i].parent = dv_u64(r, 1);
		c[i].slug = dv_str(r, 2);
		c[i].name = dv_str(r, 3);
		t[i].name = dv_str(r, 4);
		c[i].summary = dv_str(r, 5);
		t[i].summary = dv_str(r, 6);
		t[i].tags = "";
		c[i].icon = dv_str(r, 7);
		c[i].sort = (int)dv_i64(r, 8);
		c[i].hidden = dv_u64(r, 9) != 0;
		c[i].version = (unsigned)dv_u64(r, 10);
		c[i].products = dv_u64(r, 11);
	}
	*out = c;
	*en = t;
	*n = rows.n;
	return RC_OK;
}

enum rc
category_add(struct ctx *cx, const struct category_rec *c, uint64_t *id)
{
	return DB_INSERT(cx, STMT_category_add, id, DV_U64(cx->merchant),
	    DV_U64(c->parent), DV_STR(c->slug), DV_STR(c->name),
	    DV_STR(c->summary), DV_STR(c->icon), DV_I64(c->sort),
	    DV_U64(c->hidden), DV_I64(cx->now));
}

enum rc
category_change(struct ctx *cx, const struct category_rec *c, bool *stale)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_category_change, &affected, DV_U64(c->parent),
	    DV_STR(c->slug), DV_STR(c->name), DV_STR(c->summary),
	    DV_STR(c->icon), DV_I64(c->sort), DV_U64(c->hidden),
	    DV_U64(cx->merchant), DV_U64(c->id), DV_U64(c->version));
	return changed(rc, affected, stale);
}

enum rc
category_lock(struct ctx *cx, uint64_t id)
{
	struct db_row r;

	return DB_ROW(
	    cx, STMT_category_lock, &r, DV_U64(cx->merchant), DV_U64(id));
}

enum rc
category_in_use(struct ctx *cx, uint64_t id, bool *in_use)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_category_in_use, &r, DV_U64(cx->merchant),
	    DV_U64(id), DV_U64(cx->merchant), DV_U64(id));
	if (rc == RC_OK)
		*in_use = dv_u64(r, 0) != 0;
	return rc;
}

enum rc
category_drop(struct ctx *cx, uint64_t id)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_category_drop, &affected, DV_U64(cx->merchant),
	    DV_U64(id));
}

/* ---- products */

enum rc
product_edit_get(struct ctx *cx, uint64_t id, struct product_rec *p,
    struct localized_text *en)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_product_edit_get, &r, DV_U64(cx->merchant), DV_U64(id));
	if (rc != RC_OK)
		return rc;
	*p = (struct product_rec){0};
	p->id = dv_u64(r, 0);
	p->category = dv_u64(r, 1);
	p->slug = dv_str(r, 2);
	p->name = dv_str(r, 3);
	en->name = dv_str(r, 4);
	p->summary = dv_str(r, 5);
	en->summary = dv_str(r, 6);
	p->picture = dv_str(r, 7);
	p->tags = dv_str(r, 8);
	en->tags = dv_str(r, 9);
	p->state = dv_str(r, 10);
	p->stock_display = dv_str(r, 11);
	p->featured = dv_u64(r, 12) != 0;
	p->sort = (int)dv_i64(r, 13);
	p->version = (unsigned)dv_u64(r, 14);
	p->work = dv_str(r, 15);
	return RC_OK;
}

enum rc
product_add(struct ctx *cx, const struct product_rec *p, uint64_t *id)
{
	return DB_INSERT(cx, STMT_product_add, id, DV_U64(cx->merchant),
	    DV_U64(p->category), DV_STR(p->slug), DV_STR(p->name),
	    DV_STR(p->summary), DV_STR(p->picture), DV_STR(p->tags),
	    DV_STR(p->state), DV_STR(p->stock_display), DV_STR(p->work),
	    DV_U64(p->featured), DV_I64(p->sort), DV_I64(cx->now),
	    DV_I64(cx->now));
}

enum rc
product_change(struct ctx *cx, const struct product_rec *p, bool *stale)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_product_change, &affected, DV_U64(p->category),
	    DV_STR(p->slug), DV_STR(p->name), DV_STR(p->summary),
	    DV_STR(p->picture), DV_STR(p->tags), DV_STR(p->state),
	    DV_STR(p->stock_display), DV_STR(p->work), DV_U64(p->featured),
	    DV_I64(p->sort), DV_I64(cx->now), DV_U64(cx->merchant),
	    DV_U64(p->id), DV_U64(p->version));
	return changed(rc, affected, stale);
}

enum rc
product_set_state(struct ctx *cx, uint64_t id, const char *from, const char *to)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_product_state, &affected, DV_STR(to),
	    DV_I64(cx->now), DV_U64(cx->merchant), DV_U64(id), DV_STR(from));
	return rc == RC_OK && affected == 0 ? RC_CONFLICT : rc;
}

enum rc
product_touch(struct ctx *cx, uint64_t id)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_product_touch, &affected, DV_I64(cx->now),
	    DV_U64(cx->merchant), DV_U64(id));
}

enum rc
product_state_get(struct ctx *cx, uint64_t id, const char **state)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_product_exists, &r, DV_U64(cx->merchant), DV_U64(id));
	if (rc == RC_OK)
		*state = dv_str(r, 0);
	return rc;
}

enum rc
product_body_put(struct ctx *cx, uint64_t product, const struct body_rec *b)
{
	uint64_t affected;

	if (str_empty(b->body_md) && str_empty(b->guide_md))
		return DB_EXEC(cx, STMT_product_body_drop, &affected,
		    DV_U64(product), DV_STR(b->lang));
	return DB_EXEC(cx, STMT_product_body_set, &affected, DV_U64(product),
	    DV_STR(b->lang), DV_STR(b->body_md), DV_STR(b->body_html),
	    DV_STR(b->guide_md), DV_STR(b->guide_html));
}

enum rc
product_texts(
    struct ctx *cx, uint64_t product, const char *const **out, size_t *n)
{
	const char **text;
	struct db_rows rows;
	enum rc rc;
	size_t i;

	rc = DB_ROWS(cx, STMT_product_texts, &rows, DV_U64(product),
	    DV_U64(product), DV_U64(product), DV_U64(product));
	if (rc != RC_OK)
		return rc;
	text = ARENA_ARRAY(cx->arena, rows.n, const char *);
	for (i = 0; i < rows.n; i++)
		text[i] = dv_str(rows.row[i], 0);
	*out = text;
	*n = rows.n;
	return RC_OK;
}

enum rc
product_words_put(struct ctx *cx, uint64_t product, const char *words)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_product_words_set, &affected, DV_U64(product),
	    DV_U64(cx->merchant), DV_STR(words));
}

/* ---- the panel's list */

enum rc
product_lines(struct ctx *cx, const struct product_find *f, uint64_t skip,
    uint64_t n, const struct product_line **out, size_t *out_n)
{
	struct product_line *p;
	struct db_rows rows;
	struct db_row r;
	enum rc rc;
	size_t i;

	rc = DB_ROWS(cx, STMT_product_rows, &rows, DV_U64(cx->merchant),
	    DV_U64(f->category), DV_U64(f->category),
	    DV_U64(str_empty(f->state)), DV_STR(f->state),
	    DV_U64(str_empty(f->text)), DV_STR(f->text), DV_STR(f->text),
	    DV_STR(f->text), DV_U64(skip), DV_U64(n));
	if (rc != RC_OK)
		return rc;
	p = ARENA_ARRAY(cx->arena, rows.n, struct product_line);
	for (i = 0; i < rows.n; i++) {
		r = rows.row[i];
		p[i].id = dv_u64(r, 0);
		p[i].slug = dv_str(r, 1);
		p[i].name = dv_str(r, 2);
		p[i].category = dv_str(r, 3);
		p[i].state = dv_str(r, 4);
		p[i].from = MONEY(dv_i64(r, 5));
		p[i].to = MONEY(dv_i64(r, 6));
		p[i].skus = (unsigned)dv_u64(r, 7);
		p[i].sold = dv_u64(r, 8);
		p[i].updated = dv_i64(r, 9);
	}
	*out = p;
	*out_n = rows.n;
	return RC_OK;
}

enum rc
product_lines_count(struct ctx *cx, const struct product_find *f, uint64_t *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_product_rows_count, &r, DV_U64(cx->merchant),
	    DV_U64(f->category), DV_U64(f->category),
	    DV_U64(str_empty(f->state)), DV_STR(f->state),
	    DV_U64(str_empty(f->text)), DV_STR(f->text), DV_STR(f->text),
	    DV_STR(f->text));
	if (rc == RC_OK)
		*out = dv_u64(r, 0);
	return rc;
}

enum rc
sku_ids_of_products(struct ctx *cx, const uint64_t *product, size_t n_products,
    const struct sku_of **out, size_t *n)
{
	struct dv *in = ARENA_ARRAY(cx->arena, n_products, struct dv);
	struct db_rows rows = {NULL, 0};
	struct sku_of *s;
	enum rc rc = RC_OK;
	size_t i;

	for (i = 0; i < n_products; i++)
		in[i] = DV_U64(product[i]);
	if (n_products > 0)
		rc = db_rows_many(cx, STMT_sku_ids_of_products, NULL, 0, in,
		    n_products, &rows);
	if (rc != RC_OK)
		return rc;
	s = ARENA_ARRAY(cx->arena, rows.n, struct sku_of);
	for (i = 0; i < rows.n; i++) {
		s[i].id = dv_u64(rows.row[i], 0);
		s[i].product = dv_u64(rows.row[i], 1);
	}
	*out = s;
	*n = rows.n;
	return RC_OK;
}
