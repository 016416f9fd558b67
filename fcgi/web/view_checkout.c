/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checkout as data for page/checkout.cs: an offer with its reasons, and
 * the form with what was typed.
 */
#include "web/view_shop.h"

#include "base/limits.h"
#include "web/response.h"

/* clang-format off */
static const char *const step_name[QUOTE__N] = {
	[QUOTE_LIST]   = "list",
	[QUOTE_TIER]   = "tier",
	[QUOTE_COUPON] = "coupon",
	[QUOTE_FEE]    = "fee",
};

static const char *const input_name[] = {
	[INPUT_TEXT]   = "text",
	[INPUT_DIGITS] = "digits",
	[INPUT_EMAIL]  = "email",
	[INPUT_CHOICE] = "choice",
};
/* clang-format on */

void
view_quote_line(struct response *rs, const char *kind, const char *note,
    const char *amount, bool minus)
{
	struct tnode *n = tnode_item(tnode_child(rs->data, "Quote"), "Lines");

	tnode_set(n, "Kind", kind);
	tnode_set(n, "Note", note);
	tnode_bool(n, "Minus", minus);
	if (minus) /* the typographic sign: as wide as the figures */
		tnode_fmt(n, "Amount", "\xe2\x88\x92%s",
		    amount[0] == '-' ? amount + 1 : amount);
	else
		tnode_set(n, "Amount", amount);
}

static const char *
note_of(struct response *rs, const struct quote *q, const struct quote_line *l)
{
	struct arena *a = rs->cx->arena;

	switch (l->step) {
	case QUOTE_LIST:
		return arena_fmt(a, "%s \xc3\x97 %u",
		    money_show(a, q->sku->price, q->currency), q->qty);
	case QUOTE_TIER:
		return view_fill(rs, "checkout.tier_from", l->reason);
	default:
		return l->reason;
	}
}

/* The fee is not among them: it hangs on the channel, which the buyer still
 * chooses. */
static void
show_quote(struct response *rs, const struct quote *q)
{
	const struct quote_line *l;
	unsigned i;

	for (i = 0; i < q->n_lines; i++) {
		l = &q->lines[i];
		if (l->step == QUOTE_FEE)
			continue;
		view_quote_line(rs, step_name[l->step], note_of(rs, q, l),
		    money_show(rs->cx->arena, l->amount, q->currency),
		    l->amount.minor < 0);
	}
}

static void
show_channels(struct response *rs, const struct quote *q)
{
	struct arena *a = rs->cx->arena;
	const struct channel_choice *c;
	struct tnode *n;
	size_t i;

	for (i = 0; i < q->n_channels; i++) {
		c = &q->channels[i];
		n = tnode_item(rs->data, "Channels");
		tnode_set(n, "Id", c->name);
		tnode_set(n, "Name", c->title);
		if (c->fee.minor != 0)
			tnode_set(n, "Fee", money_show(a, c->fee, q->currency));
		tnode_set(n, "Total", money_show(a, c->total, q->currency));
		tnode_int(n, "Minor", c->total.minor);
		tnode_bool(n, "Here", c->id == q->channel);
	}
}

static void
show_inputs(struct response *rs, const struct product *p)
{
	const struct product_input *in;
	struct span rest, one;
	struct tnode *n;
	size_t i;

	for (i = 0; i < p->n_inputs && i < LIM_INPUTS; i++) {
		in = &p->inputs[i];
		n = tnode_item(rs->data, "Inputs");
		tnode_set(n, "Name", in->name);
		tnode_set(n, "Label", in->label);
		tnode_set(n, "Hint", in->hint);
		tnode_set(n, "Type", input_name[in->kind]);
		tnode_bool(n, "Required", in->required);
		tnode_int(n, "MaxLen", in->max_len);
		rest = span_str(in->choices);
		while (in->kind == INPUT_CHOICE && rest.n != 0 &&
		       span_cut(&rest, '|', &one))
			tnode_span(tnode_item(n, "Options"), "Value", one);
	}
}

static void
show_goods(struct response *rs, const struct quote *q)
{
	struct tnode *n = tnode_child(rs->data, "Product");

	tnode_set(n, "Name", q->product->name);
	tnode_set(n, "Slug", q->product->slug);
	tnode_set(n, "Picture", view_picture(rs, q->product->picture));
	if (q->product->n_skus > 1 || !str_eq(q->sku->name, q->product->name))
		tnode_set(n, "SkuName", q->sku->name);
}

void
view_checkout(struct response *rs, const struct checkout_view *v)
{
	struct arena *a = rs->cx->arena;
	const struct quote *q = v->quote;
	struct tnode *n = tnode_child(rs->data, "Checkout");

	view_title(rs, response_text(rs, "checkout.title"));
	tnode_bool(rs->data, "Page.NoIndex", true);
	show_goods(rs, q);
	tnode_fmt(n, "Sku", "%llu", (unsigned long long)q->sku->id);
	tnode_int(n, "Qty", q->qty);
	tnode_int(n, "Min", q->sku->min_qty);
	if (q->sku->max_qty != 0)
		tnode_int(n, "Max", q->sku->max_qty);
	tnode_set(n, "FormToken", v->token);
	tnode_set(n, "Total", money_show(a, q->total, q->currency));
	tnode_int(n, "Minor", q->total.minor);
	tnode_bool(n, "Free", q->total.minor == 0);
	tnode_set(n, "Error", v->error);
	tnode_set(n, "ErrorArg", v->error_arg);
	show_quote(rs, q);
	show_channels(rs, q);
	show_inputs(rs, q->product);
	if (v->fields != NULL)
		fields_show(rs, v->fields, "F");
	if (v->qty_arg != NULL)
		tnode_set(rs->data, "F.qty.Arg", v->qty_arg);
	if (v->coupon_arg != NULL)
		tnode_set(rs->data, "F.coupon.Arg", v->coupon_arg);
}
