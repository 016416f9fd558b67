/* SPDX-License-Identifier: Apache-2.0 */
/* What buyers see of the goods, on a real server. */
#include "support/test.h"

#include "io/db.h"
#include "shop/catalogue.h"
#include "shop/words.h"
#include "support/dbserver.h"
#include "support/goods.h"

static struct ctx cx[1];
static struct settings *set;

static int
setup(void **state)
{
	test_arena_setup(state);
	goods_setup(cx, &set, "t_catalogue");
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
cards(uint64_t sku, unsigned n, const char *state)
{
	sql_primary("INSERT INTO t_catalogue.card (id, merchant_id, sku_id, "
		    "batch_id, state, key_id, fingerprint, sealed, created_us) "
		    "SELECT (SELECT COALESCE(MAX(c.id), 0) FROM "
		    "t_catalogue.card c) + seq, 1, %llu, 1, '%s', 1, "
		    "UNHEX(MD5(CONCAT('%llu-', seq, '%s'))), 'x', 0 "
		    "FROM t_catalogue.seq_1_to_%u",
	    (unsigned long long)sku, state, (unsigned long long)sku, state, n);
}

static void
localize(const char *kind, uint64_t id, const char *name, const char *summary)
{
	sql_primary("INSERT INTO t_catalogue.localized (kind, "
		    "object_id, lang, name, summary) VALUES ('%s', %llu, "
		    "'en', '%s', '%s')",
	    kind, (unsigned long long)id, name, summary);
}

static void
search_row(uint64_t id, const char *text)
{
	struct buf b;

	buf_init(&b, ta, 256, 65536);
	words_index(&b, span_str(text));
	sql_primary("INSERT INTO t_catalogue.product_search VALUES "
		    "(%llu, 1, '%s')",
	    (unsigned long long)id, buf_text(&b));
}

static void
the_shop(void **state)
{
	const struct shop_info *s;

	(void)state;
	sql_primary("UPDATE t_catalogue.merchant SET name = '钥匙铺', "
		    "notice = '欢迎'");
	sql_primary("INSERT INTO t_catalogue.setting (merchant_id, name, "
		    "value, updated_us) VALUES "
		    "(1, 'shop_notice.en', 'Welcome', 0)");
	assert_int_equal(catalogue_shop(cx, &s), RC_OK);
	assert_string_equal(s->name, "钥匙铺");
	assert_string_equal(s->notice, "欢迎");
	assert_string_equal(s->currency, "CNY");
	assert_true(s->open);
	cx->lang = "en";
	sql_primary("UPDATE t_catalogue.merchant SET state = 'closed'");
	assert_int_equal(catalogue_shop(cx, &s), RC_OK);
	assert_string_equal(s->name, "钥匙铺");
	assert_string_equal(s->notice, "Welcome");
	assert_false(s->open);
}

static void
the_tree(void **state)
{
	uint64_t a, b, c, h, d;
	const struct category *list;
	size_t n;

	(void)state;
	b = goods_category(0, "b", "乙");
	a = goods_category(0, "a", "甲");
	c = goods_category(b, "b-c", "丙");
	h = goods_category(0, "hidden", "隐");
	d = goods_category(h, "below", "下");
	sql_primary("UPDATE t_catalogue.category SET hidden = 1 WHERE id = "
		    "%llu",
	    (unsigned long long)h);
	sql_primary("UPDATE t_catalogue.category SET sort = -1 WHERE slug = "
		    "'a'");
	localize("category", c, "See", "");
	goods_product(c, "p", "P", "on");
	goods_product(c, "q", "Q", "draft");
	cx->lang = "en";
	assert_int_equal(catalogue_categories(cx, &list, &n), RC_OK);
	assert_int_equal(n, 3);
	assert_int_equal(list[0].id, a);
	assert_int_equal(list[1].id, b);
	assert_int_equal(list[2].id, c); /* below its parent */
	assert_string_equal(list[2].name, "See");
	assert_int_equal(list[2].products, 1);
	assert_int_equal(list[1].products, 0);
	assert_int_equal(list[0].below, 0);
	assert_int_equal(list[1].below, 1);
	assert_int_equal(list[2].below, 0);
	assert_ptr_equal(catalogue_category(list, n, "b-c"), &list[2]);
	assert_int_equal(list[2].parent, b);
	assert_null(catalogue_category(list, n, "hidden"));
	assert_null(catalogue_category(list, n, "below"));
	assert_null(catalogue_category(list, n, ""));
	/* a cycle ends, and hangs on no visible root */
	sql_primary("UPDATE t_catalogue.category SET parent_id = %llu, "
		    "hidden = 0 WHERE id = %llu",
	    (unsigned long long)d, (unsigned long long)h);
	assert_int_equal(catalogue_categories(cx, &list, &n), RC_OK);
	assert_int_equal(n, 3);
}

/* Three products on sale and one that is off; the first category. */
static uint64_t
four_products(void)
{
	uint64_t a, b, p1, p2, p3, s11, s12, s2;

	a = goods_category(0, "a", "甲");
	b = goods_category(a, "b", "乙");
	p1 = goods_product(a, "p1", "一号", "on");
	p2 = goods_product(b, "p2", "二号", "on");
	p3 = goods_product(goods_category(0, "c", "丙"), "p3", "三号", "on");
	goods_product(a, "p4", "四号", "off");
	sql_primary("UPDATE t_catalogue.product SET created_us = id");
	sql_primary("UPDATE t_catalogue.product SET featured = 1 WHERE id = "
		    "%llu",
	    (unsigned long long)p3);
	s11 = goods_sku(p1, "s11", 500, "card");
	s12 = goods_sku(p1, "s12", 300, "card");
	s2 = goods_sku(p2, "s2", 100, "card");
	goods_sku(p3, "s3", 900, "manual");
	sql_primary("UPDATE t_catalogue.sku SET active = 0 WHERE id = %llu",
	    (unsigned long long)goods_sku(p1, "s13", 1, "card"));
	cards(s11, 3, "free");
	cards(s11, 9, "sold");
	cards(s12, 1, "free");
	cards(s2, 1500, "free");
	localize("product", p1, "One", "First");
	sql_primary("UPDATE t_catalogue.product SET tags = '标签'");
	return a;
}

static void
lists(void **state)
{
	uint64_t a = four_products();
	const struct goods *g;
	struct page page = {1, 30, 0};
	size_t n;

	(void)state;
	assert_int_equal(
	    catalogue_list(cx, a, SORT_SHOP, &page, &g, &n), RC_OK);
	assert_int_equal(page.total, 2);
	assert_int_equal(n, 2);
	assert_string_equal(g[0].name, "一号");
	assert_int_equal(g[0].skus, 2); /* the inactive one does not count */
	assert_int_equal(g[0].from.minor, 300);
	assert_int_equal(g[0].to.minor, 500);
	assert_int_equal(g[0].stock.n, 4);
	assert_true(g[0].stock.low);
	assert_false(g[0].stock.more);
	assert_int_equal(g[1].stock.n, STOCK_LIST_MAX);
	assert_true(g[1].stock.more);

	assert_int_equal(
	    catalogue_list(cx, a, SORT_PRICE_UP, &page, &g, &n), RC_OK);
	assert_string_equal(g[0].slug, "p2");
	assert_int_equal(
	    catalogue_list(cx, a, SORT_PRICE_DOWN, &page, &g, &n), RC_OK);
	assert_string_equal(g[0].slug, "p1");
	assert_int_equal(catalogue_list(cx, 0, SORT_NEW, &page, &g, &n), RC_OK);
	assert_int_equal(n, 3);
	assert_string_equal(g[0].slug, "p3");
	/* work by hand has no number and is never out */
	assert_int_equal(g[0].stock.display, STOCK_HIDDEN);
	assert_false(g[0].stock.out);

	page = (struct page){2, 2, 0};
	assert_int_equal(
	    catalogue_list(cx, 0, SORT_SHOP, &page, &g, &n), RC_OK);
	assert_int_equal(page.total, 3);
	assert_int_equal(n, 1);
	page = (struct page){4000000000u, 30, 0};
	assert_int_equal(
	    catalogue_list(cx, 0, SORT_SHOP, &page, &g, &n), RC_OK);
	assert_int_equal(n, 0);
}

static void
front_in_the_visitors_language(void **state)
{
	const struct goods *g;
	size_t n;

	(void)state;
	four_products();
	cx->lang = "en";
	assert_int_equal(catalogue_front(cx, 2, &g, &n), RC_OK);
	assert_int_equal(n, 2);
	assert_string_equal(g[0].slug, "p3");
	assert_string_equal(g[1].name, "One");
	assert_string_equal(g[1].summary, "First");

	assert_string_equal(g[1].tags, "标签"); /* no other given */
	sql_primary("UPDATE t_catalogue.localized SET tags = 'Tag'");
	assert_int_equal(catalogue_front(cx, 2, &g, &n), RC_OK);
	assert_string_equal(g[1].tags, "Tag");

	sql_primary("UPDATE t_catalogue.category SET hidden = 1 WHERE slug = "
		    "'a'");
	assert_int_equal(catalogue_front(cx, 9, &g, &n), RC_OK);
	assert_int_equal(n, 1); /* the sub-category is hidden with it */
}

static void
no_skus_is_sold_out(void **state)
{
	const struct goods *g;
	size_t n;

	(void)state;
	goods_product(goods_category(0, "a", "甲"), "p", "P", "on");
	assert_int_equal(catalogue_front(cx, 9, &g, &n), RC_OK);
	assert_int_equal(n, 1);
	assert_true(g[0].stock.out);
	assert_int_equal(g[0].skus, 0);
}

static void
displays(void **state)
{
	static const struct {
		const char *display;
		unsigned free;
		uint64_t n;
		bool more, low, out;
	} want[] = {
	    {"exact", 0, 0, false, false, true},
	    {"exact", 5, 5, false, true, false},
	    {"exact", 6, 6, false, false, false},
	    {"range", 0, 0, false, false, true},
	    {"range", 3, 1, true, true, false},
	    {"range", 47, 21, true, false, false},
	    {"range", 700, 51, true, false, false},
	    {"status", 0, 0, false, false, true},
	    {"status", 2, 0, false, true, false},
	    {"status", 40, 0, false, false, false},
	    {"hidden", 0, 0, false, false, true},
	    {"hidden", 2, 0, false, false, false},
	};
	uint64_t p, s;
	const struct product *v;
	size_t i;

	(void)state;
	p = goods_product(goods_category(0, "a", "甲"), "p", "P", "on");
	s = goods_sku(p, "s", 100, "card");
	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		sql_primary("DELETE FROM t_catalogue.card");
		sql_primary("UPDATE t_catalogue.product SET stock_display = "
			    "'%s'",
		    want[i].display);
		if (want[i].free > 0)
			cards(s, want[i].free, "free");
		cards(s, 7, "held");
		assert_int_equal(catalogue_product(cx, "p", &v), RC_OK);
		assert_int_equal(v->skus[0].stock.n, want[i].n);
		assert_int_equal(v->skus[0].stock.more, want[i].more);
		assert_int_equal(v->skus[0].stock.low, want[i].low);
		assert_int_equal(v->skus[0].stock.out, want[i].out);
	}
	sql_primary("UPDATE t_catalogue.sku SET kind = 'loop'");
	sql_primary("UPDATE t_catalogue.product SET stock_display = 'exact'");
	assert_int_equal(catalogue_product(cx, "p", &v), RC_OK);
	assert_int_equal(v->skus[0].stock.display, STOCK_HIDDEN);
	assert_false(v->skus[0].stock.out);
	sql_primary("DELETE FROM t_catalogue.card WHERE state = 'free'");
	assert_int_equal(catalogue_product(cx, "p", &v), RC_OK);
	assert_true(v->skus[0].stock.out);
}

