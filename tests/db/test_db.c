/* SPDX-License-Identifier: Apache-2.0 */
/*
 * io/db against a real server: values of every type, counts, groups, what is
 * a bug.  (test_db_errors.c: error numbers and connections that die.)  The
 * statements are this file's own.
 */
#include "support/test.h"
#include "support/dbserver.h"

#include "io/db.h"
#include "io/db_int.h"

/* clang-format off */
#define STATEMENTS(X) \
X(INS, "INSERT INTO t (u, i, s, b) VALUES (?, ?, ?, ?)", "UISB", "") \
X(GET, "SELECT id, u, i, s, b FROM t WHERE id = ?", "u", "uUISB") \
X(NOT_NULL, "SELECT id, u FROM t WHERE id = ?", "u", "uu") \
X(UNSIGNED, "SELECT i FROM t WHERE id = ?", "u", "u") \
X(COUNT, "SELECT COUNT(*) FROM t", "", "u") \
X(ALL, "SELECT id FROM t ORDER BY id", "", "u") \
X(SUM, "SELECT SUM(i) FROM t", "", "I") \
X(BUMP, "UPDATE t SET i = ? WHERE id = ?", "iu", "") \
X(LOCK, "SELECT i FROM t WHERE id = ? FOR UPDATE", "u", "I") \
X(SLEEP, "SELECT SLEEP(?)", "u", "u") \
X(SLOW_WRITE, "UPDATE t SET i = SLEEP(?) WHERE id = 1", "u", "") \
X(CONN, "SELECT CONNECTION_ID()", "", "u") \
X(MODES, "SELECT @@sql_mode, @@time_zone, @@tx_isolation, " \
    "@@character_set_client, @@collation_connection, @@autocommit, " \
    "@@innodb_lock_wait_timeout, @@innodb_snapshot_isolation", "", "sssssuuu") \
