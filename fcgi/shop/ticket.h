/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tickets of a sale: the stock, deducted beforehand in memcached, one ticket a
 * card, so that no more buyers reach the rows than there are cards.  Goods
 * with a line (shop/queue.h) have tickets where the shop has memcached.
 *
 * The rows alone decide.  The counter is made from them by whoever reads the
 * goods and finds none, and forgotten after some seconds: so what expires, is
 * cancelled or imported is counted again, and a counter that is wrong does
 * not stay.  "None left" is never an answer to a buyer: he waits a moment
 * while one of those without a ticket looks at the rows for all.
 */
#ifndef KS_SHOP_TICKET_H
#define KS_SHOP_TICKET_H

#include <stdbool.h>
#include <stdint.h>

#include "io/ctx.h"

struct ticket {
	uint64_t sku;
	unsigned qty;
	enum {
		TICKET_UNUSED,  /* no counting here */
		TICKET_UNKNOWN, /* no counter: make one */
		TICKET_HELD,
		TICKET_PROBE /* none left, but somebody has to look */
	} kind;
};

/* false: others look; wait a moment. */
bool ticket_take(struct ctx *cx, uint64_t sku, uint64_t qty, struct ticket *t);
/* Where nothing is counted yet: the free cards as the rows have them. */
void ticket_count(struct ctx *cx, struct ticket *t, uint64_t free);
/* What became of it: an order was made, or not. */
void ticket_done(struct ctx *cx, const struct ticket *t, bool placed);

#endif
