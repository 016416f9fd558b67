/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Placing an order: the form of the checkout, a ticket, a claim.  Whatever is
 * wrong comes back beside its field with all that was typed.
 */
#include "base/limits.h"
#include "shop/admission.h"
#include "shop/catalogue.h"
#include "shop/ticket.h"
#include "web/checkout_int.h"
#include "web/light.h"
#include "web/queue.h"
#include "web/router.h"
#include "web/session.h"
#include "web/work.h"

/* ---- the form */

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

	attempt_ask(cx, t);
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

/* ---- what was refused */

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
		t->view.qty_arg = attempt_count(cx, t->sku->buyer_limit);
		break;
	case CHECKOUT_SOLD_OUT:
		attempt_stock(cx, t);
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
		rc = attempt_look(cx, t);
		if (rc != RC_OK)
			return rc;
	}
	if (r->error == CHECKOUT_NOT_YET || r->error == CHECKOUT_OVER)
		return attempt_light(rs, t,
		    r->error == CHECKOUT_OVER ? GATE_OVER : GATE_NOT_YET);
	explain(cx, t, r);
	t->status = reply_status_of(why);
	return attempt_show(cx, rs, t);
}

/* Nothing was placed, or it is found by sending the same token: the form comes
 * back with it, unless even that cannot be shown. */
static enum rc
show_busy(struct ctx *cx, struct response *rs, struct attempt *t)
{
	t->view.error = "busy";
	t->view.token = t->form.form_token;
	t->status = HTTP_BUSY;
	return attempt_show(cx, rs, t) == RC_OK ? RC_OK : RC_BUSY;
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

/* A refusal is told from rows of now.  Where the offer was a kept one and is
 * another by now, all is read from the form once more. */
static enum rc
look_again(struct ctx *cx, struct attempt *t, bool stale, bool *again)
{
	enum rc rc;

	*again = false;
	if (!t->offer.kept)
		return RC_OK;
	rc = offer_again(cx, t->form.ask.sku, &t->offer, again);
	if (rc != RC_OK)
		return rc;
	attempt_take(t);
	*again |= stale;
	if (*again)
		fields_again(t->in);
	return RC_OK;
}

/* RC_INVALID without an error in r: a field is wrong, nothing was tried. */
static enum rc
try_once(struct ctx *cx, struct response *rs, struct attempt *t,
    struct checkout_result *r)
{
	enum rc rc;

	*r = (struct checkout_result){0};
	read_form(cx, rs, t);
	if (!fields_ok(t->in))
		return RC_INVALID;
	admission_begin(cx, t->form.visitor, t->form.form_token);
	rc = checkout_place(cx, &t->form, r);
	if (r->error != CHECKOUT_OK)
		admission_refused(cx, t->form.visitor, t->form.form_token);
	return rc;
}

static enum rc
try_all(struct ctx *cx, struct response *rs, struct attempt *t,
    struct checkout_result *r)
{
	enum rc rc = try_once(cx, rs, t, r), seen;
	bool again;

	if (rc != RC_INVALID && rc != RC_CONFLICT)
		return rc;
	seen = look_again(cx, t, r->error == CHECKOUT_STALE, &again);
	if (seen != RC_OK) {
		r->error = CHECKOUT_OK;
		return seen;
	}
	return again ? try_once(cx, rs, t, r) : rc;
}

static enum rc
place(struct ctx *cx, struct response *rs, enum work_level worked,
    struct ticket *ticket, bool *placed)
{
	struct attempt t = {
	    .in = rs->rq->form, .status = HTTP_OK, .offer_only = true};
	struct checkout_result r = {0};
	enum rc rc = attempt_load(cx, &t);

	if (rc != RC_OK)
		return rc;
	/* a kept offer may be a second old: this admits, it does not sell */
	rc = work_ask(rs, t.sku->id, t.product->work, &worked);
	if (rc != RC_NOTFOUND)
		return rc;
	make_tickets(cx, ticket, t.sku);
	rc = try_all(cx, rs, &t, &r);
	if (rc == RC_OK) {
		*placed = !r.repeated;
		if (*placed)
			admission_placed(t.sku->id);
		return respond_seef(rs, "/o/%s/pay", r.order_no);
	}
	if (r.error != CHECKOUT_OK)
		return show_refusal(cx, rs, &t, &r, rc);
	if (rc == RC_INVALID)
		return attempt_show(cx, rs, &t);
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
	enum work_level worked = WORK_OFF;
	struct ticket ticket;
	bool placed = false;
	enum rc rc = light_order(rs);

	if (rc != RC_NOTFOUND || (rc = queue_order(rs)) != RC_NOTFOUND ||
	    (rc = work_order(rs, &worked)) != RC_NOTFOUND)
		return rc;
	if (!take_ticket(cx, rs, &ticket))
		return queue_moment(rs, ticket.sku);
	rc = place(cx, rs, worked, &ticket, &placed);
	ticket_done(cx, &ticket, placed);
	return rc;
}
