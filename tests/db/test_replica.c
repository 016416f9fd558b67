/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads on the replica: who may, who must not, and that a replica that lags,
 * stops, dies or is behind in schema leaves the rotation and comes back by
 * itself (ASSURANCE R07).
 */
#include "support/test.h"
#include "support/dbserver.h"

#include <stdio.h>

#include "base/metric.h"
#include "base/time.h"
#include "io/db.h"
#include "io/db_int.h"

/* clang-format off */
#define STATEMENTS(X) \
X(WHERE_REPLICA, "SELECT @@server_id", "", "u", true) \
X(WHERE_PRIMARY, "SELECT @@server_id", "", "u", false) \
X(GET, "SELECT n, @@server_id FROM t WHERE id = ?", "u", "iu", true) \
X(NEW, "SELECT n2, @@server_id FROM t WHERE id = ?", "u", "iu", true) \
X(PUT, "UPDATE t SET n = ? WHERE id = ?", "iu", "", false) \
X(REPLICA_BEAT, "SELECT n FROM t WHERE id = 9", "", "i", true)
/* clang-format on */

enum {
#define X(name, sql, params, columns, ok) T_##name,
	STATEMENTS(X)
#undef X
	    T__N
};

static struct db_stmt table[T__N] = {
#define X(name, sql, params, columns, ok) {#name, sql, params, columns, ok},
    STATEMENTS(X)
#undef X
};

enum { PRIMARY = 1, REPLICA = 2 };

static struct ctx cx[1];
static struct settings *set;

static int
setup(void **state)
{
	test_arena_setup(state);
	table[T_REPLICA_BEAT].name = "replica_beat";
	db_statements(table, T__N);
	dbserver_ctx(cx, &set, "t_repl");
	set->replica_max_lag_ms = 1000;
	sql_primary("CREATE TABLE t_repl.t (id BIGINT UNSIGNED NOT NULL "
		    "PRIMARY KEY, n BIGINT NOT NULL, n2 BIGINT NOT NULL "
		    "DEFAULT 0) ENGINE=InnoDB");
	sql_primary("INSERT INTO t_repl.t (id, n) VALUES (1, 1), (9, 0)");
	dbserver_sync();
	return 0;
}

static int
teardown(void **state)
{
	sql_replica("STOP SLAVE");
	sql_replica("START SLAVE");
	dbserver_sync();
	dbserver_end(cx);
	return test_arena_teardown(state);
}

static unsigned
where(stmt_id id)
{
	struct db_row r;

	cx->now = time_now_us();
	assert_int_equal(DB_ROW(cx, id, &r), RC_OK);
	return (unsigned)dv_u64(r, 0);
}

static void
unit_begin(void)
{
	cx->sticky = cx->wrote = false;
	cx->now = time_now_us();
}

static void
primary_moves(void)
{
	sql_primary("UPDATE t_repl.t SET n = n + 1 WHERE id = 1");
}

static bool
in_rotation(bool moving)
{
	if (moving)
		primary_moves();
	return db_replicas_up(cx, NULL) == 1;
}

/* ---- who reads where */

static void
reads_that_may_go_to_the_replica(void **state)
{
	struct db_row r;

	(void)state;
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
	assert_int_equal(where(T_WHERE_PRIMARY), PRIMARY);
	cx->sticky = true;
	assert_int_equal(where(T_WHERE_REPLICA), PRIMARY);
	cx->sticky = false;
	assert_int_equal(db_begin(cx), RC_OK);
	assert_int_equal(where(T_WHERE_REPLICA), PRIMARY);
	assert_int_equal(db_commit(cx), RC_OK);
	/* what this unit wrote it must see */
	assert_int_equal(where(T_WHERE_REPLICA), PRIMARY);
	unit_begin();
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
	assert_int_equal(DB_EXEC(cx, T_PUT, NULL, DV_I64(7), DV_U64(1)), RC_OK);
	assert_int_equal(DB_ROW(cx, T_GET, &r, DV_U64(1)), RC_OK);
	assert_int_equal(dv_i64(r, 0), 7);
	assert_int_equal(dv_u64(r, 1), PRIMARY);
}

