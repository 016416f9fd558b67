/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `keystallctl verify` is the judge of nearly every other test, so each of its
 * questions is asked about a shop in which what it looks for is there: a row
 * is broken by hand, seen by the right invariant, and mended again.  What it
 * says of refunds is in test_refund_proof.c.
 */
#include "support/counter.h"

#include "shop/audit.h"
#include "shop/verify.h"
#include "store/tx.h"

enum { LAST = 14 };

struct broken {
	int number;
	const char *how, *mend;
};

static uint64_t
violations(int number)
{
	const struct invariant *v;
	size_t n;

	assert_int_equal(verify_all(cx, &v, &n), RC_OK);
	assert_int_equal(n, LAST);
	assert_int_equal(v[number - 1].rc, RC_OK);
	return v[number - 1].violations;
}

static void
all_hold(const char *after)
{
	int i;

	for (i = 1; i <= LAST; i++)
		if (violations(i) != 0)
			fail_msg("I%d before anything, or after: %s", i, after);
}

static enum rc
one_audit_row(struct ctx *c, void *arg)
{
	(void)arg;
	c->actor = ACTOR_SYSTEM;
	return audit_add(c, "test", "x", "y");
}

/* Order 'delivered' of two cards, one 'pending' with one, one 'expired', a
 * coupon that the first one used, a webhook with a delivery, an audit row. */
static void
lay_out(void)
{
	const char *no = place(1, 2);

	pay(no, "20.00", "T1");
	expire_now(place(5, 1));
	(void)place(1, 1);
	sql_primary("INSERT INTO card_batch (id, merchant_id, sku_id, name, "
		    "state, added_n, created_us) SELECT 1, 1, 1, 'x', "
		    "'committed', COUNT(*), 1 FROM card");
	sql_primary("INSERT INTO coupon (id, merchant_id, code, kind, value, "
		    "uses_max, uses_n, created_us) VALUES (1, 1, 'A', 'fixed', "
		    "1, 1, 1, 1)");
	sql_primary("INSERT INTO coupon_use (coupon_id, order_id, "
		    "contact_hash, state, amount_minor, used_us) SELECT 1, id, "
		    "contact_hash, 'used', 1, 1 FROM orders WHERE state = "
		    "'delivered'");
	sql_primary("INSERT INTO webhook (id, merchant_id, url, events, "
		    "created_us) VALUES (1, 1, 'https://a.example/', '', 1)");
	sql_primary("INSERT INTO webhook_delivery (merchant_id, webhook_id, "
		    "event, event_id, body, due_us, created_us) VALUES "
		    "(1, 1, 'test', 'e', '{}', 1, 1)");
	assert_int_equal(tx_run(cx, one_audit_row, NULL), RC_OK);
	sql_primary("SET @d = (SELECT id FROM orders WHERE state = "
		    "'delivered'), @p = (SELECT id FROM orders WHERE state = "
		    "'pending'), @e = (SELECT id FROM orders WHERE state = "
		    "'expired')");
	sql_primary("SET @c = (SELECT MIN(id) FROM card WHERE order_id = @d), "
		    "@h = (SELECT id FROM card WHERE order_id = @p), "
		    "@paid = (SELECT paid_us FROM orders WHERE id = @d)");
	sql_primary(
	    "SET @hold = (SELECT hold_until_us FROM card WHERE id = @h)");
}

