/* SPDX-License-Identifier: Apache-2.0 */
/* Counting by minute, the forecast of it, and the gauges of what waits. */
#include "support/counter.h"

#include "base/metric.h"
#include "base/time.h"
#include "shop/forecast.h"

#define MINUTE (60 * US_PER_S)

static void
minutes_add_up(void **state)
{
	unsigned did;

	(void)state;
	cx->now = cx->now / MINUTE * MINUTE;
	assert_int_equal(jobs_traffic(cx, &did), RC_OK); /* the start */
	assert_count("traffic", 0);
	metric_add(METRIC_visits_total, "", 7);
	assert_int_equal(jobs_traffic(cx, &did), RC_OK);
	metric_add(METRIC_visits_total, "", 5);
	metric_add(METRIC_orders_total, "pending", 2);
	assert_int_equal(jobs_traffic(cx, &did), RC_OK);
	assert_int_equal(jobs_traffic(cx, &did), RC_OK);
	assert_string_equal(
	    sql_primary("SELECT CONCAT(visits_n, ' ', orders_n) FROM traffic"),
	    "12 2");
	cx->now += MINUTE;
	metric_add(METRIC_visits_total, "", 1);
	assert_int_equal(jobs_traffic(cx, &did), RC_OK);
	assert_count("traffic", 2);
}

/* A young shop: the last hour stands in.  After some days of a rhythm: the
 * rhythm, though the last hour was quiet. */
static void
the_rhythm_is_foretold(void **state)
{
	struct forecast f;
	unsigned did, hour;
	int64_t t;

	(void)state;
	assert_int_equal(jobs_forecast(cx, &did), RC_OK);
	assert_int_equal(forecast_load(cx, &f), RC_OK);
	assert_false(f.known);
	cx->now = cx->now / (24 * 60 * MINUTE) * (24 * 60 * MINUTE);
	sql_primary("INSERT INTO traffic VALUES (1, %lld, 30, 3)",
	    (long long)(cx->now - 30 * MINUTE));
	assert_int_equal(jobs_forecast(cx, &did), RC_OK);
	assert_int_equal(forecast_load(cx, &f), RC_OK);
	assert_true(f.known && !f.fitted);
	assert_int_equal(f.visits, 30);
	assert_int_equal(f.last_orders, 3);
	/* six days; only the first hour of each is busy */
	sql_primary("DELETE FROM traffic");
	for (hour = 0; hour < 6 * 24; hour++) {
		t = cx->now - (int64_t)(6 * 24 - hour) * 60 * MINUTE;
		sql_primary("INSERT INTO traffic VALUES (1, %lld, %u, %u), "
			    "(1, %lld, %u, 0)",
		    (long long)t, hour % 24 == 0 ? 300 : 6,
		    hour % 24 == 0 ? 24 : 0, (long long)(t + 25 * MINUTE),
		    hour % 24 == 0 ? 300 : 6);
	}
	assert_int_equal(jobs_forecast(cx, &did), RC_OK);
	assert_int_equal(forecast_load(cx, &f), RC_OK);
	assert_true(f.fitted);
	assert_in_range(f.visits, 540, 660);
	assert_in_range(f.orders, 20, 28);
	assert_int_equal(f.last_visits, 12);
	assert_int_equal(
	    metric_value(METRIC_forecast_visits, ""), (uint64_t)f.visits);
	/* what is too old to learn from goes */
	sql_primary("INSERT INTO traffic VALUES (1, %lld, 1, 1)",
	    (long long)(cx->now - 40 * 24 * 60 * MINUTE));
	assert_int_equal(jobs_forecast(cx, &did), RC_OK);
	assert_count("traffic", 6 * 24 * 2);
}

static void
what_waits_is_shown(void **state)
{
	unsigned did;
	const char *no;

	(void)state;
	assert_int_equal(jobs_open_orders(cx, &did), RC_OK);
	assert_int_equal(metric_value(METRIC_orders_open, "manual"), 0);
	no = place(4, 1);
	pay(no, "7.00", "M-1");
	assert_state(no, "manual");
	cx->now += 90 * US_PER_S;
	assert_int_equal(jobs_open_orders(cx, &did), RC_OK);
	assert_int_equal(metric_value(METRIC_orders_open, "manual"), 1);
	assert_in_range(
	    metric_value(METRIC_orders_open_oldest_seconds, "manual"), 89, 91);
	assert_int_equal(metric_value(METRIC_orders_open, "paid"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    COUNTER_TEST(minutes_add_up),
	    COUNTER_TEST(the_rhythm_is_foretold),
	    COUNTER_TEST(what_waits_is_shown),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
