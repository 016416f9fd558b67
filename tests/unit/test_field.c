/* SPDX-License-Identifier: Apache-2.0 */
#include "support/webtest.h"

#include "base/limits.h"
#include "io/tmpl.h"
#include "base/time.h"
#include "web/form.h"

static struct fields *
form(const char *text)
{
	struct fields *f = fields_new(ta);
	struct form parsed;
	size_t i;

	assert_int_equal(form_parse(ta, span_str(text), &parsed), RC_OK);
	for (i = 0; i < parsed.n; i++)
		fields_add(f, parsed.v[i].name, parsed.v[i].value);
	return f;
}

static void
texts(void **state)
{
	struct fields *f = form("a=+b+c+&blank=+&bad=%ff&nul=a%00b&nl=a%0Ab&"
				"rtl=%E2%80%AEx&zh=%E4%B8%AD%E6%96%87&"
				"two=1&two=2&html=%3Cb%3E%22%26");
	const char *s;

	(void)state;
	assert_true(field_text(f, "a", 3, &s));
	assert_string_equal(s, "b c");
	assert_true(field_text(f, "none", 3, &s));
	assert_string_equal(s, "");
	assert_true(field_text(f, "blank", 3, &s));
	assert_string_equal(s, "");
	assert_true(field_text(f, "zh", 2, &s)); /* characters, not bytes */
	assert_true(field_text(f, "html", 99, &s));
	assert_string_equal(s, "<b>\"&"); /* never escaped here */
	assert_true(fields_ok(f));
	assert_false(field_need(f, "blank", 3, &s));
	assert_string_equal(field_reason(f, "blank"), FIELD_REQUIRED);
	assert_false(field_text(f, "bad", 9, &s));
	assert_string_equal(field_reason(f, "bad"), FIELD_NOT_TEXT);
	assert_false(field_text(f, "nul", 9, &s));
	assert_false(field_text(f, "nl", 9, &s));
	assert_false(field_text(f, "rtl", 9, &s));
	assert_false(field_text(f, "two", 9, &s));
	assert_string_equal(field_reason(f, "two"), FIELD_REPEATED);
	assert_string_equal(s, "");
	assert_false(fields_ok(f));
}

static void
too_long_is_refused_never_cut(void **state)
{
	struct fields *f = form("a=12345&b=%E4%B8%AD%E6%96%87");
	const char *s;

	(void)state;
	assert_true(field_text(f, "a", 5, &s));
	assert_false(field_text(f, "a", 4, &s));
	assert_string_equal(s, "");
	assert_string_equal(field_reason(f, "a"), FIELD_TOO_LONG);
	assert_false(field_text(f, "b", 1, &s));
}

static void
numbers(void **state)
{
	static const char *const bad[] = {"n=-1", "n=1.5", "n=2abc", "n=0x10",
	    "n=1e3", "n=%2B1", "n=%D9%A1", "n=1%002", "n=1&n=2", "n=1,000"};
	struct fields *f = form("a=7&big=18446744073709551616&z=0&blank=");
	uint64_t v = 99;
	size_t i;

	(void)state;
	assert_true(field_u64(f, "a", 1, 10, &v));
	assert_true(v == 7);
	assert_false(field_u64(f, "a", 8, 10, &v));
	assert_true(v == 0);
	assert_string_equal(field_reason(f, "a"), FIELD_TOO_SMALL);
	assert_false(field_u64(f, "big", 0, UINT64_MAX, &v));
	assert_string_equal(field_reason(f, "big"), FIELD_TOO_BIG);
	assert_false(field_u64(f, "z", 1, 10, &v));
	assert_false(field_u64(f, "none", 1, 10, &v));
	assert_string_equal(field_reason(f, "none"), FIELD_REQUIRED);
	assert_true(field_u64_or(f, "gone", 1, 10, 3, &v));
	assert_true(v == 3);
	assert_true(field_u64_or(f, "blank", 1, 10, 4, &v));
	assert_true(v == 4);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		f = form(bad[i]);
		assert_false(field_u64(f, "n", 0, UINT64_MAX, &v));
		assert_true(v == 0);
		assert_false(field_u64_or(f, "n", 0, UINT64_MAX, 5, &v));
	}
}

static void
signed_numbers(void **state)
{
	struct fields *f = form("a=-7&b=9223372036854775808");
	int64_t v;

	(void)state;
	assert_true(field_i64(f, "a", -10, 10, &v));
	assert_true(v == -7);
	assert_false(field_i64(f, "b", INT64_MIN, INT64_MAX, &v));
	f = form("a=11");
	assert_false(field_i64(f, "a", -10, 10, &v));
	assert_string_equal(field_reason(f, "a"), FIELD_TOO_BIG);
}

static void
money(void **state)
{
	static const char *const bad[] = {"m=1,00", "m=1.005", "m=NaN", "m=1e2",
	    "m=-1", "m=%2B1", "m=1.", "m=.5", "m=0x1", "m=1.00.0"};
	struct fields *f = form("m=12.50&d=+3+");
	struct money m;
	size_t i;

	(void)state;
	assert_true(field_money(f, "m", 2, MONEY(0), MONEY(9999), &m));
	assert_true(m.minor == 1250);
	assert_true(field_money(f, "d", 2, MONEY(0), MONEY(9999), &m));
	assert_true(m.minor == 300);
	assert_false(field_money(f, "m", 0, MONEY(0), MONEY(9999), &m));
	assert_true(m.minor == 0);
	assert_true(
	    field_money_or(f, "none", 2, MONEY(0), MONEY(9999), MONEY(5), &m));
	assert_true(m.minor == 5);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(field_money(
		    form(bad[i]), "m", 2, MONEY(0), MONEY(INT64_MAX), &m));
}

