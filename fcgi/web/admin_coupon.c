/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Coupons on the panel.  A form that is refused comes back as it was filled
 * in, each reason beside its field.
 */
#include "base/limits.h"
#include "base/num.h"
#include "base/time.h"
#include "base/url.h"
#include "shop/coupon.h"
#include "shop/staff.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_coupon.h"
#include "web/web.h"

enum {
	PER_PAGE = 50,
	PREFIX_CHARS = 20,
	BATCH_CHARS = 40,
	NOTE_CHARS = 200,
	SCOPE_BYTES = 21,
	PERCENT_MOST = 10000,
	CSV_HINT = 64 * 1024
};

static bool
may(const struct response *rs)
{
	return staff_may(rs->rq->staff, "catalogue");
}

static unsigned
decimals(const struct response *rs)
{
	return currency_decimals(rs->web->currency);
}

/* ------------------------------------------------------------ the list */

/* NULL: every coupon, of a batch or not. */
static const char *
read_batch(struct fields *in)
{
	const char *batch = "";

	field_text(in, "batch", BATCH_CHARS, &batch);
	return batch[0] == '\0' ? NULL : batch;
}

enum rc
page_coupons(struct ctx *cx, struct response *rs)
{
	static const char *const words[] = {"", "made", "on", "off", "gone"};
	struct fields *in = rs->rq->query;
	const struct coupon_batch *batches;
	const struct coupon *list;
	const char *batch, *code;
	size_t n, n_batches, said = 0;
	uint64_t below = 0;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	batch = read_batch(in);
	field_token(in, "code", "-_", LIM_COUPON, &code);
	field_u64_or(in, "below", 1, INT64_MAX, 0, &below);
	if ((rc = coupon_list(cx, below, batch, code, PER_PAGE, &list, &n)) !=
		RC_OK ||
	    (rc = coupon_batch_list(cx, &batches, &n_batches)) != RC_OK)
		return rc;
	if (field_choice(in, "said", words, 5, 0, &said))
		tnode_set(rs->data, "Said", words[said]);
	fields_show(rs, in, "F");
	if (n == PER_PAGE)
		tnode_fmt(rs->data, "Older", "%s?batch=%s&below=%llu",
		    panel_path(rs, "/coupons"),
		    url_encoded(cx->arena, batch == NULL ? "" : batch),
		    (unsigned long long)list[n - 1].id);
	if (batch != NULL)
		tnode_set(rs->data, "Batch", batch);
	view_coupons(rs, list, n, batches, n_batches);
	return respond_page(rs, "admin/coupons.cs");
}

/* ------------------------------------------------------------ a new one */

static enum rc
show_form(struct ctx *cx, struct response *rs, struct fields *in)
{
	const struct coupon_scope *scopes;
	size_t n;
	enum rc rc = coupon_scope_list(cx, &scopes, &n);

	if (rc != RC_OK)
		return rc;
	fields_show(rs, in, "F");
	view_coupon_form(rs, scopes, n, field_raw(in, "scope"));
	return respond_page(rs, "admin/coupon.cs");
}

enum rc
page_coupon_new(struct ctx *cx, struct response *rs)
{
	struct fields *in = fields_new(cx->arena);

	if (!may(rs))
		return RC_DENIED;
	field_preset(in, "kind", "fixed");
	field_preset(in, "count", "1");
	field_preset(in, "uses_max", "1");
	return show_form(cx, rs, in);
}

/* A value is money or a percentage with two decimals. */
static void
read_value(struct response *rs, struct fields *in, struct coupon_edit *c)
{
	static const char *const kinds[] = {"fixed", "percent"};
	const struct money most = MONEY(LIM_PRICE_MINOR);
	struct money value;
	size_t kind = 0;

	field_choice(in, "kind", kinds, 2, SIZE_MAX, &kind);
	c->kind = kinds[kind];
	if (kind == 1)
		field_money(
		    in, "value", 2, MONEY(1), MONEY(PERCENT_MOST), &value);
	else
		field_money(in, "value", decimals(rs), MONEY(1), most, &value);
	c->value = value.minor;
	field_money_or(
	    in, "min", decimals(rs), MONEY(0), most, MONEY(0), &c->min);
	field_money_or(
	    in, "cap", decimals(rs), MONEY(0), most, MONEY(0), &c->cap);
}

