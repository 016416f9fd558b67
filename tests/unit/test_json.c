/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "base/utf8.h"
#include "io/json.h"

static enum rc
parse(const char *text, const struct json **out)
{
	return json_read(ta, span_str(text), out);
}

static const struct json *
good(const char *text)
{
	const struct json *j = NULL;

	assert_int_equal(parse(text, &j), RC_OK);
	return j;
}

static void
reads(void **state)
{
	const struct json *j =
	    good("{\"a\":{\"b\":[1,{\"c\":\"\\u4f60\\ud83d\\ude00\"}]},"
		 "\"t\":true,\"f\":false,\"n\":null,\"r\":1.5,"
		 "\"big\":9223372036854775807,\"neg\":-3,\"0\":\"zero\"}");
	int64_t i = 5;

	(void)state;
	assert_int_equal(json_kind(j), JSON_T_OBJECT);
	assert_int_equal(json_count(j), 8);
	assert_string_equal(
	    json_text(j, "a.b.1.c"), "\xe4\xbd\xa0\xf0\x9f\x98\x80");
	assert_int_equal(json_int(j, "a.b.0", &i), RC_OK);
	assert_int_equal(i, 1);
	assert_int_equal(json_int(j, "big", &i), RC_OK);
	assert_true(i == INT64_MAX);
	assert_int_equal(json_int(j, "neg", &i), RC_OK);
	assert_int_equal(i, -3);
	assert_true(json_flag(j, "t"));
	assert_false(json_flag(j, "f"));
	assert_false(json_flag(j, "r"));
	assert_true(json_number(json_at(j, "r")) == 1.5);
	assert_string_equal(json_text(j, "0"), "zero");
	assert_ptr_equal(json_at(j, ""), j);
	assert_ptr_equal(json_at(j, NULL), j);
	assert_int_equal(json_kind(json_at(j, "n")), JSON_T_NULL);
	assert_int_equal(json_count(json_at(j, "a.b")), 2);
	assert_int_equal(json_count(json_at(j, "r")), 0);
}

/* A text is no number, a number is no text, 1 is not true. */
static void
never_converts(void **state)
{
	const struct json *j = good("{\"s\":\"12\",\"i\":12,\"r\":12.0}");
	int64_t i = 7;

	(void)state;
	assert_int_equal(json_int(j, "s", &i), RC_INVALID);
	assert_int_equal(json_int(j, "r", &i), RC_INVALID);
	assert_int_equal(json_int(j, "none", &i), RC_INVALID);
	assert_int_equal(i, 7); /* untouched */
	assert_null(json_text(j, "i"));
	assert_null(json_text(j, "none"));
	assert_null(json_text(j, "s.x"));
	assert_false(json_flag(j, "i"));
	assert_null(json_at(j, "none.x"));
	assert_null(json_at(j, "i.0"));
}

static void
lists(void **state)
{
	const struct json *j = good("[10,20]");

	(void)state;
	assert_non_null(json_at(j, "1"));
	assert_null(json_at(j, "2"));
	assert_null(json_at(j, "-1"));
	assert_null(json_at(j, "01x"));
	assert_null(json_at(j, "x"));
	assert_null(json_at(j, "4294967296"));
}

static void
members_in_order(void **state)
{
	const struct json *j = good("{\"z\":1,\"a\":2,\"m\":3}"), *v;
	const char *name;
	int64_t i;

	(void)state;
	assert_true(json_member(j, 0, &name, &v));
	assert_string_equal(name, "z");
	assert_true(json_member(j, 2, &name, &v));
	assert_string_equal(name, "m");
	assert_int_equal(json_int(v, NULL, &i), RC_OK);
	assert_int_equal(i, 3);
	assert_false(json_member(j, 3, &name, &v));
	assert_false(json_member(v, 0, &name, &v));
}