static void
no_replica_configured(void **state)
{
	(void)state;
	set->replica_sockets = "";
	assert_int_equal(where(T_WHERE_REPLICA), PRIMARY);
	assert_int_equal(db_replicas_up(cx, NULL), 0);
	db_sticky(cx, "0-1-1", cx->now);
	assert_false(cx->sticky);
}

static void
replica_over_tcp(void **state)
{
	(void)state;
	set->replica_sockets = "";
	set->db_tls = "off";
	sql_primary("GRANT SELECT ON t_repl.* TO shop@127.0.0.1");
	set->replica_hosts =
	    arena_fmt(ta, " 127.0.0.1:%u  ", dbserver()->replica_port);
	dbserver_sync();
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
	assert_int_equal(db_replicas_up(cx, NULL), 1);
}

/* ---- lag */

static void
lagging_replica_leaves_and_returns(void **state)
{
	int64_t lag = 0, start;

	(void)state;
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
	sql_replica("STOP SLAVE SQL_THREAD");
	/* nothing new to have: it stays */
	test_sleep_ms(1200);
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
	start = time_mono_us();
	primary_moves();
	WAIT_FOR(!in_rotation(false), 4000);
	assert_true(time_mono_us() - start > 400 * US_PER_MS);
	assert_int_equal(where(T_WHERE_REPLICA), PRIMARY);
	test_sleep_ms(600);
	assert_int_equal(db_replicas_up(cx, &lag), 0);
	assert_true(lag >= US_PER_S);
	assert_true(metric_value(METRIC_replica_lag_seconds, "replica1") >= 1);
	sql_replica("START SLAVE SQL_THREAD");
	WAIT_FOR(in_rotation(false), 4000);
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
	assert_int_equal(db_replicas_up(cx, &lag), 1);
	assert_int_equal(lag, 0);
}

/* A primary that never stands still is never "equal"; a replica that follows
 * closely must stay all the same. */
static void
busy_primary_keeps_its_replica(void **state)
{
	int64_t now = 0, last, end = 0;
	bool in;

	(void)state;
	do {
		in = in_rotation(true);
		last = now;
		now = time_mono_us();
		/* a machine that stood still knows nothing of its replica:
		 * the two seconds begin anew */
		if (now - last > US_PER_S / 5) {
			WAIT_FOR(in_rotation(true), 3000);
			now = time_mono_us();
			end = now + 2 * US_PER_S;
		} else {
			assert_true(in);
		}
		test_sleep_ms(3);
	} while (now < end);
}

/* A worker that starts while the replica is far behind does not know how
 * far: it must not use it. */
static void
unknown_lag_is_not_used(void **state)
{
	(void)state;
	sql_replica("STOP SLAVE SQL_THREAD");
	primary_moves();
	assert_int_equal(where(T_WHERE_REPLICA), PRIMARY);
	assert_int_equal(db_replicas_up(cx, NULL), 0);
	sql_replica("START SLAVE SQL_THREAD");
	WAIT_FOR(in_rotation(false), 4000);
}

/* ---- gone */

static void
dead_replica_leaves_and_returns(void **state)
{
	int i;

	(void)state;
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
	dbserver_do("kill", "replica");
	/* the read it broke is answered by the primary */
	for (i = 0; i < 20; i++)
		assert_int_equal(where(T_WHERE_REPLICA), PRIMARY);
	assert_int_equal(db_replicas_up(cx, NULL), 0);
	dbserver_do("restart", "replica");
	WAIT_FOR(where(T_WHERE_REPLICA) == REPLICA, 8000);
}

static void
killed_connection_costs_nothing(void **state)
{
	(void)state;
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
	sql_replica("KILL CONNECTION %s",
	    sql_replica("SELECT id FROM information_schema.processlist WHERE "
			"user = 'shop' AND db = 't_repl'"));
	test_sleep_ms(100);
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
}

