/* SPDX-License-Identifier: Apache-2.0 */
/* Receivers as rows.  Their secrets are opaque here. */
#include "store/webhook.h"

#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
hook_list(struct ctx *cx, const struct hook_rec **out, size_t *n)
{
	struct db_rows rows;
	struct hook_rec *h;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_hook_list, &rows, DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	h = ARENA_ARRAY(cx->arena, rows.n, struct hook_rec);
	for (i = 0; i < rows.n; i++)
		h[i] = (struct hook_rec){
		    .id = dv_u64(rows.row[i], 0),
		    .url = dv_str(rows.row[i], 1),
		    .note = dv_str(rows.row[i], 2),
		    .events = dv_str(rows.row[i], 3),
		    .active = dv_u64(rows.row[i], 4) != 0,
		    .fails = (unsigned)dv_u64(rows.row[i], 5),
		    .pause = dv_i64(rows.row[i], 6),
		    .version = (unsigned)dv_u64(rows.row[i], 7),
		    .created = dv_i64(rows.row[i], 8),
		    .old_until = dv_i64(rows.row[i], 9),
		    .due = dv_u64(rows.row[i], 10),
		    .dead = dv_u64(rows.row[i], 11),
		};
	*out = h;
	*n = rows.n;
	return RC_OK;
}

enum rc
hook_listening(struct ctx *cx, const struct hook_rec **out, size_t *n)
{
	struct db_rows rows;
	struct hook_rec *h;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_hook_listening, &rows, DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	h = ARENA_ARRAY(cx->arena, rows.n, struct hook_rec);
	for (i = 0; i < rows.n; i++)
		h[i] = (struct hook_rec){
		    .id = dv_u64(rows.row[i], 0),
		    .events = dv_str(rows.row[i], 1),
		    .created = dv_i64(rows.row[i], 2),
		    .active = true,
		};
	*out = h;
	*n = rows.n;
	return RC_OK;
}

static enum rc
one(enum rc rc, uint64_t affected)
{
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}

enum rc
hook_add(struct ctx *cx, const struct hook_rec *h, uint64_t *id)
{
	return DB_INSERT(cx, STMT_hook_add, id, DV_U64(cx->merchant),
	    DV_STR(h->url), DV_STR(h->note), DV_STR(h->events),
	    DV_U64(h->active), DV_I64(cx->now));
}

enum rc
hook_change(struct ctx *cx, const struct hook_rec *h)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_hook_change, &affected, DV_STR(h->url),
	    DV_STR(h->note), DV_STR(h->events), DV_U64(h->active),
	    DV_U64(h->id), DV_U64(cx->merchant), DV_U64(h->version));
	return one(rc, affected);
}

enum rc
hook_secret(struct ctx *cx, uint64_t id, unsigned version, struct span old,
    int64_t old_until, struct span secret)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_hook_secret, &affected, DV_BLOB(old.p, old.n),
	    DV_I64(old_until), DV_BLOB(secret.p, secret.n), DV_U64(id),
	    DV_U64(cx->merchant), DV_U64(version));
	return one(rc, affected);
}

enum rc
hook_remove(struct ctx *cx, uint64_t id, unsigned version)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_hook_remove, &affected, DV_U64(id),
	    DV_U64(cx->merchant), DV_U64(version));
	if (one(rc, affected) != RC_OK)
		return one(rc, affected);
	return DB_EXEC(cx, STMT_hook_remove_deliveries, &affected, DV_U64(id));
}

enum rc
hook_secrets(struct ctx *cx, uint64_t id, struct hook_secrets *out)
{
	struct db_row r;
	enum rc rc;

	rc =
	    DB_ROW(cx, STMT_hook_secrets, &r, DV_U64(id), DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	*out = (struct hook_secrets){
	    .url = dv_str(r, 0),
	    .secret = dv_blob(r, 1),
	    .old = dv_blob(r, 2),
	    .old_until = dv_i64(r, 3),
	    .version = (unsigned)dv_u64(r, 4),
	    .active = dv_u64(r, 5) != 0,
	};
	return RC_OK;
}

enum rc
hook_ready(struct ctx *cx, const struct hook_ready **out, size_t *n)
{
	struct hook_ready *h;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_hook_ready, &rows, DV_U64(cx->merchant),
	    DV_I64(cx->now), DV_I64(cx->now));
	if (rc != RC_OK)
		return rc;
	h = ARENA_ARRAY(cx->arena, rows.n, struct hook_ready);
	for (i = 0; i < rows.n; i++)
		h[i] = (struct hook_ready){
		    dv_u64(rows.row[i], 0), (unsigned)dv_u64(rows.row[i], 1)};
	*out = h;
	*n = rows.n;
	return RC_OK;
}

enum rc
hook_well(struct ctx *cx, uint64_t id)
{
	uint64_t affected; /* 0: it was */

	return DB_EXEC(cx, STMT_hook_well, &affected, DV_U64(id));
}

enum rc
hook_ill(struct ctx *cx, uint64_t id, int64_t pause)
{
	uint64_t affected; /* 0: removed meanwhile */

	return DB_EXEC(cx, STMT_hook_ill, &affected, DV_I64(pause), DV_U64(id));
}
