/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ASCII and byte helpers.  Nothing here looks at the locale, and every
 * character test is defined for every value of a char.
 */
#include "base/str.h"

#include <string.h>

struct span
span_str(const char *s)
{
	struct span sp = {s, s != NULL ? strlen(s) : 0};

	return sp;
}

bool
span_eq(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
span_is(struct span a, const char *s)
{
	return span_eq(a, span_str(s));
}

bool
span_has_nul(struct span a)
{
	return a.n != 0 && memchr(a.p, '\0', a.n) != NULL;
}

struct span
span_trim(struct span a)
{
	while (a.n != 0 && (a.p[0] == ' ' || a.p[0] == '\t')) {
		a.p++;
		a.n--;
	}
	while (a.n != 0 && (a.p[a.n - 1] == ' ' || a.p[a.n - 1] == '\t'))
		a.n--;
	return a;
}

/* "Used up" is p == NULL: an empty part behind the last separator still has
 * to be given out. */
bool
span_cut(struct span *rest, char c, struct span *part)
{
	const char *end;

	if (rest->p == NULL)
		return false;
	*part = *rest;
	end = rest->n != 0 ? memchr(rest->p, c, rest->n) : NULL;
	if (end == NULL) {
		rest->p = NULL;
		rest->n = 0;
		return true;
	}
	part->n = (size_t)(end - rest->p);
	rest->p = end + 1;
	rest->n -= part->n + 1;
	return true;
}

bool
str_eq(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

bool
str_empty(const char *s)
{
	return s == NULL || s[0] == '\0';
}

bool
str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
str_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

bool
str_ieq(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	for (; *a != '\0' && *b != '\0'; a++, b++)
		if (chr_lower(*a) != chr_lower(*b))
			return false;
	return *a == *b;
}

bool
chr_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
chr_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
chr_alnum(char c)
{
	return chr_digit(c) || chr_alpha(c);
}

bool
chr_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool
chr_xdigit(char c)
{
	return chr_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

char
chr_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

char
chr_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool
str_is_token(const char *s, const char *extra, size_t max)
{
	size_t n;

	if (s == NULL)
		return false;
	for (n = 0; s[n] != '\0'; n++)
		if (n == max ||
		    (!chr_alnum(s[n]) && strchr(extra, s[n]) == NULL))
			return false;
	return n != 0;
}

char *
str_lower(struct arena *a, const char *s)
{
	char *copy = arena_str(a, s), *p;

	for (p = copy; *p != '\0'; p++)
		*p = chr_lower(*p);
	return copy;
}