static void
refuses(void **state)
{
	static const char *const bad[] = {"", " ", "{", "}", "{]", "[1,]",
	    "{\"a\":1,}", "{a:1}", "{'a':1}", "[01]", "[1.]", "[.5]", "[+1]",
	    "[NaN]", "[1] x", "{\"a\":1,\"a\":2}",
	    "{\"a\":{\"b\":1,\"\\u0062\":2}}", "[\"\\u0000\"]", "[\"a\nb\"]",
	    "[\"\xff\"]", "[\"\xc0\xaf\"]", "[\"\xed\xa0\x80\"]",
	    "[\"\\ud800\"]", "[9223372036854775808]", "[1e999]", "[\"a]",
	    "/**/[1]", "\xef\xbb\xbf[1]"};
	const struct json *j;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		j = NULL;
		if (parse(bad[i], &j) != RC_INVALID)
			fail_msg("accepted: %s", bad[i]);
		assert_null(j);
	}
	j = NULL;
	assert_int_equal(
	    json_read(ta, (struct span){"[1]\0", 4}, &j), RC_INVALID);
}

static void
depth_and_size(void **state)
{
	char *p = arena_alloc(ta, 2 * 1024 * 1024);
	const struct json *j;
	size_t i;

	(void)state;
	for (i = 0; i < 32; i++) {
		p[i] = '[';
		p[32 + i] = ']';
	}
	assert_int_equal(json_read(ta, (struct span){p, 64}, &j), RC_OK);
	for (i = 0; i < 33; i++) {
		p[i] = '[';
		p[33 + i] = ']';
	}
	assert_int_equal(json_read(ta, (struct span){p, 66}, &j), RC_INVALID);
	memset(p, '[', 1024 * 1024); /* 1e6 deep: refused, no stack used */
	assert_int_equal(
	    json_read(ta, (struct span){p, 1024 * 1024}, &j), RC_INVALID);
	/* Brackets and quotes inside of texts are text. */
	assert_int_equal(
	    parse("[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[\"]", &j),
	    RC_OK);
	memset(p, ' ', 2 * 1024 * 1024);
	p[0] = '1';
	assert_int_equal(
	    json_read(ta, (struct span){p, 1024 * 1024}, &j), RC_OK);
	assert_int_equal(
	    json_read(ta, (struct span){p, 1024 * 1024 + 1}, &j), RC_INVALID);
}

static const char *
written(struct span s)
{
	struct buf b;

	buf_init(&b, ta, 64, 1 << 20);
	json_put_text(&b, s);
	assert_false(b.bad);
	return buf_text(&b);
}

static void
writes(void **state)
{
	struct buf b;

	(void)state;
	assert_string_equal(written(SPAN_LIT("")), "\"\"");
	assert_string_equal(written(SPAN_LIT("a\"b\\c/d\n\x01\x7f")),
	    "\"a\\\"b\\\\c/d\\u000a\\u0001\\u007f\"");
	assert_string_equal(written(SPAN_LIT("</script>")), "\"<\\/script>\"");
	assert_string_equal(written(SPAN_LIT("a\0b")), "\"a\\u0000b\"");
	assert_string_equal(
	    written(SPAN_LIT("\xe4\xbd\xa0")), "\"\xe4\xbd\xa0\"");
	assert_string_equal(written(SPAN_LIT("x\xff")), "\"x\\ufffd\"");

	buf_init(&b, ta, 64, 1024);
	buf_chr(&b, '{');
	json_put_name(&b, "a", true);
	buf_str(&b, "1");
	json_put_name(&b, "b\"", false);
	buf_str(&b, "2}");
	assert_string_equal(buf_text(&b), "{\"a\":1,\"b\\\"\":2}");
}

/* What we write we read: any valid text comes back. */
static void
round_trip(void **state)
{
	const struct json *j;
	char text[64], cp[4];
	size_t n, k;
	int i;

	(void)state;
	for (i = 0; i < 2000; i++) {
		n = 0;
		while (n < 60) {
			uint32_t c =
			    1 + (uint32_t)test_below(i % 2 ? 0x7f : 0x10fffe);

			if (c >= 0xd800 && c <= 0xdfff)
				continue;
			k = utf8_put(c, cp);
			memcpy(text + n, cp, k);
			n += k;
		}
		assert_int_equal(
		    parse(written((struct span){text, n}), &j), RC_OK);
		assert_int_equal(strlen(json_text(j, NULL)), n);
		assert_memory_equal(json_text(j, NULL), text, n);
	}
}

static int
setup(void **state)
{
	(void)state;
	test_seed();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(reads),
	    TEST(never_converts),
	    TEST(lists),
	    TEST(members_in_order),
	    TEST(refuses),
	    TEST(depth_and_size),
	    TEST(writes),
	    TEST(round_trip),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
