/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue as the panel reads and writes it: exact rows, from the
 * primary.  Changes run inside tx_run().
 *
 * A change that finds no row of its id and version sets *stale and is RC_OK:
 * somebody was faster.  RC_CONFLICT: slug or code is taken.
 */
#ifndef KS_STORE_GOODS_WRITE_H
#define KS_STORE_GOODS_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"
#include "store/category.h"
#include "store/product.h"
#include "store/sku.h"

/* ---- names in another language; "" where there is none */

struct localized_text {
	const char *name, *summary, *tags;
};
/* kind: category, product, sku.  All empty: the row goes.  A summary or tags
 * alone stand beside the name of the shop's own language. */
MUST_CHECK enum rc localized_put(struct ctx *cx, const char *kind, uint64_t id,
    const char *lang, const char *own_name, const struct localized_text *t);

/* ---- categories */

/* products counts those in any state; en beside. */
MUST_CHECK enum rc category_edit_all(struct ctx *cx,
    const struct category_rec **out, const struct localized_text **en,
    size_t *n);
MUST_CHECK enum rc category_add(
    struct ctx *cx, const struct category_rec *c, uint64_t *id);
MUST_CHECK enum rc category_change(
    struct ctx *cx, const struct category_rec *c, bool *stale);
MUST_CHECK enum rc category_lock(struct ctx *cx, uint64_t id);
MUST_CHECK enum rc category_in_use(struct ctx *cx, uint64_t id, bool *in_use);
MUST_CHECK enum rc category_drop(struct ctx *cx, uint64_t id);

/* ---- products */

MUST_CHECK enum rc product_edit_get(struct ctx *cx, uint64_t id,
    struct product_rec *out, struct localized_text *en);
MUST_CHECK enum rc product_add(
    struct ctx *cx, const struct product_rec *p, uint64_t *id);
MUST_CHECK enum rc product_change(
    struct ctx *cx, const struct product_rec *p, bool *stale);
/* RC_CONFLICT: it is not in that state. */
MUST_CHECK enum rc product_set_state(
    struct ctx *cx, uint64_t id, const char *from, const char *to);
MUST_CHECK enum rc product_touch(struct ctx *cx, uint64_t id);
MUST_CHECK enum rc product_state_get(
    struct ctx *cx, uint64_t id, const char **state);
/* All texts empty: the row goes. */
MUST_CHECK enum rc product_body_put(
    struct ctx *cx, uint64_t product, const struct body_rec *b);
/* What a search shall find it by; then the words made of it. */
MUST_CHECK enum rc product_texts(
    struct ctx *cx, uint64_t product, const char *const **out, size_t *n);
MUST_CHECK enum rc product_words_put(
    struct ctx *cx, uint64_t product, const char *words);

struct product_find {
	uint64_t category; /* 0: any */
	const char *state; /* "": all but trashed */
	const char *text;  /* part of name or slug, or a code; "": any */
};
struct product_line {
	uint64_t id;
	const char *slug, *name, *category, *state;
	struct money from, to;
	unsigned skus;
	uint64_t sold;
	int64_t updated;
};
MUST_CHECK enum rc product_lines(struct ctx *cx, const struct product_find *f,
    uint64_t skip, uint64_t n, const struct product_line **out, size_t *out_n);
MUST_CHECK enum rc product_lines_count(
    struct ctx *cx, const struct product_find *f, uint64_t *out);

struct sku_of {
	uint64_t id, product;
};
MUST_CHECK enum rc sku_ids_of_products(struct ctx *cx, const uint64_t *product,
    size_t n_products, const struct sku_of **out, size_t *n);

/* ---- SKUs */

/* name_en beside. */
MUST_CHECK enum rc sku_edit_all(struct ctx *cx, uint64_t product,
    const struct sku_rec **out, const char *const **name_en, size_t *n);
MUST_CHECK enum rc sku_add(
    struct ctx *cx, const struct sku_rec *s, uint64_t *id);
MUST_CHECK enum rc sku_change(
    struct ctx *cx, const struct sku_rec *s, bool *stale);
MUST_CHECK enum rc sku_kind_get(
    struct ctx *cx, uint64_t id, const char **kind, bool *has_cards);
/* Replaces all of them; .sku is not looked at. */
MUST_CHECK enum rc sku_tiers_put(
    struct ctx *cx, uint64_t sku, const struct tier_rec *t, size_t n);
MUST_CHECK enum rc product_inputs_put(
    struct ctx *cx, uint64_t product, const struct input_rec *in, size_t n);

/* ---- the shop */

MUST_CHECK enum rc shop_change(
    struct ctx *cx, const char *name, const char *notice);
/* RC_CONFLICT: it is not in that state. */
MUST_CHECK enum rc shop_set_state(
    struct ctx *cx, const char *from, const char *to);
/* name or notice in another language; "" goes back to the shop's own. */
MUST_CHECK enum rc shop_text_put(
    struct ctx *cx, const char *what, const char *lang, const char *text);
struct content_line {
	const char *slug, *lang, *title, *body_md;
	int64_t updated;
};
MUST_CHECK enum rc content_put(
    struct ctx *cx, const struct content_line *c, const char *body_html);
MUST_CHECK enum rc content_all(
    struct ctx *cx, const struct content_line **out, size_t *n);

#endif
