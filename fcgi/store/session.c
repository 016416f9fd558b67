/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of staff as rows: the token's hash is the key. */
#include "store/staff.h"

#include <string.h>

#include "base/bug.h"
#include "io/db.h"
#include "store/stmt.gen.h"

static const char *
stage_name(bool full)
{
	return full ? "full" : "totp";
}

enum rc
session_add(struct ctx *cx, const struct session_rec *s)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_session_add, &affected,
	    DV_BLOB(s->hash, SESSION_HASH), DV_U64(s->staff),
	    DV_STR(stage_name(s->full)), DV_STR(s->address), DV_STR(s->agent),
	    DV_I64(s->created), DV_I64(s->seen));
}

enum rc
session_get(
    struct ctx *cx, const uint8_t hash[SESSION_HASH], struct session_rec *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_session_get, &r, DV_BLOB(hash, SESSION_HASH));
	if (rc != RC_OK)
		return rc;
	memcpy(out->hash, hash, SESSION_HASH);
	out->staff = dv_u64(r, 0);
	out->full = str_eq(dv_str(r, 1), stage_name(true));
	out->created = dv_i64(r, 2);
	out->seen = dv_i64(r, 3);
	out->address = out->agent = "";
	return RC_OK;
}

enum rc
session_seen(struct ctx *cx, const uint8_t hash[SESSION_HASH])
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_session_seen, &affected, DV_I64(cx->now),
	    DV_BLOB(hash, SESSION_HASH));
}

enum rc
session_rotate(struct ctx *cx, const uint8_t hash[SESSION_HASH],
    const uint8_t fresh[SESSION_HASH])
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_session_rotate, &affected,
	    DV_BLOB(fresh, SESSION_HASH), DV_I64(cx->now), DV_I64(cx->now),
	    DV_BLOB(hash, SESSION_HASH));
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}

enum rc
session_end(struct ctx *cx, const uint8_t hash[SESSION_HASH])
{
	uint64_t affected;

	return DB_EXEC(
	    cx, STMT_session_end, &affected, DV_BLOB(hash, SESSION_HASH));
}

enum rc
session_end_others(
    struct ctx *cx, uint64_t staff, const uint8_t keep[SESSION_HASH])
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_session_end_others, &affected, DV_U64(staff),
	    DV_BLOB(keep, SESSION_HASH));
}

enum rc
session_list(
    struct ctx *cx, uint64_t staff, const struct session_rec **out, size_t *n)
{
	struct session_rec *s;
	struct db_rows rows;
	enum rc rc;
	size_t i;

	rc = DB_ROWS(cx, STMT_session_list, &rows, DV_U64(staff));
	if (rc != RC_OK)
		return rc;
	s = ARENA_ARRAY(cx->arena, rows.n, struct session_rec);
	for (i = 0; i < rows.n; i++) {
		BUG_ON(dv_blob(rows.row[i], 0).n != SESSION_HASH);
		memcpy(s[i].hash, dv_blob(rows.row[i], 0).p, SESSION_HASH);
		s[i].staff = staff;
		s[i].full = str_eq(dv_str(rows.row[i], 1), stage_name(true));
		s[i].address = dv_str(rows.row[i], 2);
		s[i].agent = dv_str(rows.row[i], 3);
		s[i].created = dv_i64(rows.row[i], 4);
		s[i].seen = dv_i64(rows.row[i], 5);
	}
	*out = s;
	*n = rows.n;
	return RC_OK;
}

enum rc
session_sweep(struct ctx *cx, int64_t seen_before)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_session_sweep, &affected, DV_I64(seen_before));
}

enum rc
session_address_known(
    struct ctx *cx, const char *username, const char *address, bool *known)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_session_address_known, &r, DV_U64(cx->merchant),
	    DV_STR(username), DV_STR(address));
	if (rc == RC_OK)
		*known = dv_u64(r, 0) > 0;
	return rc;
}
