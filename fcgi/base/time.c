/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock, and dates without the C library's: gmtime() and strftime() know
 * a locale and a time zone, ours must know neither.  Days are counted from
 * 0000-03-01, so that the leap day is the last day of a year.
 */
#include "base/time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/bug.h"
#include "base/str.h"

#undef clock_gettime /* the one place that asks for the time */

enum { DAYS_400_YEARS = 146097, DAYS_TO_1970 = 719468, US_PER_MIN = 60000000 };

struct civil {
	int64_t year;
	unsigned month, day; /* 1.. */
	unsigned hour, min, sec;
	unsigned us, weekday; /* 0 is Sunday */
};

static int64_t fixed_us;

static int64_t
clock_us(clockid_t id)
{
	struct timespec ts;

	BUG_ON(clock_gettime(id, &ts) != 0);
	return (int64_t)ts.tv_sec * US_PER_S + ts.tv_nsec / 1000;
}

int64_t
time_now_us(void)
{
	return fixed_us != 0 ? fixed_us : clock_us(CLOCK_REALTIME);
}

int64_t
time_mono_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

void
time_set_us(int64_t us)
{
	fixed_us = us;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	int64_t q = a / b;

	return a % b < 0 ? q - 1 : q;
}

static struct civil
civil_of(int64_t us)
{
	int64_t days = floor_div(us, S_PER_DAY * US_PER_S);
	int64_t rest = us - days * S_PER_DAY * US_PER_S;
	int64_t z = days + DAYS_TO_1970;
	int64_t era = floor_div(z, DAYS_400_YEARS);
	unsigned doe = (unsigned)(z - era * DAYS_400_YEARS);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153; /* 0 is March */
	unsigned s = (unsigned)(rest / US_PER_S);
	struct civil c;

	c.day = doy - (153 * mp + 2) / 5 + 1;
	c.month = mp < 10 ? mp + 3 : mp - 9;
	c.year = era * 400 + yoe + (c.month <= 2 ? 1 : 0);
	c.hour = s / 3600;
	c.min = s / 60 % 60;
	c.sec = s % 60;
	c.us = (unsigned)(rest % US_PER_S);
	/* 1970-01-01 was a Thursday */
	c.weekday = (unsigned)(days + 4 - floor_div(days + 4, 7) * 7);
	return c;
}

/* Days since 1970-01-01. */
static int64_t
days_of(int64_t year, unsigned month, unsigned day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = floor_div(y, 400);
	unsigned yoe = (unsigned)(y - era * 400);
	unsigned mp = month > 2 ? month - 3 : month + 9;
	unsigned doy = (153 * mp + 2) / 5 + day - 1;
	unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * DAYS_400_YEARS + doe - DAYS_TO_1970;
}

char *
time_text(struct arena *a, int64_t us, int zone_min)
{
	struct civil c = civil_of(us + (int64_t)zone_min * US_PER_MIN);

	return arena_fmt(a, "%04lld-%02u-%02u %02u:%02u:%02u",
	    (long long)c.year, c.month, c.day, c.hour, c.min, c.sec);
}

char *
time_rfc3339(struct arena *a, int64_t us)
{
	struct civil c = civil_of(us);

	return arena_fmt(a, "%04lld-%02u-%02uT%02u:%02u:%02u.%06uZ",
	    (long long)c.year, c.month, c.day, c.hour, c.min, c.sec, c.us);
}

char *
time_http(struct arena *a, int64_t us)
{
	static const char day[] = "SunMonTueWedThuFriSat";
	static const char mon[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct civil c = civil_of(us);

	return arena_fmt(a, "%.3s, %02u %.3s %04lld %02u:%02u:%02u GMT",
	    day + 3 * (size_t)c.weekday, c.day, mon + 3 * (size_t)(c.month - 1),
	    (long long)c.year, c.hour, c.min, c.sec);
}

void
time_line(int64_t us, char out[28])
{
	struct civil c = civil_of(us);
	int n = snprintf(out, 28, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ",
	    (unsigned)(c.year % 10000), c.month, c.day, c.hour, c.min, c.sec,
	    c.us);

	BUG_ON(n != 27);
}

void
time_yymmdd(int64_t us, char out[7])
{
	struct civil c = civil_of(us);
	int n = snprintf(
	    out, 7, "%02u%02u%02u", (unsigned)(c.year % 100), c.month, c.day);

	BUG_ON(n != 6);
}

int64_t
time_day_start(int64_t us, int zone_min)
{
	int64_t shift = (int64_t)zone_min * US_PER_MIN;
	int64_t day = floor_div(us + shift, S_PER_DAY * US_PER_S);

	return day * S_PER_DAY * US_PER_S - shift;
}

/* n digits at s; -1 if one of them is none. */
static int
digits(const char *s, int n)
{
	int v = 0, i;

	for (i = 0; i < n; i++) {
		if (!chr_digit(s[i]))
			return -1;
		v = v * 10 + (s[i] - '0');
	}
	return v;
}

enum rc
time_parse_day(const char *s, int zone_min, int64_t *out)
{
	int y, m, d;
	int64_t days;
	struct civil c;

	if (s == NULL || strlen(s) != 10 || s[4] != '-' || s[7] != '-')
		return RC_INVALID;
	y = digits(s, 4);
	m = digits(s + 5, 2);
	d = digits(s + 8, 2);
	if (y < 1970 || m < 1 || m > 12 || d < 1)
		return RC_INVALID;
	days = days_of(y, (unsigned)m, (unsigned)d);
	/* 31 April becomes 1 May on the way back */
	c = civil_of(days * S_PER_DAY * US_PER_S);
	if (c.day != (unsigned)d)
		return RC_INVALID;
	*out = days * S_PER_DAY * US_PER_S - (int64_t)zone_min * US_PER_MIN;
	return RC_OK;
}