static void
replica_behind_in_schema(void **state)
{
	struct db_row r;

	(void)state;
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
	sql_replica("SET SESSION sql_log_bin = 0");
	sql_replica("ALTER TABLE t_repl.t DROP COLUMN n2");
	assert_int_equal(DB_ROW(cx, T_NEW, &r, DV_U64(1)), RC_OK);
	assert_int_equal(dv_u64(r, 1), PRIMARY);
	assert_int_equal(where(T_WHERE_REPLICA), PRIMARY);
	sql_replica("ALTER TABLE t_repl.t ADD COLUMN n2 BIGINT NOT NULL "
		    "DEFAULT 0");
	sql_replica("SET SESSION sql_log_bin = 1");
	WAIT_FOR(where(T_WHERE_REPLICA) == REPLICA, 4000);
	assert_int_equal(DB_ROW(cx, T_NEW, &r, DV_U64(1)), RC_OK);
	assert_int_equal(dv_u64(r, 1), REPLICA);
}

/* With the primary gone nothing new can be missed: the catalogue stays. */
static void
primary_gone_replica_serves(void **state)
{
	int64_t end;

	(void)state;
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
	dbserver_do("kill", "primary");
	end = time_mono_us() + 2500 * US_PER_MS;
	while (time_mono_us() < end) {
		assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
		test_sleep_ms(50);
	}
	assert_int_equal(db_ping(cx), RC_BUSY);
	dbserver_do("restart", "primary");
	WAIT_FOR(db_ping(cx) == RC_OK, 4000);
	primary_moves();
	dbserver_sync();
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
}

/* ---- a visitor who wrote */

static enum rc
write_now(int64_t n)
{
	enum rc rc = db_begin(cx);

	if (rc == RC_OK)
		rc = DB_EXEC(cx, T_PUT, NULL, DV_I64(n), DV_U64(1));
	return rc == RC_OK ? db_commit(cx) : rc;
}

static void
visitor_sees_what_he_wrote(void **state)
{
	const char *gtid;
	struct db_row r;
	int64_t at;
	int i;

	(void)state;
	set->replica_max_lag_ms = 60000; /* lag alone sends nobody away */
	assert_string_equal(db_gtid(cx), "");
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
	assert_string_equal(db_gtid(cx), "");
	sql_replica("STOP SLAVE SQL_THREAD");
	assert_int_equal(write_now(77), RC_OK);
	gtid = db_gtid(cx);
	at = cx->now;
	assert_true(strlen(gtid) >= 5);
	assert_string_equal(gtid, sql_primary("SELECT @@gtid_current_pos"));
	for (i = 0; i < 12; i++) {
		unit_begin();
		db_sticky(cx, gtid, at);
		assert_true(cx->sticky);
		assert_int_equal(DB_ROW(cx, T_GET, &r, DV_U64(1)), RC_OK);
		assert_int_equal(dv_i64(r, 0), 77);
		test_sleep_ms(100);
	}
	/* somebody else goes on reading the replica */
	unit_begin();
	assert_int_equal(DB_ROW(cx, T_GET, &r, DV_U64(1)), RC_OK);
	assert_int_equal(dv_i64(r, 0), 1);
	sql_replica("START SLAVE SQL_THREAD");
	dbserver_sync();
	test_sleep_ms(600);
	unit_begin();
	db_sticky(cx, gtid, at);
	assert_false(cx->sticky);
	assert_int_equal(DB_ROW(cx, T_GET, &r, DV_U64(1)), RC_OK);
	assert_int_equal(dv_i64(r, 0), 77);
	assert_int_equal(dv_u64(r, 1), REPLICA);
}

static void
autocommit_write_has_a_gtid_too(void **state)
{
	(void)state;
	assert_int_equal(DB_EXEC(cx, T_PUT, NULL, DV_I64(5), DV_U64(1)), RC_OK);
	assert_string_equal(
	    db_gtid(cx), sql_primary("SELECT @@gtid_current_pos"));
}

