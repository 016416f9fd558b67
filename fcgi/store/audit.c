/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log as rows; what seals them is in shop/. */
#include "store/audit.h"

#include <string.h>

#include "base/bug.h"
#include "io/db.h"
#include "store/stmt.gen.h"

static void
hash_copy(struct span s, uint8_t out[AUDIT_HASH])
{
	memset(out, 0, AUDIT_HASH);
	if (s.n == AUDIT_HASH)
		memcpy(out, s.p, AUDIT_HASH);
}

static enum rc
end_read(enum rc rc, struct db_row r, struct audit_end *out)
{
	if (rc != RC_OK)
		return rc;
	out->seq = dv_u64(r, 0);
	hash_copy(dv_blob(r, 1), out->hash);
	return RC_OK;
}

enum rc
audit_end_get(struct ctx *cx, struct audit_end *out)
{
	struct db_row r = {NULL, 0};
	enum rc rc;

	rc = DB_ROW(cx, STMT_audit_head_get, &r, DV_U64(cx->merchant));
	return end_read(rc, r, out);
}

enum rc
audit_end_lock(struct ctx *cx, struct audit_end *out)
{
	static const uint8_t zero[AUDIT_HASH];
	struct db_row r = {NULL, 0};
	uint64_t affected;
	enum rc rc;

	BUG_ON(cx->tx_depth == 0);
	rc = DB_ROW(cx, STMT_audit_head_lock, &r, DV_U64(cx->merchant));
	if (rc == RC_NOTFOUND) { /* a merchant's first row */
		rc = DB_EXEC(cx, STMT_audit_head_add, &affected,
		    DV_U64(cx->merchant), DV_BLOB(zero, AUDIT_HASH));
		if (rc == RC_OK)
			rc = DB_ROW(
			    cx, STMT_audit_head_lock, &r, DV_U64(cx->merchant));
	}
	return end_read(rc, r, out);
}

enum rc
audit_append(struct ctx *cx, const struct audit_rec *r)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_audit_add, &affected, DV_U64(cx->merchant),
	    DV_U64(r->seq), DV_I64(r->at), DV_U64(r->staff), DV_STR(r->actor),
	    DV_STR(r->action), DV_STR(r->object), DV_STR(r->address),
	    DV_STR(r->detail), DV_BLOB(r->hash, AUDIT_HASH));
	if (rc != RC_OK)
		return rc;
	rc = DB_EXEC(cx, STMT_audit_head_move, &affected, DV_U64(r->seq),
	    DV_BLOB(r->hash, AUDIT_HASH), DV_U64(cx->merchant),
	    DV_U64(r->seq - 1));
	BUG_ON(rc == RC_OK && affected != 1); /* it is locked */
	return rc;
}

static void
recs_read(struct ctx *cx, const struct db_rows *rows,
    const struct audit_rec **out, size_t *n)
{
	struct audit_rec *a = ARENA_ARRAY(cx->arena, rows->n, struct audit_rec);
	struct db_row r;
	size_t i;

	for (i = 0; i < rows->n; i++) {
		r = rows->row[i];
		a[i].seq = dv_u64(r, 0);
		a[i].at = dv_i64(r, 1);
		a[i].staff = dv_u64(r, 2);
		a[i].actor = dv_str(r, 3);
		a[i].action = dv_str(r, 4);
		a[i].object = dv_str(r, 5);
		a[i].address = dv_str(r, 6);
		a[i].detail = dv_str(r, 7);
		hash_copy(dv_blob(r, 8), a[i].hash);
	}
	*out = a;
	*n = rows->n;
}

enum rc
audit_after(struct ctx *cx, uint64_t seq, uint64_t n,
    const struct audit_rec **out, size_t *out_n)
{
	struct db_rows rows;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_audit_after, &rows, DV_U64(cx->merchant),
	    DV_U64(seq), DV_U64(n));
	if (rc == RC_OK)
		recs_read(cx, &rows, out, out_n);
	return rc;
}

enum rc
audit_recent(struct ctx *cx, const char *object, uint64_t skip, uint64_t n,
    const struct audit_rec **out, size_t *out_n)
{
	struct db_rows rows;
	enum rc rc;

	rc = object == NULL ? DB_ROWS(cx, STMT_audit_list, &rows,
				  DV_U64(cx->merchant), DV_U64(skip), DV_U64(n))
			    : DB_ROWS(cx, STMT_audit_list_object, &rows,
				  DV_U64(cx->merchant), DV_STR(object),
				  DV_U64(skip), DV_U64(n));
	if (rc == RC_OK)
		recs_read(cx, &rows, out, out_n);
	return rc;
}

enum rc
audit_count(struct ctx *cx, const char *object, uint64_t *out)
{
	struct audit_end end;
	struct db_row r;
	enum rc rc;

	if (object == NULL) { /* seq has no holes: no need to count */
		rc = audit_end_get(cx, &end);
		if (rc == RC_OK)
			*out = end.seq;
		return rc;
	}
	rc = DB_ROW(cx, STMT_audit_count_object, &r, DV_U64(cx->merchant),
	    DV_STR(object));
	if (rc == RC_OK)
		*out = dv_u64(r, 0);
	return rc;
}

enum rc
audit_actor(struct ctx *cx, uint64_t staff, const char **out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_audit_actor, &r, DV_U64(cx->merchant), DV_U64(staff));
	if (rc == RC_NOTFOUND) {
		*out = "";
		return RC_OK;
	}
	if (rc == RC_OK)
		*out = dv_str(r, 0);
	return rc;
}
