/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From "buy" to an order: the offer, its new price when something was changed,
 * and placing it.  Whatever is wrong comes back beside its field with all that
 * was typed.
 */
#include "base/limits.h"
#include "shop/admission.h"
#include "shop/catalogue.h"
#include "shop/checkout.h"
#include "shop/price.h"
#include "shop/queue.h"
#include "shop/ticket.h"
#include "web/light.h"
#include "web/queue.h"
#include "web/response.h"
#include "web/router.h"
#include "web/session.h"
#include "web/view_shop.h"

/* One showing of the checkout, and the form it answers. */
struct attempt {
	struct fields *in;
	bool link; /* in comes from an address: the quantity may be left out */
	const struct product *product;
	const struct sku *sku;
	struct checkout form;
	struct checkout_view view;
	enum http_status status;
	bool offer_only;     /* read for ordering, not for showing */
	bool coupon_refused; /* when it was placed: others may have used it */
};

static const char *
count_text(struct ctx *cx, uint64_t n)
{
	return arena_fmt(cx->arena, "%llu", (unsigned long long)n);
}

/* The price is computed from the same rows: they are read once a request. */
static enum rc
look_at_goods(struct ctx *cx, struct attempt *t)
{
	uint64_t sku = t->form.ask.sku;
	enum rc rc =
	    t->offer_only
		? catalogue_offer(cx, sku, &t->product, &t->sku)
		: catalogue_product_of_sku(cx, sku, &t->product, &t->sku);

	if (rc == RC_OK) {
		t->form.ask.product = t->product;
		t->form.ask.offer = t->sku;
	}
	return rc;
}

/* The SKU is what the page is about: without one there is no page. */
static enum rc
load_goods(struct ctx *cx, struct attempt *t)
{
	enum rc rc;

	if (!field_u64(t->in, "sku", 1, UINT64_MAX, &t->form.ask.sku))
		return RC_NOTFOUND;
	rc = look_at_goods(cx, t);
	if (rc == RC_OK)
		queue_goods(cx, t->sku);
	return rc;
}

/* An order that was not placed becomes a page. */
static enum rc
load_for_page(struct ctx *cx, struct attempt *t)
{
	if (!t->offer_only)
		return RC_OK;
	t->offer_only = false;
	return look_at_goods(cx, t);
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
		t->view.qty_arg = count_text(cx, min);
	} else if (qty > max) {
		field_fail(t->in, "qty", "qty_max");
		t->view.qty_arg = count_text(cx, max);
		t->form.ask.qty = max;
	} else {
		t->form.ask.qty = (unsigned)qty;
	}
}

static void
read_ask(struct ctx *cx, struct attempt *t)
{
	read_qty(cx, t);
	field_text(t->in, "coupon", LIM_COUPON, &t->form.ask.coupon);
	field_text(t->in, "channel", LIM_CHANNEL, &t->form.ask.channel);
	t->form.ask.mobile = cx->mobile;
}

