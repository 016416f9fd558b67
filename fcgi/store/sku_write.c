/* SPDX-License-Identifier: Apache-2.0 */
/* SKUs, tiers and inputs as the panel writes them. */
#include "store/goods_write.h"

#include "base/str.h"
#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
sku_edit_all(struct ctx *cx, uint64_t product, const struct sku_rec **out,
    const char *const **name_en, size_t *n)
{
	struct sku_rec *s;
	const char **en;
	struct db_rows rows;
	struct db_row r;
	enum rc rc;
	size_t i;

	rc = DB_ROWS(cx, STMT_sku_edit_all, &rows, DV_U64(cx->merchant),
	    DV_U64(product));
	if (rc != RC_OK)
		return rc;
	s = ARENA_ARRAY(cx->arena, rows.n, struct sku_rec);
	en = ARENA_ARRAY(cx->arena, rows.n, const char *);
	for (i = 0; i < rows.n; i++) {
		r = rows.row[i];
		s[i].id = dv_u64(r, 0);
		s[i].product = dv_u64(r, 1);
		s[i].code = dv_str(r, 2);
		s[i].name = dv_str(r, 3);
		en[i] = dv_str(r, 4);
		s[i].kind = dv_str(r, 5);
		s[i].card_format = dv_str(r, 6);
		s[i].price = MONEY(dv_i64(r, 7));
		s[i].cost = MONEY(dv_i64(r, 8));
		s[i].min_qty = (unsigned)dv_u64(r, 9);
		s[i].max_qty = (unsigned)dv_u64(r, 10);
		s[i].buyer_limit = (unsigned)dv_u64(r, 11);
		s[i].sale_from = dv_i64(r, 12);
		s[i].sale_until = dv_i64(r, 13);
		s[i].active = dv_u64(r, 14) != 0;
		s[i].sort = (int)dv_i64(r, 15);
		s[i].version = (unsigned)dv_u64(r, 16);
	}
	*out = s;
	*name_en = en;
	*n = rows.n;
	return RC_OK;
}

enum rc
sku_add(struct ctx *cx, const struct sku_rec *s, uint64_t *id)
{
	return DB_INSERT(cx, STMT_sku_add, id, DV_U64(cx->merchant),
	    DV_U64(s->product), DV_STR(s->code), DV_STR(s->name),
	    DV_I64(s->price.minor), DV_I64(s->cost.minor), DV_STR(s->kind),
	    DV_U64(s->min_qty), DV_U64(s->max_qty), DV_U64(s->buyer_limit),
	    DV_STR(s->card_format), DV_I64(s->sale_from), DV_I64(s->sale_until),
	    DV_U64(s->active), DV_I64(s->sort), DV_I64(cx->now));
}

enum rc
sku_change(struct ctx *cx, const struct sku_rec *s, bool *stale)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_sku_change, &affected, DV_STR(s->code),
	    DV_STR(s->name), DV_I64(s->price.minor), DV_I64(s->cost.minor),
	    DV_STR(s->kind), DV_U64(s->min_qty), DV_U64(s->max_qty),
	    DV_U64(s->buyer_limit), DV_STR(s->card_format),
	    DV_I64(s->sale_from), DV_I64(s->sale_until), DV_U64(s->active),
	    DV_I64(s->sort), DV_U64(cx->merchant), DV_U64(s->product),
	    DV_U64(s->id), DV_U64(s->version));
	*stale = rc == RC_OK && affected == 0;
	return rc;
}

enum rc
sku_kind_get(struct ctx *cx, uint64_t id, const char **kind, bool *has_cards)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_sku_kind_of, &r, DV_U64(cx->merchant), DV_U64(id));
	if (rc != RC_OK)
		return rc;
	*kind = dv_str(r, 0);
	*has_cards = dv_u64(r, 1) != 0;
	return RC_OK;
}

