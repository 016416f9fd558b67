/* SPDX-License-Identifier: Apache-2.0 */
#include "support/webtest.h"

#include <stdio.h>
#include <zlib.h>

#include "base/time.h"
#include "web/router.h"
#include "web/session.h"

static struct request *rq;
static struct response *rs;

static void
fresh(enum cache_kind cache)
{
	wt_begin();
	rq = request_new(&wt_cx);
	rq->id = "0123456789abcdef0123456789abcdef";
	rs = response_new(&wt_cx, wt_web, rq);
	rs->cache = cache;
	rs->for_all = cache == CACHE_PUBLIC;
	rs->max_age_s = 2;
}

static void
ask_again(const char *etag)
{
	char **env = ARENA_ARRAY(ta, 2, char *);

	env[0] = arena_fmt(ta, "HTTP_IF_NONE_MATCH=%s", etag);
	rq->env = env;
}

/* Head and body together, as they go out. */
static const char *
written(void)
{
	struct buf b;
	struct span body;

	buf_init(&b, ta, 64, 1 << 20);
	body = response_write(rs, &b);
	buf_add(&b, body.p, body.n);
	return buf_text(&b);
}

static void
cache_policies(void **state)
{
	const char *a;

	(void)state;
	fresh(CACHE_NEVER);
	assert_int_equal(respond_text(rs, "x"), RC_OK);
	a = written();
	assert_string_equal(wt_header(a, "Cache-Control"), "no-store");
	assert_null(wt_header(a, "ETag"));
	assert_string_equal(wt_header(a, "X-Request-Id"), rq->id);
	fresh(CACHE_PUBLIC);
	assert_int_equal(respond_text(rs, "x"), RC_OK);
	a = written();
	assert_string_equal(wt_header(a, "Cache-Control"),
	    "public, max-age=2, s-maxage=1, stale-while-revalidate=1");
	assert_non_null(wt_header(a, "ETag"));
	assert_null(wt_header(a, "X-Request-Id"));
	fresh(CACHE_PUBLIC);
	rs->max_age_s = 1; /* nothing left to be stale in */
	assert_int_equal(respond_text(rs, "x"), RC_OK);
	assert_string_equal(wt_header(written(), "Cache-Control"),
	    "public, max-age=1, s-maxage=1");
	fresh(CACHE_PRIVATE);
	assert_int_equal(respond_text(rs, "x"), RC_OK);
	assert_true(
	    str_starts(wt_header(written(), "Cache-Control"), "private"));
}

/* The last moment at which nginx still shows it: X-Accel-Expires is the second
 * through which it is fresh, and then it is stale for some more. */
static int64_t
shown_until(const char *answer)
{
	const char *fresh_s = wt_header(answer, "X-Accel-Expires");
	const char *rest = strstr(
	    wt_header(answer, "Cache-Control"), "stale-while-revalidate=");
	uint64_t at = 0, more = 0;

	assert_int_equal(fresh_s[0], '@');
	assert_int_equal(num_u64(span_str(fresh_s + 1), INT64_MAX, &at), RC_OK);
	if (rest != NULL)
		assert_int_equal(
		    num_u64(span_str(strchr(rest, '=') + 1), INT64_MAX, &more),
		    RC_OK);
	return (int64_t)(at + more + 1) * US_PER_S;
}

static void
an_edge_page_is_no_older_than_it_may_be(void **state)
{
	static const int64_t moment[] = {0, 1, 400000, 999999};
	static const int64_t age[] = {0, 1, 300000, 999999, 1000000};
	size_t i, k;
	int64_t most, now, end;
	const char *a;

	(void)state;
	for (most = 1; most <= 7; most += most < 3 ? 1 : 4)
		for (i = 0; i < 4; i++)
			for (k = 0; k < (most == 1 ? 1 : 5); k++) {
				fresh(CACHE_PUBLIC);
				rq->edge = EDGE_PLAIN;
				now = 1800000000 * US_PER_S + moment[i];
				wt_cx.now = now;
				rs->max_age_s = most;
				rs->age_us = age[k];
				assert_int_equal(respond_text(rs, "x"), RC_OK);
				a = written();
				end = now - age[k] + most * US_PER_S;
				assert_true(shown_until(a) <= end);
				assert_true(shown_until(a) > end - US_PER_S);
				assert_non_null(strstr(a,
				    "\r\nCache-Control: public, max-age=0, "
				    "must-revalidate\r\n"));
			}
}

