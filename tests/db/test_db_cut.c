/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The line to the database breaks after the n-th byte, for n over a whole
 * connection and transaction, in each direction, by an end and by silence
 * (ASSURANCE R08, R23).  Whatever n is: what was said to be committed is
 * there once, what was said to be undone is not there, nothing hangs, and the
 * next unit works.
 */
#include "support/test.h"
#include "support/cutline.h"
#include "support/dbserver.h"

#include <stdio.h>

#include "base/log.h"
#include "base/time.h"
#include "io/db.h"
#include "io/db_int.h"
#include "store/tx.h"

static struct cutline *line;
static struct ctx cx[1];
static struct settings *set;

/* ---- the unit */

/* clang-format off */
#define STATEMENTS(X) \
X(ADD, "INSERT INTO t (id, s) VALUES (?, ?)", "us", "") \
X(GET, "SELECT s FROM t WHERE id = ?", "u", "s") \
X(LIST, "SELECT id, s FROM t WHERE id <= ? ORDER BY id", "u", "us")
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

static enum rc
add_body(struct ctx *c, void *arg)
{
	uint64_t id = *(uint64_t *)arg;
	struct db_row r;
	enum rc rc;

	rc = DB_EXEC(c, T_ADD, NULL, DV_U64(id),
	    DV_STR(arena_fmt(c->arena, "text of %d", (int)id)));
	if (rc != RC_OK)
		return rc;
	return DB_ROW(c, T_GET, &r, DV_U64(id));
}

static bool
there(uint64_t id)
{
	return strcmp(sql_primary("SELECT COUNT(*) FROM t_cut.t WHERE id = %d",
			  (int)id),
		   "1") == 0;
}

/* Bytes of a whole unit in one direction, with a fresh connection. */
static long
whole_unit(int dir, uint64_t id)
{
	cutline_break(line, -1, 0, false, 0);
	dbserver_end(cx);
	assert_int_equal(tx_run(cx, add_body, &id), RC_OK);
	return line->passed[dir];
}

static int
setup(void **state)
{
	test_arena_setup(state);
	db_statements(table, T__N);
	dbserver_ctx(cx, &set, "t_cut");
	set->replica_sockets = "";
	sql_primary("CREATE TABLE t_cut.t (id BIGINT UNSIGNED NOT NULL "
		    "PRIMARY KEY, s VARCHAR(40) NOT NULL) ENGINE=InnoDB");
	set->db_socket = arena_fmt(ta, "%s/line", test_dir());
	line = cutline_start(set->db_socket, dbserver()->socket);
	return 0;
}

static int
teardown(void **state)
{
	dbserver_end(cx);
	cutline_stop(line);
	return test_arena_teardown(state);
}

/* Each cut point of a transaction on a fresh connection. */
static void
cut_transaction(int dir, bool hang, long step)
{
	long total, n;
	uint64_t id = 1;
	unsigned unknown = 0, fine = 0, busy = 0;
	int64_t start;
	enum rc rc;

	total = whole_unit(dir, id++);
	assert_true(total > 500);
	for (n = (long)test_below((uint64_t)step); n <= total + step;
	     n += step, id++) {
		dbserver_end(cx);
		cutline_break(line, dir, n, hang, 1);
		start = time_mono_us();
		rc = tx_run(cx, add_body, &id);
		assert_true(time_mono_us() - start < 30 * US_PER_S);
		switch (rc) {
		case RC_OK:
			assert_true(there(id));
			fine++;
			break;
		case RC_BUSY: /* the server was left alone for a moment */
			assert_false(there(id));
			busy++;
			break;
		case RC_FAIL: /* cut around COMMIT */
			unknown++;
			break;
		default:
			fail_msg("cut after %ld: %s", n, rc_name(rc));
		}
		if (n > total)
			assert_int_equal(rc, RC_OK);
	}
	printf("# %ld bytes: %u fine, %u busy, %u unknown\n", total, fine, busy,
	    unknown);
	assert_true(fine > 0);
	cutline_break(line, -1, 0, false, 0);
	dbserver_end(cx);
	assert_int_equal(tx_run(cx, add_body, &id), RC_OK);
}

static void
answers_end(void **state)
{
	(void)state;
	cut_transaction(ANSWER, false, 13);
}

static void
questions_end(void **state)
{
	(void)state;
	cut_transaction(ASK, false, 23);
}

static void
answers_fall_silent(void **state)
{
	(void)state;
	set->db_connect_ms = 150;
	set->db_query_ms = 150;
	cut_transaction(ANSWER, true, 151);
}

static void
questions_fall_silent(void **state)
{
	(void)state;
	set->db_connect_ms = 150;
	set->db_query_ms = 150;
	cut_transaction(ASK, true, 151);
}

/* COMMIT reached the server, its answer did not come back: the row is there
 * and the caller was told that nobody knows. */
static void
lost_answer_to_commit(void **state)
{
	uint64_t id = 1;
	long total = whole_unit(ANSWER, id++);
	unsigned committed = 0;
	long n;

	(void)state;
	for (n = total - 10; n < total; n++, id++) {
		dbserver_end(cx);
		cutline_break(line, ANSWER, n, false, 1);
		assert_int_equal(tx_run(cx, add_body, &id), RC_FAIL);
		assert_int_equal(cx->db->tx, TX_NONE);
		WAIT_FOR(there(id), 1000);
		committed++;
	}
	assert_int_equal(committed, 10);
}

/* A read that breaks off anywhere is read again; its rows are never mixed
 * from two attempts, never cut short. */
static void
cut_result(void **state)
{
	uint64_t id;
	struct db_rows rows;
	long total, n;
	enum rc rc;
	size_t i;

	(void)state;
	for (id = 1; id <= 40; id++)
		assert_int_equal(tx_run(cx, add_body, &id), RC_OK);
	dbserver_end(cx);
	assert_int_equal(DB_ROWS(cx, T_LIST, &rows, DV_U64(40)), RC_OK);
	total = line->passed[ANSWER];
	for (n = (long)test_below(29); n < total; n += 29) {
		dbserver_end(cx);
		cutline_break(line, ANSWER, n, false, 1);
		rc = DB_ROWS(cx, T_LIST, &rows, DV_U64(40));
		if (rc == RC_BUSY) /* cut while connecting */
			continue;
		assert_int_equal(rc, RC_OK);
		assert_int_equal(rows.n, 40);
		for (i = 0; i < 40; i++) {
			assert_int_equal(dv_u64(rows.row[i], 0), i + 1);
			assert_string_equal(dv_str(rows.row[i], 1),
			    arena_fmt(ta, "text of %d", (int)i + 1));
		}
	}
}

#define DB_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    DB_TEST(answers_end),
	    DB_TEST(questions_end),
	    DB_TEST(answers_fall_silent),
	    DB_TEST(questions_fall_silent),
	    DB_TEST(lost_answer_to_commit),
	    DB_TEST(cut_result),
	};

	test_seed();
	dbserver();
	log_open(NULL, LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
