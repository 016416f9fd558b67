/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who decides that money goes back: two people, a buyer who would rather not
 * wait, and about money that is held because it is no order's price.
 */
#include "support/refunder.h"

#include <stdlib.h>

#include "shop/policy.h"

/* ------------------------------------------------------------ two people */

static void
much_money_needs_two(void **state)
{
	const char *no = sold_order(2, "20.00", "T1"), *refund;

	(void)state;
	set->refund_two_persons_minor = 1500;
	assert_int_equal(open_one(no, 2000, &refund), RC_OK);
	assert_refund(refund, "waiting");
	assert_state(no, "refunding");
	assert_int_equal(refund_jobs(), 0);
	assert_int_equal(refund_ask(cx, refund), RC_CONFLICT);
	by_staff(1);
	assert_int_equal(refund_agree(cx, refund), RC_DENIED);
	assert_int_equal(
	    refund_say(cx, refund, true, "bank-1", "alone"), RC_DENIED);
	by_staff(2);
	assert_int_equal(refund_agree(cx, refund), RC_OK);
	assert_refund(refund, "open");
	assert_int_equal(refund_agree(cx, refund), RC_CONFLICT);
	assert_int_equal(refund_jobs(), 1);
	assert_refund(refund, "done");
	assert_string_equal(
	    sql_primary("SELECT CONCAT(staff_id, second_id) FROM refund"),
	    "12");
	assert_count("audit_log WHERE action = 'refund.agree'", 1);
}

static void
much_by_hand_needs_two(void **state)
{
	const char *no = sold_order(2, "20.00", "T1"), *refund;
	const struct refund_new n = {.order_no = no,
	    .amount = MONEY(2000),
	    .reason = "by bank",
	    .by_hand = true,
	    .reference = "bank-1"};

	(void)state;
	set->refund_two_persons_minor = 2000;
	by_staff(1);
	assert_int_equal(refund_open(cx, &n, &refund), RC_OK);
	assert_refund(refund, "waiting");
	assert_int_equal(refund_agree(cx, refund), RC_DENIED);
	by_staff(2);
	assert_int_equal(refund_agree(cx, refund), RC_OK);
	assert_refund(refund, "done");
	assert_state(no, "refunded");
	assert_int_equal(net.refunds, 0);
}

static void
little_money_needs_one(void **state)
{
	const char *no = sold_order(1, "10.00", "T1");

	(void)state;
	set->refund_two_persons_minor = 1500;
	assert_refund(give_back(no, 1000), "done");
}

/* ------------------------------------------------------------ held money */

static void
second_payment_goes_back_alone(void **state)
{
	const char *no = sold_order(1, "10.00", "S1"), *refund;
	struct refund_new n = {.order_no = no,
	    .amount = MONEY(400),
	    .reason = "paid twice",
	    .reference = ""};

	(void)state;
	notify(no, signed_query(no, "10.00", "S2"));
	n.payment = strtoull(
	    sql_primary("SELECT id FROM payment WHERE txn = 'S2'"), NULL, 10);
	by_staff(1);
	assert_int_equal(refund_open(cx, &n, &refund), RC_OK);
	assert_state(no, "delivered"); /* its own money stays */
	assert_int_equal(refund_ask(cx, refund), RC_OK);
	assert_count("payment WHERE case_state = 'open'", 1);
	n.amount = MONEY(600);
	by_staff(1);
	assert_int_equal(refund_open(cx, &n, &refund), RC_OK);
	assert_int_equal(refund_ask(cx, refund), RC_OK);
	assert_count("payment WHERE case_state = 'closed'", 1);
	assert_state(no, "delivered");
	assert_int_equal(cards_shown(no), 1);
	assert_string_equal(
	    sql_primary("SELECT SUM(amount_minor) FROM ledger_entry WHERE "
			"account = 'liability'"),
	    "0");
	assert_count("ledger_entry WHERE account = 'refunds'", 0);
}

