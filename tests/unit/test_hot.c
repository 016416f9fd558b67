/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages in shared memory: what comes back is what was put, whole or not at
 * all, with any number of writers, and after some of them died at it.
 */
#include "support/test.h"

#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/hot.h"
#include "base/time.h"

enum { PLACES = 8, S = 1000 * 1000 };

static struct hot_value
value_of(const char *text, size_t n)
{
	struct span bytes = {text, n};

	return (struct hot_value){
	    .bytes = bytes, .digest = digest_of(bytes), .born = 5, .note = 6};
}

static void
put(const char *key, const char *text, int64_t now)
{
	struct hot_value v = value_of(text, strlen(text));

	hot_put(span_str(key), &v, now, now + S / 2, now + S);
}

/* Asked twice: the first at its soft age is sent away. */
static const char *
get(const char *key, int64_t now)
{
	struct hot_value v;

	if (hot_get(ta, span_str(key), now, &v) != RC_OK &&
	    hot_get(ta, span_str(key), now, &v) != RC_OK)
		return NULL;
	assert_int_equal(v.born, 5);
	assert_int_equal(v.note, 6);
	return v.bytes.p;
}

/* First of all: hot_open() is for good. */
static void
nothing_without_memory(void **state)
{
	(void)state;
	put("k", "v", 1);
	assert_null(get("k", 2));
	assert_int_equal(hot_open(0), RC_OK);
	put("k", "v", 1);
	assert_null(get("k", 2));
	assert_int_equal(hot_open(PLACES), RC_OK);
	assert_null(get("k", 2));
}

static void
what_was_put(void **state)
{
	(void)state;
	put("k", "one", S);
	put("kk", "", S);
	assert_string_equal(get("k", S), "one");
	assert_string_equal(get("k", S + S - 1), "one");
	assert_string_equal(get("kk", S), "");
	assert_null(get("k", S + S));
	assert_null(get("k", 1)); /* no clock of another kind */
	assert_null(get("K", S));
	put("k", "two", S);
	assert_string_equal(get("k", S), "two");
}

static void
too_much(void **state)
{
	char *big = arena_alloc(ta, HOT_BYTES + 2);
	char *key = arena_alloc(ta, HOT_KEY + 2);

	(void)state;
	memset(big, 'b', HOT_BYTES + 1);
	memset(key, 'k', HOT_KEY + 1);
	put("big", big, S);
	assert_null(get("big", S));
	put(key, "v", S);
	assert_null(get(key, S));
	big[HOT_BYTES] = key[HOT_KEY] = '\0';
	put(key, big, S);
	assert_string_equal(get(key, S), big);
}

/* At the soft age one goes, the others are served; when he does not come
 * back, another one goes. */
static void
one_is_sent(void **state)
{
	struct hot_value v;
	int64_t now = 10 * (int64_t)S, at;
	int i, sent = 0;

	(void)state;
	put("k", "v", now);
	for (i = 0; i < 10; i++)
		assert_int_equal(
		    hot_get(ta, SPAN_LIT("k"), now + S / 2 - 1, &v), RC_OK);
	for (i = 0; i < 10; i++)
		sent += hot_get(ta, SPAN_LIT("k"), now + S / 2, &v) != RC_OK;
	assert_int_equal(sent, 1);
	at = now + S / 2 + 300 * 1000;
	for (i = 0; i < 10; i++)
		sent += hot_get(ta, SPAN_LIT("k"), at, &v) != RC_OK;
	assert_int_equal(sent, 2);
	put("k", "w", now + S / 2);
	assert_int_equal(hot_get(ta, SPAN_LIT("k"), now + S / 2, &v), RC_OK);
	assert_string_equal(v.bytes.p, "w");
}

