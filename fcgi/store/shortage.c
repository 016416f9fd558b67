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
