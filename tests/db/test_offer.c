/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Offers that a process keeps for a second: whatever an order takes from the
 * rows makes another offer when it changes, and nothing is sold from the old
 * one.  The same of the channels that notices are judged by.
 */
#include "support/counter.h"

#include <unistd.h>

#include "base/time.h"
#include "shop/channel.h"
#include "shop/claim.h"
#include "shop/offer.h"
#include "shop/recent.h"
#include "shop/settle.h"

static uint64_t
digest_now(const char *lang)
{
	uint64_t digest;

	assert_int_equal(offer_digest(cx, lang, 1, &digest), RC_OK);
	return digest;
}

/* ------------------------------------------------------------ the digest */

static const struct {
	const char *what, *sql;
} change[] = {
    {"price", "UPDATE sku SET price_minor = 1001 WHERE id = 1"},
    {"cost", "UPDATE sku SET cost_minor = 5 WHERE id = 1"},
    {"name", "UPDATE sku SET name = '11' WHERE id = 1"},
    {"code", "UPDATE sku SET code = 'GOLD-11' WHERE id = 1"},
    {"limits", "UPDATE sku SET min_qty = 2 WHERE id = 1"},
    {"more", "UPDATE sku SET max_qty = 7 WHERE id = 1"},
    {"buyer", "UPDATE sku SET buyer_limit = 3 WHERE id = 1"},
    {"window", "UPDATE sku SET sale_from_us = 1 WHERE id = 1"},
    {"end", "UPDATE sku SET sale_until_us = 9 WHERE id = 1"},
    {"order", "UPDATE sku SET pick_order = 'newest' WHERE id = 1"},
    {"kind", "UPDATE sku SET kind = 'loop' WHERE id = 1"},
    {"tier", "INSERT INTO price_tier VALUES (1, 10, 900)"},
    {"tier price", "UPDATE price_tier SET price_minor = 800 WHERE sku_id = 1"},
    {"question", "INSERT INTO product_input (product_id, name, label, kind, "
		 "max_len, required) VALUES (1, 'uid', 'Uid', 'text', 9, 1)"},
    {"its kind", "UPDATE product_input SET kind = 'digits'"},
    {"product", "UPDATE product SET name = 'Silver' WHERE id = 1"},
    {"currency", "UPDATE merchant SET currency = 'USD' WHERE id = 1"},
    {"closed", "UPDATE merchant SET state = 'closed' WHERE id = 1"},
    {"fee", "UPDATE channel SET fee_permyriad = 100"},
    {"payer", "UPDATE channel SET fee_payer = 'buyer'"},
    {"title", "UPDATE channel SET title = 'Pay'"},
    {"device", "UPDATE channel SET device = 'pc'"},
    {"least", "UPDATE channel SET min_minor = 100"},
    {"most", "UPDATE channel SET max_minor = 100000"},
    {"off", "UPDATE channel SET state = 'off'"},
    {"options", "UPDATE channel SET options = CONCAT(options, 'x=1\\n')"},
    {"secrets", "UPDATE channel SET secrets = CONCAT(secrets, 'x')"},
    {"gone", "DELETE FROM channel"},
    {"not active", "UPDATE sku SET active = 0 WHERE id = 1"},
};

static void
every_change_is_another_offer(void **state)
{
	uint64_t before = digest_now("en"), now;
	size_t i;

	(void)state;
	assert_int_equal(digest_now("en"), before);
	for (i = 0; i < sizeof(change) / sizeof(change[0]); i++) {
		sql_primary("%s", change[i].sql);
		now = digest_now("en");
		if (now == before)
			fail_msg("%s: the same offer", change[i].what);
		before = now;
	}
	assert_int_equal(before, 0); /* not on sale */
}

static void
what_was_sold_is_the_same_offer(void **state)
{
	uint64_t before = digest_now("en");

	(void)state;
	sql_primary("UPDATE product SET sold_n = sold_n + 1, updated_us = 7");
	sql_primary("UPDATE sku SET price_minor = 1 WHERE id = 2");
	assert_int_equal(digest_now("en"), before);
	sql_primary("INSERT INTO localized (kind, object_id, lang, name) "
		    "VALUES ('product', 1, 'en', 'Gold coins')");
	assert_int_equal(digest_now("zh-CN"), before);
	assert_int_not_equal(digest_now("en"), before);
}

/* ------------------------------------------------------------ keeping */

static void
with_till(void)
{
	set->till = true;
	set->workers = 2;
	set->spool_dir = test_dir();
}

