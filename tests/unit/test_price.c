/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of a quote: examples, edges, and a property over random
 * carts. */
#include "support/test.h"

#include "shop/price_rule.h"

static const struct tier tiers[] = {
    {10, {900}}, {50, {800}}, {100, {950}}, {500, {2000}}};

static struct sku
some_sku(void)
{
	struct sku s = {0};

	s.id = 7;
	s.product = 3;
	s.price = MONEY(1000);
	s.min_qty = 1;
	s.max_qty = 1000;
	s.tiers = tiers;
	s.n_tiers = sizeof(tiers) / sizeof(tiers[0]);
	return s;
}

static void
tiers_apply(void **state)
{
	struct sku s = some_sku();

	(void)state;
	assert_int_equal(price_unit(&s, 1).minor, 1000);
	assert_int_equal(price_unit(&s, 9).minor, 1000);
	assert_int_equal(price_unit(&s, 10).minor, 900);
	assert_int_equal(price_unit(&s, 49).minor, 900);
	assert_int_equal(price_unit(&s, 50).minor, 800);
	assert_int_equal(price_unit(&s, 100).minor, 950);
	/* dearer than the list price: does not count */
	assert_int_equal(price_unit(&s, 500).minor, 1000);
	assert_null(price_tier(&s, 500));
}

static void
goods_lines(void **state)
{
	struct sku s = some_sku();
	struct quote q = {0};

	(void)state;
	assert_int_equal(price_add_goods(ta, &s, 10, &q), RC_OK);
	assert_int_equal(q.n_lines, 2);
	assert_int_equal(q.lines[0].step, QUOTE_LIST);
	assert_int_equal(q.lines[0].amount.minor, 10000);
	assert_int_equal(q.lines[1].step, QUOTE_TIER);
	assert_int_equal(q.lines[1].amount.minor, -1000);
	assert_string_equal(q.lines[1].reason, "10");
	assert_int_equal(q.total.minor, 9000);
	assert_int_equal(q.unit.minor, 900);
}

static void
overflow_is_refused(void **state)
{
	struct sku s = some_sku();
	struct quote q = {0};

	(void)state;
	s.price = MONEY(INT64_MAX / 2);
	s.n_tiers = 0;
	assert_int_equal(price_add_goods(ta, &s, 3, &q), RC_INVALID);
	memset(&q, 0, sizeof(q));
	assert_int_equal(price_add_goods(ta, &s, 2, &q), RC_OK);
	assert_int_equal(price_add_fee(&q, MONEY(INT64_MAX), "x"), RC_INVALID);
}

static struct coupon_rec
some_coupon(void)
{
	struct coupon_rec c = {0};

	c.id = 5;
	c.kind = "fixed";
	c.value = 300;
	c.active = true;
	return c;
}

static void
coupon_verdicts(void **state)
{
	struct sku s = some_sku();
	struct coupon_rec c = some_coupon();
	const struct money m = MONEY(1000);

	(void)state;
	assert_int_equal(price_coupon_verdict(&c, &s, m, 100), COUPON_OK);
	c.from = 101;
	assert_int_equal(price_coupon_verdict(&c, &s, m, 100), COUPON_NOT_YET);
	assert_int_equal(price_coupon_verdict(&c, &s, m, 101), COUPON_OK);
	c.until = 200;
	assert_int_equal(price_coupon_verdict(&c, &s, m, 199), COUPON_OK);
	assert_int_equal(price_coupon_verdict(&c, &s, m, 200), COUPON_OVER);
	c = some_coupon();
	c.uses_max = 2;
	c.uses = 1;
	assert_int_equal(price_coupon_verdict(&c, &s, m, 1), COUPON_OK);
	c.uses = 2;
	assert_int_equal(price_coupon_verdict(&c, &s, m, 1), COUPON_USED_UP);
	c = some_coupon();
	c.product = 4;
	assert_int_equal(
	    price_coupon_verdict(&c, &s, m, 1), COUPON_OTHER_GOODS);
	c.product = 3;
	c.sku = 8;
	assert_int_equal(
	    price_coupon_verdict(&c, &s, m, 1), COUPON_OTHER_GOODS);
	c.sku = 7;
	c.min = MONEY(1001);
	assert_int_equal(price_coupon_verdict(&c, &s, m, 1), COUPON_TOO_SMALL);
	c.min = MONEY(1000);
	assert_int_equal(price_coupon_verdict(&c, &s, m, 1), COUPON_OK);
	c.active = false;
	assert_int_equal(price_coupon_verdict(&c, &s, m, 1), COUPON_UNKNOWN);
}

