/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See winters.h.  The first seasons give the start: the means of two the level
 * and the trend, the distances from their means the season.
 */
#include "base/winters.h"

#include <string.h>

static const double ALPHA[] = {0.02, 0.05, 0.1, 0.2, 0.4};
static const double BETA[] = {0.0, 0.005, 0.02};
static const double GAMMA[] = {0.02, 0.05, 0.1, 0.2, 0.4};
static const double PHI = 0.98;
static const double LEAST_INDEX = 0.05, LEAST_LEVEL = 0.01;
static const double SHOCK = 3, SPREAD_WEIGHT = 0.01;

enum {
	ALPHAS = sizeof(ALPHA) / sizeof(ALPHA[0]),
	BETAS = sizeof(BETA) / sizeof(BETA[0]),
	GAMMAS = sizeof(GAMMA) / sizeof(GAMMA[0]),
	START_SEASONS = 4
};

/* Of a number of visits, by Heron: four digits are plenty. */
static double
root(double v)
{
	double r = v < 1 ? 1 : v;
	int i;

	for (i = 0; i < 24 && r * r > v * 1.0001; i++)
		r = (r + v / r) / 2;
	return r;
}

static double
mean(const double *y, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += y[i];
	return n == 0 ? 0 : sum / (double)n;
}

/* Up to four seasons give the start: each one's distances from its own mean. */
static void
begin(struct winters *w, const double *y, size_t seasons)
{
	double first = mean(y, w->season),
	       second = mean(y + w->season, w->season);
	double m;
	size_t i, k;

	w->n = w->season;
	w->level = first;
	w->trend = (second - first) / (double)w->season;
	w->spread = 1;
	for (i = 0; i < w->season; i++)
		w->index[i] = 0;
	for (k = 0; k < seasons; k++, y += w->season) {
		m = mean(y, w->season);
		for (i = 0; i < w->season; i++)
			w->index[i] += (!w->times  ? y[i] - m
					   : m > 0 ? y[i] / m
						   : 1) /
				       (double)seasons;
	}
}

/* A quiet hour must not turn one visit into a crowd. */
static double
at_least(double v, double least)
{
	return v < least ? least : v;
}

/* Arrivals that know nothing of each other scatter like the root of their
 * number.  What lies further off than three times the usual scatter is taken
 * for that much: a sale must not become part of the rhythm. */
static double
without_shock(struct winters *w, double y, double expected)
{
	double unit = root(at_least(expected, 1));
	double off = (y - expected) / unit, size = off < 0 ? -off : off;
	double most = SHOCK * w->spread;

	if (size > most) {
		off = off < 0 ? -most : most;
		size = most;
	}
	w->spread += SPREAD_WEIGHT * (size - w->spread);
	return expected + off * unit;
}

static void
learn(struct winters *w, double y)
{
	double *s = &w->index[w->n % w->season];
	double before = w->level, pull = w->phi * w->trend, seen;

	y = without_shock(
	    w, y, w->times ? (before + pull) * *s : before + pull + *s);
	seen = w->times ? y / at_least(*s, LEAST_INDEX) : y - *s;
	w->level = w->alpha * seen + (1 - w->alpha) * (before + pull);
	w->trend = w->beta * (w->level - before) + (1 - w->beta) * pull;
	seen = w->times ? y / at_least(before + pull, LEAST_LEVEL)
			: y - before - pull;
	*s = w->gamma * seen + (1 - w->gamma) * *s;
	w->n++;
}

double
winters_sum(const struct winters *w, size_t ahead)
{
	double sum = 0, pull = 0, damp = 1, at;
	size_t h;

	for (h = 0; h < ahead; h++) {
		damp *= w->phi;
		pull += damp * w->trend;
		at = w->index[(w->n + h) % w->season];
		sum += w->times ? (w->level + pull) * at : w->level + pull + at;
	}
	return sum < 0 ? 0 : sum;
}

/* How far off the sums foretold along the series were, all in all. */
static double
walk(struct winters *w, const double *y, size_t n, size_t ahead)
{
	size_t seasons = n / w->season / 2;
	double bad = 0, miss;

	if (seasons < 2 || seasons > START_SEASONS)
		seasons = seasons < 2 ? 2 : START_SEASONS;
	begin(w, y, seasons);
	while (w->n < n) {
		if (w->n >= seasons * w->season && w->n + ahead <= n) {
			miss = winters_sum(w, ahead) -
			       mean(y + w->n, ahead) * (double)ahead;
			bad += miss < 0 ? -miss : miss;
		}
		learn(w, y[w->n]);
	}
	return bad;
}

bool
winters_fit(struct arena *a, const double *y, size_t n, size_t season,
    size_t ahead, struct winters *out)
{
	struct winters w = {.season = season, .phi = PHI}, best = {0};
	double least = 0, bad;
	size_t i;

	if (season == 0 || ahead == 0 || n < 2 * season)
		return false;
	w.index = ARENA_ARRAY(a, season, double);
	for (i = 0; i < (size_t)ALPHAS * BETAS * GAMMAS * 2; i++) {
		w.times = i >= (size_t)ALPHAS * BETAS * GAMMAS;
		w.alpha = ALPHA[i % ALPHAS];
		w.beta = BETA[i / ALPHAS % BETAS];
		w.gamma = GAMMA[i / (ALPHAS * BETAS) % GAMMAS];
		bad = walk(&w, y, n, ahead);
		if (i == 0 || bad < least) {
			least = bad;
			best = w;
		}
	}
	(void)walk(&best, y, n, ahead); /* the state that goes with it */
	*out = best;
	return true;
}

double
winters_naive(const double *y, size_t n, size_t season, size_t ahead)
{
	return n < season ? 0 : mean(y + n - season, ahead) * (double)ahead;
}
