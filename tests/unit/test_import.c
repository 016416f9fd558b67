/* SPDX-License-Identifier: Apache-2.0 */
/* Cutting text into lines, and duplicates inside one chunk. */
#include "support/test.h"

#include "base/buf.h"
#include "base/limits.h"
#include "shop/import.h"

static struct import_lines l;

static void
cut_span(struct span text, bool first)
{
	import_split(ta, text, first, &l);
	assert_int_equal(l.lines, l.n + l.blank + l.bad);
}

#define CUT(s) cut_span(SPAN_LIT(s), true)

static void
endings(void **state)
{
	(void)state;
	CUT("a\nb\r\nc");
	assert_int_equal(l.n, 3);
	assert_span(l.v[1].text, "b");
	assert_span(l.v[2].text, "c");
	CUT("a\nb\n");
	assert_int_equal(l.lines, 2); /* an LF ends a line, it begins none */
	CUT("a\n\nb\n \t\n\r\n");
	assert_int_equal(l.n, 2);
	assert_int_equal(l.blank, 3);
	CUT("");
	assert_int_equal(l.lines, 0);
	CUT("\n");
	assert_int_equal(l.blank, 1);
}

static void
blanks_and_mark(void **state)
{
	(void)state;
	CUT("\xef\xbb\xbf key-1 \t\r\n");
	assert_int_equal(l.n, 1);
	assert_span(l.v[0].text, "key-1");
	cut_span(SPAN_LIT("\xef\xbb\xbfkey"), false);
	/* not at the start of the file: part of the text */
	assert_span(l.v[0].text, "\xef\xbb\xbfkey");
	CUT("a----b c----d");
	assert_span(l.v[0].text, "a----b c----d");
}

static void
bad_lines(void **state)
{
	char *big = arena_alloc(ta, LIM_CARD + 8);

	(void)state;
	CUT("ok\n\xb0\xa1\nok2\n");
	assert_int_equal(l.n, 2);
	assert_int_equal(l.bad, 1);
	cut_span(SPAN_LIT("a\0b\nc\x01\nd\x1b[1m\ne\tf\n"), true);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.bad, 3);
	memset(big, 'x', LIM_CARD + 1);
	cut_span((struct span){big, LIM_CARD}, true);
	assert_int_equal(l.n, 1);
	cut_span((struct span){big, LIM_CARD + 1}, true);
	assert_int_equal(l.n, 0);
	assert_int_equal(l.bad, 1);
	/* U+202E turns what follows round: a card that is not what it looks */
	CUT("abc\xe2\x80\xae"
	    "def\n");
	assert_int_equal(l.bad, 1);
}

static void
lines_of_one(uint64_t a, uint64_t b, struct import_line *x)
{
	memset(x, 0, sizeof(*x));
	memcpy(x->fp, &a, 8);
	memcpy(x->fp + 8, &b, 8);
}

static void
twins_within(void **state)
{
	struct import_line v[5];
	size_t i;

	(void)state;
	lines_of_one(1, 1, &v[0]);
	lines_of_one(1, 2, &v[1]); /* the same place in the table */
	lines_of_one(1, 1, &v[2]);
	lines_of_one(17, 1, &v[3]);
	lines_of_one(1, 1, &v[4]);
	dedupe_within(ta, v, 5);
	for (i = 0; i < 5; i++)
		assert_int_equal(
		    v[i].fate, i == 2 || i == 4 ? LINE_DUP_FILE : LINE_NEW);
	dedupe_within(ta, v, 0);
}

/* Any text: the counts agree, no line holds an LF or is empty. */
static void
any_text(void **state)
{
	static const char *const piece[] = {"a", "key", "\n", "\r\n", "\r", " ",
	    "\t", "卡密", "----", "\xff", "\n\n"};
	struct buf b;
	size_t i, k;

	(void)state;
	test_seed();
	for (i = 0; i < 2000; i++) {
		buf_init(&b, ta, 64, 4096);
		for (k = test_below(40); k > 0; k--)
			buf_str(&b, piece[test_below(11)]);
		cut_span((struct span){b.p, b.len}, test_below(2) != 0);
		for (k = 0; k < l.n; k++) {
			assert_true(l.v[k].text.n > 0);
			assert_null(memchr(l.v[k].text.p, '\n', l.v[k].text.n));
		}
		if (i % 100 == 0)
			arena_reset(ta);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(endings), TEST(blanks_and_mark),
	    TEST(bad_lines), TEST(twins_within), TEST(any_text)};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
