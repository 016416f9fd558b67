/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Money that comes: early, late, twice, too much, too little, or another's;
 * and after each test the invariants of `keystallctl verify`.
 */
#include "support/counter.h"

#include "base/hex.h"
#include "base/time.h"
#include "io/crypt.h"
#include "shop/channel.h"
#include "shop/desk.h"
#include "shop/jobs.h"
#include "shop/settle.h"

static void
settlement_that_fails_is_not_acknowledged(void **state)
{
	const char *no = place(3, 1), *query;

	(void)state;
	open_payment(no);
	query = signed_query(no, "5.00", "K1");
	sql_primary("CREATE TRIGGER stop_it BEFORE INSERT ON delivery FOR EACH "
		    "ROW SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 1062");
	assert_string_not_equal(notify(no, query), "success");
	assert_state(no, "pending");
	assert_count("notice WHERE state = 'failed'", 1);
	sql_primary("DROP TRIGGER stop_it");
	assert_string_equal(notify(no, query), "success");
	assert_state(no, "delivered");
	assert_count("notice WHERE state = 'applied'", 1);
}

static void
late_money_delivers_from_stock_or_waits(void **state)
{
	const char *a, *b;

	(void)state;
	a = place(1, 3);
	open_payment(a);
	expire_now(a);
	assert_string_equal(
	    notify(a, signed_query(a, "30.00", "LATE1")), "success");
	assert_state(a, "delivered");
	assert_count("orders WHERE late = 1", 1);
	b = place(1, 2);
	open_payment(b);
	expire_now(b);
	(void)place(1, 1); /* takes one of the two */
	assert_string_equal(
	    notify(b, signed_query(b, "20.00", "LATE2")), "success");
	assert_state(b, "short");
	assert_int_equal(look(b)->short_place, 1);
}

static void
late_policy_queue_takes_no_card(void **state)
{
	const char *no;

	(void)state;
	set->late_policy = "queue";
	no = place(1, 1);
	open_payment(no);
	expire_now(no);
	assert_string_equal(
	    notify(no, signed_query(no, "10.00", "Q1")), "success");
	assert_state(no, "short");
	assert_count("card WHERE state = 'sold'", 0);
}

static void
money_after_the_buyer_gave_up(void **state)
{
	const char *a = place(1, 5), *b;

	(void)state;
	open_payment(a);
	assert_int_equal(order_cancel(cx, look(a)), RC_OK);
	assert_state(a, "cancelled");
	assert_string_equal(
	    notify(a, signed_query(a, "50.00", "G1")), "success");
	assert_state(a, "delivered");
	assert_count("orders WHERE late = 1", 1);
	/* nothing is left for who comes second */
	counter_cards(1, 50, 1);
	b = place(1, 1);
	open_payment(b);
	assert_int_equal(order_cancel(cx, look(b)), RC_OK);
	(void)place(1, 1);
	assert_string_equal(
	    notify(b, signed_query(b, "10.00", "G2")), "success");
	assert_state(b, "short");
}

/* ------------------------------------------------------------ notices */

#define OTHER_SECRET "Vb8n2mKq4LxW6pTz0aJc9sYe3uHd7RfG"

static void
other_account(void)
{
	const struct channel c = {
	    .name = "second",
	    .gateway = "epay",
	    .title = "x",
	    .title_en = "x",
	    .device = "all",
	    .currency = "CNY",
	    .on = true,
	};
	const struct channel_field f[] = {
	    {"base_url", "https://pay.example.net/"},
	    {"pid", "1002"},
	    {"key", OTHER_SECRET},
	};
	struct edit_error why = {0};

	assert_int_equal(channel_save(cx, &c, f, 3, &why), RC_OK);
}

static void
repeats_change_nothing(void **state)
{
	const char *no = place(1, 1);
	const char *query;
	int i;

	(void)state;
	open_payment(no);
	query = signed_query(no, "10.00", "R1");
	for (i = 0; i < 5; i++)
		assert_string_equal(notify(no, query), "success");
	assert_count("payment WHERE state = 'success'", 1);
	assert_count("delivery", 1);
	assert_count("outbox WHERE kind = 'mail_order'", 1);
	assert_string_equal(sql_primary("SELECT repeats_n FROM notice"), "4");
}