static void
read_inputs(struct ctx *cx, struct attempt *t)
{
	const struct product *p = t->product;
	struct checkout_input *v =
	    ARENA_ARRAY(cx->arena, p->n_inputs + 1, struct checkout_input);
	const struct product_input *in;
	const char *name;
	size_t i;

	for (i = 0; i < p->n_inputs && i < LIM_INPUTS; i++) {
		in = &p->inputs[i];
		name = arena_fmt(cx->arena, "input_%s", in->name);
		v[i].name = in->name;
		if (in->required)
			field_need(t->in, name, in->max_len, &v[i].value);
		else
			field_text(t->in, name, in->max_len, &v[i].value);
	}
	t->form.inputs = v;
	t->form.n_inputs = i;
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

/* The form says what each way to pay would have cost, or only what the one it
 * names would; a request without that takes the price as it is. */
static void
read_shown(struct ctx *cx, struct attempt *t)
{
	const char *channel = t->form.ask.channel;
	const char *name = "shown";

	if (*channel != '\0' && str_is_token(channel, "_-", LIM_CHANNEL))
		name = arena_fmt(cx->arena, "shown_%s", channel);
	if (!field_given(t->in, name))
		name = "shown";
	t->form.shown_total = -1;
	if (num_i64(field_raw(t->in, name), 0, INT64_MAX,
		&t->form.shown_total) != RC_OK)
		t->form.shown_total = -1;
}

static void
read_form(struct ctx *cx, struct response *rs, struct attempt *t)
{
	struct span token = field_raw(t->in, "form_token");

	read_ask(cx, t);
	field_need(t->in, "contact", LIM_EMAIL, &t->form.contact);
	if (*t->form.contact != '\0')
		field_email(t->in, "contact", &t->form.contact);
	field_text(t->in, "lookup_password", LIM_LOOKUP_PASSWORD,
	    &t->form.lookup_password);
	read_inputs(cx, t);
	read_shown(cx, t);
	t->form.form_token = arena_dup(cx->arena, token.p, token.n);
	t->form.visitor = session_visitor(rs);
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
static void
explain_stock(struct ctx *cx, struct attempt *t)
{
	const struct stock_view *s = &t->sku->stock;

	if (s->out || s->n < t->sku->min_qty) {
		t->view.sold_out = true;
	} else if (s->display == STOCK_EXACT && s->n < t->form.ask.qty) {
		field_fail(t->in, "qty", "qty_stock");
		t->view.qty_arg = count_text(cx, s->n);
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
static enum rc
show_light(struct response *rs, const struct attempt *t, enum gate_why why)
{
	return light_make(rs, t->product, t->sku, why,
	    !t->link && field_given(t->in, "form_token"));
}

static enum rc
show(struct ctx *cx, struct response *rs, struct attempt *t)
{
	enum rc rc;

	if (t->view.sold_out)
		return show_light(rs, t, GATE_SOLD_OUT);
	rc = load_for_page(cx, t);
	if (rc == RC_OK)
		rc = price_quote(cx, &t->form.ask, &t->view.quote);
	if (rc != RC_OK)
		return rc;
	explain_coupon(t);
	t->view.fields = t->in;
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
	if ((rc = load_goods(cx, &t)) != RC_OK)
		return rc;
	admission_stock(cx, t.sku);
	read_ask(cx, &t);
	if (short_of_stock(&t))
		explain_stock(cx, &t);
	return show(cx, rs, &t);
}

/* The button beside the coupon: the same form, a new price, no order. */
enum rc
do_requote(struct ctx *cx, struct response *rs)
{
	struct attempt t = {.in = rs->rq->form, .status = HTTP_OK};
	enum rc rc = load_goods(cx, &t);

	if (rc != RC_OK)
		return rc;
	read_ask(cx, &t);
	keep_form(cx, &t);
	if (short_of_stock(&t))
		explain_stock(cx, &t);
	return show(cx, rs, &t);
}

/* ---- placing */

/* Reasons that are about the order as a whole. */
static const char *
error_key(enum checkout_error e)
{
	/* clang-format off */
	static const char *const key[CHECKOUT__N] = {
		[CHECKOUT_SKU]     = "sku",
		[CHECKOUT_TOKEN]   = "token",
		[CHECKOUT_PRICE]   = "price_changed",
		[CHECKOUT_HOLDS]   = "holds",
		[CHECKOUT_CLOSED]  = "closed",
	};
	/* clang-format on */

	return key[e] == NULL ? "again" : key[e];
}

/* What checkout_place() refused, beside the field it is about. */
static void
explain(struct ctx *cx, struct attempt *t, const struct checkout_result *r)
{
	switch (r->error) {
	case CHECKOUT_QTY:
		field_fail(t->in, "qty", "qty_range");
		break;
	case CHECKOUT_CONTACT:
		field_fail(t->in, "contact", FIELD_NOT_EMAIL);
		break;
	case CHECKOUT_PASSWORD:
		field_fail(t->in, "lookup_password", FIELD_TOO_LONG);
		break;
	case CHECKOUT_COUPON: /* the quote says why */
		t->coupon_refused = true;
		break;
	case CHECKOUT_CHANNEL:
		field_fail(t->in, "channel", "channel_gone");
		break;
	case CHECKOUT_INPUT:
		field_fail(t->in,
		    arena_fmt(cx->arena, "input_%s", r->bad_input), "bad");
		break;
	case CHECKOUT_LIMIT:
		field_fail(t->in, "qty", "limit");
		t->view.qty_arg = count_text(cx, t->sku->buyer_limit);
		break;
	case CHECKOUT_SOLD_OUT:
		explain_stock(cx, t);
		break;
	default:
		t->view.error = error_key(r->error);
		break;
	}
}

static enum rc
show_refusal(struct ctx *cx, struct response *rs, struct attempt *t,
    const struct checkout_result *r, enum rc why)
{
	enum rc rc;

	/* the stock has moved since it was loaded: look again */
	if (r->error == CHECKOUT_SOLD_OUT) {
		t->offer_only = false;
		rc = look_at_goods(cx, t);
		if (rc != RC_OK)
			return rc;
	}
	if (r->error == CHECKOUT_NOT_YET || r->error == CHECKOUT_OVER)
		return show_light(rs, t,
		    r->error == CHECKOUT_OVER ? GATE_OVER : GATE_NOT_YET);
	explain(cx, t, r);
	t->status = reply_status_of(why);
	return show(cx, rs, t);
}

/* Nothing was placed, or it is found by sending the same token: the form comes
 * back with it, unless even that cannot be shown. */
static enum rc
show_busy(struct ctx *cx, struct response *rs, struct attempt *t)
{
	t->view.error = "busy";
	t->view.token = t->form.form_token;
	t->status = HTTP_BUSY;
	return show(cx, rs, t) == RC_OK ? RC_OK : RC_BUSY;
}

/* Nobody has counted for some seconds: this request does, from the rows. */
static void
make_tickets(struct ctx *cx, struct ticket *ticket, const struct sku *s)
{
	uint64_t free;

	if (ticket->kind == TICKET_UNKNOWN && s->kind == SKU_CARD &&
	    catalogue_free(cx, s->id, &free) == RC_OK)
		ticket_count(cx, ticket, free);
}

static enum rc
place(struct ctx *cx, struct response *rs, struct ticket *ticket, bool *placed)
{
	struct attempt t = {
	    .in = rs->rq->form, .status = HTTP_OK, .offer_only = true};
	struct checkout_result r = {0};
	enum rc rc = load_goods(cx, &t);

	if (rc != RC_OK)
		return rc;
	make_tickets(cx, ticket, t.sku);
	read_form(cx, rs, &t);
	if (!fields_ok(t.in))
		return show(cx, rs, &t);
	admission_begin(cx, t.form.visitor, t.form.form_token);
	rc = checkout_place(cx, &t.form, &r);
	if (r.error != CHECKOUT_OK)
		admission_refused(cx, t.form.visitor, t.form.form_token);
	if (rc == RC_OK) {
		*placed = !r.repeated;
		if (*placed)
			admission_placed(t.sku->id);
		return respond_seef(rs, "/o/%s/pay", r.order_no);
	}
	if (r.error != CHECKOUT_OK)
		return show_refusal(cx, rs, &t, &r, rc);
	return rc == RC_BUSY ? show_busy(cx, rs, &t) : rc;
}

/* A form that has made its order needs none. */
static bool
take_ticket(struct ctx *cx, struct response *rs, struct ticket *ticket)
{
	const struct fields *in = rs->rq->form;
	struct span token = field_raw(in, "form_token");
	uint64_t sku, qty;

	*ticket = (struct ticket){.kind = TICKET_UNUSED};
	if (num_u64(field_raw(in, "sku"), UINT64_MAX, &sku) != RC_OK ||
	    num_u64(field_raw(in, "qty"), UINT64_MAX, &qty) != RC_OK ||
	    admission_form_known(
		cx, rs->rq->visitor, arena_dup(cx->arena, token.p, token.n)))
		return true;
	return ticket_take(cx, sku, qty, ticket);
}

enum rc
do_order(struct ctx *cx, struct response *rs)
{
	struct ticket ticket;
	bool placed = false;
	enum rc rc = light_order(rs);

	if (rc != RC_NOTFOUND || (rc = queue_order(rs)) != RC_NOTFOUND)
		return rc;
	if (!take_ticket(cx, rs, &ticket))
		return queue_moment(rs, ticket.sku);
	rc = place(cx, rs, &ticket, &placed);
	ticket_done(cx, &ticket, placed);
	return rc;
}
