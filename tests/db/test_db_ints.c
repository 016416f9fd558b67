/* SPDX-License-Identifier: Apache-2.0 */
/* Statements whose parameters are all integers: they are bound once. */
#include "support/dbserver.h"
#include "support/test.h"

#include <string.h>

#include "io/db.h"

enum { T_INTS, T_INTS_MANY, T__N };

static const struct db_stmt table[T__N] = {
    {"ints", "SELECT ?, ?", "UI", "UI", false},
    {"ints_many", "SELECT CONCAT_WS(',', {{CONCAT(COALESCE(?, 'n'), ?)}})",
	"|Ui", "s", false},
};

static struct ctx cx[1];
static struct settings *set;

static int
setup(void **state)
{
	test_arena_setup(state);
	db_statements(table, T__N);
	dbserver_ctx(cx, &set, "t_db_ints");
	set->replica_sockets = "";
	return 0;
}

static int
teardown(void **state)
{
	dbserver_end(cx);
	return test_arena_teardown(state);
}

static void
ask_ints(struct dv a, struct dv b, struct db_row *r)
{
	assert_int_equal(DB_ROW(cx, T_INTS, r, a, b), RC_OK);
}

/* Nothing of one call is left in the next, and a list that is filled up stays
 * what it was. */
static void
integers_are_new_each_time(void **state)
{
	struct dv nine[18]; /* run in the size of sixteen */
	struct db_row r;
	struct db_rows rows;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		ask_ints(DV_U64(UINT64_MAX), DV_I64(INT64_MIN), &r);
		assert_true(dv_u64(r, 0) == UINT64_MAX);
		assert_true(dv_i64(r, 1) == INT64_MIN);
		ask_ints(DV_NULL, DV_I64(7), &r);
		assert_true(dv_null(r, 0) && dv_i64(r, 1) == 7);
		ask_ints(DV_U64(8), DV_NULL, &r);
		assert_true(dv_u64(r, 0) == 8 && dv_null(r, 1));
	}
	for (i = 0; i < 18; i++)
		nine[i] = i % 2 ? DV_I64(-i) : DV_U64_OR_NULL((uint64_t)i);
	assert_int_equal(
	    db_rows_many(cx, T_INTS_MANY, NULL, 0, nine, 9, &rows), RC_OK);
	assert_string_equal(dv_str(rows.row[0], 0),
	    "n-1,2-3,4-5,6-7,8-9,10-11,12-13,14-15,16-17,16-17,16-17,16-17,"
	    "16-17,16-17,16-17,16-17");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		integers_are_new_each_time, setup, teardown),
	};

	dbserver();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
