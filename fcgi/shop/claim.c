/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The claim.  One transaction serves a whole batch: for each SKU one locked
 * read takes as many free cards as the batch wants, they are dealt out in
 * arrival order to whole orders, and the rows of all orders are written
 * together.  What a single claim runs into (sold out, a limit, a coupon) is
 * its own answer; only a failure of the database concerns the batch, and then
 * each claim is run by itself, so that one cannot fail its neighbours.
 *
 * Must not: compute a price, look at a form, ask a gateway.
 */
#include "shop/claim.h"

#include <string.h>

#include "base/bug.h"
#include "base/metric.h"
#include "base/vec.h"
#include "shop/event.h"
#include "store/ids.h"
#include "store/purchase.h"
#include "store/tx.h"

struct pool { /* the free cards that the batch locked of one SKU */
	uint64_t sku;
	bool newest;
	unsigned wanted;
	const uint64_t *ids;
	size_t n, dealt;
};

struct batch {
	struct claim *claims;
	size_t n;
	VEC(struct pool) pools;
};

static struct span
bytes(const uint8_t *p, size_t n)
{
	return (struct span){(const char *)p, n};
}

static struct pool *
pool_of(struct batch *b, const struct claim *c)
{
	size_t i;

	for (i = 0; i < b->pools.n; i++) {
		if (b->pools.v[i].sku == c->sku)
			return &b->pools.v[i];
	}
	return NULL;
}

static void
refuse(struct claim *c, enum claim_why why)
{
	c->rc = RC_CONFLICT;
	c->why = why;
}

/* How many cards of each SKU the batch wants: loop and manual goods want
 * none, but a loop SKU must have a text to sell. */
static void
want(struct ctx *cx, struct batch *b)
{
	struct pool *p;
	size_t i;

	b->pools.n = 0;
	for (i = 0; i < b->n; i++) {
		if (b->claims[i].kind != SKU_CARD)
			continue;
		p = pool_of(b, &b->claims[i]);
		if (p == NULL) {
			p = VEC_ADD(&b->pools, cx->arena);
			p->sku = b->claims[i].sku;
			p->newest = b->claims[i].newest;
			p->wanted = 0;
			p->dealt = 0;
		}
		p->wanted += b->claims[i].qty;
	}
}

