/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of orders as they are read: for the buyer and for the panel. */
#ifndef KS_STORE_ORDER_H
#define KS_STORE_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

struct order_full {
	uint64_t id, channel, merchant;
	const char *no, *state, *currency, *contact, *lang;
	struct money list, tier_off, coupon_off, fee, total, paid, refunded;
	struct span buyer_hash, lookup_hash, address;
	unsigned link_epoch;
	bool late, kept, extended;
	int64_t created, expires, paid_at, delivered_at;
	const char *channel_name, *channel_title, *channel_title_en, *gateway;
};
MUST_CHECK enum rc order_by_no(
    struct ctx *cx, const char *no, struct order_full *out);

struct item_shown {
	uint64_t id, product, sku;
	const char *product_name, *sku_name, *sku_code, *slug;
	unsigned qty, delivered;
	struct money price;
	const char *card_format, *guide_html;
};
MUST_CHECK enum rc order_items_shown(
    struct ctx *cx, uint64_t order, const struct item_shown **out, size_t *n);

struct input_shown {
	const char *label, *value;
};
MUST_CHECK enum rc order_inputs_of(
    struct ctx *cx, uint64_t order, const struct input_shown **out, size_t *n);

struct delivered_row {
	uint64_t delivery, item, card; /* card 0: handed over by a person */
	uint32_t key_id;
	struct span sealed;
	int64_t seen;
};
MUST_CHECK enum rc order_deliveries(struct ctx *cx, uint64_t order, size_t from,
    size_t max, const struct delivered_row **out, size_t *n);
MUST_CHECK enum rc delivery_seen(struct ctx *cx, uint64_t order);

struct event_row {
	int64_t at;
	const char *kind, *detail, *to, *actor;
	uint64_t staff;
};
MUST_CHECK enum rc order_events(
    struct ctx *cx, uint64_t order, const struct event_row **out, size_t *n);

struct brief_row {
	const char *no, *state, *currency, *product_name;
	struct money total;
	int64_t created;
	unsigned qty;
};
MUST_CHECK enum rc orders_of_buyer(struct ctx *cx, struct span buyer_hash,
    unsigned max, const struct brief_row **out, size_t *n);
/* RC_CONFLICT: not pending any more. */
MUST_CHECK enum rc order_channel(struct ctx *cx, uint64_t order,
    uint64_t channel, struct money fee, struct money total);
/* It holds its cards until then, not until before.  RC_CONFLICT: it is not
 * pending any more, its time is another one, or this was done once. */
MUST_CHECK enum rc order_extend(
    struct ctx *cx, uint64_t order, int64_t expires, int64_t expires_before);

#endif
