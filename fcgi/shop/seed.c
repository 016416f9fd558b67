/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loads demo.hdf through the same functions that the panel uses: field
 * checks, search words, audit, import.  Entry by entry, each in an arena of
 * its own; one that exists is left as it is.
 */
#include "shop/seed_int.h"

#include "base/time.h"
#include "store/content.h"
#include "store/coupon.h"
#include "store/product.h"
#include "store/setting.h"
#include "store/tx.h"

#define DONE_SETTING "demo_seed"

enum { NAME_MAX_LEN = 64 };

/* ---- reading */

const char *
seed_get(struct hdf_doc *d, const char *name)
{
	const char *v = hdf_doc_get(d, name);

	return v != NULL ? v : "";
}

/* Node names cannot hold '-'. */
const char *
seed_slug(struct arena *a, struct hdf_doc *d)
{
	char *s = arena_str(a, hdf_doc_name(d)), *p;

	for (p = s; *p != '\0'; p++)
		if (*p == '_')
			*p = '-';
	return s;
}

enum rc
seed_bad(
    struct seed *s, struct hdf_doc *d, const char *field, const char *reason)
{
	s->why =
	    arena_fmt(s->top, "%s: %s: %s", hdf_doc_name(d), field, reason);
	return RC_INVALID;
}

enum rc
seed_bad_edit(
    struct seed *s, enum rc rc, struct hdf_doc *d, const struct edit_error *e)
{
	if (rc == RC_INVALID)
		return seed_bad(s, d, e->field, e->reason);
	return rc;
}

enum rc
seed_number(struct seed *s, struct hdf_doc *d, const char *name, unsigned dflt,
    unsigned *out)
{
	const char *v = seed_get(d, name);

	*out = dflt;
	if (str_empty(v) || num_uint(v, UINT32_MAX, out) == RC_OK)
		return RC_OK;
	return seed_bad(s, d, name, "not a number");
}

enum rc
seed_money(struct seed *s, struct hdf_doc *d, const char *name,
    unsigned decimals, struct money *out)
{
	const char *v = seed_get(d, name);

	*out = MONEY(0);
	if (str_empty(v) || money_parse(span_str(v), decimals, out) == RC_OK)
		return RC_OK;
	return seed_bad(s, d, name, "not an amount");
}

/* fn for each child of d, in an arena that is emptied after it. */
typedef enum rc entry_fn(struct seed *s, struct hdf_doc *d);

static enum rc
each(struct seed *s, struct hdf_doc *d, entry_fn *fn)
{
	enum rc rc = RC_OK;

	for (d = hdf_doc_first(d); d != NULL && rc == RC_OK;
	     d = hdf_doc_next(d)) {
		s->cx->arena = s->own;
		rc = fn(s, d);
		s->cx->arena = s->top;
		arena_reset(s->own);
	}
	return rc;
}

/* ---- categories */

uint64_t
seed_category(const struct seed *s, const char *slug)
{
	size_t i;

	for (i = 0; i < s->categories.n; i++)
		if (str_eq(s->categories.v[i].slug, slug))
			return s->categories.v[i].id;
	return 0;
}

static void
category_note(struct seed *s, const char *slug, uint64_t id)
{
	*VEC_ADD(&s->categories, s->top) =
	    (struct known){arena_str(s->top, slug), id};
}

static enum rc
categories_known(struct seed *s)
{
	const struct category_edit *c;
	enum rc rc;
	size_t i, n;

	rc = edit_categories(s->cx, &c, &n);
	for (i = 0; rc == RC_OK && i < n; i++)
		category_note(s, c[i].slug, c[i].id);
	return rc;
}

