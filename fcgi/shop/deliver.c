/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Delivery.  Runs inside the settling transaction: the same COMMIT makes an
 * order paid and its goods the buyer's.
 */
#include "shop/deliver.h"

#include "base/limits.h"
#include "base/str.h"
#include "io/crypt.h"
#include "shop/vault.h"
#include "store/ids.h"
#include "store/outbox.h"
#include "store/purchase.h"

enum rc
deliver_prepare(struct ctx *cx)
{
	return ids_reserve(cx, ID_CARD, LIM_QTY);
}

bool
deliver_ready(void)
{
	return ids_left(ID_CARD) >= LIM_QTY;
}

/* How an item gets the cards that its order does not hold. */
enum take {
	TAKE_BEHIND, /* from stock, unless somebody waits for it */
	TAKE_OWED    /* it is this order's turn */
};

/* Cards that the order did not hold any more (late money), or never: all of
 * the missing ones, or none; with part, as many as there are. */
static enum rc
take_missing(struct ctx *cx, uint64_t order, const struct item_row *it,
    unsigned missing, enum take how, bool part)
{
	const uint64_t *ids;
	size_t n;
	enum rc rc;

	rc = how == TAKE_OWED
		 ? card_pick_owed(cx, it->sku, missing, &ids, &n)
		 : card_pick(cx, it->sku, PICK_OLDEST, missing, &ids, &n);
	if (rc != RC_OK || n == 0 || (n < missing && !part))
		return rc;
	return card_take(cx, order, ids, n);
}

/* A text sold to many: each sale gets a card of its own, so that "no card is
 * in two deliveries" needs no exception. */
static enum rc
mint(struct ctx *cx, uint64_t order, const struct item_row *it)
{
	struct card_text t;
	struct span plain;
	uint64_t id;
	unsigned i;
	enum rc rc;

	rc = card_template(cx, it->sku, &t);
	if (rc != RC_OK)
		return rc == RC_NOTFOUND ? RC_OK : rc;
	rc = vault_open(cx, t.id, t.key_id, t.sealed, &plain);
	if (rc != RC_OK)
		return rc;
	t.key_id = keyring_card_key_id(cx->keys);
	rc = vault_key_holds(cx, t.key_id);
	for (i = it->delivered; rc == RC_OK && i < it->qty; i++) {
		if ((rc = ids_take(cx, ID_CARD, 1, &id)) != RC_OK ||
		    (rc = keyring_seal_card(
			 cx->keys, cx->arena, id, plain, &t.sealed)) != RC_OK)
			return rc;
		rc = card_mint(cx, id, it->sku, order, &t);
	}
	return rc;
}

struct serving { /* one order */
	struct ctx *cx;
	uint64_t order, held;
	enum take how;
	bool part;
	unsigned added, missing; /* of all items */
	bool manual;
};

static enum rc
deliver_item(struct serving *v, const struct item_row *it)
{
	unsigned have = it->delivered + (unsigned)v->held;
	uint64_t added = 0;
	enum rc rc = RC_OK;

	if (str_eq(it->kind, "loop"))
		rc = mint(v->cx, v->order, it);
	else if (have < it->qty)
		rc = take_missing(
		    v->cx, v->order, it, it->qty - have, v->how, v->part);
	if (rc == RC_OK)
		rc =
		    delivery_add_sold(v->cx, v->order, it->id, it->sku, &added);
	if (rc != RC_OK)
		return rc;
	have = it->delivered + (unsigned)added;
	v->added += (unsigned)added;
	v->missing += have < it->qty ? it->qty - have : 0;
	return added == 0 ? RC_OK : item_delivered(v->cx, it->id, have);
}

static enum rc
deliver_items(struct serving *v)
{
	const struct item_row *items;
	size_t n, i;
	enum rc rc;

	rc = order_items_of(v->cx, v->order, &items, &n);
	if (rc == RC_OK)
		rc = card_sell(v->cx, v->order, &v->held);
	/* One item an order today: the held cards are that item's. */
	for (i = 0; rc == RC_OK && i < n; i++) {
		if (str_eq(items[i].kind, "manual"))
			v->manual = true;
		else
			rc = deliver_item(v, &items[i]);
		v->held = 0;
	}
	return rc;
}

const char *
deliver_cause(struct ctx *cx, const struct order_row *o)
{
	return arena_fmt(cx->arena, OUTBOX_OF_ORDER ":%s",
	    (unsigned long long)o->id, o->state);
}

static enum rc
tell_buyer(struct ctx *cx, const struct order_row *o)
{
	return outbox_add(
	    cx, OUTBOX_MAIL_ORDER, o->id, deliver_cause(cx, o), o->no);
}

enum rc
deliver_not_yet(
    struct ctx *cx, struct order_story *s, const char *kind, const char *why)
{
	enum order_state to = ORDER_SHORT;
	const struct item_row *items;
	size_t n, i;
	enum rc rc;

	rc = order_items_of(cx, s->o->id, &items, &n);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < n; i++) {
		if (str_eq(items[i].kind, "manual"))
			to = ORDER_MANUAL;
	}
	s->o->kept = true;
	story_add(cx, s, to, kind, why);
	return tell_buyer(cx, s->o);
}

enum rc
deliver_order(struct ctx *cx, struct order_story *s, const char *why, bool part)
{
	struct serving v = {
	    .cx = cx, .order = s->o->id, .how = TAKE_BEHIND, .part = part};
	enum order_state to = ORDER_DELIVERED;
	enum rc rc;

	rc = deliver_items(&v);
	if (rc != RC_OK)
		return rc;
	if (v.manual)
		to = ORDER_MANUAL;
	else if (v.missing != 0)
		to = ORDER_SHORT;
	else
		s->o->delivered_at = cx->now;
	story_add(cx, s, to, order_state_name(to), why);
	return tell_buyer(cx, s->o);
}

/* A part is told by itself: the next part is another message. */
static enum rc
tell_part(struct ctx *cx, const struct order_row *o, unsigned missing)
{
	return outbox_add(cx, OUTBOX_MAIL_ORDER, o->id,
	    arena_fmt(cx->arena, OUTBOX_OF_ORDER ":part:%u",
		(unsigned long long)o->id, missing),
	    o->no);
}

enum rc
deliver_owed(struct ctx *cx, struct order_story *s, const char *kind, bool part,
    bool *complete)
{
	struct serving v = {
	    .cx = cx, .order = s->o->id, .how = TAKE_OWED, .part = part};
	enum rc rc;

	*complete = false;
	rc = deliver_items(&v);
	if (rc != RC_OK)
		return rc;
	if (v.missing == 0) {
		*complete = true;
		s->o->delivered_at = cx->now;
		s->o->kept = false;
		story_add(cx, s, ORDER_DELIVERED, kind, "");
		return tell_buyer(cx, s->o);
	}
	if (v.added == 0)
		return RC_NOTFOUND;
	story_add(cx, s, ORDER_SHORT, "part_delivered",
	    arena_fmt(cx->arena, "%u, %u missing", v.added, v.missing));
	return tell_part(cx, s->o, v.missing);
}
