/* SPDX-License-Identifier: Apache-2.0 */
/*
 * io/db against a real server: values of every type, counts, groups, each
 * error number that has a meaning of its own, and connections that die at the
 * worst moment.  The statements are this file's own.
 */
#include "support/test.h"
#include "support/dbserver.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time.h"
#include "io/db.h"
#include "io/db_int.h"

enum {
	T_INS,
	T_GET,
	T_GET_NOTNULL,
	T_COUNT,
	T_SUM,
	T_BUMP,
	T_DEL,
	T_MANY_ADD,
	T_MANY_GET,
	T_MANY_BUMP,
	T_LOCK,
	T_SLEEP,
	T_CONN,
	T_MODES,
	T_UNSIGNED,
	T_SLUG,
	T__N
};

static const struct db_stmt table[T__N] = {
    [T_INS] = {"ins", "INSERT INTO t (u, i, s, b) VALUES (?, ?, ?, ?)", "UISB",
	"", false},
    [T_GET] = {"get", "SELECT id, u, i, s, b FROM t WHERE id = ?", "u", "uUISB",
	false},
    [T_GET_NOTNULL] = {"get_notnull", "SELECT u FROM t WHERE id = ?", "u", "u",
	false},
    [T_COUNT] = {"count", "SELECT COUNT(*) FROM t", "", "u", false},
    [T_SUM] = {"sum", "SELECT SUM(i) FROM t", "", "I", false},
    [T_BUMP] = {"bump", "UPDATE t SET i = ? WHERE id = ?", "iu", "", false},
    [T_DEL] = {"del", "DELETE FROM t", "", "", false},
    [T_MANY_ADD] = {"many_add",
	"INSERT INTO m (kind, id, s) VALUES {{(7, ?, ?)}}", "|us", "", false},
    [T_MANY_GET] = {"many_get",
	"SELECT id, s FROM m WHERE kind = ? AND id IN ({{?}}) ORDER BY id",
	"u|u", "us", false},
    [T_MANY_BUMP] = {"many_bump", "UPDATE m SET n = n + ? WHERE id IN ({{?}})",
	"u|u", "", false},
    [T_LOCK] = {"lock", "SELECT i FROM t WHERE id = ? FOR UPDATE", "u", "I",
	false},
    [T_SLEEP] = {"sleep", "SELECT SLEEP(?)", "u", "u", false},
    [T_CONN] = {"conn", "SELECT CONNECTION_ID()", "", "u", false},
    [T_MODES] = {"modes",
	"SELECT @@sql_mode, @@time_zone, @@tx_isolation, "
	"@@character_set_client, @@collation_connection, "
	"@@innodb_lock_wait_timeout, @@innodb_snapshot_isolation",
	"", "sssssuu", false},
    [T_UNSIGNED] = {"unsigned", "SELECT i FROM t WHERE id = ?", "u", "u",
	false},
    [T_SLUG] = {"slug", "SELECT id FROM t WHERE a = ?", "s", "u", false},
};

static struct ctx cx[1];
static struct settings *set;

static int
setup(void **state)
{
	test_arena_setup(state);
	db_statements(table, T__N);
	dbserver_ctx(cx, &set, "t_db");
	set->replica_sockets = "";
	sql_primary("CREATE TABLE t_db.t (id BIGINT UNSIGNED NOT NULL "
		    "AUTO_INCREMENT PRIMARY KEY, u BIGINT UNSIGNED NULL, "
		    "i BIGINT NULL, s VARCHAR(20) NULL, b MEDIUMBLOB "
		    "NULL, a VARCHAR(20) CHARACTER SET ascii COLLATE "
		    "ascii_bin NULL, UNIQUE KEY s (s), KEY a (a)) "
		    "ENGINE=InnoDB "
		    "DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci");
	sql_primary("CREATE TABLE t_db.m (id BIGINT UNSIGNED NOT NULL "
		    "PRIMARY KEY, kind INT NOT NULL, n INT NOT NULL DEFAULT "
		    "0, s VARCHAR(4000) NOT NULL) ENGINE=InnoDB");
	return 0;
}

