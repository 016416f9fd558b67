/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payment channels, the shop's own settings and pages, the audit log.  A
 * channel's form is made of its gateway's table of fields; secrets go in and
 * never come back out.
 */
#include "base/limits.h"
#include "base/num.h"
#include "shop/audit.h"
#include "shop/channel.h"
#include "shop/goods_edit.h"
#include "shop/staff.h"
#include "web/admin_shop.h"
#include "web/pager.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_settings.h"
#include "web/web.h"

enum { AUDIT_PAGE = 50, FEE_MAX = 5000, SORT_MAX = 1000000 };

static bool
may(const struct response *rs)
{
	return staff_may(rs->rq->staff, "settings");
}

/* ------------------------------------------------------------ channels */

static enum rc
show_channels(struct ctx *cx, struct response *rs)
{
	const struct channel *list;
	size_t n;
	enum rc rc = channel_list(cx, &list, &n);

	if (rc != RC_OK)
		return rc;
	view_channels(rs, list, n);
	return respond_page(rs, "admin/channels.cs");
}

enum rc
page_channels(struct ctx *cx, struct response *rs)
{
	return may(rs) ? show_channels(cx, rs) : RC_DENIED;
}

/* NULL: there is none of that name. */
static enum rc
find(struct ctx *cx, const char *name, const struct channel **out)
{
	const struct channel *list;
	size_t n, i;
	enum rc rc = channel_list(cx, &list, &n);

	*out = NULL;
	for (i = 0; rc == RC_OK && i < n; i++) {
		if (str_eq(list[i].name, name))
			*out = &list[i];
	}
	return rc;
}

static const char *
config_value(const struct channel *c, const char *name)
{
	size_t i;

	for (i = 0; c != NULL && i < c->config.n; i++) {
		if (str_eq(c->config.v[i].name, name))
			return c->config.v[i].value;
	}
	return "";
}

static void
preset(struct response *rs, struct fields *in, const struct channel *c)
{
	struct arena *a = rs->cx->arena;
	unsigned decimals = currency_decimals(c->currency);

	field_preset(in, "title", c->title);
	field_preset(in, "title_en", c->title_en);
	field_preset(in, "on", c->on ? "1" : "");
	field_preset(in, "device", c->device);
	field_preset(in, "currency", c->currency);
	field_preset(
	    in, "fee", money_text(a, MONEY((int64_t)c->fee_permyriad), 2));
	field_preset(in, "fee_fixed", money_text(a, c->fee_fixed, decimals));
	field_preset(in, "fee_buyer", c->fee_buyer ? "1" : "");
	field_preset(in, "min", money_text(a, c->min, decimals));
	field_preset(in, "max", money_text(a, c->max, decimals));
	field_preset(in, "sort", arena_fmt(a, "%d", c->sort));
	field_preset(in, "version", arena_fmt(a, "%u", c->version));
}

static enum rc
show_channel(struct response *rs, struct fields *in, const char *name,
    const struct gateway *g, const struct channel *c)
{
	const struct gateway_field *f;
	const char *own;
	size_t i;

	for (i = 0; i < g->n_fields; i++) {
		f = &g->fields[i];
		own = arena_fmt(rs->cx->arena, "f_%s", f->name);
		if (!field_given(in, own) && !field_is_secret(f))
			field_preset(in, own,
			    c != NULL ? config_value(c, f->name) : f->def);
	}
	fields_show(rs, in, "F");
	view_channel_form(rs, name, g, c);
	return respond_page(rs, "admin/channel.cs");
}

/* /channels/{name}?gateway=epay makes a new one of that name. */
static enum rc
which(struct ctx *cx, struct response *rs, const struct fields *in,
    const struct channel **c, const struct gateway **g)
{
	struct span wanted = field_raw(in, "gateway");
	enum rc rc = find(cx, path_param(rs->rq, "name"), c);

	if (rc != RC_OK)
		return rc;
	*g = *c != NULL
		 ? (*c)->gw
		 : gateway_find(arena_dup(cx->arena, wanted.p, wanted.n));
	return *g == NULL ? RC_NOTFOUND : RC_OK;
}

enum rc
page_channel(struct ctx *cx, struct response *rs)
{
	struct fields *in = fields_new(cx->arena);
	const struct channel *c;
	const struct gateway *g;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	rc = which(cx, rs, rs->rq->query, &c, &g);
	if (rc != RC_OK)
		return rc;
	if (c != NULL)
		preset(rs, in, c);
	else
		field_preset(in, "currency", rs->web->currency);
	return show_channel(rs, in, path_param(rs->rq, "name"), g, c);
}

