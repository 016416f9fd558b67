/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Money that goes back: whole, in parts, refused, in the dark, by hand, at the
 * gateway's console, while people race and processes die; and after each test
 * the invariants of `keystallctl verify`.
 */
#include "support/refunder.h"

#include <sys/wait.h>
#include <unistd.h>

#include "io/crypt.h"
#include "shop/stock.h"

/* ------------------------------------------------------------ whole */

static void
all_of_it_voids_the_goods(void **state)
{
	const char *no = sold_order(2, "20.00", "T1"), *refund;

	(void)state;
	assert_int_equal(cards_shown(no), 2);
	refund = give_back(no, 2000);
	assert_refund(refund, "done");
	assert_state(no, "refunded");
	assert_count("card WHERE state = 'void'", 2);
	assert_count("card WHERE state = 'sold'", 0);
	assert_int_equal(cards_shown(no), 0);
	assert_count("ledger_entry WHERE account = 'refunds' AND "
		     "amount_minor = 2000 AND refund_id > 0",
	    1);
	assert_count("outbox WHERE kind = 'mail_refund'", 1);
	assert_count("audit_log WHERE action = 'refund.open' AND detail LIKE "
		     "'%order_state=delivered->refunding%'",
	    1);
	assert_int_equal(look(no)->refunded.minor, 2000);
	/* nothing is left to give */
	assert_int_equal(open_one(no, 1, &refund), RC_INVALID);
}

static void
unseen_goods_go_back_locked(void **state)
{
	const char *no, *refund;

	(void)state;
	sql_primary("UPDATE sku SET refund_rule = 'review'");
	sql_primary("INSERT INTO card_batch (id, merchant_id, sku_id, name, "
		    "state, added_n, created_us) SELECT 1, 1, 1, 'one', "
		    "'committed', COUNT(*), 1 FROM card");
	no = sold_order(2, "20.00", "T1");
	refund = give_back(no, 2000);
	assert_state(no, "refunded");
	assert_count("card WHERE state = 'locked' AND order_id IS NULL", 2);
	assert_count("delivery", 0);
	assert_count("refund_card", 2);
	assert_string_equal(sql_primary("SELECT note FROM card WHERE id = 1"),
	    arena_fmt(ta, "%s %s", refund, no));
	/* not by themselves: a person lets them go, and they sell again */
	by_staff(1);
	assert_int_equal(stock_unlock(cx, 1), RC_OK);
	sql_primary("UPDATE card SET state = 'recalled' WHERE state = 'free' "
		    "AND sku_id = 1 AND id > 2");
	assert_int_equal(cards_shown(sold_order(1, "10.00", "T2")), 1);
}

static void
seen_goods_never_go_back(void **state)
{
	const char *no;

	(void)state;
	sql_primary("UPDATE sku SET refund_rule = 'review'");
	no = sold_order(2, "20.00", "T1");
	assert_int_equal(cards_shown(no), 2); /* the buyer has looked */
	give_back(no, 2000);
	assert_count("card WHERE state = 'void'", 2);
	assert_count("card WHERE state = 'locked'", 0);
	assert_count("delivery", 2);
}

static void
texts_for_many_are_void_for_one(void **state)
{
	const char *no = place(3, 2);

	(void)state;
	sql_primary("UPDATE sku SET refund_rule = 'review'");
	pay(no, "10.00", "L1");
	give_back(no, 1000);
	assert_state(no, "refunded");
	assert_count("card WHERE sku_id = 3 AND state = 'void'", 2);
	assert_count("card WHERE sku_id = 3 AND state = 'free'", 1);
}

static void
cards_hide_while_all_goes_back(void **state)
{
	const char *no = sold_order(1, "10.00", "T1");

	(void)state;
	net.rc = RC_BUSY;
	give_back(no, 1000);
	assert_state(no, "refunding");
	assert_int_equal(cards_shown(no), 0);
	assert_count("delivery WHERE first_seen_us > 0", 0);
}