/* clang-format off */
static const struct broken rows[] = {
{2, "UPDATE card SET state = 'free' WHERE id = @c", "UPDATE card SET state = 'sold' WHERE id = @c"},
{2, "UPDATE card SET order_id = @p WHERE id = @c", "UPDATE card SET order_id = @d WHERE id = @c"},
{2, "UPDATE card SET state = 'sold' WHERE id = 5", "UPDATE card SET state = 'free' WHERE id = 5"},
{2, "UPDATE delivery SET card_id = 9999 WHERE card_id = @c", "UPDATE delivery SET card_id = @c WHERE card_id = 9999"},
{3, "UPDATE order_item SET qty = 3 WHERE order_id = @d", "UPDATE order_item SET qty = 2 WHERE order_id = @d"},
{3, "UPDATE order_item SET delivered_n = 1 WHERE order_id = @d", "UPDATE order_item SET delivered_n = 2 WHERE order_id = @d"},
{3, "UPDATE delivery SET order_id = @p WHERE card_id = @c", "UPDATE delivery SET order_id = @d WHERE card_id = @c"},
{3, "UPDATE orders SET state = 'paid' WHERE id = @d", "UPDATE orders SET state = 'delivered' WHERE id = @d"},
{3, "UPDATE orders SET state = 'short' WHERE id = @d", "UPDATE orders SET state = 'delivered' WHERE id = @d"},
{3, "INSERT INTO shortage VALUES (@d, 1, 1, @paid)", "DELETE FROM shortage"},
{3, "INSERT INTO shortage VALUES (9999, 1, 1, 1)", "DELETE FROM shortage"},
{3, "UPDATE order_item SET order_id = 9999 WHERE order_id = @p", "UPDATE order_item SET order_id = @p WHERE order_id = 9999"},
{4, "UPDATE delivery SET order_id = @p WHERE card_id = @c", "UPDATE delivery SET order_id = @d WHERE card_id = @c"},
{4, "UPDATE delivery SET order_id = @e WHERE card_id = @c", "UPDATE delivery SET order_id = @d WHERE card_id = @c"},
{4, "UPDATE card SET state = 'sold' WHERE id = @h", "UPDATE card SET state = 'held' WHERE id = @h"},
{5, "UPDATE orders SET paid_minor = 2001 WHERE id = @d", "UPDATE orders SET paid_minor = 2000 WHERE id = @d"},
{5, "UPDATE orders SET paid_us = 1 WHERE id = @p", "UPDATE orders SET paid_us = 0 WHERE id = @p"},
{5, "UPDATE payment SET order_id = @p", "UPDATE payment SET order_id = @d"},
{5, "UPDATE payment SET order_id = 9999", "UPDATE payment SET order_id = @d"},
{5, "UPDATE payment SET applied_minor = 2001", "UPDATE payment SET applied_minor = 2000"},
{5, "UPDATE payment SET role = 'second'", "UPDATE payment SET role = 'order'"},
{6, "UPDATE ledger_entry SET amount_minor = 2001 WHERE amount_minor = 2000", "UPDATE ledger_entry SET amount_minor = 2000 WHERE amount_minor = 2001"},
{6, "UPDATE ledger_entry SET currency = 'USD' WHERE account = 'sales'", "UPDATE ledger_entry SET currency = 'CNY'"},
{6, "UPDATE ledger_entry SET currency = 'USD'", "UPDATE ledger_entry SET currency = 'CNY'"},
{6, "UPDATE ledger_entry SET amount_minor = 2 * amount_minor", "UPDATE ledger_entry SET amount_minor = amount_minor DIV 2"},
{6, "UPDATE ledger_entry SET payment_id = payment_id + 1", "UPDATE ledger_entry SET payment_id = payment_id - 1"},
{6, "UPDATE ledger_entry SET account = 'liability' WHERE account = 'sales'", "UPDATE ledger_entry SET account = 'sales' WHERE account = 'liability'"},
{6, "UPDATE orders SET paid_minor = 1999 WHERE id = @d", "UPDATE orders SET paid_minor = 2000 WHERE id = @d"},
{7, "UPDATE ledger_entry SET account = 'liability' WHERE account = 'receivable'", "UPDATE ledger_entry SET account = 'receivable' WHERE account = 'liability'"},
{8, "UPDATE coupon SET uses_n = 0", "UPDATE coupon SET uses_n = 1"},
{8, "UPDATE coupon_use SET state = 'returned'", "UPDATE coupon_use SET state = 'used'"},
{8, "UPDATE coupon_use SET order_id = @e", "UPDATE coupon_use SET order_id = @d"},
{9, "UPDATE card SET order_id = @e WHERE id = @h", "UPDATE card SET order_id = @p WHERE id = @h"},
{9, "UPDATE card SET order_id = 9999 WHERE id = @h", "UPDATE card SET order_id = @p WHERE id = @h"},
{9, "UPDATE card SET hold_until_us = 0 WHERE id = @h", "UPDATE card SET hold_until_us = @hold WHERE id = @h"},
{9, "UPDATE card SET hold_until_us = 1 WHERE id = @h", "UPDATE card SET hold_until_us = @hold WHERE id = @h"},
{10, "UPDATE card_batch SET added_n = added_n + 1", "UPDATE card_batch SET added_n = added_n - 1"},
{10, "UPDATE order_item SET delivered_n = 1 WHERE order_id = @p", "UPDATE order_item SET delivered_n = 0 WHERE order_id = @p"},
{11, "UPDATE orders SET events_n = events_n + 1 WHERE id = @d", "UPDATE orders SET events_n = events_n - 1 WHERE id = @d"},
{11, "UPDATE orders SET state = 'manual' WHERE id = @d", "UPDATE orders SET state = 'delivered' WHERE id = @d"},
{11, "UPDATE order_event SET seq = seq + 1 WHERE order_id = @p", "UPDATE order_event SET seq = seq - 1 WHERE order_id = @p"},
{11, "UPDATE order_event SET detail = CONCAT(detail, '!') WHERE order_id = @p", "UPDATE order_event SET detail = LEFT(detail, CHAR_LENGTH(detail) - 1) WHERE order_id = @p"},
{11, "UPDATE order_event SET at_us = at_us + 1 WHERE order_id = @e", "UPDATE order_event SET at_us = at_us - 1 WHERE order_id = @e"},
{12, "UPDATE audit_log SET detail = 'z' WHERE action = 'test'", "UPDATE audit_log SET detail = 'y' WHERE action = 'test'"},
{12, "UPDATE audit_head SET seq = seq + 1", "UPDATE audit_head SET seq = seq - 1"},
{13, "UPDATE notice SET state = 'failed'", "UPDATE notice SET state = 'applied'"},
{13, "UPDATE notice SET order_id = @p", "UPDATE notice SET order_id = @d"},
{13, "UPDATE notice SET txn = 'T2'", "UPDATE notice SET txn = 'T1'"},
{13, "UPDATE notice_raw SET notice_id = notice_id + 1", "UPDATE notice_raw SET notice_id = notice_id - 1"},
{14, "UPDATE outbox SET object_id = @p WHERE kind = 'mail_order'", "UPDATE outbox SET object_id = @d WHERE kind = 'mail_order'"},
{14, "UPDATE outbox SET kind = 'x' WHERE kind = 'mail_order'", "UPDATE outbox SET kind = 'mail_order' WHERE kind = 'x'"},
{14, "UPDATE webhook_delivery SET webhook_id = 2", "UPDATE webhook_delivery SET webhook_id = 1"},
{14, "UPDATE webhook_delivery SET done_us = 1", "UPDATE webhook_delivery SET done_us = 0"},
};
/* clang-format on */