/* More keys than places: the memory holds some of them, all of them right. */
static void
more_than_fit(void **state)
{
	const char *key, *got;
	int i, n = 0;

	(void)state;
	for (i = 0; i < 100; i++) {
		key = arena_fmt(ta, "key%d", i);
		put(key, key, 20 * (int64_t)S + i);
		assert_string_equal(get(key, 20 * (int64_t)S + i), key);
	}
	for (i = 0; i < 100; i++) {
		key = arena_fmt(ta, "key%d", i);
		got = get(key, 20 * (int64_t)S + 100);
		n += got != NULL;
		if (got != NULL)
			assert_string_equal(got, key);
	}
	assert_true(n >= PLACES / 2 && n <= PLACES);
}

/* ---- several processes */

/* Values of one letter, any length, under a few keys. */
static void
write_some(unsigned seed, int rounds)
{
	char *text = arena_alloc(ta, HOT_BYTES + 1);
	int i;

	for (i = 0; i < rounds; i++) {
		unsigned r = seed = seed * 1103515245 + 12345;
		size_t n = 1 + (r >> 8) % HOT_BYTES;
		char key[2] = {(char)('a' + (r >> 4) % 3), '\0'};

		memset(text, 'A' + (int)(r >> 24) % 26, n);
		text[n] = '\0';
		put(key, text, 30 * (int64_t)S);
	}
}

static pid_t
writer(unsigned seed, int rounds)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		write_some(seed, rounds);
		_exit(0);
	}
	return pid;
}

/* All of one letter; how many were whole. */
static int
read_some(int rounds)
{
	struct hot_value v;
	int i, whole = 0;
	size_t k;

	for (i = 0; i < rounds; i++) {
		char key[2] = {(char)('a' + i % 3), '\0'};

		if (hot_get(ta, span_str(key), 30 * (int64_t)S, &v) != RC_OK)
			continue;
		whole++;
		for (k = 1; k < v.bytes.n; k++)
			if (v.bytes.p[k] != v.bytes.p[0])
				fail_msg("torn at %zu of %zu", k, v.bytes.n);
		arena_reset(ta);
	}
	return whole;
}

static void
never_by_halves(void **state)
{
	pid_t pid[3];
	int i, status, whole;

	(void)state;
	for (i = 0; i < 3; i++)
		pid[i] = writer((unsigned)i + 1, 3000);
	whole = read_some(3000);
	for (i = 0; i < 3; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
	whole += read_some(30);
	assert_true(whole > 0);
}

/* Writers that are killed at it leave places that the next ones take over. */
static void
writers_die(void **state)
{
	int64_t later = 40 * (int64_t)S;
	pid_t pid;
	int i;

	(void)state;
	for (i = 0; i < 40; i++) {
		pid = writer((unsigned)i, 1 << 30);
		(void)read_some(10);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
	}
	(void)read_some(100);
	for (i = 0; i < 3; i++) {
		char key[2] = {(char)('a' + i), '\0'};

		put(key, "after", later);
		assert_string_equal(get(key, later), "after");
	}
}

static void
one_makes_it(void **state)
{
	struct span k = SPAN_LIT("made"), other = SPAN_LIT("other");
	int64_t now = 7 * S;

	(void)state;
	assert_false(hot_being_made(k, now));
	assert_true(hot_make(k, now));
	assert_false(hot_make(k, now + 1000));
	assert_true(hot_being_made(k, now + 249 * 1000));
	assert_false(hot_being_made(other, now));
	assert_true(hot_make(other, now));
	hot_made(k);
	assert_false(hot_being_made(k, now + 1000));
	assert_true(hot_being_made(other, now + 1000));
	/* one who does not come back is waited for a quarter of a second */
	assert_true(hot_make(k, now + 2000));
	assert_false(hot_make(k, now + 251 * 1000));
	assert_true(hot_make(k, now + 252 * 1000));
	assert_false(hot_make(k, now + 253 * 1000));
	hot_made(k);
	hot_made(k);
	assert_true(hot_make(k, now + 254 * 1000));
	hot_made(k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(nothing_without_memory),
	    TEST(what_was_put),
	    TEST(too_much),
	    TEST(one_is_sent),
	    TEST(one_makes_it),
	    TEST(more_than_fit),
	    TEST(never_by_halves),
	    TEST(writers_die),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
