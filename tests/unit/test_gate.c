/* SPDX-License-Identifier: Apache-2.0 */
/* The gate: remembers for a moment only, and never the wrong thing. */
#include "support/test.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/gate.h"

enum { MS = 1000, SKUS = 4096 /* in the table */ };

static void
ends_by_itself(void **state)
{
	int64_t t = INT64_C(5000000) * MS;

	(void)state;
	assert_int_equal(gate_look(7, t), GATE_FREE);
	gate_shut(7, GATE_SOLD_OUT, t, 1000);
	assert_int_equal(gate_look(7, t + 1 * MS), GATE_SOLD_OUT);
	assert_int_equal(gate_look(7, t + 700 * MS), GATE_SOLD_OUT);
	assert_int_equal(gate_look(7, t + 1000 * MS), GATE_FREE);
	/* nor is it true before it was seen, as after a clock that wrapped */
	assert_int_equal(gate_look(7, t - 2000 * MS), GATE_FREE);
}

static void
one_looks_again_before_the_end(void **state)
{
	int64_t t = INT64_C(6000000) * MS;
	int i, sent = 0;

	(void)state;
	gate_shut(8, GATE_OVER, t, 1000);
	for (i = 0; i < 100; i++)
		sent += gate_look(8, t + (800 + i) * MS) == GATE_FREE;
	assert_int_equal(sent, 1);
	/* it brought the fresh answer */
	gate_shut(8, GATE_OVER, t + 850 * MS, 1000);
	assert_int_equal(gate_look(8, t + 1100 * MS), GATE_OVER);
}

static void
never_anothers_answer(void **state)
{
	int64_t t = INT64_C(7000000) * MS;
	uint64_t sku;

	(void)state;
	gate_shut(9, GATE_SOLD_OUT, t, 1000);
	for (sku = 1; sku < 5 * SKUS; sku++)
		assert_int_equal(
		    gate_look(sku, t), sku == 9 ? GATE_SOLD_OUT : GATE_FREE);
	/* the same place: the later one stays */
	gate_shut(9 + SKUS, GATE_NOT_YET, t, 1000);
	assert_int_equal(gate_look(9, t), GATE_FREE);
	assert_int_equal(gate_look(9 + SKUS, t), GATE_NOT_YET);
	gate_clear(9);
	assert_int_equal(gate_look(9 + SKUS, t), GATE_NOT_YET);
	gate_clear(9 + SKUS);
	assert_int_equal(gate_look(9 + SKUS, t), GATE_FREE);
	/* numbers that do not fit are not remembered */
	gate_shut(UINT64_MAX - 1, GATE_SOLD_OUT, t, 1000);
	assert_int_equal(gate_look(UINT64_MAX - 1, t), GATE_FREE);
	assert_int_equal(gate_look((UINT64_MAX - 1) & 0xffffff, t), GATE_FREE);
}

static void
no_longer_than_the_limit(void *arg)
{
	(void)arg;
	gate_shut(1, GATE_SOLD_OUT, 0, GATE_MS_MAX + 1);
}

static void
limits(void **state)
{
	int64_t t = INT64_C(8000000) * MS;

	(void)state;
	assert_true(test_aborts(no_longer_than_the_limit, NULL));
	gate_shut(10, GATE_SOLD_OUT, t, 0);
	assert_int_equal(gate_look(10, t), GATE_FREE);
}

static void
stock_is_a_hint(void **state)
{
	int64_t t = INT64_C(9500000) * MS;
	uint64_t n = 0;

	(void)state;
	assert_false(gate_stock_get(12, t, &n));
	gate_stock_put(12, t, 7);
	assert_true(gate_stock_get(12, t + 60000 * MS, &n));
	assert_int_equal(n, 7);
	assert_false(gate_stock_get(12 + SKUS, t, &n));
	assert_false(gate_stock_get(12, t + 1000000 * MS, &n));
	gate_stock_put(12, t, 1000000);
	assert_true(gate_stock_get(12, t, &n));
	assert_int_equal(n, 65535);
}

static void
what_is_asked_for_is_known_for_a_minute(void **state)
{
	int64_t t = INT64_C(9700000) * MS;
	unsigned level = 9;

	(void)state;
	assert_false(gate_work_get(13, t, &level));
	gate_work_put(13, t, 2);
	assert_true(gate_work_get(13, t + 60000 * MS, &level));
	assert_int_equal(level, 2);
	assert_false(gate_work_get(13, t + 62000 * MS, &level));
	assert_false(gate_work_get(13 + SKUS, t, &level));
	/* that nothing is asked for is known, too */
	gate_work_put(13, t, 0);
	assert_true(gate_work_get(13, t, &level));
	assert_int_equal(level, 0);
	/* beside the stock, not instead of it */
	gate_stock_put(13, t, 7);
	assert_true(gate_work_get(13, t, &level));
	assert_int_equal(level, 0);
}

static void
forms(void **state)
{
	/* two of one second: they begin alike */
	uint8_t a[16] = {1, 2, 3, [15] = 1}, b[16] = {1, 2, 3, [15] = 2};
	uint8_t zero[16] = {0};

	(void)state;
	assert_false(gate_form_marked(a));
	gate_form_mark(a);
	assert_true(gate_form_marked(a));
	assert_false(gate_form_marked(b));
	gate_form_clear(b);
	assert_true(gate_form_marked(a));
	gate_form_clear(a);
	assert_false(gate_form_marked(a));
	assert_false(gate_form_marked(zero));
	gate_form_mark(zero);
	assert_true(gate_form_marked(zero));
}

static void
shared_by_the_children(void **state)
{
	int64_t t = INT64_C(9000000) * MS;
	uint8_t a[16] = {9};
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(gate_open(), RC_OK);
	pid = fork();
	if (pid == 0) {
		gate_shut(11, GATE_SOLD_OUT, t, 1000);
		gate_form_mark(a);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(gate_look(11, t), GATE_SOLD_OUT);
	assert_true(gate_form_marked(a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ends_by_itself),
	    cmocka_unit_test(one_looks_again_before_the_end),
	    cmocka_unit_test(never_anothers_answer),
	    cmocka_unit_test(limits),
	    cmocka_unit_test(stock_is_a_hint),
	    cmocka_unit_test(what_is_asked_for_is_known_for_a_minute),
	    cmocka_unit_test(forms),
	    cmocka_unit_test(shared_by_the_children),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
