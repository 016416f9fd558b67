/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pure pieces of the storefront: pages of a list, the cookie of proved
 * orders, an order's key, how stock and money are said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/limits.h"
#include "web/grant.h"
#include "web/keycut.h"
#include "web/pager.h"
#include "web/proof.h"
#include "web/view_shop.h"

static struct arena *a;

static int
setup(void **state)
{
	(void)state;
	a = arena_new(4096, 1 << 20);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

/* "1 0 4 [5] 6 0 9": what a visitor on page 5 of 9 sees. */
static const char *
numbers(unsigned here, unsigned last)
{
	unsigned v[PAGER_MAX];
	size_t n = pager_numbers(here, last, v), i;
	const char *text = "";

	assert_true(n <= PAGER_MAX);
	for (i = 0; i < n; i++)
		text = arena_fmt(
		    a, v[i] == here ? "%s[%u]" : "%s %u ", text, v[i]);
	return text;
}

static void
pager_one_page_is_no_pager(void **state)
{
	(void)state;
	assert_string_equal(numbers(1, 1), "");
	assert_string_equal(numbers(1, 0), "");
}

static void
pager_shows_ends_and_neighbours(void **state)
{
	(void)state;
	assert_string_equal(numbers(1, 2), "[1] 2 ");
	assert_string_equal(numbers(2, 2), " 1 [2]");
	assert_string_equal(numbers(1, 9), "[1] 2  3  0  9 ");
	assert_string_equal(numbers(10, 20), " 1  0  8  9 [10] 11  12  0  20 ");
	assert_string_equal(numbers(9, 9), " 1  0  7  8 [9]");
}

/* A gap never hides a single page: that page is shown instead. */
static void
pager_gap_hides_two_at_least(void **state)
{
	(void)state;
	assert_string_equal(numbers(5, 9), " 1  2  3  4 [5] 6  7  8  9 ");
	assert_string_equal(numbers(6, 11), " 1  0  4  5 [6] 7  8  0  11 ");
}

static void
pager_counts_pages(void **state)
{
	(void)state;
	assert_int_equal(pager_last(0, 24), 1);
	assert_int_equal(pager_last(24, 24), 1);
	assert_int_equal(pager_last(25, 24), 2);
	assert_int_equal(pager_last(UINT64_MAX - 24, 1), UINT32_MAX);
}

#define NO1 "26112300ABCDEFGHJKMNPQRS"
#define NO2 "26112300BBCDEFGHJKMNPQRS"

static void
grant_is_found_by_its_number(void **state)
{
	struct span c = SPAN_LIT(NO1 ".t-1_~" NO2 ".t2");

	(void)state;
	assert_string_equal(grant_in(a, c, NO1), "t-1_");
	assert_string_equal(grant_in(a, c, NO2), "t2");
	assert_null(grant_in(a, c, "26112300CBCDEFGHJKMNPQRS"));
	assert_null(grant_in(a, SPAN_LIT(""), NO1));
}

static void
grant_newest_first_and_few(void **state)
{
	struct span c = SPAN_LIT("A.1~B.2~C.3~D.4~E.5");

	(void)state;
	assert_string_equal(grant_with(a, c, "N", "t"), "N.t~A.1~B.2~C.3");
	/* an order again: its old token goes */
	assert_string_equal(grant_with(a, c, "B", "t"), "B.t~A.1~C.3~D.4");
	assert_string_equal(grant_with(a, SPAN_LIT(""), "N", "t"), "N.t");
}

/* A cookie is the sender's to write; what does not read must not come back
 * out, least of all bytes that no cookie may hold. */
static void
grant_drops_what_does_not_read(void **state)
{
	struct span c = SPAN_LIT("x y.1~A.~.2~nodot~A.b\"c~~A.b.c~G.ok");

	(void)state;
	assert_string_equal(grant_with(a, c, "N", "t"), "N.t~G.ok");
	assert_null(grant_in(a, c, "A"));
}

static void
grant_stays_short(void **state)
{
	char token[LIM_TXN + 1], cookie[4096];
	const char *out;
	struct span c;

	(void)state;
	memset(token, 'x', LIM_TXN);
	token[LIM_TXN] = '\0';
	c.n = (size_t)snprintf(cookie, sizeof(cookie),
	    NO1 ".%s~" NO2 ".%s~A.%s~B.%s", token, token, token, token);
	c.p = cookie;
	out = grant_with(a, c, "N", token);
	assert_true(strlen(out) < 600);
	assert_string_equal(grant_in(a, span_str(out), "N"), token);
}

static void
keycut_is_a_function_of_the_number(void **state)
{
	const char *one = keycut_path(a, NO1);

	(void)state;
	assert_string_equal(one, keycut_path(a, NO1));
	assert_string_not_equal(one, keycut_path(a, NO2));
	/* one path: begins and ends as such, nothing that ends an attribute */
	assert_int_equal(strncmp(one, "M42 14", 6), 0);
	assert_int_equal(one[strlen(one) - 1], 'z');
	assert_int_equal(strspn(one, "MHLVlhvz0123456789 -"), strlen(one));
}

static void
keycut_takes_any_text(void **state)
{
	(void)state;
	assert_non_null(keycut_path(a, ""));
	assert_non_null(keycut_path(a, "\xff\"<svg>"));
	assert_int_equal(strcspn(keycut_path(a, "\"<svg>"), "\"<>"),
	    strlen(keycut_path(a, "\"<svg>")));
}

static void
typed_number_is_cleaned(void **state)
{
	(void)state;
	assert_string_equal(proof_typed_no(a, " 261123-00abcd efgh\tjkmnpqrs"),
	    "26112300ABCDEFGHJKMNPQRS");
	assert_string_equal(proof_typed_no(a, ""), "");
}

static void
stock_is_said_in_ranges(void **state)
{
	(void)state;
	assert_string_equal(stock_range(1), "1-5");
	assert_string_equal(stock_range(5), "1-5");
	assert_string_equal(stock_range(6), "6-20");
	assert_string_equal(stock_range(50), "21-50");
	assert_string_equal(stock_range(51), "50+");
}

static void
money_pattern_keeps_the_sign(void **state)
{
	(void)state;
	assert_string_equal(money_pattern(a, "CNY"), "\xc2\xa5{}");
	assert_string_equal(money_pattern(a, "XAU"), "{} XAU");
	assert_string_equal(money_pattern(a, "JPY"), "\xc2\xa5{}");
}

static void
origin_names_scheme_and_port(void **state)
{
	(void)state;
	assert_string_equal(view_origin(a, "https://pay.example/x?y"),
	    "https://pay.example:443");
	assert_string_equal(
	    view_origin(a, "http://127.0.0.1:9/x"), "http://127.0.0.1:9");
	assert_null(view_origin(a, "javascript:alert(1)"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pager_one_page_is_no_pager),
	    cmocka_unit_test(pager_shows_ends_and_neighbours),
	    cmocka_unit_test(pager_gap_hides_two_at_least),
	    cmocka_unit_test(pager_counts_pages),
	    cmocka_unit_test(grant_is_found_by_its_number),
	    cmocka_unit_test(grant_newest_first_and_few),
	    cmocka_unit_test(grant_drops_what_does_not_read),
	    cmocka_unit_test(grant_stays_short),
	    cmocka_unit_test(keycut_is_a_function_of_the_number),
	    cmocka_unit_test(keycut_takes_any_text),
	    cmocka_unit_test(typed_number_is_cleaned),
	    cmocka_unit_test(stock_is_said_in_ranges),
	    cmocka_unit_test(money_pattern_keeps_the_sign),
	    cmocka_unit_test(origin_names_scheme_and_port),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
