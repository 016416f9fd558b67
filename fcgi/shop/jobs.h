/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What keystall-jobs does, one bounded step a call: *did counts what was
 * done, 0 means nothing was due.  Each step may run on several machines at
 * once (SKIP LOCKED, or a lease where it must not).
 */
#ifndef KS_SHOP_JOBS_H
#define KS_SHOP_JOBS_H

#include "base/rc.h"
#include "io/ctx.h"

/* Pending orders past their time become expired: cards and coupon go back.
 * Never touches a paid order. */
MUST_CHECK enum rc jobs_expire(struct ctx *cx, unsigned *did);
/* Serves paid orders that wait for stock which is there by now: whatever made
 * it free did so itself, this is for what was missed. */
MUST_CHECK enum rc jobs_fill_short(struct ctx *cx, unsigned *did);
/* Sends what the outbox holds: mail, cache invalidation. */
MUST_CHECK enum rc jobs_outbox(struct ctx *cx, unsigned *did);
/* Calls the receivers of webhooks, for some seconds at most. */
MUST_CHECK enum rc jobs_webhooks(struct ctx *cx, unsigned *did);
/* Writes the event of each SKU that became low. */
MUST_CHECK enum rc jobs_low_stock(struct ctx *cx, unsigned *did);
/* Asks gateways about pending payments on a widening schedule. */
MUST_CHECK enum rc jobs_reconcile(struct ctx *cx, unsigned *did);
/* Notices that a process of this machine died over. */
MUST_CHECK enum rc jobs_notices(struct ctx *cx, unsigned *did);
/* Heartbeat row that replicas show their lag by; counters for show
 * (product.sold_n); metrics; old sessions, rejects, messages. */
MUST_CHECK enum rc jobs_heartbeat(struct ctx *cx, unsigned *did);
MUST_CHECK enum rc jobs_count_sold(struct ctx *cx, unsigned *did);
MUST_CHECK enum rc jobs_clean(struct ctx *cx, unsigned *did);

#endif
