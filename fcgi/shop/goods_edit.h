/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The merchant edits the catalogue.  Every save carries the version it was
 * based on (RC_CONFLICT when somebody was faster), is checked field by field
 * (RC_INVALID, *why names field and reason), writes the audit log and the
 * invalidation event in the same transaction.  Texts may be NULL for "".
 * What is saved gets its new id and version.
 */
#ifndef KS_SHOP_GOODS_EDIT_H
#define KS_SHOP_GOODS_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"
#include "shop/catalogue.h"

struct edit_error {        /* first bad field */
	const char *field; /* "name", "slug", "price" ... */
	const char
	    *reason; /* key of the language catalogues below `err.`:
		      * required too_long not_text not_token not_choice
		      * not_url too_small too_big taken bad_slug bad_tiers
		      * bad_window has_cards cycle gone repeated */
};

/* A new one without slug (or code) gets one that is drawn. */
struct category_edit {
	uint64_t id; /* 0: new */
	uint64_t parent;
	const char *slug, *name, *name_en, *summary, *summary_en, *icon;
	int sort;
	bool hidden;
	unsigned version;
	unsigned products; /* read only */
};
MUST_CHECK enum rc edit_categories(
    struct ctx *cx, const struct category_edit **out, size_t *n);
MUST_CHECK enum rc edit_category_load(
    struct ctx *cx, uint64_t id, struct category_edit *out);
MUST_CHECK enum rc edit_category_save(
    struct ctx *cx, struct category_edit *c, struct edit_error *why);
/* RC_CONFLICT: it still has products or sub-categories. */
MUST_CHECK enum rc edit_category_delete(struct ctx *cx, uint64_t id);

struct product_edit {
	uint64_t id, category;
	const char *slug, *name, *name_en, *summary, *summary_en;
	const char *picture, *tags, *state; /* draft, on, off, trashed */
	const char *tags_en; /* saved as NULL: they stay as they are */
	const char *stock_display;
	const char *work; /* off, light, strong: shop/work.h */
	const char *body_md, *body_md_en, *guide_md, *guide_md_en;
	bool featured;
	int sort;
	unsigned version;
};
MUST_CHECK enum rc edit_product_load(
    struct ctx *cx, uint64_t id, struct product_edit *out);
MUST_CHECK enum rc edit_product_save(
    struct ctx *cx, struct product_edit *p, struct edit_error *why);
MUST_CHECK enum rc edit_product_state(
    struct ctx *cx, uint64_t id, const char *state);

struct sku_edit {
	uint64_t id, product;
	const char *code, *name, *name_en, *kind, *card_format;
	struct money price, cost;
	unsigned min_qty, max_qty, buyer_limit;
	int64_t sale_from, sale_until;
	bool active;
	int sort;
	unsigned version;
	struct tier tiers[10];
	size_t n_tiers;
};
MUST_CHECK enum rc edit_skus(
    struct ctx *cx, uint64_t product, const struct sku_edit **out, size_t *n);
MUST_CHECK enum rc edit_sku_save(
    struct ctx *cx, struct sku_edit *s, struct edit_error *why);

struct input_edit {
	const char *name, *label, *label_en, *hint, *kind, *choices;
	unsigned max_len;
	bool required;
	int sort;
};
MUST_CHECK enum rc edit_inputs(
    struct ctx *cx, uint64_t product, const struct input_edit **out, size_t *n);
/* Replaces all of them. */
MUST_CHECK enum rc edit_inputs_save(struct ctx *cx, uint64_t product,
    const struct input_edit *in, size_t n, struct edit_error *why);

struct product_row { /* panel list */
	uint64_t id;
	const char *slug, *name, *category, *state;
	struct money from, to;
	unsigned skus;
	uint64_t by_free, by_held, by_sold;
	int64_t updated;
};
struct product_filter {
	uint64_t category;
	const char *state; /* NULL: all but trashed */
	const char *q;
};
MUST_CHECK enum rc edit_products(struct ctx *cx, const struct product_filter *f,
    struct page *page, const struct product_row **out, size_t *n);

/* Markdown to our own safe HTML (cmark-gfm, raw HTML and odd links dropped);
 * without cmark-gfm: escaped paragraphs.  RC_INVALID: above LIM_MARKDOWN. */
MUST_CHECK enum rc markdown_html(
    struct ctx *cx, const char *md, const char **html);

/* Shop-wide: name, notice, open/closed, content pages. */
struct shop_edit {
	const char *name, *notice, *name_en, *notice_en;
	bool open;
};
MUST_CHECK enum rc edit_shop_load(struct ctx *cx, struct shop_edit *out);
/* In the shop's own language. */
MUST_CHECK enum rc edit_shop_save(struct ctx *cx, const char *name,
    const char *notice, bool open, struct edit_error *why);
/* The same in another language; "" falls back to the shop's own. */
MUST_CHECK enum rc edit_shop_text(struct ctx *cx, const char *lang,
    const char *name, const char *notice, struct edit_error *why);
struct content_edit {
	const char *slug, *lang, *title, *body_md;
	int64_t updated;
};
/* All pages in all languages. */
MUST_CHECK enum rc edit_contents(
    struct ctx *cx, const struct content_edit **out, size_t *n);
MUST_CHECK enum rc edit_content_save(struct ctx *cx, const char *slug,
    const char *lang, const char *title, const char *body_md,
    struct edit_error *why);

#endif