static enum rc
category_entry(struct seed *s, struct hdf_doc *d)
{
	struct category_edit c = {0};
	struct edit_error e = {"", ""};
	unsigned sort;
	enum rc rc;

	c.slug = seed_slug(s->own, d);
	if (seed_category(s, c.slug) != 0)
		return RC_OK;
	if ((rc = seed_number(s, d, "sort", 0, &sort)) != RC_OK)
		return rc;
	c.parent = seed_category(s, seed_get(d, "parent"));
	if (c.parent == 0 && !str_empty(seed_get(d, "parent")))
		return seed_bad(s, d, "parent", "not there");
	c.name = seed_get(d, "name");
	c.name_en = seed_get(d, "name_en");
	c.summary = seed_get(d, "summary");
	c.summary_en = seed_get(d, "summary_en");
	c.icon = seed_get(d, "icon");
	c.sort = (int)sort;
	rc = edit_category_save(s->cx, &c, &e);
	if (rc != RC_OK)
		return seed_bad_edit(s, rc, d, &e);
	category_note(s, c.slug, c.id);
	s->out->categories++;
	return RC_OK;
}

/* ---- coupons, pages, the shop itself */

static enum rc
coupon_body(struct ctx *cx, void *arg)
{
	return coupon_add(cx, arg);
}

static enum rc
coupon_entry(struct seed *s, struct hdf_doc *d)
{
	struct coupon_new c = {0};
	struct coupon_rec have;
	struct product_rec p = {0};
	struct money value;
	bool percent = str_eq(seed_get(d, "kind"), "percent");
	enum rc rc;

	rc = coupon_by_code(s->cx, hdf_doc_name(d), &have);
	if (rc != RC_NOTFOUND)
		return rc;
	c.code = hdf_doc_name(d);
	c.kind = percent ? "percent" : "fixed";
	c.note = seed_get(d, "note");
	if (str_eq(seed_get(d, "ended"), "1"))
		c.until = s->cx->now - S_PER_DAY * US_PER_S;
	/* hundredths of a percent are two decimals, whatever the currency */
	if ((rc = seed_money(
		 s, d, "value", percent ? 2 : s->decimals, &value)) != RC_OK ||
	    (rc = seed_money(s, d, "min", s->decimals, &c.min)) != RC_OK ||
	    (rc = seed_money(s, d, "cap", s->decimals, &c.cap)) != RC_OK ||
	    (rc = seed_number(s, d, "uses_max", 0, &c.uses_max)) != RC_OK)
		return rc;
	c.value = value.minor;
	if (!str_empty(seed_get(d, "product")) &&
	    (rc = product_by_slug(s->cx, "", seed_get(d, "product"), &p)) !=
		RC_OK)
		return rc == RC_NOTFOUND
			   ? seed_bad(s, d, "product", "not there")
			   : rc;
	c.product = p.id;
	rc = tx_run(s->cx, coupon_body, &c);
	if (rc == RC_OK)
		s->out->coupons++;
	return rc;
}

static enum rc
page_make(struct seed *s, struct hdf_doc *d, const char *lang,
    const char *title, const char *body)
{
	const char *slug = seed_slug(s->own, d);
	struct edit_error why = {"", ""};
	struct content_rec have;
	enum rc rc;

	rc = content_get(s->cx, slug, lang, lang, &have);
	if (rc != RC_NOTFOUND || str_empty(seed_get(d, title)))
		return rc == RC_NOTFOUND ? RC_OK : rc;
	rc = edit_content_save(
	    s->cx, slug, lang, seed_get(d, title), seed_get(d, body), &why);
	if (rc == RC_OK)
		s->out->pages++;
	return seed_bad_edit(s, rc, d, &why);
}

static enum rc
page_entry(struct seed *s, struct hdf_doc *d)
{
	enum rc rc;

	rc = page_make(s, d, "zh-CN", "title", "body");
	if (rc != RC_OK)
		return rc;
	return page_make(s, d, "en", "title_en", "body_en");
}

