/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages made of kept pieces: byte for byte what they would be without, for
 * whatever changes on them and however many there were before.
 */
#include "support/webtest.h"

#include "web/piece.h"
#include "web/view_shop.h"

static struct goods one;
static struct shop_info shop;
static struct tree tree;
static struct category shelf;
static const char *lang, *theme;
static size_t goods;
static enum cache_kind cache;

/* As if the database had just been asked. */
static void
shop_name(const char *name)
{
	static const char *const code[WEB_LANGS] = {"en", "zh-CN"};
	size_t i;

	for (i = 0; i < WEB_LANGS; i++) {
		wt_web->shop[i].lang = code[i];
		wt_web->shop[i].until = INT64_MAX;
		web_remember(wt_web->shop[i].name, WEB_NAME, name);
	}
}

static void
fill(void)
{
	shelf = (struct category){.id = 1,
	    .slug = "c",
	    .name = "C",
	    .summary = "",
	    .icon = "",
	    .products = 1};
	tree = (struct tree){&shelf, 1, "CNY"};
	shop = (struct shop_info){"Shop", "CNY", "", true};
	one = (struct goods){.id = 7,
	    .category = 1,
	    .slug = "slug",
	    .name = "A & B",
	    .summary = "",
	    .picture = "img/none.svg",
	    .tags = "new",
	    .from = {100},
	    .to = {100},
	    .skus = 1,
	    .stock = {.display = STOCK_EXACT, .n = 9}};
	goods = 1;
	cache = CACHE_PUBLIC;
	lang = "en";
	theme = "auto";
	shop_name("Shop");
}

static const char *
page(void)
{
	struct request *rq;
	struct response *rs;
	struct parts parts;

	wt_begin();
	pieces_begin(wt_web->pieces);
	rq = request_new(&wt_cx);
	rq->lang = lang;
	rq->theme = theme;
	rs = response_new(&wt_cx, wt_web, rq);
	rs->cache = cache;
	view_home(rs, &shop, &tree, &one, goods, &parts);
	assert_int_equal(respond_parts(rs, &parts), RC_OK);
	return arena_str(ta, buf_text(&rs->body));
}

/* The page as a worker makes it that has never seen any. */
static const char *
fresh(void)
{
	struct pieces *warm = wt_web->pieces;
	const char *text;

	wt_web->pieces = pieces_new();
	text = page();
	pieces_free(wt_web->pieces);
	wt_web->pieces = warm;
	return text;
}

static void
same(void)
{
	const char *want = fresh();

	assert_string_equal(page(), want);
	assert_string_equal(page(), want);
}

static void
whatever_changes_is_seen(void **state)
{
	const char *first;

	(void)state;
	fill();
	same();
	first = page();
#define CHANGE(what)                                                           \
	do {                                                                   \
		fill();                                                        \
		what;                                                          \
		same();                                                        \
		assert_string_not_equal(page(), first);                        \
	} while (0)
	CHANGE(one.slug = "other");
	CHANGE(one.name = "A & C");
	CHANGE(one.picture = "img/logo.svg");
	CHANGE(one.tags = "old");
	CHANGE(one.from.minor = 50);
	CHANGE(one.to.minor = 200);
	CHANGE(one.stock.n = 10);
	CHANGE(one.stock.more = true);
	CHANGE(one.stock.out = true);
	CHANGE(one.stock.display = STOCK_RANGE);
	CHANGE(one.stock.display = STOCK_STATUS);
	CHANGE(one.featured = true);
	CHANGE((one.stock.n = 0, one.stock.low = true));
	CHANGE(tree.currency = "USD");
	CHANGE(shelf.name = "D");
	CHANGE(shelf.slug = "d");
	CHANGE(shelf.products = 2);
	CHANGE(shop.notice = "closed on Monday");
	CHANGE(shop.open = false);
	CHANGE(goods = 0);
	CHANGE(lang = "zh-CN");
	CHANGE(theme = "dark");
	CHANGE(shop_name("Another"));
#undef CHANGE
	fill();
	assert_string_equal(page(), first);
}

/* Where nothing may be kept the page is made anew and is the same. */
static void
private_home(void **state)
{
	const char *kept;

	(void)state;
	fill();
	kept = page();
	cache = CACHE_PRIVATE;
	assert_string_equal(page(), kept);
	assert_string_equal(fresh(), kept);
}

/* Where one text ends and the next begins makes a difference. */
static void
borders_count(void **state)
{
	(void)state;
	fill();
	one.slug = "ab";
	one.name = "c";
	same();
	one.slug = "a";
	one.name = "bc";
	same();
}

/* Far more pieces than there is room for, some of them long. */
static void
more_than_fit(void **state)
{
	char *name = arena_alloc(ta, 100001);
	unsigned i;

	(void)state;
	fill();
	for (i = 0; i < 5000; i++) {
		one.name = arena_fmt(ta, "number %u", i);
		assert_non_null(strstr(page(), one.name));
	}
	same();
	memset(name, 'x', 100000);
	one.name = name;
	same();
	fill();
	same();
}

/* A page of one visitor leaves nothing behind. */
static void
private_pages_are_no_pieces(void **state)
{
	static const char secret[] = "260101AAmine";
	struct response *rs;
	struct span html;
	struct buf key;

	(void)state;
	fill();
	wt_begin();
	rs = response_new(&wt_cx, wt_web, request_new(&wt_cx));
	rs->cache = CACHE_PRIVATE;
	tnode_set(rs->data, "Page.Title", secret);
	assert_int_equal(respond_page(rs, "page/content.cs"), RC_OK);
	assert_non_null(strstr(buf_text(&rs->body), secret));
	piece_key(rs, &key, "layout/head.cs");
	piece_text(&key, "Shop");
	tnode_write(tnode_child(rs->data, "Page"), &key);
	assert_int_equal(piece_find(rs, &key, &html), RC_NOTFOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST_WEB(whatever_changes_is_seen),
	    TEST_WEB(private_home),
	    TEST_WEB(borders_count),
	    TEST_WEB(more_than_fit),
	    TEST_WEB(private_pages_are_no_pieces),
	};

	return cmocka_run_group_tests(tests, wt_setup, wt_teardown);
}