static void
read_coupon(struct ctx *cx, struct response *rs, struct coupon_edit *c)
{
	struct fields *in = rs->rq->form;
	int zone = (int)cx->set->zone_minutes;
	uint64_t count, uses, each;

	read_value(rs, in, c);
	field_u64_or(in, "count", 1, COUPON_BATCH_MAX, 1, &count);
	field_u64_or(in, "uses_max", 0, UINT32_MAX, 0, &uses);
	field_u64_or(in, "per_contact", 0, UINT32_MAX, 0, &each);
	c->count = (unsigned)count;
	c->uses_max = (unsigned)uses;
	c->per_contact = (unsigned)each;
	field_token(in, "code", "-_", LIM_COUPON, &c->code);
	field_token(in, "prefix", "-_", PREFIX_CHARS, &c->prefix);
	field_token(in, "scope", "", SCOPE_BYTES, &c->scope);
	field_text(in, "batch", BATCH_CHARS, &c->batch);
	field_text(in, "note", NOTE_CHARS, &c->note);
	field_day(in, "from", zone, &c->from);
	if (field_day(in, "until", zone, &c->until) && c->until != 0)
		c->until += S_PER_DAY * US_PER_S; /* that day is the last */
}

enum rc
do_coupon_create(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	struct coupon_edit c = {0};
	struct edit_error why = {0};
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	read_coupon(cx, rs, &c);
	rc = fields_ok(in) ? coupon_create(cx, &c, &why) : RC_INVALID;
	if (rc == RC_INVALID) {
		if (why.field != NULL)
			field_fail(in, why.field, why.reason);
		rs->status = reply_status_of(rc);
		return show_form(cx, rs, in);
	}
	if (rc != RC_OK)
		return rc;
	return respond_see(
	    rs, panel_path(rs, "/coupons?batch=%s&said=made",
		    url_encoded(cx->arena, c.count > 1 ? c.batch : "")));
}

/* ------------------------------------------------------------ acts */

static enum rc
back(struct response *rs, const char *batch, const char *word)
{
	return respond_see(rs,
	    panel_path(rs, "/coupons?batch=%s&said=%s",
		url_encoded(rs->cx->arena, batch == NULL ? "" : batch), word));
}

enum rc
do_coupon_switch(struct ctx *cx, struct response *rs)
{
	bool active = field_checked(rs->rq->form, "active");
	uint64_t id;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (num_u64(span_str(path_param(rs->rq, "id")), INT64_MAX, &id) !=
	    RC_OK)
		return RC_NOTFOUND;
	rc = coupon_set_active(cx, id, active);
	if (rc != RC_OK && rc != RC_CONFLICT)
		return rc;
	return back(rs, read_batch(rs->rq->form),
	    rc == RC_CONFLICT ? "gone"
	    : active          ? "on"
			      : "off");
}

enum rc
do_coupon_batch(struct ctx *cx, struct response *rs)
{
	bool active = field_checked(rs->rq->form, "active");
	const char *batch = read_batch(rs->rq->form);
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	rc = coupon_set_batch_active(cx, batch, active);
	return rc == RC_OK ? back(rs, batch, active ? "on" : "off") : rc;
}

enum rc
do_coupon_export(struct ctx *cx, struct response *rs)
{
	const char *batch = read_batch(rs->rq->form);
	struct buf b;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	buf_init(&b, cx->arena, CSV_HINT, LIM_RESPONSE);
	rc = coupon_export(cx, batch, &b);
	if (rc != RC_OK)
		return rc;
	return respond_download(rs, "text/csv; charset=utf-8",
	    arena_fmt(cx->arena, "%s.csv", batch), (struct span){b.p, b.len});
}
