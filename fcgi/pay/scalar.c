/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scalars of JSON as text.  The shortest form of a real is found by trying:
 * 17 digits always suffice for a double, and money needs about five.
 */
#include "pay/scalar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef strtod /* both read back what snprintf() wrote */
#undef strtol

enum { SCALAR_DIGITS = 17, SCALAR_ROOM = 32, SCALAR_MAX = 1024 };

/* d.ddddde+XX -> decimal text with the same digits. */
static char *
plain_decimal(struct arena *a, const char *sci)
{
	bool negative = sci[0] == '-';
	const char *mantissa = sci + (negative ? 1 : 0);
	const char *e = strchr(sci, 'e');
	long exp = strtol(e + 1, NULL, 10);
	char digits[SCALAR_ROOM];
	size_t n = 0;
	struct buf b;
	long i;

	for (; mantissa < e; mantissa++)
		if (*mantissa != '.')
			digits[n++] = *mantissa;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	buf_init(&b, a, SCALAR_ROOM, SCALAR_MAX);
	if (negative)
		buf_chr(&b, '-');
	if (exp < 0)
		buf_str(&b, "0.");
	for (i = exp; i < -1; i++)
		buf_chr(&b, '0');
	for (i = 0; i < (long)n || i <= exp; i++) {
		if (exp >= 0 && i == exp + 1)
			buf_chr(&b, '.');
		buf_chr(&b, i < (long)n ? digits[i] : '0');
	}
	return arena_str(a, buf_text(&b));
}

static const char *
real_text(struct arena *a, double d)
{
	char sci[SCALAR_ROOM + 8];
	int digits;

	if (!(d == d) || d - d != 0.0)
		return NULL;
	for (digits = 0; digits < SCALAR_DIGITS; digits++) {
		snprintf(sci, sizeof(sci), "%.*e", digits, d);
		if (strtod(sci, NULL) == d)
			break;
	}
	return plain_decimal(a, sci);
}

const char *
scalar_of(struct arena *a, const struct json *j)
{
	int64_t n;

	if (j == NULL)
		return NULL;
	switch (json_kind(j)) {
	case JSON_T_TEXT:
		return json_text(j, "");
	case JSON_T_INT:
		if (json_int(j, "", &n) != RC_OK)
			return NULL;
		return arena_fmt(a, "%lld", (long long)n);
	case JSON_T_REAL:
		return real_text(a, json_number(j));
	case JSON_T_BOOL:
		return json_flag(j, "") ? "true" : "false";
	default:
		return NULL;
	}
}

const char *
scalar_text(struct arena *a, const struct json *j, const char *path)
{
	const char *s = scalar_of(a, json_at(j, path));

	return s == NULL ? "" : s;
}

bool
scalar_is(
    struct arena *a, const struct json *j, const char *path, const char *wanted)
{
	return str_eq(scalar_text(a, j, path), wanted);
}
