/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of the orders that a batch of claims makes: one INSERT a table,
 * however many orders.  Only claims whose rc is RC_OK are written.
 */
#include "shop/claim_int.h"

#include "base/vec.h"
#include "shop/event.h"
#include "store/purchase.h"

static struct span
bytes(const uint8_t *p, size_t n)
{
	return (struct span){(const char *)p, n};
}

struct rows { /* what is written for the claims that are served */
	VEC(struct order_new) orders;
	VEC(struct item_new) items;
	VEC(struct input_new) inputs;
	VEC(struct event_new) events;
};

static void
add_event(struct ctx *cx, struct rows *r, const struct claim *c)
{
	static const uint8_t genesis[32];
	uint8_t *hash = arena_alloc(cx->arena, 32);
	const struct event e = {
	    .order = c->order,
	    .seq = 1,
	    .at = cx->now,
	    .kind = "placed",
	    .from = "",
	    .to = order_state_name(ORDER_PENDING),
	    .actor = event_actor(cx),
	    .detail = "",
	    .staff = cx->staff,
	};

	event_seal(cx, &e, genesis, hash);
	*VEC_ADD(&r->events, cx->arena) = event_row(&e, hash);
}

static void
add_order(struct ctx *cx, struct rows *r, const struct claim *c)
{
	*VEC_ADD(&r->orders, cx->arena) = (struct order_new){
	    .id = c->order,
	    .no = c->no,
	    .currency = c->currency,
	    .contact = c->contact,
	    .lang = c->lang,
	    .list = c->list,
	    .tier_off = c->tier_off,
	    .coupon_off = c->coupon_off,
	    .fee = c->fee,
	    .total = c->total,
	    .channel = c->channel,
	    .contact_hash = bytes(c->contact_hash, sizeof(c->contact_hash)),
	    .address = bytes(c->address, c->address_n),
	    .buyer_hash = bytes(c->buyer_hash, sizeof(c->buyer_hash)),
	    .lookup_hash = c->has_lookup
			       ? bytes(c->lookup_hash, sizeof(c->lookup_hash))
			       : (struct span){NULL, 0},
	    .form_key = bytes(c->form_key, sizeof(c->form_key)),
	    .event_hash = r->events.v[r->events.n - 1].hash,
	    .created = c->created,
	    .expires = c->expires,
	};
	*VEC_ADD(&r->items, cx->arena) = (struct item_new){
	    .order = c->order,
	    .product = c->product,
	    .sku = c->sku,
	    .qty = c->qty,
	    .price = c->unit,
	    .cost = c->cost,
	    .product_name = c->product_name,
	    .sku_name = c->sku_name,
	    .sku_code = c->sku_code,
	};
}

static void
add_inputs(struct ctx *cx, struct rows *r, const struct claim *c)
{
	size_t i;

	for (i = 0; i < c->n_inputs; i++)
		*VEC_ADD(&r->inputs, cx->arena) = (struct input_new){
		    .order = c->order,
		    .name = c->inputs[i].name,
		    .label = c->inputs[i].label,
		    .value = c->inputs[i].value,
		};
}

enum rc
claim_write(struct ctx *cx, const struct claim *claims, size_t n)
{
	struct rows r = {0};
	const struct claim *c;
	size_t i;
	enum rc rc;

	for (i = 0; i < n; i++) {
		c = &claims[i];
		if (c->rc != RC_OK)
			continue;
		add_event(cx, &r, c);
		add_order(cx, &r, c);
		add_inputs(cx, &r, c);
	}
	if (r.orders.n == 0)
		return RC_OK;
	if ((rc = order_add(cx, r.orders.v, r.orders.n)) != RC_OK ||
	    (rc = order_item_add(cx, r.items.v, r.items.n)) != RC_OK ||
	    (rc = order_input_add(cx, r.inputs.v, r.inputs.n)) != RC_OK ||
	    (rc = order_event_add(cx, r.events.v, r.events.n)) != RC_OK)
		return rc;
	for (i = 0; i < n; i++) {
		c = &claims[i];
		if (c->rc != RC_OK || c->coupon == 0)
			continue;
		rc = coupon_use_add(cx, c->coupon, c->order,
		    bytes(c->contact_hash, sizeof(c->contact_hash)),
		    c->coupon_off);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}
