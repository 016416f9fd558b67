/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of table lease.  Each step is one conditional UPDATE whose affected
 * row is checked; no row is locked longer than that, except by lease_hold().
 */
#include "store/lease.h"

#include "base/bug.h"
#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
lease_take(struct ctx *cx, const char *name, const char *holder, int64_t ttl_us,
    struct lease *out)
{
	struct db_row row;
	uint64_t n;
	enum rc rc;
	int tries;

	BUG_ON(ttl_us <= 0);
	for (tries = 0; tries < 2; tries++) {
		rc = DB_EXEC(cx, STMT_lease_take, &n, DV_STR(holder),
		    DV_I64(ttl_us), DV_STR(name));
		if (rc != RC_OK)
			return rc;
		if (n == 1)
			break;
		/* held, or there is no such row yet */
		if (tries == 1 || (rc = DB_EXEC(cx, STMT_lease_add, &n,
				       DV_STR(name))) != RC_OK)
			return rc == RC_OK ? RC_CONFLICT : rc;
		if (n == 0)
			return RC_CONFLICT;
	}
	rc = DB_ROW(cx, STMT_lease_get, &row, DV_STR(name));
	if (rc != RC_OK)
		return rc == RC_NOTFOUND ? RC_CONFLICT : rc;
	/* ours between the two statements, unless ttl_us was very short */
	if (!str_eq(dv_str(row, 0), holder) || dv_i64(row, 2) <= 0)
		return RC_CONFLICT;
	out->name = name;
	out->holder = holder;
	out->fence = dv_u64(row, 1);
	return RC_OK;
}

static enum rc
exactly_one(enum rc rc, uint64_t n)
{
	if (rc != RC_OK)
		return rc;
	return n == 1 ? RC_OK : RC_CONFLICT;
}

enum rc
lease_renew(struct ctx *cx, const struct lease *l, int64_t ttl_us)
{
	uint64_t n = 0;
	enum rc rc;

	BUG_ON(ttl_us <= 0);
	rc = DB_EXEC(cx, STMT_lease_renew, &n, DV_I64(ttl_us), DV_STR(l->name),
	    DV_STR(l->holder), DV_U64(l->fence));
	return exactly_one(rc, n);
}

enum rc
lease_hold(struct ctx *cx, const struct lease *l)
{
	struct db_row row;
	enum rc rc;

	BUG_ON(cx->tx_depth == 0);
	rc = DB_ROW(
	    cx, STMT_lease_hold, &row, DV_STR(l->name), DV_U64(l->fence));
	return rc == RC_NOTFOUND ? RC_CONFLICT : rc;
}

enum rc
lease_end(struct ctx *cx, const struct lease *l)
{
	return DB_EXEC(cx, STMT_lease_end, NULL, DV_STR(l->name),
	    DV_STR(l->holder), DV_U64(l->fence));
}

enum rc
lease_who(struct ctx *cx, const char *name, const char **holder,
    uint64_t *fence, int64_t *left_us)
{
	struct db_row row;
	enum rc rc = DB_ROW(cx, STMT_lease_get, &row, DV_STR(name));

	if (rc != RC_OK)
		return rc;
	*left_us = dv_i64(row, 2) > 0 ? dv_i64(row, 2) : 0;
	*holder = *left_us > 0 ? dv_str(row, 0) : "";
	*fence = dv_u64(row, 1);
	return RC_OK;
}

enum rc
lease_beat(struct ctx *cx)
{
	return DB_EXEC(cx, STMT_beat, NULL, DV_I64(cx->now));
}
