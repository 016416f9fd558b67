/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From "buy" to an order: the offer, and its new price when something was
 * changed.  The order itself is placed in do_order.c.
 */
#include "base/limits.h"
#include "shop/admission.h"
#include "shop/catalogue.h"
#include "shop/price.h"
#include "shop/queue.h"
#include "web/checkout_int.h"
#include "web/light.h"
#include "web/queue.h"
#include "web/router.h"
#include "web/session.h"
#include "web/work.h"

const char *
attempt_count(struct ctx *cx, uint64_t n)
{
	return arena_fmt(cx->arena, "%llu", (unsigned long long)n);
}

void
attempt_take(struct attempt *t)
{
	struct quote_ask *ask = &t->form.ask;

	ask->product = t->product = t->offer.product;
	ask->offer = t->sku = t->offer.sku;
	ask->shop = t->offer.shop;
	ask->channels = t->offer.channels;
	ask->n_channels = t->offer.n_channels;
	t->form.offer = t->offer.kept ? t->offer.digest : 0;
}

/* What is ordered is computed from one offer; what is shown has texts and
 * stock beside it, and its price comes from the same rows. */
enum rc
attempt_look(struct ctx *cx, struct attempt *t)
{
	struct quote_ask *ask = &t->form.ask;
	enum rc rc;

	if (t->offer_only) {
		rc = offer_get(cx, ask->sku, &t->offer);
		if (rc == RC_OK)
			attempt_take(t);
		return rc;
	}
	rc = catalogue_product_of_sku(cx, ask->sku, &t->product, &t->sku);
	if (rc == RC_OK) {
		ask->product = t->product;
		ask->offer = t->sku;
		ask->shop = NULL;
		ask->channels = NULL;
	}
	return rc;
}

/* The SKU is what the page is about: without one there is no page. */
enum rc
attempt_load(struct ctx *cx, struct attempt *t)
{
	enum rc rc;

	if (!field_u64(t->in, "sku", 1, UINT64_MAX, &t->form.ask.sku))
		return RC_NOTFOUND;
	rc = attempt_look(cx, t);
	if (rc != RC_OK)
		return rc;
	queue_goods(cx, t->sku);
	if (!t->offer.kept)
		work_goods(t->sku->id, t->product->work);
	return RC_OK;
}

/* An order that was not placed becomes a page. */
static enum rc
load_for_page(struct ctx *cx, struct attempt *t)
{
	if (!t->offer_only)
		return RC_OK;
	t->offer_only = false;
	return attempt_look(cx, t);
}

static unsigned
most(const struct sku *s)
{
	return s->max_qty == 0 || s->max_qty > LIM_QTY ? LIM_QTY : s->max_qty;
}

/* Outside the limits the nearest good quantity is priced and the reason stands
 * beside the field. */
static void
read_qty(struct ctx *cx, struct attempt *t)
{
	unsigned min = t->sku->min_qty, max = most(t->sku);
	uint64_t qty;

	t->form.ask.qty = min;
	if (t->link ? !field_u64_or(t->in, "qty", 0, UINT64_MAX, min, &qty)
		    : !field_u64(t->in, "qty", 0, UINT64_MAX, &qty))
		return;
	if (qty < min) {
		field_fail(t->in, "qty", "qty_min");
		t->view.qty_arg = attempt_count(cx, min);
	} else if (qty > max) {
		field_fail(t->in, "qty", "qty_max");
		t->view.qty_arg = attempt_count(cx, max);
		t->form.ask.qty = max;
	} else {
		t->form.ask.qty = (unsigned)qty;
	}
}

void
attempt_ask(struct ctx *cx, struct attempt *t)
{
	read_qty(cx, t);
	field_text(t->in, "coupon", LIM_COUPON, &t->form.ask.coupon);
	field_text(t->in, "channel", LIM_CHANNEL, &t->form.ask.channel);
	t->form.ask.mobile = cx->mobile;
}

/* For the price alone: kept as typed, complained about only when ordering. */
static void
keep_form(struct ctx *cx, struct attempt *t)
{
	const struct product *p = t->product;
	const char *kept;
	size_t i;

	field_text(t->in, "contact", LIM_EMAIL, &kept);
	field_text(t->in, "lookup_password", LIM_LOOKUP_PASSWORD, &kept);
	for (i = 0; i < p->n_inputs && i < LIM_INPUTS; i++)
		field_text(t->in,
		    arena_fmt(cx->arena, "input_%s", p->inputs[i].name),
		    p->inputs[i].max_len, &kept);
}

