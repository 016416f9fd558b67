/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "web/rate.h"

enum { PER_MINUTE = 60, KIND = 4 };

static struct rate_table *t;

static int
setup(void **state)
{
	(void)state;
	t = rate_open(12345);
	return t == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	rate_close(t);
	return 0;
}

static unsigned
take_many(const char *who, int64_t now_ms, unsigned tries)
{
	unsigned i, got = 0, wait;

	for (i = 0; i < tries; i++)
		got += rate_take(t, KIND, who, PER_MINUTE, now_ms, &wait);
	return got;
}

static void
a_minute_at_once_then_no_more(void **state)
{
	unsigned wait = 0;

	(void)state;
	assert_int_equal(take_many("192.0.2.1", 1000, 100), PER_MINUTE);
	assert_false(rate_take(t, KIND, "192.0.2.1", PER_MINUTE, 1000, &wait));
	assert_true(wait >= 1 && wait <= 2);
}

static void
tokens_come_back_with_time(void **state)
{
	(void)state;
	take_many("192.0.2.1", 1000, 100);
	assert_int_equal(take_many("192.0.2.1", 1500, 9), 0);
	assert_int_equal(take_many("192.0.2.1", 2100, 9), 1);
	assert_int_equal(take_many("192.0.2.1", 12100, 99), 10);
	/* never more than a minute's worth */
	assert_int_equal(
	    take_many("192.0.2.1", 10 * 60 * 1000, 999), PER_MINUTE);
}

static void
wait_is_long_enough(void **state)
{
	unsigned wait;

	(void)state;
	while (rate_take(t, KIND, "a", 1, 5000, &wait))
		;
	assert_in_range(wait, 60, 61);
	assert_true(
	    rate_take(t, KIND, "a", 1, 5000 + (int64_t)wait * 1000, &wait));
}

static void
addresses_and_kinds_are_apart(void **state)
{
	unsigned wait;

	(void)state;
	take_many("192.0.2.1", 1000, 100);
	assert_true(rate_take(t, KIND, "192.0.2.2", PER_MINUTE, 1000, &wait));
	assert_true(
	    rate_take(t, KIND + 1, "192.0.2.1", PER_MINUTE, 1000, &wait));
}

static void
zero_is_no_limit(void **state)
{
	unsigned wait, i;

	(void)state;
	for (i = 0; i < 10000; i++)
		assert_true(rate_take(t, KIND, "x", 0, 1000, &wait));
	assert_true(rate_take(NULL, KIND, "x", 1, 1000, &wait));
}

/* The clock's 32 bits run over after 49 days. */
static void
clock_wraps(void **state)
{
	int64_t edge = INT64_C(1) << 32;

	(void)state;
	take_many("a", edge - 500, 100);
	assert_int_equal(take_many("a", edge - 500, 9), 0);
	assert_int_equal(take_many("a", edge + 600, 9), 1);
}

/* Another worker's look a moment later than our clock reading must not give
 * tokens for 49 days. */
static void
clock_steps_back(void **state)
{
	(void)state;
	take_many("a", 100000, 100);
	assert_int_equal(take_many("a", 99990, 9), 0);
	assert_int_equal(take_many("a", 100010, 9), 0);
}

/* Full buckets are given up first: one that is spent survives a crowd. */
static void
crowd_does_not_forgive(void **state)
{
	char who[32];
	unsigned i, wait;

	(void)state;
	take_many("spent", 1000, 100);
	for (i = 0; i < 200000; i++) {
		snprintf(who, sizeof(who), "10.%u.%u.%u", i >> 16, i >> 8 & 255,
		    i & 255);
		rate_take(t, KIND, who, PER_MINUTE, 1000, &wait);
	}
	assert_int_equal(take_many("spent", 1000, 9), 0);
}

/* Workers share the table: four processes together get one minute's worth. */
static void
shared_over_fork(void **state)
{
	enum { KIDS = 4 };
	pid_t pid[KIDS];
	int status, i;
	unsigned sum = 0;

	(void)state;
	for (i = 0; i < KIDS; i++) {
		pid[i] = fork();
		assert_true(pid[i] >= 0);
		if (pid[i] == 0)
			_exit((int)take_many("a", 1000, 50));
	}
	for (i = 0; i < KIDS; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_true(WIFEXITED(status));
		sum += (unsigned)WEXITSTATUS(status);
	}
	/* two that meet on a fresh bucket may both find it full once */
	assert_in_range(sum, PER_MINUTE, PER_MINUTE + KIDS);
}

#define RATE_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    RATE_TEST(a_minute_at_once_then_no_more),
	    RATE_TEST(tokens_come_back_with_time),
	    RATE_TEST(wait_is_long_enough),
	    RATE_TEST(addresses_and_kinds_are_apart),
	    RATE_TEST(zero_is_no_limit),
	    RATE_TEST(clock_wraps),
	    RATE_TEST(clock_steps_back),
	    RATE_TEST(crowd_does_not_forgive),
	    RATE_TEST(shared_over_fork),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
