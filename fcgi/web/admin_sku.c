/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SKUs of a product (price, limits, wholesale tiers, sale window) and what a
 * buyer must fill in for it.
 */
#include "base/limits.h"
#include "base/num.h"
#include "base/time.h"
#include "shop/goods_edit.h"
#include "shop/staff.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_goods_edit.h"
#include "web/web.h"

enum {
	SORT_MAX = 1000000,
	TIERS = 10,
	TIER_TEXT = 1000,
	MAX_QTY = 100, /* where nothing else is said */
	INPUT_LEN = 100,
};

static const char *const kinds[] = {"card", "loop", "manual"};

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

/* "new" is one without an id. */
static bool
ids(const struct request *rq, uint64_t *product, uint64_t *sku)
{
	*sku = 0;
	return path_u64(rq, "id", product) == RC_OK &&
	       (str_eq(path_param(rq, "sku"), "new") ||
		   path_u64(rq, "sku", sku) == RC_OK);
}

static enum rc
find(
    struct ctx *cx, uint64_t product, uint64_t sku, const struct sku_edit **out)
{
	const struct sku_edit *list;
	size_t n, i;
	enum rc rc = edit_skus(cx, product, &list, &n);

	for (i = 0; rc == RC_OK && i < n; i++) {
		if (list[i].id == sku) {
			*out = &list[i];
			return RC_OK;
		}
	}
	return rc == RC_OK ? RC_NOTFOUND : rc;
}

static const char *
number(struct ctx *cx, int64_t n)
{
	return arena_fmt(cx->arena, "%lld", (long long)n);
}

/* "10=9.50" a line. */
static const char *
tiers_text(struct response *rs, const struct sku_edit *s)
{
	struct buf b;
	size_t i;

	buf_init(&b, rs->cx->arena, TIER_TEXT, TIER_TEXT);
	for (i = 0; i < s->n_tiers; i++)
		buf_fmt(&b, "%u=%s\n", s->tiers[i].min_qty,
		    money_text(rs->cx->arena, s->tiers[i].price, decimals(rs)));
	return buf_text(&b);
}

static void
read_tiers(struct response *rs, struct fields *in, struct sku_edit *s)
{
	struct span text = {NULL, 0}, line, qty;
	struct tier *t;
	uint64_t n;

	field_lines(in, "tiers", TIER_TEXT, &text);
	while (text.n != 0 && span_cut(&text, '\n', &line)) {
		line = span_trim(line);
		if (line.n == 0)
			continue;
		t = &s->tiers[s->n_tiers];
		if (s->n_tiers == TIERS || !span_cut(&line, '=', &qty) ||
		    num_u64(span_trim(qty), LIM_QTY, &n) != RC_OK ||
		    money_parse(span_trim(line), decimals(rs), &t->price) !=
			RC_OK) {
			field_fail(in, "tiers", "bad_tiers");
			return;
		}
		t->min_qty = (unsigned)n;
		s->n_tiers++;
	}
}

/* As a browser's field for a moment wants it. */
static const char *
minute(struct response *rs, int64_t us)
{
	char *text;

	if (us == 0)
		return "";
	text = arena_fmt(rs->cx->arena, "%.16s",
	    time_text(rs->cx->arena, us, (int)rs->cx->set->zone_minutes));
	text[sizeof("2026-01-31") - 1] = 'T';
	return text;
}

static void
preset(struct ctx *cx, struct response *rs, struct fields *in,
    const struct sku_edit *s)
{
	field_preset(in, "code", s->code);
	field_preset(in, "name", s->name);
	field_preset(in, "name_en", s->name_en);
	field_preset(in, "kind", s->kind);
	field_preset(in, "card_format", s->card_format);
	field_preset(
	    in, "price", money_text(cx->arena, s->price, decimals(rs)));
	field_preset(in, "cost", money_text(cx->arena, s->cost, decimals(rs)));
	field_preset(in, "min_qty", number(cx, s->min_qty));
	field_preset(in, "max_qty", number(cx, s->max_qty));
	field_preset(in, "buyer_limit", number(cx, s->buyer_limit));
	field_preset(in, "sale_from", minute(rs, s->sale_from));
	field_preset(in, "sale_until", minute(rs, s->sale_until));
	field_preset(in, "active", s->active ? "1" : "");
	field_preset(in, "sort", number(cx, s->sort));
	field_preset(in, "version", number(cx, s->version));
	field_preset(in, "tiers", tiers_text(rs, s));
}

static enum rc
show(struct response *rs, struct fields *in, uint64_t product, uint64_t sku)
{
	fields_show(rs, in, "F");
	view_sku_form(rs, product, sku);
	return respond_page(rs, "admin/sku.cs");
}

enum rc
page_sku_edit(struct ctx *cx, struct response *rs)
{
	struct fields *in = fields_new(cx->arena);
	const struct sku_edit *s;
	struct product_edit p;
	uint64_t product, sku;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (!ids(rs->rq, &product, &sku))
		return RC_NOTFOUND;
	rc = edit_product_load(cx, product, &p);
	if (rc == RC_OK && sku != 0)
		rc = find(cx, product, sku, &s);
	if (rc != RC_OK)
		return rc;
	if (sku != 0) {
		preset(cx, rs, in, s);
	} else {
		field_preset(in, "active", "1");
		field_preset(in, "min_qty", "1");
		field_preset(in, "max_qty", "100");
	}
	return show(rs, in, product, sku);
}

static void
read_sku(
    struct ctx *cx, struct response *rs, struct fields *in, struct sku_edit *s)
{
	int zone = (int)cx->set->zone_minutes;
	uint64_t min, max, limit, version;
	const struct money most = MONEY(LIM_PRICE_MINOR);
	int64_t sort;
	size_t kind;

