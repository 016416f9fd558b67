/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <time.h>

#include "base/time.h"

static void
known_days(void **state)
{
	const int64_t t = INT64_C(1769860803123456); /* 2026-01-31 12:00:03 */
	char day[7];

	(void)state;
	assert_string_equal(time_text(ta, t, 0), "2026-01-31 12:00:03");
	assert_string_equal(time_text(ta, t, 480), "2026-01-31 20:00:03");
	assert_string_equal(time_text(ta, t, -720), "2026-01-31 00:00:03");
	assert_string_equal(time_text(ta, t, 840), "2026-02-01 02:00:03");
	assert_string_equal(time_rfc3339(ta, t), "2026-01-31T12:00:03.123456Z");
	assert_string_equal(time_http(ta, t), "Sat, 31 Jan 2026 12:00:03 GMT");
	assert_string_equal(time_http(ta, 0), "Thu, 01 Jan 1970 00:00:00 GMT");
	assert_string_equal(
	    time_text(ta, -1, 0), "1969-12-31 23:59:59"); /* rounds down */
	time_yymmdd(t, day);
	assert_string_equal(day, "260131");
}

/* The C library is the reference. */
static void
agrees_with_gmtime(void **state)
{
	struct tm tm;
	char want[64];
	int64_t us;
	time_t t;
	int i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		t = (time_t)test_below(UINT64_C(253402300800)); /* to 9999 */
		us = (int64_t)t * US_PER_S + (int64_t)test_below(1000000);
		assert_non_null(gmtime_r(&t, &tm));
		strftime(want, sizeof(want), "%Y-%m-%d %H:%M:%S", &tm);
		assert_string_equal(time_text(ta, us, 0), want);
		strftime(want, sizeof(want), "%a, %d %b %Y %H:%M:%S GMT", &tm);
		assert_string_equal(time_http(ta, us), want);
		arena_reset(ta);
	}
}

static void
days_begin_in_the_zone(void **state)
{
	int64_t us, start;
	int zone, i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		us = (int64_t)test_below(UINT64_C(4102444800000000));
		zone = (int)test_below(1561) - 720;
		start = time_day_start(us, zone);
		assert_true(start <= us);
		assert_true(us - start < S_PER_DAY * US_PER_S);
		assert_string_equal(
		    time_text(ta, start, zone) + 10, " 00:00:00");
		arena_reset(ta);
	}
}

static void
days_are_parsed_strictly(void **state)
{
	static const char *const bad[] = {"", "2026-1-31", "2026-02-29",
	    "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00",
	    "2026-01-32", "2026-01-31 ", "2026/01/31", "2026/01-31",
	    "2026-01/31", "20260131", "1969-12-31", "2026-01-3a", "+026-01-31",
	    "2100-02-29"};
	int64_t t = 7;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(time_parse_day(bad[i], 0, &t), RC_INVALID);
	assert_int_equal(time_parse_day(NULL, 0, &t), RC_INVALID);
	assert_int_equal(t, 7);
	assert_int_equal(time_parse_day("1970-01-01", 0, &t), RC_OK);
	assert_int_equal(t, 0);
	assert_int_equal(time_parse_day("1999-12-31", 0, &t), RC_OK);
	assert_string_equal(time_text(ta, t, 0), "1999-12-31 00:00:00");
	assert_int_equal(time_parse_day("2000-02-29", 0, &t), RC_OK);
	assert_string_equal(time_text(ta, t, 0), "2000-02-29 00:00:00");
	assert_int_equal(time_parse_day("2026-01-31", 480, &t), RC_OK);
	assert_string_equal(time_text(ta, t, 0), "2026-01-30 16:00:00");
	assert_int_equal(time_day_start(t + 5, 480), t);
}

static void
the_clock_can_be_set(void **state)
{
	int64_t a, b;

	(void)state;
	time_set_us(42);
	assert_int_equal(time_now_us(), 42);
	time_set_us(0);
	a = time_now_us();
	assert_true(a > INT64_C(1600000000) * US_PER_S);
	b = time_mono_us();
	assert_true(time_mono_us() >= b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(known_days),
	    TEST(agrees_with_gmtime),
	    TEST(days_begin_in_the_zone),
	    TEST(days_are_parsed_strictly),
	    TEST(the_clock_can_be_set),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
