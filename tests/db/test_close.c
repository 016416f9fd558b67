/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of an order at its gateway: what was opened there is closed when
 * others may have the cards, and money that came in the same moment counts.
 * Stripe is played by a function.
 */
#include "support/counter.h"

#include <string.h>

#include "base/time.h"
#include "io/httpc.h"
#include "shop/channel.h"
#include "shop/jobs.h"

static const char *no;
static int64_t end; /* of the order's time */

static struct {
	bool paid, closed, late_money, away;
	unsigned asked, closes;
} stripe;

static enum rc
answer(struct ctx *c, struct http_answer *out)
{
	out->status = 200;
	out->body = span_str(arena_fmt(c->arena,
	    "{\"object\":\"checkout.session\",\"id\":\"cs_test_1\","
	    "\"mode\":\"payment\",\"livemode\":false,\"status\":\"%s\","
	    "\"payment_status\":\"%s\",\"amount_total\":1000,"
	    "\"currency\":\"cny\",\"client_reference_id\":\"%s\","
	    "\"payment_intent\":\"pi_1\",\"url\":\"https://c.example.com/1\"}",
	    stripe.paid     ? "complete"
	    : stripe.closed ? "expired"
			    : "open",
	    stripe.paid ? "paid" : "unpaid", no));
	return RC_OK;
}

static enum rc
play(struct ctx *c, const struct http_call *call, struct http_answer *out)
{
	memset(out, 0, sizeof(*out));
	if (str_ends(call->url, "/expire")) {
		stripe.closes++;
		if (stripe.away)
			return RC_BUSY;
		/* the buyer was quicker by a moment */
		stripe.paid |= stripe.late_money;
		stripe.closed = !stripe.paid;
		(void)answer(c, out);
		if (stripe.paid)
			out->status = 400;
		return RC_OK;
	}
	if (str_eq(call->method, "GET"))
		stripe.asked++;
	return answer(c, out);
}

/* An order whose payment is open at Stripe, so long before its end. */
static void
begin(int left_s)
{
	const struct channel c = {
	    .name = "stripe",
	    .gateway = "stripe",
	    .title = "Stripe",
	    .device = "all",
	    .currency = "CNY",
	    .on = true,
	};
	const struct channel_field f[] = {
	    {"mode", "test"},
	    {"secret_key", "sk_test_4eC39HqLyjWDarjtT1zdp7dc"},
	    {"webhook_secrets", "whsec_9mQ2xLr7VtB4kZ8w"},
	};
	struct edit_error why = {0};

	memset(&stripe, 0, sizeof(stripe));
	http_replace(play);
	assert_int_equal(channel_save(cx, &c, f, 3, &why), RC_OK);
	no = place(1, 1);
	assert_int_equal(order_set_channel(cx, look(no), "stripe"), RC_OK);
	open_payment(no);
	end = look(no)->expires;
	cx->now = end - left_s * US_PER_S;
	stripe.asked = 0;
}

static void
reconcile(unsigned want)
{
	unsigned did;

	assert_int_equal(jobs_reconcile(cx, &did), RC_OK);
	assert_int_equal(did, want);
}

static void
closed_before_others_may_have_the_cards(void **state)
{
	unsigned did;

	(void)state;
	begin(5);
	reconcile(1);
	assert_int_equal(stripe.asked, 1);
	assert_int_equal(stripe.closes, 1);
	assert_true(stripe.closed);
	assert_state(no, "pending");
	cx->now = end + US_PER_S;
	assert_int_equal(jobs_expire(cx, &did), RC_OK);
	assert_state(no, "expired");
	assert_count("card WHERE sku_id = 1 AND state = 'free'", 5);
}

static void
asked_only_while_there_is_time(void **state)
{
	(void)state;
	begin(6);
	reconcile(1);
	assert_int_equal(stripe.asked, 1);
	assert_int_equal(stripe.closes, 0);
}

static void
money_that_came_in_that_moment_counts(void **state)
{
	(void)state;
	begin(5);
	stripe.late_money = true;
	reconcile(1);
	assert_int_equal(stripe.closes, 1);
	assert_int_equal(stripe.asked, 2);
	assert_state(no, "delivered");
	assert_count("payment WHERE state = 'success'", 1);
}

static void
no_answer_is_tried_again_after_the_end(void **state)
{
	unsigned did;

	(void)state;
	begin(5);
	stripe.away = true;
	reconcile(1);
	assert_int_equal(stripe.closes, 1);
	cx->now = end + US_PER_S;
	assert_int_equal(jobs_expire(cx, &did), RC_OK);
	assert_int_equal(did, 1); /* it holds no cards for a gateway's sake */
	stripe.away = false;
	cx->now = end + 61 * US_PER_S;
	reconcile(1);
	assert_int_equal(stripe.closes, 2);
	assert_true(stripe.closed);
	assert_state(no, "expired");
}

static void
given_up_is_closed_at_the_next_question(void **state)
{
	(void)state;
	begin(600);
	assert_int_equal(order_cancel(cx, look(no)), RC_OK);
	reconcile(1);
	assert_int_equal(stripe.closes, 1);
}

static void
long_after_the_end_it_is_asked_only(void **state)
{
	unsigned did;

	(void)state;
	begin(5);
	cx->now = end + 3600 * US_PER_S;
	assert_int_equal(jobs_expire(cx, &did), RC_OK);
	reconcile(1);
	assert_int_equal(stripe.asked, 1);
	assert_int_equal(stripe.closes, 0);
}

static int
teardown(void **state)
{
	http_replace(NULL);
	return counter_teardown(state);
}

#define CLOSE_TEST(fn)                                                         \
	cmocka_unit_test_setup_teardown(fn, counter_setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CLOSE_TEST(closed_before_others_may_have_the_cards),
	    CLOSE_TEST(asked_only_while_there_is_time),
	    CLOSE_TEST(money_that_came_in_that_moment_counts),
	    CLOSE_TEST(no_answer_is_tried_again_after_the_end),
	    CLOSE_TEST(given_up_is_closed_at_the_next_question),
	    CLOSE_TEST(long_after_the_end_it_is_asked_only),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
