/* SPDX-License-Identifier: Apache-2.0 */
/* T-QTY and T-MONEY of the plan: what a shop must not take for a number. */
#include "support/test.h"

#include "base/num.h"

static const char *const not_a_number[] = {"", " ", "-", "+1", " 1", "1 ",
    "1\n", "0x10", "1.5", "1.", ".5", "1e9", "2abc", "1,00", "--1", "NaN",
    "inf", "true", "\xd9\xa1\xd9\xa2" /* Arabic-Indic 12 */,
    "\xef\xbc\x91" /* full-width 1 */, "1_000", "18446744073709551616",
    "99999999999999999999999"};

static void
unsigned_is_strict(void **state)
{
	uint64_t n = 77;
	unsigned u = 77;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(not_a_number) / sizeof(not_a_number[0]); i++) {
		assert_int_equal(
		    num_u64(span_str(not_a_number[i]), UINT64_MAX, &n),
		    RC_INVALID);
		assert_int_equal(
		    num_uint(not_a_number[i], UINT32_MAX, &u), RC_INVALID);
	}
	assert_int_equal(num_u64(SPAN_LIT("1\0"), 9, &n), RC_INVALID);
	assert_int_equal(num_u64(SPAN_LIT("-1"), 9, &n), RC_INVALID);
	assert_int_equal(num_u64(SPAN_LIT("10"), 9, &n), RC_INVALID);
	assert_int_equal(num_uint(NULL, 9, &u), RC_INVALID);
	assert_int_equal(n, 77); /* untouched so far */
	assert_int_equal(u, 77);
	assert_int_equal(num_u64(SPAN_LIT("0"), 0, &n), RC_OK);
	assert_int_equal(n, 0);
	assert_int_equal(num_u64(SPAN_LIT("007"), 9, &n), RC_OK);
	assert_int_equal(n, 7);
	assert_int_equal(
	    num_u64(SPAN_LIT("18446744073709551615"), UINT64_MAX, &n), RC_OK);
	assert_true(n == UINT64_MAX);
	assert_int_equal(num_uint("4294967295", UINT32_MAX, &u), RC_OK);
	assert_int_equal(u, UINT32_MAX);
	assert_int_equal(num_uint("4294967296", UINT32_MAX, &u), RC_INVALID);
}

static void
signed_reaches_both_ends(void **state)
{
	int64_t n = 77;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(not_a_number) / sizeof(not_a_number[0]); i++)
		assert_int_equal(num_i64(span_str(not_a_number[i]), INT64_MIN,
				     INT64_MAX, &n),
		    RC_INVALID);
	assert_int_equal(
	    num_i64(SPAN_LIT("9223372036854775808"), INT64_MIN, INT64_MAX, &n),
	    RC_INVALID);
	assert_int_equal(
	    num_i64(SPAN_LIT("-9223372036854775809"), INT64_MIN, INT64_MAX, &n),
	    RC_INVALID);
	assert_int_equal(num_i64(SPAN_LIT("- 1"), -9, 9, &n), RC_INVALID);
	assert_int_equal(num_i64(SPAN_LIT("-2"), -1, 9, &n), RC_INVALID);
	assert_int_equal(n, 77);
	assert_int_equal(
	    num_i64(SPAN_LIT("-9223372036854775808"), INT64_MIN, INT64_MAX, &n),
	    RC_OK);
	assert_true(n == INT64_MIN);
	assert_int_equal(
	    num_i64(SPAN_LIT("9223372036854775807"), INT64_MIN, INT64_MAX, &n),
	    RC_OK);
	assert_true(n == INT64_MAX);
	assert_int_equal(num_i64(SPAN_LIT("-0"), -1, 1, &n), RC_OK);
	assert_int_equal(n, 0);
}

static void
arithmetic_is_checked(void **state)
{
	struct money m = MONEY(5);

	(void)state;
	assert_int_equal(money_add(MONEY(INT64_MAX), MONEY(1), &m), RC_INVALID);
	assert_int_equal(money_sub(MONEY(INT64_MIN), MONEY(1), &m), RC_INVALID);
	assert_int_equal(money_mul(MONEY(INT64_MAX), 2, &m), RC_INVALID);
	assert_int_equal(money_mul(MONEY(2), UINT64_MAX, &m), RC_INVALID);
	assert_int_equal(money_mul(MONEY(-2), UINT64_MAX, &m), RC_INVALID);
	assert_int_equal(money_rate(MONEY(-1), 1, &m), RC_INVALID);
	assert_int_equal(money_rate(MONEY(INT64_MAX), 20000, &m), RC_INVALID);
	assert_int_equal(m.minor, 5);
	assert_int_equal(money_rate(MONEY(INT64_MAX), 10000, &m), RC_OK);
	assert_true(m.minor == INT64_MAX);
	assert_int_equal(money_mul(MONEY(1999), 1000, &m), RC_OK);
	assert_int_equal(m.minor, 1999000);
	/* 0.5 goes up */
	assert_int_equal(money_rate(MONEY(1), 5000, &m), RC_OK);
	assert_int_equal(m.minor, 1);
	assert_int_equal(money_rate(MONEY(1), 4999, &m), RC_OK);
	assert_int_equal(m.minor, 0);
	assert_int_equal(money_rate(MONEY(12345), 850, &m), RC_OK);
	assert_int_equal(m.minor, 1049); /* 1049.325 */
	assert_int_equal(money_cmp(MONEY(1), MONEY(2)), -1);
	assert_int_equal(money_cmp(MONEY(2), MONEY(2)), 0);
	assert_int_equal(money_cmp(MONEY(3), MONEY(2)), 1);
}

