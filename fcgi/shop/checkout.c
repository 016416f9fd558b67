/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Placing an order: the form is checked, the price is computed anew, the caps
 * are looked at, and one claim is made.  Nothing of the form is trusted: the
 * total that it showed only has to be the one we would ask for.
 */
#include "shop/checkout.h"

#include <string.h>

#include "base/email.h"
#include "base/gate.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "io/crypt.h"
#include "shop/claim.h"
#include "shop/identity.h"
#include "shop/order.h"
#include "shop/till.h"
#include "store/purchase.h"

enum { QUEUE_LIMIT = LIM_INPUTS };

const char *
checkout_form_token(struct ctx *cx, const struct visitor *v)
{
	return form_token_make(cx, v);
}

void
order_number(struct ctx *cx, char out[25])
{
	uint8_t random[16];

	crypt_random(random, sizeof(random));
	time_yymmdd(cx->now, out);
	memcpy(out + 6, cx->set->shard, 2);
	b32_text(random, sizeof(random), out + 8);
	out[LIM_ORDER_NO] = '\0';
}

bool
order_number_ok(const char *no)
{
	return strlen(no) == LIM_ORDER_NO && str_is_token(no, "", LIM_ORDER_NO);
}

static enum rc
refuse(struct checkout_result *out, enum checkout_error error)
{
	out->error = error;
	return error == CHECKOUT_SOLD_OUT || error == CHECKOUT_PRICE ||
		       error == CHECKOUT_LIMIT || error == CHECKOUT_HOLDS ||
		       error == CHECKOUT_NOT_YET || error == CHECKOUT_OVER ||
		       error == CHECKOUT_STALE
		   ? RC_CONFLICT
		   : RC_INVALID;
}

static const char *
input_value(const struct checkout *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->n_inputs; i++) {
		if (str_eq(f->inputs[i].name, name))
			return f->inputs[i].value;
	}
	return "";
}

static bool
all_digits(const char *s)
{
	for (; *s != '\0'; s++) {
		if (!chr_digit(*s))
			return false;
	}
	return true;
}

static bool
is_choice(const char *choices, const char *value)
{
	struct span rest = span_str(choices), part;

	while (span_cut(&rest, '|', &part)) {
		if (span_is(part, value))
			return true;
	}
	return false;
}

static bool
input_ok(const struct product_input *in, const char *value)
{
	if (value[0] == '\0')
		return !in->required;
	if (!utf8_line(span_str(value), in->max_len) ||
	    !utf8_line(span_str(value), LIM_INPUT_VALUE))
		return false;
	switch (in->kind) {
	case INPUT_DIGITS:
		return all_digits(value);
	case INPUT_EMAIL:
		return mail_address_ok(value);
	case INPUT_CHOICE:
		return is_choice(in->choices, value);
	case INPUT_TEXT:
		break;
	}
	return true;
}

static enum rc
take_inputs(const struct checkout *f, const struct product *p, struct claim *c,
    struct checkout_result *out)
{
	const struct product_input *in;
	const char *value;
	size_t i;

	for (i = 0; i < p->n_inputs && i < QUEUE_LIMIT; i++) {
		in = &p->inputs[i];
		value = input_value(f, in->name);
		if (!input_ok(in, value)) {
			out->bad_input = in->name;
			return refuse(out, CHECKOUT_INPUT);
		}
		if (value[0] == '\0')
			continue;
		c->inputs[c->n_inputs++] = (struct claim_input){
		    .name = in->name,
		    .label = in->label,
		    .value = value,
		};
	}
	return RC_OK;
}

/* What can be said without a database. */
static enum rc
check_form(struct ctx *cx, const struct checkout *f, struct claim *c,
    struct checkout_result *out)
{
	if (form_token_open(cx, f->visitor, f->form_token, c->form_key) !=
	    RC_OK)
		return refuse(out, CHECKOUT_TOKEN);
	if (!mail_address_ok(f->contact))
		return refuse(out, CHECKOUT_CONTACT);
	if (f->lookup_password[0] != '\0' &&
	    !utf8_line(span_str(f->lookup_password), LIM_LOOKUP_PASSWORD))
		return refuse(out, CHECKOUT_PASSWORD);
	return RC_OK;
}

static enum rc
check_sale(struct ctx *cx, const struct quote *q, struct checkout_result *out)
{
	if (q->sku->sale_from != 0 && cx->now < q->sku->sale_from)
		return refuse(out, CHECKOUT_NOT_YET);
	if (q->sku->sale_until != 0 && cx->now >= q->sku->sale_until)
		return refuse(out, CHECKOUT_OVER);
	return RC_OK;
}

static enum rc
check_quote(
    struct ctx *cx, const struct checkout *f, struct checkout_result *out)
{
	struct quote_ask ask = f->ask;
	const struct quote *q;
	enum rc rc;

	if (ask.shop == NULL && (rc = catalogue_shop(cx, &ask.shop)) != RC_OK)
		return rc;
	if (!ask.shop->open)
		return refuse(out, CHECKOUT_CLOSED);
	rc = price_quote(cx, &ask, &q);
	if (rc == RC_NOTFOUND)
		return refuse(out, CHECKOUT_SKU);
	if (rc == RC_INVALID)
		return refuse(out, CHECKOUT_QTY);
	if (rc != RC_OK)
		return rc;
	out->quote = q;
	if (!str_empty(f->ask.coupon) && q->coupon_verdict != COUPON_OK)
		return refuse(out, CHECKOUT_COUPON);
	if (q->total.minor > 0 && q->channel == 0)
		return refuse(out, CHECKOUT_CHANNEL);
	if (f->shown_total >= 0 && f->shown_total != q->total.minor)
		return refuse(out, CHECKOUT_PRICE);
	return check_sale(cx, q, out);
}

