/* SPDX-License-Identifier: Apache-2.0 */
/* Messages as rows of lists, and the two things a person may do with one. */
#include "store/outbox_panel.h"

#include "io/db.h"
#include "store/stmt.gen.h"

static const struct message_row *
as_messages(struct ctx *cx, const struct db_rows *rows)
{
	struct message_row *m =
	    ARENA_ARRAY(cx->arena, rows->n, struct message_row);
	size_t i;

	for (i = 0; i < rows->n; i++)
		m[i] = (struct message_row){
		    .id = dv_u64(rows->row[i], 0),
		    .kind = dv_str(rows->row[i], 1),
		    .object = dv_u64(rows->row[i], 2),
		    .payload = dv_str(rows->row[i], 3),
		    .state = dv_str(rows->row[i], 4),
		    .attempts = (unsigned)dv_u64(rows->row[i], 5),
		    .error = dv_str(rows->row[i], 6),
		    .due = dv_i64(rows->row[i], 7),
		    .created = dv_i64(rows->row[i], 8),
		    .done = dv_i64(rows->row[i], 9),
		};
	return m;
}

enum rc
message_rows(struct ctx *cx, const char *state, unsigned tries_from,
    unsigned tries_to, unsigned max, unsigned skip,
    const struct message_row **out, size_t *n)
{
	struct db_rows rows;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_outbox_rows, &rows, DV_U64(cx->merchant),
	    DV_STR(state), DV_U64(tries_from), DV_U64(tries_to), DV_U64(max),
	    DV_U64(skip));
	if (rc != RC_OK)
		return rc;
	*out = as_messages(cx, &rows);
	*n = rows.n;
	return RC_OK;
}

enum rc
message_mails(struct ctx *cx, uint64_t below, unsigned max,
    const struct message_row **out, size_t *n)
{
	struct db_rows rows;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_outbox_mails, &rows, DV_U64(cx->merchant),
	    DV_U64(below), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	*out = as_messages(cx, &rows);
	*n = rows.n;
	return RC_OK;
}

enum rc
message_counts(struct ctx *cx, struct message_counts *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_outbox_counts, &r, DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	*out = (struct message_counts){
	    dv_u64(r, 0), dv_u64(r, 1), dv_u64(r, 2), dv_u64(r, 3)};
	return RC_OK;
}

enum rc
message_again(struct ctx *cx, uint64_t id, int64_t lent_until)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_outbox_again, &affected, DV_I64(cx->now),
	    DV_U64(id), DV_U64(cx->merchant), DV_I64(lent_until));
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}

enum rc
message_drop(struct ctx *cx, uint64_t id, const char *reason)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_outbox_drop, &affected, DV_I64(cx->now),
	    DV_STR(reason), DV_U64(id), DV_U64(cx->merchant));
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}
