/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking ahead.  The series of the contest: three weeks of ten-minute
 * buckets; two humps a day (noon and evening), quiet nights, 2 % more each
 * day, noise of the size that independent arrivals have, and on the ninth day
 * an hour of a sale with six times the visits.  Foretold is each hour of the
 * last week from what was known before it.
 */
#include "support/test.h"

#include <stdio.h>

#include "base/winters.h"

enum { DAY = 144, HOUR = 6, DAYS = 21 };

static double
uniform(void)
{
	return (double)test_below(1000000) / 1000000.0;
}

/* Poisson by its sum of twelve uniforms' normal approximation: the counts
 * here are tens and hundreds. */
static double
noisy(double mean)
{
	double z = -6, root = mean, v;
	int i;

	for (i = 0; i < 12; i++)
		z += uniform();
	for (i = 0; i < 40; i++) /* square root, by Heron */
		root = (root + mean / root) / 2;
	v = mean + z * root;
	return v < 0 ? 0 : (double)(long)(v + 0.5);
}

static double
hump(double at, double middle, double wide)
{
	double d = (at - middle) / wide;

	return 1.0 / (1.0 + d * d * d * d);
}

static void
make_series(double *y)
{
	double grown = 1, at;
	int day, b;

	for (day = 0; day < DAYS; day++, grown *= 1.02)
		for (b = 0; b < DAY; b++) {
			at = (double)b / 6;
			y[day * DAY + b] =
			    noisy(grown * (8 + 60 * hump(at, 12.5, 2.5) +
					      110 * hump(at, 20.5, 2)));
		}
	for (b = 0; b < HOUR; b++) /* nobody announced it */
		y[8 * DAY + 15 * HOUR + b] *= 6;
}

static double
sum(const double *y, size_t n)
{
	double s = 0;

	while (n-- > 0)
		s += y[n];
	return s;
}

static double
off(double a, double b)
{
	return a < b ? b - a : a - b;
}

static void
beats_the_same_hour_yesterday(void **state)
{
	double *y = arena_alloc(ta, sizeof(double) * DAYS * DAY);
	double ours = 0, naive = 0, seen;
	struct winters w;
	size_t at, wins = 0, n = 0;

	(void)state;
	make_series(y);
	for (at = 14 * DAY; at + HOUR <= DAYS * DAY; at += 2 * HOUR, n++) {
		seen = sum(y + at, HOUR);
		assert_true(winters_fit(ta, y, at, DAY, HOUR, &w));
		ours += off(winters_sum(&w, HOUR), seen);
		naive += off(winters_naive(y, at, DAY, HOUR), seen);
		wins += off(winters_sum(&w, HOUR), seen) <
			off(winters_naive(y, at, DAY, HOUR), seen);
	}
	printf("# mean error of an hour: %.1f, same hour yesterday: %.1f; "
	       "nearer in %zu of %zu hours\n",
	    ours / (double)n, naive / (double)n, wins, n);
	assert_true(ours < 0.9 * naive);
}

static void
knows_a_plain_rhythm(void **state)
{
	double y[6 * 24];
	struct winters w;
	size_t i;

	(void)state;
	for (i = 0; i < 6 * 24; i++)
		y[i] = i % 24 < 12 ? 10 : 30;
	assert_true(winters_fit(ta, y, 6 * 24, 24, 4, &w));
	assert_true(off(winters_sum(&w, 4), 40) < 0.01);
	assert_true(off(winters_sum(&w, 24), 480) < 0.01);
}

static void
never_less_than_nothing(void **state)
{
	double y[6 * 24];
	struct winters w;
	size_t i;

	(void)state;
	for (i = 0; i < 6 * 24; i++)
		y[i] = i < 72 ? 100 : 0;
	assert_true(winters_fit(ta, y, 6 * 24, 24, 4, &w));
	assert_true(winters_sum(&w, 4) >= 0);
}

static void
wants_two_seasons(void **state)
{
	double y[48] = {0};
	struct winters w;

	(void)state;
	assert_false(winters_fit(ta, y, 47, 24, 1, &w));
	assert_false(winters_fit(ta, y, 48, 0, 1, &w));
	assert_false(winters_fit(ta, y, 48, 24, 0, &w));
	assert_true(winters_fit(ta, y, 48, 24, 1, &w));
	assert_true(winters_sum(&w, 1) == 0);
	assert_true(winters_naive(y, 23, 24, 1) == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(beats_the_same_hour_yesterday),
	    TEST(knows_a_plain_rhythm),
	    TEST(never_less_than_nothing),
	    TEST(wants_two_seasons),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