static void
is_kept_only_with_a_till(void **state)
{
	struct offer a, b;

	(void)state;
	assert_int_equal(offer_get(cx, 1, &a), RC_OK);
	assert_int_equal(offer_get(cx, 1, &b), RC_OK);
	assert_false(a.kept || b.kept);
	with_till();
	assert_int_equal(offer_get(cx, 1, &a), RC_OK);
	assert_false(a.kept);
	assert_int_equal(offer_get(cx, 1, &b), RC_OK);
	assert_true(b.kept);
	assert_int_equal(b.digest, digest_now(cx->lang));
	assert_int_equal(b.sku->price.minor, 1000);
}

static void
another_language_is_another_offer(void **state)
{
	struct offer a, b;

	(void)state;
	with_till();
	sql_primary("INSERT INTO localized (kind, object_id, lang, name) "
		    "VALUES ('product', 1, 'en', 'Gold coins')");
	cx->lang = "zh-CN";
	assert_int_equal(offer_get(cx, 3, &a), RC_OK);
	cx->lang = "en";
	assert_int_equal(offer_get(cx, 3, &b), RC_OK);
	assert_false(b.kept);
	assert_string_equal(a.product->name, "Gold");
	assert_string_equal(b.product->name, "Gold coins");
}

static void
looking_again_tells_a_change(void **state)
{
	struct offer o;
	bool changed;

	(void)state;
	with_till();
	assert_int_equal(offer_get(cx, 4, &o), RC_OK);
	assert_int_equal(offer_again(cx, 4, &o, &changed), RC_OK);
	assert_false(changed);
	sql_primary("UPDATE sku SET price_minor = 4 WHERE id = 4");
	assert_int_equal(offer_get(cx, 4, &o), RC_OK);
	assert_true(o.kept);
	assert_int_equal(offer_again(cx, 4, &o, &changed), RC_OK);
	assert_true(changed);
	assert_false(o.kept);
	assert_int_equal(o.sku->price.minor, 4);
	sql_primary("UPDATE sku SET active = 0 WHERE id = 4");
	assert_int_equal(offer_again(cx, 4, &o, &changed), RC_NOTFOUND);
	assert_int_equal(offer_get(cx, 4, &o), RC_NOTFOUND);
}

/* ------------------------------------------------------------ claims */

static void
fill(struct claim *c, unsigned sku, uint64_t offer, unsigned who)
{
	*c = (struct claim){
	    .product = 1,
	    .sku = sku,
	    .qty = 1,
	    .channel = 1,
	    .list = MONEY(1000),
	    .total = MONEY(1000),
	    .unit = MONEY(1000),
	    .currency = "CNY",
	    .product_name = "Gold",
	    .sku_name = "10",
	    .sku_code = "GOLD-10",
	    .lang = "en",
	    .contact = "b@example.com",
	    .contact_hash = {(uint8_t)who},
	    .address = {10, 0, 0, (uint8_t)who},
	    .address_n = 4,
	    .created = cx->now,
	    .expires = cx->now + 900 * US_PER_S,
	    .offer = offer,
	};
	order_number(cx, c->no);
	test_bytes(c->form_key, sizeof(c->form_key));
}

static void
old_offers_are_not_sold(void **state)
{
	uint64_t old = digest_now("en"), now;
	struct claim c[5];
	size_t i;

	(void)state;
	sql_primary("UPDATE sku SET price_minor = 1200 WHERE id = 1");
	now = digest_now("en");
	fill(&c[0], 1, old, 1);
	fill(&c[1], 1, now, 2);
	fill(&c[2], 1, 0, 3); /* priced from rows that were read for it */
	fill(&c[3], 1, old, 4);
	fill(&c[4], 2, now, 5); /* another SKU's */
	assert_int_equal(claim_batch(cx, c, 5), RC_OK);
	for (i = 0; i < 5; i++) {
		if (i == 1 || i == 2) {
			assert_int_equal(c[i].rc, RC_OK);
			continue;
		}
		assert_int_equal(c[i].rc, RC_CONFLICT);
		assert_int_equal(c[i].why, CLAIM_STALE);
	}
	assert_count("orders", 2);
	assert_count("card WHERE state = 'held'", 2);
}

/* The form made its order before the price changed. */
static void
a_form_that_was_sent_has_its_order(void **state)
{
	struct claim c, again;

	(void)state;
	fill(&c, 1, digest_now("en"), 1);
	assert_int_equal(claim_batch(cx, &c, 1), RC_OK);
	assert_int_equal(c.rc, RC_OK);
	sql_primary("UPDATE sku SET active = 0 WHERE id = 1");
	fill(&again, 1, c.offer, 1);
	memcpy(again.form_key, c.form_key, sizeof(again.form_key));
	assert_int_equal(claim_batch(cx, &again, 1), RC_OK);
	assert_int_equal(again.why, CLAIM_TOKEN_USED);
	assert_string_equal(again.no, c.no);
}

