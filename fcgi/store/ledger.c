/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the ledger (ledger.h). */
#include "store/ledger.h"

#include "io/db.h"
#include "store/stmt.gen.h"

static struct ledger_row
row_of(struct db_row r)
{
	return (struct ledger_row){
	    .id = dv_u64(r, 0),
	    .tx = dv_str(r, 1),
	    .line = (unsigned)dv_u64(r, 2),
	    .account = dv_str(r, 3),
	    .amount = MONEY(dv_i64(r, 4)),
	    .currency = dv_str(r, 5),
	    .at = dv_i64(r, 6),
	    .payment = dv_u64(r, 7),
	    .refund = dv_u64(r, 8),
	    .channel = dv_str(r, 9),
	    .no = dv_str(r, 10),
	    .tx_sum = MONEY(r.n > 11 ? dv_i64(r, 11) : 0),
	};
}

static enum rc
rows_of(struct ctx *cx, enum rc rc, const struct db_rows *rows,
    const struct ledger_row **out, size_t *n)
{
	struct ledger_row *list;
	size_t i;

	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows->n, struct ledger_row);
	for (i = 0; i < rows->n; i++)
		list[i] = row_of(rows->row[i]);
	*out = list;
	*n = rows->n;
	return RC_OK;
}

enum rc
ledger_span(struct ctx *cx, struct ledger_query *q)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_ledger_span, &r, DV_U64(cx->merchant),
	    DV_I64(q->from), DV_I64(q->until));
	if (rc != RC_OK)
		return rc;
	if (dv_null(r, 0))
		return RC_NOTFOUND;
	q->first = dv_u64(r, 0);
	q->last = dv_u64(r, 1);
	return RC_OK;
}

enum rc
ledger_rows(struct ctx *cx, const struct ledger_query *q,
    const struct ledger_row **out, size_t *n)
{
	struct db_rows rows;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_ledger_page, &rows, DV_U64(cx->merchant),
	    DV_U64(q->first), DV_U64(q->last), DV_I64(q->from),
	    DV_I64(q->until), DV_U64(q->account[0] == '\0'), DV_STR(q->account),
	    DV_U64(q->max), DV_U64(q->skip));
	return rows_of(cx, rc, &rows, out, n);
}

enum rc
ledger_rows_of(struct ctx *cx, const char *no, unsigned max,
    const struct ledger_row **out, size_t *n)
{
	struct db_rows rows;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_ledger_of_order, &rows, DV_U64(cx->merchant),
	    DV_STR(no), DV_U64(max));
	return rows_of(cx, rc, &rows, out, n);
}

enum rc
ledger_rows_after(struct ctx *cx, const struct ledger_query *q,
    const struct ledger_row **out, size_t *n)
{
	struct db_rows rows;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_ledger_export, &rows, DV_U64(cx->merchant),
	    DV_U64(q->first), DV_U64(q->last), DV_I64(q->from),
	    DV_I64(q->until), DV_U64(q->account[0] == '\0'), DV_STR(q->account),
	    DV_U64(q->max));
	return rows_of(cx, rc, &rows, out, n);
}

enum rc
ledger_account_sums(struct ctx *cx, int64_t from, int64_t until,
    const struct account_sum **out, size_t *n)
{
	struct account_sum *list;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_ledger_sums, &rows, DV_U64(cx->merchant),
	    DV_I64(from), DV_I64(until));
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, struct account_sum);
	for (i = 0; i < rows.n; i++)
		list[i] = (struct account_sum){
		    .account = dv_str(rows.row[i], 0),
		    .currency = dv_str(rows.row[i], 1),
		    .n = dv_u64(rows.row[i], 2),
		    .debit = MONEY(dv_i64(rows.row[i], 3)),
		    .credit = MONEY(dv_i64(rows.row[i], 4)),
		};
	*out = list;
	*n = rows.n;
	return RC_OK;
}

enum rc
ledger_running_sum(struct ctx *cx, const char *account, const char *currency,
    int64_t from, uint64_t id, struct money *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_ledger_running, &r, DV_U64(cx->merchant),
	    DV_STR(account), DV_STR(currency), DV_I64(from), DV_U64(id));
	if (rc == RC_OK)
		*out = MONEY(dv_i64(r, 0));
	return rc;
}

/* ------------------------------------------------------------ finance */

static enum rc
ask_money(struct ctx *cx, const struct finance_query *q, struct db_rows *rows)
{
	if (q->by == FINANCE_DAY)
		return DB_ROWS(cx, STMT_finance_money_day, rows,
		    DV_I64(q->zone_us), DV_I64(q->day_us), DV_U64(cx->merchant),
		    DV_STR(q->currency), DV_I64(q->from), DV_I64(q->until),
		    DV_U64(q->max));
	return DB_ROWS(cx,
	    q->by == FINANCE_CHANNEL ? STMT_finance_money_channel
				     : STMT_finance_money_product,
	    rows, DV_U64(cx->merchant), DV_STR(q->currency), DV_I64(q->from),
	    DV_I64(q->until), DV_U64(q->max));
}

enum rc
finance_money_rows(struct ctx *cx, const struct finance_query *q,
    const struct finance_money **out, size_t *n)
{
	struct finance_money *list;
	struct db_rows rows;
	size_t i;
	enum rc rc = ask_money(cx, q, &rows);

	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, struct finance_money);
	for (i = 0; i < rows.n; i++)
		list[i] = (struct finance_money){
		    .key = dv_i64(rows.row[i], 0),
		    .name = dv_str(rows.row[i], 1),
		    .revenue = MONEY(dv_i64(rows.row[i], 2)),
		    .fees = MONEY(dv_i64(rows.row[i], 3)),
		    .refunds = MONEY(dv_i64(rows.row[i], 4)),
		};
	*out = list;
	*n = rows.n;
	return RC_OK;
}

static enum rc
ask_cost(struct ctx *cx, const struct finance_query *q, struct db_rows *rows)
{
	if (q->by == FINANCE_DAY)
		return DB_ROWS(cx, STMT_finance_cost_day, rows,
		    DV_I64(q->zone_us), DV_I64(q->day_us), DV_U64(cx->merchant),
		    DV_I64(q->from), DV_I64(q->until), DV_U64(q->max));
	return DB_ROWS(cx,
	    q->by == FINANCE_CHANNEL ? STMT_finance_cost_channel
				     : STMT_finance_cost_product,
	    rows, DV_U64(cx->merchant), DV_I64(q->from), DV_I64(q->until),
	    DV_U64(q->max));
}

enum rc
finance_cost_rows(struct ctx *cx, const struct finance_query *q,
    const struct finance_cost **out, size_t *n)
{
	struct finance_cost *list;
	struct db_rows rows;
	size_t i;
	enum rc rc = ask_cost(cx, q, &rows);

	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, struct finance_cost);
	for (i = 0; i < rows.n; i++)
		list[i] = (struct finance_cost){
		    .key = dv_i64(rows.row[i], 0),
		    .name = dv_str(rows.row[i], 1),
		    .cost = MONEY(dv_i64(rows.row[i], 2)),
		    .orders = dv_u64(rows.row[i], 3),
		};
	*out = list;
	*n = rows.n;
	return RC_OK;
}