static void
old_pages_have_a_second_left(void **state)
{
	const char *a;

	(void)state;
	fresh(CACHE_PUBLIC);
	rs->age_us = 30 * US_PER_S; /* cache_page_s is large */
	assert_int_equal(respond_text(rs, "x"), RC_OK);
	assert_string_equal(wt_header(written(), "Cache-Control"),
	    "public, max-age=1, s-maxage=1");
	wt_set.cache_page_s = 60;
	fresh(CACHE_PUBLIC);
	rq->edge = EDGE_PLAIN;
	rs->age_us = 30 * US_PER_S;
	assert_true(response_not_before(rs) == 0);
	assert_int_equal(respond_text(rs, "x"), RC_OK);
	a = written();
	wt_set.cache_page_s = 1;
	assert_true(shown_until(a) > wt_cx.now + US_PER_S);
	assert_true(shown_until(a) <= wt_cx.now + 2 * US_PER_S);
}

/* What nginx is given, it does not ask for again in the same second: neither
 * the oldest page that it gets, nor for one older. */
static void
an_edge_page_serves_its_second(void **state)
{
	int64_t most, now = 1800000000 * US_PER_S + 700000, from;
	const char *fresh_s;
	uint64_t at = 0;

	(void)state;
	for (most = 1; most <= 60; most = most < 4 ? most + 1 : most * 2) {
		fresh(CACHE_PUBLIC);
		rs->max_age_s = most;
		wt_cx.now = now;
		assert_true(response_not_before(rs) == 0);
		rq->edge = EDGE_PLAIN;
		if (most == 1) /* as old as it may be in our own caches */
			continue;
		from = response_not_before(rs);
		assert_true(from <= now && from > now - most * US_PER_S);
		rs->age_us = now - from;
		assert_int_equal(respond_text(rs, "x"), RC_OK);
		fresh_s = wt_header(written(), "X-Accel-Expires");
		assert_int_equal(
		    num_u64(span_str(fresh_s + 1), INT64_MAX, &at), RC_OK);
		assert_true(at == (uint64_t)(now / US_PER_S));
	}
}

static void
etags(void **state)
{
	static const char *const forms[] = {
	    "%s", "W/%s", "\"x\", %s", "\"x\" ,W/%s , \"y\"", "*"};
	const char *etag, *other, *a;
	char given[128];
	size_t i;

	(void)state;
	fresh(CACHE_PUBLIC);
	assert_int_equal(respond_text(rs, "hello, world"), RC_OK);
	etag = wt_header(written(), "ETag");
	fresh(CACHE_PUBLIC);
	assert_int_equal(respond_text(rs, "hello, worle"), RC_OK);
	other = wt_header(written(), "ETag");
	assert_string_not_equal(etag, other);
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const char *at = strstr(forms[i], "%s");

		fresh(CACHE_PUBLIC);
		assert_int_equal(respond_text(rs, "hello, world"), RC_OK);
		snprintf(given, sizeof(given), "%.*s%s%s",
		    at == NULL ? 99 : (int)(at - forms[i]), forms[i],
		    at == NULL ? "" : etag, at == NULL ? "" : at + 2);
		ask_again(given);
		a = written();
		assert_int_equal(wt_status(a), 304);
		assert_string_equal(wt_body(a), "");
		assert_string_equal(wt_header(a, "ETag"), etag);
	}
	fresh(CACHE_PUBLIC);
	assert_int_equal(respond_text(rs, "hello, world"), RC_OK);
	ask_again(other);
	assert_int_equal(wt_status(written()), 200);
	/* only a 200 is validated */
	fresh(CACHE_PUBLIC);
	rs->status = HTTP_INVALID;
	assert_int_equal(respond_text(rs, "hello, world"), RC_OK);
	ask_again(etag);
	assert_int_equal(wt_status(written()), 422);
}

static void
redirects_stay_here(void **state)
{
	static const char *const away[] = {"https://evil.example/", "//evil",
	    "/\\evil", "javascript:alert(1)", "", "/a\r\nSet-Cookie: x=1",
	    "/a/../../b"};
	size_t i;

	(void)state;
	fresh(CACHE_NEVER);
	assert_int_equal(respond_see(rs, "/o/ABC/pay"), RC_OK);
	assert_string_equal(wt_header(written(), "Location"), "/o/ABC/pay");
	for (i = 0; i < sizeof(away) / sizeof(away[0]); i++) {
		fresh(CACHE_NEVER);
		assert_int_equal(respond_see(rs, away[i]), RC_INVALID);
		assert_null(rs->location);
	}
	fresh(CACHE_NEVER);
	assert_int_equal(respond_away(rs, "https://pay.example/x?a=1"), RC_OK);
	assert_int_equal(wt_status(written()), 302);
	fresh(CACHE_NEVER);
	assert_int_equal(respond_away(rs, "http://pay.example/"), RC_INVALID);
	assert_int_equal(respond_away(rs, "javascript:x"), RC_INVALID);
	assert_int_equal(respond_away(rs, "https://a\r\nX: y"), RC_INVALID);
}

