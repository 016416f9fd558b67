/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of product, product_body and product_input. */
#ifndef KS_STORE_PRODUCT_H
#define KS_STORE_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

struct product_rec {
	uint64_t id, category;
	const char *slug, *name, *summary, *picture, *tags;
	const char *state, *stock_display;
	bool featured;
	bool asks;        /* has inputs; not told in lists */
	const char *work; /* before an order; "" in lists */
	int sort;
	uint64_t sold;
	unsigned version;
	int64_t updated;
};

/* The numbers are those of statement goods_list. */
enum goods_order {
	GOODS_BY_SHOP,
	GOODS_BY_PRICE,
	GOODS_BY_PRICE_DOWN,
	GOODS_BY_NEW,
	GOODS_BY_FEATURED
};

/* On sale, in a visible category; category 0: anywhere.  state, sort,
 * version and updated are not read. */
MUST_CHECK enum rc goods_list(struct ctx *cx, const char *lang,
    uint64_t category, enum goods_order order, uint64_t skip, uint64_t n,
    const struct product_rec **out, size_t *out_n);
MUST_CHECK enum rc goods_count(
    struct ctx *cx, uint64_t category, uint64_t *out);
/* words: a boolean full-text expression (shop/words.h). */
MUST_CHECK enum rc goods_search(struct ctx *cx, const char *lang,
    const char *words, uint64_t skip, uint64_t n,
    const struct product_rec **out, size_t *out_n);
MUST_CHECK enum rc goods_search_count(
    struct ctx *cx, const char *words, uint64_t *out);

/* In any state. */
MUST_CHECK enum rc product_by_slug(struct ctx *cx, const char *lang,
    const char *slug, struct product_rec *out);
/* The product of an active SKU, from the primary. */
MUST_CHECK enum rc product_by_sku(
    struct ctx *cx, const char *lang, uint64_t sku, struct product_rec *out);

/* For those who have only its number; from the primary. */
MUST_CHECK enum rc product_slug(struct ctx *cx, uint64_t id, const char **out);

struct body_rec {
	const char *lang; /* "": the shop's own */
	const char *body_md, *body_html, *guide_md, *guide_html;
};
/* At most two: the shop's own language first, then lang. */
MUST_CHECK enum rc product_body(struct ctx *cx, uint64_t product,
    const char *lang, const struct body_rec **out, size_t *n);

struct input_rec {
	const char *name, *label, *label_en, *hint, *kind, *choices;
	unsigned max_len;
	bool required;
	int sort;
};
MUST_CHECK enum rc product_inputs(
    struct ctx *cx, uint64_t product, const struct input_rec **out, size_t *n);

#endif
