/* SPDX-License-Identifier: Apache-2.0 */
/* Editing products: row, names and texts in two languages, search words. */
#include "shop/edit_int.h"

#include <string.h>

#include "base/limits.h"
#include "base/url.h"
#include "base/utf8.h"
#include "shop/audit.h"
#include "shop/work.h"
#include "store/card.h"
#include "store/goods_write.h"
#include "store/outbox.h"
#include "store/tx.h"

enum {
	SORT_MAX = 1000000,
	PICTURE_MAX = 190,
	COUNT_MAX = 10000, /* cards counted for a line of the list */
	PER_PAGE_MAX = 100
};

#define STATES "draft|on|off|trashed"
#define DISPLAYS "exact|status|range|hidden"
#define WORKS "off|light|strong"

enum { OWN, EN, LANGS }; /* bodies: the shop's own language, English */
static const char *const body_lang[LANGS] = {[OWN] = "", [EN] = "en"};

/* ---- loading */

static enum rc
bodies_load(struct ctx *cx, uint64_t id, struct body_rec out[LANGS])
{
	const struct body_rec *b;
	bool sticky = cx->sticky;
	enum rc rc;
	size_t i, n;

	cx->sticky = true; /* what is edited comes from the primary */
	rc = product_body(cx, id, body_lang[EN], &b, &n);
	cx->sticky = sticky;
	for (i = 0; i < LANGS; i++)
		out[i] = (struct body_rec){body_lang[i], "", "", "", ""};
	for (i = 0; rc == RC_OK && i < n; i++)
		out[str_empty(b[i].lang) ? OWN : EN] = b[i];
	return rc;
}

enum rc
edit_product_load(struct ctx *cx, uint64_t id, struct product_edit *out)
{
	struct body_rec body[LANGS];
	struct product_rec r;
	struct localized_text en;
	enum rc rc;

	if ((rc = product_edit_get(cx, id, &r, &en)) != RC_OK ||
	    (rc = bodies_load(cx, id, body)) != RC_OK)
		return rc;
	out->id = r.id;
	out->category = r.category;
	out->slug = r.slug;
	out->name = r.name;
	out->name_en = en.name;
	out->summary = r.summary;
	out->summary_en = en.summary;
	out->picture = r.picture;
	out->tags = r.tags;
	out->tags_en = en.tags;
	out->state = r.state;
	out->stock_display = r.stock_display;
	out->work = r.work;
	out->featured = r.featured;
	out->sort = r.sort;
	out->version = r.version;
	out->body_md = body[OWN].body_md;
	out->guide_md = body[OWN].guide_md;
	out->body_md_en = body[EN].body_md;
	out->guide_md_en = body[EN].guide_md;
	return RC_OK;
}

/* ---- saving */

struct save {
	struct product_rec r;
	struct localized_text en;
	struct body_rec body[LANGS];
	struct edit_error *why;
	uint64_t id;
};

/* A picture is a file of static/img, an address of this site, or one with
 * https. */
static bool
picture_ok(struct edit_error *why, const char *s)
{
	if (strlen(s) > PICTURE_MAX)
		return edit_fail(why, "picture", "too_long");
	if (*s == '\0' || (str_starts(s, "https://") && url_is_http(s)) ||
	    url_is_local_path(s))
		return true;
	if (str_starts(s, "img/") && str_is_token(s, "-_./", PICTURE_MAX) &&
	    strstr(s, "..") == NULL)
		return true;
	return edit_fail(why, "picture", "not_url");
}

static bool
fields_ok(struct save *s)
{
	const struct product_rec *r = &s->r;
	struct edit_error *why = s->why;

	return edit_line(why, "name", r->name, LIM_NAME, NEEDED) &&
	       edit_line(why, "name_en", s->en.name, LIM_NAME, MAY_BE_EMPTY) &&
	       edit_slug(why, r->slug) &&
	       edit_line(
		   why, "summary", r->summary, LIM_SUMMARY, MAY_BE_EMPTY) &&
	       edit_line(why, "summary_en", s->en.summary, LIM_SUMMARY,
		   MAY_BE_EMPTY) &&
	       picture_ok(why, r->picture) &&
	       edit_line(why, "tags", r->tags, LIM_TAGS, MAY_BE_EMPTY) &&
	       edit_line(why, "tags_en", s->en.tags, LIM_TAGS, MAY_BE_EMPTY) &&
	       edit_choice(why, "state", r->state, STATES) &&
	       edit_choice(why, "stock_display", r->stock_display, DISPLAYS) &&
	       edit_choice(why, "work", r->work, WORKS) &&
	       edit_range(why, "sort", r->sort, -SORT_MAX, SORT_MAX) &&
	       edit_lines(why, "body_md", s->body[OWN].body_md, LIM_MARKDOWN) &&
	       edit_lines(
		   why, "body_md_en", s->body[EN].body_md, LIM_MARKDOWN) &&
	       edit_lines(
		   why, "guide_md", s->body[OWN].guide_md, LIM_MARKDOWN) &&
	       edit_lines(
		   why, "guide_md_en", s->body[EN].guide_md, LIM_MARKDOWN);
}