enum rc
do_channel_new(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	const char *name, *gateway;

	if (!may(rs))
		return RC_DENIED;
	if (field_token(in, "name", "-_", LIM_CHANNEL, &name) &&
	    name[0] == '\0')
		field_fail(in, "name", FIELD_REQUIRED);
	if (field_token(in, "gateway", "_", LIM_CHANNEL, &gateway) &&
	    gateway_find(gateway) == NULL)
		field_fail(in, "gateway", "unknown");
	if (!fields_ok(in)) {
		rs->status = reply_status_of(RC_INVALID);
		fields_show(rs, in, "F");
		return show_channels(cx, rs);
	}
	return respond_seef(rs, "%s/channels/%s?gateway=%s",
	    cx->set->admin_prefix, name, gateway);
}

static void
read_channel(struct fields *in, struct channel *c)
{
	static const char *const devices[] = {"all", "pc", "mobile"};
	const struct money most = MONEY(LIM_PRICE_MINOR);
	unsigned decimals;
	struct money fee;
	uint64_t version;
	int64_t sort;
	size_t device;

	field_need(in, "title", 60, &c->title);
	field_text(in, "title_en", 60, &c->title_en);
	field_token(in, "currency", "", 3, &c->currency);
	decimals = currency_decimals(c->currency);
	c->device = field_choice(in, "device", devices, 3, 0, &device)
			? devices[device]
			: "all";
	field_money_or(in, "fee", 2, MONEY(0), MONEY(FEE_MAX), MONEY(0), &fee);
	field_money_or(
	    in, "fee_fixed", decimals, MONEY(0), most, MONEY(0), &c->fee_fixed);
	field_money_or(in, "min", decimals, MONEY(0), most, MONEY(0), &c->min);
	field_money_or(in, "max", decimals, MONEY(0), most, MONEY(0), &c->max);
	field_i64_or(in, "sort", -SORT_MAX, SORT_MAX, 0, &sort);
	field_u64_or(in, "version", 0, UINT32_MAX, 0, &version);
	c->on = field_checked(in, "on");
	c->fee_buyer = field_checked(in, "fee_buyer");
	c->fee_permyriad = (uint32_t)fee.minor;
	c->sort = (int)sort;
	c->version = (unsigned)version;
}

static const struct channel_field *
read_fields(struct ctx *cx, struct fields *in, const struct gateway *g)
{
	struct channel_field *f =
	    ARENA_ARRAY(cx->arena, g->n_fields, struct channel_field);
	struct span text;
	const char *own;
	size_t i;

	for (i = 0; i < g->n_fields; i++) {
		own = arena_fmt(cx->arena, "f_%s", g->fields[i].name);
		f[i].name = g->fields[i].name;
		if (g->fields[i].kind == FIELD_BOOL) {
			f[i].value = field_checked(in, own) ? "yes" : "no";
			continue;
		}
		text = (struct span){NULL, 0};
		field_lines(in, own, LIM_MARKDOWN, &text);
		text = span_trim(text);
		f[i].value = arena_dup(cx->arena, text.p, text.n);
	}
	return f;
}

/* The field of a refusal is the form's own, or one of the gateway's. */
static void
explain(struct ctx *cx, struct fields *in, const struct gateway *g,
    const struct edit_error *why)
{
	size_t i;

	for (i = 0; i < g->n_fields; i++) {
		if (str_eq(g->fields[i].name, why->field)) {
			field_fail(in, arena_fmt(cx->arena, "f_%s", why->field),
			    why->reason);
			return;
		}
	}
	field_fail(in, why->field, why->reason);
}

enum rc
do_channel_save(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	const struct channel_field *f;
	const struct channel *old;
	const struct gateway *g;
	struct edit_error why = {0};
	struct channel c = {.name = path_param(rs->rq, "name")};
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	rc = which(cx, rs, in, &old, &g);
	if (rc != RC_OK)
		return rc;
	c.gateway = g->name;
	read_channel(in, &c);
	f = read_fields(cx, in, g);
	rc = fields_ok(in) ? channel_save(cx, &c, f, g->n_fields, &why)
			   : RC_INVALID;
	if (rc == RC_INVALID && why.field != NULL)
		explain(cx, in, g, &why);
	if (rc == RC_CONFLICT)
		tnode_bool(rs->data, "Conflict", true);
	if (rc == RC_INVALID || rc == RC_CONFLICT) {
		rs->status = reply_status_of(rc);
		return show_channel(rs, in, c.name, g, old);
	}
	if (rc != RC_OK)
		return rc;
	return respond_see(rs, panel_path(rs, "/channels"));
}

enum rc
do_channel_test(struct ctx *cx, struct response *rs)
{
	const char *said = "";
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	rc = channel_test(cx, path_param(rs->rq, "name"), &said);
	if (rc == RC_NOTFOUND)
		return rc;
	tnode_set(rs->data, "Test.Said", said);
	tnode_bool(rs->data, "Test.Ok", rc == RC_OK);
	return show_channels(cx, rs);
}

/* ------------------------------------------------------------ the shop */

