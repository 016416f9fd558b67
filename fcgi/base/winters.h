/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exponential smoothing with a damped trend and a season that is added to the
 * level or multiplies it, whichever foretells the series better, after
 * Holt and Winters (P. R. Winters, "Forecasting Sales by Exponentially
 * Weighted Moving Averages", Management Science 6, 1960; the damped form and
 * the names of the weights as in Hyndman and Athanasopoulos, "Forecasting:
 * Principles and Practice", chapter on exponential smoothing).
 *
 * Good at: a daily rhythm that grows or shrinks slowly, under noise.
 * Bad at: a sale nobody announced; what is far off is cut to three times the
 * usual scatter before it is learnt (S. Gelper, R. Fried and C. Croux, "Robust
 * forecasting with exponential and Holt-Winters smoothing", Journal of
 * Forecasting 29, 2010).  Counts, never money.
 */
#ifndef KS_BASE_WINTERS_H
#define KS_BASE_WINTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct winters {
	bool times;    /* the season multiplies */
	size_t season; /* buckets of one period */
	double alpha;  /* weight of the newest value: level */
	double beta;   /* trend */
	double gamma;  /* season */
	double phi;    /* what is left of the trend after each bucket */
	/* state after the last value */
	size_t n;
	double level, trend;
	double spread; /* usual scatter, in roots of the expected number */
	double *index; /* season entries */
};

/* Learns from y[0 .. n-1], oldest first, one value a bucket.  The weights are
 * those of a small grid that foretold the sum of the next `ahead` buckets
 * best over the series itself.  false: less than two whole seasons. */
bool winters_fit(struct arena *a, const double *y, size_t n, size_t season,
    size_t ahead, struct winters *out);
/* What the next `ahead` buckets are expected to sum up to; never negative. */
double winters_sum(const struct winters *w, size_t ahead);
/* The same hour of the last period: what a forecast has to beat. */
double winters_naive(const double *y, size_t n, size_t season, size_t ahead);

#endif
