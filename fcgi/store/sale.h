/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of many sales in one transaction: the same changes as purchase.h and
 * money.h make for one order, one statement each for all.  Inside tx_run().
 * RC_CONFLICT: fewer rows than there should be; nothing of the batch stays.
 */
#ifndef KS_STORE_SALE_H
#define KS_STORE_SALE_H

#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"
#include "store/money.h"
#include "store/purchase.h"

/* Locks those of n orders that there are. */
MUST_CHECK enum rc orders_lock(struct ctx *cx, const char *const *no, size_t n,
    const struct order_row **out, size_t *n_out);
/* Payments of these orders through a channel, newest first. */
MUST_CHECK enum rc payments_of_orders(struct ctx *cx, uint64_t channel,
    const uint64_t *order, size_t n, const struct payment_row **out,
    size_t *n_out);
/* Those of n payment ids that the channel has brought before. */
MUST_CHECK enum rc txns_known(struct ctx *cx, uint64_t channel,
    const char *const *txn, size_t n, const char *const **out, size_t *n_out);

struct to_sell { /* an item, and a card that its order holds for it */
	uint64_t order, item;
	const char *kind;
	unsigned qty, delivered;
	uint64_t card; /* 0: there is none; of several, each in a row */
};
MUST_CHECK enum rc items_to_sell(struct ctx *cx, const uint64_t *order,
    size_t n, const struct to_sell **out, size_t *n_out);

struct sale {                      /* one order, its money and its message */
	const struct order_row *o; /* as it shall be: delivered */
	uint64_t payment;
	struct money amount;
	const char *txn;
	uint64_t item;
	const uint64_t *card;
	unsigned cards;
	const struct notice_row *notice; /* all of one channel */
	const char *method;
	struct span query, headers, body;
	const char *mail_dedupe; /* cause of the message to the buyer */
};
/* Inbox, payments, cards, deliveries, items, orders, messages. */
MUST_CHECK enum rc sales_write(struct ctx *cx, const struct sale *s, size_t n);

#endif
