/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What buyers see of the goods.  Reads may come from a replica.  Names and
 * summaries are in cx->lang where the merchant gave them.
 */
#ifndef KS_SHOP_CATALOGUE_H
#define KS_SHOP_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"
#include "shop/work.h"

struct shop_info {
	const char *name, *currency, *notice;
	bool open;
};

struct category {
	uint64_t id, parent;
	const char *slug, *name, *summary, *icon;
	unsigned products; /* on sale, sub-categories not counted */
	size_t below;      /* so many that follow it in the tree are below it */
};

enum stock_display { STOCK_EXACT, STOCK_STATUS, STOCK_RANGE, STOCK_HIDDEN };

/* Stock as the merchant lets it be seen: what may not be shown is not here.
 *   exact   n, counted up to STOCK_COUNT_MAX (STOCK_LIST_MAX in lists)
 *   range   n is the lower end: 1 6 21 51; more is set
 *   status  only low and out
 *   hidden  only out; also what a person makes, and texts sold to many
 * out says no more than that an order would be refused; the claim decides. */
struct stock_view {
	enum stock_display display;
	uint64_t n; /* free cards */
	bool more;  /* there are more than n */
	bool low;   /* 1 .. STOCK_LOW */
	bool out;   /* none */
};
enum { STOCK_COUNT_MAX = 10000, STOCK_LIST_MAX = 1000, STOCK_LOW = 5 };

struct goods { /* a product in a list */
	uint64_t id, category;
	const char *slug, *name, *summary, *picture, *tags;
	struct money from, to; /* cheapest and dearest active SKU */
	unsigned skus;
	uint64_t sold;
	struct stock_view stock; /* sum over its SKUs */
	bool featured;
};

struct tier {
	unsigned min_qty;
	struct money price;
};

enum sku_kind { SKU_CARD, SKU_LOOP, SKU_MANUAL };

struct sku {
	uint64_t id, product;
	const char *code, *name;
	enum sku_kind kind;
	struct money price, cost; /* cost: never shown to buyers */
	bool newest;              /* pick_order is newest first */
	unsigned min_qty, max_qty, buyer_limit;
	int64_t sale_from, sale_until; /* 0: no window */
	bool active;
	const struct tier *tiers; /* ascending min_qty */
	size_t n_tiers;
	struct stock_view stock;
	const char *card_format; /* labels separated by '|', or "" */
};

enum input_kind { INPUT_TEXT, INPUT_DIGITS, INPUT_EMAIL, INPUT_CHOICE };

struct product_input {
	const char *name, *label, *hint;
	enum input_kind kind;
	const char *choices; /* separated by '|' */
	unsigned max_len;
	bool required;
};

struct product {
	uint64_t id;
	const char *slug, *name, *summary, *picture, *tags;
	const char *body_html, *guide_html; /* our own sanitised HTML */
	const struct category *category;
	bool on; /* on sale; only such are returned to buyers */
	uint64_t sold;
	int64_t updated;
	enum work_level work; /* before an order */
	const struct sku *skus;
	size_t n_skus;
	const struct product_input *inputs;
	size_t n_inputs;
};

struct page { /* of a list: 1-based */
	unsigned page, per_page;
	uint64_t total;
};

enum goods_sort {
	SORT_SHOP,
	SORT_PRICE_UP,
	SORT_PRICE_DOWN,
	SORT_NEW,
	SORT__N
};

MUST_CHECK enum rc catalogue_shop(struct ctx *cx, const struct shop_info **out);
/* The tree of visible categories: each is followed by what is below it. */
MUST_CHECK enum rc catalogue_categories(
    struct ctx *cx, const struct category **out, size_t *n);
/* That of the tree; NULL: no visible one. */
const struct category *catalogue_category(
    const struct category *list, size_t n, const char *slug);
/* Home page: featured first, then the shop's order; at most limit. */
MUST_CHECK enum rc catalogue_front(
    struct ctx *cx, unsigned limit, const struct goods **out, size_t *n);
/* Of a category and its sub-categories; 0: of the whole shop. */
MUST_CHECK enum rc catalogue_list(struct ctx *cx, uint64_t category,
    enum goods_sort sort, struct page *page, const struct goods **out,
    size_t *n);
/* q: what a visitor typed, any UTF-8; '%', '_' and '\' are plain letters.
 * Chinese sub-words match (bigrams). */
MUST_CHECK enum rc catalogue_search(struct ctx *cx, const char *q,
    struct page *page, const struct goods **out, size_t *n);
/* RC_NOTFOUND also for a product that is off, a draft or trashed.  One in a
 * hidden category is on no list but has its page: sold by link. */
MUST_CHECK enum rc catalogue_product(
    struct ctx *cx, const char *slug, const struct product **out);
/* Its free cards as the primary has them, counted to STOCK_COUNT_MAX. */
MUST_CHECK enum rc catalogue_free(struct ctx *cx, uint64_t sku, uint64_t *n);
/* The product that holds an active SKU; primary read; for the checkout. */
MUST_CHECK enum rc catalogue_product_of_sku(struct ctx *cx, uint64_t sku,
    const struct product **out, const struct sku **which);
/* The same without what only a page shows: its category is empty, there are no
 * texts, and stock is not counted.  For placing an order. */
MUST_CHECK enum rc catalogue_offer(struct ctx *cx, uint64_t sku,
    const struct product **out, const struct sku **which);

struct content {
	const char *slug, *title, *body_html;
};
MUST_CHECK enum rc catalogue_content(
    struct ctx *cx, const char *slug, const struct content **out);

#endif
