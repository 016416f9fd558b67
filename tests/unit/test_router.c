/* SPDX-License-Identifier: Apache-2.0 */
#include "support/webtest.h"

#include <stdio.h>

#include "web/router.h"

static struct request *
request(enum method m, const char *path)
{
	struct request *rq;

	wt_begin();
	rq = request_new(&wt_cx);
	rq->method = m;
	rq->path = path;
	return rq;
}

static const char *
match(enum method m, const char *path)
{
	struct request *rq = request(m, path);
	const char *allow = NULL;

	if (router_match(&wt_cx, POOL_EVERY, rq, &allow) != HTTP_PASS)
		return allow == NULL ? "none" : allow;
	return rq->route->name;
}

static void
literals_and_names(void **state)
{
	struct request *rq = request(METHOD_POST, "/pay/notify/epay/ABC");
	const char *allow;

	(void)state;
	assert_int_equal(
	    router_match(&wt_cx, POOL_EVERY, rq, &allow), HTTP_PASS);
	assert_string_equal(rq->route->name, "notify_order");
	assert_string_equal(path_param(rq, "channel"), "epay");
	assert_string_equal(path_param(rq, "no"), "ABC");
	assert_string_equal(match(METHOD_GET, "/healthz"), "page_healthz");
	assert_string_equal(match(METHOD_HEAD, "/healthz"), "page_healthz");
	assert_string_equal(match(METHOD_GET, "/"), "page_home");
}

static void
no_half_matches(void **state)
{
	static const char *const none[] = {"/healthz/", "/health", "/healthzz",
	    "/pay/notify", "/pay/notify/", "/pay/notify/a/b/c",
	    "/pay/notify/a/", "/p", "/p/", "/p/a/", "/HEALTHZ", ""};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_string_equal(match(METHOD_GET, none[i]), "none");
}

static void
methods(void **state)
{
	(void)state;
	assert_string_equal(match(METHOD_POST, "/healthz"), "GET, HEAD");
	assert_string_equal(
	    match(METHOD_OTHER, "/pay/notify/x"), "GET, HEAD, POST");
	assert_string_equal(match(METHOD_OTHER, "/nowhere"), "none");
	assert_string_equal(match(METHOD_GET, "/order"), "POST");
}

static void
numbers_in_paths(void **state)
{
	static const char *const bad[] = {"0", "-1", "1.5", "abc", "+1", "0x1",
	    "18446744073709551616", "\xd9\xa1"};
	struct request *rq = request(METHOD_GET, "/x");
	uint64_t v;
	size_t i;

	(void)state;
	rq->n_params = 1;
	rq->params[0] = (struct path_value){"id", "18446744073709551615"};
	assert_int_equal(path_u64(rq, "id", &v), RC_OK);
	assert_true(v == UINT64_MAX);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		rq->params[0].value = bad[i];
		assert_int_equal(path_u64(rq, "id", &v), RC_NOTFOUND);
	}
}

static void
ask_for_no_such_name(void *arg)
{
	path_param(arg, "nope");
}

static void
unknown_name_is_a_bug(void **state)
{
	(void)state;
	assert_true(
	    test_aborts(ask_for_no_such_name, request(METHOD_GET, "/")));
}

static const struct route *
first_admin_row(void)
{
	size_t i;

	for (i = 0; i < router_count; i++)
		if (router_table[i].pattern[0] == ADMIN[0] &&
		    router_table[i].method == METHOD_GET &&
		    strchr(router_table[i].pattern, '{') == NULL)
			return &router_table[i];
	return NULL;
}

/* The panel's prefix is a setting; the path without it does not exist. */
static void
panel_prefix(void **state)
{
	const struct route *r = first_admin_row();
	const char *rest;

	(void)state;
	if (r == NULL)
		return; /* no panel in this build */
	rest = r->pattern + 1;
	wt_set.admin_prefix = "/backroom";
	assert_string_equal(
	    match(METHOD_GET, arena_fmt(ta, "/backroom%s", rest)), r->name);
	assert_string_equal(
	    match(METHOD_GET, arena_fmt(ta, "/admin%s", rest)), "none");
	assert_string_equal(
	    match(METHOD_GET, arena_fmt(ta, "/backroomx%s", rest)), "none");
	assert_true(str_starts(router_pattern(ta, &wt_set, r), "/backroom"));
	wt_set.admin_prefix = "/admin";
}

/* Two rows that a path could both match would make the second one dead. */
static void
no_row_twice(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < router_count; i++)
		for (j = 0; j < i; j++)
			if (router_table[i].method == router_table[j].method)
				assert_string_not_equal(router_table[i].pattern,
				    router_table[j].pattern);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST_WEB(literals_and_names),
	    TEST_WEB(no_half_matches),
	    TEST_WEB(methods),
	    TEST_WEB(numbers_in_paths),
	    TEST_WEB(unknown_name_is_a_bug),
	    TEST_WEB(panel_prefix),
	    TEST_WEB(no_row_twice),
	};

	return cmocka_run_group_tests(tests, wt_setup, wt_teardown);
}
