/* SPDX-License-Identifier: Apache-2.0 */
/* Visits and orders by minute, and what is expected of the next hour. */
#ifndef KS_STORE_TRAFFIC_H
#define KS_STORE_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

struct traffic_row {
	int64_t bucket; /* time / bucket_us */
	uint64_t visits, orders;
};
struct forecast_row {
	const char *kind; /* "visits", "orders" */
	int64_t made;
	uint64_t hour, last_hour;
	bool fitted; /* false: too young a shop to know its rhythm */
};
struct open_row {
	const char *state;
	uint64_t n;
	int64_t oldest; /* paid at */
};

/* Adds to the minute's row; several machines may. */
MUST_CHECK enum rc traffic_add(
    struct ctx *cx, int64_t minute_us, uint64_t visits, uint64_t orders);
/* Buckets that saw anything, oldest first. */
MUST_CHECK enum rc traffic_buckets(struct ctx *cx, int64_t bucket_us,
    int64_t from_us, int64_t until_us, const struct traffic_row **out,
    size_t *n);
MUST_CHECK enum rc traffic_prune(
    struct ctx *cx, int64_t before_us, uint64_t *n);
MUST_CHECK enum rc forecast_put(struct ctx *cx, const struct forecast_row *f);
MUST_CHECK enum rc forecast_get(
    struct ctx *cx, const struct forecast_row **out, size_t *n);
/* Paid orders whose goods are not all delivered, by state. */
MUST_CHECK enum rc orders_open(
    struct ctx *cx, const struct open_row **out, size_t *n);

#endif
