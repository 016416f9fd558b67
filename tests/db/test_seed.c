/* SPDX-License-Identifier: Apache-2.0 */
/* The demo shop: all of it, twice, and after being cut off. */
#include "support/test.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/num.h"
#include "io/crypt.h"
#include "io/db.h"
#include "shop/audit.h"
#include "shop/catalogue.h"
#include "shop/price.h"
#include "shop/seed.h"
#include "shop/stock.h"
#include "support/dbserver.h"
#include "support/goods.h"

static struct ctx cx[1];
static struct settings *set;
static struct seed_result made;

static int
setup(void **state)
{
	const char *why = "";
	enum rc rc;

	test_arena_setup(state);
	goods_setup(cx, &set, "t_seed");
	rc = seed_demo(cx, test_source("sql/seed"), &made, &why);
	if (rc != RC_OK)
		fail_msg("%s: %s", rc_name(rc), why);
	return 0;
}

static int
teardown(void **state)
{
	dbserver_end(cx);
	return test_arena_teardown(state);
}

static uint64_t
count(const char *what)
{
	uint64_t n = 0;

	assert_int_equal(
	    num_u64(span_str(sql_primary("SELECT COUNT(*) FROM %s", what)),
		UINT64_MAX, &n),
	    RC_OK);
	return n;
}

static void
complete(void **state)
{
	uint64_t rows, bad;

	(void)state;
	assert_false(made.before);
	assert_true(made.goods >= 40);
	assert_int_equal(
	    count("t_seed.product WHERE state = 'on'"), made.goods);
	assert_true(count("t_seed.category WHERE parent_id = 0") >= 6);
	assert_true(count("t_seed.category WHERE parent_id <> 0") >= 3);
	assert_true(made.cards >= 20000);
	assert_int_equal(count("t_seed.card WHERE state = 'free'"), made.cards);
	assert_int_equal(count("t_seed.card"), made.cards);
	assert_int_equal(
	    count("t_seed.card_batch WHERE state <> 'committed'"), 0);
	/* both languages everywhere */
	assert_int_equal(count("t_seed.localized WHERE kind = 'product' AND "
			       "lang = 'en' AND name <> '' AND summary <> ''"),
	    made.goods);
	assert_int_equal(
	    count("t_seed.localized WHERE kind = 'sku'"), made.skus);
	assert_int_equal(count("t_seed.product_body WHERE body_html <> '' AND "
			       "guide_html <> ''"),
	    2 * made.goods);
	assert_int_equal(made.pages, 10);
	assert_int_equal(count("t_seed.product_search"), made.goods);
	/* forms that sellers have */
	assert_true(count("t_seed.sku WHERE card_format <> ''") >= 5);
	assert_true(count("t_seed.sku WHERE kind = 'manual'") >= 1);
	assert_true(count("t_seed.sku WHERE kind = 'loop'") >= 1);
	assert_true(count("t_seed.price_tier") >= 20);
	assert_true(count("t_seed.product_input") >= 3);
	assert_true(made.coupons >= 3);
	assert_int_equal(audit_check(cx, &rows, &bad), RC_OK);
}

static void
sold_out_and_low(void **state)
{
	struct page page = {1, 100, 0};
	const struct goods *g;
	size_t i, n, out = 0, low = 0, few = 0, many = 0;

	(void)state;
	assert_int_equal(
	    catalogue_list(cx, 0, SORT_SHOP, &page, &g, &n), RC_OK);
	assert_int_equal(n, made.goods);
	for (i = 0; i < n; i++) {
		out += g[i].stock.out;
		low += g[i].stock.low;
		few += g[i].skus < 2;
		many += g[i].skus > 4;
		assert_true(g[i].skus >= 1);
		assert_true(g[i].from.minor > 0);
	}
	assert_true(out >= 2);
	assert_true(few <= 8); /* most come in variants */
	assert_int_equal(many, 0);
	low = count("t_seed.sku s WHERE (SELECT COUNT(*) FROM t_seed.card c "
		    "WHERE c.sku_id = s.id) BETWEEN 1 AND 5");
	assert_true(low >= 5);
}

/* Each has a picture of its own, small, drawn without script. */
static void
pictures(void **state)
{
	struct page page = {1, 100, 0};
	const struct goods *g;
	struct stat st;
	char text[4096];
	size_t i, k, n, len;
	FILE *f;

	(void)state;
	assert_int_equal(
	    catalogue_list(cx, 0, SORT_SHOP, &page, &g, &n), RC_OK);
	for (i = 0; i < n; i++) {
		const char *path =
		    test_source(arena_fmt(ta, "static/%s", g[i].picture));

		if (stat(path, &st) != 0)
			fail_msg("no picture %s", path);
		assert_true(st.st_size < 4000); /* 1.2 kB compressed */
		f = fopen(path, "r");
		assert_non_null(f);
		len = fread(text, 1, sizeof(text) - 1, f);
		fclose(f);
		text[len] = '\0';
		assert_null(strstr(text, "script"));
		assert_null(strstr(text, "href"));
		assert_null(strstr(text, " on"));
		for (k = 0; k < i; k++)
			assert_string_not_equal(g[i].picture, g[k].picture);
	}
}

static size_t
found(const char *q)
{
	struct page page = {1, 100, 0};
	const struct goods *g;
	size_t n;

	assert_int_equal(catalogue_search(cx, q, &page, &g, &n), RC_OK);
	return n;
}

