/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the next hour will bring, learnt from the last three weeks: shown on
 * the desk and, as keystall_forecast_visits and keystall_forecast_orders, told
 * to whatever starts and stops machines.
 *
 * Visits are requests of the storefront (GET) that reached the program and
 * were answered: pages, and the questions of pages that wait.  What a cache in
 * front answers is not among them.  It costs no worker, which is what the
 * forecast is for, and nginx has nothing that would count it: stub_status
 * knows all requests of the server and no others, a mirror asks the program
 * again for each, and the request that fetches a page anew says nothing of
 * those that the old one was shown to.  So a catalogue page of which a copy
 * is kept counts at most about once a second, however many look at it.
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