static int64_t
off(const struct coupon_rec *c, int64_t goods)
{
	struct money m = MONEY(-1);

	assert_int_equal(price_coupon_off(c, MONEY(goods), &m), RC_OK);
	return m.minor;
}

static void
coupon_amounts(void **state)
{
	struct coupon_rec c = some_coupon();

	(void)state;
	assert_int_equal(off(&c, 1000), 300);
	assert_int_equal(off(&c, 299), 299); /* never below nothing */
	assert_int_equal(off(&c, 0), 0);
	c.kind = "percent";
	c.value = 1250; /* 12.5 % */
	assert_int_equal(off(&c, 1000), 125);
	assert_int_equal(off(&c, 4), 1); /* 0.5: half up */
	assert_int_equal(off(&c, 3), 0);
	c.cap = MONEY(50);
	assert_int_equal(off(&c, 1000), 50);
	c.cap = MONEY(0);
	c.value = 10000;
	assert_int_equal(off(&c, 999), 999);
	c.value = 999999;
	assert_int_equal(off(&c, 999), 999);
	c.value = -5;
	assert_int_equal(off(&c, 999), 0);
}

static void
fees(void **state)
{
	struct quote q = {0};
	struct sku s = some_sku();

	(void)state;
	assert_int_equal(price_add_goods(ta, &s, 1, &q), RC_OK);
	assert_int_equal(price_add_fee(&q, MONEY(0), "Pay"), RC_OK);
	assert_int_equal(q.n_lines, 1); /* no line for what the shop pays */
	assert_int_equal(price_add_fee(&q, MONEY(16), "Pay"), RC_OK);
	assert_int_equal(q.n_lines, 2);
	assert_int_equal(q.total.minor, 1016);
	assert_string_equal(q.lines[1].reason, "Pay");
}

/* Any cart: the lines sum to the total, no discount passes what it is taken
 * from, nothing is negative. */
static void
sums_hold(void **state)
{
	struct tier t[3];
	struct sku s = some_sku();
	struct coupon_rec c;
	struct quote q;
	int64_t sum;
	unsigned i, k;

	(void)state;
	test_seed();
	for (i = 0; i < 20000; i++) {
		s.price = MONEY((int64_t)test_below(10000000));
		for (k = 0; k < 3; k++) {
			t[k].min_qty = 2 + k * 10 + (unsigned)test_below(9);
			t[k].price = MONEY((int64_t)test_below(10000000));
		}
		s.tiers = t;
		s.n_tiers = test_below(4);
		c = some_coupon();
		c.kind = test_below(2) != 0 ? "fixed" : "percent";
		c.value = (int64_t)test_below(12000);
		c.cap = MONEY((int64_t)test_below(3) * 500);
		memset(&q, 0, sizeof(q));
		assert_int_equal(
		    price_add_goods(ta, &s, 1 + (unsigned)test_below(1000), &q),
		    RC_OK);
		if (test_below(2) != 0)
			assert_int_equal(price_add_coupon(&q, &c, "C"), RC_OK);
		assert_int_equal(
		    price_add_fee(&q, MONEY((int64_t)test_below(500)), "f"),
		    RC_OK);
		for (k = 0, sum = 0; k < q.n_lines; k++)
			sum += q.lines[k].amount.minor;
		assert_int_equal(sum, q.total.minor);
		assert_int_equal(
		    q.total.minor, q.list.minor - q.tier_off.minor -
				       q.coupon_off.minor + q.fee.minor);
		assert_true(
		    q.tier_off.minor >= 0 && q.tier_off.minor <= q.list.minor);
		assert_true(
		    q.coupon_off.minor >= 0 &&
		    q.coupon_off.minor <= q.list.minor - q.tier_off.minor);
		assert_true(q.fee.minor >= 0 && q.total.minor >= 0);
		assert_int_equal(q.unit.minor * (int64_t)q.qty,
		    q.list.minor - q.tier_off.minor);
		if (i % 1000 == 0)
			arena_reset(ta);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(tiers_apply), TEST(goods_lines),
	    TEST(overflow_is_refused), TEST(coupon_verdicts),
	    TEST(coupon_amounts), TEST(fees), TEST(sums_hold)};

	return cmocka_run_group_tests_name("price", tests, NULL, NULL);
}