static void
choices_ticks_and_ids(void **state)
{
	static const char *const names[] = {"draft", "on", "off"};
	struct fields *f = form("state=on&x=maybe&t=1&u=off&v=0&w=&id=3&id=9&"
				"bad=1&bad=x");
	uint64_t *ids;
	size_t i, n;

	(void)state;
	assert_true(field_choice(f, "state", names, 3, SIZE_MAX, &i));
	assert_int_equal(i, 1);
	assert_false(field_choice(f, "x", names, 3, SIZE_MAX, &i));
	assert_false(field_choice(f, "none", names, 3, SIZE_MAX, &i));
	assert_true(field_choice(f, "none2", names, 3, 2, &i));
	assert_int_equal(i, 2);
	assert_true(field_checked(f, "t"));
	assert_false(field_checked(f, "u"));
	assert_false(field_checked(f, "v"));
	assert_false(field_checked(f, "w"));
	assert_false(field_checked(f, "gone"));
	assert_true(field_ids(f, "id", 5, &ids, &n));
	assert_int_equal(n, 2);
	assert_true(ids[0] == 3 && ids[1] == 9);
	assert_false(field_ids(f, "id", 1, &ids, &n));
	assert_int_equal(n, 0);
	assert_false(field_ids(f, "bad", 5, &ids, &n));
}

static void
other_kinds(void **state)
{
	struct fields *f =
	    form("l=a%0D%0Ab%0Ac&pw=+p%20w+&short=1&mail=a%40b.de&"
		 "nomail=a%40b%0D%0ABcc:x&u=https%3A%2F%2Fx.de%2F&"
		 "js=javascript%3Aalert(1)&tok=AB-1&notok=AB%2F1&"
		 "day=2026-01-31&noday=2026-02-31");
	struct span v;
	const char *s;
	int64_t us;

	(void)state;
	assert_true(field_lines(f, "l", 99, &v));
	assert_span(v, "a\nb\nc");
	assert_true(field_secret(f, "pw", 1, 99, &v));
	assert_span(v, " p w "); /* blanks count */
	assert_false(field_secret(f, "short", 2, 99, &v));
	assert_int_equal(v.n, 0);
	assert_true(field_email(f, "mail", &s));
	assert_false(field_email(f, "nomail", &s));
	assert_true(field_url(f, "u", 99, &s));
	assert_false(field_url(f, "js", 99, &s));
	assert_string_equal(s, "");
	assert_true(field_token(f, "tok", "-", 9, &s));
	assert_true(field_token(f, "none", "-", 9, &s));
	assert_false(field_token(f, "notok", "-", 9, &s));
	assert_true(field_day(f, "day", 480, &us));
	assert_true(us > 0);
	assert_false(field_day(f, "noday", 480, &us));
	assert_true(us == 0);
}

static void
rules_add_reasons(void **state)
{
	struct fields *f = form("a=1");

	(void)state;
	field_fail(f, "a", "taken");
	field_fail(f, "a", "second");
	assert_string_equal(field_reason(f, "a"), "taken");
	assert_null(field_reason(f, "b"));
	assert_false(fields_ok(f));
}

static void
ask_with_a_dotted_name(void *arg)
{
	const char *s;

	field_text(arg, "Page.Title", 9, &s);
}

/* Names become part of the template's tree: ours only. */
static void
names_are_tokens(void **state)
{
	(void)state;
	assert_true(test_aborts(ask_with_a_dotted_name, form("a=1")));
}

/* Moments as browsers send them, and what only looks like one. */
static void
minutes(void **state)
{
	static const struct {
		const char *text;
		int64_t s; /* after that day's start; < 0: refused */
	} row[] = {
	    {"", 0},
	    {"2026-01-31", 0},
	    {"2026-01-31T00:00", 0},
	    {"2026-01-31T12:30", 45000},
	    {"2026-01-31 12:30", 45000},
	    {"2026-01-31T23:59:59", 86399},
	    {"2026-01-31T24:00", -1},
	    {"2026-01-31T12:60", -1},
	    {"2026-01-31T12", -1},
	    {"2026-01-31T1:30", -1},
	    {"2026-01-31T12:30:", -1},
	    {"2026-01-31T12:30:00Z", -1},
	    {"2026-01-31x12:30", -1},
	    {"2026-02-30T12:30", -1},
	    {"2026-01-3", -1},
	    {"T12:30", -1},
	};
	int64_t day, us;
	struct fields *f;
	size_t i;

	(void)state;
	assert_int_equal(time_parse_day("2026-01-31", 480, &day), RC_OK);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		f = fields_new(ta);
		fields_add(f, SPAN_LIT("at"), span_str(row[i].text));
		assert_int_equal(
		    field_minute(f, "at", 480, &us), row[i].s >= 0);
		if (row[i].s < 0 || row[i].text[0] == '\0')
			assert_true(us == 0);
		else
			assert_true(us == day + row[i].s * US_PER_S);
	}
}

static void
read_again_finds_nothing_of_before(void **state)
{
	struct fields *f = form("qty=1&coupon=x");
	const char *s;

	(void)state;
	field_fail(f, "qty", "qty_min");
	fields_again(f);
	assert_true(fields_ok(f));
	assert_true(field_text(f, "coupon", 9, &s));
	assert_string_equal(s, "x");
	assert_null(field_reason(f, "coupon"));
	assert_true(fields_ok(f));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(minutes),
	    TEST(texts),
	    TEST(too_long_is_refused_never_cut),
	    TEST(numbers),
	    TEST(signed_numbers),
	    TEST(money),
	    TEST(choices_ticks_and_ids),
	    TEST(other_kinds),
	    TEST(rules_add_reasons),
	    TEST(names_are_tokens),
	    TEST(read_again_finds_nothing_of_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
