/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "base/utf8.h"

/* Rows after Markus Kuhn's list and the table of RFC 3629 section 4. */
static const struct {
	const char *s;
	size_t n;
} bad[] = {
#define B(x)                                                                   \
	{                                                                      \
		x, sizeof(x) - 1                                               \
	}
    B("\x80"),
    B("\xbf"),
    B("\xc0\x80"), /* overlong NUL */
    B("\xc1\xbf"),
    B("\xe0\x80\xaf"), /* overlong '/' */
    B("\xe0\x9f\xbf"),
    B("\xf0\x80\x80\xaf"),
    B("\xf0\x8f\xbf\xbf"),
    B("\xed\xa0\x80"), /* surrogates */
    B("\xed\xbf\xbf"),
    B("\xf4\x90\x80\x80"), /* above U+10FFFF */
    B("\xf5\x80\x80\x80"),
    B("\xf8\x88\x80\x80\x80"),
    B("\xfe"),
    B("\xff"),
    B("\xc2"), /* cut */
    B("\xe2\x82"),
    B("\xf0\x9f\x98"),
    B("a\xc3(b"),
    B("\xe2(\xa1"),
    B("\xe2\x82("),
    B("\xf0\x9f\x98("),
};

static void
bad_is_refused(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(utf8_valid((struct span){bad[i].s, bad[i].n}));
}

static void
every_code_point_round_trips(void **state)
{
	uint32_t cp;

	(void)state;
	for (cp = 0; cp <= 0x10ffff; cp++) {
		char out[4];
		struct span s = {out, 0};

		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		s.n = utf8_put(cp, out);
		if (!utf8_valid(s) || utf8_length(s) != 1)
			fail_msg("U+%04X", (unsigned)cp);
		if (utf8_next(&s) != (int32_t)cp || s.n != 0)
			fail_msg("U+%04X", (unsigned)cp);
	}
}

/* The slow reference: all forms of a length, no table of ranges. */
static int
slow_valid(const unsigned char *p, size_t n)
{
	while (n != 0) {
		size_t len = p[0] < 0x80             ? 1
			     : (p[0] & 0xe0) == 0xc0 ? 2
			     : (p[0] & 0xf0) == 0xe0 ? 3
			     : (p[0] & 0xf8) == 0xf0 ? 4
						     : 0;
		static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
		uint32_t cp;
		size_t i;

		if (len == 0 || len > n)
			return 0;
		cp = len == 1 ? p[0] : p[0] & (0xffu >> (len + 1));
		for (i = 1; i < len; i++) {
			if ((p[i] & 0xc0) != 0x80)
				return 0;
			cp = cp << 6 | (p[i] & 0x3f);
		}
		if (cp < least[len] || cp > 0x10ffff ||
		    (cp >= 0xd800 && cp <= 0xdfff))
			return 0;
		p += len;
		n -= len;
	}
	return 1;
}

static void
agrees_with_a_slow_decoder(void **state)
{
	static const unsigned char likely[] = {0x41, 0x80, 0x8f, 0x90, 0x9f,
	    0xa0, 0xbf, 0xc0, 0xc2, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xf5};
	unsigned char b[6];
	size_t n, i;
	int round;

	(void)state;
	for (round = 0; round < 400000; round++) {
		n = (size_t)test_below(sizeof(b) + 1);
		for (i = 0; i < n; i++)
			b[i] = test_below(4) == 0
				   ? (unsigned char)test_rand()
				   : likely[test_below(sizeof(likely))];
		assert_int_equal(
		    utf8_valid((struct span){(char *)b, n}), slow_valid(b, n));
	}
}

static void
readable_text(void **state)
{
	(void)state;
	assert_true(utf8_line(SPAN_LIT("Steam \xe5\x85\x85\xe5\x80\xbc"), 8));
	assert_false(utf8_line(SPAN_LIT("Steam \xe5\x85\x85\xe5\x80\xbc"), 7));
	assert_true(utf8_line(SPAN_LIT(""), 0));
	assert_false(utf8_line(SPAN_LIT("a\tb"), 9));
	assert_false(utf8_line(SPAN_LIT("a\nb"), 9));
	assert_false(utf8_line(SPAN_LIT("a\0b"), 9));
	assert_false(utf8_line(SPAN_LIT("a\x7f"), 9));
	assert_false(utf8_line(SPAN_LIT("\xc2\x9f"), 9));
	assert_false(utf8_line(SPAN_LIT("a\xc2\x85"), 9));     /* C1 */
	assert_false(utf8_line(SPAN_LIT("a\xe2\x80\xae"), 9)); /* U+202E */
	assert_false(utf8_line(SPAN_LIT("a\xe2\x81\xa6"), 9)); /* U+2066 */
	assert_true(utf8_line(SPAN_LIT("a\xc2\xa0"), 9));      /* U+00A0 */
	/* both ends of both ranges of overrides, and their neighbours */
	assert_false(utf8_line(SPAN_LIT("\xe2\x80\xaa"), 9));
	assert_false(utf8_line(SPAN_LIT("\xe2\x81\xa9"), 9));
	assert_true(utf8_line(SPAN_LIT("\xe2\x80\xa9\xe2\x80\xaf"), 9));
	assert_true(utf8_line(SPAN_LIT("\xe2\x81\xa5\xe2\x81\xaa"), 9));
	assert_int_equal(utf8_length(SPAN_LIT("a\xe5\x85\x85z")), 3);
	assert_int_equal(utf8_length(SPAN_LIT("")), 0);
	assert_true(utf8_text(SPAN_LIT("a\n\tb"), 9));
	assert_false(utf8_text(SPAN_LIT("a\r\nb"), 9));
	assert_false(utf8_text(SPAN_LIT("a\0b"), 9));
	assert_false(utf8_text(SPAN_LIT("a\xff"), 9));
}

static void
any_takes_bad_bytes_singly(void **state)
{
	struct span s = SPAN_LIT("\xe2\x82"
				 "a");

	(void)state;
	assert_int_equal(utf8_any(&s), -1);
	assert_int_equal(utf8_any(&s), -1);
	assert_int_equal(utf8_any(&s), 'a');
	assert_int_equal(utf8_next(&s), -1);
}

static void
put_surrogate(void *arg)
{
	char out[4];

	(void)arg;
	utf8_put(0xd800, out);
}

static void
writing_a_surrogate_is_a_bug(void **state)
{
	(void)state;
	assert_true(test_aborts(put_surrogate, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(bad_is_refused),
	    TEST(every_code_point_round_trips),
	    TEST(agrees_with_a_slow_decoder),
	    TEST(readable_text),
	    TEST(any_takes_bad_bytes_singly),
	    TEST(writing_a_surrogate_is_a_bug),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
