/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of statements (statement.h). */
#include "store/statement.h"

#include "io/db.h"
#include "store/stmt.gen.h"

enum { LINE_COLS = 13 };

enum rc
statement_rec_add(struct ctx *cx, const struct statement_rec *s, uint64_t *id)
{
	return DB_INSERT(cx, STMT_statement_add, id, DV_U64(cx->merchant),
	    DV_U64(s->channel), DV_STR(s->name), DV_STR(s->format),
	    DV_STR(s->headings), DV_I64(s->from), DV_I64(s->until),
	    DV_U64(cx->staff), DV_I64(cx->now));
}

enum rc
statement_rec_lock(struct ctx *cx, uint64_t id, struct statement_rec *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_statement_lock, &r, DV_U64(cx->merchant), DV_U64(id));
	if (rc != RC_OK)
		return rc;
	*out = (struct statement_rec){
	    .id = id,
	    .channel = dv_u64(r, 0),
	    .format = dv_str(r, 1),
	    .headings = dv_str(r, 2),
	    .state = dv_str(r, 3),
	    .from = dv_i64(r, 4),
	    .until = dv_i64(r, 5),
	    .reader = dv_str(r, 6),
	    .next_chunk = (unsigned)dv_u64(r, 7),
	    .lines = (unsigned)dv_u64(r, 8),
	    .bad = (unsigned)dv_u64(r, 9),
	    .currency = dv_str(r, 10),
	};
	return RC_OK;
}

static struct statement_rec
rec_of(struct db_row r)
{
	return (struct statement_rec){
	    .id = dv_u64(r, 0),
	    .channel = dv_u64(r, 1),
	    .name = dv_str(r, 2),
	    .format = dv_str(r, 3),
	    .state = dv_str(r, 4),
	    .from = dv_i64(r, 5),
	    .until = dv_i64(r, 6),
	    .next_chunk = (unsigned)dv_u64(r, 7),
	    .lines = (unsigned)dv_u64(r, 8),
	    .bad = (unsigned)dv_u64(r, 9),
	    .created = dv_i64(r, 10),
	    .channel_title = dv_str(r, 11),
	    .open = r.n > 12 ? dv_u64(r, 12) : 0,
	};
}

enum rc
statement_rec_get(struct ctx *cx, uint64_t id, struct statement_rec *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_statement_one, &r, DV_U64(cx->merchant), DV_U64(id));
	if (rc == RC_OK)
		*out = rec_of(r);
	return rc;
}

enum rc
statement_rec_list(struct ctx *cx, unsigned max, unsigned skip,
    const struct statement_rec **out, size_t *n)
{
	struct statement_rec *list;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_statement_list, &rows, DV_U64(cx->merchant),
	    DV_U64(max), DV_U64(skip));
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, struct statement_rec);
	for (i = 0; i < rows.n; i++)
		list[i] = rec_of(rows.row[i]);
	*out = list;
	*n = rows.n;
	return RC_OK;
}

enum rc
statement_rec_took(struct ctx *cx, uint64_t id, unsigned chunk,
    const char *reader, unsigned lines, unsigned bad)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_statement_took, &affected, DV_STR(reader),
	    DV_U64(lines), DV_U64(bad), DV_U64(id), DV_U64(chunk));
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}

enum rc
statement_rec_end(struct ctx *cx, uint64_t id, const char *state)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_statement_end, &affected, DV_STR(state),
	    DV_I64(cx->now), DV_U64(id));
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}

/* ------------------------------------------------------------ lines */

enum rc
statement_rec_lines_add(struct ctx *cx, uint64_t statement, uint64_t channel,
    const struct statement_rec_line *l, size_t n)
{
	struct dv *v = ARENA_ARRAY(cx->arena, n * LINE_COLS, struct dv);
	struct dv *p = v;
	uint64_t affected;
	size_t i;
	enum rc rc;

	for (i = 0; i < n; i++) {
		*p++ = DV_U64(statement);
		*p++ = DV_U64(channel);
		*p++ = DV_U64(l[i].line);
		*p++ = DV_STR(l[i].kind);
		*p++ = DV_STR(l[i].result);
		*p++ = DV_STR(l[i].state);
		*p++ = DV_STR(l[i].txn);
		*p++ = DV_STR(l[i].order_no);
		*p++ = DV_STR(l[i].at);
		*p++ = DV_I64(l[i].amount.minor);
		*p++ = DV_I64(l[i].fee.minor);
		*p++ = DV_STR(l[i].currency);
		*p++ = DV_STR(l[i].note);
	}
	rc = db_exec_many(
	    cx, STMT_statement_lines_add, NULL, 0, v, n, &affected);
	return rc == RC_OK && affected != n ? RC_FAIL : rc;
}

enum rc
statement_rec_drop(struct ctx *cx, uint64_t id)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_statement_drop, &affected, DV_U64(id));
}