static void
cookies(void **state)
{
	const char *c;

	(void)state;
	fresh(CACHE_NEVER);
	response_cookie(rs, COOKIE_LANG, "en", 60);
	c = wt_header(written(), "Set-Cookie");
	assert_true(str_starts(c, "ks_lang=en;"));
	assert_non_null(strstr(c, "HttpOnly"));
	assert_non_null(strstr(c, "SameSite=Lax"));
	assert_non_null(strstr(c, "Path=/"));
	assert_null(strstr(c, "Secure"));
	fresh(CACHE_NEVER);
	rq->https = true;
	response_cookie(rs, COOKIE_LANG, "en", 60);
	c = wt_header(written(), "Set-Cookie");
	assert_true(str_starts(c, "__Host-ks_lang=en;"));
	assert_non_null(strstr(c, "Secure"));
	assert_non_null(wt_header(written(), "Strict-Transport-Security"));
	fresh(CACHE_NEVER);
	response_cookie(rs, COOKIE_STAFF, "", -1);
	assert_non_null(
	    strstr(wt_header(written(), "Set-Cookie"), "Max-Age=0"));
}

static void
set_a_cookie(void *arg)
{
	response_cookie(arg, COOKIE_VISITOR, "x", 0);
}

static void
a_cached_page_sets_none(void **state)
{
	(void)state;
	fresh(CACHE_PUBLIC);
	assert_true(test_aborts(set_a_cookie, rs));
}

static void
split_a_header(void *arg)
{
	response_header(arg, "X-Test", "a\r\nSet-Cookie: b=1");
}

static void
headers_do_not_split(void **state)
{
	(void)state;
	fresh(CACHE_NEVER);
	assert_true(test_aborts(split_a_header, rs));
}

static void
downloads(void **state)
{
	const char *d;

	(void)state;
	fresh(CACHE_NEVER);
	assert_int_equal(respond_download(rs, "text/plain; charset=utf-8",
			     "\xe5\x8d\xa1\"\r\nX: y;.txt", SPAN_LIT("k")),
	    RC_OK);
	d = wt_header(written(), "Content-Disposition");
	assert_string_equal(d, "attachment; filename=\"____X__y_.txt\"; "
			       "filename*=UTF-8''"
			       "%E5%8D%A1%22%0D%0AX%3A%20y%3B.txt");
}

static void
visitor_is_made_once(void **state)
{
	const char *a, *b;

	(void)state;
	fresh(CACHE_NEVER);
	a = session_csrf(rs);
	b = session_csrf(rs);
	assert_string_equal(a, b);
	assert_int_equal(rs->n_cookies, 1);
	assert_int_equal(strlen(rs->cookie[0].value), 43);
}

static void
csp_takes_gateways_but_no_tricks(void **state)
{
	(void)state;
	fresh(CACHE_NEVER);
	rs->form_hosts = "https://pay.example";
	assert_non_null(strstr(wt_header(written(), "Content-Security-Policy"),
	    "form-action 'self' https://pay.example"));
	fresh(CACHE_NEVER);
	rs->form_hosts = "https://x; script-src *";
	assert_null(
	    strstr(wt_header(written(), "Content-Security-Policy"), "*"));
}

/* ---- for a micro-cache */

enum { LONG = 5000 };

/* A body that is worth it. */
static const char *
asked_by(enum edge edge, enum cache_kind cache, size_t n)
{
	char *body;
	size_t i;

	fresh(cache);
	rq->edge = edge;
	body = arena_alloc(ta, n + 1);
	for (i = 0; i < n; i++)
		body[i] = "<p>shop</p>"[i % 11];
	assert_int_equal(respond_text(rs, body), RC_OK);
	return body;
}

static void
inflated_is(const char *answer, const char *body)
{
	static Bytef out[LONG + 1];
	z_stream z = {.next_in = (Bytef *)(uintptr_t)wt_body(answer),
	    .next_out = out,
	    .avail_out = sizeof(out)};
	uint64_t n = 0;

	assert_int_equal(
	    num_u64(span_str(wt_header(answer, "Content-Length")), 1 << 20, &n),
	    RC_OK);
	z.avail_in = (uInt)n;
	assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.avail_in, 0);
	assert_int_equal(z.total_out, strlen(body));
	assert_memory_equal(out, body, z.total_out);
	inflateEnd(&z);
}

