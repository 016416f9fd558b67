/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strict integers and money.  Everything that could overflow goes through
 * the compiler's checked arithmetic; nothing here ever sees a float.
 */
#include "base/num.h"

#include <string.h>

#include "base/bug.h"

static const uint64_t pow10_of[] = {1, 10, 100, 1000};
enum { DECIMALS_MAX = 3, PERMYRIAD = 10000 };

enum rc
num_u64(struct span s, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;
	size_t i;

	if (s.n == 0)
		return RC_INVALID;
	for (i = 0; i < s.n; i++) {
		if (!chr_digit(s.p[i]) || __builtin_mul_overflow(v, 10u, &v) ||
		    __builtin_add_overflow(
			v, (unsigned char)(s.p[i] - '0'), &v))
			return RC_INVALID;
	}
	if (v > max)
		return RC_INVALID;
	*out = v;
	return RC_OK;
}

enum rc
num_i64(struct span s, int64_t min, int64_t max, int64_t *out)
{
	bool negative = s.n != 0 && s.p[0] == '-';
	uint64_t mag;
	int64_t v;

	if (negative) {
		s.p++;
		s.n--;
	}
	if (num_u64(s, (uint64_t)INT64_MAX + negative, &mag) != RC_OK)
		return RC_INVALID;
	/* -(mag - 1) - 1 reaches INT64_MIN without passing it */
	v = negative && mag != 0 ? -(int64_t)(mag - 1) - 1 : (int64_t)mag;
	if (v < min || v > max)
		return RC_INVALID;
	*out = v;
	return RC_OK;
}

enum rc
num_uint(const char *s, unsigned max, unsigned *out)
{
	uint64_t v;

	if (num_u64(span_str(s), max, &v) != RC_OK)
		return RC_INVALID;
	*out = (unsigned)v;
	return RC_OK;
}

enum rc
money_add(struct money a, struct money b, struct money *out)
{
	int64_t v;

	if (__builtin_add_overflow(a.minor, b.minor, &v))
		return RC_INVALID;
	out->minor = v;
	return RC_OK;
}

enum rc
money_sub(struct money a, struct money b, struct money *out)
{
	int64_t v;

	if (__builtin_sub_overflow(a.minor, b.minor, &v))
		return RC_INVALID;
	out->minor = v;
	return RC_OK;
}

enum rc
money_mul(struct money a, uint64_t n, struct money *out)
{
	int64_t v;

	if (__builtin_mul_overflow(a.minor, n, &v))
		return RC_INVALID;
	out->minor = v;
	return RC_OK;
}

enum rc
money_rate(struct money a, uint32_t permyriad, struct money *out)
{
	int64_t whole, rest;

	if (a.minor < 0)
		return RC_INVALID;
	/* in two parts, so that only a result that is too big overflows */
	rest = (a.minor % PERMYRIAD * (int64_t)permyriad + PERMYRIAD / 2) /
	       PERMYRIAD;
	if (__builtin_mul_overflow(a.minor / PERMYRIAD, permyriad, &whole) ||
	    __builtin_add_overflow(whole, rest, &whole))
		return RC_INVALID;
	out->minor = whole;
	return RC_OK;
}

int
money_cmp(struct money a, struct money b)
{
	return (a.minor > b.minor) - (a.minor < b.minor);
}

/* ISO 4217's exceptions from two decimals, three letters each. */
unsigned
currency_decimals(const char *iso)
{
	static const char none[] = "BIFCLPDJFGNFISKJPYKMFKRWPYGRWFUGXUYIVND"
				   "VUVXAFXOFXPF";
	static const char three[] = "BHDIQDJODKWDLYDOMRTND";
	size_t i;

	if (iso == NULL || strlen(iso) != 3)
		return 2;
	for (i = 0; i + 3 < sizeof(none); i += 3)
		if (memcmp(none + i, iso, 3) == 0)
			return 0;
	for (i = 0; i + 3 < sizeof(three); i += 3)
		if (memcmp(three + i, iso, 3) == 0)
			return 3;
	return 2;
}

enum rc
money_parse(struct span s, unsigned decimals, struct money *out)
{
	struct span whole = {s.p, 0}, part;
	uint64_t w, f = 0;
	int64_t v;

	BUG_ON(decimals > DECIMALS_MAX);
	while (whole.n < s.n && s.p[whole.n] != '.')
		whole.n++;
	if (num_u64(whole, INT64_MAX, &w) != RC_OK)
		return RC_INVALID;
	if (whole.n < s.n) {
		part = (struct span){s.p + whole.n + 1, s.n - whole.n - 1};
		if (part.n > decimals ||
		    num_u64(part, pow10_of[decimals], &f) != RC_OK)
			return RC_INVALID;
		f *= pow10_of[decimals - part.n];
	}
	if (__builtin_mul_overflow(w, pow10_of[decimals], &v) ||
	    __builtin_add_overflow(v, f, &v))
		return RC_INVALID;
	out->minor = v;
	return RC_OK;
}

char *
money_text(struct arena *a, struct money m, unsigned decimals)
{
	const char *sign = m.minor < 0 ? "-" : "";
	uint64_t mag = m.minor < 0 ? 0 - (uint64_t)m.minor : (uint64_t)m.minor;

	BUG_ON(decimals > DECIMALS_MAX);
	if (decimals == 0)
		return arena_fmt(a, "%s%llu", sign, (unsigned long long)mag);
	return arena_fmt(a, "%s%llu.%0*llu", sign,
	    (unsigned long long)(mag / pow10_of[decimals]), (int)decimals,
	    (unsigned long long)(mag % pow10_of[decimals]));
}

char *
money_show(struct arena *a, struct money m, const char *iso)
{
	static const struct {
		char iso[4];
		const char *sign;
	} known[] = {
	    {"CNY", "\xc2\xa5"},
	    {"JPY", "\xc2\xa5"},
	    {"USD", "$"},
	    {"EUR", "\xe2\x82\xac"},
	    {"GBP", "\xc2\xa3"},
	    {"KRW", "\xe2\x82\xa9"},
	};
	const char *text = money_text(a, m, currency_decimals(iso));
	bool negative = m.minor < 0;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_eq(known[i].iso, iso))
			return arena_fmt(a, "%s%s%s", negative ? "-" : "",
			    known[i].sign, text + negative);
	return arena_fmt(a, "%s %s", text, iso);
}
