/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "web/form.h"

static struct form
parse(const char *text)
{
	struct form f;

	if (form_parse(ta, span_str(text), &f) != RC_OK)
		fail_msg("refused: %s", text);
	return f;
}

static void
pairs_in_their_order(void **state)
{
	struct form f = parse("b=2&a=1&&b=3&c&=x&d=e=f&");
	struct span v;

	(void)state;
	assert_int_equal(f.n, 6);
	assert_span(f.v[0].name, "b");
	assert_span(f.v[1].value, "1");
	assert_span(f.v[2].value, "3");
	assert_span(f.v[3].name, "c");
	assert_span(f.v[3].value, "");
	assert_span(f.v[4].name, "");
	assert_span(f.v[4].value, "x");
	assert_span(f.v[5].value, "e=f");
	assert_int_equal(form_find(&f, "b", &v), 2);
	assert_span(v, "2");
	assert_int_equal(form_find(&f, "B", &v), 0);
	assert_int_equal(v.n, 0);
	assert_int_equal(parse("").n, 0);
	assert_int_equal(parse("&&&").n, 0);
}

static void
decoding(void **state)
{
	struct form f = parse("q=a+b%2Bc%26d&n%3D=%00x&bad=%ff;e=1");
	struct span v;

	(void)state;
	assert_int_equal(f.n, 3); /* ';' separates nothing */
	assert_span(f.v[0].value, "a b+c&d");
	assert_span(f.v[1].name, "n=");
	assert_true(span_has_nul(f.v[1].value));
	assert_int_equal(form_find(&f, "bad", &v), 1);
	assert_false(utf8_valid(v));
	assert_int_equal(v.n, 5);
	assert_int_equal(v.p[v.n], '\0');
	f = parse("a+b=1");
	assert_span(f.v[0].name, "a b");
	f = parse("a%5B%5D=1&a%5B%5D=2");
	assert_int_equal(form_find(&f, "a[]", &v), 2);
}

static const char *
repeated(const char *piece, size_t n)
{
	size_t len = strlen(piece), i;
	char *s = arena_alloc(ta, n * len + 1);

	for (i = 0; i < n; i++)
		memcpy(s + i * len, piece, len);
	return s;
}

static void
limits(void **state)
{
	struct form f;
	const char *s;

	(void)state;
	s = repeated("a=1&", LIM_PARAMS);
	assert_int_equal(parse(s).n, LIM_PARAMS);
	s = repeated("a=1&", LIM_PARAMS + 1);
	assert_int_equal(form_parse(ta, span_str(s), &f), RC_INVALID);
	s = repeated("a&", 100000);
	assert_int_equal(form_parse(ta, span_str(s), &f), RC_INVALID);
	s = repeated("n", LIM_PARAM_NAME);
	assert_int_equal(form_parse(ta, span_str(s), &f), RC_OK);
	s = repeated("%6e", LIM_PARAM_NAME);
	assert_int_equal(form_parse(ta, span_str(s), &f), RC_OK);
	s = repeated("n", LIM_PARAM_NAME + 1);
	assert_int_equal(form_parse(ta, span_str(s), &f), RC_INVALID);
	s = arena_fmt(ta, "a=%s", repeated("v", LIM_PARAM_VALUE));
	assert_int_equal(form_parse(ta, span_str(s), &f), RC_OK);
	s = arena_fmt(ta, "a=%s", repeated("v", LIM_PARAM_VALUE + 1));
	assert_int_equal(form_parse(ta, span_str(s), &f), RC_INVALID);
	assert_int_equal(form_parse(ta, SPAN_LIT("a=%4"), &f), RC_INVALID);
	assert_int_equal(form_parse(ta, SPAN_LIT("a%=4"), &f), RC_INVALID);
	assert_int_equal(form_parse(ta, SPAN_LIT("a=1&b=%zz"), &f), RC_INVALID);
}

/* parse(write(parse(x))) == parse(x) */
static void
round_trips(void **state)
{
	static const char likely[] = "ab=&=&+%%2641;\0\xff\xc3\xa4 ";
	char in[40];
	struct form f, again;
	struct buf b;
	size_t i, n;
	int round, taken = 0;

	(void)state;
	for (round = 0; round < 100000; round++) {
		n = (size_t)test_below(sizeof(in));
		for (i = 0; i < n; i++)
			in[i] = likely[test_below(sizeof(likely) - 1)];
		if (form_parse(ta, (struct span){in, n}, &f) == RC_OK) {
			taken++;
			buf_init(&b, ta, 0, 8 * sizeof(in));
			form_write(&b, &f);
			assert_false(b.bad);
			assert_int_equal(
			    form_parse(ta, (struct span){b.p, b.len}, &again),
			    RC_OK);
			assert_int_equal(again.n, f.n);
			for (i = 0; i < f.n; i++) {
				assert_true(
				    span_eq(f.v[i].name, again.v[i].name));
				assert_true(
				    span_eq(f.v[i].value, again.v[i].value));
			}
		}
		arena_reset(ta);
	}
	assert_true(taken > 10000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(pairs_in_their_order),
	    TEST(decoding),
	    TEST(limits),
	    TEST(round_trips),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