static void
one_product(void **state)
{
	uint64_t p, s, h;
	const struct product *v;
	const struct sku *which;

	(void)state;
	h = goods_category(0, "h", "隐");
	p = goods_product(h, "p", "名", "on");
	s = goods_sku(p, "s", 1000, "card");
	goods_sku(p, "t", 2000, "manual");
	sql_primary("INSERT INTO t_catalogue.price_tier VALUES (%llu, 10, "
		    "900), (%llu, 5, 950)",
	    (unsigned long long)s, (unsigned long long)s);
	sql_primary("INSERT INTO t_catalogue.product_body VALUES (%llu, '', "
		    "'x', '<p>中</p>', 'x', '<p>指</p>'), (%llu, 'en', 'x', "
		    "'<p>E</p>', '', '')",
	    (unsigned long long)p, (unsigned long long)p);
	sql_primary("INSERT INTO t_catalogue.product_input (product_id, name, "
		    "label, label_en, kind, choices) VALUES (%llu, 'region', "
		    "'大区', 'Region', 'choice', 'a|b')",
	    (unsigned long long)p);
	localize("sku", s, "Month", "");
	assert_int_equal(catalogue_product(cx, "p", &v), RC_OK);
	assert_string_equal(v->body_html, "<p>中</p>");
	assert_string_equal(v->inputs[0].label, "大区");
	cx->lang = "en";
	assert_int_equal(catalogue_product(cx, "p", &v), RC_OK);
	assert_string_equal(v->name, "名"); /* no other given */
	assert_string_equal(v->body_html, "<p>E</p>");
	assert_string_equal(v->guide_html, "<p>指</p>"); /* falls back */
	assert_string_equal(v->category->slug, "h");
	assert_int_equal(v->n_skus, 2);
	assert_string_equal(v->skus[0].name, "Month");
	assert_int_equal(v->skus[0].n_tiers, 2);
	assert_int_equal(v->skus[0].tiers[0].min_qty, 5);
	assert_int_equal(v->skus[1].n_tiers, 0);
	assert_int_equal(v->skus[1].kind, SKU_MANUAL);
	assert_int_equal(v->n_inputs, 1);
	assert_string_equal(v->inputs[0].label, "Region");
	assert_int_equal(v->inputs[0].kind, INPUT_CHOICE);

	assert_int_equal(catalogue_product_of_sku(cx, s, &v, &which), RC_OK);
	assert_string_equal(which->code, "s");
	assert_false(cx->sticky);
	sql_primary("UPDATE t_catalogue.category SET hidden = 1");
	assert_int_equal(catalogue_product(cx, "p", &v), RC_OK);
	sql_primary("UPDATE t_catalogue.sku SET active = 0 WHERE code = 's'");
	assert_int_equal(
	    catalogue_product_of_sku(cx, s, &v, &which), RC_NOTFOUND);
	assert_int_equal(
	    catalogue_product_of_sku(cx, 999, &v, &which), RC_NOTFOUND);
	sql_primary("UPDATE t_catalogue.product SET state = 'off'");
	assert_int_equal(catalogue_product(cx, "p", &v), RC_NOTFOUND);
	assert_int_equal(catalogue_product(cx, "é", &v), RC_NOTFOUND);
	assert_int_equal(catalogue_product(cx, "", &v), RC_NOTFOUND);
}

