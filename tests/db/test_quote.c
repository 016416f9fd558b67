/* SPDX-License-Identifier: Apache-2.0 */
/* A quote from real rows: nothing of its amounts comes from who asks. */
#include "support/test.h"

#include "base/limits.h"
#include "io/db.h"
#include "shop/channel.h"
#include "shop/price.h"
#include "support/dbserver.h"
#include "support/goods.h"

static struct ctx cx[1];
static struct settings *set;
static uint64_t product, sku;

static int
setup(void **state)
{
	test_arena_setup(state);
	goods_setup(cx, &set, "t_quote");
	product = goods_product(goods_category(0, "c", "C"), "p", "P", "on");
	sku = goods_sku(product, "S", 1000, "card");
	sql_primary("INSERT INTO t_quote.price_tier VALUES (%llu, 10, 900)",
	    (unsigned long long)sku);
	return 0;
}

static int
teardown(void **state)
{
	dbserver_end(cx);
	return test_arena_teardown(state);
}

#define DB_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static void
channel(const char *name, const char *device, unsigned permyriad, bool buyer,
    int64_t min)
{
	struct channel c = {.name = name,
	    .gateway = "epay",
	    .title = "支付",
	    .title_en = "Pay",
	    .device = device,
	    .currency = "CNY",
	    .on = true,
	    .fee_permyriad = permyriad,
	    .fee_buyer = buyer,
	    .min = MONEY(min)};
	const struct channel_field f[] = {
	    {"base_url", "https://pay.example/"},
	    {"pid", "1001"},
	    {"key", "k7Qm2Zt9Rb4Xw8Ls3Vd6"},
	};
	struct edit_error why = {"", ""};

	if (channel_save(cx, &c, f, 3, &why) != RC_OK)
		fail_msg("%s: %s", why.field, why.reason);
}

static void
coupon(const char *code, const char *columns, const char *values)
{
	sql_primary("INSERT INTO t_quote.coupon (merchant_id, code, "
		    "created_us, %s) VALUES (1, '%s', 0, %s)",
	    columns, code, values);
}

static const struct quote *
quote(unsigned qty, const char *code, const char *chosen)
{
	struct quote_ask ask = {
	    .sku = sku, .qty = qty, .coupon = code, .channel = chosen};
	const struct quote *again;
	const struct quote *q;
	int64_t sum = 0;
	unsigned i;

	assert_int_equal(price_quote(cx, &ask, &q), RC_OK);
	for (i = 0; i < q->n_lines; i++)
		sum += q->lines[i].amount.minor;
	assert_int_equal(sum, q->total.minor);
	/* an order reads less and pays the same */
	assert_int_equal(
	    catalogue_offer(cx, sku, &ask.product, &ask.offer), RC_OK);
	assert_int_equal(price_quote(cx, &ask, &again), RC_OK);
	assert_ptr_equal(again->product, ask.product);
	assert_int_equal(again->total.minor, q->total.minor);
	assert_int_equal(again->unit.minor, q->unit.minor);
	assert_int_equal(again->sku->max_qty, q->sku->max_qty);
	return q;
}

static enum rc
refused(uint64_t id, unsigned qty)
{
	const struct quote_ask ask = {.sku = id, .qty = qty};
	const struct quote *q;

	return price_quote(cx, &ask, &q);
}

static void
goods(void **state)
{
	const struct quote *q = quote(2, NULL, NULL);

	(void)state;
	assert_int_equal(q->total.minor, 2000);
	assert_string_equal(q->currency, "CNY");
	assert_int_equal(q->coupon_verdict, COUPON_NONE);
	assert_int_equal(q->channel, 0);
	assert_int_equal(q->n_channels, 0);
	q = quote(10, "", "");
	assert_int_equal(q->total.minor, 9000);
	assert_int_equal(q->unit.minor, 900);
	assert_int_equal(q->tier_off.minor, 1000);
	sql_primary("UPDATE t_quote.sku SET price_minor = 700");
	assert_int_equal(quote(10, NULL, NULL)->total.minor, 7000);
}

static void
limits(void **state)
{
	(void)state;
	assert_int_equal(refused(sku, 0), RC_INVALID);
	assert_int_equal(refused(sku, 101), RC_INVALID); /* max_qty */
	assert_int_equal(refused(sku, UINT32_MAX), RC_INVALID);
	assert_int_equal(refused(999, 1), RC_NOTFOUND);
	sql_primary("UPDATE t_quote.sku SET min_qty = 5, max_qty = 100000");
	assert_int_equal(refused(sku, 4), RC_INVALID);
	assert_int_equal(refused(sku, LIM_QTY + 1), RC_INVALID);
	sql_primary("UPDATE t_quote.sku SET price_minor = %lld",
	    (long long)INT64_MAX / 4);
	assert_int_equal(refused(sku, 5), RC_INVALID); /* overflow */
	sql_primary("UPDATE t_quote.sku SET active = 0");
	assert_int_equal(refused(sku, 5), RC_NOTFOUND);
	sql_primary("UPDATE t_quote.sku SET active = 1");
	sql_primary("UPDATE t_quote.product SET state = 'draft'");
	assert_int_equal(refused(sku, 5), RC_NOTFOUND);
}