static int
teardown(void **state)
{
	dbserver_end(cx);
	return test_arena_teardown(state);
}

/* ---- values */

static uint64_t
put(struct dv u, struct dv i, struct dv s, struct dv b)
{
	uint64_t id = 0;

	assert_int_equal(DB_INSERT(cx, T_INS, &id, u, i, s, b), RC_OK);
	return id;
}

static void
values_of_every_type(void **state)
{
	static const char odd[] = "\xbf\x27\xbf\x5c\0\x80";
	struct db_row r;
	uint64_t id;
	char *big = arena_alloc(ta, 70000);

	(void)state;
	id = put(DV_U64(UINT64_MAX), DV_I64(INT64_MIN),
	    DV_STR("a'b\\c\"\xf0\x9f\x94\x91"), DV_BLOB(odd, 6));
	assert_int_equal(id, 1);
	assert_int_equal(DB_ROW(cx, T_GET, &r, DV_U64(id)), RC_OK);
	assert_int_equal(dv_u64(r, 0), 1);
	assert_true(dv_u64(r, 1) == UINT64_MAX);
	assert_true(dv_i64(r, 2) == INT64_MIN);
	assert_string_equal(dv_str(r, 3), "a'b\\c\"\xf0\x9f\x94\x91");
	assert_int_equal(dv_blob(r, 4).n, 6);
	assert_memory_equal(dv_blob(r, 4).p, odd, 6);

	id = put(DV_U64(0), DV_I64(-1), DV_STR(""), DV_BLOB("", 0));
	assert_int_equal(DB_ROW(cx, T_GET, &r, DV_U64(id)), RC_OK);
	assert_false(dv_null(r, 1));
	assert_int_equal(dv_i64(r, 2), -1);
	assert_false(dv_null(r, 3));
	assert_string_equal(dv_str(r, 3), "");
	assert_int_equal(dv_blob(r, 4).n, 0);

	test_bytes(big, 70000);
	id = put(DV_NULL, DV_NULL, DV_STR(NULL), DV_BLOB(big, 70000));
	assert_int_equal(DB_ROW(cx, T_GET, &r, DV_U64(id)), RC_OK);
	assert_true(dv_null(r, 1) && dv_null(r, 2) && dv_null(r, 3));
	assert_int_equal(dv_u64(r, 1), 0);
	assert_int_equal(dv_i64(r, 2), 0);
	assert_string_equal(dv_str(r, 3), "");
	assert_int_equal(dv_blob(r, 4).n, 70000);
	assert_memory_equal(dv_blob(r, 4).p, big, 70000);

	assert_int_equal(DB_ROW(cx, T_GET, &r, DV_U64(99)), RC_NOTFOUND);
}

/* SUM() is a DECIMAL: it must arrive as the integer it is, or fail. */
static void
sums(void **state)
{
	struct db_row r;

	(void)state;
	assert_int_equal(DB_ROW(cx, T_SUM, &r), RC_OK);
	assert_true(dv_null(r, 0));
	put(DV_NULL, DV_I64(-3), DV_STR("a"), DV_NULL);
	put(DV_NULL, DV_I64(1LL << 60), DV_STR("b"), DV_NULL);
	assert_int_equal(DB_ROW(cx, T_SUM, &r), RC_OK);
	assert_true(dv_i64(r, 0) == (1LL << 60) - 3);
	put(DV_NULL, DV_I64(INT64_MAX), DV_STR("c"), DV_NULL);
	assert_int_equal(DB_ROW(cx, T_SUM, &r), RC_FAIL);
}

#define DB_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    DB_TEST(values_of_every_type),
	    DB_TEST(sums),
	};

	dbserver();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
