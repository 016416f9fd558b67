/* SPDX-License-Identifier: Apache-2.0 */
/* The merchant edits the catalogue: fields, versions, languages, search,
 * audit and invalidation. */
#include "support/test.h"

#include <stdio.h>

#include "base/limits.h"
#include "io/db.h"
#include "shop/audit.h"
#include "shop/goods_edit.h"
#include "support/dbserver.h"
#include "support/goods.h"

static struct ctx cx[1];
static struct settings *set;
static struct edit_error why;

static int
setup(void **state)
{
	test_arena_setup(state);
	goods_setup(cx, &set, "t_edit");
	return 0;
}

static int
teardown(void **state)
{
	uint64_t rows, bad;

	assert_int_equal(audit_check(cx, &rows, &bad), RC_OK);
	dbserver_end(cx);
	return test_arena_teardown(state);
}

#define DB_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

#define BAD(call, f, r)                                                        \
	do {                                                                   \
		why.field = why.reason = "";                                   \
		assert_int_equal((call), RC_INVALID);                          \
		assert_string_equal(why.field, (f));                           \
		assert_string_equal(why.reason, (r));                          \
	} while (0)

static struct category_edit
new_category(const char *slug, uint64_t parent)
{
	struct category_edit c = {0};

	c.slug = slug;
	c.name = "名";
	c.parent = parent;
	assert_int_equal(edit_category_save(cx, &c, &why), RC_OK);
	assert_true(c.id != 0);
	assert_int_equal(c.version, 1);
	return c;
}

static struct product_edit
some_product(uint64_t category, const char *slug)
{
	struct product_edit p = {0};

	p.category = category;
	p.slug = slug;
	p.name = "星河影视";
	p.state = "on";
	p.stock_display = "exact";
	return p;
}

static struct product_edit
new_product(uint64_t category, const char *slug)
{
	struct product_edit p = some_product(category, slug);

	if (edit_product_save(cx, &p, &why) != RC_OK)
		fail_msg("%s: %s", why.field, why.reason);
	return p;
}

static struct sku_edit
some_sku(uint64_t product, const char *code)
{
	struct sku_edit s = {0};

	s.product = product;
	s.code = code;
	s.name = "月卡";
	s.kind = "card";
	s.price = MONEY(1000);
	s.min_qty = 1;
	s.max_qty = 100;
	s.active = true;
	return s;
}

static const char *
events(uint64_t object)
{
	return sql_primary("SELECT COUNT(*) FROM t_edit.outbox WHERE kind = "
			   "'catalogue' AND object_id = %llu",
	    (unsigned long long)object);
}

static const char *
last_audit(void)
{
	return sql_primary("SELECT CONCAT(action, ' ', detail) FROM "
			   "t_edit.audit_log ORDER BY seq DESC LIMIT 1");
}

static void
categories(void **state)
{
	struct category_edit a, b, c, x;
	const struct category_edit *list;
	size_t n;

	(void)state;
	a = new_category("a", 0);
	b = new_category("b", a.id);
	c = new_category("", b.id); /* a slug is drawn */
	assert_int_equal(strlen(c.slug), 8);
	assert_string_equal(events(0), "1"); /* one request */

	assert_int_equal(edit_category_load(cx, b.id, &x), RC_OK);
	x.name = "新名";
	x.name_en = "New";
	x.summary_en = "About";
	x.hidden = true;
	goods_next(cx);
	assert_int_equal(edit_category_save(cx, &x, &why), RC_OK);
	assert_int_equal(x.version, 2);
	assert_string_equal(events(0), "2");
	assert_string_equal(last_audit(),
	    "category.save name: \"名\" -> \"新名\"; name_en: \"\" -> "
	    "\"New\"; hidden: 0 -> 1");
	x.version = 1; /* somebody was faster */
	assert_int_equal(edit_category_save(cx, &x, &why), RC_CONFLICT);

	assert_int_equal(edit_categories(cx, &list, &n), RC_OK);
	assert_int_equal(n, 3);
	assert_int_equal(edit_category_load(cx, b.id, &x), RC_OK);
	assert_string_equal(x.name_en, "New");
	x.name_en = x.summary_en = "";
	assert_int_equal(edit_category_save(cx, &x, &why), RC_OK);
	assert_string_equal(
	    sql_primary("SELECT COUNT(*) FROM t_edit.localized"), "0");

	x.slug = "a";
	BAD(edit_category_save(cx, &x, &why), "slug", "taken");
	x.slug = "A";
	BAD(edit_category_save(cx, &x, &why), "slug", "bad_slug");
	x.slug = "b";
	x.name = " ";
	BAD(edit_category_save(cx, &x, &why), "name", "required");
	x.name = "a\nb";
	BAD(edit_category_save(cx, &x, &why), "name", "not_text");
	x.name = "b";
	x.parent = 999;
	BAD(edit_category_save(cx, &x, &why), "parent", "gone");
	x = a;
	x.parent = c.id; /* below itself */
	BAD(edit_category_save(cx, &x, &why), "parent", "cycle");
	x.parent = a.id;
	BAD(edit_category_save(cx, &x, &why), "parent", "cycle");

	assert_int_equal(edit_category_delete(cx, b.id), RC_CONFLICT);
	new_product(c.id, "p");
	assert_int_equal(edit_category_delete(cx, c.id), RC_CONFLICT);
	assert_int_equal(edit_category_delete(cx, 999), RC_NOTFOUND);
	x = new_category("empty", 0);
	assert_int_equal(edit_category_delete(cx, x.id), RC_OK);
	assert_int_equal(edit_category_load(cx, x.id, &x), RC_NOTFOUND);
}

