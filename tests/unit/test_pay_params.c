/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdio.h>

#include "base/limits.h"
#include "pay/params.h"

static const char *const none[] = {NULL};

static enum rc
read(struct params *p, const char *raw)
{
	params_init(p, ta);
	return params_read(p, span_str(raw));
}

static void
splits_and_decodes_once(void **state)
{
	struct params p;

	(void)state;
	assert_int_equal(read(&p, "a=1&b=x=y&c&d=%2541+%2B&%65=&"), RC_OK);
	assert_int_equal(p.n, 5);
	assert_span(*params_get(&p, "a"), "1");
	assert_span(*params_get(&p, "b"), "x=y");
	assert_span(*params_get(&p, "c"), "");
	assert_span(*params_get(&p, "d"), "%41 +");
	assert_span(*params_get(&p, "e"), "");
	assert_null(params_get(&p, "f"));
	assert_string_equal(params_text(&p, "f", 10), "");
	assert_string_equal(params_text(&p, "d", 5), "%41 +");
	assert_null(params_text(&p, "d", 4));
}

static void
counts_bytes(void **state)
{
	struct params p;

	(void)state;
	assert_int_equal(read(&p, "a=x%00y&n%00=1&g=%BB%E1"), RC_OK);
	assert_int_equal(params_get(&p, "a")->n, 3);
	assert_null(params_text(&p, "a", 10));
	/* a name with a NUL is not the name before the NUL */
	assert_null(params_get(&p, "n"));
	assert_int_equal(params_get(&p, "g")->n, 2);
	assert_int_equal(
	    params_join(&p, none, false).n, strlen("a=x.y&g=..&n.=1"));
}

static void
refuses(void **state)
{
	static const char *const invalid[] = {
	    "=1", "a=%", "a=%4", "a=%zz", "%=1", "a=1&=2", "a=%4g", "a=% 4"};
	static const char *const twice[] = {
	    "a=1&a=1", "a=1&b=2&a=", "a&a", "a=1&%61=1", "a+=1&a%20=1"};
	struct params p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++)
		assert_int_equal(read(&p, invalid[i]), RC_INVALID);
	for (i = 0; i < sizeof(twice) / sizeof(twice[0]); i++)
		assert_int_equal(read(&p, twice[i]), RC_CONFLICT);
}

static void
limits_the_number(void **state)
{
	struct params p;
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, ta, 4096, 1 << 16);
	for (i = 0; i < LIM_PARAMS; i++)
		buf_fmt(&b, "n%d=&", i);
	assert_int_equal(read(&p, buf_text(&b)), RC_OK);
	assert_int_equal(p.n, LIM_PARAMS);
	buf_str(&b, "x=");
	assert_int_equal(read(&p, buf_text(&b)), RC_INVALID);
}

static void
joins_sorted(void **state)
{
	static const char *const skip[] = {"sign", "sign_type", NULL};
	struct params p;

	(void)state;
	assert_int_equal(
	    read(&p, "b=2&a=1&sign=x&B=0&ab=&sign_type=&a_=3&aa=%26%3D"),
	    RC_OK);
	/* bytewise: upper case first, '_' before letters */
	assert_span(params_join(&p, skip, false), "B=0&a=1&a_=3&aa=&=&b=2");
	assert_span(params_join(&p, skip, true), "B=0&a=1&a_=3&aa=&=&ab=&b=2");
	assert_span(
	    params_join(&p, NULL, false), "B=0&a=1&a_=3&aa=&=&b=2&sign=x");
	params_init(&p, ta);
	assert_span(params_join(&p, skip, true), "");
}

static void
encodes_back(void **state)
{
	struct params p, q;
	struct buf b;

	(void)state;
	params_init(&p, ta);
	params_add(&p, "name", "VIP\xE4\xBC\x9A & a+b=c%");
	params_add(&p, "url", "https://x/?a=1");
	buf_init(&b, ta, 64, 1024);
	params_encode(&b, &p);
	assert_string_equal(buf_text(&b),
	    "name=VIP%E4%BC%9A%20%26%20a%2Bb%3Dc%25&"
	    "url=https%3A%2F%2Fx%2F%3Fa%3D1");
	assert_int_equal(read(&q, buf_text(&b)), RC_OK);
	assert_span(*params_get(&q, "name"), "VIP\xE4\xBC\x9A & a+b=c%");
	assert_string_equal(params_pairs(&p)[1].value, "https://x/?a=1");
}

static void
sees_two_readings(void **state)
{
	static const char *const vital[] = {"money", "no", NULL};
	static const struct {
		const char *raw;
		bool ambiguous;
	} row[] = {
	    {"money=1&no=2&name=a", false},
	    {"money=1&no=2&name=a%26b%3Dc", false},
	    {"money=1&no=2&name=%26money", false},
	    {"money=1&no=2&name=money%3D2", false},
	    {"money=1&no=2&name=%26moneys%3D2", false},
	    {"money=1&no=2&name=%26money%3D", true},
	    {"money=1&no=2&name=a%26no%3D3", true},
	    {"money=1&no=2%26no%3D3", true},
	    {"money=1&no=2&a%26b=1", true},
	    {"money=1&no=2&a%3Db=1", true},
	};
	struct params p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		assert_int_equal(read(&p, row[i].raw), RC_OK);
		if (params_ambiguous(&p, vital) != row[i].ambiguous)
			fail_msg("%s", row[i].raw);
	}
}

/* The promise of params_ambiguous(): two lists that give the same text agree
 * in every vital field.  Short random lists over a mean alphabet collide
 * often enough to try it. */
static void
same_text_same_fields(void **state)
{
	static const char *const vital[] = {"m", "n", NULL};
	static const char *const piece[] = {
	    "m", "n", "x", "%26", "%3D", "1", "2", "=", "&"};
	enum { LISTS = 3000 };
	struct params *list = ARENA_ARRAY(ta, LISTS, struct params);
	struct span *text = ARENA_ARRAY(ta, LISTS, struct span);
	size_t n = 0, same = 0, i, j, k;
	int tries;

	(void)state;
	test_seed();
	for (tries = 0; tries < 200000 && n < LISTS; tries++) {
		struct buf b;

		buf_init(&b, ta, 64, 256);
		for (k = 3 + test_below(9); k > 0; k--)
			buf_str(&b, piece[test_below(9)]);
		if (read(&list[n], buf_text(&b)) != RC_OK ||
		    params_get(&list[n], "m") == NULL ||
		    params_ambiguous(&list[n], vital))
			continue;
		text[n] = params_join(&list[n], none, false);
		/* a vital value is strict: none holds a border */
		if (memchr(params_text(&list[n], "m", 99), '&',
			strlen(params_text(&list[n], "m", 99)) + 1) != NULL)
			continue;
		n++;
	}
	for (i = 0; i < n; i++)
		for (j = 0; j < i; j++) {
			if (!span_eq(text[i], text[j]))
				continue;
			same++;
			if (strchr(params_text(&list[i], "m", 99), '&') == NULL)
				assert_string_equal(
				    params_text(&list[i], "m", 99),
				    params_text(&list[j], "m", 99));
		}
	printf("# %zu lists, %zu pairs with one text\n", n, same);
	assert_true(same > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(splits_and_decodes_once),
	    TEST(counts_bytes),
	    TEST(refuses),
	    TEST(limits_the_number),
	    TEST(joins_sorted),
	    TEST(encodes_back),
	    TEST(sees_two_readings),
	    TEST(same_text_same_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
