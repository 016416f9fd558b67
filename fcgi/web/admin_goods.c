/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Categories and products on the panel.  Forms come back with what was typed
 * and the reason beside its field; a save based on an old version is a
 * conflict that is said and loses nothing.
 */
#include "base/limits.h"
#include "base/url.h"
#include "shop/goods_edit.h"
#include "shop/staff.h"
#include "shop/stock.h"
#include "web/pager.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_goods_edit.h"
#include "web/web.h"

enum { PER_PAGE = 40, SORT_MAX = 1000000 };

static bool
may(const struct response *rs)
{
	return staff_may(rs->rq->staff, "catalogue");
}

/* A save's answer as the form's: the field's reason, or the conflict. */
static bool
refused(struct response *rs, struct fields *in, enum rc rc,
    const struct edit_error *why)
{
	if (rc != RC_INVALID && rc != RC_CONFLICT)
		return false;
	if (why->field != NULL)
		field_fail(in, why->field, why->reason);
	else
		tnode_bool(rs->data, "Conflict", true);
	rs->status = reply_status_of(rc);
	return true;
}

static const char *
number(struct ctx *cx, int64_t n)
{
	return arena_fmt(cx->arena, "%lld", (long long)n);
}

static const char *
lines(struct fields *in, struct ctx *cx, const char *name, size_t max)
{
	struct span s = {NULL, 0};

	field_lines(in, name, max, &s);
	return arena_dup(cx->arena, s.p, s.n);
}

/* ------------------------------------------------------------ categories */

enum rc
page_categories(struct ctx *cx, struct response *rs)
{
	const struct category_edit *list;
	size_t n;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	rc = edit_categories(cx, &list, &n);
	if (rc != RC_OK)
		return rc;
	view_categories(rs, list, n);
	return respond_page(rs, "admin/categories.cs");
}

static enum rc
show_category(struct ctx *cx, struct response *rs, struct fields *in,
    uint64_t id, uint64_t parent)
{
	const struct category_edit *list;
	size_t n;
	enum rc rc = edit_categories(cx, &list, &n);

	if (rc != RC_OK)
		return rc;
	fields_show(rs, in, "F");
	view_category_form(rs, list, n, id, parent);
	return respond_page(rs, "admin/category.cs");
}

static void
preset_category(
    struct ctx *cx, struct fields *in, const struct category_edit *c)
{
	field_preset(in, "slug", c->slug);
	field_preset(in, "name", c->name);
	field_preset(in, "name_en", c->name_en);
	field_preset(in, "summary", c->summary);
	field_preset(in, "summary_en", c->summary_en);
	field_preset(in, "icon", c->icon);
	field_preset(in, "sort", number(cx, c->sort));
	field_preset(in, "hidden", c->hidden ? "1" : "");
	field_preset(in, "version", number(cx, c->version));
}

/* /categories/0 is a new one. */
static bool
edit_id(const struct request *rq, uint64_t *id)
{
	if (str_eq(path_param(rq, "id"), "new")) {
		*id = 0;
		return true;
	}
	return path_u64(rq, "id", id) == RC_OK;
}

enum rc
page_category_edit(struct ctx *cx, struct response *rs)
{
	struct fields *in = fields_new(cx->arena);
	struct category_edit c = {0};
	uint64_t id;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (!edit_id(rs->rq, &id))
		return RC_NOTFOUND;
	if (id != 0) {
		rc = edit_category_load(cx, id, &c);
		if (rc != RC_OK)
			return rc;
		preset_category(cx, in, &c);
	}
	return show_category(cx, rs, in, id, c.parent);
}

static void
read_category(struct fields *in, struct category_edit *c)
{
	uint64_t version;
	int64_t sort;

	field_u64_or(in, "parent", 0, UINT64_MAX, 0, &c->parent);
	field_token(in, "slug", "-", LIM_SLUG, &c->slug);
	field_need(in, "name", LIM_NAME, &c->name);
	field_text(in, "name_en", LIM_NAME, &c->name_en);
	field_text(in, "summary", LIM_SUMMARY, &c->summary);
	field_text(in, "summary_en", LIM_SUMMARY, &c->summary_en);
	field_token(in, "icon", "-_/.", LIM_SLUG, &c->icon);
	field_i64_or(in, "sort", -SORT_MAX, SORT_MAX, 0, &sort);
	field_u64_or(in, "version", 0, UINT32_MAX, 0, &version);
	c->hidden = field_checked(in, "hidden");
	c->sort = (int)sort;
	c->version = (unsigned)version;
}

