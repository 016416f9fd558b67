/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Webhooks on the panel: receivers, their secrets, and the log of what was
 * sent.  Sending is hook_send.h, what is sent hook_event.h.
 *
 * A secret is "whsec_" and base64 of 32 bytes; it is shown once, when it is
 * made, and is sealed in the database.
 */
#ifndef KS_SHOP_WEBHOOK_H
#define KS_SHOP_WEBHOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"
#include "shop/goods_edit.h"

enum hook_event {
	HOOK_ORDER_PAID,
	HOOK_ORDER_DELIVERED,
	HOOK_ORDER_SHORT,
	HOOK_ORDER_MANUAL,
	HOOK_ORDER_REFUNDED,
	HOOK_ORDER_EXPIRED,
	HOOK_ORDER_CANCELLED,
	HOOK_STOCK_LOW,
	HOOK_PRODUCT_CHANGED,
	HOOK__N
};
const char *hook_event_name(enum hook_event e); /* "order.paid" */
/* Is the event in a blank separated list? */
bool hook_wants(const char *events, const char *event);

enum { WEBHOOKS_MAX = 20, WEBHOOK_OLD_SECRET_H = 24 };

struct webhook {
	uint64_t id; /* 0: new */
	const char *url, *note;
	bool on[HOOK__N];
	bool active;
	unsigned fails, version;
	int64_t pause, created, old_until;
	uint64_t due, dead;
};
MUST_CHECK enum rc webhook_list(
    struct ctx *cx, const struct webhook **out, size_t *n);
MUST_CHECK enum rc webhook_load(
    struct ctx *cx, uint64_t id, struct webhook *out);
/* RC_INVALID: *why.  RC_CONFLICT: changed meanwhile.  A new one gets its id
 * and *secret, to be shown once. */
MUST_CHECK enum rc webhook_save(struct ctx *cx, struct webhook *w,
    struct edit_error *why, const char **secret);
/* A new secret; the one before signs too for WEBHOOK_OLD_SECRET_H hours. */
MUST_CHECK enum rc webhook_rotate(
    struct ctx *cx, uint64_t id, unsigned version, const char **secret);
MUST_CHECK enum rc webhook_remove(
    struct ctx *cx, uint64_t id, unsigned version);
/* Queues an event "test" for this receiver alone. */
MUST_CHECK enum rc webhook_test(struct ctx *cx, uint64_t id);

struct webhook_sent {
	uint64_t id, hook;
	const char *event, *event_id, *body, *state, *error, *response;
	unsigned attempts, status, took_ms;
	int64_t due, created, done;
};
/* hook = 0, state = "": all; below = 0: from the newest. */
MUST_CHECK enum rc webhook_log(struct ctx *cx, uint64_t below, uint64_t hook,
    const char *state, unsigned max, const struct webhook_sent **out,
    size_t *n);
/* The same event again, under the same id.  RC_CONFLICT: it is waiting. */
MUST_CHECK enum rc webhook_redeliver(struct ctx *cx, uint64_t delivery);

/* "v1,<base64>" over "id.seconds.body"; RC_INVALID: not a secret. */
MUST_CHECK enum rc webhook_sign(struct ctx *cx, struct span secret,
    const char *id, int64_t seconds, const char *body, const char **out);

#endif
