/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shop's policies for money that is not what was asked for: each choice,
 * with stock and without; and after each test the invariants of `keystallctl
 * verify`, the ledger's among them.
 */
#include "support/counter.h"

#include "pay/verdict.h"
#include "shop/policy.h"
#include "shop/settle.h"
#include "shop/stock.h"

/* Batches of the test's own beside the one of the shop's first cards. */
static int
setup(void **state)
{
	int rc = counter_setup(state);

	sql_primary("ALTER TABLE card_batch AUTO_INCREMENT = 100");
	return rc;
}

#define SHOP_TEST(fn)                                                          \
	cmocka_unit_test_setup_teardown(fn, setup, counter_teardown)

static void
choose(struct policy p)
{
	cx->actor = ACTOR_STAFF;
	cx->staff = 1;
	assert_int_equal(policy_save(cx, &p), RC_OK);
	cx->staff = 0;
}

static const char *
of_order(const char *no, const char *columns)
{
	return sql_primary(
	    "SELECT %s FROM orders WHERE no = '%s'", columns, no);
}

static void
lock_stock(unsigned sku)
{
	sql_primary("UPDATE card SET state = 'locked' WHERE sku_id = %u AND "
		    "state = 'free'",
	    sku);
}

/* An order that has expired before its money comes. */
static const char *
late(unsigned sku, unsigned qty)
{
	const char *no = place(sku, qty);

	open_payment(no);
	expire_now(no);
	return no;
}

static void
bring(unsigned sku, const char *lines)
{
	uint64_t batch;

	cx->now++;
	assert_int_equal(
	    import_open(cx, sku, "more", "", MONEY(0), &batch), RC_OK);
	assert_int_equal(import_chunk(cx, batch, 0, span_str(lines)), RC_OK);
	assert_int_equal(import_commit(cx, batch), RC_OK);
}

/* ------------------------------------------------------------ choosing */

static void
choices_are_kept_with_an_audit_row(void **state)
{
	const struct policy want = {.late = LATE_REFUND,
	    .over = OVER_DELIVER,
	    .under = UNDER_COMPLETE,
	    .partial = true,
	    .ask_back = MONEY(50000)};
	struct policy p;

	(void)state;
	set->late_policy = "queue";
	assert_int_equal(policy_load(cx, &p), RC_OK);
	assert_int_equal(p.late, LATE_QUEUE); /* the operator's default */
	assert_int_equal(p.over, OVER_HOLD);
	assert_int_equal(p.under, UNDER_HOLD);
	assert_false(p.partial);
	assert_int_equal(p.ask_back.minor, 0);
	choose(want);
	choose(want); /* no difference: nothing to write */
	assert_int_equal(policy_load(cx, &p), RC_OK);
	assert_int_equal(p.late, LATE_REFUND);
	assert_int_equal(p.over, OVER_DELIVER);
	assert_int_equal(p.under, UNDER_COMPLETE);
	assert_true(p.partial);
	assert_int_equal(p.ask_back.minor, 50000);
	assert_count("audit_log WHERE action = 'shop.policy'", 1);
	sql_primary("UPDATE setting SET value = 'from the future' WHERE name "
		    "IN ('over_policy', 'under_policy', 'ask_back_minor')");
	assert_int_equal(policy_load(cx, &p), RC_OK);
	assert_int_equal(p.over, OVER_HOLD);
	assert_int_equal(p.under, UNDER_HOLD);
	assert_int_equal(p.ask_back.minor, 0);
}

/* ------------------------------------------------------------ late */

static void
late_without_stock_waits_in_line(void **state)
{
	const char *no = late(1, 2);

	(void)state;
	lock_stock(1);
	assert_string_equal(
	    notify(no, signed_query(no, "20.00", "L1")), "success");
	assert_string_equal(of_order(no, "CONCAT(state, kept)"), "short0");
	assert_int_equal(look(no)->short_place, 1);
	bring(1, "NEW-1\nNEW-2\nNEW-3\n");
	assert_state(no, "delivered");
	assert_count("card WHERE state = 'free' AND sku_id = 1", 1);
}

