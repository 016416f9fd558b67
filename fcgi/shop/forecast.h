/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the next hour will bring, learnt from the last three weeks: shown on
 * the desk and, as keystall_forecast_visits and keystall_forecast_orders, told
 * to whatever starts and stops machines.
 *
 * Visits are storefront pages that the program answered: what a cache in
 * front answers costs no worker and is not among them.
 */
#ifndef KS_SHOP_FORECAST_H
#define KS_SHOP_FORECAST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

struct forecast {
	bool known;  /* false: nothing was ever counted */
	bool fitted; /* false: less than two days; the last hour stands in */
	uint64_t visits, orders;           /* of the hour to come */
	uint64_t last_visits, last_orders; /* of the one that was */
};

/* Steps of keystall-jobs, like those of shop/jobs.h. */
MUST_CHECK enum rc jobs_traffic(struct ctx *cx, unsigned *did);
MUST_CHECK enum rc jobs_forecast(struct ctx *cx, unsigned *did);
/* Gauges of money that came and goods that did not go. */
MUST_CHECK enum rc jobs_open_orders(struct ctx *cx, unsigned *did);

MUST_CHECK enum rc forecast_load(struct ctx *cx, struct forecast *out);

#endif