static void
products(void **state)
{
	struct category_edit c = new_category("c", 0);
	struct product_edit p, q;
	const struct product *seen;

	(void)state;
	p = some_product(c.id, "p");
	p.body_md = "# 说明\n\n<script>x</script>";
	p.guide_md = "一步";
	p.body_md_en = "Text";
	p.name_en = "Galaxy";
	p.picture = "img/demo/x.svg";
	p.tags = "影视, 会员";
	p.tags_en = "Film";
	assert_int_equal(edit_product_save(cx, &p, &why), RC_OK);
	assert_string_equal(events(p.id), "1");
	assert_int_equal(edit_product_load(cx, p.id, &q), RC_OK);
	assert_string_equal(q.body_md, p.body_md);
	assert_string_equal(q.body_md_en, "Text");
	assert_string_equal(q.guide_md_en, "");
	assert_string_equal(q.name_en, "Galaxy");
	assert_string_equal(q.tags_en, "Film");
	assert_int_equal(q.version, 1);
	assert_int_equal(catalogue_product(cx, "p", &seen), RC_OK);
	assert_non_null(strstr(seen->body_html, "<h2>说明</h2>"));
	assert_null(strstr(seen->body_html, "<script"));

	q.state = "off";
	q.body_md_en = "";
	q.name_en = "";
	q.tags_en = NULL; /* as they are */
	assert_int_equal(edit_product_save(cx, &q, &why), RC_OK);
	assert_int_equal(q.version, 2);
	assert_string_equal(
	    sql_primary("SELECT CONCAT(name, tags) FROM t_edit.localized"),
	    "星河影视Film");
	assert_string_equal(last_audit(),
	    "product.save state: \"on\" -> \"off\"; name_en: \"Galaxy\" -> "
	    "\"\"; body_en: \"Text\" -> \"\"");
	assert_int_equal(catalogue_product(cx, "p", &seen), RC_NOTFOUND);
	assert_int_equal(edit_product_save(cx, &p, &why), RC_CONFLICT);
	assert_string_equal(
	    sql_primary("SELECT COUNT(*) FROM t_edit.product_body"), "1");

	assert_int_equal(edit_product_state(cx, p.id, "on"), RC_OK);
	assert_string_equal(
	    last_audit(), "product.state state: \"off\" -> \"on\"");
	assert_int_equal(edit_product_state(cx, p.id, "gone"), RC_INVALID);
	assert_int_equal(edit_product_state(cx, 999, "on"), RC_NOTFOUND);
	/* the state counted as a change */
	assert_int_equal(edit_product_save(cx, &q, &why), RC_CONFLICT);
	q.id = 999;
	assert_int_equal(edit_product_save(cx, &q, &why), RC_NOTFOUND);
	assert_int_equal(edit_product_load(cx, 999, &q), RC_NOTFOUND);
}

static const char *
long_text(size_t n)
{
	char *s = arena_alloc(ta, n + 1);

	memset(s, 'x', n);
	return s;
}

