/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deliveries are lent like messages of the outbox: taking one moves its due
 * time ahead, and a sender that dies gives it back by that.
 */
#include "store/hook_delivery.h"

#include "base/bug.h"
#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
hook_delivery_add(struct ctx *cx, uint64_t hook, const char *event,
    const char *event_id, const char *body)
{
	uint64_t affected; /* 0: it is there */

	return DB_EXEC(cx, STMT_hook_delivery_add, &affected,
	    DV_U64(cx->merchant), DV_U64(hook), DV_STR(event), DV_STR(event_id),
	    DV_STR(body), DV_I64(cx->now), DV_I64(cx->now));
}

static enum rc
lend(struct ctx *cx, const struct hook_due *d, size_t n, int64_t until)
{
	const struct dv fixed[] = {DV_I64(until)};
	struct dv *ids = ARENA_ARRAY(cx->arena, n, struct dv);
	uint64_t affected = 0;
	size_t i;
	enum rc rc;

	for (i = 0; i < n; i++)
		ids[i] = DV_U64(d[i].id);
	rc = db_exec_many(cx, STMT_hook_lend, fixed, 1, ids, n, &affected);
	return rc == RC_OK && affected != n ? RC_BUSY : rc;
}

enum rc
hook_take(struct ctx *cx, uint64_t hook, unsigned max, int64_t until,
    const struct hook_due **out, size_t *n)
{
	enum stmt id =
	    db_has(cx, DB_SKIP_LOCKED) ? STMT_hook_due : STMT_hook_due_wait;
	struct hook_due *d;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	BUG_ON(cx->tx_depth == 0);
	*n = 0;
	rc = DB_ROWS(
	    cx, (int)id, &rows, DV_U64(hook), DV_I64(cx->now), DV_U64(max));
	if (rc != RC_OK || rows.n == 0)
		return rc;
	d = ARENA_ARRAY(cx->arena, rows.n, struct hook_due);
	for (i = 0; i < rows.n; i++)
		d[i] = (struct hook_due){
		    .id = dv_u64(rows.row[i], 0),
		    .event = dv_str(rows.row[i], 1),
		    .event_id = dv_str(rows.row[i], 2),
		    .body = dv_str(rows.row[i], 3),
		    .attempts = (unsigned)dv_u64(rows.row[i], 4),
		    .created = dv_i64(rows.row[i], 5),
		};
	*out = d;
	*n = rows.n;
	return lend(cx, d, rows.n, until);
}

enum rc
hook_return(struct ctx *cx, uint64_t id, int64_t lent_until)
{
	uint64_t affected; /* 0: redelivered by hand meanwhile */

	return DB_EXEC(cx, STMT_hook_return, &affected, DV_I64(cx->now),
	    DV_U64(id), DV_I64(lent_until));
}

enum rc
hook_tried(struct ctx *cx, uint64_t id, const struct hook_tried *t)
{
	uint64_t affected; /* 0: another sender was faster, or it is gone */

	return DB_EXEC(cx, STMT_hook_tried, &affected, DV_STR(t->state),
	    DV_I64(t->due), DV_I64(t->done), DV_U64(t->status),
	    DV_STR(t->error), DV_BLOB(t->response.p, t->response.n),
	    DV_U64(t->took_ms), DV_U64(id));
}

enum rc
hook_deliveries(struct ctx *cx, uint64_t below, uint64_t hook,
    const char *state, unsigned max, const struct hook_sent **out, size_t *n)
{
	struct hook_sent *s;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_hook_deliveries, &rows, DV_U64(cx->merchant),
	    DV_U64(below), DV_U64(hook == 0), DV_U64(hook),
	    DV_U64(str_empty(state)), DV_STR(state), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	s = ARENA_ARRAY(cx->arena, rows.n, struct hook_sent);
	for (i = 0; i < rows.n; i++)
		s[i] = (struct hook_sent){
		    .id = dv_u64(rows.row[i], 0),
		    .hook = dv_u64(rows.row[i], 1),
		    .event = dv_str(rows.row[i], 2),
		    .event_id = dv_str(rows.row[i], 3),
		    .body = dv_str(rows.row[i], 4),
		    .state = dv_str(rows.row[i], 5),
		    .attempts = (unsigned)dv_u64(rows.row[i], 6),
		    .due = dv_i64(rows.row[i], 7),
		    .status = (unsigned)dv_u64(rows.row[i], 8),
		    .error = dv_str(rows.row[i], 9),
		    .response = dv_blob(rows.row[i], 10),
		    .took_ms = (unsigned)dv_u64(rows.row[i], 11),
		    .created = dv_i64(rows.row[i], 12),
		    .done = dv_i64(rows.row[i], 13),
		};
	*out = s;
	*n = rows.n;
	return RC_OK;
}

enum rc
hook_redeliver(struct ctx *cx, uint64_t id)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_hook_redeliver, &affected, DV_I64(cx->now),
	    DV_U64(id), DV_U64(cx->merchant));
	if (rc == RC_OK && affected != 1)
		return RC_CONFLICT;
	if (rc != RC_OK)
		return rc;
	return DB_EXEC(cx, STMT_hook_hurry, &affected, DV_U64(id));
}

enum rc
hook_waiting(struct ctx *cx, int64_t *oldest, uint64_t *dead)
{
	struct db_rows rows;
	enum rc rc;

	rc = db_rows(cx, STMT_hook_waiting, NULL, 0, &rows);
	if (rc != RC_OK)
		return rc;
	*oldest = rows.n == 0 ? 0 : dv_i64(rows.row[0], 0);
	*dead = rows.n == 0 ? 0 : dv_u64(rows.row[0], 1);
	return RC_OK;
}

enum rc
hook_prune(struct ctx *cx, int64_t before, uint64_t *n)
{
	return DB_EXEC(cx, STMT_hook_prune, n, DV_I64(before));
}