static enum rc
pick(struct ctx *cx, struct batch *b)
{
	struct pool *p;
	size_t i;
	enum rc rc;

	for (i = 0; i < b->pools.n; i++) {
		p = &b->pools.v[i];
		rc =
		    card_pick(cx, p->sku, p->newest ? PICK_NEWEST : PICK_OLDEST,
			p->wanted, &p->ids, &p->n);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* The two counters that a claim moves besides cards.  The second's refusal
 * undoes the first. */
static enum rc
take_counters(struct ctx *cx, const struct claim *c, enum claim_why *why)
{
	struct span contact = bytes(c->contact_hash, sizeof(c->contact_hash));
	enum rc rc = RC_OK, undo;

	*why = CLAIM_LIMIT;
	if (c->buyer_limit != 0)
		rc = buyer_count_add(
		    cx, c->sku, contact, c->qty, c->buyer_limit);
	if (rc != RC_OK || c->coupon == 0)
		return rc;
	*why = CLAIM_COUPON;
	rc = coupon_take(cx, c->coupon, contact);
	if (rc == RC_CONFLICT && c->buyer_limit != 0) {
		undo = buyer_count_untake(cx, c->sku, contact, c->qty);
		if (undo != RC_OK)
			return undo;
	}
	return rc;
}

/* RC_OK: c->rc says whether it is served; anything else fails the batch. */
static enum rc
deal(struct ctx *cx, struct batch *b, struct claim *c)
{
	struct pool *p = c->kind == SKU_CARD ? pool_of(b, c) : NULL;
	struct card_text text;
	enum claim_why why;
	enum rc rc;

	c->rc = RC_OK;
	c->why = CLAIM_OK;
	if (p != NULL && p->n - p->dealt < c->qty) {
		refuse(c, CLAIM_SOLD_OUT);
		return RC_OK;
	}
	if (c->kind == SKU_LOOP) {
		rc = card_template(cx, c->sku, &text);
		if (rc == RC_NOTFOUND)
			refuse(c, CLAIM_SOLD_OUT);
		if (rc != RC_OK)
			return rc == RC_NOTFOUND ? RC_OK : rc;
	}
	rc = take_counters(cx, c, &why);
	if (rc == RC_CONFLICT)
		refuse(c, why);
	if (rc != RC_OK)
		return rc == RC_CONFLICT ? RC_OK : rc;
	if (p == NULL)
		return RC_OK;
	rc = card_hold(cx, c->order, c->expires, p->ids + p->dealt, c->qty);
	p->dealt += c->qty;
	return rc;
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
	*VEC_ADD(&r->events, cx->arena) = (struct event_new){
	    .order = e.order,
	    .seq = e.seq,
	    .kind = e.kind,
	    .from = e.from,
	    .to = e.to,
	    .actor = e.actor,
	    .detail = e.detail,
	    .staff = e.staff,
	    .hash = bytes(hash, 32),
	};
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

static enum rc
write_rows(struct ctx *cx, const struct batch *b)
{
	struct rows r = {0};
	const struct claim *c;
	size_t i;
	enum rc rc;

	for (i = 0; i < b->n; i++) {
		c = &b->claims[i];
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
	for (i = 0; i < b->n; i++) {
		c = &b->claims[i];
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

static enum rc
claim_body(struct ctx *cx, void *arg)
{
	struct batch *b = arg;
	size_t i;
	enum rc rc;

	want(cx, b);
	rc = pick(cx, b);
	for (i = 0; rc == RC_OK && i < b->n; i++)
		rc = deal(cx, b, &b->claims[i]);
	return rc == RC_OK ? write_rows(cx, b) : rc;
}

/* A key stood there already: almost always the form token, sent twice at the
 * same time.  The order that won is the answer to both. */
static void
find_winner(struct ctx *cx, struct claim *c)
{
	struct span buyer;
	const char *no;

	c->rc = order_of_form(
	    cx, bytes(c->form_key, sizeof(c->form_key)), &no, &buyer);
	if (c->rc == RC_OK && strcmp(no, c->no) == 0) {
		c->why = CLAIM_OK; /* it is this very order */
	} else if (c->rc == RC_OK) {
		memcpy(c->no, no, sizeof(c->no));
		refuse(c, CLAIM_TOKEN_USED);
	} else if (c->rc == RC_NOTFOUND) {
		c->rc = RC_BUSY; /* the number was taken: 1 in 2^80 */
	}
}

/* After a COMMIT whose answer was lost: is the order there? */
static void
find_own(struct ctx *cx, struct claim *c)
{
	struct span buyer;
	const char *no;
	enum rc rc;

	rc = order_of_form(
	    cx, bytes(c->form_key, sizeof(c->form_key)), &no, &buyer);
	if (rc == RC_OK && strcmp(no, c->no) == 0) {
		c->rc = RC_OK;
		c->why = CLAIM_OK;
	} else {
		c->rc = rc == RC_NOTFOUND ? RC_BUSY : RC_FAIL;
	}
}

static void
one(struct ctx *cx, struct claim *c)
{
	struct batch b = {.claims = c, .n = 1};
	enum rc rc;

	rc = tx_run(cx, claim_body, &b);
	if (rc == RC_OK)
		return;
	c->rc = rc;
	if (rc == RC_CONFLICT)
		find_winner(cx, c);
	else if (rc == RC_FAIL)
		find_own(cx, c);
}

enum rc
claim_batch(struct ctx *cx, struct claim *claims, size_t n)
{
	struct batch b = {.claims = claims, .n = n};
	uint64_t first;
	size_t i;
	enum rc rc;

	BUG_ON(n == 0);
	rc = ids_take(cx, ID_ORDER, (unsigned)n, &first);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < n; i++)
		claims[i].order = first + i;
	rc = n == 1 ? RC_CONFLICT : tx_run(cx, claim_body, &b);
	if (rc != RC_OK) {
		for (i = 0; i < n; i++)
			one(cx, &claims[i]);
	}
	for (i = 0; i < n; i++) {
		if (claims[i].rc == RC_OK)
			metric_add(METRIC_orders_total, "pending", 1);
	}
	metric_observe(METRIC_till_batch_size, "", n);
	return RC_OK;
}