static enum rc
bodies_render(struct ctx *cx, struct save *s)
{
	enum rc rc;
	int i;

	for (i = 0; i < LANGS; i++) {
		struct body_rec *b = &s->body[i];

		b->lang = body_lang[i];
		if ((rc = markdown_html(cx, b->body_md, &b->body_html)) !=
			RC_OK ||
		    (rc = markdown_html(cx, b->guide_md, &b->guide_html)) !=
			RC_OK)
			return rc;
	}
	return RC_OK;
}

static const char *
difference(struct ctx *cx, const struct product_edit *old, const struct save *s)
{
	struct buf b;

	buf_init(&b, cx->arena, 512, 16384);
	diff_text(&b, "state", old->state, s->r.state);
	diff_text(&b, "slug", old->slug, s->r.slug);
	diff_text(&b, "name", old->name, s->r.name);
	diff_text(&b, "name_en", old->name_en, s->en.name);
	diff_int(
	    &b, "category", (int64_t)old->category, (int64_t)s->r.category);
	diff_text(&b, "summary", old->summary, s->r.summary);
	diff_text(&b, "summary_en", old->summary_en, s->en.summary);
	diff_text(&b, "picture", old->picture, s->r.picture);
	diff_text(&b, "tags", old->tags, s->r.tags);
	diff_text(&b, "tags_en", old->tags_en, s->en.tags);
	diff_text(&b, "stock_display", old->stock_display, s->r.stock_display);
	diff_text(&b, "work", old->work, s->r.work);
	diff_int(&b, "featured", old->featured, s->r.featured);
	diff_int(&b, "sort", old->sort, s->r.sort);
	diff_text(&b, "body", old->body_md, s->body[OWN].body_md);
	diff_text(&b, "body_en", old->body_md_en, s->body[EN].body_md);
	diff_text(&b, "guide", old->guide_md, s->body[OWN].guide_md);
	diff_text(&b, "guide_en", old->guide_md_en, s->body[EN].guide_md);
	return buf_text(&b);
}

static enum rc
write_row(struct ctx *cx, struct save *s)
{
	bool stale = false;
	enum rc rc;

	/* the category cannot go while a product is put into it */
	rc = category_lock(cx, s->r.category);
	if (rc == RC_NOTFOUND) {
		edit_fail(s->why, "category", "gone");
		return RC_INVALID;
	}
	if (rc != RC_OK)
		return rc;
	s->id = s->r.id;
	rc = s->r.id == 0 ? product_add(cx, &s->r, &s->id)
			  : product_change(cx, &s->r, &stale);
	if (rc == RC_CONFLICT) {
		edit_fail(s->why, "slug", "taken");
		return RC_INVALID;
	}
	return rc == RC_OK && stale ? RC_CONFLICT : rc;
}

static enum rc
save_body(struct ctx *cx, void *arg)
{
	struct save *s = arg;
	struct product_edit old = {0};
	enum rc rc;

	if (s->r.id != 0 &&
	    (rc = edit_product_load(cx, s->r.id, &old)) != RC_OK)
		return rc;
	if (s->en.tags == NULL)
		s->en.tags = edit_text(old.tags_en);
	if ((rc = write_row(cx, s)) != RC_OK ||
	    (rc = localized_put(
		 cx, "product", s->id, "en", s->r.name, &s->en)) != RC_OK ||
	    (rc = product_body_put(cx, s->id, &s->body[OWN])) != RC_OK ||
	    (rc = product_body_put(cx, s->id, &s->body[EN])) != RC_OK ||
	    (rc = edit_reindex(cx, s->id)) != RC_OK ||
	    (rc = outbox_catalogue(cx, s->id)) != RC_OK)
		return rc;
	return audit_add(cx, "product.save", edit_object(cx, "product", s->id),
	    difference(cx, &old, s));
}

static void
save_fill(struct ctx *cx, const struct product_edit *p, struct save *s)
{
	s->r.id = p->id;
	s->r.category = p->category;
	s->r.slug = edit_text(p->slug);
	s->r.name = edit_text(p->name);
	s->r.summary = edit_text(p->summary);
	s->r.picture = edit_text(p->picture);
	s->r.tags = edit_text(p->tags);
	s->r.state = edit_text(p->state);
	s->r.stock_display = edit_text(p->stock_display);
	s->r.work = edit_text(p->work);
	s->r.featured = p->featured;
	s->r.sort = p->sort;
	s->r.version = p->version;
	s->en.name = edit_text(p->name_en);
	s->en.summary = edit_text(p->summary_en);
	s->en.tags = p->tags_en;
	s->body[OWN].body_md = edit_text(p->body_md);
	s->body[OWN].guide_md = edit_text(p->guide_md);
	s->body[EN].body_md = edit_text(p->body_md_en);
	s->body[EN].guide_md = edit_text(p->guide_md_en);
	if (p->id == 0 && str_empty(s->r.slug))
		s->r.slug = edit_drawn(cx);
	if (str_empty(s->r.stock_display))
		s->r.stock_display = "exact";
	if (str_empty(s->r.work))
		s->r.work = work_level_name[WORK_OFF];
}

