/* SPDX-License-Identifier: Apache-2.0 */
/* Counts as they were seen: of this SKU, not too old, never by halves. */
#include "support/test.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/seen.h"

enum { MS = 1000, PLACES = 8192 };

static const int64_t now = INT64_C(1800000000) * 1000 * MS;

static void
counts(void **state)
{
	uint64_t n = 77;
	int64_t at = 0;

	(void)state;
	assert_false(seen_get(1, now, &n, &at));
	seen_put(1, now, 0);
	seen_put(2, now, SEEN_COUNT_MAX);
	seen_put(3, now, SEEN_COUNT_MAX + 1);
	assert_true(seen_get(1, now + SEEN_US, &n, &at));
	assert_int_equal(n, 0);
	assert_int_equal(at, now);
	assert_true(seen_get(2, now, &n, &at));
	assert_int_equal(n, SEEN_COUNT_MAX);
	assert_false(seen_get(3, now, &n, &at));
	assert_false(seen_get(1, now + SEEN_US + MS, &n, &at));
	assert_false(seen_get(1, now - MS, &n, &at)); /* from the future */
	/* counted between two milliseconds it is no younger than it is */
	seen_put(4, now + MS - 1, 5);
	assert_true(seen_get(4, now + 3 * MS - 1, &n, &at));
	assert_true(at <= now + MS - 1 && at > now - MS);
	seen_put(4, now, 5);
	assert_true(seen_get(4, now + 3 * MS - 1, &n, &at));
	assert_int_equal(at, now);
	/* and not some other half second, seven weeks later */
	assert_false(seen_get(1, now + (INT64_C(1) << 31) * MS, &n, &at));
}

/* Two of one place: the later stays, and neither has the other's number. */
static void
one_place(void **state)
{
	uint64_t n;
	int64_t at;

	(void)state;
	seen_put(5, now, 50);
	seen_put(5 + PLACES, now, 60);
	assert_false(seen_get(5, now, &n, &at));
	assert_true(seen_get(5 + PLACES, now, &n, &at));
	assert_int_equal(n, 60);
	seen_put(0, now, 1);
	seen_put(UINT64_C(1) << 32, now, 1);
	assert_false(seen_get(0, now, &n, &at));
	assert_false(seen_get(UINT64_C(1) << 32, now, &n, &at));
}

/* Another process writes counts that follow from SKU and time. */
static void
never_by_halves(void **state)
{
	uint64_t n;
	int64_t at, t;
	int i, status, seen = 0;
	pid_t pid;

	(void)state;
	assert_int_equal(seen_open(), RC_OK);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		for (i = 0; i < 2000000; i++) {
			t = now + i % 400 * MS;
			seen_put(i & 1 ? 9 : 9 + PLACES, t,
			    (uint64_t)(t / MS % 5000 * 2 + (i & 1)));
		}
		_exit(0);
	}
	for (i = 0; i < 2000000; i++) {
		if (!seen_get(9, now + 400 * MS, &n, &at))
			continue;
		seen++;
		assert_int_equal(n, at / MS % 5000 * 2 + 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	seen_put(9, now, 4);
	assert_true(seen_get(9, now, &n, &at) && n == 4);
	(void)seen;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(counts),
	    TEST(one_place),
	    TEST(never_by_halves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
