/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the inbox and the payments for the panel. */
#include "store/inbox.h"

#include "io/db.h"
#include "store/stmt.gen.h"

#define ANY(text) DV_U64((text)[0] == '\0')

static struct inbox_row
inbox_row_of(struct db_row r)
{
	return (struct inbox_row){
	    .id = dv_u64(r, 0),
	    .state = dv_str(r, 1),
	    .reason = dv_str(r, 2),
	    .source = dv_str(r, 3),
	    .txn = dv_str(r, 4),
	    .amount = MONEY(dv_i64(r, 5)),
	    .currency = dv_str(r, 6),
	    .received = dv_i64(r, 7),
	    .repeats = (unsigned)dv_u64(r, 8),
	    .channel = dv_str(r, 9),
	    .no = dv_str(r, 10),
	};
}

enum rc
inbox_rows(struct ctx *cx, const struct inbox_query *q,
    const struct inbox_row **out, size_t *n)
{
	struct inbox_row *list;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	if (q->no[0] != '\0')
		rc = DB_ROWS(cx, STMT_notice_list_order, &rows,
		    DV_U64(cx->merchant), DV_STR(q->no), DV_U64(q->max));
	else
		rc = DB_ROWS(cx, STMT_notice_list, &rows, DV_U64(cx->merchant),
		    ANY(q->state), DV_STR(q->state), DV_U64(q->channel == 0),
		    DV_U64(q->channel), DV_U64(q->max), DV_U64(q->skip));
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, struct inbox_row);
	for (i = 0; i < rows.n; i++)
		list[i] = inbox_row_of(rows.row[i]);
	*out = list;
	*n = rows.n;
	return RC_OK;
}

enum rc
inbox_waiting(struct ctx *cx, const struct inbox_count **out, size_t *n)
{
	struct inbox_count *list;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_notice_waiting, &rows, DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, struct inbox_count);
	for (i = 0; i < rows.n; i++) {
		list[i].state = dv_str(rows.row[i], 0);
		list[i].n = dv_u64(rows.row[i], 1);
	}
	*out = list;
	*n = rows.n;
	return RC_OK;
}

enum rc
inbox_get(struct ctx *cx, uint64_t id, struct inbox_one *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_notice_one, &r, DV_U64(cx->merchant), DV_U64(id));
	if (rc != RC_OK)
		return rc;
	*out = (struct inbox_one){
	    .row =
		{
		    .id = dv_u64(r, 0),
		    .state = dv_str(r, 2),
		    .reason = dv_str(r, 3),
		    .source = dv_str(r, 4),
		    .txn = dv_str(r, 5),
		    .amount = MONEY(dv_i64(r, 6)),
		    .currency = dv_str(r, 7),
		    .received = dv_i64(r, 8),
		    .repeats = (unsigned)dv_u64(r, 10),
		    .channel = dv_str(r, 11),
		    .no = dv_str(r, 13),
		},
	    .channel_id = dv_u64(r, 1),
	    .applied = dv_i64(r, 9),
	    .channel_name = dv_str(r, 12),
	    .method = dv_str(r, 14),
	    .query = dv_blob(r, 15),
	    .headers = dv_blob(r, 16),
	    .body = dv_blob(r, 17),
	};
	return RC_OK;
}

enum rc
inbox_ignore(struct ctx *cx, uint64_t id)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_notice_ignore, &affected, DV_U64(cx->merchant),
	    DV_U64(id));
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}

enum rc
inbox_rejects(struct ctx *cx, int64_t since, unsigned max,
    const struct reject_row **out, size_t *n)
{
	struct reject_row *list;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_notice_rejects, &rows, DV_U64(cx->merchant),
	    DV_I64(since), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, struct reject_row);
	for (i = 0; i < rows.n; i++) {
		struct db_row r = rows.row[i];

		list[i] = (struct reject_row){
		    .channel = dv_str(r, 0),
		    .reason = dv_str(r, 1),
		    .n = dv_u64(r, 2),
		    .first = dv_i64(r, 3),
		    .last = dv_i64(r, 4),
		    .sample = dv_blob(r, 5),
		    .from = dv_str(r, 6),
		};
	}
	*out = list;
	*n = rows.n;
	return RC_OK;
}

/* ------------------------------------------------------------ payments */

static enum rc
payments_ask(
    struct ctx *cx, const struct payments_query *q, struct db_rows *rows)
{
	if (q->word[0] != '\0')
		return DB_ROWS(cx, STMT_payment_list_word, rows,
		    DV_U64(cx->merchant), DV_STR(q->word), DV_U64(cx->merchant),
		    DV_STR(q->word), DV_U64(cx->merchant), DV_STR(q->word),
		    DV_U64(q->max));
	if (q->cases)
		return DB_ROWS(cx, STMT_payment_list_cases, rows,
		    DV_U64(cx->merchant), DV_U64(q->max), DV_U64(q->skip));
	return DB_ROWS(cx, STMT_payment_list, rows, DV_U64(cx->merchant),
	    ANY(q->state), DV_STR(q->state), DV_U64(q->channel == 0),
	    DV_U64(q->channel), ANY(q->role), DV_STR(q->role), DV_U64(q->max),
	    DV_U64(q->skip));
}

enum rc
payments_rows(struct ctx *cx, const struct payments_query *q,
    const struct payments_row **out, size_t *n)
{
	struct payments_row *list;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = payments_ask(cx, q, &rows);
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, struct payments_row);
	for (i = 0; i < rows.n; i++) {
		struct db_row r = rows.row[i];

		list[i] = (struct payments_row){
		    .id = dv_u64(r, 0),
		    .state = dv_str(r, 1),
		    .role = dv_str(r, 2),
		    .amount = MONEY(dv_i64(r, 3)),
		    .currency = dv_str(r, 4),
		    .txn = dv_str(r, 5),
		    .ref = dv_str(r, 6),
		    .case_state = dv_str(r, 7),
		    .asked = (unsigned)dv_u64(r, 8),
		    .created = dv_i64(r, 9),
		    .settled = dv_i64(r, 10),
		    .channel = dv_str(r, 11),
		    .no = dv_str(r, 12),
		    .order_state = dv_str(r, 13),
		};
	}
	*out = list;
	*n = rows.n;
	return RC_OK;
}