static void
product_fields(void **state)
{
	struct category_edit c = new_category("c", 0);
	struct product_edit p = new_product(c.id, "taken"), q;

	(void)state;
	q = some_product(c.id, "taken");
	BAD(edit_product_save(cx, &q, &why), "slug", "taken");
	q.slug = "x";
	q.category = 999;
	BAD(edit_product_save(cx, &q, &why), "category", "gone");
	q.category = c.id;
	q.name = long_text(LIM_NAME + 1);
	BAD(edit_product_save(cx, &q, &why), "name", "too_long");
	q.name = "a\xe2\x80\xae"
		 "b"; /* U+202E */
	BAD(edit_product_save(cx, &q, &why), "name", "not_text");
	q.name = "a";
	q.summary = long_text(LIM_SUMMARY + 1);
	BAD(edit_product_save(cx, &q, &why), "summary", "too_long");
	q.summary = NULL;
	q.picture = "javascript:alert(1)";
	BAD(edit_product_save(cx, &q, &why), "picture", "not_url");
	q.picture = "img/../../etc/passwd";
	BAD(edit_product_save(cx, &q, &why), "picture", "not_url");
	q.picture = "//evil.example/x.png";
	BAD(edit_product_save(cx, &q, &why), "picture", "not_url");
	q.picture = "https://cdn.example/x.png";
	q.state = "sold";
	BAD(edit_product_save(cx, &q, &why), "state", "not_choice");
	q.state = "draft";
	q.stock_display = "x";
	BAD(edit_product_save(cx, &q, &why), "stock_display", "not_choice");
	q.stock_display = NULL;
	q.work = "hard";
	BAD(edit_product_save(cx, &q, &why), "work", "not_choice");
	q.work = NULL;
	q.body_md = long_text(LIM_MARKDOWN + 1);
	BAD(edit_product_save(cx, &q, &why), "body_md", "too_long");
	q.body_md = long_text(LIM_MARKDOWN);
	q.sort = 2000000;
	BAD(edit_product_save(cx, &q, &why), "sort", "too_big");
	q.sort = 0;
	assert_int_equal(edit_product_save(cx, &q, &why), RC_OK);
	assert_string_equal(events(p.id), "1");
}

static size_t
found(const char *q)
{
	struct page page = {1, 30, 0};
	const struct goods *g;
	size_t n;

	assert_int_equal(catalogue_search(cx, q, &page, &g, &n), RC_OK);
	return n;
}

static void
search_follows(void **state)
{
	struct category_edit c = new_category("c", 0);
	struct product_edit p = some_product(c.id, "p");
	struct sku_edit s;

	(void)state;
	p.name_en = "Galaxy Film";
	p.tags = "热销";
	assert_int_equal(edit_product_save(cx, &p, &why), RC_OK);
	assert_int_equal(found("河影"), 1);
	assert_int_equal(found("galax"), 1);
	assert_int_equal(found("热销"), 1);
	assert_int_equal(found("季卡"), 0);
	s = some_sku(p.id, "GX-90");
	s.name = "季卡 90 天";
	s.name_en = "Quarter";
	assert_int_equal(edit_sku_save(cx, &s, &why), RC_OK);
	assert_int_equal(found("季卡"), 1);
	assert_int_equal(found("quarter"), 1);
	assert_int_equal(found("gx"), 1);
	s.active = false;
	assert_int_equal(edit_sku_save(cx, &s, &why), RC_OK);
	assert_int_equal(found("季卡"), 0);
	p.name = "流云音乐";
	assert_int_equal(edit_product_save(cx, &p, &why), RC_OK);
	assert_int_equal(found("河影"), 0);
	assert_int_equal(found("流云"), 1);
}