enum rc
do_category_save(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	struct category_edit c = {0};
	struct edit_error why = {0};
	enum rc rc = RC_INVALID;

	if (!may(rs))
		return RC_DENIED;
	if (!edit_id(rs->rq, &c.id))
		return RC_NOTFOUND;
	read_category(in, &c);
	if (!fields_ok(in)) {
		rs->status = reply_status_of(RC_INVALID);
		return show_category(cx, rs, in, c.id, c.parent);
	}
	rc = edit_category_save(cx, &c, &why);
	if (refused(rs, in, rc, &why))
		return show_category(cx, rs, in, c.id, c.parent);
	if (rc != RC_OK)
		return rc;
	return respond_see(rs, panel_path(rs, "/categories"));
}

enum rc
do_category_delete(struct ctx *cx, struct response *rs)
{
	uint64_t id;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "id", &id) != RC_OK)
		return RC_NOTFOUND;
	rc = edit_category_delete(cx, id);
	if (rc == RC_CONFLICT)
		return respond_see(
		    rs, panel_path(rs, "/categories?said=not_empty"));
	if (rc != RC_OK)
		return rc;
	return respond_see(rs, panel_path(rs, "/categories"));
}

/* ------------------------------------------------------------ products */

static const char *const product_states[] = {
    "draft", "on", "off", "trashed", ""};

enum rc
page_products(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->query;
	struct page page = {.page = 1, .per_page = PER_PAGE};
	const struct category_edit *cats;
	const struct product_row *rows;
	struct product_filter f = {0};
	size_t n, n_cats, state;
	uint64_t at;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	field_u64_or(in, "category", 0, UINT64_MAX, 0, &f.category);
	field_text(in, "q", LIM_SEARCH, &f.q);
	if (field_choice(in, "state", product_states, 5, 4, &state) &&
	    state < 4)
		f.state = product_states[state];
	if (field_u64_or(in, "page", 1, UINT32_MAX / PER_PAGE, 1, &at))
		page.page = (unsigned)at;
	rc = edit_products(cx, &f, &page, &rows, &n);
	if (rc == RC_OK)
		rc = edit_categories(cx, &cats, &n_cats);
	if (rc != RC_OK)
		return rc;
	fields_show(rs, in, "F");
	view_products(rs, &f, rows, n, cats, n_cats);
	pager_show(rs,
	    panel_path(rs, "/products?category=%llu&state=%s&q=%s&page=",
		(unsigned long long)f.category, f.state == NULL ? "" : f.state,
		url_encoded(cx->arena, f.q)),
	    page.page, pager_last(page.total, PER_PAGE));
	return respond_page(rs, "admin/products.cs");
}

static enum rc
show_product(struct ctx *cx, struct response *rs, struct fields *in,
    uint64_t id, uint64_t category)
{
	const struct category_edit *cats;
	const struct stock_count *counts = NULL;
	const struct sku_edit *skus = NULL;
	size_t n_cats, n_skus = 0, n_counts = 0;
	enum rc rc = edit_categories(cx, &cats, &n_cats);

	if (rc == RC_OK && id != 0)
		rc = edit_skus(cx, id, &skus, &n_skus);
	if (rc == RC_OK && id != 0)
		rc = stock_counts(cx, id, &counts, &n_counts);
	if (rc != RC_OK)
		return rc;
	fields_show(rs, in, "F");
	view_product_form(rs, id, category, cats, n_cats);
	view_product_skus(rs, skus, n_skus, counts, n_counts);
	return respond_page(rs, "admin/product.cs");
}

static void
preset_product(struct ctx *cx, struct fields *in, const struct product_edit *p)
{
	field_preset(in, "slug", p->slug);
	field_preset(in, "name", p->name);
	field_preset(in, "name_en", p->name_en);
	field_preset(in, "summary", p->summary);
	field_preset(in, "summary_en", p->summary_en);
	field_preset(in, "picture", p->picture);
	field_preset(in, "tags", p->tags);
	field_preset(in, "state", p->state);
	field_preset(in, "stock_display", p->stock_display);
	field_preset(in, "work", p->work);
	field_preset(in, "body_md", p->body_md);
	field_preset(in, "body_md_en", p->body_md_en);
	field_preset(in, "guide_md", p->guide_md);
	field_preset(in, "guide_md_en", p->guide_md_en);
	field_preset(in, "featured", p->featured ? "1" : "");
	field_preset(in, "sort", number(cx, p->sort));
	field_preset(in, "version", number(cx, p->version));
}

