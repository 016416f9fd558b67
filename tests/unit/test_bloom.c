/* SPDX-License-Identifier: Apache-2.0 */
/* Never "no" to what was added, hardly ever "maybe" to what was not, the same
 * in every process. */
#include "support/test.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bloom.h"

enum { KEYS = 20000 };

static struct span
key(char to[32], const char *kind, unsigned i)
{
	int n = snprintf(to, 32, "%s:%u", kind, i);

	return (struct span){to, (size_t)n};
}

static unsigned
maybes(const struct bloom *b, const char *kind)
{
	unsigned i, n = 0;
	char t[32];

	for (i = 0; i < KEYS; i++)
		n += bloom_maybe(b, key(t, kind, i));
	return n;
}

static void
add_all(struct bloom *b, const char *kind)
{
	unsigned i;
	char t[32];

	for (i = 0; i < KEYS; i++)
		bloom_add(b, key(t, kind, i));
}

static void
yes_and_no(void **state)
{
	struct bloom *b = bloom_open(KEYS, test_rand());

	(void)state;
	assert_non_null(b);
	assert_int_equal(maybes(b, "in"), 0);
	add_all(b, "in");
	assert_int_equal(maybes(b, "in"), KEYS);
	/* one in a thousand is promised */
	assert_true(maybes(b, "out") <= KEYS / 1000);
	/* crowded it is less sharp, and no less honest */
	add_all(b, "more");
	assert_int_equal(maybes(b, "in"), KEYS);
	assert_int_equal(maybes(b, "more"), KEYS);
	assert_true(maybes(b, "out") <= KEYS / 40);
	bloom_close(b);
}

static void
odd_keys(void **state)
{
	static const char zeros[8];
	struct bloom *b = bloom_open(0, test_rand());
	struct span empty = {"", 0}, two = {zeros, 2};

	(void)state;
	assert_non_null(b);
	assert_false(bloom_maybe(b, empty));
	bloom_add(b, empty);
	bloom_add(b, two);
	assert_true(bloom_maybe(b, empty));
	assert_true(bloom_maybe(b, two));
	bloom_close(b);
	bloom_close(NULL);
}

static void
seeds_differ(void **state)
{
	struct bloom *a = bloom_open(KEYS, 1), *b = bloom_open(KEYS, 2);
	unsigned i, both = 0, one = 0;
	char t[32];

	(void)state;
	add_all(a, "in");
	add_all(b, "in");
	for (i = 0; i < 20 * KEYS; i++) {
		bool in_a = bloom_maybe(a, key(t, "out", i));

		one += in_a;
		both += in_a && bloom_maybe(b, key(t, "out", i));
	}
	/* what passes one filter by chance does not pass the other */
	assert_true(one > 0);
	assert_true(both * 10 <= one);
	bloom_close(a);
	bloom_close(b);
}

static void
shared_by_processes(void **state)
{
	struct bloom *b = bloom_open(2 * KEYS, test_rand());
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		add_all(b, "child");
		_exit(0);
	}
	add_all(b, "parent"); /* at the same time */
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(maybes(b, "child"), KEYS);
	assert_int_equal(maybes(b, "parent"), KEYS);
	bloom_close(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(yes_and_no),
	    TEST(odd_keys),
	    TEST(seeds_differ),
	    TEST(shared_by_processes),
	};

	return cmocka_run_group_tests_name("bloom", tests, NULL, NULL);
}