static void
forged_notices_leave_one_row(void **state)
{
	const char *no = place(1, 1), *query, *long_one, *n;
	int i;

	(void)state;
	open_payment(no);
	query = signed_query(no, "10.00", "F1");
	assert_string_equal(
	    notify(no, arena_fmt(ta, "%s&money=0.01", query)), "fail");
	assert_string_equal(
	    notify(no, arena_fmt(ta, "%.*s", (int)strlen(query) - 20, query)),
	    "fail");
	assert_state(no, "pending");
	assert_count("notice", 0);
	assert_count("payment WHERE state = 'success'", 0);
	/* one row a reason, however often and however long */
	n = sql_primary("SELECT COUNT(*) FROM notice_reject");
	assert_string_equal(n, "2");
	long_one = arena_fmt(ta, "%s&money=0.01&x=%04000d", query, 0);
	for (i = 0; i < 20; i++)
		assert_string_equal(notify(no, long_one), "fail");
	assert_string_equal(
	    sql_primary("SELECT COUNT(*) FROM notice_reject"), n);
	assert_string_equal(sql_primary("SELECT MAX(LENGTH(sample)) <= 2048 "
					"FROM notice_reject"),
	    "1");
	assert_count("notice", 0);
	assert_count("notice_raw", 0);
}

static void
notice_of_another_order_is_refused(void **state)
{
	const char *a = place(1, 1), *b = place(1, 1);

	(void)state;
	open_payment(a);
	open_payment(b);
	assert_string_equal(notify(b, signed_query(a, "10.00", "X1")), "fail");
	assert_state(a, "pending");
	assert_state(b, "pending");
	assert_string_equal(
	    notify(a, signed_query(a, "10.00", "X1")), "success");
	/* the same money once more, for another order */
	assert_string_equal(notify(b, signed_query(b, "10.00", "X1")), "fail");
	assert_state(b, "pending");
}

/* At the address of our second account, signed by either of the two: an order
 * is paid through the account that opened its payment. */
static void
notice_of_another_account_is_refused(void **state)
{
	static const char *const key[] = {SECRET, OTHER_SECRET};
	static const char *const pid[] = {PID, "1002"};
	const char *no = place(1, 1), *url[2] = {no, ""};
	size_t i, j, k;

	(void)state;
	other_account();
	open_payment(no);
	for (i = 0; i < 2; i++)
		for (j = 0; j < 2; j++)
			for (k = 0; k < 2; k++)
				assert_string_equal(
				    notify_at("second", url[k],
					signed_by(
					    key[i], pid[j], no, "10.00", "A1")),
				    "fail");
	assert_state(no, "pending");
	assert_count("payment WHERE state = 'success'", 0);
	assert_count("notice WHERE state = 'applied'", 0);
	assert_string_equal(
	    notify(no, signed_query(no, "10.00", "A1")), "success");
	assert_state(no, "delivered");
}

static void
order_that_opened_no_payment_is_refused(void **state)
{
	const char *no = place(1, 1);

	(void)state;
	assert_string_equal(
	    notify(no, signed_query(no, "10.00", "N1")), "fail");
	assert_state(no, "pending");
	assert_count("notice", 0);
}

static void
wrong_amounts_are_held(void **state)
{
	const char *a = place(1, 1), *b = place(1, 1);

	(void)state;
	open_payment(a);
	open_payment(b);
	assert_string_equal(notify(a, signed_query(a, "0.01", "U1")), "fail");
	assert_state(a, "pending");
	assert_string_equal(notify(b, signed_query(b, "11.00", "O1")), "fail");
	assert_state(b, "pending");
	assert_count("payment WHERE case_state = 'open' AND role = 'under'", 1);
	assert_count("payment WHERE case_state = 'open' AND role = 'over'", 1);
	assert_count("ledger_entry WHERE account = 'liability'", 2);
	assert_count("card WHERE state = 'sold'", 0);
}

static void
second_payment_is_owed_back(void **state)
{
	const char *no = place(1, 1);

	(void)state;
	pay(no, "10.00", "S1");
	assert_string_equal(
	    notify(no, signed_query(no, "10.00", "S2")), "success");
	assert_state(no, "delivered");
	assert_count(
	    "payment WHERE role = 'second' AND case_state = 'open'", 1);
	assert_count("delivery", 1);
}

static void
marked_paid_by_a_person_once(void **state)
{
	const char *no = place(1, 1);

	(void)state;
	cx->actor = ACTOR_STAFF;
	cx->staff = 1;
	assert_int_equal(
	    desk_mark_paid(cx, no, "bank-1", "transfer seen"), RC_OK);
	assert_state(no, "delivered");
	assert_int_equal(
	    desk_mark_paid(cx, no, "bank-1", "again"), RC_CONFLICT);
	assert_int_equal(desk_mark_paid(cx, no, "", "x"), RC_INVALID);
	assert_int_equal(desk_mark_paid(cx, no, "bank-2", ""), RC_INVALID);
	assert_count("delivery", 1);
}

/* ------------------------------------------------------------ asking */

static int64_t
next_ask(void)
{
	return strtoll(
	    sql_primary("SELECT next_ask_us FROM payment"), NULL, 10);
}

/* Ever more seldom, once more before the order ends, a minute after it, and
 * for a day. */
