/* SPDX-License-Identifier: Apache-2.0 */
/* A table of five rows, and sessions that get in the way. */
#include "support/dberr.h"

#include <mysql.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct db_stmt table[T__N] = {
#define X(name, sql, params, columns) {#name, sql, params, columns, false},
    STATEMENTS(X)
#undef X
};

struct ctx cx[1];
struct settings *set;

int
dberr_setup(void **state)
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

int
dberr_teardown(void **state)
{
	dbserver_end(cx);
	return test_arena_teardown(state);
}

/* ---- what the tests are made of */

uint64_t
conn_id(void)
{
	struct db_row r;

	assert_int_equal(DB_ROW(cx, T_CONN, &r), RC_OK);
	return dv_u64(r, 0);
}

enum rc
get(uint64_t id, int64_t *n)
{
	struct db_row r;
	enum rc rc = DB_ROW(cx, T_GET, &r, DV_U64(id));

	if (rc == RC_OK)
		*n = dv_i64(r, 0);
	return rc;
}

enum rc
put(uint64_t id, int64_t n)
{
	return DB_EXEC(cx, T_PUT, NULL, DV_I64(n), DV_U64(id));
}

const char *
stored(unsigned id)
{
	return sql_primary("SELECT n FROM t_err.t WHERE id = %u", id);
}

void
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

static MYSQL *
other_root(void)
{
	MYSQL *my = mysql_init(NULL);

	if (mysql_real_connect(my, NULL, "root", "", "t_err", 0,
		dbserver()->socket, CLIENT_MULTI_STATEMENTS) == NULL)
		_exit(1);
	return my;
}

/* A child that runs sql as root. */
pid_t
beside(const char *sql)
{
	MYSQL *my;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	my = other_root();
	if (mysql_query(my, sql) != 0)
		_exit(1);
	do {
		mysql_free_result(mysql_store_result(my));
	} while (mysql_next_result(my) == 0);
	_exit(mysql_errno(my) == 0 ? 0 : 1);
}

void
child_ok(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static bool
is_busy(MYSQL *my, uint64_t id)
{
	MYSQL_RES *res;
	bool busy;

	if (mysql_query(my, arena_fmt(ta,
				"SELECT 1 FROM information_schema.processlist "
				"WHERE id = %llu AND command <> 'Sleep' AND "
				"time_ms > 100",
				(unsigned long long)id)) != 0 ||
	    (res = mysql_store_result(my)) == NULL)
		_exit(1);
	busy = mysql_num_rows(res) != 0;
	mysql_free_result(res);
	return busy;
}

/* A child that kills the connection when its statement has run for a while,
 * in the middle of it therefore. */
pid_t
kill_busy(uint64_t id)
{
	MYSQL *my;
	pid_t pid;
	int i;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	my = other_root();
	for (i = 0; i < 3000 && !is_busy(my, id); i++)
		test_sleep_ms(10);
	_exit(mysql_query(my, arena_fmt(ta, "KILL CONNECTION %llu",
				  (unsigned long long)id)) == 0
		  ? 0
		  : 1);
}

/* Statements that were given up sleep on in the server, with their locks. */
void
end_sleepers(void)
{
	const char *id;

	while (strcmp(id = sql_primary("SELECT COALESCE(MIN(id), 0) FROM "
				       "information_schema.processlist WHERE "
				       "state = 'User sleep'"),
		   "0") != 0)
		kill_conn(strtoull(id, NULL, 10));
}
