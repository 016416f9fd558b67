/* SPDX-License-Identifier: Apache-2.0 */
/* The rows that events tell of: an order, a product, a SKU.  Nothing of the
 * buyer and no card is read here, so nothing of them can be sent. */
#include "store/hook_delivery.h"

#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
hook_order_events(
    struct ctx *cx, uint64_t order, const struct hook_move **out, size_t *n)
{
	struct hook_move *m;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_hook_order_events, &rows, DV_U64(order));
	if (rc != RC_OK)
		return rc;
	m = ARENA_ARRAY(cx->arena, rows.n, struct hook_move);
	for (i = 0; i < rows.n; i++)
		m[i] = (struct hook_move){
		    .seq = (unsigned)dv_u64(rows.row[i], 0),
		    .from = dv_str(rows.row[i], 1),
		    .to = dv_str(rows.row[i], 2),
		    .at = dv_i64(rows.row[i], 3),
		};
	*out = m;
	*n = rows.n;
	return RC_OK;
}

enum rc
hook_order(struct ctx *cx, uint64_t order, struct hook_order *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_hook_order, &r, DV_U64(order));
	if (rc != RC_OK)
		return rc;
	*out = (struct hook_order){
	    .no = dv_str(r, 0),
	    .currency = dv_str(r, 1),
	    .total = MONEY(dv_i64(r, 2)),
	    .paid = MONEY(dv_i64(r, 3)),
	    .refunded = MONEY(dv_i64(r, 4)),
	    .late = dv_u64(r, 5) != 0,
	    .created = dv_i64(r, 6),
	    .paid_at = dv_i64(r, 7),
	    .delivered_at = dv_i64(r, 8),
	};
	return RC_OK;
}

enum rc
hook_order_items(
    struct ctx *cx, uint64_t order, const struct hook_item **out, size_t *n)
{
	struct hook_item *it;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_hook_order_items, &rows, DV_U64(order));
	if (rc != RC_OK)
		return rc;
	it = ARENA_ARRAY(cx->arena, rows.n, struct hook_item);
	for (i = 0; i < rows.n; i++)
		it[i] = (struct hook_item){
		    .product = dv_u64(rows.row[i], 0),
		    .sku = dv_u64(rows.row[i], 1),
		    .product_name = dv_str(rows.row[i], 2),
		    .sku_name = dv_str(rows.row[i], 3),
		    .sku_code = dv_str(rows.row[i], 4),
		    .qty = (unsigned)dv_u64(rows.row[i], 5),
		    .delivered = (unsigned)dv_u64(rows.row[i], 6),
		    .price = MONEY(dv_i64(rows.row[i], 7)),
		};
	*out = it;
	*n = rows.n;
	return RC_OK;
}

enum rc
hook_product(struct ctx *cx, uint64_t id, struct hook_product *out)
{
	struct db_row r;
	enum rc rc;

	rc =
	    DB_ROW(cx, STMT_hook_product, &r, DV_U64(id), DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	*out = (struct hook_product){
	    dv_str(r, 0), dv_str(r, 1), dv_str(r, 2), (unsigned)dv_u64(r, 3)};
	return RC_OK;
}

enum rc
hook_sku(struct ctx *cx, uint64_t id, struct hook_sku *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_hook_sku, &r, DV_U64(id), DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	*out = (struct hook_sku){
	    dv_str(r, 0), dv_str(r, 1), dv_str(r, 3), dv_u64(r, 2)};
	return RC_OK;
}

enum rc
stock_low_new(struct ctx *cx, unsigned below, unsigned max,
    const struct low_sku **out, size_t *n)
{
	struct db_rows rows;
	struct low_sku *s;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_stock_low_new, &rows, DV_U64(cx->merchant),
	    DV_U64(below - 1), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	s = ARENA_ARRAY(cx->arena, rows.n, struct low_sku);
	for (i = 0; i < rows.n; i++)
		s[i] = (struct low_sku){
		    dv_u64(rows.row[i], 0), dv_u64(rows.row[i], 1)};
	*out = s;
	*n = rows.n;
	return RC_OK;
}

enum rc
stock_low_add(struct ctx *cx, const struct low_sku *s)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_stock_low_add, &affected, DV_U64(s->sku),
	    DV_U64(cx->merchant), DV_U64(s->free_n), DV_I64(cx->now));
}

enum rc
stock_low_over(struct ctx *cx, unsigned below)
{
	uint64_t affected; /* any number */

	return DB_EXEC(cx, STMT_stock_low_over, &affected, DV_U64(below - 1),
	    DV_U64(cx->merchant));
}
