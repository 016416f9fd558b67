/* SPDX-License-Identifier: Apache-2.0 */
/*
 * io/db and connections that die, hang or come back, in and outside of
 * transactions; a server that goes and comes.
 */
#include "support/dberr.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "io/db_int.h"

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
	pid_t pid = kill_busy(me);

	(void)state;
	/* tried once more, on another connection */
	assert_int_equal(DB_ROW(cx, T_SLEEP, &r, DV_U64(2)), RC_OK);
	child_ok(pid);
	assert_int_not_equal(conn_id(), me);
}

static void
killed_while_writing(void **state)
{
	uint64_t me = conn_id();
	pid_t pid = kill_busy(me);

	(void)state;
	/* perhaps it was done: never tried again */
	assert_int_equal(
	    DB_EXEC(cx, T_SLOW_WRITE, NULL, DV_U64(60), DV_U64(1)), RC_FAIL);
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
	pid = kill_busy(me);
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
	/* it would be RC_OK after a minute */
	assert_int_equal(DB_ROW(cx, T_SLEEP, &r, DV_U64(60)), RC_BUSY);
	assert_true(ms_since(start) >= 290);
	assert_null(cx->db->primary.my);
	start = time_mono_us();
	assert_int_equal(
	    DB_EXEC(cx, T_SLOW_WRITE, NULL, DV_U64(60), DV_U64(1)), RC_FAIL);
	assert_true(ms_since(start) >= 290);
	end_sleepers();
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
	assert_int_equal(DB_ROW(cx, T_SLEEP, &r, DV_U64(60)), RC_BUSY);
	assert_true(ms_since(start) >= 240);
	end_sleepers();
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
	assert_true(ms_since(start) < 10000);
	dbserver_do("restart", "primary");
	WAIT_FOR(get(1, &n) == RC_OK, 3000);
	assert_int_equal(n, 1);
	assert_int_equal(put(1, 9), RC_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    DB_TEST(killed_while_idle),
	    DB_TEST(killed_between_prepare_and_execute),
	    DB_TEST(killed_while_reading),
	    DB_TEST(killed_while_writing),
	    DB_TEST(killed_in_tx),
	    DB_TEST(killed_in_commit),
	    DB_TEST(slow_statement_is_given_up),
	    DB_TEST(deadline_is_kept),
	    DB_TEST(server_killed_and_restarted),
	};

	dbserver();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
