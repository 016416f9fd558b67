/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The desk's work queues: paid orders that wait for stock, for a decision
 * about late money, or for a person's hand; and what is done with them by one
 * key.
 */
#ifndef KS_SHOP_DESK_QUEUE_H
#define KS_SHOP_DESK_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"
#include "shop/order.h"

enum desk_queue { QUEUE_SHORT, QUEUE_LATE, QUEUE_MANUAL, QUEUE__N };
const char *desk_queue_name(enum desk_queue q); /* "short" ... */

struct desk_waiting {
	const char *no, *currency, *product_name, *sku_name, *contact, *note;
	enum order_state state;
	unsigned qty, missing, stock; /* stock: free cards, counted to 1000 */
	struct money paid;
	int64_t paid_at;
	bool late;
	bool can_deliver; /* there is enough in stock */
};
MUST_CHECK enum rc desk_queue(struct ctx *cx, enum desk_queue which,
    struct page *page, const struct desk_waiting **out, size_t *n);
MUST_CHECK enum rc desk_queue_counts(struct ctx *cx, uint64_t counts[QUEUE__N]);

/* Delivers from stock now, before whoever waits, and lets go of an order that
 * a policy keeps.  RC_OK: delivered, or (*queued) let go and waiting in the
 * line because stock is missing.  RC_NOTFOUND: no such order.  RC_INVALID: it
 * waits already and stock is missing.  RC_CONFLICT: it is not short. */
MUST_CHECK enum rc desk_deliver_now(
    struct ctx *cx, const char *no, bool *queued);
/* A word about an order for those who work on it, in its story. */
MUST_CHECK enum rc desk_note(struct ctx *cx, const char *no, const char *text);

#endif