static void
skus(void **state)
{
	struct category_edit c = new_category("c", 0);
	struct product_edit p = new_product(c.id, "p");
	struct sku_edit s = some_sku(p.id, "S"), t;
	const struct sku_edit *list;
	size_t n;

	(void)state;
	s.tiers[0] = (struct tier){10, {900}};
	s.tiers[1] = (struct tier){50, {800}};
	s.n_tiers = 2;
	s.card_format = "账号|密码";
	assert_int_equal(edit_sku_save(cx, &s, &why), RC_OK);
	assert_int_equal(edit_skus(cx, p.id, &list, &n), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].n_tiers, 2);
	assert_int_equal(list[0].tiers[1].price.minor, 800);
	assert_string_equal(list[0].card_format, "账号|密码");
	t = list[0];
	t.price = MONEY(950);
	t.n_tiers = 1;
	assert_int_equal(edit_sku_save(cx, &t, &why), RC_OK);
	assert_string_equal(
	    last_audit(), "sku.save price: 1000 -> 950; tiers: 10=900");
	t.version = 1;
	assert_int_equal(edit_sku_save(cx, &t, &why), RC_CONFLICT);

	t = some_sku(p.id, "S");
	BAD(edit_sku_save(cx, &t, &why), "code", "taken");
	t.code = "a b";
	BAD(edit_sku_save(cx, &t, &why), "code", "not_token");
	t.code = "T";
	t.price = MONEY(-1);
	BAD(edit_sku_save(cx, &t, &why), "price", "too_small");
	t.price = MONEY(INT64_MAX);
	BAD(edit_sku_save(cx, &t, &why), "price", "too_big");
	t.price = MONEY(1000);
	t.min_qty = 0;
	BAD(edit_sku_save(cx, &t, &why), "min_qty", "too_small");
	t.min_qty = 5;
	t.max_qty = 4;
	BAD(edit_sku_save(cx, &t, &why), "max_qty", "too_small");
	t.max_qty = LIM_QTY + 1;
	BAD(edit_sku_save(cx, &t, &why), "max_qty", "too_big");
	t.max_qty = 10;
	t.sale_from = 10;
	t.sale_until = 10;
	BAD(edit_sku_save(cx, &t, &why), "sale_until", "bad_window");
	t.sale_until = 11;
	t.kind = "gift";
	BAD(edit_sku_save(cx, &t, &why), "kind", "not_choice");
	t.kind = "manual";
	t.n_tiers = 1;
	t.tiers[0] = (struct tier){1, {900}};
	BAD(edit_sku_save(cx, &t, &why), "tiers", "bad_tiers");
	t.tiers[0] = (struct tier){2, {1000}}; /* no cheaper */
	BAD(edit_sku_save(cx, &t, &why), "tiers", "bad_tiers");
	t.n_tiers = 2;
	t.tiers[0] = (struct tier){5, {900}};
	t.tiers[1] = (struct tier){5, {800}};
	BAD(edit_sku_save(cx, &t, &why), "tiers", "bad_tiers");
	t.n_tiers = 1;
	assert_int_equal(edit_sku_save(cx, &t, &why), RC_OK);
	t.product = 999;
	assert_int_equal(edit_sku_save(cx, &t, &why), RC_NOTFOUND);

	/* a kind stays once there are cards */
	sql_primary("INSERT INTO t_edit.card (id, merchant_id, sku_id, "
		    "batch_id, state, key_id, fingerprint, sealed, "
		    "created_us) VALUES (1, 1, %llu, 1, 'free', 1, 'x', 'x', "
		    "0)",
	    (unsigned long long)s.id);
	assert_int_equal(edit_skus(cx, p.id, &list, &n), RC_OK);
	t = list[0].id == s.id ? list[0] : list[1];
	t.kind = "manual";
	BAD(edit_sku_save(cx, &t, &why), "kind", "has_cards");
	t.kind = "card";
	t.code = "";
	assert_int_equal(edit_sku_save(cx, &t, &why), RC_OK);
	assert_int_equal(strlen(t.code), 8);
}

static void
inputs(void **state)
{
	struct category_edit c = new_category("c", 0);
	struct product_edit p = new_product(c.id, "p");
	struct input_edit in[3] = {
	    {"uid", "游戏 ID", "Player id", "", "digits", "", 20, true, 1},
	    {"zone", "大区", "", "", "choice", "一|二", 50, true, 2},
	    {"uid", "x", "", "", "text", "", 10, false, 3},
	};
	const struct input_edit *list;
	const struct product *v;
	size_t n;

	(void)state;
	BAD(edit_inputs_save(cx, p.id, in, 3, &why), "input_name", "repeated");
	assert_int_equal(edit_inputs_save(cx, p.id, in, 2, &why), RC_OK);
	assert_int_equal(edit_inputs(cx, p.id, &list, &n), RC_OK);
	assert_int_equal(n, 2);
	assert_string_equal(list[1].choices, "一|二");
	assert_int_equal(catalogue_product(cx, "p", &v), RC_OK);
	assert_int_equal(v->n_inputs, 2);
	in[1].choices = "";
	BAD(edit_inputs_save(cx, p.id, in, 2, &why), "input_choices",
	    "required");
	in[0].name = "a b";
	BAD(edit_inputs_save(cx, p.id, in, 1, &why), "input_name", "not_token");
	in[0].name = "a";
	in[0].max_len = 0;
	BAD(edit_inputs_save(cx, p.id, in, 1, &why), "input_max_len",
	    "too_small");
	assert_int_equal(edit_inputs_save(cx, p.id, in, 0, &why), RC_OK);
	assert_int_equal(edit_inputs(cx, p.id, &list, &n), RC_OK);
	assert_int_equal(n, 0);
	assert_int_equal(edit_inputs_save(cx, 999, in, 0, &why), RC_NOTFOUND);
}

