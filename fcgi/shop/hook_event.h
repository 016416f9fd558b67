/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened, as receivers are told.  The purchase writes one message to
 * the outbox, whatever listens; here one message becomes a delivery for each
 * receiver that wants its event.
 */
#ifndef KS_SHOP_HOOK_EVENT_H
#define KS_SHOP_HOOK_EVENT_H

#include "base/rc.h"
#include "io/ctx.h"
#include "store/outbox_read.h"
#include "store/webhook.h"

struct listeners {
	const struct hook_rec *v;
	size_t n;
};
MUST_CHECK enum rc hook_listeners(struct ctx *cx, struct listeners *out);

/* Deliveries for what this message tells of.  May run any number of times:
 * an event has one id, and a receiver is given it once. */
MUST_CHECK enum rc hook_fan_out(
    struct ctx *cx, const struct listeners *l, const struct outbox_row *m);

/* SKUs that became low since the last look: a message each, until they have
 * been full again. */
MUST_CHECK enum rc hook_look_for_low(struct ctx *cx, unsigned *did);

#endif
