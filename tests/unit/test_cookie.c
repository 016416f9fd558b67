/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "base/limits.h"
#include "web/cookie.h"

static struct cookies
parse(const char *header)
{
	struct cookies c;

	assert_int_equal(cookie_parse(ta, span_str(header), &c), RC_OK);
	return c;
}

static void
finds_the_first(void **state)
{
	struct cookies c =
	    parse("ks_v=abc; ks_lang=zh-CN;x=;  ks_v=def ; q=\"in quotes\"");
	struct span v;

	(void)state;
	assert_int_equal(c.n, 5);
	assert_true(cookie_find(&c, "ks_v", &v));
	assert_span(v, "abc");
	assert_true(cookie_find(&c, "x", &v));
	assert_span(v, "");
	assert_true(cookie_find(&c, "q", &v));
	assert_span(v, "in quotes");
	assert_false(cookie_find(&c, "KS_V", &v));
	assert_false(cookie_find(&c, "ks_", &v));
}

static void
odd_ones_are_stepped_over(void **state)
{
	struct cookies c = parse("nameless; =novalue; a b=1; good=1; x=\x01;"
				 " j={\"k\":1}; e=a=b; ;;\xc3\xa4=1; last=z");
	struct span v;

	(void)state;
	assert_int_equal(c.n, 4);
	assert_span(c.v[0].name, "good");
	assert_true(cookie_find(&c, "e", &v));
	assert_span(v, "a=b");
	assert_true(cookie_find(&c, "j", &v));
	assert_span(v, "{\"k\":1}");
	assert_true(cookie_find(&c, "last", &v));
	c = parse("a=\"\"; b=\"; c=\"x; d=x\"");
	assert_span(c.v[0].value, "");
	assert_span(c.v[1].value, "\"");
	assert_span(c.v[2].value, "\"x");
	assert_span(c.v[3].value, "x\"");
	assert_int_equal(parse("").n, 0);
	assert_int_equal(cookie_parse(ta, SPAN_LIT("a=\0; b=1"), &c), RC_OK);
	assert_int_equal(c.n, 1);
}

static void
limits(void **state)
{
	char *s = arena_alloc(ta, LIM_COOKIES + 2);
	struct cookies c;
	size_t i;

	(void)state;
	for (i = 0; i < LIM_COOKIES; i += 4)
		memcpy(s + i, "a=1;", 4);
	assert_int_equal(
	    cookie_parse(ta, (struct span){s, LIM_COOKIES}, &c), RC_OK);
	assert_int_equal(c.n, LIM_PARAMS);
	assert_int_equal(
	    cookie_parse(ta, (struct span){s, LIM_COOKIES + 1}, &c),
	    RC_INVALID);
}

static const char *
written(const char *name, const char *value, struct cookie_attr attr)
{
	struct buf b;

	buf_init(&b, ta, 0, 1000);
	cookie_write(&b, name, value, &attr);
	return buf_text(&b);
}

static void
writing(void **state)
{
	(void)state;
	assert_string_equal(
	    written("ks_v", "aB9-_", (struct cookie_attr){.http_only = true}),
	    "ks_v=aB9-_; Path=/; HttpOnly; SameSite=Lax");
	assert_string_equal(written("__Host-ks_s", "x",
				(struct cookie_attr){.max_age_s = 3600,
				    .secure = true,
				    .http_only = true,
				    .same_site = SAME_SITE_STRICT}),
	    "__Host-ks_s=x; Path=/; Max-Age=3600; Secure; HttpOnly; "
	    "SameSite=Strict");
	assert_string_equal(
	    written("a", "",
		(struct cookie_attr){.max_age_s = -1, .path = "/admin"}),
	    "a=; Path=/admin; Max-Age=0; SameSite=Lax");
}

struct write_case {
	const char *name, *value;
	struct cookie_attr attr;
};

static void
write_one(void *arg)
{
	const struct write_case *w = arg;

	(void)written(w->name, w->value, w->attr);
}

static void
wrong_ones_are_bugs(void **state)
{
	static const struct write_case bad[] = {
	    {"a b", "x", {0}},
	    {"", "x", {0}},
	    {"a", "x;y", {0}},
	    {"a", "x y", {0}},
	    {"a", "x,y", {0}},
	    {"a", "x\r\ny", {0}},
	    {"a", "\xc3\xa4", {0}},
	    {"a", "x", {.path = "/;x"}},
	    {"a", "x", {.path = "x"}},
	    {"__Host-a", "x", {.secure = false}},
	    {"__Host-a", "x", {.secure = true, .path = "/admin"}},
	    {"__Secure-a", "x", {.secure = false}},
	    {"a", "x", {.same_site = SAME_SITE_NONE}},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (!test_aborts(write_one, (void *)(uintptr_t)&bad[i]))
			fail_msg("wrote %s=%s", bad[i].name, bad[i].value);
}

static void
what_is_written_is_read(void **state)
{
	static const char octet[] = "!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~";
	char value[30];
	struct cookies c;
	struct span v;
	size_t i, n;
	int round;

	(void)state;
	for (round = 0; round < 5000; round++) {
		n = (size_t)test_below(sizeof(value));
		for (i = 0; i < n; i++)
			value[i] = octet[test_below(sizeof(octet) - 1)];
		value[n] = '\0';
		c = parse(written("ks_v", value, (struct cookie_attr){0}));
		assert_true(cookie_find(&c, "ks_v", &v));
		assert_span(v, value);
		arena_reset(ta);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(finds_the_first),
	    TEST(odd_ones_are_stepped_over),
	    TEST(limits),
	    TEST(writing),
	    TEST(wrong_ones_are_bugs),
	    TEST(what_is_written_is_read),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