static size_t
found(const char *q)
{
	struct page page = {1, 30, 0};
	const struct goods *g;
	size_t n;

	assert_int_equal(catalogue_search(cx, q, &page, &g, &n), RC_OK);
	assert_int_equal(page.total, n);
	return n;
}

static void
search(void **state)
{
	uint64_t a;

	(void)state;
	a = goods_category(0, "a", "甲");
	search_row(
	    goods_product(a, "p1", "x", "on"), "星河影视会员 月卡 Nova TV");
	search_row(goods_product(a, "p2", "x", "on"), "The www a 折扣50%");
	search_row(goods_product(a, "p3", "x", "off"), "星河影视");
	assert_int_equal(found("影视"), 1); /* a sub-word */
	assert_int_equal(found("河影视会"), 1);
	assert_int_equal(found("影会"), 0);
	assert_int_equal(found("星"), 1);
	assert_int_equal(found("卡"), 1); /* the last letter of a run */
	assert_int_equal(found("月卡 nov"), 1);
	assert_int_equal(found("月卡 the"), 0);
	assert_int_equal(found("the"), 1); /* a stop word of InnoDB */
	assert_int_equal(found("www a"), 1);
	assert_int_equal(found("%"), 1); /* plain letters */
	assert_int_equal(found("_"), 0);
	assert_int_equal(found("\\"), 0);
	assert_int_equal(found("*"), 0);
	assert_int_equal(found("\"'()~<>@+-"), 0);
	assert_int_equal(found("' OR 1=1 -- "), 0);
	assert_int_equal(found(""), 0);
	assert_int_equal(found("\xff"), 0);
}

