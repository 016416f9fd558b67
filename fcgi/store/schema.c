/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements about the schema, run as the admin user.  GET_LOCK belongs to
 * the session, so a migration that dies leaves nothing locked.
 */
#include "store/schema.h"

#include "base/num.h"
#include "io/db.h"
#include "store/stmt.gen.h"

enum { LOCK_WAIT_S = 10 };

/* A server may hold several shops. */
static const char *
lock_name(struct ctx *cx)
{
	return arena_fmt(cx->arena, "keystall.%.50s", cx->set->db_name);
}

enum rc
schema_open(struct ctx *cx, const char **why)
{
	struct db_row row;
	enum rc rc;

	*why = "no connection to the primary as the admin user: see the log";
	db_as_admin(cx, true);
	rc = DB_ROW(cx, STMT_schema_lock, &row, DV_STR(lock_name(cx)),
	    DV_U64(LOCK_WAIT_S));
	if (rc == RC_OK && dv_i64(row, 0) != 1) {
		*why = "another migration is running";
		rc = RC_BUSY;
	}
	if (rc != RC_OK)
		db_as_admin(cx, false);
	return rc;
}

void
schema_close(struct ctx *cx)
{
	struct db_row row;
	enum rc rc;

	rc = DB_ROW(cx, STMT_schema_unlock, &row, DV_STR(lock_name(cx)));
	(void)rc; /* it goes with the connection anyway */
	db_as_admin(cx, false);
}

enum rc
schema_files(struct ctx *cx, const struct schema_rec **out, size_t *n)
{
	struct schema_rec *v;
	struct db_rows rows;
	struct db_row r;
	enum rc rc;
	size_t i;

	rc = DB_ROW(cx, STMT_schema_table_exists, &r);
	if (rc != RC_OK)
		return rc;
	if (dv_u64(r, 0) == 0)
		return RC_NOTFOUND;
	rc = DB_ROWS(cx, STMT_schema_files, &rows);
	if (rc != RC_OK)
		return rc;
	v = ARENA_ARRAY(cx->arena, rows.n, struct schema_rec);
	for (i = 0; i < rows.n; i++) {
		r = rows.row[i];
		v[i].version = (unsigned)dv_u64(r, 0);
		v[i].file = dv_str(r, 1);
		v[i].hash = dv_blob(r, 2);
		v[i].statements = (unsigned)dv_u64(r, 3);
		v[i].applied = dv_i64(r, 4);
	}
	*out = v;
	*n = rows.n;
	return RC_OK;
}

enum rc
schema_begin(
    struct ctx *cx, unsigned version, const char *file, struct span hash)
{
	return DB_EXEC(cx, STMT_schema_file_begin, NULL, DV_U64(version),
	    DV_STR(file), DV_BLOB(hash.p, hash.n));
}

enum rc
schema_step(struct ctx *cx, unsigned version, unsigned statements,
    struct span hash, int64_t applied)
{
	return DB_EXEC(cx, STMT_schema_file_step, NULL, DV_U64(statements),
	    DV_BLOB(hash.p, hash.n), DV_I64(applied), DV_U64(version));
}

/* "1050: Table 'x' already exists" and its like. */
static bool
is_done_already(const char *error)
{
	static const unsigned numbers[] = {
	    1050, /* ER_TABLE_EXISTS_ERROR */
	    1051, /* ER_BAD_TABLE_ERROR: DROP of what is gone */
	    1060, /* ER_DUP_FIELDNAME */
	    1061, /* ER_DUP_KEYNAME */
	    1062, /* ER_DUP_ENTRY */
	    1091  /* ER_CANT_DROP_FIELD_OR_KEY */
	};
	struct span rest = span_str(error), first;
	uint64_t no;
	size_t i;

	if (!span_cut(&rest, ':', &first) ||
	    num_u64(first, 65535, &no) != RC_OK)
		return false;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i] == no)
			return true;
	return false;
}

enum rc
schema_run(struct ctx *cx, struct span sql, const char **why)
{
	const char *error = "";
	enum rc rc;

	rc = db_admin_exec(cx, arena_dup(cx->arena, sql.p, sql.n), &error);
	if (rc == RC_OK)
		return rc;
	*why = error;
	return is_done_already(error) ? RC_CONFLICT : RC_FAIL;
}
