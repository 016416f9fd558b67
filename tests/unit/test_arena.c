/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/bug.h"

static void
memory_is_zero_and_aligned(void **state)
{
	struct arena *a = arena_new(256, 1 << 20);
	unsigned char *p;
	size_t round, i, n;

	(void)state;
	for (round = 0; round < 50; round++) {
		for (n = 0; n < 700; n += 1 + test_below(90)) {
			p = arena_alloc(a, n);
			assert_non_null(p);
			assert_int_equal((uintptr_t)p % sizeof(void *), 0);
			for (i = 0; i < n; i++)
				assert_int_equal(p[i], 0);
			memset(p, 0xa5, n);
		}
		arena_reset(a);
	}
	arena_free(a);
}

/* Pieces do not overlap: each keeps the pattern written into it. */
static void
pieces_are_apart(void **state)
{
	enum { N = 300 };
	struct arena *a = arena_new(512, 1 << 24);
	unsigned char *p[N];
	size_t n[N], i, j;

	(void)state;
	for (i = 0; i < N; i++) {
		n[i] = (size_t)test_below(i % 7 == 0 ? 5000 : 64);
		p[i] = arena_alloc(a, n[i]);
		memset(p[i], (int)(i & 0xff), n[i]);
	}
	for (i = 0; i < N; i++)
		for (j = 0; j < n[i]; j++)
			assert_int_equal(p[i][j], i & 0xff);
	arena_free(a);
}

static void
texts_and_counts(void **state)
{
	struct arena *a = arena_new(128, 1 << 20);
	char *s;

	(void)state;
	s = arena_fmt(a, "%s-%d", "a", 7);
	assert_string_equal(s, "a-7");
	assert_string_equal(arena_str(a, ""), "");
	assert_memory_equal(arena_dup(a, "a\0b", 3), "a\0b", 4);
	assert_string_equal(arena_dup(a, NULL, 0), "");
	assert_true(arena_used(a) >= 4 + 1 + 4);
	assert_int_equal(arena_peak(a), arena_used(a));
	arena_reset(a);
	assert_int_equal(arena_used(a), 0);
	assert_true(arena_peak(a) > 0);
	arena_free(a);
	arena_free(NULL);
}

/* The NUL is inside the piece, whatever the length. */
static void
texts_end_inside(void **state)
{
	char *dup, *fmt;
	int n;

	(void)state;
	for (n = 0; n < 100; n++) {
		dup = arena_dup(ta,
		    "0123456789012345678901234567890123456789"
		    "0123456789012345678901234567890123456789"
		    "01234567890123456789",
		    (size_t)n);
		memset(arena_alloc(ta, 40), 0xa5, 40);
		assert_int_equal(strlen(dup), n);
		fmt = arena_fmt(ta, "%0*d", n + 1, 7);
		memset(arena_alloc(ta, 40), 0xa5, 40);
		assert_int_equal(strlen(fmt), n + 1);
	}
}

static char order[8];

static void
note(void *arg)
{
	order[strlen(order)] = *(const char *)arg;
}

static struct arena *nested;

static void
defer_again(void *arg)
{
	note(arg);
	arena_defer(nested, note, arena_str(nested, "n"));
}

static void
deferred_run_last_first(void **state)
{
	struct arena *a = arena_new(128, 1 << 20);

	(void)state;
	memset(order, 0, sizeof(order));
	nested = a;
	arena_defer(a, note, arena_str(a, "1"));
	arena_defer(a, note, arena_str(a, "2"));
	arena_defer(a, defer_again, arena_str(a, "3"));
	arena_reset(a);
	assert_string_equal(order, "3n21");
	arena_reset(a);
	assert_string_equal(order, "3n21"); /* once only */
	arena_free(a);
}

static void
array_too_big(void *arg)
{
	(void)arena_array(arg, SIZE_MAX / 2, 3);
}

static void
overflow_is_a_bug(void **state)
{
	(void)state;
	assert_true(test_aborts(array_too_big, ta));
	assert_non_null(arena_array(ta, 0, 8));
}

static void
hard_cap_ends_the_process(void **state)
{
	pid_t pid = fork();
	int status, i;

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		struct arena *a = arena_new(1024, 64 * 1024);

		close(STDERR_FILENO);
		for (i = 0; i < 100; i++)
			(void)arena_alloc(a, 1000);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
}

/* What is below the cap must be had, whatever the block sizes are. */
static void
the_cap_can_be_reached(void **state)
{
	struct arena *a = arena_new(1000, 100 * 1000);
	size_t i;

	(void)state;
	for (i = 0; i < 48; i++)
		(void)arena_alloc(a, 1024);
	assert_true(arena_used(a) >= 48 * 1024);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(memory_is_zero_and_aligned),
	    TEST(pieces_are_apart),
	    TEST(texts_and_counts),
	    TEST(texts_end_inside),
	    TEST(deferred_run_last_first),
	    TEST(overflow_is_a_bug),
	    TEST(hard_cap_ends_the_process),
	    TEST(the_cap_can_be_reached),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