enum rc
edit_product_save(
    struct ctx *cx, struct product_edit *p, struct edit_error *why)
{
	struct save s = {0};
	enum rc rc;

	s.why = why;
	save_fill(cx, p, &s);
	if (!fields_ok(&s))
		return RC_INVALID;
	if ((rc = bodies_render(cx, &s)) != RC_OK ||
	    (rc = tx_run(cx, save_body, &s)) != RC_OK)
		return rc;
	p->version = p->id == 0 ? 1 : p->version + 1;
	p->id = s.id;
	p->slug = s.r.slug;
	return RC_OK;
}

/* ---- state alone */

struct turn {
	uint64_t id;
	const char *state;
};

static enum rc
state_body(struct ctx *cx, void *arg)
{
	const struct turn *t = arg;
	struct buf detail;
	const char *old;
	enum rc rc;

	if ((rc = product_state_get(cx, t->id, &old)) != RC_OK ||
	    (rc = product_set_state(cx, t->id, old, t->state)) != RC_OK ||
	    (rc = outbox_catalogue(cx, t->id)) != RC_OK)
		return rc;
	buf_init(&detail, cx->arena, 128, 1024);
	diff_text(&detail, "state", old, t->state);
	return audit_add(cx, "product.state", edit_object(cx, "product", t->id),
	    buf_text(&detail));
}

enum rc
edit_product_state(struct ctx *cx, uint64_t id, const char *state)
{
	struct turn t = {id, edit_text(state)};
	struct edit_error why;

	if (!edit_choice(&why, "state", t.state, STATES))
		return RC_INVALID;
	return tx_run(cx, state_body, &t);
}

/* ---- the list */

static enum rc
counts_fill(struct ctx *cx, struct product_row *row, size_t n)
{
	static const char *const name[2] = {"free", "held"};
	uint64_t *product = ARENA_ARRAY(cx->arena, n, uint64_t), *id;
	const struct sku_of *sku;
	const uint64_t *count;
	const char **state;
	size_t i, k, n_skus;
	enum rc rc;

	for (i = 0; i < n; i++)
		product[i] = row[i].id;
	rc = sku_ids_of_products(cx, product, n, &sku, &n_skus);
	if (rc != RC_OK)
		return rc;
	id = ARENA_ARRAY(cx->arena, 2 * n_skus, uint64_t);
	state = ARENA_ARRAY(cx->arena, 2 * n_skus, const char *);
	for (i = 0; i < 2 * n_skus; i++) {
		id[i] = sku[i / 2].id;
		state[i] = name[i % 2];
	}
	rc = card_state_counts(cx, id, state, 2 * n_skus, COUNT_MAX, &count);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < n_skus; i++) {
		for (k = 0; k < n; k++) {
			if (row[k].id != sku[i].product)
				continue;
			row[k].by_free += count[2 * i];
			row[k].by_held += count[2 * i + 1];
		}
	}
	return RC_OK;
}

enum rc
edit_products(struct ctx *cx, const struct product_filter *f, struct page *page,
    const struct product_row **out, size_t *n)
{
	struct product_find find = {
	    f->category, edit_text(f->state), edit_text(f->q)};
	const struct product_line *l;
	struct product_row *row;
	enum rc rc;
	size_t i;

	if (page->page == 0)
		page->page = 1;
	if (page->per_page == 0 || page->per_page > PER_PAGE_MAX)
		page->per_page = PER_PAGE_MAX;
	if (!utf8_valid(span_str(find.text)))
		find.text = "\x7f"; /* in no name */
	if ((rc = product_lines_count(cx, &find, &page->total)) != RC_OK ||
	    (rc = product_lines(cx, &find,
		 (uint64_t)(page->page - 1) * page->per_page, page->per_page,
		 &l, n)) != RC_OK)
		return rc;
	row = ARENA_ARRAY(cx->arena, *n, struct product_row);
	for (i = 0; i < *n; i++) {
		row[i].id = l[i].id;
		row[i].slug = l[i].slug;
		row[i].name = l[i].name;
		row[i].category = l[i].category;
		row[i].state = l[i].state;
		row[i].from = l[i].from;
		row[i].to = l[i].to;
		row[i].skus = l[i].skus;
		row[i].by_sold = l[i].sold;
		row[i].updated = l[i].updated;
	}
	*out = row;
	return counts_fill(cx, row, *n);
}