static void
late_kept_for_a_person_is_not_filled(void **state)
{
	const char *no = late(1, 2), *hand;

	(void)state;
	choose((struct policy){.late = LATE_QUEUE});
	assert_string_equal(
	    notify(no, signed_query(no, "20.00", "L1")), "success");
	assert_string_equal(of_order(no, "CONCAT(state, kept)"), "short1");
	assert_int_equal(look(no)->short_place, 0);
	bring(1, "NEW-1\nNEW-2\n");
	assert_state(no, "short");
	assert_count("delivery", 0);
	assert_count("shortage", 0);
	/* it keeps nobody from buying */
	pay(place(1, 1), "10.00", "N1");
	/* what a person hands over waits for that person anyway */
	hand = late(4, 1);
	assert_string_equal(
	    notify(hand, signed_query(hand, "7.00", "L2")), "success");
	assert_string_equal(of_order(hand, "CONCAT(state, kept)"), "manual1");
}

static void
late_to_be_refunded_takes_no_card(void **state)
{
	const char *no = late(1, 1);

	(void)state;
	choose((struct policy){.late = LATE_REFUND});
	assert_string_equal(
	    notify(no, signed_query(no, "10.00", "L1")), "success");
	assert_string_equal(
	    of_order(no, "CONCAT(state, kept, ' ', paid_minor)"),
	    "refunding1 1000");
	assert_count("order_event WHERE kind = 'refund_due'", 1);
	assert_count("refund WHERE state = 'open' AND amount_minor = 1000 AND "
		     "from_state = 'short' AND reason = 'policy'",
	    1);
	assert_count("card WHERE state = 'sold'", 0);
	bring(1, "NEW-1\n");
	assert_count("card WHERE state = 'sold'", 0);
}

/* ------------------------------------------------------------ over */

static void
assert_over(const char *no)
{
	assert_string_equal(of_order(no, "paid_minor"), "1000");
	assert_count("payment WHERE role = 'order' AND case_state = 'open' AND "
		     "amount_minor = 1100 AND applied_minor = 1000",
	    1);
	assert_string_equal(
	    sql_primary("SELECT SUM(amount_minor) FROM ledger_entry "
			"WHERE account = 'liability'"),
	    "-100");
	assert_string_equal(
	    sql_primary("SELECT SUM(amount_minor) FROM ledger_entry "
			"WHERE account = 'sales'"),
	    "-1000");
}

static void
over_delivers_and_owes_the_rest(void **state)
{
	const char *no = place(1, 1), *query;
	int i;

	(void)state;
	choose((struct policy){.over = OVER_DELIVER});
	open_payment(no);
	query = signed_query(no, "11.00", "O1");
	for (i = 0; i < 3; i++) /* a repeat is answered like the first */
		assert_string_equal(notify(no, query), "success");
	assert_state(no, "delivered");
	assert_over(no);
	assert_count("delivery", 1);
	assert_count("order_event WHERE kind = 'over_paid'", 1);
	/* and more of it is a second payment, owed back whole */
	assert_string_equal(
	    notify(no, signed_query(no, "11.00", "O2")), "success");
	assert_count("payment WHERE role = 'second' AND applied_minor = 0", 1);
	assert_state(no, "delivered");
}

static void
over_and_late_without_stock(void **state)
{
	const char *no = late(1, 1);

	(void)state;
	choose((struct policy){.over = OVER_DELIVER});
	lock_stock(1);
	assert_string_equal(
	    notify(no, signed_query(no, "11.00", "O1")), "success");
	assert_state(no, "short");
	assert_over(no);
	bring(1, "NEW-1\n");
	assert_state(no, "delivered");
}

static void
over_and_late_to_be_refunded(void **state)
{
	const char *no = late(1, 1);

	(void)state;
	choose((struct policy){.late = LATE_REFUND, .over = OVER_DELIVER});
	assert_string_equal(
	    notify(no, signed_query(no, "11.00", "O1")), "success");
	assert_state(no, "refunding");
	assert_over(no);
	assert_count("refund WHERE amount_minor = 1100", 1);
}

