/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of table setting.  A write names the version it was read with, so two
 * people on the panel cannot overwrite each other unseen.
 */
#include "store/setting.h"

#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
setting_get(struct ctx *cx, const char *name, struct setting_rec *out)
{
	struct db_row row;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_setting_get, &row, DV_U64(cx->merchant), DV_STR(name));
	if (rc != RC_OK)
		return rc;
	*out = (struct setting_rec){
	    .name = name,
	    .value = dv_str(row, 0),
	    .version = (unsigned)dv_u64(row, 1),
	};
	return RC_OK;
}

enum rc
setting_all(struct ctx *cx, const struct setting_rec **out, size_t *n)
{
	struct setting_rec *v;
	struct db_rows rows;
	struct db_row r;
	enum rc rc;
	size_t i;

	rc = DB_ROWS(cx, STMT_setting_all, &rows, DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	v = ARENA_ARRAY(cx->arena, rows.n, struct setting_rec);
	for (i = 0; i < rows.n; i++) {
		r = rows.row[i];
		v[i].name = dv_str(r, 0);
		v[i].value = dv_str(r, 1);
		v[i].version = (unsigned)dv_u64(r, 2);
		v[i].staff = dv_u64(r, 3);
		v[i].updated = dv_i64(r, 4);
	}
	*out = v;
	*n = rows.n;
	return RC_OK;
}

enum rc
setting_put(struct ctx *cx, const char *name, const char *value,
    unsigned version, uint64_t staff)
{
	uint64_t n = 0;
	enum rc rc;

	if (version == 0)
		return DB_EXEC(cx, STMT_setting_add, NULL, DV_U64(cx->merchant),
		    DV_STR(name), DV_STR(value), DV_U64(staff),
		    DV_I64(cx->now));
	rc = DB_EXEC(cx, STMT_setting_change, &n, DV_STR(value), DV_U64(staff),
	    DV_I64(cx->now), DV_U64(cx->merchant), DV_STR(name),
	    DV_U64(version));
	if (rc != RC_OK)
		return rc;
	return n == 1 ? RC_OK : RC_CONFLICT;
}
