/* SPDX-License-Identifier: Apache-2.0 */
/* Index words and queries: what is asked for is cut like what was stored. */
#include "support/test.h"

#include "shop/words.h"

static const char *
indexed(const char *s)
{
	struct buf b;

	buf_init(&b, ta, 256, 64 * 1024);
	words_index(&b, span_str(s));
	return buf_text(&b);
}

#define QUERY(s) words_query(ta, span_str(s))

static void
ascii_words(void **state)
{
	(void)state;
	assert_string_equal(indexed("Nova TV"), "kwdnova kwdtv ");
	assert_string_equal(
	    indexed("Office365"), "kwdoffice365 kwdoffice kwd365 ");
	assert_string_equal(indexed("a"), "kwda ");
	assert_string_equal(indexed("  ,;-- "), "");
	assert_string_equal(QUERY("NOVA tv"), "+kwdnova* +kwdtv*");
	/* the stop words and one-letter words of InnoDB are ordinary here */
	assert_string_equal(QUERY("the a"), "+kwdthe* +kwda*");
}

static void
chinese_bigrams(void **state)
{
	(void)state;
	assert_string_equal(
	    indexed("你好世界"), "u4f60u597d u597du4e16 u4e16u754c u754c ");
	assert_string_equal(QUERY("好世"), "+u597du4e16");
	assert_string_equal(QUERY("你好世"), "+\"u4f60u597d u597du4e16\"");
	/* one letter: a prefix of the bigram that it begins */
	assert_string_equal(QUERY("世"), "+u4e16*");
	assert_string_equal(
	    indexed("会员,月卡"), "u4f1au5458 u5458 u6708u5361 u5361 ");
	assert_string_equal(indexed("会员 月"), "u4f1au5458 u5458 u6708 ");
}

static void
folded(void **state)
{
	(void)state;
	/* full-width letters and digits, ideographic blank */
	assert_string_equal(indexed("ＡＢ　１２"), "kwdab kwd12 ");
	assert_string_equal(QUERY("Ｔｖ"), "+kwdtv*");
	assert_string_equal(
	    indexed("4K画质"), "kwd4k kwd4 kwdk u753bu8d28 u8d28 ");
}

static void
signs_are_plain(void **state)
{
	(void)state;
	assert_string_equal(QUERY("%"), "+u0025*");
	assert_string_equal(QUERY("_"), "+u005f*");
	assert_string_equal(QUERY("\\"), "+u005c*");
	assert_string_equal(indexed("50%"), "kwd50 u0025 ");
	assert_string_equal(QUERY("C++"), "+kwdc* +u002bu002b");
	assert_string_equal(QUERY("\"' ()-"), "");
	assert_string_equal(QUERY(""), "");
	assert_string_equal(QUERY("🎮，。"), "");
}

static void
beyond_the_first_plane(void **state)
{
	(void)state;
	assert_string_equal(indexed("𠀋"), "v02000b ");
	assert_string_equal(QUERY("𠀋"), "+v02000b*");
}

static void
not_utf8(void **state)
{
	(void)state;
	assert_string_equal(indexed("\xff\xfe ok"), "");
	assert_string_equal(QUERY("\xe4\xbd"), "");
}

/* Whatever is typed, the expression has no operator of the typist's, and at
 * most WORDS_TERMS terms. */
static void
only_our_operators(void **state)
{
	static const char *const piece[] = {"a", "Z9", "+", "-", "*", "\"", "(",
	    ")", "~", "<", ">", "@", "%", "'", "\\", " ", "卡", "密", "，", "é",
	    "🎫", "\t", ";", "`", "kwd", "u4f60"};
	const char *q;
	struct buf b;
	size_t i, k, plus;

	(void)state;
	test_seed();
	for (i = 0; i < 3000; i++) {
		buf_init(&b, ta, 64, 4096);
		for (k = test_below(60); k > 0; k--)
			buf_str(&b, piece[test_below(
					sizeof(piece) / sizeof(piece[0]))]);
		q = words_query(ta, span_str(buf_text(&b)));
		for (k = 0, plus = 0; q[k] != '\0'; k++) {
			if (chr_alnum(q[k]))
				continue;
			assert_non_null(strchr("+*\" ", q[k]));
			plus += q[k] == '+';
			assert_true(q[k] != '+' || k == 0 || q[k - 1] == ' ');
		}
		assert_true(plus <= WORDS_TERMS);
		if (i % 100 == 0)
			arena_reset(ta);
	}
}

/* A run longer than one piece loses no pair of neighbours. */
static void
long_runs(void **state)
{
	const char *text;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, ta, 1024, 4096);
	for (i = 0; i < 150; i++)
		buf_fmt(&b, "\xe4\xb8%c", (int)(0x80 + i % 64));
	text = indexed(buf_text(&b));
	for (i = 0; i + 1 < 150; i++)
		assert_non_null(strstr(text,
		    arena_fmt(ta, "u%04xu%04x ", (unsigned)(0x4e00 + i % 64),
			(unsigned)(0x4e00 + (i + 1) % 64))));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(ascii_words),
	    TEST(chinese_bigrams), TEST(folded), TEST(signs_are_plain),
	    TEST(beyond_the_first_plane), TEST(not_utf8),
	    TEST(only_our_operators), TEST(long_runs)};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
