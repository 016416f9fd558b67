/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages are lent, not owned: taking one moves its due time ahead, so a
 * consumer that dies in the middle gives it back by itself.  What was sent
 * may be sent again; what was not sent is never forgotten.
 */
#include "store/outbox_read.h"

#include "base/bug.h"
#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
outbox_lend(
    struct ctx *cx, const struct outbox_row *rows, size_t n, int64_t until)
{
	const struct dv fixed[] = {DV_I64(until)};
	struct dv *ids = ARENA_ARRAY(cx->arena, n, struct dv);
	uint64_t affected;
	size_t i;

	for (i = 0; i < n; i++)
		ids[i] = DV_U64(rows[i].id);
	return db_exec_many(cx, STMT_outbox_lend, fixed, 1, ids, n, &affected);
}

enum rc
outbox_lock(
    struct ctx *cx, unsigned max, const struct outbox_row **out, size_t *n)
{
	enum stmt id =
	    db_has(cx, DB_SKIP_LOCKED) ? STMT_outbox_due : STMT_outbox_due_wait;
	struct outbox_row *list;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	BUG_ON(cx->tx_depth == 0);
	*n = 0;
	rc = DB_ROWS(cx, (int)id, &rows, DV_I64(cx->now), DV_U64(max));
	if (rc != RC_OK || rows.n == 0)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, struct outbox_row);
	for (i = 0; i < rows.n; i++) {
		list[i].id = dv_u64(rows.row[i], 0);
		list[i].kind = dv_str(rows.row[i], 1);
		list[i].object = dv_u64(rows.row[i], 2);
		list[i].dedupe = dv_str(rows.row[i], 3);
		list[i].payload = dv_str(rows.row[i], 4);
		list[i].attempts = (unsigned)dv_u64(rows.row[i], 5);
		list[i].created = dv_i64(rows.row[i], 6);
	}
	*out = list;
	*n = rows.n;
	return RC_OK;
}

enum rc
outbox_done(struct ctx *cx, const uint64_t *id, size_t n)
{
	struct dv *ids = ARENA_ARRAY(cx->arena, n, struct dv);
	const struct dv now = DV_I64(cx->now);
	uint64_t affected;
	size_t i;

	for (i = 0; i < n; i++)
		ids[i] = DV_U64(id[i]);
	return db_exec_many(cx, STMT_outbox_done, &now, 1, ids, n, &affected);
}

enum rc
outbox_retry(struct ctx *cx, uint64_t id, int64_t due, const char *error)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_outbox_retry, &affected, DV_I64(due),
	    DV_STR(error), DV_U64(id));
}

enum rc
outbox_dead(struct ctx *cx, uint64_t id, const char *error)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_outbox_dead, &affected, DV_I64(cx->now),
	    DV_STR(error), DV_U64(id));
}

enum rc
outbox_oldest(struct ctx *cx, int64_t *due, uint64_t *dead)
{
	struct db_rows rows;
	enum rc rc;

	rc = db_rows(cx, STMT_outbox_oldest, NULL, 0, &rows);
	if (rc != RC_OK)
		return rc;
	*due = rows.n == 0 ? 0 : dv_i64(rows.row[0], 0);
	*dead = rows.n == 0 ? 0 : dv_u64(rows.row[0], 1);
	return RC_OK;
}

enum rc
outbox_prune(struct ctx *cx, int64_t before, uint64_t *n)
{
	return DB_EXEC(cx, STMT_outbox_prune, n, DV_I64(before));
}

enum rc
sold_count(struct ctx *cx, int64_t after, int64_t until)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_sold_count, &affected, DV_U64(cx->merchant),
	    DV_I64(after), DV_I64(until));
}

enum rc
notice_reject_prune(struct ctx *cx, unsigned before_day, uint64_t *n)
{
	return DB_EXEC(cx, STMT_notice_reject_prune, n, DV_U64(before_day));
}
