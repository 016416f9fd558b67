/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts and the throttle of log-ins, as rows. */
#include "store/staff.h"

#include "base/bug.h"
#include "io/db.h"
#include "store/stmt.gen.h"

static void
staff_read(struct db_row r, struct staff_rec *s)
{
	s->id = dv_u64(r, 0);
	s->username = dv_str(r, 1);
	s->password = dv_str(r, 2);
	s->totp = dv_blob(r, 3);
	s->totp_last = dv_u64(r, 4);
	s->state = dv_str(r, 5);
	s->lang = dv_str(r, 6);
	s->role = dv_str(r, 7);
	s->permissions = dv_str(r, 8);
}

enum rc
staff_by_name(struct ctx *cx, const char *username, struct staff_rec *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_staff_by_name, &r, DV_U64(cx->merchant), DV_STR(username));
	if (rc == RC_OK)
		staff_read(r, out);
	return rc;
}

enum rc
staff_by_id(struct ctx *cx, uint64_t id, struct staff_rec *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_staff_by_id, &r, DV_U64(cx->merchant), DV_U64(id));
	if (rc == RC_OK)
		staff_read(r, out);
	return rc;
}

enum rc
staff_add(struct ctx *cx, const char *username, const char *password,
    const char *role, uint64_t *id)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_role_by_name, &r, DV_U64(cx->merchant), DV_STR(role));
	if (rc != RC_OK)
		return rc;
	return DB_INSERT(cx, STMT_staff_add, id, DV_U64(cx->merchant),
	    DV_STR(username), DV_STR(password), DV_U64(dv_u64(r, 0)),
	    DV_I64(cx->now));
}

enum rc
staff_set_password(struct ctx *cx, uint64_t id, const char *password)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_staff_set_password, &affected, DV_STR(password),
	    DV_U64(id));
}

enum rc
staff_set_totp(struct ctx *cx, uint64_t id, struct span sealed, uint64_t last)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_staff_set_totp, &affected,
	    sealed.n != 0 ? DV_BLOB(sealed.p, sealed.n) : DV_NULL, DV_U64(last),
	    DV_U64(id));
}

enum rc
staff_totp_used(struct ctx *cx, uint64_t id, uint64_t step)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_staff_totp_used, &affected, DV_U64(step),
	    DV_U64(id), DV_U64(step));
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}

enum rc
staff_logged_in(struct ctx *cx, uint64_t id)
{
	uint64_t affected;

	return DB_EXEC(
	    cx, STMT_staff_logged_in, &affected, DV_I64(cx->now), DV_U64(id));
}

/* ---- throttle */

enum rc
throttle_get(
    struct ctx *cx, const uint8_t name[THROTTLE_HASH], struct throttle_rec *out)
{
	struct db_row r;
	enum rc rc;

	BUG_ON(cx->tx_depth == 0);
	rc = DB_ROW(cx, STMT_throttle_get, &r, DV_BLOB(name, THROTTLE_HASH));
	*out = (struct throttle_rec){0, 0};
	if (rc == RC_NOTFOUND)
		return RC_OK;
	if (rc != RC_OK)
		return rc;
	out->fails = (unsigned)dv_u64(r, 0);
	out->retry = dv_i64(r, 1);
	return RC_OK;
}

enum rc
throttle_set(struct ctx *cx, const uint8_t name[THROTTLE_HASH],
    const struct throttle_rec *t)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_throttle_set, &affected,
	    DV_BLOB(name, THROTTLE_HASH), DV_U64(t->fails), DV_I64(t->retry),
	    DV_I64(cx->now));
}

enum rc
throttle_clear(struct ctx *cx, const uint8_t name[THROTTLE_HASH])
{
	uint64_t affected;

	return DB_EXEC(
	    cx, STMT_throttle_clear, &affected, DV_BLOB(name, THROTTLE_HASH));
}

enum rc
throttle_sweep(struct ctx *cx, int64_t before)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_throttle_sweep, &affected, DV_I64(before));
}
