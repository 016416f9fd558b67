/* SPDX-License-Identifier: Apache-2.0 */
/* Editing what belongs to the whole shop: name, notice, pages of text. */
#include "shop/edit_int.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "shop/audit.h"
#include "store/content.h"
#include "store/goods_write.h"
#include "store/outbox.h"
#include "store/tx.h"

enum { NOTICE_MAX = 1000 }; /* characters of the column */

#define LANGS "zh-CN|en"

/* No language is called so: names that are not there. */
static const char own[] = "-";

static enum rc
shop_in(struct ctx *cx, const char *lang, struct shop_rec *out)
{
	bool sticky = cx->sticky;
	enum rc rc;

	cx->sticky = true; /* what is edited comes from the primary */
	rc = shop_get(cx, lang, out);
	cx->sticky = sticky;
	return rc;
}

enum rc
edit_shop_load(struct ctx *cx, struct shop_edit *out)
{
	struct shop_rec r, en;
	enum rc rc;

	if ((rc = shop_in(cx, own, &r)) != RC_OK ||
	    (rc = shop_in(cx, "en", &en)) != RC_OK)
		return rc;
	out->name = r.name;
	out->notice = r.notice;
	out->name_en = str_eq(en.name, r.name) ? "" : en.name;
	out->notice_en = str_eq(en.notice, r.notice) ? "" : en.notice;
	out->open = str_eq(r.state, "open");
	return RC_OK;
}

struct save {
	const char *lang, *name, *notice;
	bool open;
};

static enum rc
shop_body(struct ctx *cx, void *arg)
{
	const struct save *s = arg;
	const char *state = s->open ? "open" : "closed";
	struct shop_rec old;
	struct buf detail;
	enum rc rc;

	if ((rc = shop_in(cx, own, &old)) != RC_OK ||
	    (rc = shop_change(cx, s->name, s->notice)) != RC_OK ||
	    (rc = outbox_catalogue(cx, 0)) != RC_OK)
		return rc;
	if (!str_eq(old.state, state) &&
	    (rc = shop_set_state(cx, old.state, state)) != RC_OK)
		return rc;
	buf_init(&detail, cx->arena, 512, 8192);
	diff_text(&detail, "name", old.name, s->name);
	diff_text(&detail, "notice", old.notice, s->notice);
	diff_text(&detail, "state", old.state, state);
	return audit_add(cx, "shop.save", "shop", buf_text(&detail));
}

static bool
shop_ok(struct edit_error *why, const struct save *s, enum need name)
{
	return edit_line(why, "name", s->name, LIM_NAME, name) &&
	       edit_lines(why, "notice", s->notice, 4 * NOTICE_MAX) &&
	       (utf8_length(span_str(s->notice)) <= NOTICE_MAX ||
		   edit_fail(why, "notice", "too_long"));
}

enum rc
edit_shop_save(struct ctx *cx, const char *name, const char *notice, bool open,
    struct edit_error *why)
{
	struct save s = {"", edit_text(name), edit_text(notice), open};

	if (!shop_ok(why, &s, NEEDED))
		return RC_INVALID;
	return tx_run(cx, shop_body, &s);
}

static enum rc
text_body(struct ctx *cx, void *arg)
{
	const struct save *s = arg;
	struct shop_rec old;
	struct buf detail;
	enum rc rc;

	if ((rc = shop_in(cx, s->lang, &old)) != RC_OK ||
	    (rc = shop_text_put(cx, "name", s->lang, s->name)) != RC_OK ||
	    (rc = shop_text_put(cx, "notice", s->lang, s->notice)) != RC_OK ||
	    (rc = outbox_catalogue(cx, 0)) != RC_OK)
		return rc;
	buf_init(&detail, cx->arena, 512, 8192);
	diff_text(&detail, "name", old.name, s->name);
	diff_text(&detail, "notice", old.notice, s->notice);
	return audit_add(cx, "shop.text",
	    arena_fmt(cx->arena, "shop:%s", s->lang), buf_text(&detail));
}

enum rc
edit_shop_text(struct ctx *cx, const char *lang, const char *name,
    const char *notice, struct edit_error *why)
{
	struct save s = {
	    edit_text(lang), edit_text(name), edit_text(notice), false};

	if (!edit_choice(why, "lang", s.lang, LANGS) ||
	    !shop_ok(why, &s, MAY_BE_EMPTY))
		return RC_INVALID;
	return tx_run(cx, text_body, &s);
}

/* ---- pages of text */

enum rc
edit_contents(struct ctx *cx, const struct content_edit **out, size_t *n)
{
	const struct content_line *l;
	struct content_edit *c;
	enum rc rc;
	size_t i;

	rc = content_all(cx, &l, n);
	if (rc != RC_OK)
		return rc;
	c = ARENA_ARRAY(cx->arena, *n, struct content_edit);
	for (i = 0; i < *n; i++)
		c[i] = (struct content_edit){l[i].slug, l[i].lang, l[i].title,
		    l[i].body_md, l[i].updated};
	*out = c;
	return RC_OK;
}

struct page_save {
	struct content_line line;
	const char *html;
};

static enum rc
content_body(struct ctx *cx, void *arg)
{
	const struct page_save *p = arg;
	enum rc rc;

	if ((rc = content_put(cx, &p->line, p->html)) != RC_OK ||
	    (rc = outbox_catalogue(cx, 0)) != RC_OK)
		return rc;
	return audit_add(cx, "content.save",
	    arena_fmt(cx->arena, "content:%s.%s", p->line.slug, p->line.lang),
	    p->line.title);
}

enum rc
edit_content_save(struct ctx *cx, const char *slug, const char *lang,
    const char *title, const char *body_md, struct edit_error *why)
{
	struct page_save p = {{edit_text(slug), edit_text(lang),
				  edit_text(title), edit_text(body_md), 0},
	    ""};
	enum rc rc;

	if (!edit_slug(why, p.line.slug) ||
	    !edit_choice(why, "lang", p.line.lang, LANGS) ||
	    !edit_line(why, "title", p.line.title, LIM_NAME, NEEDED) ||
	    !edit_lines(why, "body_md", p.line.body_md, LIM_MARKDOWN))
		return RC_INVALID;
	rc = markdown_html(cx, p.line.body_md, &p.html);
	return rc == RC_OK ? tx_run(cx, content_body, &p) : rc;
}
