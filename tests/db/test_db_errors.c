/* SPDX-License-Identifier: Apache-2.0 */
/*
 * io/db when things go wrong: each error number that means something.
 */
#include "support/dberr.h"

#include <mysql.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "io/db_int.h"

/* ---- the table of meanings */

static void
numbers_have_meanings(void **state)
{
	(void)state;
	assert_int_equal(db_err_of(0), DE_NONE);
	assert_int_equal(db_err_of(1062), DE_DUPLICATE);
	assert_int_equal(db_err_of(1020), DE_AGAIN);
	assert_int_equal(db_err_of(1205), DE_AGAIN);
	assert_int_equal(db_err_of(1213), DE_AGAIN);
	assert_int_equal(db_err_of(1290), DE_READONLY);
	assert_int_equal(db_err_of(1836), DE_READONLY);
	assert_int_equal(db_err_of(1040), DE_FULL);
	assert_int_equal(db_err_of(1203), DE_FULL);
	assert_int_equal(db_err_of(1243), DE_LOST);
	assert_int_equal(db_err_of(2006), DE_LOST);
	assert_int_equal(db_err_of(2013), DE_LOST);
	assert_int_equal(db_err_of(2014), DE_LOST);
	assert_int_equal(db_err_of(1064), DE_OTHER);
	assert_int_equal(db_err_of(1406), DE_OTHER);
}

/* ---- 1062 */

static void
duplicate_is_conflict(void **state)
{
	uint64_t me = conn_id();
	int64_t n = 0;

	(void)state;
	assert_int_equal(
	    DB_EXEC(cx, T_ADD, NULL, DV_U64(1), DV_I64(9)), RC_CONFLICT);
	/* the transaction lives on: InnoDB undid the statement only */
	assert_int_equal(db_begin(cx), RC_OK);
	assert_int_equal(put(1, 7), RC_OK);
	assert_int_equal(
	    DB_EXEC(cx, T_ADD, NULL, DV_U64(1), DV_I64(9)), RC_CONFLICT);
	assert_int_equal(get(1, &n), RC_OK);
	assert_int_equal(n, 7);
	assert_int_equal(db_commit(cx), RC_OK);
	assert_string_equal(stored(1), "7");
	assert_int_equal(conn_id(), me);
}

/* ---- 1205: execute fails for an UPDATE, fetch for SELECT ... FOR UPDATE */

