/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Typed readers for what is no free text: numbers, money, choices, days, ids
 * (field.h).  Out-values are good or empty, never half-read.
 */
#include "web/field_int.h"

#include "base/limits.h"
#include "base/time.h"

/* Trimmed and there, or the reason is noted.  *blank: nothing was sent. */
static bool
filled(struct fields *f, const char *name, bool *blank, struct span *out)
{
	*blank = false;
	if (!field_single(f, name, out))
		return false;
	*out = span_trim(*out);
	*blank = out->n == 0;
	return true;
}

static bool
u64_in(struct fields *f, const char *name, struct span v, uint64_t min,
    uint64_t max, uint64_t *out)
{
	uint64_t x;
	size_t i;

	if (num_u64(v, max, &x) != RC_OK) {
		/* digits only: it was a number, just too big a one */
		for (i = 0; i < v.n && chr_digit(v.p[i]); i++)
			;
		return field_bad(f, name,
		    v.n != 0 && i == v.n ? FIELD_TOO_BIG : FIELD_NOT_NUMBER);
	}
	if (x < min)
		return field_bad(f, name, FIELD_TOO_SMALL);
	*out = x;
	return true;
}

bool
field_u64(struct fields *f, const char *name, uint64_t min, uint64_t max,
    uint64_t *out)
{
	struct span v;
	bool blank;

	*out = 0;
	if (!filled(f, name, &blank, &v))
		return false;
	if (blank)
		return field_bad(f, name, FIELD_REQUIRED);
	return u64_in(f, name, v, min, max, out);
}

bool
field_u64_or(struct fields *f, const char *name, uint64_t min, uint64_t max,
    uint64_t dflt, uint64_t *out)
{
	struct span v;
	bool blank;

	*out = 0;
	if (!filled(f, name, &blank, &v))
		return false;
	if (!blank)
		return u64_in(f, name, v, min, max, out);
	*out = dflt;
	return true;
}

static bool
i64_in(struct fields *f, const char *name, struct span v, int64_t min,
    int64_t max, int64_t *out)
{
	int64_t x;

	if (num_i64(v, INT64_MIN, INT64_MAX, &x) != RC_OK)
		return field_bad(f, name, FIELD_NOT_NUMBER);
	if (x < min)
		return field_bad(f, name, FIELD_TOO_SMALL);
	if (x > max)
		return field_bad(f, name, FIELD_TOO_BIG);
	*out = x;
	return true;
}

bool
field_i64(
    struct fields *f, const char *name, int64_t min, int64_t max, int64_t *out)
{
	struct span v;
	bool blank;

	*out = 0;
	if (!filled(f, name, &blank, &v))
		return false;
	if (blank)
		return field_bad(f, name, FIELD_REQUIRED);
	return i64_in(f, name, v, min, max, out);
}

bool
field_i64_or(struct fields *f, const char *name, int64_t min, int64_t max,
    int64_t dflt, int64_t *out)
{
	struct span v;
	bool blank;

	*out = 0;
	if (!filled(f, name, &blank, &v))
		return false;
	if (!blank)
		return i64_in(f, name, v, min, max, out);
	*out = dflt;
	return true;
}

static bool
money_in(struct fields *f, const char *name, struct span v, unsigned decimals,
    struct money min, struct money max, struct money *out)
{
	struct money m;

	if (money_parse(v, decimals, &m) != RC_OK)
		return field_bad(f, name, FIELD_NOT_MONEY);
	if (money_cmp(m, min) < 0)
		return field_bad(f, name, FIELD_TOO_SMALL);
	if (money_cmp(m, max) > 0)
		return field_bad(f, name, FIELD_TOO_BIG);
	*out = m;
	return true;
}

bool
field_money(struct fields *f, const char *name, unsigned decimals,
    struct money min, struct money max, struct money *out)
{
	struct span v;
	bool blank;

	*out = MONEY(0);
	if (!filled(f, name, &blank, &v))
		return false;
	if (blank)
		return field_bad(f, name, FIELD_REQUIRED);
	return money_in(f, name, v, decimals, min, max, out);
}

