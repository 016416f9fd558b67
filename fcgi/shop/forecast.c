/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counting by minute and looking an hour ahead (forecast.h).
 *
 * The counters of all processes of this machine lie in shared memory; what
 * they grew by since the last look is added to the current minute.  A counter
 * that is smaller than it was has begun anew.
 */
#include "shop/forecast.h"

#include "base/metric.h"
#include "base/str.h"
#include "base/time.h"
#include "base/winters.h"
#include "store/traffic.h"

enum {
	MINUTE_S = 60,
	BUCKET_S = 600,
	HOUR_BUCKETS = 3600 / BUCKET_S,
	DAY_BUCKETS = S_PER_DAY / BUCKET_S,
	LEARN_DAYS = 21,
	KEEP_DAYS = 35
};

struct counter {
	bool known;
	uint64_t last;
};
static struct counter seen_visits, seen_orders;

static uint64_t
grown(struct counter *c, uint64_t now)
{
	uint64_t by = !c->known ? 0 : now >= c->last ? now - c->last : now;

	*c = (struct counter){true, now};
	return by;
}

enum rc
jobs_traffic(struct ctx *cx, unsigned *did)
{
	const int64_t minute = MINUTE_S * US_PER_S;
	struct counter visits = seen_visits, orders = seen_orders;
	uint64_t v, o;
	enum rc rc;

	*did = 0;
	v = grown(&visits, metric_value(METRIC_visits_total, ""));
	o = grown(&orders, metric_value(METRIC_orders_total, "pending"));
	if (v != 0 || o != 0) {
		rc = traffic_add(cx, cx->now / minute * minute, v, o);
		if (rc != RC_OK)
			return rc; /* counted again with the next step */
	}
	seen_visits = visits;
	seen_orders = orders;
	return RC_OK;
}

/* ------------------------------------------------------------ looking ahead */

struct series { /* one value a bucket, the empty ones too */
	double *visits, *orders;
	size_t n;
};

static enum rc
read_series(struct ctx *cx, struct series *s)
{
	const int64_t us = BUCKET_S * US_PER_S;
	int64_t end = cx->now / us; /* the bucket that is not over yet */
	const struct traffic_row *rows;
	size_t n, i, at;
	enum rc rc;

	*s = (struct series){0};
	rc = traffic_buckets(
	    cx, us, (end - LEARN_DAYS * DAY_BUCKETS) * us, end * us, &rows, &n);
	if (rc != RC_OK || n == 0)
		return rc;
	s->n = (size_t)(end - rows[0].bucket);
	s->visits = ARENA_ARRAY(cx->arena, s->n, double);
	s->orders = ARENA_ARRAY(cx->arena, s->n, double);
	for (i = 0; i < n; i++) {
		at = (size_t)(rows[i].bucket - rows[0].bucket);
		s->visits[at] = (double)rows[i].visits;
		s->orders[at] = (double)rows[i].orders;
	}
	return RC_OK;
}

static double
last_hour(const double *y, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = n < HOUR_BUCKETS ? 0 : n - HOUR_BUCKETS; i < n; i++)
		sum += y[i];
	return sum;
}

static enum rc
expect(struct ctx *cx, const char *kind, enum metric gauge, const double *y,
    size_t n)
{
	struct winters w;
	struct forecast_row f = {.kind = kind, .made = cx->now};
	double sum = last_hour(y, n);

	f.last_hour = (uint64_t)(sum + 0.5);
	f.fitted = winters_fit(cx->arena, y, n, DAY_BUCKETS, HOUR_BUCKETS, &w);
	if (f.fitted)
		sum = winters_sum(&w, HOUR_BUCKETS);
	f.hour = (uint64_t)(sum + 0.5);
	metric_set(gauge, "", (int64_t)f.hour);
	return forecast_put(cx, &f);
}

enum rc
jobs_forecast(struct ctx *cx, unsigned *did)
{
	struct series s;
	uint64_t old;
	enum rc rc;

	*did = 0;
	rc = read_series(cx, &s);
	if (rc != RC_OK || s.n == 0)
		return rc;
	if ((rc = expect(cx, "visits", METRIC_forecast_visits, s.visits,
		 s.n)) != RC_OK ||
	    (rc = expect(
		 cx, "orders", METRIC_forecast_orders, s.orders, s.n)) != RC_OK)
		return rc;
	return traffic_prune(
	    cx, cx->now - KEEP_DAYS * S_PER_DAY * US_PER_S, &old);
}

enum rc
forecast_load(struct ctx *cx, struct forecast *out)
{
	const struct forecast_row *rows;
	size_t n, i;
	enum rc rc;

	*out = (struct forecast){0};
	rc = forecast_get(cx, &rows, &n);
	for (i = 0; rc == RC_OK && i < n; i++) {
		out->known = true;
		out->fitted = rows[i].fitted;
		if (str_eq(rows[i].kind, "visits")) {
			out->visits = rows[i].hour;
			out->last_visits = rows[i].last_hour;
		} else {
			out->orders = rows[i].hour;
			out->last_orders = rows[i].last_hour;
		}
	}
	return rc;
}

/* ------------------------------------------------------------ what waits */

enum rc
jobs_open_orders(struct ctx *cx, unsigned *did)
{
	static const char *const state[] = {
	    "paid", "short", "manual", "refunding"};
	const struct open_row *rows;
	int64_t age;
	size_t n, i, k;
	enum rc rc;

	*did = 0;
	rc = orders_open(cx, &rows, &n);
	for (k = 0; rc == RC_OK && k < sizeof(state) / sizeof(state[0]); k++) {
		for (i = 0; i < n && !str_eq(rows[i].state, state[k]); i++)
			;
		age = i == n || rows[i].oldest > cx->now
			  ? 0
			  : (cx->now - rows[i].oldest) / US_PER_S;
		metric_set(METRIC_orders_open, state[k],
		    i == n ? 0 : (int64_t)rows[i].n);
		metric_set(METRIC_orders_open_oldest_seconds, state[k], age);
	}
	return rc;
}
