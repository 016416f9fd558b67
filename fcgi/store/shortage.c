/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the shortage line.  Only rows: who is served is shop/shortage.c. */
#include "store/shortage.h"

#include "base/bug.h"
#include "base/log.h"
#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
shortage_enter(struct ctx *cx, uint64_t order)
{
	uint64_t affected = 0;
	enum rc rc;

	BUG_ON(cx->tx_depth == 0);
	rc = DB_EXEC(cx, STMT_shortage_enter, &affected, DV_U64(order));
	/* the order is short in this transaction: none is a bug of ours */
	return rc == RC_OK && affected == 0 ? RC_CONFLICT : rc;
}

enum rc
shortage_leave(struct ctx *cx, uint64_t order)
{
	uint64_t affected = 0;
	enum rc rc;

	BUG_ON(cx->tx_depth == 0);
	rc = DB_EXEC(cx, STMT_shortage_leave, &affected, DV_U64(order));
	/* a lost row must not keep an order from being served or refunded;
	 * `keystallctl verify` would have named it */
	if (rc == RC_OK && affected == 0)
		log_event(LOG_ERROR, "shortage_row", LF_U64("order", order));
	return rc;
}

enum rc
shortage_line(struct ctx *cx, uint64_t sku, unsigned max,
    const char *const **no, size_t *n)
{
	struct db_rows rows;
	const char **list;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_shortage_line, &rows, DV_U64(sku), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, const char *);
	for (i = 0; i < rows.n; i++)
		list[i] = dv_str(rows.row[i], 0);
	*no = list;
	*n = rows.n;
	return RC_OK;
}

enum rc
shortage_place(struct ctx *cx, uint64_t order, unsigned *place)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_shortage_place, &r, DV_U64(order));
	if (rc == RC_OK)
		*place = (unsigned)dv_u64(r, 0);
	return rc;
}

enum rc
shortage_fillable(struct ctx *cx, unsigned max, const uint64_t **sku, size_t *n)
{
	struct db_rows rows;
	uint64_t *list;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_shortage_fillable, &rows, DV_U64(cx->merchant),
	    DV_U64(max));
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, uint64_t);
	for (i = 0; i < rows.n; i++)
		list[i] = dv_u64(rows.row[i], 0);
	*sku = list;
	*n = rows.n;
	return RC_OK;
}

enum rc
waiting_orders(struct ctx *cx, enum waiting which, unsigned max, unsigned skip,
    const struct waiting_row **out, size_t *n)
{
	static const struct {
		const char *state, *or_state;
		unsigned kept;
	} of[WAITING__N] = {
	    [WAITING_SHORT] = {"short", "short", 0},
	    [WAITING_LATE] = {"short", "manual", 1},
	    [WAITING_MANUAL] = {"manual", "manual", 0},
	};
	struct waiting_row *w;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_waiting_orders, &rows, DV_U64(cx->merchant),
	    DV_STR(of[which].state), DV_STR(of[which].or_state),
	    DV_U64(of[which].kept), DV_U64(of[which].kept), DV_U64(max),
	    DV_U64(skip));
	if (rc != RC_OK)
		return rc;
	w = ARENA_ARRAY(cx->arena, rows.n, struct waiting_row);
	for (i = 0; i < rows.n; i++) {
		struct db_row r = rows.row[i];

		w[i] = (struct waiting_row){
		    .no = dv_str(r, 0),
		    .state = dv_str(r, 1),
		    .currency = dv_str(r, 2),
		    .paid = MONEY(dv_i64(r, 3)),
		    .paid_at = dv_i64(r, 4),
		    .late = dv_u64(r, 5) != 0,
		    .sku = dv_u64(r, 6),
		    .kind = dv_str(r, 7),
		    .product_name = dv_str(r, 8),
		    .sku_name = dv_str(r, 9),
		    .qty = (unsigned)dv_u64(r, 10),
		    .delivered = (unsigned)dv_u64(r, 11),
		    .contact = dv_str(r, 12),
		    .note = dv_null(r, 13) ? "" : dv_str(r, 13),
		};
	}
	*out = w;
	*n = rows.n;
	return RC_OK;
}

enum rc
waiting_counts(struct ctx *cx, uint64_t counts[WAITING__N])
{
	struct db_row r;
	int i;
	enum rc rc;

	rc = DB_ROW(cx, STMT_waiting_counts, &r, DV_U64(cx->merchant));
	for (i = 0; rc == RC_OK && i < WAITING__N; i++)
		counts[i] = (uint64_t)dv_i64(r, i);
	return rc;
}
