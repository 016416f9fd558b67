/* SPDX-License-Identifier: Apache-2.0 */
/* CSV: what is written is read back, formulas become texts, and bad records
 * are told from good ones. */
#include "support/test.h"

#include "base/csv.h"

static const char *
written(const char *const *field, size_t n)
{
	struct buf b;
	size_t i;

	buf_init(&b, ta, 64, 1 << 16);
	for (i = 0; i < n; i++)
		csv_put(&b, field[i], i + 1 == n);
	return buf_text(&b);
}

static void
test_written(void **state)
{
	static const struct {
		const char *in, *out;
	} row[] = {
	    {"plain", "plain\r\n"},
	    {"", "\r\n"},
	    {"a,b", "\"a,b\"\r\n"},
	    {"say \"hi\"", "\"say \"\"hi\"\"\"\r\n"},
	    {"two\nlines", "\"two\nlines\"\r\n"},
	    {"=1+1", "'=1+1\r\n"},
	    {"=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"\r\n"},
	    {"@SUM(A1)", "'@SUM(A1)\r\n"},
	    {"+1", "'+1\r\n"},
	    {"-cmd", "'-cmd\r\n"},
	    {"-1+2", "'-1+2\r\n"},
	    {"\tx", "\"'\tx\"\r\n"},
	    {"-12.50", "-12.50\r\n"},
	    {"12.50", "12.50\r\n"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		assert_string_equal(written(&row[i].in, 1), row[i].out);
}

static void
test_read(void **state)
{
	struct span rest = SPAN_LIT("a,\"b,\"\"c\"\"\nd\",\r\n\r\nx;y\nlast,1");
	struct csv_record r;

	(void)state;
	assert_int_equal(csv_next(ta, &rest, ',', &r), RC_OK);
	assert_int_equal(r.n, 3);
	assert_span(r.field[0], "a");
	assert_span(r.field[1], "b,\"c\"\nd");
	assert_span(r.field[2], "");
	assert_int_equal(r.lines, 2);
	assert_int_equal(csv_next(ta, &rest, ',', &r), RC_OK);
	assert_int_equal(r.n, 1);
	assert_span(r.field[0], "");
	assert_int_equal(csv_next(ta, &rest, ';', &r), RC_OK);
	assert_int_equal(r.n, 2);
	assert_int_equal(csv_next(ta, &rest, ',', &r), RC_OK);
	assert_span(r.field[1], "1");
	assert_int_equal(csv_next(ta, &rest, ',', &r), RC_NOTFOUND);
}

static void
test_bad_records_cost_one_line(void **state)
{
	static const char *const bad[] = {"\"open\nb,c\n", "\"a\"b\nb,c\n"};
	struct csv_record r;
	struct span rest;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		rest = span_str(bad[i]);
		assert_int_equal(csv_next(ta, &rest, ',', &r), RC_INVALID);
		assert_int_equal(r.lines, 1);
		assert_int_equal(csv_next(ta, &rest, ',', &r), RC_OK);
		assert_int_equal(r.n, 2);
		assert_span(r.field[0], "b");
	}
	rest = span_str(arena_fmt(ta, "%0*d", 300, 0));
	memset((char *)(uintptr_t)rest.p, ',', rest.n);
	assert_int_equal(csv_next(ta, &rest, ',', &r), RC_INVALID);
}

static void
test_separator(void **state)
{
	(void)state;
	assert_int_equal(csv_separator(SPAN_LIT("a,b;c,d")), ',');
	assert_int_equal(csv_separator(SPAN_LIT("a;b;c,d")), ';');
	assert_int_equal(csv_separator(SPAN_LIT("a\tb\tc")), '\t');
	assert_int_equal(csv_separator(SPAN_LIT("\"a;;;;\",b")), ',');
	assert_int_equal(csv_separator(SPAN_LIT("")), ',');
}

/* Any texts come back as they were, but for the apostrophe. */
static void
test_round_trip(void **state)
{
	static const char letter[] = "ab,\"\n\r;\t 0-=+@'\xe4\xb8\xad";
	const char *field[6];
	struct csv_record r;
	struct span rest;
	size_t n, i, k, skip;
	unsigned round;
	char *s;

	(void)state;
	test_seed();
	for (round = 0; round < 3000; round++) {
		n = 1 + test_below(6);
		for (i = 0; i < n; i++) {
			size_t len = test_below(8);

			s = arena_alloc(ta, len + 1);
			for (k = 0; k < len; k++)
				s[k] = letter[test_below(sizeof(letter) - 1)];
			field[i] = s;
		}
		rest = span_str(written(field, n));
		assert_int_equal(csv_next(ta, &rest, ',', &r), RC_OK);
		assert_int_equal(r.n, n);
		assert_int_equal(rest.n, 0);
		for (i = 0; i < n; i++) {
			skip = r.field[i].n - strlen(field[i]);
			assert_true(skip <= 1);
			assert_memory_equal(
			    r.field[i].p + skip, field[i], strlen(field[i]));
			if (skip == 1)
				assert_int_equal(r.field[i].p[0], '\'');
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_written),
	    TEST(test_read),
	    TEST(test_bad_records_cost_one_line),
	    TEST(test_separator),
	    TEST(test_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