static void
codings(void **state)
{
	const char *body, *a, *plain, *packed;
	int i;

	(void)state;
	asked_by(EDGE_NONE, CACHE_PUBLIC, LONG);
	a = written();
	assert_null(wt_header(a, "Content-Encoding"));
	assert_string_equal(wt_header(a, "Vary"), "Cookie");
	body = asked_by(EDGE_PLAIN, CACHE_PUBLIC, LONG);
	a = written();
	assert_null(wt_header(a, "Content-Encoding"));
	assert_string_equal(wt_header(a, "Vary"), "Accept-Encoding, Cookie");
	assert_string_equal(wt_body(a), body);
	plain = wt_header(a, "ETag");
	for (i = 0; i < 3; i++) { /* one compressor for all of them */
		body = asked_by(EDGE_GZIP, CACHE_PUBLIC, LONG - 7 * i);
		a = written();
		assert_string_equal(wt_header(a, "Content-Encoding"), "gzip");
		assert_string_equal(
		    wt_header(a, "Vary"), "Accept-Encoding, Cookie");
		inflated_is(a, body);
	}
	asked_by(EDGE_GZIP, CACHE_PUBLIC, LONG);
	packed = wt_header(written(), "ETag");
	assert_string_not_equal(packed, plain);
	asked_by(EDGE_GZIP, CACHE_PUBLIC, LONG);
	ask_again(packed);
	assert_int_equal(wt_status(written()), 304);
	asked_by(EDGE_GZIP, CACHE_PUBLIC, LONG);
	ask_again(plain); /* of the other coding: not these bytes */
	assert_int_equal(wt_status(written()), 200);
}

static void
only_what_all_may_see_is_compressed(void **state)
{
	(void)state;
	asked_by(EDGE_GZIP, CACHE_PRIVATE, LONG);
	assert_null(wt_header(written(), "Content-Encoding"));
	rs->for_all = true; /* where page_max_age_s is 0 */
	assert_string_equal(wt_header(written(), "Content-Encoding"), "gzip");
	asked_by(EDGE_GZIP, CACHE_NEVER, LONG);
	assert_null(wt_header(written(), "Content-Encoding"));
	asked_by(EDGE_GZIP, CACHE_PUBLIC, LONG);
	rs->status = HTTP_INVALID; /* a form that is shown again */
	assert_null(wt_header(written(), "Content-Encoding"));
	asked_by(EDGE_GZIP, CACHE_PUBLIC, 900); /* too short to be worth it */
	assert_null(wt_header(written(), "Content-Encoding"));
}

/* conf/nginx-edge.conf, as one text. */
static const char *
edge_conf(void)
{
	enum { ROOM = 32 * 1024 };
	char *text = arena_alloc(ta, ROOM);
	FILE *f = fopen(test_source("conf/nginx-edge.conf"), "r");

	assert_non_null(f);
	assert_true(fread(text, 1, ROOM - 1, f) > 0 && feof(f));
	fclose(f);
	return text;
}

static void
is_added(const char *conf, const char *name, const char *value)
{
	const char *bare =
	    arena_fmt(ta, "\nadd_header %s %s always;\n", name, value);
	const char *quoted =
	    arena_fmt(ta, "\nadd_header %s \"%s\" always;\n", name, value);

	if (strstr(conf, bare) == NULL && strstr(conf, quoted) == NULL)
		fail_msg("conf/nginx-edge.conf lacks %s", quoted);
}

/* What it leaves out for nginx is what nginx is told to add. */
static void
a_cache_adds_what_all_pages_have(void **state)
{
	static const char *const fixed[] = {"Content-Security-Policy",
	    "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
	    "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy",
	    "Permissions-Policy"};
	const char *own, *edge, *conf = edge_conf();
	size_t i;

	(void)state;
	asked_by(EDGE_NONE, CACHE_PUBLIC, LONG);
	rq->https = true;
	own = written();
	asked_by(EDGE_PLAIN, CACHE_PUBLIC, LONG);
	rq->https = true;
	edge = written();
	for (i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		assert_null(wt_header(edge, fixed[i]));
		is_added(conf, fixed[i], wt_header(own, fixed[i]));
	}
	/* what is not on all pages stays */
	assert_non_null(wt_header(edge, "Strict-Transport-Security"));
	asked_by(EDGE_PLAIN, CACHE_NEVER, LONG);
	rs->form_hosts = "https://pay.example";
	assert_non_null(strstr(wt_header(written(), "Content-Security-Policy"),
	    "form-action 'self' https://pay.example"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST_WEB(codings),
	    TEST_WEB(only_what_all_may_see_is_compressed),
	    TEST_WEB(a_cache_adds_what_all_pages_have),
	    TEST_WEB(cache_policies),
	    TEST_WEB(an_edge_page_is_no_older_than_it_may_be),
	    TEST_WEB(old_pages_have_a_second_left),
	    TEST_WEB(an_edge_page_serves_its_second),
	    TEST_WEB(etags),
	    TEST_WEB(redirects_stay_here),
	    TEST_WEB(cookies),
	    TEST_WEB(a_cached_page_sets_none),
	    TEST_WEB(headers_do_not_split),
	    TEST_WEB(downloads),
	    TEST_WEB(visitor_is_made_once),
	    TEST_WEB(csp_takes_gateways_but_no_tricks),
	};

	return cmocka_run_group_tests(tests, wt_setup, wt_teardown);
}
