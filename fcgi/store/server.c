/* SPDX-License-Identifier: Apache-2.0 */
/* Facts about the server (server.h). */
#include "store/server.h"

#include "io/db.h"
#include "store/stmt.gen.h"

static enum rc
mariadb_only(struct ctx *cx, struct server_facts *out)
{
	const struct dv names[] = {DV_STR("INNODB_SNAPSHOT_ISOLATION"),
	    DV_STR("RPL_SEMI_SYNC_MASTER_ENABLED")};
	struct db_rows rows;
	enum rc rc;
	size_t i;

	rc = db_rows_many(cx, STMT_doctor_mariadb, NULL, 0, names, 2, &rows);
	for (i = 0; rc == RC_OK && i < rows.n; i++) {
		if (str_eq(dv_str(rows.row[i], 0), "INNODB_SNAPSHOT_ISOLATION"))
			out->snapshot_isolation = dv_str(rows.row[i], 1);
		else
			out->semi_sync = dv_str(rows.row[i], 1);
	}
	return rc;
}

enum rc
server_facts(struct ctx *cx, struct server_facts *out)
{
	struct server_facts f = {0};
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_doctor_server, &r);
	if (rc != RC_OK)
		return rc;
	f.version = dv_str(r, 0);
	f.user = dv_str(r, 1);
	f.flush_log = dv_i64(r, 2);
	f.sync_binlog = dv_i64(r, 3);
	f.binlog = dv_i64(r, 4) != 0;
	f.mariadb = db_has(cx, DB_MARIADB);
	f.skip_locked = db_has(cx, DB_SKIP_LOCKED);
	f.gtid = db_has(cx, DB_GTID);
	if (f.mariadb && (rc = mariadb_only(cx, &f)) != RC_OK)
		return rc;
	*out = f;
	return RC_OK;
}

static void
first_column(
    struct ctx *cx, const struct db_rows *rows, struct server_list *out)
{
	const char **v = ARENA_ARRAY(cx->arena, rows->n, const char *);
	size_t i;

	for (i = 0; i < rows->n; i++)
		v[i] = dv_str(rows->row[i], 0);
	*out = (struct server_list){v, rows->n};
}

enum rc
server_powers(struct ctx *cx, struct server_list *out)
{
	struct db_rows rows;
	enum rc rc = DB_ROWS(cx, STMT_doctor_powers, &rows);

	if (rc == RC_OK)
		first_column(cx, &rows, out);
	return rc;
}

enum rc
server_odd_tables(struct ctx *cx, struct server_list *out)
{
	struct db_rows rows;
	enum rc rc = DB_ROWS(cx, STMT_doctor_tables, &rows);

	if (rc == RC_OK)
		first_column(cx, &rows, out);
	return rc;
}

enum rc
server_owners(struct ctx *cx, uint64_t *owners, uint64_t *without_totp)
{
	struct db_row r;
	enum rc rc = DB_ROW(cx, STMT_doctor_owners, &r, DV_U64(cx->merchant));

	if (rc != RC_OK)
		return rc;
	*owners = dv_u64(r, 0);
	*without_totp = dv_u64(r, 1);
	return RC_OK;
}
