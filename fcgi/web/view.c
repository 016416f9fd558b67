/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frame of every page (view.h).
 */
#include "web/view.h"

#include "base/bug.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/url.h"
#include "shop/catalogue.h"
#include "shop/staff.h"
#include "web/piece.h"
#include "web/response.h"
#include "web/router.h"
#include "web/session.h"
#include "web/web.h"

/* Where /lang and /theme lead back to: this page, unless it was sent by a
 * form. */
static const char *
way_back(struct response *rs)
{
	const struct request *rq = rs->rq;
	struct buf b;

	buf_init(&b, rs->cx->arena, LIM_PATH, LIM_PATH + LIM_QUERY);
	if (rq->method == METHOD_POST)
		return "/";
	buf_str(&b, rq->path);
	if (*rq->query_string != '\0')
		buf_fmt(&b, "?%s", rq->query_string);
	return url_encoded(rs->cx->arena, buf_text(&b));
}

static void
frame_page(struct response *rs)
{
	struct tnode *p = tnode_child(rs->data, "Page");

	tnode_set(p, "Lang", rs->rq->lang);
	tnode_set(p, "Theme", rs->rq->theme);
	tnode_set(p, "Path", rs->rq->path);
	tnode_set(p, "ToParam", way_back(rs));
	tnode_set(p, "Admin", rs->cx->set->admin_prefix);
	tnode_int(p, "Status", rs->status);
	/* a page that many see carries no one request's id */
	if (rs->cache != CACHE_PUBLIC)
		tnode_set(p, "RequestId", rs->rq->id);
}

/* What is known of the shop in the visitor's language. */
static struct web_shop *
shop_seen(struct response *rs)
{
	struct web_shop *s = rs->web->shop;

	while (s->lang != NULL && !str_eq(s->lang, rs->rq->lang)) {
		s++;
		BUG_ON(s == rs->web->shop + WEB_LANGS);
	}
	return s;
}

/* The shop's name is on every page and hardly ever changes: a visitor may
 * see it a second old, staff see what they have just saved. */
static bool
shop_is_stale(const struct response *rs, const struct web_shop *s)
{
	return rs->rq->staff != NULL || time_mono_us() >= s->until;
}

/* The name of the shop, or the last one known when there is no database. */
static void
frame_shop(struct response *rs, bool ask)
{
	struct web *w = rs->web;
	struct web_shop *seen = shop_seen(rs);
	const struct shop_info *info;
	struct tnode *s = tnode_child(rs->data, "Shop");

	if (ask && shop_is_stale(rs, seen) &&
	    catalogue_shop(rs->cx, &info) == RC_OK) {
		seen->lang = session_language(rs->rq->lang, NULL);
		web_remember(seen->name, sizeof(seen->name), info->name);
		web_remember(w->currency, sizeof(w->currency), info->currency);
		seen->until = time_mono_us() + US_PER_S;
	}
	tnode_set(s, "Name", seen->name);
	tnode_set(s, "Currency", w->currency);
	tnode_set(s, "Url", rs->cx->set->site_url);
}

static void
frame_staff(struct response *rs)
{
	/* clang-format off */
	static const char *const parts[] = {
		"orders", "refunds", "catalogue", "stock", "money", "settings",
		"audit",
	};
	/* clang-format on */
	const struct staff *st = rs->rq->staff;
	struct tnode *may;
	size_t i;

	if (st == NULL)
		return;
	tnode_set(rs->data, "Staff.Name", st->username);
	tnode_set(rs->data, "Staff.Role", st->role);
	may = tnode_child(rs->data, "Staff.May");
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		tnode_bool(may, parts[i], staff_may(st, parts[i]));
}

void
view_frame_data(struct response *rs)
{
	frame_page(rs);
	frame_shop(rs, true);
}

/* It is made of Page.* and the shop's name, the files and the texts. */
void
view_frame_key(struct response *rs, struct buf *key)
{
	piece_text(key, shop_seen(rs)->name);
	tnode_write(tnode_child(rs->data, "Page"), key);
	if (rs->cache != CACHE_PUBLIC)
		piece_never(key);
}

/* The top or the foot of a public page, as it was for the last who asked. */
static void
frame_piece(struct response *rs, const char *tpl, const char *name)
{
	struct span html;
	struct buf key;

	piece_key(rs, &key, tpl);
	view_frame_key(rs, &key);
	/* what does not render here is said when the page itself renders it */
	if (piece_find(rs, &key, &html) == RC_OK ||
	    piece_make(rs, &key, tpl, rs->data, &html) == RC_OK)
		tnode_refer(rs->data, name, html.p);
}

void
view_frame(struct response *rs)
{
	view_frame_data(rs);
	frame_staff(rs);
	if (rs->cache == CACHE_PUBLIC) {
		frame_piece(rs, "layout/head.cs", "Frame.HeadHtml");
		frame_piece(rs, "layout/foot.cs", "Frame.FootHtml");
	}
	if (rs->cache == CACHE_NEVER)
		tnode_set(rs->data, "Csrf", session_csrf(rs));
}

enum rc
view_shared(
    struct response *rs, const char *tpl, const char *back, struct buf *out)
{
	frame_page(rs);
	frame_shop(rs, true);
	tnode_set(rs->data, "Page.ToParam", url_encoded(rs->cx->arena, back));
	tnode_set(rs->data, "Page.RequestId", "");
	return tmpl_render(rs->web->tmpl, tpl, rs->rq->lang, rs->data, out);
}

enum rc
view_error(struct response *rs, const char *tpl)
{
	frame_page(rs);
	/* whatever broke may be the database: it is not asked again; nor is
	 * it for who asks for what does not exist, once the name is known */
	frame_shop(rs, rs->status < HTTP_FAULT && *shop_seen(rs)->name == '\0');
	frame_staff(rs);
	if (rs->retry_s != 0)
		tnode_int(rs->data, "Retry", rs->retry_s);
	rs->type = "text/html; charset=utf-8";
	return tmpl_render(
	    rs->web->tmpl, tpl, rs->rq->lang, rs->data, &rs->body);
}