static void
too_little_goes_back_from_a_pending_order(void **state)
{
	const char *no = place(1, 1), *refund;
	struct refund_new n = {.order_no = no,
	    .amount = MONEY(1),
	    .reason = "too little",
	    .reference = ""};

	(void)state;
	open_payment(no);
	notify(no, signed_query(no, "0.01", "U1"));
	by_staff(1);
	/* the order itself has no money to give back */
	assert_int_equal(refund_open(cx, &n, &refund), RC_INVALID);
	n.payment = strtoull(
	    sql_primary("SELECT id FROM payment WHERE txn = 'U1'"), NULL, 10);
	assert_int_equal(refund_open(cx, &n, &refund), RC_OK);
	assert_int_equal(refund_ask(cx, refund), RC_OK);
	assert_refund(refund, "done");
	assert_state(no, "pending");
	assert_count("payment WHERE case_state = 'closed'", 1);
}

/* ------------------------------------------------------------ the buyer */

static const char *
short_order(const char *txn)
{
	const char *no = place(1, 3);

	open_payment(no);
	expire_now(no);
	(void)place(1, 3); /* takes three of the five */
	notify(no, signed_query(no, "30.00", txn));
	assert_state(no, "short");
	return no;
}

static void
buyer_takes_the_money_instead(void **state)
{
	const char *no = short_order("B1");

	(void)state;
	assert_int_equal(refund_choose(cx, look(no)), RC_OK);
	assert_state(no, "refunding");
	assert_int_equal(refund_choose(cx, look(no)), RC_CONFLICT);
	assert_int_equal(refund_jobs(), 1);
	assert_state(no, "refunded");
	assert_int_equal(net.refunds, 1);
}

static void
buyers_wish_is_a_case_for_a_person(void **state)
{
	const char *no = short_order("B1"), *refund;

	(void)state;
	set->refund_buyer = "staff";
	set->refund_two_persons_minor = 100;
	assert_int_equal(refund_choose(cx, look(no)), RC_OK);
	refund = sql_primary("SELECT no FROM refund");
	assert_refund(refund, "waiting");
	assert_int_equal(refund_jobs(), 0);
	by_staff(1);
	assert_int_equal(refund_agree(cx, refund), RC_OK);
	assert_refund(refund, "waiting"); /* so much money needs two */
	assert_int_equal(refund_agree(cx, refund), RC_DENIED);
	by_staff(2);
	assert_int_equal(refund_agree(cx, refund), RC_OK);
	assert_int_equal(refund_jobs(), 1);
	assert_state(no, "refunded");
	set->refund_buyer = "off";
	assert_int_equal(refund_choose(cx, look(no)), RC_CONFLICT);
}

/* Two payments made the price: both go back, and only then it is over. */
static void
buyer_of_parts_gets_them_all(void **state)
{
	const struct policy p = {.under = UNDER_COMPLETE};
	const char *no = place(1, 1);

	(void)state;
	by_staff(1);
	assert_int_equal(policy_save(cx, &p), RC_OK);
	open_payment(no);
	expire_now(no);
	sql_primary("UPDATE card SET state = 'locked' WHERE state = 'free'");
	notify(no, signed_query(no, "4.00", "P1"));
	notify(no, signed_query(no, "6.00", "P2"));
	assert_state(no, "short");
	assert_int_equal(refund_choose(cx, look(no)), RC_OK);
	assert_count("refund WHERE state = 'open' AND from_state = 'short'", 2);
	assert_int_equal(look(no)->returning.minor, 1000);
	net.refund = "{\"code\":-1,\"msg\":\"not now\"}";
	assert_int_equal(
	    refund_ask(cx, sql_primary("SELECT MIN(no) FROM refund")), RC_OK);
	assert_count("refund WHERE state = 'failed'", 1);
	assert_state(no, "refunding"); /* the other is under way */
	net.refund = "{\"code\":1}";
	assert_int_equal(refund_jobs(), 1);
	assert_state(no, "short"); /* some of it is still ours */
	assert_int_equal(refund_choose(cx, look(no)), RC_OK);
	assert_int_equal(refund_jobs(), 1);
	assert_state(no, "refunded");
	assert_int_equal(look(no)->refunded.minor, 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    REFUND_TEST(much_money_needs_two),
	    REFUND_TEST(much_by_hand_needs_two),
	    REFUND_TEST(little_money_needs_one),
	    REFUND_TEST(second_payment_goes_back_alone),
	    REFUND_TEST(too_little_goes_back_from_a_pending_order),
	    REFUND_TEST(buyer_takes_the_money_instead),
	    REFUND_TEST(buyers_wish_is_a_case_for_a_person),
	    REFUND_TEST(buyer_of_parts_gets_them_all),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
