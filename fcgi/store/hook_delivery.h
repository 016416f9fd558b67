/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of webhook_delivery: one event for one receiver; and the rows that
 * events are made of. */
#ifndef KS_STORE_HOOK_DELIVERY_H
#define KS_STORE_HOOK_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

enum { HOOK_ERROR_MAX = 120, HOOK_RESPONSE_MAX = 500 };

/* The same event_id for the same receiver a second time: RC_OK, unchanged. */
MUST_CHECK enum rc hook_delivery_add(struct ctx *cx, uint64_t hook,
    const char *event, const char *event_id, const char *body);

struct hook_due {
	uint64_t id;
	const char *event, *event_id, *body;
	unsigned attempts; /* before this one */
	int64_t created;
};
/* Inside tx_run(): locks what is due of one receiver, stepping over what
 * others hold, and lends it out until the given time. */
MUST_CHECK enum rc hook_take(struct ctx *cx, uint64_t hook, unsigned max,
    int64_t until, const struct hook_due **out, size_t *n);
/* One that was lent and not tried is due again now. */
MUST_CHECK enum rc hook_return(struct ctx *cx, uint64_t id, int64_t lent_until);

struct hook_tried {
	const char *state; /* due, done, dead */
	const char *error;
	int64_t due, done;
	unsigned status, took_ms;
	struct span response;
};
MUST_CHECK enum rc hook_tried(
    struct ctx *cx, uint64_t id, const struct hook_tried *t);

struct hook_sent { /* a line of the log */
	uint64_t id, hook;
	const char *event, *event_id, *body, *state, *error;
	unsigned attempts, status, took_ms;
	struct span response;
	int64_t due, created, done;
};
/* hook = 0, state = "": all; ids below `below', the newest first. */
MUST_CHECK enum rc hook_deliveries(struct ctx *cx, uint64_t below,
    uint64_t hook, const char *state, unsigned max,
    const struct hook_sent **out, size_t *n);
/* RC_CONFLICT: it is waiting already, or not there. */
MUST_CHECK enum rc hook_redeliver(struct ctx *cx, uint64_t id);
/* When the oldest was due (0: none), and how many are dead. */
MUST_CHECK enum rc hook_waiting(
    struct ctx *cx, int64_t *oldest, uint64_t *dead);
MUST_CHECK enum rc hook_prune(struct ctx *cx, int64_t before, uint64_t *n);

/* ---- what events tell */

struct hook_move {
	unsigned seq;
	const char *from, *to;
	int64_t at;
};
MUST_CHECK enum rc hook_order_events(
    struct ctx *cx, uint64_t order, const struct hook_move **out, size_t *n);
struct hook_order {
	const char *no, *currency;
	struct money total, paid, refunded;
	bool late;
	int64_t created, paid_at, delivered_at;
};
MUST_CHECK enum rc hook_order(
    struct ctx *cx, uint64_t order, struct hook_order *out);
struct hook_item {
	uint64_t product, sku;
	const char *product_name, *sku_name, *sku_code;
	unsigned qty, delivered;
	struct money price;
};
MUST_CHECK enum rc hook_order_items(
    struct ctx *cx, uint64_t order, const struct hook_item **out, size_t *n);
struct hook_product {
	const char *slug, *name, *state;
	unsigned version;
};
MUST_CHECK enum rc hook_product(
    struct ctx *cx, uint64_t id, struct hook_product *out);
struct hook_sku {
	const char *code, *name, *product_name;
	uint64_t product;
};
MUST_CHECK enum rc hook_sku(struct ctx *cx, uint64_t id, struct hook_sku *out);

/* ---- stock that became low */

struct low_sku {
	uint64_t sku, free_n;
};
MUST_CHECK enum rc stock_low_new(struct ctx *cx, unsigned below, unsigned max,
    const struct low_sku **out, size_t *n);
MUST_CHECK enum rc stock_low_add(struct ctx *cx, const struct low_sku *s);
MUST_CHECK enum rc stock_low_over(struct ctx *cx, unsigned below);

#endif
