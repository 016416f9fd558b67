/* SPDX-License-Identifier: Apache-2.0 */
/* Coupons as rows of lists; batches of them. */
#include "store/coupon_panel.h"

#include "io/db.h"
#include "store/stmt.gen.h"

enum { COLUMNS = 15 };

enum rc
coupon_add_many(struct ctx *cx, const struct coupon_new *c, const char *batch,
    const char *const *codes, size_t n)
{
	struct dv *v = ARENA_ARRAY(cx->arena, n * COLUMNS, struct dv), *r;
	uint64_t affected = 0;
	size_t i;
	enum rc rc;

	for (i = 0; i < n; i++) {
		r = &v[i * COLUMNS];
		r[0] = DV_U64(cx->merchant);
		r[1] = DV_STR(codes[i]);
		r[2] = DV_STR(batch);
		r[3] = DV_STR(c->kind);
		r[4] = DV_I64(c->value);
		r[5] = DV_I64(c->min.minor);
		r[6] = DV_I64(c->cap.minor);
		r[7] = DV_U64(c->product);
		r[8] = DV_U64(c->sku);
		r[9] = DV_U64(c->uses_max);
		r[10] = DV_U64(c->per_contact);
		r[11] = DV_I64(c->from);
		r[12] = DV_I64(c->until);
		r[13] = DV_STR(c->note);
		r[14] = DV_I64(cx->now);
	}
	rc = db_exec_many(cx, STMT_coupon_add_many, NULL, 0, v, n, &affected);
	return rc == RC_OK && affected != n ? RC_FAIL : rc;
}

enum rc
coupon_rows(struct ctx *cx, uint64_t below, const char *batch, const char *code,
    unsigned max, const struct coupon_row **out, size_t *n)
{
	struct coupon_row *c;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_coupon_rows, &rows, DV_U64(cx->merchant),
	    DV_U64(below), DV_U64(batch == NULL),
	    DV_STR(batch == NULL ? "" : batch), DV_U64(str_empty(code)),
	    DV_STR(code), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	c = ARENA_ARRAY(cx->arena, rows.n, struct coupon_row);
	for (i = 0; i < rows.n; i++)
		c[i] = (struct coupon_row){
		    .id = dv_u64(rows.row[i], 0),
		    .code = dv_str(rows.row[i], 1),
		    .batch = dv_str(rows.row[i], 2),
		    .kind = dv_str(rows.row[i], 3),
		    .value = dv_i64(rows.row[i], 4),
		    .min = MONEY(dv_i64(rows.row[i], 5)),
		    .cap = MONEY(dv_i64(rows.row[i], 6)),
		    .product_name = dv_str(rows.row[i], 7),
		    .sku_name = dv_str(rows.row[i], 8),
		    .uses_max = (unsigned)dv_u64(rows.row[i], 9),
		    .uses = (unsigned)dv_u64(rows.row[i], 10),
		    .per_contact = (unsigned)dv_u64(rows.row[i], 11),
		    .from = dv_i64(rows.row[i], 12),
		    .until = dv_i64(rows.row[i], 13),
		    .active = dv_u64(rows.row[i], 14) != 0,
		    .note = dv_str(rows.row[i], 15),
		    .created = dv_i64(rows.row[i], 16),
		};
	*out = c;
	*n = rows.n;
	return RC_OK;
}

enum rc
coupon_batches(struct ctx *cx, unsigned max,
    const struct coupon_batch_row **out, size_t *n)
{
	struct coupon_batch_row *b;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(
	    cx, STMT_coupon_batches, &rows, DV_U64(cx->merchant), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	b = ARENA_ARRAY(cx->arena, rows.n, struct coupon_batch_row);
	for (i = 0; i < rows.n; i++)
		b[i] = (struct coupon_batch_row){dv_str(rows.row[i], 0),
		    dv_u64(rows.row[i], 1), dv_u64(rows.row[i], 2),
		    dv_u64(rows.row[i], 3)};
	*out = b;
	*n = rows.n;
	return RC_OK;
}

enum rc
coupon_switch(struct ctx *cx, uint64_t id, bool active)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_coupon_switch, &affected, DV_U64(active),
	    DV_U64(id), DV_U64(cx->merchant), DV_U64(!active));
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}

enum rc
coupon_switch_batch(struct ctx *cx, const char *batch, bool active, uint64_t *n)
{
	return DB_EXEC(cx, STMT_coupon_switch_batch, n, DV_U64(active),
	    DV_U64(cx->merchant), DV_STR(batch), DV_U64(!active));
}

enum rc
coupon_scopes(
    struct ctx *cx, unsigned max, const struct scope_row **out, size_t *n)
{
	struct scope_row *s;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(
	    cx, STMT_coupon_scopes, &rows, DV_U64(cx->merchant), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	s = ARENA_ARRAY(cx->arena, rows.n, struct scope_row);
	for (i = 0; i < rows.n; i++)
		s[i] = (struct scope_row){
		    .product = dv_u64(rows.row[i], 0),
		    .product_name = dv_str(rows.row[i], 1),
		    .sku = dv_u64(rows.row[i], 2),
		    .sku_name = dv_str(rows.row[i], 3),
		    .sku_code = dv_str(rows.row[i], 4),
		};
	*out = s;
	*n = rows.n;
	return RC_OK;
}