enum rc
page_product_edit(struct ctx *cx, struct response *rs)
{
	static const char *const words[] = {"", "saved", "sku"};
	struct fields *in = fields_new(cx->arena);
	struct product_edit p = {0};
	uint64_t id;
	size_t i = 0;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (!edit_id(rs->rq, &id))
		return RC_NOTFOUND;
	if (field_choice(rs->rq->query, "said", words, 3, 0, &i))
		tnode_set(rs->data, "Said", words[i]);
	if (id != 0) {
		rc = edit_product_load(cx, id, &p);
		if (rc != RC_OK)
			return rc;
		preset_product(cx, in, &p);
	}
	return show_product(cx, rs, in, id, p.category);
}

static void
read_product(struct ctx *cx, struct fields *in, struct product_edit *p)
{
	static const char *const display[] = {
	    "exact", "status", "range", "hidden"};
	uint64_t version;
	int64_t sort;
	size_t i;

	field_u64(in, "category", 1, UINT64_MAX, &p->category);
	field_token(in, "slug", "-", LIM_SLUG, &p->slug);
	field_need(in, "name", LIM_NAME, &p->name);
	field_text(in, "name_en", LIM_NAME, &p->name_en);
	field_text(in, "summary", LIM_SUMMARY, &p->summary);
	field_text(in, "summary_en", LIM_SUMMARY, &p->summary_en);
	field_text(in, "picture", LIM_EMAIL, &p->picture);
	field_text(in, "tags", LIM_TAGS, &p->tags);
	p->state = field_choice(in, "state", product_states, 4, 0, &i)
		       ? product_states[i]
		       : "draft";
	p->stock_display = field_choice(in, "stock_display", display, 4, 0, &i)
			       ? display[i]
			       : "exact";
	p->work = field_choice(in, "work", work_level_name, WORK__N, 0, &i)
		      ? work_level_name[i]
		      : work_level_name[WORK_OFF];
	p->body_md = lines(in, cx, "body_md", LIM_MARKDOWN);
	p->body_md_en = lines(in, cx, "body_md_en", LIM_MARKDOWN);
	p->guide_md = lines(in, cx, "guide_md", LIM_MARKDOWN);
	p->guide_md_en = lines(in, cx, "guide_md_en", LIM_MARKDOWN);
	p->featured = field_checked(in, "featured");
	field_i64_or(in, "sort", -SORT_MAX, SORT_MAX, 0, &sort);
	field_u64_or(in, "version", 0, UINT32_MAX, 0, &version);
	p->sort = (int)sort;
	p->version = (unsigned)version;
}

/* The button "preview" shows the texts as they will look and saves nothing. */
static enum rc
preview(struct ctx *cx, struct response *rs, const struct product_edit *p)
{
	const char *html;
	enum rc rc = markdown_html(cx, p->body_md, &html);

	if (rc == RC_OK)
		tnode_set(rs->data, "Preview.BodyHtml", html);
	return rc;
}

enum rc
do_product_save(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	struct product_edit p = {0};
	struct edit_error why = {0};
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (!edit_id(rs->rq, &p.id))
		return RC_NOTFOUND;
	read_product(cx, in, &p);
	if (!fields_ok(in)) {
		rs->status = reply_status_of(RC_INVALID);
		return show_product(cx, rs, in, p.id, p.category);
	}
	if (field_checked(in, "preview")) {
		rc = preview(cx, rs, &p);
		return rc == RC_OK ? show_product(cx, rs, in, p.id, p.category)
				   : rc;
	}
	rc = edit_product_save(cx, &p, &why);
	if (refused(rs, in, rc, &why))
		return show_product(cx, rs, in, p.id, p.category);
	if (rc != RC_OK)
		return rc;
	return respond_seef(rs, "%s/products/%llu?said=saved",
	    cx->set->admin_prefix, (unsigned long long)p.id);
}

/* On, off and the bin from the list. */
enum rc
do_product_state(struct ctx *cx, struct response *rs)
{
	uint64_t id;
	size_t i;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "id", &id) != RC_OK)
		return RC_NOTFOUND;
	if (!field_choice(
		rs->rq->form, "state", product_states, 4, SIZE_MAX, &i))
		return RC_INVALID;
	rc = edit_product_state(cx, id, product_states[i]);
	if (rc != RC_OK)
		return rc;
	return respond_see(rs, panel_path(rs, "/products"));
}
