/* SPDX-License-Identifier: Apache-2.0 */
/* The breaker: closed, open, half-open, and who may call in each. */
#include "support/test.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/breaker.h"
#include "base/metric.h"

#define MS INT64_C(1000)
#define T0 (INT64_C(1000000) * MS)

static void
failing(const char *name, int64_t now)
{
	enum breaker_pass p = breaker_enter(name, now);

	assert_int_not_equal(p, BREAKER_NO);
	breaker_leave(name, p, false, now);
}

static void
trips_and_closes(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < BREAKER_TRIP; i++) {
		assert_int_equal(breaker_look("a", T0), BREAKER_CLOSED);
		failing("a", T0);
	}
	assert_int_equal(breaker_look("a", T0), BREAKER_OPEN);
	assert_int_equal(metric_value(METRIC_breaker_state, "a"), 2);
	assert_int_equal(breaker_enter("a", T0 + 999 * MS), BREAKER_NO);
	/* others are not touched */
	assert_int_equal(breaker_enter("b", T0), BREAKER_GO);

	assert_int_equal(breaker_look("a", T0 + 1000 * MS), BREAKER_HALF_OPEN);
	assert_int_equal(breaker_enter("a", T0 + 1000 * MS), BREAKER_PROBE);
	assert_int_equal(metric_value(METRIC_breaker_state, "a"), 1);
	assert_int_equal(breaker_enter("a", T0 + 1001 * MS), BREAKER_NO);
	breaker_leave("a", BREAKER_PROBE, true, T0 + 1100 * MS);
	assert_int_equal(metric_value(METRIC_breaker_state, "a"), 0);
	assert_int_equal(breaker_enter("a", T0 + 1101 * MS), BREAKER_GO);
}

static void
a_success_starts_the_count_anew(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 10; i++) {
		failing("c", T0);
		failing("c", T0);
		breaker_leave("c", breaker_enter("c", T0), true, T0);
	}
	assert_int_equal(breaker_look("c", T0), BREAKER_CLOSED);
}

static void
pauses_double_to_their_limit(void **state)
{
	int64_t now = T0, pause = BREAKER_PAUSE_MS;
	int i;

	(void)state;
	for (i = 0; i < BREAKER_TRIP; i++)
		failing("d", now);
	for (i = 0; i < 8; i++) {
		assert_int_equal(
		    breaker_enter("d", now + (pause - 1) * MS), BREAKER_NO);
		now += pause * MS;
		assert_int_equal(breaker_enter("d", now), BREAKER_PROBE);
		breaker_leave("d", BREAKER_PROBE, false, now);
		pause = pause * 2 < BREAKER_PAUSE_MAX_MS ? pause * 2
							 : BREAKER_PAUSE_MAX_MS;
	}
}

/* Calls that were under way when it tripped say nothing new. */
static void
stragglers_do_not_lengthen_the_pause(void **state)
{
	enum breaker_pass p[10];
	int i;

	(void)state;
	for (i = 0; i < 10; i++)
		p[i] = breaker_enter("e", T0);
	for (i = 0; i < 10; i++)
		breaker_leave("e", p[i], false, T0 + i * MS);
	assert_int_equal(
	    breaker_enter("e", T0 + (1000 + BREAKER_TRIP) * MS), BREAKER_PROBE);
}

static void
a_dead_probe_is_replaced(void **state)
{
	int i, status;
	pid_t pid;

	(void)state;
	assert_int_equal(breaker_open(), RC_OK);
	for (i = 0; i < BREAKER_TRIP; i++)
		failing("f", T0);
	pid = fork();
	if (pid == 0)
		_exit(breaker_enter("f", T0 + 1000 * MS) == BREAKER_PROBE ? 0
									  : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(breaker_enter("f", T0 + 30000 * MS), BREAKER_NO);
	assert_int_equal(breaker_enter("f", T0 + 31000 * MS), BREAKER_PROBE);
}

static void
a_full_table_lets_all_through(void **state)
{
	char name[16];
	int i, k;

	(void)state;
	for (i = 0; i < 400; i++) {
		(void)snprintf(name, sizeof(name), "n%d", i);
		for (k = 0; k < BREAKER_TRIP; k++)
			if (breaker_enter(name, T0) != BREAKER_NO)
				breaker_leave(name, BREAKER_GO, false, T0);
	}
	assert_int_equal(breaker_enter("n399", T0), BREAKER_GO);
	assert_int_equal(breaker_enter("n0", T0), BREAKER_NO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(trips_and_closes),
	    cmocka_unit_test(a_success_starts_the_count_anew),
	    cmocka_unit_test(pauses_double_to_their_limit),
	    cmocka_unit_test(stragglers_do_not_lengthen_the_pause),
	    cmocka_unit_test(a_dead_probe_is_replaced),
	    cmocka_unit_test(a_full_table_lets_all_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
