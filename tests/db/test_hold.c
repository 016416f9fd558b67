/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hold that is lengthened while its buyer is still paying (order_hold.h):
 * when it is, for how much, and when it is not.
 */
#include "support/counter.h"

#include <stdlib.h>

#include "base/time.h"
#include "shop/jobs.h"
#include "shop/order_hold.h"

static const char *no;
static int64_t end; /* when the order's time was to be over */

static int64_t
number(const char *what)
{
	return strtoll(
	    sql_primary("SELECT %s FROM orders WHERE no = '%s'", what, no),
	    NULL, 10);
}

/* An order whose payment is open, with so many seconds left. */
static void
begin(int left_s)
{
	no = place(1, 2);
	open_payment(no);
	end = number("expires_us");
	cx->now = end - left_s * US_PER_S;
}

static void
pay_page(int64_t ends)
{
	struct pay_view v;

	assert_int_equal(order_pay(cx, look(no), &v), RC_OK);
	assert_int_equal(v.order->expires, ends);
	assert_int_equal(number("expires_us"), ends);
}

static void
status_page(int64_t ends)
{
	const struct order_proof proof = {.visitor = &visitor};
	enum order_state state;
	unsigned delivered;
	int64_t expires;

	assert_int_equal(
	    order_status(cx, no, &proof, &state, &delivered, &expires), RC_OK);
	assert_int_equal(expires, ends);
	assert_int_equal(number("expires_us"), ends);
}

static void
gateway_ends(int64_t at)
{
	sql_primary("UPDATE payment SET ends_us = %lld", (long long)at);
}

/* ------------------------------------------------------------ when it is */

static void
pay_page_in_the_last_minute_gives_time(void **state)
{
	int64_t more = set->hold_extend_s * US_PER_S;
	unsigned did;

	(void)state;
	begin(60);
	pay_page(end); /* not yet */
	cx->now += US_PER_S;
	pay_page(end + more);
	assert_count("card WHERE state = 'held' AND hold_until_us = "
		     "(SELECT expires_us FROM orders)",
	    2);
	/* what was to be its end is not */
	cx->now = end + US_PER_S;
	assert_int_equal(jobs_expire(cx, &did), RC_OK);
	assert_int_equal(did, 0);
	/* and once only */
	cx->now = end + more - 30 * US_PER_S;
	pay_page(end + more);
	cx->now = end + more + US_PER_S;
	assert_int_equal(jobs_expire(cx, &did), RC_OK);
	assert_int_equal(did, 1);
	assert_state(no, "expired");
	assert_count("card WHERE sku_id = 1 AND state = 'free'", 5);
}

static void
status_of_an_open_payment_gives_time(void **state)
{
	(void)state;
	begin(59);
	status_page(end + set->hold_extend_s * US_PER_S);
}

static void
money_in_the_time_that_was_given_delivers(void **state)
{
	(void)state;
	begin(30);
	pay_page(end + set->hold_extend_s * US_PER_S);
	cx->now = end + 60 * US_PER_S;
	assert_string_equal(
	    notify(no, signed_query(no, "20.00", "H1")), "success");
	assert_state(no, "delivered");
	assert_int_equal(number("late"), 0);
}

/* ------------------------------------------------------------ how much */

static void
never_for_more_than_twice_the_time(void **state)
{
	(void)state;
	set->order_ttl_s = 100;
	begin(50); /* not in its first half, either */
	pay_page(end);
	cx->now += US_PER_S;
	pay_page(end + 100 * US_PER_S);
}

static void
not_for_longer_than_the_gateway_takes_money(void **state)
{
	(void)state;
	begin(30);
	gateway_ends(end);
	pay_page(end);
	status_page(end);
	gateway_ends(end + 40 * US_PER_S);
	pay_page(end + 40 * US_PER_S);
}

/* ------------------------------------------------------------ when not */

static void
not_where_the_setting_says_never(void **state)
{
	(void)state;
	set->hold_extend_s = 0;
	begin(30);
	pay_page(end);
	status_page(end);
}

static void
not_in_its_last_seconds(void **state)
{
	(void)state;
	begin(9);
	pay_page(end);
	status_page(end);
}

static void
not_before_a_payment_is_open(void **state)
{
	(void)state;
	begin(30);
	sql_primary("UPDATE payment SET state = 'failed'");
	status_page(end);
	pay_page(end + set->hold_extend_s * US_PER_S); /* it opens one */
}

static void
not_when_its_time_is_another_by_now(void **state)
{
	struct hold h = {.opening = true};

	(void)state;
	begin(30);
	h.order = (uint64_t)number("id");
	h.channel = 1;
	h.no = no;
	h.created = number("created_us");
	h.expires = end - US_PER_S;
	assert_int_equal(order_hold_on(cx, &h), end - US_PER_S);
	h.expires = end;
	sql_primary("UPDATE orders SET state = 'paid'");
	assert_int_equal(order_hold_on(cx, &h), end);
	sql_primary("UPDATE orders SET state = 'pending'");
	assert_int_equal(number("expires_us"), end);
	assert_int_equal(number("extended"), 0);
}

static void
not_for_an_order_that_was_paid_or_given_up(void **state)
{
	(void)state;
	begin(30);
	assert_string_equal(
	    notify(no, signed_query(no, "20.00", "H2")), "success");
	status_page(end);
	begin(30);
	assert_int_equal(order_cancel(cx, look(no)), RC_OK);
	status_page(end);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    COUNTER_TEST(pay_page_in_the_last_minute_gives_time),
	    COUNTER_TEST(status_of_an_open_payment_gives_time),
	    COUNTER_TEST(money_in_the_time_that_was_given_delivers),
	    COUNTER_TEST(never_for_more_than_twice_the_time),
	    COUNTER_TEST(not_for_longer_than_the_gateway_takes_money),
	    COUNTER_TEST(not_where_the_setting_says_never),
	    COUNTER_TEST(not_in_its_last_seconds),
	    COUNTER_TEST(not_before_a_payment_is_open),
	    COUNTER_TEST(not_when_its_time_is_another_by_now),
	    COUNTER_TEST(not_for_an_order_that_was_paid_or_given_up),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