/* ------------------------------------------------------------ notices */

#define NEW_SECRET "Wz8n4TqL2vB6yHd0Xk5Rc9Mf3Jp7Gs1A"

/* The row is kept by an ordinary payment. */
static void
pay_one(void)
{
	const char *no = place(1, 1);

	open_payment(no);
	assert_string_equal(
	    notify(no, signed_query(no, "10.00", no)), "success");
	assert_state(no, "delivered");
}

static void
row_is_kept_only_with_a_till(void **state)
{
	struct channel ch;
	uint64_t by;

	(void)state;
	assert_int_equal(recent_channel(cx, "epay", 1000, &ch, &by), RC_OK);
	assert_int_equal(recent_channel(cx, "epay", 1000, &ch, &by), RC_OK);
	assert_int_equal(by, 0);
	with_till();
	assert_int_equal(recent_channel(cx, "epay", 0, &ch, &by), RC_OK);
	assert_int_equal(by, 0);
	assert_int_equal(recent_channel(cx, "epay", 60000, &ch, &by), RC_OK);
	assert_int_not_equal(by, 0);
	assert_int_equal(
	    recent_channel(cx, "none", 60000, &ch, &by), RC_NOTFOUND);
	assert_int_equal(
	    recent_channel(cx, "a b", 60000, &ch, &by), RC_NOTFOUND);
}

/* A key that leaked and was changed settles nothing, not for a second. */
static void
old_key_settles_nothing(void **state)
{
	const char *no;

	(void)state;
	with_till();
	no = place(1, 1);
	open_payment(no);
	pay_one();
	counter_channel(NEW_SECRET);
	assert_string_not_equal(
	    notify(no, signed_query(no, "10.00", "T1")), "success");
	assert_state(no, "pending");
	/* and the true one counts as soon as a refusal is looked at anew */
	counter_channel(SECRET);
	usleep((RECENT_REFUSE_MS + 50) * 1000);
	assert_string_equal(
	    notify(no, signed_query(no, "10.00", "T2")), "success");
	assert_state(no, "delivered");
}

static void
judged_by_an_old_row_is_stale(void **state)
{
	static const char *const edit[] = {
	    "UPDATE channel SET state = 'off'",
	    "UPDATE channel SET currency = 'USD'",
	    "UPDATE channel SET version = version + 1",
	    "UPDATE channel SET secrets = CONCAT(secrets, 'x')",
	    "UPDATE channel SET options = CONCAT(options, 'x=1\n')",
	    "INSERT INTO setting (merchant_id, name, value, updated_us) VALUES "
	    "(1, 'ask_back_minor', '5', 1)",
	    "UPDATE setting SET value = '' WHERE name = 'ask_back_minor'",
	    "DELETE FROM channel",
	};
	struct paid p[3];
	uint64_t by, now;
	struct channel ch;
	size_t i;

	(void)state;
	with_till();
	assert_int_equal(recent_channel(cx, "epay", 0, &ch, &by), RC_OK);
	assert_int_equal(recent_channel(cx, "epay", 60000, &ch, &by), RC_OK);
	for (i = 0; i < sizeof(edit) / sizeof(edit[0]); i++) {
		sql_primary("%s", edit[i]);
		memset(p, 0, sizeof(p));
		p[0].channel = p[1].channel = p[2].channel = ch.id;
		p[0].order_no = p[1].order_no = p[2].order_no = "none";
		p[0].judged_by = p[2].judged_by = by;
		assert_int_equal(settle_batch(cx, p, 3), RC_OK);
		assert_true(p[0].stale && p[2].stale);
		assert_int_equal(p[0].rc, RC_BUSY);
		assert_false(p[1].stale);
		assert_int_equal(p[1].rc, RC_DENIED);
		assert_int_equal(recent_digest(cx, ch.id, &now), RC_OK);
		assert_true(now != by);
		by = now;
	}
	assert_int_equal(by, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    COUNTER_TEST(every_change_is_another_offer),
	    COUNTER_TEST(what_was_sold_is_the_same_offer),
	    COUNTER_TEST(is_kept_only_with_a_till),
	    COUNTER_TEST(another_language_is_another_offer),
	    COUNTER_TEST(looking_again_tells_a_change),
	    COUNTER_TEST(old_offers_are_not_sold),
	    COUNTER_TEST(a_form_that_was_sent_has_its_order),
	    COUNTER_TEST(row_is_kept_only_with_a_till),
	    COUNTER_TEST(old_key_settles_nothing),
	    COUNTER_TEST(judged_by_an_old_row_is_stale),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
