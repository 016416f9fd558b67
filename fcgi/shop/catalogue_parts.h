/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the two halves of the catalogue share: counts of SKUs, and stock as it
 * may be seen.
 */
#ifndef KS_SHOP_CATALOGUE_PARTS_H
#define KS_SHOP_CATALOGUE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"
#include "shop/catalogue.h"
#include "store/category.h"

/* The visitor's language, or the shop's. */
const char *catalogue_lang(const struct ctx *cx);
void category_fill(struct category *c, const struct category_rec *r);

/* The columns are ENUMs: one of the names it is. */
enum stock_display stock_display_of(const char *name);
enum sku_kind sku_kind_of(const char *name);

/* Free cards and whether that is all that counts: a text sold to many and
 * work by hand have no number. */
struct supply {
	uint64_t n;
	bool more, endless;
};
/* free: counted to cap + 1. */
struct supply supply_of(const char *kind, uint64_t free, uint64_t cap);
/* Leaves out what the merchant does not show. */
struct stock_view stock_show(enum stock_display display, struct supply s);

/* What is for sale of each of n SKUs, counted to upto. */
MUST_CHECK enum rc free_counts(struct ctx *cx, const uint64_t *sku, size_t n,
    uint64_t upto, const uint64_t **out);

#endif