static void
readable(void **state)
{
	const struct content *c;
	const struct product *p;
	const struct shop_info *s;
	struct span text;
	uint64_t card = 0;

	(void)state;
	assert_true(found("会员") >= 5);
	assert_true(found("邮箱") >= 1);
	assert_true(found("office") >= 1);
	assert_int_equal(catalogue_content(cx, "terms", &c), RC_OK);
	assert_int_equal(catalogue_shop(cx, &s), RC_OK);
	assert_true(strlen(s->notice) > 20);
	cx->lang = "en";
	assert_int_equal(catalogue_product(cx, "windpost-mail", &p), RC_OK);
	assert_string_equal(p->name, "Windpost mailbox, new");
	assert_non_null(strstr(p->body_html, "Seven days old"));
	/* an account line opens into its three fields */
	assert_int_equal(
	    num_u64(span_str(sql_primary(
			"SELECT MIN(id) FROM t_seed.card WHERE sku_id = %llu",
			(unsigned long long)p->skus[0].id)),
		UINT64_MAX, &card),
	    RC_OK);
	assert_int_equal(stock_reveal(cx, card, &text), RC_OK);
	assert_non_null(memchr(text.p, '@', text.n));
	assert_non_null(strstr(arena_dup(ta, text.p, text.n), "----"));
}

static void
again(void **state)
{
	struct seed_result r;
	const char *why = "";
	uint64_t cards = count("t_seed.card"), events;

	(void)state;
	assert_int_equal(
	    seed_demo(cx, test_source("sql/seed"), &r, &why), RC_OK);
	assert_true(r.before);
	assert_int_equal(r.cards + r.goods + r.skus, 0);

	/* cut off: the mark, a SKU with its keys, an open batch are missing */
	sql_primary("DELETE FROM t_seed.setting WHERE name = 'demo_seed'");
	sql_primary("DELETE FROM t_seed.card WHERE sku_id = 3");
	sql_primary("SET @sku = (SELECT MAX(sku_id) FROM t_seed.card)");
	sql_primary("DELETE FROM t_seed.card WHERE sku_id = @sku");
	sql_primary("DELETE FROM t_seed.card_batch WHERE sku_id = @sku");
	sql_primary("DELETE FROM t_seed.sku WHERE id = @sku");
	sql_primary("SET @last = (SELECT MAX(id) FROM t_seed.card_batch)");
	sql_primary("UPDATE t_seed.card SET state = 'staged' WHERE batch_id = "
		    "@last");
	sql_primary("UPDATE t_seed.card_batch SET state = 'open' WHERE id = "
		    "@last");
	sql_primary("UPDATE t_seed.product SET name = 'mine' WHERE slug = "
		    "'beanlane'");
	sql_primary("UPDATE t_seed.product SET state = 'off' WHERE slug = "
		    "'melotide'");
	assert_int_equal(
	    seed_demo(cx, test_source("sql/seed"), &r, &why), RC_OK);
	assert_false(r.before);
	assert_int_equal(r.goods, 0);
	assert_int_equal(r.skus, 1);
	assert_true(count("t_seed.card") <= cards);
	assert_true(count("t_seed.card") > cards - 2000);
	assert_int_equal(count("t_seed.card WHERE state <> 'free'"), 0);
	/* what the merchant did stays */
	assert_int_equal(count("t_seed.product WHERE name = 'mine'"), 1);
	assert_int_equal(count("t_seed.product WHERE state = 'off'"), 1);
	events = count("t_seed.audit_log");
	assert_true(events > 0);
}

static void
bad_files(void **state)
{
	struct seed_result r;
	const char *why = "";

	(void)state;
	sql_primary("DELETE FROM t_seed.setting WHERE name = 'demo_seed'");
	test_file("demo.hdf", "goods {\n x {\n  name = n\n", 0600);
	assert_int_equal(seed_demo(cx, test_dir(), &r, &why), RC_INVALID);
	assert_non_null(strstr(why, "demo.hdf"));
	test_file("demo.hdf", "goods {\n x {\n  name = n\n }\n}\n", 0600);
	assert_int_equal(seed_demo(cx, test_dir(), &r, &why), RC_INVALID);
	assert_string_equal(why, "x: category: gone");
	test_file("demo.hdf",
	    "goods {\n y {\n  category = cloud\n  name = n\n  sku {\n   a {\n "
	    "   code = C\n    name = n\n    price = 1,5\n   }\n  }\n }\n}\n",
	    0600);
	assert_int_equal(seed_demo(cx, test_dir(), &r, &why), RC_INVALID);
	assert_string_equal(why, "a: price: not an amount");
	test_file("demo.hdf", "more {\n a = ../x.hdf\n}\n", 0600);
	assert_int_equal(seed_demo(cx, test_dir(), &r, &why), RC_INVALID);
	assert_string_equal(why, "a: more: not a file name");
	test_file("demo.hdf", "more {\n a = gone.hdf\n}\n", 0600);
	assert_int_equal(seed_demo(cx, test_dir(), &r, &why), RC_INVALID);
	assert_non_null(strstr(why, "gone.hdf"));
	assert_int_equal(seed_demo(cx, "/nonexistent", &r, &why), RC_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(complete),
	    cmocka_unit_test(sold_out_and_low),
	    cmocka_unit_test(pictures),
	    cmocka_unit_test(readable),
	    cmocka_unit_test(again),
	    cmocka_unit_test(bad_files),
	};

	dbserver();
	return cmocka_run_group_tests_name("seed", tests, setup, teardown);
}
