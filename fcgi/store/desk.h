/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the desk: lists and sums for the panel. */
#ifndef KS_STORE_DESK_H
#define KS_STORE_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

struct desk_sums {
	uint64_t orders, paid, delivered;
	struct money revenue, fees, refunds, cost;
};
/* Of [from, until): orders by creation, money by payment. */
MUST_CHECK enum rc desk_sums(
    struct ctx *cx, int64_t from, int64_t until, struct desk_sums *out);

struct hour_row {
	uint64_t hour; /* since the epoch */
	uint64_t paid;
	struct money revenue;
};
MUST_CHECK enum rc desk_hours(struct ctx *cx, int64_t from, int64_t until,
    const struct hour_row **out, size_t *n);

struct top_row {
	const char *product_name;
	uint64_t sold;
	struct money revenue;
};
MUST_CHECK enum rc desk_top(struct ctx *cx, int64_t from, unsigned max,
    const struct top_row **out, size_t *n);

MUST_CHECK enum rc desk_state_count(
    struct ctx *cx, const char *state, uint64_t *n);
MUST_CHECK enum rc desk_alert_counts(
    struct ctx *cx, uint64_t *held_notices, uint64_t *cases, uint64_t *dead);

struct low_row {
	const char *sku_code, *product_name;
	uint64_t free_n;
};
MUST_CHECK enum rc desk_low_stock(struct ctx *cx, unsigned below, unsigned max,
    const struct low_row **out, size_t *n);

struct desk_query {
	const char *state;         /* "" any */
	const char *q;             /* "" any */
	uint64_t product, channel; /* 0 any */
	int64_t from, until;
	unsigned max, skip;
};
struct desk_order_row {
	const char *no, *state, *currency, *product_name, *contact, *channel;
	struct money total;
	int64_t created;
	unsigned qty;
	bool late;
};
MUST_CHECK enum rc desk_order_rows(struct ctx *cx, const struct desk_query *q,
    const struct desk_order_row **out, size_t *n);
MUST_CHECK enum rc desk_order_sum(struct ctx *cx, const struct desk_query *q,
    uint64_t *orders, struct money *total, struct money *paid);

struct desk_payment_row {
	uint64_t id;
	const char *channel, *state, *role, *txn, *currency, *case_state;
	struct money amount;
	int64_t created, settled;
};
MUST_CHECK enum rc desk_payment_rows(struct ctx *cx, uint64_t order,
    const struct desk_payment_row **out, size_t *n);
struct desk_mail_row {
	const char *kind, *state, *error;
	int64_t created, done;
	unsigned attempts;
};
MUST_CHECK enum rc desk_mail_rows(struct ctx *cx, uint64_t order,
    const struct desk_mail_row **out, size_t *n);
struct desk_delivery_row {
	uint64_t card;
	int64_t at, seen;
};
MUST_CHECK enum rc desk_delivery_rows(struct ctx *cx, uint64_t order,
    unsigned max, const struct desk_delivery_row **out, size_t *n);

/* Goods handed over by a person: the row first, then its sealed text, whose
 * seal names the row. */
MUST_CHECK enum rc delivery_by_hand(
    struct ctx *cx, uint64_t order, uint64_t item, uint64_t *id);
MUST_CHECK enum rc delivery_sealed(
    struct ctx *cx, uint64_t id, struct span sealed);

#endif
