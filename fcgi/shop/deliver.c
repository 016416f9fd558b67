/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Delivery.  Runs inside the settling transaction: the same COMMIT makes an
 * order paid and its goods the buyer's.
 */
#include "shop/deliver.h"

#include "base/limits.h"
#include "base/str.h"
#include "io/crypt.h"
#include "store/ids.h"
#include "store/outbox.h"
#include "store/purchase.h"

enum rc
deliver_prepare(struct ctx *cx)
{
	return ids_reserve(cx, ID_CARD, LIM_QTY);
}

/* Cards that the order did not hold any more (late money), or never: all of
 * the missing ones, or none. */
static enum rc
take_missing(
    struct ctx *cx, uint64_t order, const struct item_row *it, unsigned missing)
{
	const uint64_t *ids;
	size_t n;
	enum rc rc;

	rc = card_pick(cx, it->sku, PICK_OLDEST, missing, &ids, &n);
	if (rc != RC_OK || n < missing)
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
	rc = keyring_open_card(
	    cx->keys, cx->arena, t.id, t.key_id, t.sealed, &plain);
	if (rc != RC_OK)
		return RC_FAIL;
	t.key_id = keyring_card_key_id(cx->keys);
	for (i = it->delivered; rc == RC_OK && i < it->qty; i++) {
		if ((rc = ids_take(cx, ID_CARD, 1, &id)) != RC_OK ||
		    (rc = keyring_seal_card(
			 cx->keys, cx->arena, id, plain, &t.sealed)) != RC_OK)
			return rc;
		rc = card_mint(cx, id, it->sku, order, &t);
	}
	return rc;
}

/* *missing: cards that are still owed after this. */
static enum rc
deliver_item(struct ctx *cx, uint64_t order, const struct item_row *it,
    uint64_t held, unsigned *missing)
{
	unsigned have = it->delivered + (unsigned)held;
	uint64_t added;
	enum rc rc = RC_OK;

	if (str_eq(it->kind, "loop"))
		rc = mint(cx, order, it);
	else if (have < it->qty)
		rc = take_missing(cx, order, it, it->qty - have);
	if (rc == RC_OK)
		rc = delivery_add_sold(cx, order, it->id, it->sku, &added);
	if (rc != RC_OK)
		return rc;
	have = it->delivered + (unsigned)added;
	*missing = have < it->qty ? it->qty - have : 0;
	return added == 0 ? RC_OK : item_delivered(cx, it->id, have);
}

static enum rc
tell_buyer(struct ctx *cx, const struct order_row *o)
{
	return outbox_add(cx, OUTBOX_MAIL_ORDER, o->id,
	    arena_fmt(
		cx->arena, "mail:%llu:%s", (unsigned long long)o->id, o->state),
	    o->no);
}

enum rc
deliver_not_yet(
    struct ctx *cx, struct order_story *s, const char *kind, const char *why)
{
	story_add(cx, s, ORDER_SHORT, kind, why);
	return tell_buyer(cx, s->o);
}

enum rc
deliver_order(struct ctx *cx, struct order_story *s, const char *why)
{
	const struct item_row *items;
	enum order_state to = ORDER_DELIVERED;
	uint64_t held;
	unsigned missing;
	size_t n, i;
	enum rc rc;

	rc = order_items_of(cx, s->o->id, &items, &n);
	if (rc == RC_OK)
		rc = card_sell(cx, s->o->id, &held);
	/* One item an order today: the held cards are that item's. */
	for (i = 0; rc == RC_OK && i < n; i++) {
		missing = 0;
		if (str_eq(items[i].kind, "manual"))
			to = ORDER_MANUAL;
		else
			rc = deliver_item(
			    cx, s->o->id, &items[i], held, &missing);
		if (missing != 0 && to == ORDER_DELIVERED)
			to = ORDER_SHORT;
		held = 0;
	}
	if (rc != RC_OK)
		return rc;
	if (to == ORDER_DELIVERED)
		s->o->delivered_at = cx->now;
	story_add(cx, s, to, order_state_name(to), why);
	return tell_buyer(cx, s->o);
}