static void
list_of_products(void **state)
{
	struct category_edit c = new_category("c", 0);
	struct product_edit p = new_product(c.id, "first-one");
	struct product_edit q = some_product(c.id, "second");
	struct product_filter f = {0};
	struct page page = {1, 30, 0};
	const struct product_row *row;
	struct sku_edit s;
	size_t n;

	(void)state;
	q.name = "50%_\\ off";
	assert_int_equal(edit_product_save(cx, &q, &why), RC_OK);
	s = some_sku(p.id, "CODE-1");
	assert_int_equal(edit_sku_save(cx, &s, &why), RC_OK);
	sql_primary("INSERT INTO t_edit.card (id, merchant_id, sku_id, "
		    "batch_id, state, key_id, fingerprint, sealed, "
		    "created_us) SELECT seq, 1, %llu, 1, IF(seq < 3, 'held', "
		    "'free'), 1, seq, 'x', 0 FROM t_edit.seq_1_to_5",
	    (unsigned long long)s.id);
	assert_int_equal(edit_products(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 2);
	f.q = "%_\\"; /* plain letters */
	assert_int_equal(edit_products(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 1);
	f.q = "first";
	assert_int_equal(edit_products(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(row[0].by_free, 3);
	assert_int_equal(row[0].by_held, 2);
	assert_int_equal(row[0].skus, 1);
	assert_int_equal(row[0].from.minor, 1000);
	f.q = "CODE-1";
	assert_int_equal(edit_products(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 1);
	f.q = "é' OR 1=1";
	assert_int_equal(edit_products(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 0);
	f.q = "\xff";
	assert_int_equal(edit_products(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 0);
	f.q = NULL;
	assert_int_equal(edit_product_state(cx, q.id, "trashed"), RC_OK);
	assert_int_equal(edit_products(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 1);
	f.state = "trashed";
	assert_int_equal(edit_products(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(row[0].id, q.id);
	f.category = 999;
	assert_int_equal(edit_products(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 0);
}

static void
shop_and_pages(void **state)
{
	const struct content_edit *page;
	const struct content *c;
	const struct shop_info *shop;
	struct shop_edit e;
	size_t n;

	(void)state;
	assert_int_equal(
	    edit_shop_save(cx, "钥匙铺", "一\n二", true, &why), RC_OK);
	assert_int_equal(
	    edit_shop_text(cx, "en", "Key shop", "One", &why), RC_OK);
	assert_int_equal(edit_shop_load(cx, &e), RC_OK);
	assert_string_equal(e.name, "钥匙铺");
	assert_string_equal(e.notice_en, "One");
	assert_true(e.open);
	cx->lang = "en";
	assert_int_equal(catalogue_shop(cx, &shop), RC_OK);
	assert_string_equal(shop->name, "Key shop");
	assert_int_equal(edit_shop_text(cx, "en", "", "", &why), RC_OK);
	assert_int_equal(edit_shop_save(cx, "A", "", false, &why), RC_OK);
	assert_int_equal(catalogue_shop(cx, &shop), RC_OK);
	assert_string_equal(shop->name, "A");
	assert_false(shop->open);
	BAD(edit_shop_save(cx, "", "", true, &why), "name", "required");
	BAD(edit_shop_save(cx, "A", long_text(1001), true, &why), "notice",
	    "too_long");
	BAD(edit_shop_text(cx, "fr", "x", "", &why), "lang", "not_choice");

	assert_int_equal(
	    edit_content_save(cx, "help", "zh-CN", "帮助", "**重**", &why),
	    RC_OK);
	assert_int_equal(
	    edit_content_save(cx, "help", "en", "Help", "Text", &why), RC_OK);
	assert_int_equal(
	    edit_content_save(cx, "help", "en", "Help 2", "Text", &why), RC_OK);
	assert_int_equal(edit_contents(cx, &page, &n), RC_OK);
	assert_int_equal(n, 2);
	assert_string_equal(page[0].title, "Help 2");
	cx->lang = "zh-CN";
	assert_int_equal(catalogue_content(cx, "help", &c), RC_OK);
	assert_string_equal(c->body_html, "<p><strong>重</strong></p>\n");
	BAD(edit_content_save(cx, "Help", "en", "x", "", &why), "slug",
	    "bad_slug");
	BAD(edit_content_save(cx, "help", "en", "", "", &why), "title",
	    "required");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {DB_TEST(categories),
	    DB_TEST(products), DB_TEST(product_fields), DB_TEST(search_follows),
	    DB_TEST(skus), DB_TEST(inputs), DB_TEST(list_of_products),
	    DB_TEST(shop_and_pages)};

	dbserver();
	return cmocka_run_group_tests_name("goods_edit", tests, NULL, NULL);
}
