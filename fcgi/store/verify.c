/* SPDX-License-Identifier: Apache-2.0 */
/* Asking the questions of sql/query/verify.sql. */
#include "store/verify.h"

#include "base/bug.h"
#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
verify_count(struct ctx *cx, int number, int64_t before, uint64_t *n,
    const char **example)
{
	static const struct {
		enum stmt id;
		unsigned params;
	} question[VERIFY_LAST + 1] = {
	    [1] = {STMT_verify_i1, 0},
	    [2] = {STMT_verify_i2, 0},
	    [3] = {STMT_verify_i3, 0},
	    [4] = {STMT_verify_i4, 0},
	    [5] = {STMT_verify_i5, 0},
	    [6] = {STMT_verify_i6, 0},
	    [7] = {STMT_verify_i7, 0},
	    [8] = {STMT_verify_i8, 0},
	    [9] = {STMT_verify_i9, 1},
	    [10] = {STMT_verify_i10, 0},
	    [11] = {STMT_verify_i11, 0},
	    [13] = {STMT_verify_i13, 0},
	    [14] = {STMT_verify_i14, 1},
	};
	const struct dv in[] = {DV_I64(before)};
	struct db_row r;
	enum rc rc;

	BUG_ON(number < 1 || number > VERIFY_LAST || number == 12);
	rc = db_row(
	    cx, (int)question[number].id, in, question[number].params, &r);
	if (rc != RC_OK)
		return rc;
	*n = dv_u64(r, 0);
	*example = dv_str(r, 1);
	return RC_OK;
}

enum rc
verify_edges(struct ctx *cx, const struct edge_row **out, size_t *n)
{
	struct db_rows rows;
	struct edge_row *e;
	size_t i;
	enum rc rc;

	rc = db_rows(cx, STMT_verify_edges, NULL, 0, &rows);
	if (rc != RC_OK)
		return rc;
	e = ARENA_ARRAY(cx->arena, rows.n, struct edge_row);
	for (i = 0; i < rows.n; i++) {
		e[i].from = dv_str(rows.row[i], 0);
		e[i].to = dv_str(rows.row[i], 1);
		e[i].n = dv_u64(rows.row[i], 2);
		e[i].example = dv_u64(rows.row[i], 3);
	}
	*out = e;
	*n = rows.n;
	return RC_OK;
}

enum rc
verify_events_after(struct ctx *cx, uint64_t order, unsigned seq, unsigned max,
    const struct sealed_event **out, size_t *n)
{
	struct sealed_event *e;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_verify_events_after, &rows, DV_U64(order),
	    DV_U64(seq), DV_U64(order), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	e = ARENA_ARRAY(cx->arena, rows.n, struct sealed_event);
	for (i = 0; i < rows.n; i++) {
		struct db_row r = rows.row[i];

		e[i] = (struct sealed_event){
		    .order = dv_u64(r, 0),
		    .seq = (unsigned)dv_u64(r, 1),
		    .at = dv_i64(r, 2),
		    .kind = dv_str(r, 3),
		    .from = dv_str(r, 4),
		    .to = dv_str(r, 5),
		    .actor = dv_str(r, 6),
		    .staff = dv_u64(r, 7),
		    .detail = dv_str(r, 8),
		    .hash = dv_blob(r, 9),
		};
	}
	*out = e;
	*n = rows.n;
	return RC_OK;
}