static void
by_hand_ends_at_once(void **state)
{
	const char *no = place(4, 1), *refund;
	struct refund_new n = {.order_no = no,
	    .amount = MONEY(700),
	    .reason = "paid by bank",
	    .by_hand = true,
	    .reference = ""};

	(void)state;
	pay(no, "7.00", "H1");
	assert_state(no, "manual");
	by_staff(1);
	assert_int_equal(refund_open(cx, &n, &refund), RC_INVALID);
	n.reference = "bank-77";
	n.reason = "";
	assert_int_equal(refund_open(cx, &n, &refund), RC_INVALID);
	n.reason = "paid by bank";
	assert_int_equal(refund_open(cx, &n, &refund), RC_OK);
	assert_refund(refund, "done");
	assert_state(no, "refunded");
	assert_int_equal(net.refunds, 0);
	assert_int_equal(refund_ask(cx, refund), RC_CONFLICT);
}

/* ------------------------------------------------------------ parts */

static void
parts_and_the_rest(void **state)
{
	const char *no = sold_order(1, "10.00", "T1"), *refund;

	(void)state;
	assert_refund(give_back(no, 300), "done");
	assert_state(no, "delivered");
	assert_int_equal(cards_shown(no), 1);
	assert_int_equal(open_one(no, 701, &refund), RC_INVALID);
	assert_int_equal(open_one(no, 0, &refund), RC_INVALID);
	assert_int_equal(open_one(no, -5, &refund), RC_INVALID);
	assert_refund(give_back(no, 700), "done");
	assert_state(no, "refunded");
	assert_count("card WHERE state = 'void'", 1);
	assert_string_equal(
	    sql_primary("SELECT GROUP_CONCAT(kind ORDER BY seq) FROM "
			"order_event"),
	    "placed,paid,delivered,refunding,part_refunded,refunding,refunded");
}

static void
refused_goes_back_to_where_it_was(void **state)
{
	const char *no = sold_order(1, "10.00", "T1"), *refund;

	(void)state;
	net.refund = "{\"code\":-1,\"msg\":\"余额不足\"}";
	refund = give_back(no, 1000);
	assert_refund(refund, "failed");
	assert_state(no, "delivered");
	assert_string_equal(
	    sql_primary("SELECT answer FROM refund"), "余额不足");
	assert_count("ledger_entry WHERE refund_id > 0", 0);
	assert_count("outbox WHERE kind = 'mail_refund'", 0);
	assert_int_equal(cards_shown(no), 1);
	/* and again, with another number */
	net.refund = "{\"code\":1}";
	assert_refund(give_back(no, 1000), "done");
}

static void
one_at_a_time(void **state)
{
	const char *no = sold_order(1, "10.00", "T1"), *a, *b;

	(void)state;
	assert_int_equal(open_one(no, 300, &a), RC_OK);
	assert_int_equal(open_one(no, 300, &b), RC_CONFLICT);
	by_staff(1);
	assert_int_equal(
	    refund_say(cx, a, false, "", "changed my mind"), RC_OK);
	assert_refund(a, "cancelled");
	assert_state(no, "delivered");
	assert_int_equal(refund_ask(cx, a), RC_CONFLICT);
	assert_int_equal(open_one(no, 300, &b), RC_OK);
	assert_int_equal(refund_ask(cx, b), RC_OK);
}

enum { RACERS = 6 };

/* Six people give back 6.00 of 10.00 at the same moment. */
static void
racing_gives_back_once(void **state)
{
	const char *no = sold_order(1, "10.00", "T1"), *refund;
	pid_t pid[RACERS];
	int i, status, won = 0;

	(void)state;
	dbserver_end(cx); /* a connection is not shared */
	for (i = 0; i < RACERS; i++) {
		pid[i] = fork();
		assert_true(pid[i] >= 0);
		if (pid[i] != 0)
			continue;
		crypt_child();
		_exit(open_one(no, 600, &refund) == RC_OK &&
			      refund_ask(cx, refund) == RC_OK
			  ? 1
			  : 0);
	}
	for (i = 0; i < RACERS; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_true(WIFEXITED(status));
		won += WEXITSTATUS(status);
	}
	assert_int_equal(won, 1);
	assert_string_equal(
	    sql_primary("SELECT refunded_minor FROM orders"), "600");
}

/* ------------------------------------------------------------ in the dark */