/* Only a shop that nobody has named yet. */
static enum rc
shop_make(struct seed *s, struct hdf_doc *d)
{
	struct edit_error why = {"", ""};
	struct shop_edit have;
	enum rc rc;

	rc = edit_shop_load(s->cx, &have);
	if (rc != RC_OK || d == NULL || !str_eq(have.name, "Keystall") ||
	    !str_empty(have.notice))
		return rc;
	rc = edit_shop_save(
	    s->cx, seed_get(d, "name"), seed_get(d, "notice"), have.open, &why);
	if (rc == RC_OK)
		rc = edit_shop_text(s->cx, "en", seed_get(d, "name_en"),
		    seed_get(d, "notice_en"), &why);
	return seed_bad_edit(s, rc, d, &why);
}

/* ---- all of it */

static enum rc
mark_body(struct ctx *cx, void *arg)
{
	(void)arg;
	return setting_put(cx, DONE_SETTING, "1", 0, cx->staff);
}

static enum rc
load_part(struct seed *s, struct hdf_doc *doc)
{
	enum rc rc;

	rc = each(s, hdf_doc_child(doc, "goods"), seed_goods);
	if (rc == RC_OK)
		rc = each(s, hdf_doc_child(doc, "page"), page_entry);
	return rc;
}

/* The other files beside demo.hdf, as its node "more" names them. */
static enum rc
load_more(struct seed *s, const char *dir, struct hdf_doc *more)
{
	struct hdf_doc *d, *part;
	const char *name;
	enum rc rc = RC_OK;

	for (d = hdf_doc_first(more); d != NULL && rc == RC_OK;
	     d = hdf_doc_next(d)) {
		name = hdf_doc_value(d);
		if (str_empty(name) || !str_is_token(name, "-.", NAME_MAX_LEN))
			return seed_bad(s, d, "more", "not a file name");
		rc = hdf_doc_read(s->top, arena_fmt(s->top, "%s/%s", dir, name),
		    &part, &s->why);
		if (rc == RC_OK)
			rc = load_part(s, part);
	}
	return rc;
}

static enum rc
load(struct seed *s, const char *dir, struct hdf_doc *doc)
{
	enum rc rc;

	if ((rc = categories_known(s)) != RC_OK ||
	    (rc = each(s, hdf_doc_child(doc, "category"), category_entry)) !=
		RC_OK ||
	    (rc = load_part(s, doc)) != RC_OK ||
	    (rc = load_more(s, dir, hdf_doc_child(doc, "more"))) != RC_OK ||
	    (rc = each(s, hdf_doc_child(doc, "coupon"), coupon_entry)) !=
		RC_OK ||
	    (rc = shop_make(s, hdf_doc_child(doc, "shop"))) != RC_OK)
		return rc;
	return tx_run(s->cx, mark_body, NULL);
}

static enum rc
start(struct seed *s, const char *dir, struct hdf_doc **doc)
{
	struct setting_rec done;
	struct shop_rec shop;
	enum rc rc;

	rc = setting_get(s->cx, DONE_SETTING, &done);
	s->out->before = rc == RC_OK;
	if (rc != RC_NOTFOUND)
		return rc;
	if ((rc = shop_get(s->cx, "", &shop)) != RC_OK ||
	    (rc = hdf_doc_read(s->top, arena_fmt(s->top, "%s/demo.hdf", dir),
		 doc, &s->why)) != RC_OK)
		return rc;
	s->decimals = currency_decimals(shop.currency);
	return RC_OK;
}

enum rc
seed_demo(
    struct ctx *cx, const char *dir, struct seed_result *out, const char **why)
{
	struct seed s = {0};
	struct hdf_doc *doc = NULL;
	bool sticky = cx->sticky;
	enum rc rc;

	*out = (struct seed_result){0};
	s.cx = cx;
	s.top = cx->arena;
	s.out = out;
	s.own = arena_new(1024 * 1024, 256 * 1024 * 1024);
	cx->sticky = true; /* what this run wrote, it reads */
	rc = start(&s, dir, &doc);
	if (rc == RC_OK && !out->before)
		rc = load(&s, dir, doc);
	cx->sticky = sticky;
	arena_free(s.own);
	*why = s.why != NULL ? s.why : "";
	return rc;
}