/* ------------------------------------------------------------ under */

static void
under_is_owed_back_at_once(void **state)
{
	const char *no = place(1, 1);

	(void)state;
	choose((struct policy){.under = UNDER_REFUND});
	open_payment(no);
	assert_string_equal(notify(no, signed_query(no, "4.00", "U1")), "fail");
	assert_state(no, "pending");
	assert_count("order_event WHERE kind = 'refund_due'", 1);
	assert_count("refund WHERE state = 'open' AND amount_minor = 400 AND "
		     "from_state = ''",
	    1);
	/* the price itself still pays */
	pay(no, "10.00", "U2");
	assert_state(no, "delivered");
	assert_count("payment WHERE role = 'under' AND case_state = 'open'", 1);
}

static void
parts_complete_an_order(void **state)
{
	const char *no = place(1, 1);

	(void)state;
	choose((struct policy){.under = UNDER_COMPLETE});
	open_payment(no);
	assert_string_equal(notify(no, signed_query(no, "4.00", "U1")), "fail");
	assert_string_equal(notify(no, signed_query(no, "3.50", "U2")), "fail");
	assert_state(no, "pending");
	assert_string_equal(
	    notify(no, signed_query(no, "2.50", "U3")), "success");
	assert_state(no, "delivered");
	assert_string_equal(of_order(no, "paid_minor"), "1000");
	assert_count("payment WHERE state = 'success' AND "
		     "applied_minor = amount_minor AND case_state <> 'open'",
	    3);
	assert_count("notice WHERE state = 'applied'", 3);
	assert_string_equal(
	    sql_primary("SELECT SUM(amount_minor) FROM ledger_entry "
			"WHERE account = 'liability'"),
	    "0");
	/* each of them again: acknowledged, and nothing happens */
	assert_string_equal(
	    notify(no, signed_query(no, "4.00", "U1")), "success");
	assert_count("delivery", 1);
}

static void
parts_complete_late_without_stock(void **state)
{
	const char *no = late(1, 1);

	(void)state;
	choose((struct policy){.under = UNDER_COMPLETE});
	lock_stock(1);
	notify(no, signed_query(no, "4.00", "U1"));
	assert_state(no, "expired");
	assert_string_equal(
	    notify(no, signed_query(no, "6.00", "U2")), "success");
	assert_state(no, "short");
	bring(1, "NEW-1\n");
	assert_state(no, "delivered");
}

static void
parts_that_are_too_much(void **state)
{
	const char *a = place(1, 1), *b = place(1, 1);

	(void)state;
	choose((struct policy){.under = UNDER_COMPLETE});
	open_payment(a);
	notify(a, signed_query(a, "4.00", "U1"));
	assert_string_equal(notify(a, signed_query(a, "7.00", "U2")), "fail");
	assert_state(a, "pending");
	choose((struct policy){.under = UNDER_COMPLETE, .over = OVER_DELIVER});
	open_payment(b);
	notify(b, signed_query(b, "4.00", "U3"));
	assert_string_equal(
	    notify(b, signed_query(b, "7.00", "U4")), "success");
	assert_state(b, "delivered");
	assert_count("payment WHERE amount_minor = 700 AND "
		     "applied_minor = 600 AND case_state = 'open'",
	    1);
	/* the parts of the first reached the price while that was not
	 * wanted: they stay a person's */
	notify(a, signed_query(a, "1.00", "U5"));
	assert_state(a, "pending");
}

static void
held_parts_do_not_complete(void **state)
{
	const char *no = place(1, 1);

	(void)state;
	open_payment(no);
	notify(no, signed_query(no, "4.00", "U1"));
	notify(no, signed_query(no, "6.00", "U2"));
	assert_state(no, "pending");
	assert_count("payment WHERE role = 'under' AND case_state = 'open'", 2);
}

/* Late parts are given back where late money is: they never add up. */
static void
late_parts_to_be_refunded(void **state)
{
	const char *no = late(1, 1);

	(void)state;
	choose((struct policy){.late = LATE_REFUND, .under = UNDER_COMPLETE});
	notify(no, signed_query(no, "4.00", "U1"));
	notify(no, signed_query(no, "6.00", "U2"));
	assert_state(no, "expired");
	assert_count("refund WHERE state = 'open'", 2);
}

