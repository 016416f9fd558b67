/* SPDX-License-Identifier: Apache-2.0 */
/* The line of a sale: fair, at its rate, and no place is given twice. */
#include "support/test.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "base/turn.h"

#define T0 (INT64_C(1700000000) * US_PER_S)

static void
no_line_without_a_rate(void **state)
{
	(void)state;
	assert_int_equal(turn_rate(5), 0);
	assert_int_equal(turn_take(5, T0).at, T0);
	turn_rate_set(5, 10);
	assert_int_equal(turn_rate(5), 10);
	turn_rate_set(5, 0);
	assert_int_equal(turn_rate(5), 0);
}

static void
in_the_order_of_arrival(void **state)
{
	struct turn t, last = {0, 0};
	int i, at_once = 0;

	(void)state;
	turn_rate_set(6, 10);
	for (i = 0; i < 100; i++) {
		t = turn_take(6, T0 + i);
		assert_true(t.at >= last.at);
		assert_int_equal(t.number, last.number + 1);
		at_once += t.at <= T0 + i;
		last = t;
	}
	/* a second's worth at once, the last nine seconds later */
	assert_int_equal(at_once, 10);
	assert_in_range(last.at, T0 + 9 * US_PER_S - US_PER_S / 10,
	    T0 + 9 * US_PER_S + US_PER_S / 10);
	/* what nobody used is not saved up */
	for (i = 0, at_once = 0; i < 100; i++)
		at_once += turn_take(6, T0 + 3600 * US_PER_S).at ==
			   T0 + 3600 * US_PER_S;
	assert_int_equal(at_once, 10);
}

static void
another_sale_has_its_own(void **state)
{
	int i;

	(void)state;
	turn_rate_set(7, 1);
	for (i = 0; i < 50; i++)
		(void)turn_take(7, T0);
	turn_rate_set(8, 1);
	assert_int_equal(turn_take(8, T0).at, T0);
	/* the same place in the table: a new line */
	turn_rate_set(7 + 256, 1);
	assert_int_equal(turn_rate(7), 0);
	assert_int_equal(turn_take(7 + 256, T0).number, 1);
	/* the end of a sale does not end another one's */
	turn_rate_set(7, 0);
	assert_int_equal(turn_rate(7 + 256), 1);
}

enum { EACH = 1000, PROCESSES = 4 };

static void
shared_by_the_workers(void **state)
{
	struct turn t;
	int i, k, status;

	(void)state;
	assert_int_equal(turn_open(), RC_OK);
	turn_rate_set(9, 1000);
	for (k = 0; k < PROCESSES; k++) {
		if (fork() != 0)
			continue;
		for (i = 0; i < EACH; i++)
			(void)turn_take(9, T0);
		_exit(0);
	}
	for (k = 0; k < PROCESSES; k++)
		assert_true(wait(&status) > 0 && status == 0);
	t = turn_take(9, T0);
	assert_int_equal(t.number, PROCESSES * EACH + 1);
	assert_int_equal(t.at, T0 + (PROCESSES - 1) * US_PER_S + 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_line_without_a_rate),
	    cmocka_unit_test(in_the_order_of_arrival),
	    cmocka_unit_test(another_sale_has_its_own),
	    cmocka_unit_test(shared_by_the_workers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
