/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

static void
spans(void **state)
{
	(void)state;
	assert_int_equal(span_str(NULL).n, 0);
	assert_true(span_eq(span_str(NULL), span_str("")));
	assert_true(span_is(SPAN_LIT("ab"), "ab"));
	assert_false(span_is(SPAN_LIT("ab"), "abc"));
	assert_false(span_eq(SPAN_LIT("ab"), SPAN_LIT("aB")));
	assert_true(span_has_nul(SPAN_LIT("a\0b")));
	assert_false(span_has_nul(span_str("")));
	assert_span(span_trim(SPAN_LIT(" \t a b\t ")), "a b");
	assert_span(span_trim(SPAN_LIT(" \t ")), "");
	assert_span(span_trim(SPAN_LIT("\na")), "\na");
}

static void
cuts(void **state)
{
	static const struct {
		const char *text;
		const char *part[4];
	} row[] = {
	    {"", {""}},
	    {"a", {"a"}},
	    {"a,b", {"a", "b"}},
	    {",", {"", ""}},
	    {"a,", {"a", ""}},
	    {",a", {"", "a"}},
	    {"a,,b", {"a", "", "b"}},
	};
	struct span rest, part;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		rest = span_str(row[i].text);
		for (j = 0; j < 4 && row[i].part[j] != NULL; j++) {
			assert_true(span_cut(&rest, ',', &part));
			assert_span(part, row[i].part[j]);
		}
		assert_false(span_cut(&rest, ',', &part));
		assert_false(span_cut(&rest, ',', &part));
	}
}

static void
texts(void **state)
{
	(void)state;
	assert_true(str_eq(NULL, NULL));
	assert_false(str_eq(NULL, ""));
	assert_true(str_empty(NULL));
	assert_true(str_empty(""));
	assert_true(str_starts("abc", "ab"));
	assert_true(str_starts("abc", ""));
	assert_false(str_starts("a", "ab"));
	assert_true(str_ends("abc", "bc"));
	assert_false(str_ends("c", "bc"));
	assert_true(str_ieq("Content-TYPE", "content-type"));
	assert_false(str_ieq("a", "ab"));
	assert_true(str_ieq(NULL, NULL));
	assert_false(str_ieq(NULL, "a"));
	assert_false(str_ieq("", NULL));
	assert_false(str_ieq("[", "{")); /* 0x20 apart, no letters */
	assert_string_equal(str_lower(ta, "AbC-\xc3\x84"), "abc-\xc3\x84");
}

static void
characters(void **state)
{
	int c;

	(void)state;
	for (c = -128; c < 128; c++) {
		char x = (char)c;
		int digit = c >= '0' && c <= '9';
		int alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		assert_int_equal(chr_digit(x), digit);
		assert_int_equal(chr_alpha(x), alpha);
		assert_int_equal(chr_alnum(x), digit || alpha);
		assert_int_equal(
		    chr_space(x), c != 0 && c > 0 && strchr(" \t\n\v\f\r", c));
		assert_int_equal(chr_xdigit(x),
		    c > 0 && strchr("0123456789abcdefABCDEF", c) != NULL);
		assert_int_equal(
		    chr_lower(chr_upper(x)), alpha ? chr_lower(x) : x);
		assert_int_equal(
		    chr_upper(x), c >= 'a' && c <= 'z' ? c - 32 : x);
	}
}

static void
tokens(void **state)
{
	(void)state;
	assert_true(str_is_token("aZ9", "", 3));
	assert_false(str_is_token("aZ9x", "", 3));
	assert_false(str_is_token("", "", 3));
	assert_false(str_is_token(NULL, "", 3));
	assert_true(str_is_token("a-b_c", "-_", 10));
	assert_false(str_is_token("a-b_c", "-", 10));
	assert_false(str_is_token("a b", "-", 10));
	assert_false(str_is_token("\xc3\xa4", "-", 10));
	assert_false(str_is_token("a\n", "-", 10));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(spans),
	    TEST(cuts),
	    TEST(texts),
	    TEST(characters),
	    TEST(tokens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