static void
copy(char *to, size_t cap, const char *from)
{
	size_t n = strlen(from);

	if (n >= cap)
		n = cap - 1;
	memcpy(to, from, n);
	to[n] = '\0';
}

/* The shorter the stock, the shorter the hold.  What was there when somebody
 * last looked at the checkout is near enough: counting it again would cost
 * every order a statement. */
static int64_t
hold_s(const struct ctx *cx, const struct quote *q)
{
	enum { LAST_CARDS = 10 };
	int64_t s = cx->set->order_ttl_s;
	uint64_t n;

	if (q->sku->kind == SKU_CARD && cx->set->order_ttl_low_s < s &&
	    gate_stock_get(q->sku->id, time_mono_us(), &n) &&
	    n <= q->qty + LAST_CARDS)
		s = cx->set->order_ttl_low_s;
	return s;
}

static void
fill_claim(struct ctx *cx, const struct checkout *f, const struct quote *q,
    struct claim *c)
{
	const struct span contact = span_trim(span_str(f->contact));

	order_number(cx, c->no);
	c->product = q->product->id;
	c->sku = q->sku->id;
	c->kind = q->sku->kind;
	c->newest = q->sku->newest;
	c->coupon = q->coupon;
	c->channel = q->channel;
	c->qty = q->qty;
	c->buyer_limit = q->sku->buyer_limit;
	c->list = q->list;
	c->tier_off = q->tier_off;
	c->coupon_off = q->coupon_off;
	c->fee = q->fee;
	c->total = q->total;
	c->unit = q->unit;
	c->cost = q->sku->cost;
	copy(c->currency, sizeof(c->currency), q->currency);
	copy(c->contact, sizeof(c->contact),
	    arena_dup(cx->arena, contact.p, contact.n));
	copy(c->product_name, sizeof(c->product_name), q->product->name);
	copy(c->sku_name, sizeof(c->sku_name), q->sku->name);
	copy(c->sku_code, sizeof(c->sku_code), q->sku->code);
	copy(c->lang, sizeof(c->lang), cx->lang);
	c->created = cx->now;
	c->expires = cx->now + hold_s(cx, q) * US_PER_S;
	c->offer = f->offer;
	if (f->lookup_password[0] != '\0') {
		c->has_lookup = true;
		identity_lookup(cx, c->no, f->lookup_password, c->lookup_hash);
	}
}

static enum rc
answer(struct ctx *cx, const struct claim *c, struct checkout_result *out)
{
	if (c->rc == RC_OK ||
	    (c->rc == RC_CONFLICT && c->why == CLAIM_TOKEN_USED)) {
		out->order_no = arena_str(cx->arena, c->no);
		out->repeated = c->rc == RC_CONFLICT;
		return RC_OK;
	}
	if (c->rc != RC_CONFLICT)
		return c->rc;
	switch (c->why) {
	case CLAIM_COUPON:
		return refuse(out, CHECKOUT_COUPON);
	case CLAIM_LIMIT:
		return refuse(out, CHECKOUT_LIMIT);
	case CLAIM_HOLDS:
		return refuse(out, CHECKOUT_HOLDS);
	case CLAIM_STALE:
		return refuse(out, CHECKOUT_STALE);
	default:
		return refuse(out, CHECKOUT_SOLD_OUT);
	}
}

/* Before a refusal is told: the form may have made its order already, and what
 * has changed since then is no reason to deny it. */
static enum rc
unless_placed(struct ctx *cx, const struct claim *c,
    struct checkout_result *out, enum rc why)
{
	struct span buyer;
	const char *no;
	enum rc rc;

	if (why != RC_CONFLICT && why != RC_INVALID)
		return why;
	rc = order_of_form(
	    cx, (struct span){(const char *)c->form_key, 16}, &no, &buyer);
	if (rc != RC_OK)
		return rc == RC_NOTFOUND ? why : rc;
	out->error = CHECKOUT_OK;
	out->order_no = no;
	out->repeated = true;
	return RC_OK;
}

enum rc
checkout_place(
    struct ctx *cx, const struct checkout *form, struct checkout_result *out)
{
	struct claim *c = ARENA_NEW(cx->arena, struct claim);
	enum rc rc;

	memset(out, 0, sizeof(*out));
	rc = check_form(cx, form, c, out);
	if (rc != RC_OK)
		return rc;
	rc = check_quote(cx, form, out);
	if (rc == RC_OK)
		rc = take_inputs(form, out->quote->product, c, out);
	if (rc != RC_OK)
		return unless_placed(cx, c, out, rc);
	identity_visitor(cx, form->visitor, c->buyer_hash);
	identity_contact(cx, form->contact, c->contact_hash);
	c->address_n = identity_network(cx->address, c->address);
	fill_claim(cx, form, out->quote, c);
	rc = till_claim(cx, c);
	return rc == RC_OK ? answer(cx, c, out) : rc;
}
