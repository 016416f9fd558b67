/* SPDX-License-Identifier: Apache-2.0 */
/*
 * io/db when things go wrong: each error number that means something, and
 * connections that die, hang or come back, in and outside of transactions.
 * A second session is root's, or a child process where it has to wait.
 */
#include "support/test.h"
#include "support/dbserver.h"

#include <mysql.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "io/db.h"
#include "io/db_int.h"

/* clang-format off */
#define STATEMENTS(X) \
X(CONN, "SELECT CONNECTION_ID()", "", "u") \
X(GET, "SELECT n FROM t WHERE id = ?", "u", "i") \
X(ADD, "INSERT INTO t (id, n) VALUES (?, ?)", "ui", "") \
X(PUT, "UPDATE t SET n = ? WHERE id = ?", "iu", "") \
X(LOCK, "SELECT n FROM t WHERE id = ? FOR UPDATE", "u", "i") \
X(SLEEP, "SELECT SLEEP(?)", "u", "u") \
X(SLOW_WRITE, "UPDATE t SET n = SLEEP(?) WHERE id = ?", "uu", "") \
X(REPEATABLE, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", "", "")
/* clang-format on */

enum {
#define X(name, sql, params, columns) T_##name,
	STATEMENTS(X)
#undef X
	    T__N
};

static const struct db_stmt table[T__N] = {
#define X(name, sql, params, columns) {#name, sql, params, columns, false},
    STATEMENTS(X)
#undef X
};

static struct ctx cx[1];
static struct settings *set;

static int
setup(void **state)
{
	test_arena_setup(state);
	db_statements(table, T__N);
	dbserver_ctx(cx, &set, "t_err");
	set->replica_sockets = "";
	set->db_lock_wait_s = 1;
	sql_primary("CREATE TABLE t_err.t (id BIGINT UNSIGNED NOT NULL "
		    "PRIMARY KEY, n BIGINT NOT NULL) ENGINE=InnoDB");
	sql_primary("INSERT INTO t_err.t VALUES (1, 1), (2, 2), (3, 3), "
		    "(4, 4), (5, 5)");
	return 0;
}

static int
teardown(void **state)
{
	dbserver_end(cx);
	return test_arena_teardown(state);
}

/* ---- what the tests are made of */

static uint64_t
conn_id(void)
{
	struct db_row r;

	assert_int_equal(DB_ROW(cx, T_CONN, &r), RC_OK);
	return dv_u64(r, 0);
}

static enum rc
get(uint64_t id, int64_t *n)
{
	struct db_row r;
	enum rc rc = DB_ROW(cx, T_GET, &r, DV_U64(id));

	if (rc == RC_OK)
		*n = dv_i64(r, 0);
	return rc;
}

static enum rc
put(uint64_t id, int64_t n)
{
	return DB_EXEC(cx, T_PUT, NULL, DV_I64(n), DV_U64(id));
}

static const char *
stored(unsigned id)
{
	return sql_primary("SELECT n FROM t_err.t WHERE id = %u", id);
}

static void
kill_conn(uint64_t id)
{
	sql_primary("KILL CONNECTION %llu", (unsigned long long)id);
	/* until it is gone, or the next call would be the victim */
	WAIT_FOR(strcmp(sql_primary("SELECT COUNT(*) FROM "
				    "information_schema.processlist WHERE id = "
				    "%llu",
			    (unsigned long long)id),
		     "0") == 0,
	    2000);
}

/* A child that runs sql as root after ms. */
static pid_t
later(int ms, const char *sql)
{
	MYSQL *my;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	test_sleep_ms(ms);
	my = mysql_init(NULL);
	if (mysql_real_connect(my, NULL, "root", "", "t_err", 0,
		dbserver()->socket, CLIENT_MULTI_STATEMENTS) == NULL ||
	    mysql_query(my, sql) != 0)
		_exit(1);
	do {
		mysql_free_result(mysql_store_result(my));
	} while (mysql_next_result(my) == 0);
	_exit(mysql_errno(my) == 0 ? 0 : 1);
}

static void
child_ok(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static pid_t
kill_later(int ms, uint64_t id)
{
	return later(
	    ms, arena_fmt(ta, "KILL CONNECTION %llu", (unsigned long long)id));
}

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
	pid = later(0, "BEGIN; UPDATE t SET n = 60 WHERE id = 2; "
		       "SELECT SLEEP(1.6); ROLLBACK");
	test_sleep_ms(300);
	if (id == T_LOCK)
		rc = DB_ROW(cx, T_LOCK, &r, DV_U64(2));
	else
		rc = put(2, 51);
	assert_int_equal(rc, RC_BUSY);
	/* The server kept our transaction; we do not. */
	assert_int_equal(get(1, &n), RC_BUSY);
	assert_int_equal(db_commit(cx), RC_BUSY);
	assert_string_equal(stored(1), "1");
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
	pid = later(0, "BEGIN; UPDATE t SET n = n + 100 WHERE id >= 2; "
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
	child_ok(later(0, "SET GLOBAL read_only = 1"));
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

/* ---- 2006, 2013: connections that die */

static void
killed_while_idle(void **state)
{
	uint64_t me = conn_id();
	uint64_t n = 0;

	(void)state;
	kill_conn(me);
	assert_int_not_equal(conn_id(), me);
	/* a write is not in doubt: the dead socket is seen before it */
	me = conn_id();
	kill_conn(me);
	assert_int_equal(DB_EXEC(cx, T_PUT, &n, DV_I64(9), DV_U64(1)), RC_OK);
	assert_int_equal(n, 1);
	me = conn_id();
	kill_conn(me);
	assert_int_equal(db_begin(cx), RC_OK);
	assert_int_equal(put(1, 10), RC_OK);
	assert_int_equal(db_commit(cx), RC_OK);
	assert_string_equal(stored(1), "10");
}

/* The statement is prepared, the session behind it is another one. */
static void
killed_between_prepare_and_execute(void **state)
{
	int64_t n = 0;
	int i;

	(void)state;
	assert_int_equal(get(1, &n), RC_OK);
	assert_int_equal(put(1, 1), RC_OK);
	for (i = 0; i < 5; i++) {
		kill_conn(conn_id());
		assert_int_equal(get(1, &n), RC_OK);
		assert_int_equal(n, 1 + i);
		kill_conn(conn_id());
		assert_int_equal(put(1, 2 + i), RC_OK);
	}
}

static void
killed_while_reading(void **state)
{
	uint64_t me = conn_id();
	struct db_row r;
	pid_t pid = kill_later(300, me);

	(void)state;
	/* tried once more, on another connection */
	assert_int_equal(DB_ROW(cx, T_SLEEP, &r, DV_U64(1)), RC_OK);
	child_ok(pid);
	assert_int_not_equal(conn_id(), me);
}

static void
killed_while_writing(void **state)
{
	uint64_t me = conn_id();
	pid_t pid = kill_later(300, me);

	(void)state;
	/* perhaps it was done: never tried again */
	assert_int_equal(
	    DB_EXEC(cx, T_SLOW_WRITE, NULL, DV_U64(1), DV_U64(1)), RC_FAIL);
	child_ok(pid);
	assert_int_not_equal(conn_id(), me);
}

/* In a transaction a lost connection is the end of it: no statement of it
 * may run in another session. */
static void
killed_in_tx(void **state)
{
	uint64_t me = conn_id();
	int64_t n = 0;

	(void)state;
	assert_int_equal(db_begin(cx), RC_OK);
	assert_int_equal(put(1, 9), RC_OK);
	kill_conn(me);
	assert_int_equal(put(2, 9), RC_BUSY);
	assert_int_equal(get(2, &n), RC_BUSY);
	assert_null(cx->db->primary.my);
	assert_int_equal(db_commit(cx), RC_BUSY);
	assert_string_equal(stored(1), "1");
	assert_string_equal(stored(2), "2");

	me = conn_id();
	assert_int_equal(db_begin(cx), RC_OK);
	assert_int_equal(put(1, 9), RC_OK);
	kill_conn(me);
	db_rollback(cx);
	assert_int_equal(get(1, &n), RC_OK);
	assert_int_equal(n, 1);

	me = conn_id();
	assert_int_equal(db_begin(cx), RC_OK);
	assert_int_equal(put(1, 9), RC_OK);
	kill_conn(me);
	/* nobody knows whether COMMIT arrived before the end */
	assert_int_equal(db_commit(cx), RC_FAIL);
	assert_int_equal(get(1, &n), RC_OK);
	assert_int_equal(n, 1);
}

/* COMMIT hangs, its connection is killed: the outcome is unknown. */
static void
killed_in_commit(void **state)
{
	int64_t n = 0;
	uint64_t me = conn_id();
	pid_t pid;

	(void)state;
	assert_int_equal(db_begin(cx), RC_OK);
	assert_int_equal(put(1, 9), RC_OK);
	sql_primary("BACKUP STAGE START");
	sql_primary("BACKUP STAGE BLOCK_COMMIT");
	pid = kill_later(500, me);
	assert_int_equal(db_commit(cx), RC_FAIL);
	child_ok(pid);
	sql_primary("BACKUP STAGE END");
	assert_int_equal(get(1, &n), RC_OK);
	assert_true(n == 1 || n == 9);
	assert_int_equal(cx->db->tx, TX_NONE);
}

/* ---- time */

static int64_t
ms_since(int64_t start)
{
	return (time_mono_us() - start) / 1000;
}

static void
slow_statement_is_given_up(void **state)
{
	int64_t start;
	struct db_row r;

	(void)state;
	conn_id();
	cx->db->primary.query_us = 300 * US_PER_MS;
	start = time_mono_us();
	assert_int_equal(DB_ROW(cx, T_SLEEP, &r, DV_U64(3)), RC_BUSY);
	assert_in_range(ms_since(start), 290, 600);
	assert_null(cx->db->primary.my);
	start = time_mono_us();
	assert_int_equal(
	    DB_EXEC(cx, T_SLOW_WRITE, NULL, DV_U64(3), DV_U64(1)), RC_FAIL);
	assert_in_range(ms_since(start), 290, 600);
	conn_id();
}

static void
deadline_is_kept(void **state)
{
	int64_t start, n = 0;
	struct db_row r;

	(void)state;
	conn_id();
	start = time_mono_us();
	cx->deadline = start + 250 * US_PER_MS;
	assert_int_equal(DB_ROW(cx, T_SLEEP, &r, DV_U64(3)), RC_BUSY);
	assert_in_range(ms_since(start), 240, 500);
	/* over: nothing is sent any more */
	assert_int_equal(get(1, &n), RC_BUSY);
	assert_int_equal(db_begin(cx), RC_BUSY);
	cx->deadline = 0;
	assert_int_equal(db_begin(cx), RC_OK);
	assert_int_equal(put(1, 9), RC_OK);
	cx->deadline = time_mono_us() - 1;
	assert_int_equal(db_commit(cx), RC_BUSY);
	cx->deadline = 0;
	assert_string_equal(stored(1), "1");
}

/* ---- the server goes and comes */

static void
server_killed_and_restarted(void **state)
{
	int64_t n = 0, start;

	(void)state;
	assert_int_equal(db_begin(cx), RC_OK);
	assert_int_equal(put(1, 9), RC_OK);
	dbserver_do("kill", "primary");
	assert_int_equal(put(2, 9), RC_BUSY);
	assert_int_equal(db_commit(cx), RC_BUSY);
	start = time_mono_us();
	assert_int_equal(get(1, &n), RC_BUSY);
	assert_int_equal(get(1, &n), RC_BUSY);
	assert_int_equal(db_ping(cx), RC_BUSY);
	assert_true(ms_since(start) < 500);
	dbserver_do("restart", "primary");
	WAIT_FOR(get(1, &n) == RC_OK, 3000);
	assert_int_equal(n, 1);
	assert_int_equal(put(1, 9), RC_OK);
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

#define DB_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

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
	    DB_TEST(killed_while_idle),
	    DB_TEST(killed_between_prepare_and_execute),
	    DB_TEST(killed_while_reading),
	    DB_TEST(killed_while_writing),
	    DB_TEST(killed_in_tx),
	    DB_TEST(killed_in_commit),
	    DB_TEST(slow_statement_is_given_up),
	    DB_TEST(deadline_is_kept),
	    DB_TEST(server_killed_and_restarted),
	    DB_TEST(wrong_password),
	    DB_TEST(no_local_infile),
	};

	dbserver();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