/* ---- showing */

static void
explain_coupon(struct attempt *t)
{
	/* clang-format off */
	static const char *const reason[COUPON__N] = {
		[COUPON_UNKNOWN]     = "coupon_unknown",
		[COUPON_NOT_YET]     = "coupon_not_yet",
		[COUPON_OVER]        = "coupon_over",
		[COUPON_USED_UP]     = "coupon_used",
		[COUPON_OTHER_GOODS] = "coupon_other",
		[COUPON_TOO_SMALL]   = "coupon_min",
	};
	/* clang-format on */
	const char *r = reason[t->view.quote->coupon_verdict];

	if (r == NULL && t->coupon_refused)
		r = "coupon_used";
	if (r != NULL)
		field_fail(t->in, "coupon", r);
}

/* Fewer than asked for are left.  How many is told only where the shop tells
 * it. */
void
attempt_stock(struct ctx *cx, struct attempt *t)
{
	const struct stock_view *s = &t->sku->stock;

	/* nobody can take less than the least: whoever has just taken the last
	 * ones has not told the rows yet */
	if (s->out || s->n < t->sku->min_qty ||
	    t->form.ask.qty <= t->sku->min_qty) {
		t->view.sold_out = true;
	} else if (s->display == STOCK_EXACT && s->n < t->form.ask.qty) {
		field_fail(t->in, "qty", "qty_stock");
		t->view.qty_arg = attempt_count(cx, s->n);
	} else {
		field_fail(t->in, "qty", "qty_less");
	}
}

static bool
short_of_stock(const struct attempt *t)
{
	const struct stock_view *s = &t->sku->stock;

	if (t->sku->kind != SKU_CARD)
		return s->out;
	return s->out || (!s->more && s->n < t->form.ask.qty);
}

/* A form that was sent can be sent again: stock comes back. */
enum rc
attempt_light(struct response *rs, const struct attempt *t, enum gate_why why)
{
	return light_make(rs, t->product, t->sku, why,
	    !t->link && field_given(t->in, "form_token"));
}

enum rc
attempt_show(struct ctx *cx, struct response *rs, struct attempt *t)
{
	enum rc rc;

	if (t->view.sold_out)
		return attempt_light(rs, t, GATE_SOLD_OUT);
	rc = load_for_page(cx, t);
	if (rc == RC_OK)
		rc = price_quote(cx, &t->form.ask, &t->view.quote);
	if (rc != RC_OK)
		return rc;
	explain_coupon(t);
	t->view.fields = t->in;
	if (t->product->work != WORK_OFF)
		t->view.token = work_show(rs, t->sku->id, t->product->work);
	if (t->view.token == NULL)
		t->view.token = checkout_form_token(cx, session_visitor(rs));
	view_checkout(rs, &t->view);
	rs->status = t->status;
	if (t->status == HTTP_OK && !fields_ok(t->in))
		rs->status = reply_status_of(RC_INVALID);
	return respond_page(rs, "page/checkout.cs");
}

enum rc
page_checkout(struct ctx *cx, struct response *rs)
{
	struct attempt t = {
	    .in = rs->rq->query, .link = true, .status = HTTP_OK};
	enum rc rc = light_checkout(rs);

	if (rc != RC_NOTFOUND || (rc = queue_checkout(rs)) != RC_NOTFOUND)
		return rc;
	if ((rc = attempt_load(cx, &t)) != RC_OK)
		return rc;
	admission_stock(cx, t.sku);
	attempt_ask(cx, &t);
	if (short_of_stock(&t))
		attempt_stock(cx, &t);
	return attempt_show(cx, rs, &t);
}

/* The button beside the coupon: the same form, a new price, no order. */
enum rc
do_requote(struct ctx *cx, struct response *rs)
{
	struct attempt t = {.in = rs->rq->form, .status = HTTP_OK};
	enum rc rc = attempt_load(cx, &t);

	if (rc != RC_OK)
		return rc;
	attempt_ask(cx, &t);
	keep_form(cx, &t);
	if (short_of_stock(&t))
		attempt_stock(cx, &t);
	return attempt_show(cx, rs, &t);
}
