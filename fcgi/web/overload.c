/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Overload (overload.h).  The web server says when it took the request
 * (QUEUED_AT, seconds with a fraction); it stands on the same machine or keeps
 * the same time.  What is unreadable, in the future or absurd counts as now.
 */
#include "web/overload.h"

#include "base/metric.h"
#include "base/num.h"
#include "base/pressure.h"
#include "base/time.h"
#include "io/fcgi.h"
#include "web/response.h"
#include "web/router.h"

enum {
	ABSURD_S = 300,
	RETRY_FIRST_S = 3,
	RETRY_SPREAD_S = 6 /* so that they do not come back together */
};

static int64_t
queued_us(const char *text)
{
	struct span rest = span_str(text), whole, part;
	uint64_t s, frac = 0;

	if (!span_cut(&rest, '.', &whole) ||
	    num_u64(whole, INT64_MAX / US_PER_S - 1, &s) != RC_OK)
		return 0;
	part = (struct span){rest.p, rest.n < 3 ? rest.n : 3};
	if (part.n == 3 && num_u64(part, US_PER_MS, &frac) != RC_OK)
		frac = 0;
	return (int64_t)s * US_PER_S + (int64_t)frac * US_PER_MS;
}

enum http_status
overload_check(struct ctx *cx, struct fcgi *f, struct response *rs)
{
	int64_t from = queued_us(fcgi_param(f, "QUEUED_AT"));
	int64_t waited = from == 0 ? 0 : cx->now - from;

	if (waited < 0 || waited > ABSURD_S * US_PER_S)
		waited = 0;
	if (from != 0)
		metric_observe(
		    METRIC_queue_wait_seconds, NULL, (uint64_t)waited);
	if (rs->rq->route->pool != POOL_STORE ||
	    !pressure_too_late(
		waited / US_PER_MS, cx->set->queue_wait_ms, cx->set->workers))
		return HTTP_PASS;
	metric_add(METRIC_overload_total, NULL, 1);
	rs->retry_s =
	    RETRY_FIRST_S + (unsigned)((uint64_t)cx->now % RETRY_SPREAD_S);
	return HTTP_BUSY;
}