/* EPay has no number: what may have been done is never done again. */
static void
unclear_is_not_sent_twice(void **state)
{
	const char *no = sold_order(1, "10.00", "T1"), *refund;

	(void)state;
	net.rc = RC_BUSY;
	refund = give_back(no, 1000);
	assert_refund(refund, "unclear");
	assert_state(no, "refunding");
	assert_int_equal(refund_jobs(), 1);
	assert_refund(refund, "unclear");
	net.rc = RC_OK; /* it still says paid: that proves nothing */
	net.order = arena_fmt(ta,
	    "{\"code\":1,\"pid\":" PID ",\"out_trade_no\":\"%s\","
	    "\"trade_no\":\"T1\",\"money\":\"10.00\",\"status\":1}",
	    no);
	assert_int_equal(refund_jobs(), 1);
	assert_refund(refund, "unclear");
	net.order = arena_fmt(ta,
	    "{\"code\":1,\"pid\":" PID ",\"out_trade_no\":\"%s\","
	    "\"trade_no\":\"T1\",\"money\":\"10.00\",\"status\":2}",
	    no);
	assert_int_equal(refund_jobs(), 1);
	assert_refund(refund, "done");
	assert_state(no, "refunded");
	assert_int_equal(net.refunds, 1);
	assert_int_equal(refund_jobs(), 0);
}

static void
person_clears_up_what_no_query_can(void **state)
{
	const char *no = sold_order(1, "10.00", "T1"), *refund;

	(void)state;
	net.rc = RC_BUSY;
	refund = give_back(no, 400);
	net.rc = RC_OK;
	net.order = "{\"code\":1}";
	assert_int_equal(refund_jobs(), 1);
	assert_refund(refund, "unclear");
	by_staff(2);
	assert_int_equal(refund_say(cx, refund, true, "", "seen"), RC_INVALID);
	assert_int_equal(
	    refund_say(cx, refund, true, "bill-9", "on the bill"), RC_OK);
	assert_refund(refund, "done");
	assert_state(no, "delivered");
	assert_int_equal(refund_say(cx, refund, false, "", "no"), RC_CONFLICT);
	refund = give_back(no, 100);
	assert_int_equal(net.refunds, 2);
	net.rc = RC_BUSY;
	refund = give_back(no, 500);
	assert_refund(refund, "unclear");
	by_staff(2);
	assert_int_equal(
	    refund_say(cx, refund, false, "", "not on the bill"), RC_OK);
	assert_refund(refund, "failed");
	assert_state(no, "delivered");
}

/* The process died between the steps: after opening, and after the turn. */
static void
found_again_after_a_crash(void **state)
{
	const char *a = sold_order(1, "10.00", "T1");
	const char *b = sold_order(1, "10.00", "T2"), *refund;

	(void)state;
	assert_int_equal(open_one(a, 1000, &refund), RC_OK);
	assert_refund(refund, "open");
	assert_int_equal(refund_jobs(), 1); /* nobody had asked */
	assert_refund(refund, "done");
	assert_state(a, "refunded");
	assert_int_equal(open_one(b, 1000, &refund), RC_OK);
	sql_primary("UPDATE refund SET state = 'sent', asked_n = 1 WHERE no = "
		    "'%s'",
	    refund); /* somebody may have */
	net.order = "{\"code\":-1}";
	assert_int_equal(refund_jobs(), 1);
	assert_refund(refund, "unclear");
	assert_int_equal(net.refunds, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    REFUND_TEST(all_of_it_voids_the_goods),
	    REFUND_TEST(unseen_goods_go_back_locked),
	    REFUND_TEST(seen_goods_never_go_back),
	    REFUND_TEST(texts_for_many_are_void_for_one),
	    REFUND_TEST(cards_hide_while_all_goes_back),
	    REFUND_TEST(by_hand_ends_at_once),
	    REFUND_TEST(parts_and_the_rest),
	    REFUND_TEST(refused_goes_back_to_where_it_was),
	    REFUND_TEST(one_at_a_time),
	    REFUND_TEST(racing_gives_back_once),
	    REFUND_TEST(unclear_is_not_sent_twice),
	    REFUND_TEST(person_clears_up_what_no_query_can),
	    REFUND_TEST(found_again_after_a_crash),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