static void
lock_wait(stmt_id id)
{
	uint64_t me = conn_id();
	int64_t n = 0;
	pid_t pid;
	enum rc rc;
	struct db_row r;

	assert_int_equal(db_begin(cx), RC_OK);
	assert_int_equal(put(1, 50), RC_OK);
	/* it holds the row for as long as we hold the name */
	sql_primary("SELECT GET_LOCK('hold', 0)");
	pid = beside("BEGIN; UPDATE t SET n = 60 WHERE id = 2; "
		     "SELECT GET_LOCK('hold', 60); ROLLBACK");
	WAIT_FOR(strcmp(sql_primary("SELECT COUNT(*) FROM "
				    "information_schema.processlist WHERE "
				    "state = 'User lock'"),
		     "1") == 0,
	    3000);
	if (id == T_LOCK)
		rc = DB_ROW(cx, T_LOCK, &r, DV_U64(2));
	else
		rc = put(2, 51);
	assert_int_equal(rc, RC_BUSY);
	/* The server kept our transaction; we do not. */
	assert_int_equal(get(1, &n), RC_BUSY);
	assert_int_equal(db_commit(cx), RC_BUSY);
	assert_string_equal(stored(1), "1");
	sql_primary("SELECT RELEASE_LOCK('hold')");
	child_ok(pid);
	assert_int_equal(get(1, &n), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(conn_id(), me);
}

static void
lock_wait_in_execute(void **state)
{
	(void)state;
	lock_wait(T_PUT);
}

static void
lock_wait_in_fetch(void **state)
{
	(void)state;
	lock_wait(T_LOCK);
}

/* ---- 1213 */

static void
deadlock(stmt_id id)
{
	uint64_t me = conn_id();
	struct db_row r;
	enum rc rc;
	pid_t pid;
	int tries;

	set->db_lock_wait_s = 4;
	assert_int_equal(db_begin(cx), RC_OK);
	assert_int_equal(put(1, 50), RC_OK);
	/* It changes more rows than we do, so InnoDB lets us fail. */
	pid = beside("BEGIN; UPDATE t SET n = n + 100 WHERE id >= 2; "
		     "UPDATE t SET n = n + 100 WHERE id = 1; COMMIT");
	/* the table is filled anew only when nobody has read it for 100 ms */
	for (tries = 0; tries < 20; tries++) {
		test_sleep_ms(150);
		if (strcmp(sql_primary("SELECT COUNT(*) FROM "
				       "information_schema.innodb_trx WHERE "
				       "trx_state = 'LOCK WAIT'"),
			"1") == 0)
			break;
	}
	assert_true(tries < 20);
	if (id == T_LOCK)
		rc = DB_ROW(cx, T_LOCK, &r, DV_U64(3));
	else
		rc = put(3, 51);
	assert_int_equal(rc, RC_BUSY);
	assert_int_equal(db_commit(cx), RC_BUSY);
	child_ok(pid);
	assert_string_equal(stored(1), "101");
	assert_string_equal(stored(3), "103");
	assert_int_equal(conn_id(), me);
}

static void
deadlock_in_execute(void **state)
{
	(void)state;
	deadlock(T_PUT);
}

static void
deadlock_in_fetch(void **state)
{
	(void)state;
	deadlock(T_LOCK);
}

/* ---- 1020 */

static void
snapshot_conflict(void **state)
{
	int64_t n = 0;

	(void)state;
	/* our own level never meets it; a server that forces another may */
	assert_int_equal(DB_EXEC(cx, T_REPEATABLE, NULL), RC_OK);
	assert_int_equal(db_begin(cx), RC_OK);
	assert_int_equal(get(1, &n), RC_OK);
	sql_primary("UPDATE t_err.t SET n = 11 WHERE id = 1");
	assert_int_equal(put(1, n + 1), RC_BUSY);
	assert_int_equal(db_commit(cx), RC_BUSY);
	assert_string_equal(stored(1), "11");
}

/* ---- 1290: the server has become a replica */

static void
read_only_server(void **state)
{
	uint64_t me = conn_id();
	int64_t n = 0;

	(void)state;
	sql_primary("SET GLOBAL read_only = 1");
	assert_int_equal(put(1, 9), RC_BUSY);
	assert_int_equal(get(1, &n), RC_OK);
	assert_int_not_equal(conn_id(), me);
	me = conn_id();
	assert_int_equal(db_begin(cx), RC_OK);
	assert_int_equal(put(1, 9), RC_BUSY);
	assert_null(cx->db->primary.my);
	assert_int_equal(db_commit(cx), RC_BUSY);
	/* switched between the statements and COMMIT */
	sql_primary("SET GLOBAL read_only = 0");
	assert_int_equal(db_begin(cx), RC_OK);
	assert_int_equal(put(1, 9), RC_OK);
	child_ok(beside("SET GLOBAL read_only = 1"));
	assert_int_equal(db_commit(cx), RC_BUSY);
	sql_primary("SET GLOBAL read_only = 0");
	assert_string_equal(stored(1), "1");
	assert_int_equal(put(1, 9), RC_OK);
}

/* ---- 1040, 1226: no connection to be had */

static void
too_many_connections(void **state)
{
	MYSQL *my[80];
	int64_t n = 0;
	int i, k = 0;

	(void)state;
	sql_primary("SET GLOBAL max_connections = 10");
	for (i = 0; i < 80; i++) {
		my[i] = mysql_init(NULL);
		k = i;
		if (mysql_real_connect(my[i], NULL, "shop", "shop-secret", NULL,
			0, dbserver()->socket, 0) == NULL)
			break;
	}
	assert_int_equal(mysql_errno(my[k]), 1040);
	assert_int_equal(get(1, &n), RC_BUSY);
	assert_int_equal(db_begin(cx), RC_BUSY);
	for (i = 0; i <= k; i++)
		mysql_close(my[i]);
	sql_primary("SET GLOBAL max_connections = 60");
	WAIT_FOR(get(1, &n) == RC_OK, 3000);
	dbserver_end(cx);
	sql_primary("ALTER USER shop@localhost WITH "
		    "MAX_CONNECTIONS_PER_HOUR 1");
	conn_id();
	dbserver_end(cx);
	assert_int_equal(get(1, &n), RC_BUSY);
	sql_primary("ALTER USER shop@localhost WITH "
		    "MAX_CONNECTIONS_PER_HOUR 0");
	sql_primary("FLUSH USER_RESOURCES");
}

static void
wrong_password(void **state)
{
	int64_t n = 0;

	(void)state;
	set->db_password = "wrong";
	assert_int_equal(get(1, &n), RC_BUSY);
	assert_int_equal(db_ping(cx), RC_BUSY);
}

/* A rogue server, or a hole in our SQL, asks for a file: never sent. */
static void
no_local_infile(void **state)
{
	const char *error = "";

	(void)state;
	sql_primary("SET GLOBAL local_infile = 1");
	assert_int_equal(db_admin_exec(cx,
			     "LOAD DATA LOCAL INFILE '/etc/passwd' INTO "
			     "TABLE t (@x) SET id = 77, n = 1",
			     &error),
	    RC_FAIL);
	assert_non_null(strstr(error, ": "));
	sql_primary("SET GLOBAL local_infile = 0");
	assert_string_equal(
	    sql_primary("SELECT COUNT(*) FROM t_err.t WHERE id = 77"), "0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_have_meanings),
	    DB_TEST(duplicate_is_conflict),
	    DB_TEST(lock_wait_in_execute),
	    DB_TEST(lock_wait_in_fetch),
	    DB_TEST(deadlock_in_execute),
	    DB_TEST(deadlock_in_fetch),
	    DB_TEST(snapshot_conflict),
	    DB_TEST(read_only_server),
	    DB_TEST(too_many_connections),
	    DB_TEST(wrong_password),
	    DB_TEST(no_local_infile),
	};

	dbserver();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
