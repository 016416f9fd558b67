/* SPDX-License-Identifier: Apache-2.0 */
/* Editing the tree of categories. */
#include "shop/edit_int.h"

#include "base/limits.h"
#include "shop/audit.h"
#include "store/goods_write.h"
#include "store/outbox.h"
#include "store/tx.h"

enum { SORT_MAX = 1000000 };

static void
category_out(struct category_edit *c, const struct category_rec *r,
    const struct localized_text *en)
{
	c->id = r->id;
	c->parent = r->parent;
	c->slug = r->slug;
	c->name = r->name;
	c->name_en = en->name;
	c->summary = r->summary;
	c->summary_en = en->summary;
	c->icon = r->icon;
	c->sort = r->sort;
	c->hidden = r->hidden;
	c->version = r->version;
	c->products = (unsigned)r->products;
}

enum rc
edit_categories(struct ctx *cx, const struct category_edit **out, size_t *n)
{
	const struct category_rec *r;
	const struct localized_text *en;
	struct category_edit *c;
	enum rc rc;
	size_t i;

	rc = category_edit_all(cx, &r, &en, n);
	if (rc != RC_OK)
		return rc;
	c = ARENA_ARRAY(cx->arena, *n, struct category_edit);
	for (i = 0; i < *n; i++)
		category_out(&c[i], &r[i], &en[i]);
	*out = c;
	return RC_OK;
}

enum rc
edit_category_load(struct ctx *cx, uint64_t id, struct category_edit *out)
{
	const struct category_edit *c;
	enum rc rc;
	size_t i, n;

	rc = edit_categories(cx, &c, &n);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < n; i++) {
		if (c[i].id == id) {
			*out = c[i];
			return RC_OK;
		}
	}
	return RC_NOTFOUND;
}

/* ---- saving */

struct save {
	struct category_rec r;
	struct localized_text en;
	struct edit_error *why;
	uint64_t id;
};

static bool
fields_ok(struct save *s)
{
	const struct category_rec *r = &s->r;
	struct edit_error *why = s->why;

	return edit_line(why, "name", r->name, LIM_NAME, NEEDED) &&
	       edit_line(why, "name_en", s->en.name, LIM_NAME, MAY_BE_EMPTY) &&
	       edit_slug(why, r->slug) &&
	       edit_line(
		   why, "summary", r->summary, LIM_SUMMARY, MAY_BE_EMPTY) &&
	       edit_line(why, "summary_en", s->en.summary, LIM_SUMMARY,
		   MAY_BE_EMPTY) &&
	       edit_token(why, "icon", r->icon, "-_", LIM_SLUG) &&
	       edit_range(why, "sort", r->sort, -SORT_MAX, SORT_MAX);
}

static const struct category_edit *
find(const struct category_edit *c, size_t n, uint64_t id)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (c[i].id == id)
			return &c[i];
	return NULL;
}

/* The new parent is there and not below the category itself.  The caller has
 * locked its row: two moves at once cannot make a ring of two. */
static enum rc
parent_ok(struct save *s, const struct category_edit *c, size_t n)
{
	uint64_t up = s->r.parent;
	size_t steps = 0;

	for (; up != 0; steps++) {
		const struct category_edit *p = find(c, n, up);

		if (p == NULL || steps > n) {
			edit_fail(s->why, "parent", "gone");
			return RC_INVALID;
		}
		if (p->id == s->r.id) {
			edit_fail(s->why, "parent", "cycle");
			return RC_INVALID;
		}
		up = p->parent;
	}
	return RC_OK;
}

static const char *
difference(
    struct ctx *cx, const struct category_edit *old, const struct save *s)
{
	static const struct category_edit none;
	struct buf b;

	if (old == NULL)
		old = &none;
	buf_init(&b, cx->arena, 512, 8192);
	diff_text(&b, "slug", old->slug, s->r.slug);
	diff_text(&b, "name", old->name, s->r.name);
	diff_text(&b, "name_en", old->name_en, s->en.name);
	diff_text(&b, "summary", old->summary, s->r.summary);
	diff_int(&b, "parent", (int64_t)old->parent, (int64_t)s->r.parent);
	diff_int(&b, "sort", old->sort, s->r.sort);
	diff_int(&b, "hidden", old->hidden, s->r.hidden);
	return buf_text(&b);
}

static enum rc
write_row(struct ctx *cx, struct save *s)
{
	bool stale = false;
	enum rc rc;

	s->id = s->r.id;
	rc = s->r.id == 0 ? category_add(cx, &s->r, &s->id)
			  : category_change(cx, &s->r, &stale);
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
	const struct category_edit *all, *old;
	enum rc rc;
	size_t n;

	if (s->r.parent != 0) {
		rc = category_lock(cx, s->r.parent);
		if (rc != RC_OK && rc != RC_NOTFOUND)
			return rc;
	}
	if ((rc = edit_categories(cx, &all, &n)) != RC_OK ||
	    (rc = parent_ok(s, all, n)) != RC_OK)
		return rc;
	old = find(all, n, s->r.id);
	if (s->r.id != 0 && old == NULL)
		return RC_NOTFOUND;
	if ((rc = write_row(cx, s)) != RC_OK ||
	    (rc = localized_put(
		 cx, "category", s->id, "en", s->r.name, &s->en)) != RC_OK ||
	    (rc = outbox_catalogue(cx, 0)) != RC_OK)
		return rc;
	return audit_add(cx, "category.save",
	    edit_object(cx, "category", s->id), difference(cx, old, s));
}

enum rc
edit_category_save(
    struct ctx *cx, struct category_edit *c, struct edit_error *why)
{
	struct save s = {0};
	enum rc rc;

	s.why = why;
	s.r.id = c->id;
	s.r.parent = c->parent;
	s.r.slug = edit_text(c->slug);
	s.r.name = edit_text(c->name);
	s.r.summary = edit_text(c->summary);
	s.r.icon = edit_text(c->icon);
	s.r.sort = c->sort;
	s.r.hidden = c->hidden;
	s.r.version = c->version;
	s.en.name = edit_text(c->name_en);
	s.en.summary = edit_text(c->summary_en);
	s.en.tags = "";
	if (c->id == 0 && str_empty(s.r.slug))
		s.r.slug = edit_drawn(cx);
	if (!fields_ok(&s))
		return RC_INVALID;
	rc = tx_run(cx, save_body, &s);
	if (rc != RC_OK)
		return rc;
	c->version = c->id == 0 ? 1 : c->version + 1;
	c->id = s.id;
	c->slug = s.r.slug;
	return RC_OK;
}

/* ---- deleting */

static enum rc
delete_body(struct ctx *cx, void *arg)
{
	static const struct localized_text none = {"", "", ""};
	const uint64_t *id = arg;
	bool in_use = false;
	enum rc rc;

	if ((rc = category_lock(cx, *id)) != RC_OK ||
	    (rc = category_in_use(cx, *id, &in_use)) != RC_OK)
		return rc;
	if (in_use)
		return RC_CONFLICT;
	if ((rc = category_drop(cx, *id)) != RC_OK ||
	    (rc = localized_put(cx, "category", *id, "en", "", &none)) !=
		RC_OK ||
	    (rc = outbox_catalogue(cx, 0)) != RC_OK)
		return rc;
	return audit_add(
	    cx, "category.delete", edit_object(cx, "category", *id), "");
}

enum rc
edit_category_delete(struct ctx *cx, uint64_t id)
{
	return tx_run(cx, delete_body, &id);
}