static enum rc
preset_shop(struct ctx *cx, struct fields *in)
{
	struct shop_edit s;
	enum rc rc;

	rc = edit_shop_load(cx, &s);
	if (rc != RC_OK)
		return rc;
	field_preset(in, "name", s.name);
	field_preset(in, "notice", s.notice);
	field_preset(in, "name_en", s.name_en);
	field_preset(in, "notice_en", s.notice_en);
	field_preset(in, "open", s.open ? "1" : "");
	return RC_OK;
}

enum rc
admin_shop_show(struct ctx *cx, struct response *rs, struct fields *in)
{
	const struct content_edit *pages;
	size_t n;
	enum rc rc;

	if ((rc = edit_contents(cx, &pages, &n)) != RC_OK ||
	    (!field_given(in, "name") && (rc = preset_shop(cx, in)) != RC_OK) ||
	    (rc = admin_policy_fill(cx, rs, in)) != RC_OK)
		return rc;
	fields_show(rs, in, "F");
	view_shop_form(rs, pages, n);
	return respond_page(rs, "admin/shop.cs");
}

enum rc
page_shop(struct ctx *cx, struct response *rs)
{
	return may(rs) ? admin_shop_show(cx, rs, fields_new(cx->arena))
		       : RC_DENIED;
}

enum rc
do_shop_save(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	const char *name, *name_en;
	struct span notice = {NULL, 0}, notice_en = {NULL, 0};
	struct edit_error why = {0};
	enum rc rc = RC_INVALID;

	if (!may(rs))
		return RC_DENIED;
	field_need(in, "name", LIM_NAME, &name);
	field_lines(in, "notice", LIM_SUMMARY, &notice);
	field_text(in, "name_en", LIM_NAME, &name_en);
	field_lines(in, "notice_en", LIM_SUMMARY, &notice_en);
	if (fields_ok(in))
		rc = edit_shop_save(cx, name,
		    arena_dup(cx->arena, notice.p, notice.n),
		    field_checked(in, "open"), &why);
	if (rc == RC_OK)
		rc = edit_shop_text(cx, "en", name_en,
		    arena_dup(cx->arena, notice_en.p, notice_en.n), &why);
	if (rc == RC_INVALID) {
		if (why.field != NULL)
			field_fail(in, why.field, why.reason);
		rs->status = reply_status_of(rc);
		return admin_shop_show(cx, rs, in);
	}
	if (rc != RC_OK)
		return rc;
	return respond_see(rs, panel_path(rs, "/shop?said=saved"));
}

/* The same page of text again, with what was typed. */
static enum rc
content_again(struct ctx *cx, struct response *rs, struct fields *in,
    const char *slug, const char *lang)
{
	rs->status = reply_status_of(RC_INVALID);
	fields_show(rs, in, "P");
	tnode_fmt(rs->data, "P.Page", "%s.%s", slug, lang);
	return admin_shop_show(cx, rs, fields_new(cx->arena));
}

enum rc
do_content_save(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	const char *slug, *lang, *title;
	struct edit_error why = {0};
	struct span body;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	/* not typed by anybody: a page's own */
	if (!field_token(in, "slug", "-", LIM_SLUG, &slug) ||
	    !field_token(in, "lang", "-", LIM_SLUG, &lang))
		return RC_INVALID;
	field_need(in, "title", LIM_NAME, &title);
	field_lines(in, "body_md", LIM_MARKDOWN, &body);
	if (!fields_ok(in))
		return content_again(cx, rs, in, slug, lang);
	rc = edit_content_save(
	    cx, slug, lang, title, arena_dup(cx->arena, body.p, body.n), &why);
	if (rc == RC_INVALID && why.field != NULL &&
	    (str_eq(why.field, "title") || str_eq(why.field, "body_md"))) {
		field_fail(in, why.field, why.reason);
		return content_again(cx, rs, in, slug, lang);
	}
	if (rc != RC_OK)
		return rc;
	return respond_see(rs, panel_path(rs, "/shop?said=saved"));
}

/* ------------------------------------------------------------ audit */

enum rc
page_audit(struct ctx *cx, struct response *rs)
{
	struct page page = {.page = 1, .per_page = AUDIT_PAGE};
	const struct audit_row *rows;
	const char *object;
	uint64_t at;
	size_t n;
	enum rc rc;

	if (!staff_may(rs->rq->staff, "audit"))
		return RC_DENIED;
	field_text(rs->rq->query, "object", LIM_TAGS, &object);
	if (field_u64_or(
		rs->rq->query, "page", 1, UINT32_MAX / AUDIT_PAGE, 1, &at))
		page.page = (unsigned)at;
	rc =
	    audit_list(cx, object[0] == '\0' ? NULL : object, &page, &rows, &n);
	if (rc != RC_OK)
		return rc;
	view_audit(rs, rows, n);
	pager_show(rs, panel_path(rs, "/audit?page="), page.page,
	    pager_last(page.total, AUDIT_PAGE));
	return respond_page(rs, "admin/audit.cs");
}
