/* SPDX-License-Identifier: Apache-2.0 */
/* The dispatcher: one request in, one answer out, with no database behind. */
#include "support/webtest.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/metric.h"
#include "web/router.h"

static void
every_answer_is_guarded(const char *a)
{
	const char *csp = wt_header(a, "Content-Security-Policy");

	assert_non_null(csp);
	assert_non_null(strstr(csp, "default-src 'none'"));
	assert_non_null(strstr(csp, "base-uri 'none'"));
	assert_non_null(strstr(csp, "frame-ancestors 'none'"));
	assert_null(strstr(csp, "unsafe"));
	assert_string_equal(wt_header(a, "X-Content-Type-Options"), "nosniff");
	assert_non_null(wt_header(a, "Referrer-Policy"));
	assert_non_null(strstr(wt_header(a, "Content-Type"), "charset=utf-8"));
	assert_null(wt_header(a, "Access-Control-Allow-Origin"));
}

static void
healthz(void **state)
{
	const char *a = WT_GET("/healthz");

	(void)state;
	assert_int_equal(wt_status(a), 200);
	assert_string_equal(wt_body(a), "ok\n");
	assert_string_equal(wt_header(a, "Content-Length"), "3");
	assert_string_equal(wt_header(a, "Cache-Control"), "no-store");
	assert_null(wt_header(a, "ETag"));
	every_answer_is_guarded(a);
}

static void
not_ready_without_a_database(void **state)
{
	const char *a = WT_GET("/readyz");

	(void)state;
	assert_int_equal(wt_status(a), 503);
	assert_non_null(strstr(wt_body(a), "database down"));
	assert_non_null(wt_header(a, "Retry-After"));
}

static void
head_has_no_body(void **state)
{
	const char *a = WT_GET("/healthz", "REQUEST_METHOD=HEAD");

	(void)state;
	assert_int_equal(wt_status(a), 200);
	assert_string_equal(wt_header(a, "Content-Length"), "3");
	assert_string_equal(wt_body(a), "");
}

static void
unknown_path(void **state)
{
	const char *a = WT_GET(
	    "/nothing/here", "REQUEST_ID=0123456789abcdef0123456789abcdef");

	(void)state;
	assert_int_equal(wt_status(a), 404);
	assert_true(str_starts(wt_header(a, "Content-Type"), "text/html"));
	assert_non_null(strstr(wt_body(a), "0123456789abcdef0123456789abcdef"));
	assert_string_equal(wt_header(a, "Cache-Control"), "no-store");
	assert_null(wt_header(a, "Set-Cookie"));
	every_answer_is_guarded(a);
	/* a request id of another form is not taken over */
	a = WT_GET("/nothing", "REQUEST_ID=<b>0123456789abcdef0123456789a");
	assert_int_equal(strlen(wt_header(a, "X-Request-Id")), 32);
	assert_null(strstr(a, "<b>0"));
}

static void
wrong_method(void **state)
{
	const char *a =
	    WT_GET("/healthz", "REQUEST_METHOD=POST", "CONTENT_LENGTH=0");

	(void)state;
	assert_int_equal(wt_status(a), 405);
	assert_string_equal(wt_header(a, "Allow"), "GET, HEAD");
	a = WT_GET("/healthz", "REQUEST_METHOD=BREW");
	assert_int_equal(wt_status(a), 405);
	a = WT_GET("/nothing", "REQUEST_METHOD=BREW");
	assert_int_equal(wt_status(a), 404);
	a = WT_GET("/pay/notify/x", "REQUEST_METHOD=PUT");
	assert_string_equal(wt_header(a, "Allow"), "GET, HEAD, POST");
}

static int
status_of_path(const char *path)
{
	return wt_status(wt_serve(wt_request(
	    WT_ENV_LIST(arena_fmt(ta, "PATH_INFO=%s", path)), NULL)));
}

static char *
repeat(const char *s, size_t n)
{
	size_t len = strlen(s), i;
	char *p = arena_alloc(ta, len * n + 1);

	for (i = 0; i < n; i++)
		memcpy(p + i * len, s, len);
	return p;
}

