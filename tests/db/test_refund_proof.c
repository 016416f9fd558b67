/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `keystallctl verify` says of refunds that went wrong: each row is
 * broken by hand, seen, and mended again.
 */
#include "support/refunder.h"

#include "shop/verify.h"

/* The violations of one invariant, 1 to 14. */
static uint64_t
violations(int number)
{
	const struct invariant *v;
	size_t n;

	assert_int_equal(verify_all(cx, &v, &n), RC_OK);
	assert_int_equal(v[number - 1].rc, RC_OK);
	return v[number - 1].violations;
}

static void
broken(const char *how, int number, const char *mend)
{
	assert_int_equal(violations(number), 0);
	sql_primary("%s", how);
	if (violations(number) == 0)
		fail_msg("I%d does not see: %s", number, how);
	sql_primary("%s", mend);
	assert_int_equal(violations(number), 0);
}

static void
refunding_without_a_refund(void **state)
{
	const char *no = sold_order(1, "10.00", "T1"), *refund;

	(void)state;
	assert_int_equal(open_one(no, 300, &refund), RC_OK);
	broken("UPDATE refund SET state = 'failed'", 3,
	    "UPDATE refund SET state = 'open'");
	broken("UPDATE refund SET from_state = ''", 3,
	    "UPDATE refund SET from_state = 'delivered'");
}

static void
refunded_with_something_left(void **state)
{
	(void)state;
	give_back(sold_order(1, "10.00", "T1"), 1000);
	broken("UPDATE orders SET refunded_minor = 999", 3,
	    "UPDATE orders SET refunded_minor = 1000");
	broken("UPDATE orders SET refunded_minor = 999", 6,
	    "UPDATE orders SET refunded_minor = 1000");
	broken("UPDATE card SET state = 'sold' WHERE state = 'void'", 2,
	    "UPDATE card SET state = 'void' WHERE state = 'sold'");
}

static void
done_without_a_book(void **state)
{
	(void)state;
	give_back(sold_order(1, "10.00", "T1"), 300);
	broken("UPDATE ledger_entry SET refund_id = 0 WHERE refund_id > 0", 6,
	    "UPDATE ledger_entry SET refund_id = (SELECT id FROM refund) "
	    "WHERE tx LIKE 'refund:%'");
	broken("UPDATE refund SET amount_minor = 301", 6,
	    "UPDATE refund SET amount_minor = 300");
	broken("UPDATE refund SET state = 'unclear'", 6,
	    "UPDATE refund SET state = 'done'");
}

static void
more_than_was_paid(void **state)
{
	(void)state;
	give_back(sold_order(1, "10.00", "T1"), 300);
	broken("UPDATE refund SET amount_minor = 1001", 7,
	    "UPDATE refund SET amount_minor = 300");
}

static void
void_card_of_an_order_that_is_not_over(void **state)
{
	(void)state;
	give_back(sold_order(1, "10.00", "T1"), 300);
	broken("UPDATE card SET state = 'void' WHERE state = 'sold'", 2,
	    "UPDATE card SET state = 'sold' WHERE state = 'void'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    REFUND_TEST(refunding_without_a_refund),
	    REFUND_TEST(refunded_with_something_left),
	    REFUND_TEST(done_without_a_book),
	    REFUND_TEST(more_than_was_paid),
	    REFUND_TEST(void_card_of_an_order_that_is_not_over),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