static void
each_is_seen(void **state)
{
	bool asked[LAST + 1] = {false};
	size_t i;

	(void)state;
	lay_out();
	all_hold("nothing");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct broken *b = &rows[i];

		sql_primary("%s", b->how);
		if (violations(b->number) == 0)
			fail_msg("I%d does not see: %s", b->number, b->how);
		sql_primary("%s", b->mend);
		if (violations(b->number) != 0)
			fail_msg(
			    "I%d is not mended by: %s", b->number, b->mend);
		asked[b->number] = true;
	}
	all_hold("all of them");
	for (i = 2; i <= LAST; i++)
		assert_true(asked[i]);
}

/* What the unique keys forbid, as after a restore without them. */
static void
twice_is_seen(void **state)
{
	(void)state;
	lay_out();
	all_hold("nothing");
	sql_primary("ALTER TABLE delivery DROP KEY card");
	sql_primary("INSERT INTO delivery (merchant_id, order_id, item_id, "
		    "card_id, delivered_us) SELECT 1, order_id, item_id, "
		    "card_id, 7 FROM delivery WHERE card_id = @c");
	assert_int_equal(violations(1), 1);
	sql_primary("DELETE FROM delivery WHERE delivered_us = 7");
	sql_primary("ALTER TABLE payment DROP KEY txn");
	sql_primary("INSERT INTO payment (merchant_id, order_id, channel_id, "
		    "state, amount_minor, currency, txn, created_us) SELECT 1, "
		    "order_id, channel_id, 'failed', 1, 'CNY', txn, 7 FROM "
		    "payment");
	assert_int_equal(violations(5), 1);
	sql_primary("DELETE FROM payment WHERE created_us = 7");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    COUNTER_TEST(each_is_seen),
	    COUNTER_TEST(twice_is_seen),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