X(REPEATABLE, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", "", "") \
X(SLUG, "SELECT id FROM t WHERE a = ?", "s", "u") \
X(MISSING, "SELECT x FROM nowhere", "", "u") \
X(ADD_MANY, "INSERT INTO m (kind, id, s) VALUES {{(7, ?, ?)}}", "|us", "") \
X(GET_MANY, "SELECT id, s FROM m WHERE kind = ? AND id IN ({{?}}) ORDER BY id", "u|u", "us") \
X(BUMP_MANY, "UPDATE m SET n = n + ? WHERE id IN ({{?}})", "u|u", "") \
X(SUM_MANY, "SELECT COUNT(*), SUM(n) FROM m", "", "uU")
/* clang-format on */

enum {
#define X(name, sql, params, columns) T_##name,
	STATEMENTS(X)
#undef X
	    T__N
};

static const struct db_stmt table[T__N] = {
#define X(name, sql, params, columns)                                          \
	[T_##name] = {#name, sql, params, columns, false},
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

static uint64_t
conn_id(void)
{
	struct db_row r;

	assert_int_equal(DB_ROW(cx, T_CONN, &r), RC_OK);
	return dv_u64(r, 0);
}

static uint64_t
row_new(const char *s)
{
	return put(DV_NULL, DV_I64(0), DV_STR(s), DV_NULL);
}

/* A result that is refused must be read to its end all the same: the next
 * statement runs on the same connection. */
static void
refused_results_are_drained(void **state)
{
	uint64_t me = conn_id(), id, i;
	struct db_row r;
	struct db_rows rows;

	(void)state;
	id = put(DV_NULL, DV_I64(-1), DV_STR("a"), DV_NULL);
	for (i = 0; i < 3; i++) {
		assert_int_equal(
		    DB_ROW(cx, T_NOT_NULL, &r, DV_U64(id)), RC_FAIL);
		assert_int_equal(
		    DB_ROW(cx, T_UNSIGNED, &r, DV_U64(id)), RC_FAIL);
	}
	row_new("b");
	row_new("c");
	assert_int_equal(DB_ROW(cx, T_ALL, &r), RC_OK); /* and a warning */
	assert_int_equal(dv_u64(r, 0), id);
	assert_int_equal(DB_ROWS(cx, T_ALL, &rows), RC_OK);
	assert_int_equal(rows.n, 3);
	assert_int_equal(conn_id(), me);
}

static void
no_rows(void **state)
{
	struct db_rows rows = {NULL, 9};
	struct db_row r;

	(void)state;
	assert_int_equal(DB_ROWS(cx, T_ALL, &rows), RC_OK);
	assert_int_equal(rows.n, 0);
	assert_int_equal(DB_ROW(cx, T_ALL, &r), RC_NOTFOUND);
}

static void
session_policy(void **state)
{
	struct db_row r;

	(void)state;
	assert_int_equal(DB_ROW(cx, T_MODES, &r), RC_OK);
	assert_non_null(strstr(dv_str(r, 0), "STRICT_ALL_TABLES"));
	assert_string_equal(dv_str(r, 1), "+00:00");
	assert_string_equal(dv_str(r, 2), "READ-COMMITTED");
	assert_string_equal(dv_str(r, 3), "utf8mb4");
	assert_string_equal(dv_str(r, 4), "utf8mb4_unicode_520_ci");
	assert_int_equal(dv_u64(r, 5), 1);
	assert_int_equal(dv_u64(r, 6), set->db_lock_wait_s);
	assert_int_equal(dv_u64(r, 7), 1);
	assert_true(db_has(cx, DB_MARIADB));
	assert_true(db_has(cx, DB_SKIP_LOCKED));
	assert_true(db_has(cx, DB_GTID));
}

/* The server's defaults must not matter (shared hosts: DEPENDENCIES M5). */
static void
session_policy_on_a_lax_server(void **state)
{
	(void)state;
	sql_primary("SET GLOBAL sql_mode = '', GLOBAL time_zone = '+09:00', "
		    "GLOBAL character_set_server = latin1, GLOBAL "
		    "innodb_snapshot_isolation = OFF, GLOBAL tx_isolation = "
		    "'REPEATABLE-READ'");
	session_policy(state);
	sql_primary("SET GLOBAL sql_mode = DEFAULT, GLOBAL time_zone = "
		    "'+00:00', GLOBAL character_set_server = utf8mb4, GLOBAL "
		    "innodb_snapshot_isolation = ON, GLOBAL tx_isolation = "
		    "'READ-COMMITTED'");
}

/* A server that changes the client's charset behind the library's back is
 * refused (DEPENDENCIES M4). */
static void
other_client_charset_refused(void **state)
{
	struct db_row r;

	(void)state;
	sql_primary("SET GLOBAL init_connect = 'SET NAMES gbk'");
	assert_int_equal(DB_ROW(cx, T_CONN, &r), RC_BUSY);
	assert_int_equal(db_ping(cx), RC_BUSY);
	sql_primary("SET GLOBAL init_connect = ''");
	WAIT_FOR(db_ping(cx) == RC_OK, 2000);
}

static void
too_long_fails(void **state)
{
	struct db_row r;

	(void)state;
	assert_int_equal(DB_INSERT(cx, T_INS, NULL, DV_NULL, DV_NULL,
			     DV_STR("123456789012345678901"), DV_NULL),
	    RC_FAIL);
	assert_int_equal(DB_ROW(cx, T_COUNT, &r), RC_OK);
	assert_int_equal(dv_u64(r, 0), 0);
	/* twenty characters of four bytes fit */
	row_new("\xf0\x9f\x94\x91\xf0\x9f\x94\x91\xf0\x9f\x94\x91\xf0\x9f\x94"
		"\x91\xf0\x9f\x94\x91\xf0\x9f\x94\x91\xf0\x9f\x94\x91\xf0\x9f"
		"\x94\x91\xf0\x9f\x94\x91\xf0\x9f\x94\x91\xf0\x9f\x94\x91\xf0"
		"\x9f\x94\x91\xf0\x9f\x94\x91\xf0\x9f\x94\x91\xf0\x9f\x94\x91"
		"\xf0\x9f\x94\x91\xf0\x9f\x94\x91\xf0\x9f\x94\x91\xf0\x9f\x94"
		"\x91\xf0\x9f\x94\x91");
	/* broken UTF-8 is refused, not repaired */
	assert_int_equal(DB_INSERT(cx, T_INS, NULL, DV_NULL, DV_NULL,
			     DV_STR("\xbf\x27"), DV_NULL),
	    RC_FAIL);
}

/* A Chinese slug asked of an ASCII column: the sender's mistake, not ours. */
static void
other_charset_is_invalid(void **state)
{
	struct db_row r;

	(void)state;
	assert_int_equal(
	    DB_ROW(cx, T_SLUG, &r, DV_STR("\xe4\xbd\xa0\xe5\xa5\xbd")),
	    RC_INVALID);
	conn_id();
}

static void
changed_rows_are_counted(void **state)
{
	uint64_t id = row_new("a"), n = 9;

	(void)state;
	assert_int_equal(DB_EXEC(cx, T_BUMP, &n, DV_I64(5), DV_U64(id)), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(DB_EXEC(cx, T_BUMP, &n, DV_I64(5), DV_U64(id)), RC_OK);
	assert_int_equal(n, 0);
	assert_int_equal(DB_EXEC(cx, T_BUMP, &n, DV_I64(5), DV_U64(99)), RC_OK);
	assert_int_equal(n, 0);
}

static void
missing_table_fails(void **state)
{
	struct db_row r;

	(void)state;
	assert_int_equal(DB_ROW(cx, T_MISSING, &r), RC_FAIL);
	row_new("still here");
}

/* ---- groups */

static uint64_t
many_add(uint64_t first, size_t n, size_t text_len)
{
	struct dv *g = ARENA_ARRAY(ta, n * 2, struct dv);
	char *text = arena_alloc(ta, text_len + 1);
	uint64_t count = 0;
	size_t i;

	memset(text, 'x', text_len);
	for (i = 0; i < n; i++) {
		g[2 * i] = DV_U64(first + i);
		g[2 * i + 1] = DV_STR(text);
	}
	assert_int_equal(db_begin(cx), RC_OK);
	assert_int_equal(
	    db_exec_many(cx, T_ADD_MANY, NULL, 0, g, n, &count), RC_OK);
	assert_int_equal(db_commit(cx), RC_OK);
	return count;
}

static void
groups_inserted_in_every_size(void **state)
{
	static const size_t sizes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 16,
	    17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 512,
	    513, 999, 1000, 1023, 1024, 1025, 3000};
	uint64_t first = 1;
	struct db_row r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_int_equal(many_add(first, sizes[i], 3), sizes[i]);
		first += sizes[i];
		assert_int_equal(DB_ROW(cx, T_SUM_MANY, &r), RC_OK);
		assert_int_equal(dv_u64(r, 0), first - 1);
	}
}

/* Not more than about a megabyte a statement: servers refuse big packets. */
static void
groups_cut_by_bytes(void **state)
{
	struct db_row r;

	(void)state;
	assert_int_equal(many_add(1, 1000, 4000), 1000);
	assert_int_equal(DB_ROW(cx, T_SUM_MANY, &r), RC_OK);
	assert_int_equal(dv_u64(r, 0), 1000);
	assert_null(
	    cx->db->primary.prep[db_info(T_ADD_MANY)->slot + DB_SHAPES - 1]);
}

static void
groups_asked_in_every_size(void **state)
{
	struct dv *g = ARENA_ARRAY(ta, 3000, struct dv);
	const struct dv kind = DV_U64(7), two = DV_U64(2);
	struct db_rows rows;
	struct arena *keep = cx->arena;
	uint64_t count;
	size_t n, i;

	(void)state;
	many_add(1, 3000, 1);
	for (i = 0; i < 3000; i++)
		g[i] = DV_U64(3000 - i);
	cx->arena = arena_new(1 << 16, 1 << 26);
	for (n = 0; n <= 1000; n++) {
		arena_reset(cx->arena);
		assert_int_equal(
		    db_rows_many(cx, T_GET_MANY, &kind, 1, g, n, &rows), RC_OK);
		assert_int_equal(rows.n, n);
		for (i = 0; i < n; i++)
			assert_int_equal(
			    dv_u64(rows.row[i], 0), 3000 - n + 1 + i);
	}
	assert_int_equal(
	    db_rows_many(cx, T_GET_MANY, &kind, 1, g, 3000, &rows), RC_OK);
	assert_int_equal(rows.n, 3000);
	/* what fills the list up counts once */
	for (n = 1; n <= 1000; n += 37) {
		assert_int_equal(
		    db_exec_many(cx, T_BUMP_MANY, &two, 1, g, n, &count),
		    RC_OK);
		assert_int_equal(count, n);
	}
	assert_int_equal(
	    db_exec_many(cx, T_BUMP_MANY, &two, 1, g, 0, &count), RC_OK);
	assert_int_equal(count, 0);
	arena_free(cx->arena);
	cx->arena = keep;
}

/* ---- bugs end the process */

static void
bug_wrong_type(void *arg)
{
	struct db_row r;

	(void)arg;
	if (DB_ROW(cx, T_GET, &r, DV_I64(1)) == RC_OK)
		return;
}

static void
bug_wrong_count(void *arg)
{
	struct db_row r;

	(void)arg;
	if (DB_ROW(cx, T_GET, &r, DV_U64(1), DV_U64(1)) == RC_OK)
		return;
}

static void
bug_null(void *arg)
{
	struct db_row r;

	(void)arg;
	if (DB_ROW(cx, T_GET, &r, DV_NULL) == RC_OK)
		return;
}

static void
bug_verb(void *arg)
{
	(void)arg;
	if (DB_EXEC(cx, T_COUNT, NULL) == RC_OK)
		return;
}

static void
bug_parts_outside_tx(void *arg)
{
	struct dv g[2 * 9];
	size_t i;

	(void)arg;
	for (i = 0; i < 9; i++) {
		g[2 * i] = DV_U64(i + 1);
		g[2 * i + 1] = DV_STR("x");
	}
	if (db_exec_many(cx, T_ADD_MANY, NULL, 0, g, 9, NULL) == RC_OK)
		return;
}

static void
bug_column(void *arg)
{
	struct db_row r;

	if (DB_ROW(cx, T_GET, &r, DV_U64(*(uint64_t *)arg)) == RC_OK)
		dv_str(r, 2);
}

static void
bug_after_fork(void *arg)
{
	struct db_row r;

	(void)arg; /* this is the child; the connection is the parent's */
	if (DB_ROW(cx, T_CONN, &r) == RC_OK)
		return;
}

static void
bug_begin_twice(void *arg)
{
	(void)arg;
	if (db_begin(cx) == RC_OK && db_begin(cx) == RC_OK)
		return;
}

static void
bugs_abort(void **state)
{
	uint64_t id = row_new("a");
	struct db *mine;

	(void)state;
	assert_true(test_aborts(bug_after_fork, NULL));
	mine = cx->db;
	cx->db = NULL; /* each child opens its own */
	assert_true(test_aborts(bug_wrong_type, NULL));
	assert_true(test_aborts(bug_wrong_count, NULL));
	assert_true(test_aborts(bug_null, NULL));
	assert_true(test_aborts(bug_verb, NULL));
	assert_true(test_aborts(bug_parts_outside_tx, NULL));
	assert_true(test_aborts(bug_column, &id));
	assert_true(test_aborts(bug_begin_twice, NULL));
	cx->db = mine;
	conn_id();
}

/* More statements than a connection keeps prepared. */
static void
prepared_statements_are_bounded(void **state)
{
	enum { N = DB_PREPARED_MAX + 60 };
	struct db_stmt *many = ARENA_ARRAY(ta, N, struct db_stmt);
	struct db_row r;
	int i, turn;

	(void)state;
	for (i = 0; i < N; i++) {
		many[i].name = "many";
		many[i].sql = arena_fmt(ta, "SELECT %d + ?", i);
		many[i].params = "u";
		many[i].columns = "u";
	}
	db_statements(many, N);
	for (turn = 0; turn < 3; turn++)
		for (i = 0; i < N; i++) {
			assert_int_equal(
			    DB_ROW(cx, i, &r, DV_U64(1000)), RC_OK);
			assert_int_equal(dv_u64(r, 0), 1000 + i);
		}
	assert_int_equal(cx->db->primary.n_prep, DB_PREPARED_MAX);
	dbserver_end(cx);
	db_statements(table, T__N);
}

#define DB_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    DB_TEST(values_of_every_type),
	    DB_TEST(sums),
	    DB_TEST(no_rows),
	    DB_TEST(refused_results_are_drained),
	    DB_TEST(session_policy),
	    DB_TEST(session_policy_on_a_lax_server),
	    DB_TEST(other_client_charset_refused),
	    DB_TEST(too_long_fails),
	    DB_TEST(other_charset_is_invalid),
	    DB_TEST(changed_rows_are_counted),
	    DB_TEST(missing_table_fails),
	    DB_TEST(groups_inserted_in_every_size),
	    DB_TEST(groups_cut_by_bytes),
	    DB_TEST(groups_asked_in_every_size),
	    DB_TEST(bugs_abort),
	    DB_TEST(prepared_statements_are_bounded),
	};

	dbserver();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