static void
asking_follows_the_schedule(void **state)
{
	static const int at_s[] = {10, 30, 60, 120, 300, 600, 895, 960, 1560};
	const char *no = place(1, 1);
	int64_t opened = cx->now;
	unsigned did, i;

	(void)state;
	assert_int_equal(set->order_ttl_s, 900);
	open_payment(no);
	/* an account without a key is asked about, and cannot be */
	sql_primary("UPDATE channel SET secrets = NULL, version = version + 1");
	for (i = 0; i < sizeof(at_s) / sizeof(at_s[0]); i++) {
		assert_int_equal(next_ask() - opened, at_s[i] * US_PER_S);
		cx->now = next_ask();
		assert_int_equal(jobs_reconcile(cx, &did), RC_OK);
		assert_int_equal(did, 1);
		assert_int_equal(jobs_reconcile(cx, &did), RC_OK);
		assert_int_equal(did, 0); /* not before its time */
		if (cx->now > opened + 900 * US_PER_S)
			assert_int_equal(jobs_expire(cx, &did), RC_OK);
	}
	assert_state(no, "expired");
	for (i = 0; i < 300 && next_ask() != 0; i++) {
		cx->now = next_ask();
		assert_int_equal(jobs_reconcile(cx, &did), RC_OK);
	}
	assert_int_equal(next_ask(), 0);
	assert_true(cx->now > opened + 24 * 3600 * US_PER_S);
}

/* Unpaid orders alone count against a buyer's cap: with a part of the money
 * held they still are; cancelled, expired or paid they are not. */
static void
what_is_not_unpaid_counts_no_more(void **state)
{
	struct checkout f = counter_form(1, 1);
	struct checkout_result r;
	const char *no;

	(void)state;
	set->hold_cap_contact = set->hold_cap_address = 1;
	no = place(1, 1);
	open_payment(no);
	assert_string_not_equal(
	    notify(no, signed_query(no, "4.00", "C1")), "success");
	assert_count("payment WHERE role = 'under'", 1);
	assert_state(no, "pending");
	assert_int_equal(checkout_place(cx, &f, &r), RC_CONFLICT);
	assert_int_equal(r.error, CHECKOUT_HOLDS);
	assert_int_equal(order_cancel(cx, look(no)), RC_OK);
	no = place(1, 1);
	f = counter_form(1, 1);
	assert_int_equal(checkout_place(cx, &f, &r), RC_CONFLICT);
	assert_int_equal(r.error, CHECKOUT_HOLDS);
	pay(no, "10.00", "C2");
	expire_now(place(1, 1));
	pay(place(1, 1), "10.00", "C3");
	assert_count("orders WHERE held_contact IS NOT NULL OR held_address "
		     "IS NOT NULL",
	    0);
	set->hold_cap_contact = set->hold_cap_address = 0;
}

/* Without mail and without a receiver a message is done when it is seen; a
 * receiver gets what it was written for. */
static void
a_message_for_nobody_is_written_to_once(void **state)
{
	unsigned did;

	(void)state;
	set->mail_transport = "off";
	sql_primary("UPDATE outbox SET state = 'done'");
	pay(place(1, 1), "10.00", "N1");
	cx->now += 1;
	assert_int_equal(jobs_outbox(cx, &did), RC_OK);
	assert_int_equal(did, 1);
	assert_count("outbox WHERE kind = 'mail_order' AND state = 'done' AND "
		     "attempts = 0 AND done_us > 0",
	    1);
	sql_primary("INSERT INTO webhook (merchant_id, url, events, "
		    "created_us) VALUES (1, 'https://x.test/', "
		    "'order.paid order.delivered', 1)");
	pay(place(1, 1), "10.00", "N2");
	cx->now += 1;
	assert_int_equal(jobs_outbox(cx, &did), RC_OK);
	assert_int_equal(did, 1);
	assert_count("outbox WHERE kind = 'mail_order' AND state = 'done' AND "
		     "attempts = 1",
	    1);
	assert_count("webhook_delivery WHERE state = 'due'", 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    COUNTER_TEST(settlement_that_fails_is_not_acknowledged),
	    COUNTER_TEST(late_money_delivers_from_stock_or_waits),
	    COUNTER_TEST(late_policy_queue_takes_no_card),
	    COUNTER_TEST(money_after_the_buyer_gave_up),
	    COUNTER_TEST(repeats_change_nothing),
	    COUNTER_TEST(forged_notices_leave_one_row),
	    COUNTER_TEST(notice_of_another_order_is_refused),
	    COUNTER_TEST(notice_of_another_account_is_refused),
	    COUNTER_TEST(order_that_opened_no_payment_is_refused),
	    COUNTER_TEST(wrong_amounts_are_held),
	    COUNTER_TEST(second_payment_is_owed_back),
	    COUNTER_TEST(marked_paid_by_a_person_once),
	    COUNTER_TEST(asking_follows_the_schedule),
	    COUNTER_TEST(what_is_not_unpaid_counts_no_more),
	    COUNTER_TEST(a_message_for_nobody_is_written_to_once),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
