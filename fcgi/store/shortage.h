/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of table shortage: the line of paid orders that wait for stock.  An
 * order has one while it is short and not kept; shop/event.c writes it with
 * the order's move.  While a SKU has one, card_pick() gives none of its cards.
 */
#ifndef KS_STORE_SHORTAGE_H
#define KS_STORE_SHORTAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"

/* Inside the transaction that moves the order. */
MUST_CHECK enum rc shortage_enter(struct ctx *cx, uint64_t order);
MUST_CHECK enum rc shortage_leave(struct ctx *cx, uint64_t order);

/* Numbers of the orders that wait for a SKU, the first served first. */
MUST_CHECK enum rc shortage_line(struct ctx *cx, uint64_t sku, unsigned max,
    const char *const **no, size_t *n);
/* 1: the next to be served; 0: it does not wait. */
MUST_CHECK enum rc shortage_place(
    struct ctx *cx, uint64_t order, unsigned *place);
/* SKUs that somebody waits for although there are free cards. */
MUST_CHECK enum rc shortage_fillable(
    struct ctx *cx, unsigned max, const uint64_t **sku, size_t *n);

/* ---- the panel's work queues: paid orders that wait for something */

enum waiting { WAITING_SHORT, WAITING_LATE, WAITING_MANUAL, WAITING__N };

struct waiting_row {
	const char *no, *state, *currency, *kind, *product_name, *sku_name;
	const char *contact, *note; /* the last one, or "" */
	struct money paid;
	int64_t paid_at;
	uint64_t sku;
	unsigned qty, delivered;
	bool late;
};
/* For stock; kept by a policy; for a person's hand.  The longest first. */
MUST_CHECK enum rc waiting_orders(struct ctx *cx, enum waiting which,
    unsigned max, unsigned skip, const struct waiting_row **out, size_t *n);
MUST_CHECK enum rc waiting_counts(struct ctx *cx, uint64_t counts[WAITING__N]);

#endif