/* A number that was just shown is shown again, and the page knows how old it
 * is; who wrote something, and who wants to know more of it, counts anew. */
static void
numbers_are_shared(void **state)
{
	uint64_t a, p, s;
	const struct product *v;
	const struct goods *g;
	struct page page = {1, 30, 0};
	/* the age of a count is kept in milliseconds */
	int64_t first = cx->now - cx->now % 1000;
	size_t n;

	(void)state;
	set->cache_page_s = 1;
	cx->now = cx->shown = first;
	a = goods_category(0, "a", "A");
	p = goods_product(a, "p", "P", "on");
	s = goods_sku(p, "s", 500, "card");
	cards(s, STOCK_LIST_MAX + 1, "free");
	assert_int_equal(
	    catalogue_list(cx, a, SORT_SHOP, &page, &g, &n), RC_OK);
	assert_int_equal(g[0].stock.n, STOCK_LIST_MAX);
	assert_int_equal(cx->shown, first);
	assert_int_equal(catalogue_product(cx, "p", &v), RC_OK);
	assert_int_equal(v->skus[0].stock.n, STOCK_LIST_MAX + 1);

	sql_primary("DELETE FROM t_catalogue.card WHERE id > 7");
	dbserver_sync();
	cx->now = cx->shown = first + 400 * 1000;
	assert_int_equal(
	    catalogue_list(cx, a, SORT_SHOP, &page, &g, &n), RC_OK);
	assert_true(g[0].stock.more);
	assert_int_equal(cx->shown, first);
	cx->sticky = true;
	assert_int_equal(
	    catalogue_list(cx, a, SORT_SHOP, &page, &g, &n), RC_OK);
	assert_int_equal(g[0].stock.n, 7);
	cx->sticky = false;
	cx->now = cx->shown = first + 901 * 1000;
	sql_primary("DELETE FROM t_catalogue.card WHERE id > 5");
	dbserver_sync();
	assert_int_equal(catalogue_product(cx, "p", &v), RC_OK);
	assert_int_equal(v->skus[0].stock.n, 5);
	assert_int_equal(cx->shown, cx->now);
}