bool
field_money_or(struct fields *f, const char *name, unsigned decimals,
    struct money min, struct money max, struct money dflt, struct money *out)
{
	struct span v;
	bool blank;

	*out = MONEY(0);
	if (!filled(f, name, &blank, &v))
		return false;
	if (!blank)
		return money_in(f, name, v, decimals, min, max, out);
	*out = dflt;
	return true;
}

bool
field_checked(struct fields *f, const char *name)
{
	struct span v;

	if (!field_single(f, name, &v))
		return false;
	return v.n != 0 && !span_is(v, "0") && !span_is(v, "off");
}

bool
field_choice(struct fields *f, const char *name, const char *const *names,
    size_t n, size_t dflt, size_t *out)
{
	struct span v;
	bool blank;
	size_t i;

	*out = 0;
	if (!filled(f, name, &blank, &v))
		return false;
	if (blank && dflt < n) {
		*out = dflt;
		return true;
	}
	for (i = 0; i < n; i++) {
		if (!span_is(v, names[i]))
			continue;
		*out = i;
		return true;
	}
	return field_bad(f, name, blank ? FIELD_REQUIRED : FIELD_NOT_CHOICE);
}

bool
field_day(struct fields *f, const char *name, int zone_min, int64_t *out_us)
{
	const char *s;

	*out_us = 0;
	if (!field_text(f, name, LIM_PARAM_NAME, &s))
		return false;
	if (*s == '\0' || time_parse_day(s, zone_min, out_us) == RC_OK)
		return true;
	*out_us = 0;
	return field_bad(f, name, FIELD_NOT_DAY);
}

/* "12:30", with seconds or without: browsers differ. */
static bool
clock_of(const char *s, int64_t *out_us)
{
	static const unsigned most[] = {23, 59, 59};
	int64_t sum = 0;
	unsigned i, v;

	for (i = 0; i < 3; i++) {
		if (i == 2 && *s == '\0') {
			sum *= 60;
			break;
		}
		if ((i != 0 && *s++ != ':') || !chr_digit(s[0]) ||
		    !chr_digit(s[1]))
			return false;
		v = (unsigned)(s[0] - '0') * 10 + (unsigned)(s[1] - '0');
		if (v > most[i])
			return false;
		sum = sum * 60 + v;
		s += 2;
	}
	*out_us = sum * US_PER_S;
	return *s == '\0';
}

bool
field_minute(struct fields *f, const char *name, int zone_min, int64_t *out_us)
{
	enum { DAY = sizeof("2026-01-31") - 1 };
	const char *s, *day;
	int64_t clock = 0;

	*out_us = 0;
	if (!field_text(f, name, LIM_PARAM_NAME, &s))
		return false;
	if (*s == '\0')
		return true;
	day = arena_dup(fields_arena(f), s, strnlen(s, DAY));
	if (time_parse_day(day, zone_min, out_us) == RC_OK &&
	    (s[DAY] == '\0' || ((s[DAY] == 'T' || s[DAY] == ' ') &&
				   clock_of(s + DAY + 1, &clock)))) {
		*out_us += clock;
		return true;
	}
	*out_us = 0;
	return field_bad(f, name, FIELD_NOT_DAY);
}

bool
field_ids(
    struct fields *f, const char *name, size_t max, uint64_t **out, size_t *n)
{
	uint64_t *ids = ARENA_ARRAY(fields_arena(f), max + 1, uint64_t);
	struct span key, value;
	size_t i;

	*out = ids;
	*n = 0;
	for (i = 0; fields_at(f, i, &key, &value); i++) {
		if (!span_is(key, name))
			continue;
		if (*n == max) {
			*n = 0;
			return field_bad(f, name, FIELD_TOO_BIG);
		}
		if (num_u64(value, UINT64_MAX, &ids[*n]) != RC_OK ||
		    ids[*n] == 0) {
			*n = 0;
			return field_bad(f, name, FIELD_NOT_NUMBER);
		}
		(*n)++;
	}
	return true;
}