enum rc
statement_rec_match(struct ctx *cx, uint64_t id)
{
	uint64_t n;
	enum rc rc;

	if ((rc = DB_EXEC(cx, STMT_statement_match_txn, &n, DV_U64(id))) !=
		RC_OK ||
	    (rc = DB_EXEC(cx, STMT_statement_match_refund, &n, DV_U64(id))) !=
		RC_OK ||
	    (rc = DB_EXEC(cx, STMT_statement_match_no, &n, DV_U64(cx->merchant),
		 DV_U64(id))) != RC_OK ||
	    (rc = DB_EXEC(cx, STMT_statement_match_ref, &n, DV_U64(id))) !=
		RC_OK)
		return rc;
	return DB_EXEC(cx, STMT_statement_match_rest, &n, DV_U64(id));
}

enum rc
statement_rec_absent(struct ctx *cx, uint64_t id, const struct statement_rec *s)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_statement_absent, &affected, DV_U64(id),
	    DV_U64(s->channel), DV_I64(s->from), DV_I64(s->until),
	    DV_U64(cx->merchant));
}

enum rc
statement_rec_fees(struct ctx *cx, uint64_t id, unsigned max,
    const struct statement_fee **out, size_t *n)
{
	struct statement_fee *list;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_statement_fees, &rows, DV_U64(cx->merchant),
	    DV_U64(id), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, struct statement_fee);
	for (i = 0; i < rows.n; i++)
		list[i] = (struct statement_fee){
		    .payment = dv_u64(rows.row[i], 0),
		    .order = dv_u64(rows.row[i], 1),
		    .channel = dv_u64(rows.row[i], 2),
		    .fee = MONEY(dv_i64(rows.row[i], 3)),
		    .currency = dv_str(rows.row[i], 4),
		};
	*out = list;
	*n = rows.n;
	return RC_OK;
}

enum rc
statement_rec_lines(struct ctx *cx, uint64_t id, const char *state,
    const char *result, unsigned max, unsigned skip,
    const struct statement_rec_line **out, size_t *n)
{
	struct statement_rec_line *list;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_statement_lines, &rows, DV_U64(id), DV_STR(state),
	    DV_U64(result[0] == '\0'), DV_STR(result), DV_U64(max),
	    DV_U64(skip));
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, struct statement_rec_line);
	for (i = 0; i < rows.n; i++) {
		struct db_row r = rows.row[i];

		list[i] = (struct statement_rec_line){
		    .id = dv_u64(r, 0),
		    .line = (unsigned)dv_u64(r, 1),
		    .kind = dv_str(r, 2),
		    .result = dv_str(r, 3),
		    .state = dv_str(r, 4),
		    .txn = dv_str(r, 5),
		    .order_no = dv_str(r, 6),
		    .at = dv_str(r, 7),
		    .amount = MONEY(dv_i64(r, 8)),
		    .fee = MONEY(dv_i64(r, 9)),
		    .currency = dv_str(r, 10),
		    .payment = dv_u64(r, 11),
		    .no = dv_str(r, 12),
		    .ours = MONEY(dv_i64(r, 13)),
		    .our_currency = dv_str(r, 14),
		    .note = dv_str(r, 15),
		};
	}
	*out = list;
	*n = rows.n;
	return RC_OK;
}

enum rc
statement_rec_counts(
    struct ctx *cx, uint64_t id, const struct statement_count **out, size_t *n)
{
	struct statement_count *list;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_statement_counts, &rows, DV_U64(id));
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, struct statement_count);
	for (i = 0; i < rows.n; i++)
		list[i] = (struct statement_count){
		    .result = dv_str(rows.row[i], 0),
		    .state = dv_str(rows.row[i], 1),
		    .n = dv_u64(rows.row[i], 2),
		};
	*out = list;
	*n = rows.n;
	return RC_OK;
}

enum rc
statement_rec_line_get(
    struct ctx *cx, uint64_t id, struct statement_rec_line *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_statement_line_one, &r, DV_U64(cx->merchant), DV_U64(id));
	if (rc != RC_OK)
		return rc;
	*out = (struct statement_rec_line){
	    .id = id,
	    .statement = dv_u64(r, 0),
	    .channel = dv_u64(r, 1),
	    .line = (unsigned)dv_u64(r, 2),
	    .kind = dv_str(r, 3),
	    .result = dv_str(r, 4),
	    .state = dv_str(r, 5),
	    .txn = dv_str(r, 6),
	    .amount = MONEY(dv_i64(r, 7)),
	    .currency = dv_str(r, 8),
	    .no = dv_str(r, 9),
	    .at = dv_str(r, 10),
	};
	return RC_OK;
}

enum rc
statement_rec_resolve(
    struct ctx *cx, uint64_t id, const char *note, uint64_t payment)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_statement_line_resolve, &affected, DV_STR(note),
	    DV_U64(cx->staff), DV_I64(cx->now), DV_U64(payment), DV_U64(id));
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}
