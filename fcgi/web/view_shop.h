/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The storefront's data: C structs to the names that the first comment of
 * each template lists.  One function per template; nothing here decides
 * anything but how a thing is said.
 */
#ifndef KS_WEB_VIEW_SHOP_H
#define KS_WEB_VIEW_SHOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "shop/catalogue.h"
#include "shop/checkout.h"
#include "shop/order.h"
#include "shop/price.h"
#include "web/field.h"

struct parts;
struct response;
struct tnode;

/* ---- view_home.c: the tree and the front page */
struct tree { /* the categories, and the currency all prices are in */
	const struct category *list;
	size_t n;
	const char *currency;
};
const struct category *tree_find(
    const struct tree *t, uint64_t id); /* or NULL */
/* Goods in a category and below it. */
unsigned tree_count(const struct category *top);
/* Categories.N {Slug Name Count Here}: the top level. */
void tree_top(
    const struct tree *t, const struct category *here, struct tnode *to);
/* The same as RackHtml; here = NULL: in none of them. */
void view_rack(
    struct response *rs, const struct tree *t, const struct category *here);
/* The whole page, frame and all: for respond_parts(). */
void view_home(struct response *rs, const struct shop_info *shop,
    const struct tree *t, const struct goods *goods, size_t n,
    struct parts *page);

/* ---- view_shop.c: the catalogue */
void view_category(struct response *rs, const struct tree *t,
    const struct category *c, enum goods_sort sort, const struct page *page,
    const struct goods *goods, size_t n);
void view_search(struct response *rs, const struct tree *t, const char *text,
    const struct page *page, const struct goods *goods, size_t n);
void view_product(struct response *rs, const struct tree *t,
    const struct product *p, const struct goods *related, size_t n);
/* c = NULL: the merchant has not written this page; our own text is shown. */
void view_content(
    struct response *rs, const char *slug, const struct content *c);

/* "default", "price", ...: the value of ?sort=. */
extern const char *const view_sort_name[SORT__N];

/* ---- pieces */
void view_title(struct response *rs, const char *title);
/* A text of the catalogue with its {} filled. */
const char *view_fill(struct response *rs, const char *key, const char *value);
/* The address of a product's picture; a drawing of ours when it has none. */
const char *view_picture(struct response *rs, const char *picture);
/* A price on a shelf: "free" rather than a row of zeros. */
const char *view_price(
    struct response *rs, struct money price, const char *currency);
/* Stock and Left of part_goods.cs. */
void view_stock(
    struct response *rs, struct tnode *n, const struct stock_view *stock);
/* Opens and OpensAt: when a sale begins, as text and as a UNIX time. */
void view_opens(struct response *rs, struct tnode *n, int64_t at);
/* Tags.N {Name}, at most max of them. */
void view_tags(struct tnode *n, const char *tags, unsigned max);
/* A list of goods: tiles one after the other, shown under a name that ends in
 * Html; without any the name stays away.  view_tile.c */
void tiles_add(struct response *rs, struct parts *p, const struct goods *g,
    const char *currency);
void tiles_show(struct response *rs, struct tnode *to, const char *name,
    const struct parts *p);
/* "1-5", "6-20", ...: how much there is without saying it. */
const char *stock_range(uint64_t n);
/* "¥{}" for a currency: where the script puts a number. */
const char *money_pattern(struct arena *a, const char *currency);

/* ---- view_checkout.c */
struct checkout_view {
	const struct quote *quote;
	const struct fields *fields; /* what was typed; NULL: nothing yet */
	const char *token;
	const char *error; /* a key of Lang.err about the whole form */
	bool sold_out;
	/* fills the gaps of the fields' reasons; NULL: none */
	const char *qty_arg, *coupon_arg, *error_arg;
};
void view_checkout(struct response *rs, const struct checkout_view *v);
/* Lines of a quote under list: Quote.Lines. */
void view_quote_line(struct response *rs, const char *kind, const char *note,
    const char *amount, bool minus);

/* ---- view_order.c */
enum { VIEW_REFRESH_S = 5 }; /* without script, waiting pages ask again */

struct order_view {
	const struct order *order;
	const struct order_card *cards; /* this page of them */
	size_t n_cards;
	unsigned page;
	const struct order_event_view *events;
	size_t n_events;
	const char *said; /* "resent", "too_soon": a note, or NULL */
};
void view_order(struct response *rs, const struct order_view *v);
void view_pay(struct response *rs, const struct pay_view *v, const char *error);
/* "https://host:port" for the Content-Security-Policy, or NULL. */
const char *view_origin(struct arena *a, const char *url);
void view_return(struct response *rs, const struct order *o);
void view_access(struct response *rs, const char *order_no);
void view_orders(struct response *rs, const struct order_brief *list, size_t n,
    const char *typed_no, const char *error);

#endif
