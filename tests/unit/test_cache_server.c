/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cache when its server stops, dies or was never there: a bounded number
 * of waits and nothing else.
 */
#include "support/cachebox.h"

#include <signal.h>
#include <unistd.h>

#include "base/metric.h"
#include "base/time.h"
#include "io/cache.h"

/* Questions that found no answer: each of them waited for the time-out.  What
 * was not asked is not counted, so this tells waiting from skipping without
 * looking at a clock. */
static uint64_t
waits(void)
{
	return metric_value(METRIC_cache_errors_total, NULL);
}

/* Other units of work until the value is there again: a breaker waits a
 * second and more before it asks. */
static bool
comes_back(const char *key, const char *value)
{
	struct span got;
	int i;

	for (i = 0; i < 3000; i++) {
		next_unit();
		if (cache_get(&box_cx, key, &got) == RC_OK) {
			/* its own value, not a late answer about another */
			assert_span(got, value);
			return true;
		}
		(void)usleep(10000);
	}
	return false;
}

/* R11, K1, K3: a server that stands still. */
static void
stopped_server(void **state)
{
	int64_t tripped;
	uint64_t before;
	int i;

	(void)state;
	use(box_path, KEYS_A);
	cache_set(&box_cx, "a", SPAN_LIT("value of a"), 600);
	cache_set(&box_cx, "b", SPAN_LIT("value of b"), 600);
	assert_true(holds("a", "value of a"));
	drop();
	use_for(box_path, KEYS_A, SHORT_MS);
	assert_int_equal(kill(box_server, SIGSTOP), 0);
	before = waits();
	assert_true(absent("a"));
	for (i = 0; i < 50; i++) /* the rest of the request skips it */
		assert_true(absent("b"));
	assert_int_equal(waits() - before, 1);
	for (i = 0; i < 2; i++) {
		next_unit();
		assert_true(absent("a"));
	}
	tripped = time_mono_us();
	assert_int_equal(waits() - before, 3);
	for (i = 0; i < 50; i++) { /* the breaker is open: nobody asks */
		next_unit();
		assert_true(absent("a"));
		cache_set(&box_cx, "c", SPAN_LIT("x"), 60);
		cache_bump(&box_cx, "g");
	}
	/* or this machine slept through the whole pause */
	assert_true(
	    waits() - before == 3 || time_mono_us() - tripped > US_PER_S);
	assert_int_equal(kill(box_server, SIGCONT), 0);
	assert_true(comes_back("b", "value of b"));
	assert_true(comes_back("a", "value of a"));
	drop();
}

static void
restarted_server(void **state)
{
	uint64_t before;
	int i;

	(void)state;
	use(box_path, KEYS_A);
	cache_set(&box_cx, "r", SPAN_LIT("x"), 60);
	assert_true(holds("r", "x"));
	box_stop();
	before = waits();
	for (i = 0; i < 2; i++) {
		next_unit();
		assert_true(absent("r"));
	}
	assert_int_equal(waits() - before, 2);
	box_start();
	for (i = 0; i < 3000; i++) {
		next_unit();
		cache_set(&box_cx, "r", SPAN_LIT("again"), 60);
		if (holds("r", "again"))
			break;
		(void)usleep(10000);
	}
	assert_true(i < 3000);
	drop();
}

static void
no_server(void **state)
{
	int i;

	(void)state;
	use_for("/nonexistent/memcached.sock", KEYS_A, SHORT_MS);
	assert_non_null(box_cx.cache);
	for (i = 0; i < 5; i++) {
		assert_true(absent("x"));
		cache_set(&box_cx, "x", SPAN_LIT("x"), 60);
		next_unit();
	}
	drop();
	use_for("127.0.0.1:1", KEYS_A, SHORT_MS); /* refused */
	assert_true(absent("x"));
	drop();
	use("", KEYS_A);
	assert_null(box_cx.cache);
	assert_true(absent("x"));
	cache_set(&box_cx, "x", SPAN_LIT("x"), 60);
	cache_forget(&box_cx, "x");
	cache_bump(&box_cx, "x");
	drop();
}

/* K6: of two servers one is dead.  Its keys are missing and do not move to
 * the other, whose keys work on; once its breaker is open nobody waits. */
static void
one_of_two(void **state)
{
	enum { KEYS = 60, TRIP_AFTER = 3 };
	int64_t start = time_mono_us();
	uint64_t before = waits();
	int i, hits = 0;

	(void)state;
	use(arena_fmt(ta, "%s /nonexistent/memcached.sock", box_path), KEYS_A);
	for (i = 0; i < KEYS; i++) {
		next_unit();
		cache_set(
		    &box_cx, arena_fmt(ta, "two%d", i), SPAN_LIT("x"), 60);
	}
	for (i = 0; i < KEYS; i++) {
		next_unit();
		hits += holds(arena_fmt(ta, "two%d", i), "x");
	}
	/* three until it opened, one more a second from then on */
	assert_true(
	    waits() - before <=
	    TRIP_AFTER + (uint64_t)((time_mono_us() - start) / US_PER_S));
	assert_true(hits > KEYS / 6 && hits < KEYS - KEYS / 6);
	drop();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(stopped_server),
	    TEST(restarted_server),
	    TEST(no_server),
	    TEST(one_of_two),
	};

	if (system("command -v memcached >/dev/null") != 0)
		test_skip_all("no memcached");
	return cmocka_run_group_tests(tests, box_setup, box_teardown);
}
