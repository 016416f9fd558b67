/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of sku and price_tier. */
#ifndef KS_STORE_SKU_H
#define KS_STORE_SKU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"

struct sku_rec {
	uint64_t id, product;
	const char *code, *name, *kind, *card_format, *pick_order;
	struct money price, cost;
	unsigned min_qty, max_qty, buyer_limit;
	int64_t sale_from, sale_until;
	bool active;
	bool tiered; /* has prices for more pieces */
	int sort;
	unsigned version;
};

/* The active ones, by (sort, id). */
MUST_CHECK enum rc sku_of_product(struct ctx *cx, const char *lang,
    uint64_t product, const struct sku_rec **out, size_t *n);

struct sku_brief {
	uint64_t id, product;
	struct money price;
	const char *kind;
};
/* The active ones of many products, by product. */
MUST_CHECK enum rc sku_in_lists(struct ctx *cx, const uint64_t *product,
    size_t n_products, const struct sku_brief **out, size_t *n);

struct tier_rec {
	uint64_t sku;
	unsigned min_qty;
	struct money price;
};
/* By (sku, min_qty). */
MUST_CHECK enum rc sku_tiers(struct ctx *cx, const uint64_t *sku, size_t n_skus,
    const struct tier_rec **out, size_t *n);

#endif
