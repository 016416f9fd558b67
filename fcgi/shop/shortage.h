/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shortage queue.  Paid orders without stock wait in the order of their
 * payment.  Whatever makes cards free calls shortage_fill() in the same
 * transaction, so that nobody can come between; while somebody waits,
 * card_pick() gives new buyers none of that SKU.
 *
 * Whole orders only: the first in line gets all of what it misses or, unless
 * the shop chose partial delivery, waits on, and those behind it wait too.
 */
#ifndef KS_SHOP_SHORTAGE_H
#define KS_SHOP_SHORTAGE_H

#include "base/rc.h"
#include "io/ctx.h"

enum { SHORTAGE_BATCH = 50 }; /* orders served in one transaction */

/* Before the transaction in which shortage_fill() is called; without it the
 * job has to serve the line a moment later. */
MUST_CHECK enum rc shortage_prepare(struct ctx *cx);
/* Inside a transaction: serves the line of a SKU, at most SHORTAGE_BATCH
 * orders; *served (may be NULL) says how many got something. */
MUST_CHECK enum rc shortage_fill(
    struct ctx *cx, uint64_t sku, unsigned *served);
/* The same for the cards that an order gave back. */
MUST_CHECK enum rc shortage_fill_order(struct ctx *cx, uint64_t order);
/* Outside a transaction: until the line is empty or nothing is left. */
MUST_CHECK enum rc shortage_drain(
    struct ctx *cx, uint64_t sku, unsigned *served);

#endif