enum rc
sku_tiers_put(struct ctx *cx, uint64_t sku, const struct tier_rec *t, size_t n)
{
	struct dv *v = ARENA_ARRAY(cx->arena, 3 * n, struct dv);
	uint64_t affected;
	enum rc rc;
	size_t i;

	rc = DB_EXEC(cx, STMT_tier_drop, &affected, DV_U64(sku));
	if (rc != RC_OK || n == 0)
		return rc;
	for (i = 0; i < n; i++) {
		v[3 * i] = DV_U64(sku);
		v[3 * i + 1] = DV_U64(t[i].min_qty);
		v[3 * i + 2] = DV_I64(t[i].price.minor);
	}
	return db_exec_many(cx, STMT_tier_add, NULL, 0, v, n, &affected);
}

enum rc
product_inputs_put(
    struct ctx *cx, uint64_t product, const struct input_rec *in, size_t n)
{
	enum { COLS = 10 };
	struct dv *v = ARENA_ARRAY(cx->arena, n * COLS, struct dv), *r = v;
	uint64_t affected;
	enum rc rc;
	size_t i;

	rc = DB_EXEC(cx, STMT_input_drop, &affected, DV_U64(product));
	if (rc != RC_OK || n == 0)
		return rc;
	for (i = 0; i < n; i++, r += COLS) {
		r[0] = DV_U64(product);
		r[1] = DV_STR(in[i].name);
		r[2] = DV_STR(in[i].label);
		r[3] = DV_STR(in[i].label_en);
		r[4] = DV_STR(in[i].hint);
		r[5] = DV_STR(in[i].kind);
		r[6] = DV_STR(in[i].choices);
		r[7] = DV_U64(in[i].max_len);
		r[8] = DV_U64(in[i].required);
		r[9] = DV_I64(in[i].sort);
	}
	return db_exec_many(cx, STMT_input_add, NULL, 0, v, n, &affected);
}

/* ---- the shop */

enum rc
shop_change(struct ctx *cx, const char *name, const char *notice)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_shop_change, &affected, DV_STR(name),
	    DV_STR(notice), DV_U64(cx->merchant));
}

enum rc
shop_set_state(struct ctx *cx, const char *from, const char *to)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_shop_state, &affected, DV_STR(to),
	    DV_U64(cx->merchant), DV_STR(from));
	return rc == RC_OK && affected == 0 ? RC_CONFLICT : rc;
}

enum rc
shop_text_put(
    struct ctx *cx, const char *what, const char *lang, const char *text)
{
	/* the names that shop_get() asks for */
	const char *name = arena_fmt(cx->arena, "shop_%s.%s", what, lang);
	uint64_t affected;

	if (str_empty(text))
		return DB_EXEC(cx, STMT_shop_text_drop, &affected,
		    DV_U64(cx->merchant), DV_STR(name));
	return DB_EXEC(cx, STMT_shop_text_set, &affected, DV_U64(cx->merchant),
	    DV_STR(name), DV_STR(text), DV_U64(cx->staff), DV_I64(cx->now));
}

enum rc
content_put(struct ctx *cx, const struct content_line *c, const char *body_html)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_content_set, &affected, DV_U64(cx->merchant),
	    DV_STR(c->slug), DV_STR(c->lang), DV_STR(c->title),
	    DV_STR(c->body_md), DV_STR(body_html), DV_I64(cx->now));
}

enum rc
content_all(struct ctx *cx, const struct content_line **out, size_t *n)
{
	struct content_line *c;
	struct db_rows rows;
	enum rc rc;
	size_t i;

	rc = DB_ROWS(cx, STMT_content_all, &rows, DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	c = ARENA_ARRAY(cx->arena, rows.n, struct content_line);
	for (i = 0; i < rows.n; i++) {
		c[i].slug = dv_str(rows.row[i], 0);
		c[i].lang = dv_str(rows.row[i], 1);
		c[i].title = dv_str(rows.row[i], 2);
		c[i].body_md = dv_str(rows.row[i], 3);
		c[i].updated = dv_i64(rows.row[i], 4);
	}
	*out = c;
	*n = rows.n;
	return RC_OK;
}
