/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of the purchase path: cards that are picked, held, sold and given
 * back; orders, items and events as they are placed and moved.  Everything
 * here runs inside tx_run() unless it says otherwise.
 */
#ifndef KS_STORE_PURCHASE_H
#define KS_STORE_PURCHASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

/* ---- cards */

/* PICK_WAIT: oldest first, and waits for cards that somebody is just taking
 * instead of stepping over them. */
enum card_pick { PICK_OLDEST, PICK_NEWEST, PICK_WAIT };

/* Locks up to n free cards, from where this process found the last one within
 * the last ten seconds, and from the beginning when there are too few from
 * there: the cost does not grow with what was sold.  *n_out says how many there
 * were: none while paid orders wait for the SKU (store/shortage.h). */
MUST_CHECK enum rc card_pick(struct ctx *cx, uint64_t sku, enum card_pick how,
    unsigned n, const uint64_t **ids, size_t *n_out);
/* For one of those that wait: oldest first. */
MUST_CHECK enum rc card_pick_owed(struct ctx *cx, uint64_t sku, unsigned n,
    const uint64_t **ids, size_t *n_out);
struct held {
	uint64_t card, order;
	int64_t until;
};
/* Picked cards become orders'.  RC_BUSY: fewer rows than cards, which a lock
 * should have made impossible: the transaction is run again. */
MUST_CHECK enum rc cards_hold(struct ctx *cx, const struct held *h, size_t n);
MUST_CHECK enum rc card_take(
    struct ctx *cx, uint64_t order, const uint64_t *ids, size_t n);
/* The held cards of an order: sold, or free again; how many. */
MUST_CHECK enum rc card_sell(struct ctx *cx, uint64_t order, uint64_t *n);
MUST_CHECK enum rc card_release(struct ctx *cx, uint64_t order, uint64_t *n);

struct card_text { /* sealed */
	uint64_t id, batch;
	uint32_t key_id;
	struct span sealed, fingerprint;
};
/* RC_NOTFOUND: the loop SKU has no text. */
MUST_CHECK enum rc card_template(
    struct ctx *cx, uint64_t sku, struct card_text *out);
MUST_CHECK enum rc card_mint(struct ctx *cx, uint64_t id, uint64_t sku,
    uint64_t order, const struct card_text *t);

/* ---- orders being placed */

struct order_new {
	uint64_t id;
	const char *no, *currency, *contact, *lang;
	struct money list, tier_off, coupon_off, fee, total;
	uint64_t channel;
	struct span contact_hash, address, buyer_hash;
	struct span lookup_hash; /* p = NULL: none */
	struct span form_key, event_hash;
	int64_t created, expires;
};
struct item_new {
	uint64_t order, product, sku;
	unsigned qty;
	struct money price, cost;
	const char *product_name, *sku_name, *sku_code;
};
struct input_new {
	uint64_t order;
	const char *name, *label, *value;
};
struct event_new {
	uint64_t order;
	unsigned seq;
	const char *kind, *from, *to, *actor, *detail;
	uint64_t staff;
	struct span hash;
};

/* RC_CONFLICT: a form key or a number is taken. */
MUST_CHECK enum rc order_add(
    struct ctx *cx, const struct order_new *o, size_t n);
MUST_CHECK enum rc order_item_add(
    struct ctx *cx, const struct item_new *it, size_t n);
MUST_CHECK enum rc order_input_add(
    struct ctx *cx, const struct input_new *in, size_t n);
MUST_CHECK enum rc order_event_add(
    struct ctx *cx, const struct event_new *e, size_t n);

/* Outside a transaction too.  RC_NOTFOUND: this form made no order. */
MUST_CHECK enum rc order_of_form(struct ctx *cx, struct span form_key,
    const char **no, struct span *buyer_hash);
struct form_row {
	struct span form_key;
	const char *no;
};
/* Those of n forms that made an order. */
MUST_CHECK enum rc orders_of_forms(struct ctx *cx, const struct span *form_key,
    size_t n, const struct form_row **out, size_t *n_out);
struct hold_ask {
	struct span address, contact_hash;
	struct span net_from, net_to; /* the network around the address */
};
struct hold_caps {
	unsigned address, contact, net;
};
struct hold_count {
	uint64_t address, contact, net;
};
/* Unpaid orders of each, counted up to the caps. */
MUST_CHECK enum rc hold_counts(struct ctx *cx, const struct hold_ask *ask,
    size_t n, const struct hold_caps *caps, const struct hold_count **out);
/* RC_CONFLICT: the limit would be passed. */
MUST_CHECK enum rc buyer_count_add(struct ctx *cx, uint64_t sku,
    struct span contact_hash, unsigned qty, unsigned cap);
MUST_CHECK enum rc buyer_count_untake(
    struct ctx *cx, uint64_t sku, struct span contact_hash, unsigned qty);
MUST_CHECK enum rc buyer_count_sub(struct ctx *cx, uint64_t order);

/* RC_CONFLICT: used up, or by this contact often enough. */
MUST_CHECK enum rc coupon_take(
    struct ctx *cx, uint64_t coupon, struct span contact_hash);
MUST_CHECK enum rc coupon_use_add(struct ctx *cx, uint64_t coupon,
    uint64_t order, struct span contact_hash, struct money amount);
MUST_CHECK enum rc coupon_give_back(struct ctx *cx, uint64_t order);
MUST_CHECK enum rc coupon_take_again(struct ctx *cx, uint64_t order);

/* ---- orders being moved */

struct order_row {
	uint64_t id, merchant, channel;
	const char *no, *state, *currency, *lang;
	struct money total, fee, paid, refunded;
	unsigned events_n, link_epoch;
	uint8_t event_hash[32];
	int64_t created, expires, paid_at, delivered_at;
	bool late;
	bool kept; /* by a policy, for a person: no stock fills it */
};
/* The columns of order_lock and orders_lock, behind the number. */
struct db_row;
void order_row_read(struct order_row *out, struct db_row r);
/* Locks the row. */
MUST_CHECK enum rc order_lock(
    struct ctx *cx, const char *no, struct order_row *out);
/* Writes state, events_n, event_hash, paid, paid_at, delivered_at, late and
 * kept of o.  RC_CONFLICT: it is not in from any more. */
MUST_CHECK enum rc order_move(
    struct ctx *cx, const struct order_row *o, const char *from);

struct item_row {
	uint64_t id, product, sku;
	const char *kind; /* card, loop, manual */
	unsigned qty, delivered;
};
MUST_CHECK enum rc order_items_of(
    struct ctx *cx, uint64_t order, const struct item_row **out, size_t *n);
MUST_CHECK enum rc item_delivered(struct ctx *cx, uint64_t item, unsigned n);
/* One delivery row for each sold card of the order and SKU; how many. */
MUST_CHECK enum rc delivery_add_sold(
    struct ctx *cx, uint64_t order, uint64_t item, uint64_t sku, uint64_t *n);

struct due_row {
	uint64_t id;
	const char *no;
};
/* Pending orders past their time. */
MUST_CHECK enum rc orders_due(
    struct ctx *cx, unsigned limit, const struct due_row **out, size_t *n);

#endif