static void
bad_paths(void **state)
{
	static const char *const bad[] = {"/a/../b", "/..", "/.", "/./a", "//a",
	    "/a//b", "a", "/\xff\xfe", "/a\x01", "/a\nb", "/\xe2\x80\xae",
	    "/\xc0\xaf"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(status_of_path(bad[i]), 400);
	assert_int_equal(status_of_path(repeat("/a", LIM_PATH)), 414);
	/* not decoded a second time */
	assert_int_equal(status_of_path("/%2e%2e/x"), 404);
	assert_int_equal(status_of_path("/...a"), 404);
	assert_int_equal(status_of_path("/.well-known/x"), 404);
}

static int
status_with(const char *env)
{
	return wt_status(
	    wt_serve(wt_request(WT_ENV_LIST("PATH_INFO=/healthz", env), NULL)));
}

static void
bad_queries_and_headers(void **state)
{
	char *many;

	(void)state;
	assert_int_equal(status_with("QUERY_STRING=a=%zz"), 400);
	assert_int_equal(status_with("QUERY_STRING=a=%"), 400);
	assert_int_equal(
	    status_with(arena_fmt(ta, "QUERY_STRING=%s", repeat("a=1&", 300))),
	    400);
	assert_int_equal(status_with(arena_fmt(
			     ta, "QUERY_STRING=a=%s", repeat("x", LIM_QUERY))),
	    414);
	assert_int_equal(status_with("QUERY_STRING=debug=1&a=%00"), 200);
	many = repeat("c", LIM_COOKIES);
	assert_int_equal(
	    status_with(arena_fmt(ta, "HTTP_COOKIE=a=%s", many)), 431);
	assert_int_equal(status_with("HTTP_HOST=a b"), 400);
	assert_int_equal(status_with("HTTP_HOST=a/b"), 400);
	assert_int_equal(status_with("HTTP_HOST=<script>"), 400);
	assert_int_equal(status_with("HTTP_HOST=[::1]:8080"), 200);
}

static void
too_many_headers(void **state)
{
	const char *env[WT_ENV];
	size_t i;

	(void)state;
	for (i = 0; i < LIM_HEADERS + 10; i++)
		env[i] = arena_fmt(ta, "HTTP_X_%zu=1", i);
	env[i] = NULL;
	assert_int_equal(wt_status(wt_serve(wt_request(env, NULL))), 431);
}

/* Everything that is malformed says so in a page, in the visitor's language,
 * without a word of what was sent. */
static void
error_page_has_the_language(void **state)
{
	const char *a = WT_GET("/\x01", "HTTP_COOKIE=ks_lang=en");
	const char *b = WT_GET("/\x01", "HTTP_COOKIE=ks_lang=zh-CN");

	(void)state;
	assert_non_null(strstr(wt_body(a), "lang=\"en\""));
	assert_non_null(strstr(wt_body(b), "lang=\"zh-CN\""));
	a = WT_GET("/nothing", "HTTP_COOKIE=ks_lang=<script>; ks_theme=dark");
	assert_non_null(strstr(wt_body(a), "lang=\"zh-CN\""));
	assert_non_null(strstr(wt_body(a), "data-theme=\"dark\""));
}

static void
pools_see_only_their_routes(void **state)
{
	unsigned all = wt_web->pools;

	(void)state;
	wt_web->pools = POOL_STORE;
	assert_int_equal(wt_status(WT_GET("/pay/notify/x")), 404);
	assert_int_equal(wt_status(WT_GET("/healthz")), 200);
	wt_web->pools = POOL_NOTIFY;
	assert_int_equal(wt_status(WT_GET("/healthz")), 200);
	wt_web->pools = all;
}

static void
metrics_for_this_machine_only(void **state)
{
	(void)state;
	assert_int_equal(wt_status(WT_GET("/metrics")), 404);
	assert_int_equal(
	    wt_status(WT_GET("/metrics", "REMOTE_ADDR=127.0.0.1")), 200);
	assert_int_equal(wt_status(WT_GET("/metrics", "REMOTE_ADDR=::1")), 200);
	/* a proxy on this machine speaks for somebody else */
	assert_int_equal(wt_status(WT_GET("/metrics", "REMOTE_ADDR=127.0.0.1",
			     "HTTP_X_FORWARDED_FOR=203.0.113.1")),
	    404);
	assert_int_equal(
	    wt_status(WT_GET("/metrics", "HTTP_AUTHORIZATION=Bearer ")), 404);
	wt_set.metrics_token = "s3cret-token";
	assert_int_equal(wt_status(WT_GET("/metrics",
			     "HTTP_AUTHORIZATION=Bearer s3cret-token")),
	    200);
	assert_int_equal(wt_status(WT_GET("/metrics",
			     "HTTP_AUTHORIZATION=Bearer s3cret-tokem")),
	    404);
	assert_int_equal(wt_status(WT_GET("/metrics",
			     "HTTP_AUTHORIZATION=Bearer s3cret-token1")),
	    404);
	wt_set.metrics_token = "";
}

static void
requests_are_counted(void **state)
{
	const char *a;

	(void)state;
	WT_GET("/healthz");
	a = WT_GET("/metrics", "REMOTE_ADDR=127.0.0.1");
	assert_non_null(strstr(a, "keystall_http_requests_total{route=\""
				  "/healthz\",code=\"200\"}"));
}

/* Whatever all the routes answer in the life of a pool, each has its line. */
static void
every_route_has_its_count(void **state)
{
	static const int code[] = {200, 303, 304, 403, 404, 422, 503};
	const char *name, *a;
	size_t i, k;

	(void)state;
	for (i = 0; i < router_count; i++) {
		name = router_pattern(ta, &wt_set, &router_table[i]);
		for (k = 0; k < sizeof(code) / sizeof(code[0]); k++)
			metric_add(METRIC_http_requests_total,
			    arena_fmt(ta, "%s,%d", name, code[k]), 1);
	}
	a = WT_GET("/metrics", "REMOTE_ADDR=127.0.0.1");
	assert_null(strstr(a, "keystall_http_requests_total{route=\"other\""));
	for (i = 0; i < router_count; i++)
		assert_non_null(strstr(
		    a, arena_fmt(ta,
			   "keystall_http_requests_total{route=\"%s\","
			   "code=\"503\"} ",
			   router_pattern(ta, &wt_set, &router_table[i]))));
}

/* The database is gone: a page that needs it is a 503 one can read. */
static void
no_database_is_a_page(void **state)
{
	const char *a = WT_GET("/pay/notify/nobody");

	(void)state;
	assert_true(wt_status(a) >= 400);
	assert_true(str_starts(wt_header(a, "Content-Type"), "text/plain"));
	every_answer_is_guarded(a);
}

/* Not even the templates are left: a line of text, with its status. */
static void
no_templates_is_a_line(void **state)
{
	struct tmpl *t = wt_web->tmpl;
	const char *a;

	(void)state;
	wt_web->tmpl = NULL;
	a = WT_GET("/nothing");
	wt_web->tmpl = t;
	assert_int_equal(wt_status(a), 404);
	assert_true(str_starts(wt_header(a, "Content-Type"), "text/plain"));
	assert_true(str_starts(wt_body(a), "404 Not Found\nrequest "));
	every_answer_is_guarded(a);
}

/* Whatever the request, memory of one does not stay for the next. */
static void
arena_is_flat(void **state)
{
	size_t peak = 0;
	int i;

	(void)state;
	for (i = 0; i < 2000; i++) {
		wt_status(WT_GET("/nothing", "QUERY_STRING=a=1&b=2"));
		assert_int_equal(arena_used(wt_cx.arena), 0);
		if (i == 10)
			peak = arena_peak(wt_cx.keep);
	}
	assert_int_equal(arena_peak(wt_cx.keep), peak);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST_WEB(healthz),
	    TEST_WEB(not_ready_without_a_database),
	    TEST_WEB(head_has_no_body),
	    TEST_WEB(unknown_path),
	    TEST_WEB(wrong_method),
	    TEST_WEB(bad_paths),
	    TEST_WEB(bad_queries_and_headers),
	    TEST_WEB(too_many_headers),
	    TEST_WEB(error_page_has_the_language),
	    TEST_WEB(pools_see_only_their_routes),
	    TEST_WEB(metrics_for_this_machine_only),
	    TEST_WEB(requests_are_counted),
	    TEST_WEB(every_route_has_its_count),
	    TEST_WEB(no_database_is_a_page),
	    TEST_WEB(no_templates_is_a_line),
	    TEST_WEB(arena_is_flat),
	};

	return cmocka_run_group_tests(tests, wt_setup, wt_teardown);
}