	field_token(in, "code", "-_.", LIM_SKU_CODE, &s->code);
	field_need(in, "name", LIM_NAME, &s->name);
	field_text(in, "name_en", LIM_NAME, &s->name_en);
	s->kind = field_choice(in, "kind", kinds, 3, 0, &kind) ? kinds[kind]
							       : kinds[0];
	field_text(in, "card_format", LIM_TAGS, &s->card_format);
	field_money(in, "price", decimals(rs), MONEY(0), most, &s->price);
	field_money_or(
	    in, "cost", decimals(rs), MONEY(0), most, MONEY(0), &s->cost);
	field_u64_or(in, "min_qty", 1, LIM_QTY, 1, &min);
	field_u64_or(in, "max_qty", 1, LIM_QTY, MAX_QTY, &max);
	field_u64_or(in, "buyer_limit", 0, UINT32_MAX, 0, &limit);
	field_minute(in, "sale_from", zone, &s->sale_from);
	field_minute(in, "sale_until", zone, &s->sale_until);
	field_i64_or(in, "sort", -SORT_MAX, SORT_MAX, 0, &sort);
	field_u64_or(in, "version", 0, UINT32_MAX, 0, &version);
	read_tiers(rs, in, s);
	s->active = field_checked(in, "active");
	s->min_qty = (unsigned)min;
	s->max_qty = (unsigned)max;
	s->buyer_limit = (unsigned)limit;
	s->sort = (int)sort;
	s->version = (unsigned)version;
}

enum rc
do_sku_save(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	struct edit_error why = {0};
	struct sku_edit s = {0};
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (!ids(rs->rq, &s.product, &s.id))
		return RC_NOTFOUND;
	read_sku(cx, rs, in, &s);
	if (!fields_ok(in)) {
		rs->status = reply_status_of(RC_INVALID);
		return show(rs, in, s.product, s.id);
	}
	rc = edit_sku_save(cx, &s, &why);
	if (rc == RC_INVALID || (rc == RC_CONFLICT && why.field != NULL))
		field_fail(in, why.field, why.reason);
	else if (rc == RC_CONFLICT)
		tnode_bool(rs->data, "Conflict", true);
	if (rc == RC_INVALID || rc == RC_CONFLICT) {
		rs->status = reply_status_of(rc);
		return show(rs, in, s.product, s.id);
	}
	if (rc != RC_OK)
		return rc;
	return respond_seef(rs, "%s/products/%llu?said=sku",
	    cx->set->admin_prefix, (unsigned long long)s.product);
}

/* ------------------------------------------------------------ inputs */

static const char *const input_kinds[] = {"text", "digits", "email", "choice"};

static enum rc
show_inputs(struct response *rs, uint64_t product, const struct input_edit *in,
    size_t n)
{
	view_inputs_form(rs, product, in, n);
	return respond_page(rs, "admin/inputs.cs");
}

enum rc
page_inputs(struct ctx *cx, struct response *rs)
{
	const struct input_edit *in;
	uint64_t product;
	size_t n;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "id", &product) != RC_OK)
		return RC_NOTFOUND;
	rc = edit_inputs(cx, product, &in, &n);
	return rc == RC_OK ? show_inputs(rs, product, in, n) : rc;
}

static const char *
named(struct ctx *cx, const char *name, unsigned i)
{
	return arena_fmt(cx->arena, "%s_%u", name, i);
}

/* Row i of the form; one without a name is not there. */
static bool
read_input(struct ctx *cx, struct fields *f, unsigned i, struct input_edit *in)
{
	uint64_t max;
	size_t kind;

	if (!field_text(f, named(cx, "name", i), 32, &in->name) ||
	    in->name[0] == '\0')
		return false;
	field_text(f, named(cx, "label", i), LIM_NAME, &in->label);
	field_text(f, named(cx, "label_en", i), LIM_NAME, &in->label_en);
	field_text(f, named(cx, "hint", i), LIM_TAGS, &in->hint);
	field_text(f, named(cx, "choices", i), LIM_CARD, &in->choices);
	in->kind =
	    field_choice(f, named(cx, "kind", i), input_kinds, 4, 0, &kind)
		? input_kinds[kind]
		: input_kinds[0];
	field_u64_or(
	    f, named(cx, "max_len", i), 1, LIM_INPUT_VALUE, INPUT_LEN, &max);
	in->max_len = (unsigned)max;
	in->required = field_checked(f, named(cx, "required", i));
	in->sort = (int)i;
	return true;
}

enum rc
do_inputs_save(struct ctx *cx, struct response *rs)
{
	struct fields *f = rs->rq->form;
	struct input_edit in[LIM_INPUTS] = {0};
	struct edit_error why = {0};
	uint64_t product;
	unsigned i;
	size_t n = 0;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "id", &product) != RC_OK)
		return RC_NOTFOUND;
	for (i = 0; i < LIM_INPUTS; i++)
		n += read_input(cx, f, i, &in[n]) ? 1 : 0;
	rc = fields_ok(f) ? edit_inputs_save(cx, product, in, n, &why)
			  : RC_INVALID;
	if (rc == RC_INVALID) {
		tnode_set(
		    rs->data, "Error", why.reason == NULL ? "bad" : why.reason);
		rs->status = reply_status_of(rc);
		return show_inputs(rs, product, in, n);
	}
	if (rc != RC_OK)
		return rc;
	return respond_seef(rs, "%s/products/%llu?said=saved",
	    cx->set->admin_prefix, (unsigned long long)product);
}
