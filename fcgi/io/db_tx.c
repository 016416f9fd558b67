/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Begin, commit, rollback; and the text statements of migrations.
 *
 * A transaction is a state of struct db: while it is open every statement
 * goes to the primary, and after the first failure it is doomed: nothing more
 * is sent but ROLLBACK.  COMMIT is the one statement whose loss is not
 * RC_BUSY: its outcome is unknown, and only the caller knows what to re-read.
 */
#include "io/db_int.h"

#include <string.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/time.h"

struct db_conn *
db_main(struct db *db)
{
	return db->as_admin ? &db->admin : &db->primary;
}

static unsigned
timed_text(struct db_conn *c, const char *sql)
{
	int64_t start = time_mono_us();
	unsigned no = conn_text(c, sql);

	metric_observe(
	    METRIC_sql_seconds, NULL, (uint64_t)(time_mono_us() - start));
	return no;
}

static enum rc
text_fail(struct db_conn *c, const char *name, unsigned no)
{
	return db_fail(c, name, no, mysql_sqlstate(c->my), mysql_error(c->my));
}

enum rc
db_begin(struct ctx *cx)
{
	struct db *db = db_of(cx);
	struct db_conn *c = db_main(db);
	enum rc rc = RC_BUSY;
	unsigned no, tries;

	BUG_ON(db->tx != TX_NONE);
	for (tries = 0; tries < 2; tries++) {
		if ((rc = conn_ready(cx, c)) != RC_OK)
			return rc;
		no = timed_text(c, "START TRANSACTION");
		if (no == 0) {
			db->tx = TX_OPEN;
			return RC_OK;
		}
		/* Nothing has been done yet: a new connection may do. */
		rc = text_fail(c, "begin", no);
		if (c->my != NULL)
			break;
	}
	return rc;
}

enum rc
db_commit(struct ctx *cx)
{
	struct db *db = db_of(cx);
	struct db_conn *c = db_main(db);
	enum rc rc;
	unsigned no;

	BUG_ON(db->tx == TX_NONE);
	if (db->tx == TX_DOOMED || !conn_clock(cx, c->query_us)) {
		rc = db->tx == TX_DOOMED ? db->doom : RC_BUSY;
		db_rollback(cx);
		return rc;
	}
	no = timed_text(c, "COMMIT");
	db->tx = TX_NONE;
	if (no == 0) {
		cx->wrote = true;
		conn_gtid(db, c);
		return RC_OK;
	}
	rc = text_fail(c, "commit", no);
	conn_drop(c);
	switch (no) {
	case 1020: /* a snapshot conflict seen late */
	case 1213: /* Galera's certification */
	case 1290: /* the server would not begin it: it is a replica now */
	case 1836:
		return rc;
	default:
		/* Even a server's answer can be wrong: a KILL while it waits
		 * for the replica's acknowledgement says "interrupted" of
		 * what is in the binary log. */
		return RC_FAIL;
	}
}

void
db_rollback(struct ctx *cx)
{
	struct db *db = db_of(cx);
	struct db_conn *c = db_main(db);
	unsigned no;

	if (db->tx == TX_NONE)
		return;
	db->tx = TX_NONE;
	if (c->my == NULL)
		return;
	if (!conn_clock(cx, c->query_us)) {
		conn_drop(c);
		return;
	}
	no = timed_text(c, "ROLLBACK");
	if (no != 0) {
		(void)text_fail(c, "rollback", no);
		conn_drop(c);
	}
}

enum rc
db_ping(struct ctx *cx)
{
	struct db *db = db_of(cx);
	struct db_conn *c = db_main(db);
	enum rc rc;

	BUG_ON(db->tx != TX_NONE);
	if ((rc = conn_ready(cx, c)) != RC_OK)
		return rc;
	if (mysql_ping(c->my) != 0)
		return text_fail(c, "ping", mysql_errno(c->my));
	return RC_OK;
}

bool
db_has(struct ctx *cx, enum db_feature f)
{
	struct db *db = db_of(cx);
	struct db_conn *c = db_main(db);

	if (c->my == NULL && conn_ready(cx, c) != RC_OK)
		return false;
	return c->has[f];
}

/* ---- the admin */

void
db_as_admin(struct ctx *cx, bool on)
{
	struct db *db = db_of(cx);

	BUG_ON(db->tx != TX_NONE);
	db->as_admin = on;
}

static enum rc
admin_text(
    struct ctx *cx, const char *sql, const char **value, const char **error)
{
	struct db *db = db_of(cx);
	struct db_conn *c = &db->admin;
	char out[4096];
	unsigned no;

	BUG_ON(db->tx != TX_NONE);
	if (conn_ready(cx, c) != RC_OK) {
		*error = "no connection to the primary: see the log";
		return RC_BUSY;
	}
	no = value != NULL ? conn_value(c, sql, out, sizeof(out))
			   : conn_text(c, sql);
	if (no != 0) {
		*error = arena_fmt(cx->arena, "%u: %s", no, mysql_error(c->my));
		return text_fail(c, "admin", no);
	}
	if (value != NULL)
		*value = arena_str(cx->arena, out);
	return RC_OK;
}

enum rc
db_admin_exec(struct ctx *cx, const char *sql, const char **error)
{
	return admin_text(cx, sql, NULL, error);
}

enum rc
db_admin_value(
    struct ctx *cx, const char *sql, const char **value, const char **error)
{
	return admin_text(cx, sql, value, error);
}
