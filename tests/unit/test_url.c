/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "base/url.h"

static void
encodes(void **state)
{
	(void)state;
	assert_string_equal(url_encoded(ta, "aZ09-._~"), "aZ09-._~");
	assert_string_equal(
	    url_encoded(ta, "a b&c=d/e?"), "a%20b%26c%3Dd%2Fe%3F");
	assert_string_equal(url_encoded(ta, "\xe5\x85\x85"), "%E5%85%85");
	assert_string_equal(url_encoded(ta, ""), "");
}

static void
decodes_once(void **state)
{
	static const char *const bad[] = {
	    "%", "%4", "%4g", "%g4", "a%", "%%20"};
	struct span out;
	size_t i;

	(void)state;
	assert_int_equal(
	    url_decode(ta, SPAN_LIT("a%20b+c%2541"), false, &out), RC_OK);
	assert_span(out, "a b+c%41");
	assert_int_equal(
	    url_decode(ta, SPAN_LIT("a%20b+c"), true, &out), RC_OK);
	assert_span(out, "a b c");
	assert_int_equal(url_decode(ta, SPAN_LIT("a%00b"), true, &out), RC_OK);
	assert_int_equal(out.n, 3);
	assert_true(span_has_nul(out));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    url_decode(ta, span_str(bad[i]), true, &out), RC_INVALID);
}

static void
round_trips(void **state)
{
	unsigned char in[60];
	struct span out;
	struct buf b;
	size_t n, i;

	(void)state;
	for (i = 0; i < 5000; i++) {
		n = (size_t)test_below(sizeof(in) + 1);
		test_bytes(in, n);
		buf_init(&b, ta, 0, 3 * sizeof(in));
		url_encode(&b, (struct span){(char *)in, n});
		assert_int_equal(url_decode(ta, (struct span){b.p, b.len},
				     test_below(2), &out),
		    RC_OK);
		assert_int_equal(out.n, n);
		assert_memory_equal(out.p, in, n);
		arena_reset(ta);
	}
}

static void
local_paths(void **state)
{
	static const char *const good[] = {"/", "/p/steam-50", "/o/26A?t=x_-",
	    "/search?q=%E5%85%85&page=2", "/a/.well-known", "/a...b/x", "/...",
	    "/a#b", "/a.b", "/~user"};
	static const char *const bad[] = {"", "p", "//evil", "/\\evil",
	    "\\/evil", "http://evil", "/a//b", "/a\r\nSet-Cookie: x", "/a\n",
	    "/a\tb", "/a b", "/..", "/../x", "/a/..", "/a/../b", "/a/%2e%2E/b",
	    "/a/.%2e", "/./a", "/%2e/a", "/a/..?x", "/a\x7f", "/\xc3\xa4",
	    "/<x>", "/\"x", "javascript:alert(1)", " /a"};
	size_t i;
	char *big;

	(void)state;
	assert_false(url_is_local_path(NULL));
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!url_is_local_path(good[i]))
			fail_msg("refused %s", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (url_is_local_path(bad[i]))
			fail_msg("took %s", bad[i]);
	big = arena_alloc(ta, 5001);
	memset(big, 'a', 5000);
	big[0] = '/';
	assert_false(url_is_local_path(big));
}

static void
addresses(void **state)
{
	static const char *const bad[] = {"", "ftp://a/", "javascript:x",
	    "http://", "http:///x", "https://:80/", "http://u@h/",
	    "http://u:p@h/", "http://h\n/", "http://h /", "//h/", "HTTP:h",
	    "data:text/html,x"};
	static const char *const bad_port[] = {"http://h:0/", "http://h:65536/",
	    "http://h:/", "http://h:8x/", "http://[::1/", "http://[::1]x/",
	    "http://[::1]x80/", "http://h:1:2/"};
	const char *host, *path;
	unsigned port;
	bool https;
	size_t i;

	(void)state;
	assert_false(url_is_http(NULL));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (url_is_http(bad[i]))
			fail_msg("took %s", bad[i]);
		assert_int_equal(
		    url_split(ta, bad[i], &https, &host, &port, &path),
		    RC_INVALID);
	}
	for (i = 0; i < sizeof(bad_port) / sizeof(bad_port[0]); i++)
		assert_int_equal(
		    url_split(ta, bad_port[i], &https, &host, &port, &path),
		    RC_INVALID);
	assert_true(url_is_http("https://shop.example/x?y=@z"));
	assert_int_equal(url_split(ta, "https://pay.example/a/b?c=d", &https,
			     &host, &port, &path),
	    RC_OK);
	assert_true(https);
	assert_string_equal(host, "pay.example");
	assert_int_equal(port, 443);
	assert_string_equal(path, "/a/b?c=d");
	assert_int_equal(
	    url_split(ta, "http://127.0.0.1:8081", &https, &host, &port, &path),
	    RC_OK);
	assert_false(https);
	assert_string_equal(host, "127.0.0.1");
	assert_int_equal(port, 8081);
	assert_string_equal(path, "/");
	assert_int_equal(
	    url_split(ta, "http://[::1]:81?q", &https, &host, &port, &path),
	    RC_OK);
	assert_string_equal(host, "[::1]");
	assert_int_equal(port, 81);
	assert_string_equal(path, "/?q");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(encodes),
	    TEST(decodes_once),
	    TEST(round_trips),
	    TEST(local_paths),
	    TEST(addresses),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
