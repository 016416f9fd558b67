/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/time.h"

/* Logs into a new file, gives its text back. */
static const char *path;

static void
begin(enum log_level min)
{
	path = arena_fmt(ta, "%s/log", test_dir());
	unlink(path);
	assert_int_equal(log_open(path, min), RC_OK);
}

static char *
text(void)
{
	static char s[64 * 1024];
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, s, sizeof(s) - 1);

	assert_true(n >= 0);
	s[n] = '\0';
	close(fd);
	return s;
}

static json_t *
only_line(void)
{
	char *s = text(), *nl = strchr(s, '\n');
	json_t *j;

	assert_non_null(nl);
	assert_int_equal(nl[1], '\0');
	assert_true(strlen(s) <= PIPE_BUF);
	j = json_loads(s, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	if (j == NULL)
		fail_msg("not JSON: %s", s);
	return j;
}

static const char *
member(json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s != NULL ? s : "(none)";
}

static void
fields_are_typed(void **state)
{
	json_t *j;

	(void)state;
	begin(LOG_INFO);
	time_set_us(INT64_C(1769860803123456));
	log_program("unit");
	log_request("0123456789abcdef0123456789abcdef");
	log_event(LOG_WARN, "cache_down",
	    LF_STR("server", "a\"b\\c\n\x01\xff%s%n\xe5\x85\x85"),
	    LF_INT("ms", -20), LF_U64("big", INT64_MAX), LF_STR("absent", NULL),
	    LF_SPAN("span", SPAN_LIT("x\0y")));
	time_set_us(0);
	log_request(NULL);
	log_program(NULL);
	j = only_line();
	assert_string_equal(member(j, "t"), "2026-01-31T12:00:03.123456Z");
	assert_string_equal(member(j, "lvl"), "warn");
	assert_string_equal(member(j, "ev"), "cache_down");
	assert_string_equal(member(j, "prog"), "unit");
	assert_string_equal(
	    member(j, "req"), "0123456789abcdef0123456789abcdef");
	assert_string_equal(
	    member(j, "server"), "a\"b\\c\n\x01\xef\xbf\xbd%s%n\xe5\x85\x85");
	assert_int_equal(json_integer_value(json_object_get(j, "ms")), -20);
	assert_null(json_object_get(j, "absent"));
	assert_int_equal(
	    json_integer_value(json_object_get(j, "pid")), getpid());
	assert_non_null(strstr(text(), "\"big\":9223372036854775807"));
	assert_non_null(strstr(text(), "\"span\":\"x\\u0000y\""));
	json_decref(j);
	begin(LOG_INFO);
	log_event(LOG_INFO, "x", LF_U64("n", UINT64_MAX));
	assert_non_null(strstr(text(), "\"n\":18446744073709551615}\n"));
}

static void
levels_are_kept(void **state)
{
	(void)state;
	begin(LOG_WARN);
	log_event(LOG_INFO, "no");
	assert_string_equal(text(), "");
	log_event(LOG_WARN, "yes");
	json_decref(only_line());
}

/* Any length and any bytes: one line, at most PIPE_BUF, valid JSON, and what
 * was cut is marked. */
static void
long_fields_are_cut(void **state)
{
	char *big = arena_alloc(ta, 6001);
	json_t *j;
	size_t n, i;
	int round;

	(void)state;
	for (round = 0; round < 400; round++) {
		n = 3500 + (size_t)test_below(1500);
		for (i = 0; i < n; i++)
			big[i] =
			    (char)(test_below(3) == 0 ? test_rand() | 1
						      : 'a' + test_below(26));
		big[n] = '\0';
		begin(LOG_INFO);
		log_event(LOG_INFO, "long", LF_STR("a", big),
		    LF_STR("b", "behind"), LF_INT("c", 1), LF_STR("d", big));
		j = only_line();
		assert_true(json_is_integer(json_object_get(j, "cut")));
		assert_string_equal(member(j, "ev"), "long");
		json_decref(j);
	}
	/* the last field alone: a cut is marked all the same */
	memset(big, 'x', 6000);
	big[5000] = '\0';
	begin(LOG_INFO);
	log_event(LOG_INFO, "long", LF_STR("a", big));
	j = only_line();
	assert_true(json_is_integer(json_object_get(j, "cut")));
	json_decref(j);
	big[5000] = 'x';
	/* the exact edge, byte by byte */
	memset(big, 'x', 6000);
	for (n = 3900; n < 4100; n++) {
		big[n] = '\0';
		begin(LOG_INFO);
		log_event(LOG_INFO, "edge", LF_STR("a", big), LF_INT("c", 1),
		    LF_STR("d", ""));
		json_decref(only_line());
		big[n] = 'x';
	}
}

static void
reopens_after_rotation(void **state)
{
	char *old, long_path[2000] = "";
	struct stat st;

	(void)state;
	begin(LOG_INFO);
	log_event(LOG_INFO, "one");
	old = arena_fmt(ta, "%s.1", path);
	assert_int_equal(rename(path, old), 0);
	log_event(LOG_INFO, "two"); /* still the old file */
	log_reopen();
	log_event(LOG_INFO, "three");
	assert_non_null(strstr(text(), "three"));
	assert_null(strstr(text(), "two"));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0137, 0);
	/* the folder is gone: the old descriptor stays */
	assert_int_equal(log_open("/nonexistent/x", LOG_INFO), RC_FAIL);
	memset(long_path, '/', sizeof(long_path) - 1);
	assert_int_equal(log_open(long_path, LOG_INFO), RC_INVALID);
	log_event(LOG_INFO, "four");
	assert_non_null(strstr(text(), "four"));
}

static void
panics(void *arg)
{
	(void)arg;
	bug_context("feed", "/p/{slug}");
	BUG_ON(1 + 1 == 2);
}

static void
a_bug_names_its_request(void **state)
{
	json_t *j;

	(void)state;
	begin(LOG_INFO);
	assert_true(test_aborts(panics, NULL));
	j = only_line();
	assert_string_equal(member(j, "ev"), "bug");
	assert_string_equal(member(j, "request"), "feed");
	assert_string_equal(member(j, "route"), "/p/{slug}");
	assert_string_equal(member(j, "what"), "1 + 1 == 2");
	assert_string_equal(member(j, "func"), "panics");
	json_decref(j);
}

/* Several processes, one file: lines never mix. */
static void
lines_of_processes_do_not_mix(void **state)
{
	enum { CHILDREN = 4, LINES = 200 };
	char *big = arena_alloc(ta, 3001), *s, *nl;
	int i, k, n = 0;
	json_t *j;

	(void)state;
	begin(LOG_INFO);
	memset(big, 'm', 3000);
	for (i = 0; i < CHILDREN; i++) {
		if (fork() == 0) {
			for (k = 0; k < LINES; k++)
				log_event(LOG_INFO, "x", LF_STR("s", big));
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	s = arena_alloc(ta, 4 << 20);
	i = open(path, O_RDONLY);
	assert_true(read(i, s, (4 << 20) - 1) > 0);
	close(i);
	for (; (nl = strchr(s, '\n')) != NULL; s = nl + 1, n++) {
		*nl = '\0';
		j = json_loads(s, 0, NULL);
		assert_non_null(j);
		json_decref(j);
	}
	assert_int_equal(n, CHILDREN * LINES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(fields_are_typed),
	    TEST(levels_are_kept),
	    TEST(long_fields_are_cut),
	    TEST(reopens_after_rotation),
	    TEST(a_bug_names_its_request),
	    TEST(lines_of_processes_do_not_mix),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
