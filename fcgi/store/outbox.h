/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages to the world outside the transaction: mail, cache invalidation.
 * Written with the change that causes them, read by keystall-jobs after the
 * COMMIT.
 */
#ifndef KS_STORE_OUTBOX_H
#define KS_STORE_OUTBOX_H

#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

/* The goods of a product changed; object = product id, 0 = all of the
 * catalogue. */
#define OUTBOX_CATALOGUE "catalogue"
/* Tell the buyer where the order is; object = order id, payload = number. */
#define OUTBOX_MAIL_ORDER "mail_order"
/* and how its dedupe begins, the order's id in it; a ':' follows */
#define OUTBOX_OF_ORDER "mail:%llu"
/* Tell the buyer that money went back; object = order id, payload = the
 * refund's number. */
#define OUTBOX_MAIL_REFUND "mail_refund"
/* An example of a mail; payload = kind|language|address. */
#define OUTBOX_MAIL_TEST "mail_test"
/* An order moved and nobody is mailed; object = order id. */
#define OUTBOX_ORDER_EVENT "order_event"
/* A SKU became low; object = SKU id, payload = cards that are left. */
#define OUTBOX_STOCK_LOW "stock_low"

/* Inside tx_run(), due at once.  dedupe names the cause (at most 60 ASCII
 * bytes): a second message of the same cause is RC_OK and changes nothing. */
MUST_CHECK enum rc outbox_add(struct ctx *cx, const char *kind, uint64_t object,
    const char *dedupe, const char *payload);
/* The same, but a second message of the cause is RC_CONFLICT. */
MUST_CHECK enum rc outbox_add_new(struct ctx *cx, const char *kind,
    uint64_t object, const char *dedupe, const char *payload);
/* OUTBOX_CATALOGUE for a product, once a request. */
MUST_CHECK enum rc outbox_catalogue(struct ctx *cx, uint64_t product);
/* OUTBOX_ORDER_EVENT, where a webhook listens; event = its number. */
MUST_CHECK enum rc outbox_order_event(
    struct ctx *cx, uint64_t order, unsigned event);

#endif