static void
content(void **state)
{
	const struct content *c;

	(void)state;
	sql_primary("INSERT INTO t_catalogue.content_page VALUES "
		    "(1, 'help', 'zh-CN', '帮助', 'x', '<p>中</p>', 0), "
		    "(1, 'help', 'en', 'Help', 'x', '<p>E</p>', 0), "
		    "(1, 'about', 'zh-CN', '关于', 'x', '<p>A</p>', 0)");
	assert_int_equal(catalogue_content(cx, "help", &c), RC_OK);
	assert_string_equal(c->title, "帮助");
	cx->lang = "en";
	assert_int_equal(catalogue_content(cx, "help", &c), RC_OK);
	assert_string_equal(c->title, "Help");
	assert_int_equal(catalogue_content(cx, "about", &c), RC_OK);
	assert_string_equal(c->title, "关于");
	assert_int_equal(catalogue_content(cx, "no", &c), RC_NOTFOUND);
	assert_int_equal(catalogue_content(cx, "../x", &c), RC_NOTFOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {DB_TEST(the_shop), DB_TEST(the_tree),
	    DB_TEST(lists), DB_TEST(front_in_the_visitors_language),
	    DB_TEST(no_skus_is_sold_out), DB_TEST(displays),
	    DB_TEST(one_product), DB_TEST(search), DB_TEST(numbers_are_shared),
	    DB_TEST(content)};

	dbserver();
	return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