static void
coupons(void **state)
{
	static const char *const unknown[] = {
	    "NONE", "sale'", "SALE SALE", "ＳＡＬＥ", "%", "\xff"};
	const struct quote *q;
	size_t i;

	(void)state;
	coupon("SALE", "kind, value, min_minor", "'percent', 1000, 1500");
	coupon("ALL", "kind, value", "'fixed', 99999999");
	coupon("OTHER", "kind, value, product_id", "'fixed', 100, 99999");
	coupon("OVER", "kind, value, until_us", "'fixed', 100, 5");
	coupon(
	    "SOON", "kind, value, from_us", "'fixed', 100, 9000000000000000");
	coupon("USED", "kind, value, uses_max, uses_n", "'fixed', 100, 3, 3");
	coupon("OFF", "kind, value, active", "'fixed', 100, 0");

	q = quote(2, " sale ", NULL); /* as people type */
	assert_int_equal(q->coupon_verdict, COUPON_OK);
	assert_int_equal(q->coupon_off.minor, 200);
	assert_int_equal(q->total.minor, 1800);
	assert_string_equal(q->lines[q->n_lines - 1].reason, "SALE");
	assert_true(q->coupon != 0);
	q = quote(1, "SALE", NULL);
	assert_int_equal(q->coupon_verdict, COUPON_TOO_SMALL);
	assert_int_equal(q->total.minor, 1000);
	assert_int_equal(q->coupon, 0);
	assert_int_equal(
	    quote(1, "OTHER", NULL)->coupon_verdict, COUPON_OTHER_GOODS);
	assert_int_equal(quote(1, "OVER", NULL)->coupon_verdict, COUPON_OVER);
	assert_int_equal(
	    quote(1, "SOON", NULL)->coupon_verdict, COUPON_NOT_YET);
	assert_int_equal(
	    quote(1, "USED", NULL)->coupon_verdict, COUPON_USED_UP);
	assert_int_equal(quote(1, "OFF", NULL)->coupon_verdict, COUPON_UNKNOWN);
	for (i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		q = quote(1, unknown[i], NULL);
		assert_int_equal(q->coupon_verdict, COUPON_UNKNOWN);
		assert_int_equal(q->total.minor, 1000);
	}
	/* nothing left to pay: no channel, no fee */
	channel("pay", "all", 100, true, 0);
	q = quote(3, "ALL", "pay");
	assert_int_equal(q->total.minor, 0);
	assert_int_equal(q->channel, 0);
	assert_int_equal(q->n_channels, 0);
}

static void
channels(void **state)
{
	const struct quote *q;

	(void)state;
	channel("one", "all", 200, true, 0);    /* 2 % of the buyer */
	channel("two", "all", 300, false, 0);   /* the shop pays it */
	channel("phone", "mobile", 0, true, 0); /* not on this device */
	channel("big", "all", 0, true, 500000); /* only from 5000.00 */
	q = quote(1, NULL, NULL);
	assert_int_equal(q->n_channels, 2);
	assert_int_equal(q->channel, q->channels[0].id);
	q = quote(1, NULL, "one");
	assert_int_equal(q->fee.minor, 20);
	assert_int_equal(q->total.minor, 1020);
	assert_int_equal(q->lines[q->n_lines - 1].step, QUOTE_FEE);
	assert_string_equal(q->lines[q->n_lines - 1].reason, "支付");
	q = quote(1, NULL, "two");
	assert_int_equal(q->fee.minor, 0);
	assert_int_equal(q->total.minor, 1000);
	/* not usable, not there: none is chosen, no fee */
	assert_int_equal(quote(1, NULL, "phone")->channel, 0);
	assert_int_equal(quote(1, NULL, "big")->channel, 0);
	assert_int_equal(quote(1, NULL, "' OR 1=1")->channel, 0);
	cx->lang = "en";
	assert_string_equal(quote(1, NULL, "one")->channels[0].title, "Pay");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {DB_TEST(goods), DB_TEST(limits),
	    DB_TEST(coupons), DB_TEST(channels)};

	dbserver();
	return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