/* A part that is being given back cannot pay any more. */
static void
refunded_part_does_not_count(void **state)
{
	const char *no = place(1, 1);

	(void)state;
	choose((struct policy){.under = UNDER_COMPLETE});
	open_payment(no);
	notify(no, signed_query(no, "4.00", "U1"));
	sql_primary("INSERT INTO refund (no, merchant_id, order_id, "
		    "payment_id, state, how, amount_minor, currency, reason, "
		    "from_state, created_us) SELECT 'R1', 1, order_id, id, "
		    "'sent', 'manual', 400, 'CNY', 'x', 'pending', 1 "
		    "FROM payment WHERE txn = 'U1'");
	notify(no, signed_query(no, "6.00", "U2"));
	assert_state(no, "pending");
	sql_primary("DELETE FROM refund");
}

/* The channel's fee is income once, whichever part brings it. */
static void
parts_and_a_fee(void **state)
{
	const char *no = place(1, 1);

	(void)state;
	choose((struct policy){.under = UNDER_COMPLETE});
	sql_primary("UPDATE orders SET fee_minor = 100, total_minor = 1100");
	open_payment(no);
	notify(no, signed_query(no, "10.50", "U1"));
	assert_string_equal(
	    notify(no, signed_query(no, "0.50", "U2")), "success");
	assert_state(no, "delivered");
	assert_string_equal(
	    sql_primary("SELECT GROUP_CONCAT(account, s ORDER BY account) "
			"FROM (SELECT CAST(account AS CHAR) AS account, "
			"SUM(amount_minor) AS s FROM ledger_entry "
			"GROUP BY account) t"),
	    "fee_income-100,liability0,receivable1100,sales-1000");
}

/* ------------------------------------------------------------ currency */

static void
other_currency_is_held(void **state)
{
	const char *no = place(1, 1);
	struct verdict v;
	struct paid p = {.source = SETTLE_QUERY, .channel = 1};

	(void)state;
	choose((struct policy){.over = OVER_DELIVER, .under = UNDER_COMPLETE});
	open_payment(no);
	verdict_init(&v);
	v.outcome = PAY_PAID;
	v.why = WHY_OK;
	v.signature_valid = v.has_amount = true;
	v.order_no = p.order_no = no;
	v.txn = p.txn = "C1";
	v.amount = MONEY(1000);
	memcpy(v.currency, "USD", 4);
	p.gateway = gateway_find("epay");
	p.verdict = &v;
	p.method = "QUERY";
	p.body = span_str("USD");
	assert_int_equal(settle_batch(cx, &p, 1), RC_OK);
	assert_int_equal(p.rc, RC_INVALID);
	assert_string_equal(p.reason, "currency");
	assert_state(no, "pending");
	assert_count("payment WHERE currency = 'USD' AND case_state = 'open' "
		     "AND applied_minor = 0",
	    1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SHOP_TEST(choices_are_kept_with_an_audit_row),
	    SHOP_TEST(late_without_stock_waits_in_line),
	    SHOP_TEST(late_kept_for_a_person_is_not_filled),
	    SHOP_TEST(late_to_be_refunded_takes_no_card),
	    SHOP_TEST(over_delivers_and_owes_the_rest),
	    SHOP_TEST(over_and_late_without_stock),
	    SHOP_TEST(over_and_late_to_be_refunded),
	    SHOP_TEST(under_is_owed_back_at_once),
	    SHOP_TEST(parts_complete_an_order),
	    SHOP_TEST(parts_complete_late_without_stock),
	    SHOP_TEST(parts_that_are_too_much),
	    SHOP_TEST(late_parts_to_be_refunded),
	    SHOP_TEST(held_parts_do_not_complete),
	    SHOP_TEST(refunded_part_does_not_count),
	    SHOP_TEST(parts_and_a_fee),
	    SHOP_TEST(other_currency_is_held),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
