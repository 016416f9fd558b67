/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages that everybody may see and any cache may keep: home, categories,
 * search, products, the merchant's own pages.  Nothing here looks at a cookie
 * but the language.
 */
#include "base/limits.h"
#include "shop/catalogue.h"
#include "web/pager.h"
#include "web/piece.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_shop.h"

#include <stdint.h>

enum { FRONT_GOODS = 48, PAGE_GOODS = 24, RELATED_GOODS = 5 };

static enum rc
load_tree(struct ctx *cx, const struct shop_info **shop, struct tree *t)
{
	enum rc rc = catalogue_shop(cx, shop);

	if (rc != RC_OK)
		return rc;
	t->currency = (*shop)->currency;
	return catalogue_categories(cx, &t->list, &t->n);
}

/* ?page=; a page that is not there is no page. */
static enum rc
read_page(const struct request *rq, struct page *page)
{
	uint64_t n;

	if (!field_u64_or(rq->query, "page", 1, LIM_PAGE_NO, 1, &n))
		return RC_NOTFOUND;
	page->page = (unsigned)n;
	page->per_page = PAGE_GOODS;
	return RC_OK;
}

static enum rc
page_there(const struct page *page)
{
	return page->page > pager_last(page->total, page->per_page)
		   ? RC_NOTFOUND
		   : RC_OK;
}

enum rc
page_home(struct ctx *cx, struct response *rs)
{
	const struct shop_info *shop;
	const struct goods *goods;
	struct parts page;
	struct tree t;
	size_t n;
	enum rc rc;

	if ((rc = load_tree(cx, &shop, &t)) != RC_OK ||
	    (rc = catalogue_front(cx, FRONT_GOODS, &goods, &n)) != RC_OK)
		return rc;
	view_home(rs, shop, &t, goods, n, &page);
	return respond_parts(rs, &page);
}

enum rc
page_category(struct ctx *cx, struct response *rs)
{
	const struct shop_info *shop;
	const struct category *c;
	const struct goods *goods;
	struct page page = {0};
	struct tree t;
	size_t n, sort;
	enum rc rc;

	if (!field_choice(rs->rq->query, "sort", view_sort_name, SORT__N,
		SORT_SHOP, &sort))
		return RC_NOTFOUND;
	if ((rc = read_page(rs->rq, &page)) != RC_OK ||
	    (rc = load_tree(cx, &shop, &t)) != RC_OK)
		return rc;
	c = catalogue_category(t.list, t.n, path_param(rs->rq, "slug"));
	if (c == NULL)
		return RC_NOTFOUND;
	if ((rc = catalogue_list(cx, c->id, (enum goods_sort)sort, &page,
		 &goods, &n)) != RC_OK ||
	    (rc = page_there(&page)) != RC_OK)
		return rc;
	view_category(rs, &t, c, (enum goods_sort)sort, &page, goods, n);
	return respond_page(rs, "page/category.cs");
}

enum rc
page_search(struct ctx *cx, struct response *rs)
{
	const struct shop_info *shop;
	const struct goods *goods = NULL;
	struct page page = {0};
	const char *text;
	struct tree t;
	size_t n = 0;
	bool good;
	enum rc rc;

	if ((rc = read_page(rs->rq, &page)) != RC_OK ||
	    (rc = load_tree(cx, &shop, &t)) != RC_OK)
		return rc;
	good = field_text(rs->rq->query, "q", LIM_SEARCH, &text);
	if (good && *text != '\0') {
		rc = catalogue_search(cx, text, &page, &goods, &n);
		if (rc == RC_OK)
			rc = page_there(&page);
		if (rc != RC_OK)
			return rc;
	}
	view_search(rs, &t, text, &page, goods, n);
	if (good)
		return respond_page(rs, "page/search.cs");
	fields_show(rs, rs->rq->query, "F");
	return respond_again(rs, "page/search.cs");
}

enum rc
page_product(struct ctx *cx, struct response *rs)
{
	const struct shop_info *shop;
	const struct product *p;
	const struct goods *related = NULL;
	struct page page = {1, RELATED_GOODS, 0};
	struct tree t;
	size_t n = 0;
	enum rc rc;

	if ((rc = catalogue_product(cx, path_param(rs->rq, "slug"), &p)) !=
		RC_OK ||
	    (rc = load_tree(cx, &shop, &t)) != RC_OK)
		return rc;
	if (p->category != NULL &&
	    (rc = catalogue_list(
		 cx, p->category->id, SORT_SHOP, &page, &related, &n)) != RC_OK)
		return rc;
	view_product(rs, &t, p, related, n);
	return respond_page(rs, "page/product.cs");
}

enum rc
page_content(struct ctx *cx, struct response *rs)
{
	const char *slug = rs->rq->path + 1;
	const struct content *c = NULL;
	enum rc rc = catalogue_content(cx, slug, &c);

	if (rc == RC_NOTFOUND)
		c = NULL;
	else if (rc != RC_OK)
		return rc;
	view_content(rs, slug, c);
	return respond_page(rs, "page/content.cs");
}