/* Against arithmetic of twice the width. */
static void
arithmetic_agrees_with_128_bits(void **state)
{
	struct money m;
	__int128 want;
	uint32_t rate;
	uint64_t k;
	int64_t a;
	int i;

	(void)state;
	for (i = 0; i < 200000; i++) {
		a = (int64_t)(test_rand() >> test_below(64));
		if (test_below(2) == 0)
			a = -a;
		k = test_rand() >> test_below(64);
		want = (__int128)a * (__int128)k;
		if (money_mul(MONEY(a), k, &m) == RC_OK)
			assert_true(want == m.minor);
		else
			assert_true(want > INT64_MAX || want < INT64_MIN);
		rate = (uint32_t)(test_rand() >> test_below(64));
		if (a < 0)
			continue;
		want = ((__int128)a * rate + 5000) / 10000;
		if (money_rate(MONEY(a), rate, &m) == RC_OK)
			assert_true(want == m.minor);
		else
			assert_true(want > INT64_MAX);
	}
}

static void
amounts_are_strict(void **state)
{
	static const char *const bad[] = {"", ".", "1.", ".5", "1.005", "+1",
	    "-1", " 1", "1 ", "1.00 ", "1,00", "1.0.0", "1e2", "0x1", "NaN",
	    "1..0", "12.5\n", "\xef\xbc\x91", "92233720368547758.08",
	    "922337203685477580700", "1.-1"};
	static const struct {
		const char *text;
		unsigned decimals;
		int64_t minor;
	} good[] = {
	    {"12.5", 2, 1250},
	    {"12.50", 2, 1250},
	    {"12", 2, 1200},
	    {"0", 2, 0},
	    {"0.01", 2, 1},
	    {"0.1", 2, 10},
	    {"00012.50", 2, 1250},
	    {"92233720368547758.07", 2, INT64_MAX},
	    {"9223372036854775807", 0, INT64_MAX},
	    {"1.234", 3, 1234},
	    {"1000", 0, 1000},
	};
	struct money m = MONEY(5);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    money_parse(span_str(bad[i]), 2, &m), RC_INVALID);
	assert_int_equal(money_parse(SPAN_LIT("1\0"), 2, &m), RC_INVALID);
	assert_int_equal(money_parse(SPAN_LIT("1.0"), 0, &m), RC_INVALID);
	assert_int_equal(m.minor, 5);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(
		    money_parse(span_str(good[i].text), good[i].decimals, &m),
		    RC_OK);
		assert_true(m.minor == good[i].minor);
	}
}

static void
amounts_round_trip(void **state)
{
	struct money m, again;
	const char *s;
	unsigned d;
	int i;

	(void)state;
	for (i = 0; i < 50000; i++) {
		m = MONEY((int64_t)(test_rand() >> (1 + test_below(63))));
		d = (unsigned)test_below(4);
		s = money_text(ta, m, d);
		assert_int_equal(money_parse(span_str(s), d, &again), RC_OK);
		assert_true(again.minor == m.minor);
		arena_reset(ta);
	}
}

static void
amounts_for_people(void **state)
{
	(void)state;
	assert_string_equal(money_text(ta, MONEY(-5), 2), "-0.05");
	assert_string_equal(
	    money_text(ta, MONEY(INT64_MIN), 2), "-92233720368547758.08");
	assert_string_equal(money_text(ta, MONEY(7), 0), "7");
	assert_string_equal(money_show(ta, MONEY(1250), "CNY"), "\xc2\xa5"
								"12.50");
	assert_string_equal(money_show(ta, MONEY(300), "USD"), "$3.00");
	assert_string_equal(money_show(ta, MONEY(0), "USD"), "$0.00");
	assert_string_equal(money_show(ta, MONEY(-300), "USD"), "-$3.00");
	assert_string_equal(money_show(ta, MONEY(1250), "XYZ"), "12.50 XYZ");
	assert_string_equal(money_show(ta, MONEY(1250), "JPY"), "\xc2\xa5"
								"1250");
	assert_int_equal(currency_decimals("CNY"), 2);
	assert_int_equal(currency_decimals("JPY"), 0);
	assert_int_equal(currency_decimals("XPF"), 0);
	assert_int_equal(currency_decimals("KWD"), 3);
	assert_int_equal(currency_decimals("TND"), 3);
	assert_int_equal(currency_decimals("LFC"), 2); /* across two codes */
	assert_int_equal(currency_decimals(NULL), 2);
	assert_int_equal(currency_decimals("US"), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(unsigned_is_strict),
	    TEST(signed_reaches_both_ends),
	    TEST(arithmetic_is_checked),
	    TEST(arithmetic_agrees_with_128_bits),
	    TEST(amounts_are_strict),
	    TEST(amounts_round_trip),
	    TEST(amounts_for_people),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