/* The cookie is the visitor's: nothing in it can do harm. */
static void
forged_positions(void **state)
{
	static const char *const bad[] = {"", "x", "0-1", "0-1-", "-1-2-3",
	    "0-1-99999999999999999999999", "0-1-2-3", "a-b-c",
	    "1-1-1,2-1-1,3-1-1,4-1-1,5-1-1,6-1-1,7-1-1,8-1-1,9-1-1"};
	struct db_pos pos;
	size_t i;

	(void)state;
	set->sticky_seconds = 5;
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(pos_parse(bad[i], &pos));
		unit_begin();
		db_sticky(cx, bad[i], cx->now - US_PER_S);
		assert_true(cx->sticky); /* by the seconds */
		unit_begin();
		db_sticky(cx, bad[i], cx->now - 6 * US_PER_S);
		assert_false(cx->sticky);
	}
	/* far ahead of everything: ends with its age */
	unit_begin();
	db_sticky(cx, "0-1-18446744073709551615", cx->now);
	assert_true(cx->sticky);
	unit_begin();
	db_sticky(cx, "0-1-18446744073709551615", cx->now - 7 * US_PER_S);
	assert_false(cx->sticky);
	unit_begin();
	db_sticky(cx, "4711-1-5", cx->now);
	assert_true(cx->sticky);
}

static void
positions_compare(void **state)
{
	struct db_pos a, b;

	(void)state;
	assert_true(pos_parse("0-1-10,5-2-7", &a));
	assert_true(pos_parse("0-9-10", &b));
	assert_true(pos_has(&a, &b));
	assert_true(pos_parse("0-1-11", &b));
	assert_false(pos_has(&a, &b));
	assert_true(pos_parse("5-1-7,0-1-1", &b));
	assert_true(pos_has(&a, &b));
	assert_false(pos_has(&b, &a));
	assert_true(pos_parse("6-1-1", &b));
	assert_false(pos_has(&a, &b));
}

/* ---- without GTIDs: the heartbeat row */

static void
heartbeat_where_there_are_no_gtids(void **state)
{
	struct db_replica *r;
	int64_t lag = 0;

	(void)state;
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
	r = &cx->db->replica[0];
	r->c.has[DB_MARIADB] = false;
	r->probed_us = 0;
	/* the beat is from 1970 */
	assert_int_equal(db_replicas_up(cx, NULL), 0);
	assert_int_equal(where(T_WHERE_REPLICA), PRIMARY);
	assert_int_equal(
	    DB_EXEC(cx, T_PUT, NULL, DV_I64(time_now_us()), DV_U64(9)), RC_OK);
	dbserver_sync();
	r->probed_us = 0;
	assert_int_equal(db_replicas_up(cx, &lag), 1);
	assert_true(lag < US_PER_S);
	unit_begin();
	assert_int_equal(where(T_WHERE_REPLICA), REPLICA);
	/* no positions: seconds decide */
	set->sticky_seconds = 5;
	db_sticky(cx, "0-1-1", cx->now - US_PER_S);
	assert_true(cx->sticky);
}

#define DB_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(positions_compare),
	    DB_TEST(reads_that_may_go_to_the_replica),
	    DB_TEST(no_replica_configured),
	    DB_TEST(replica_over_tcp),
	    DB_TEST(lagging_replica_leaves_and_returns),
	    DB_TEST(busy_primary_keeps_its_replica),
	    DB_TEST(unknown_lag_is_not_used),
	    DB_TEST(dead_replica_leaves_and_returns),
	    DB_TEST(killed_connection_costs_nothing),
	    DB_TEST(replica_behind_in_schema),
	    DB_TEST(primary_gone_replica_serves),
	    DB_TEST(visitor_sees_what_he_wrote),
	    DB_TEST(autocommit_write_has_a_gtid_too),
	    DB_TEST(forged_positions),
	    DB_TEST(heartbeat_where_there_are_no_gtids),
	};

	dbserver();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
