/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 as RFC 3629.  One strict decoder serves all functions: the ranges of
 * the second byte (section 4) rule out overlong forms, surrogates and what is
 * above U+10FFFF.
 */
#include "base/utf8.h"

#include "base/bug.h"

enum { CP_MAX = 0x10ffff };

static bool
is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* Length of the sequence that c begins, and the range of its second byte;
 * 0 when c begins none. */
static size_t
lead(unsigned char c, unsigned char *lo, unsigned char *hi)
{
	*lo = 0x80;
	*hi = 0xbf;
	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c <= 0xdf)
		return 2;
	if (c >= 0xe0 && c <= 0xef) {
		if (c == 0xe0)
			*lo = 0xa0;
		if (c == 0xed)
			*hi = 0x9f;
		return 3;
	}
	if (c >= 0xf0 && c <= 0xf4) {
		if (c == 0xf0)
			*lo = 0x90;
		if (c == 0xf4)
			*hi = 0x8f;
		return 4;
	}
	return 0;
}

/* The code point at the front of s (not empty), its length in *len; -1 when
 * it is not UTF-8. */
static int32_t
decode(struct span s, size_t *len)
{
	const unsigned char *p = (const unsigned char *)s.p;
	unsigned char lo, hi;
	size_t n = lead(p[0], &lo, &hi), i;
	int32_t cp;

	*len = 1;
	if (n == 0 || n > s.n)
		return -1;
	if (n == 1)
		return p[0];
	if (p[1] < lo || p[1] > hi)
		return -1;
	cp = p[0] & (0x7f >> n);
	for (i = 1; i < n; i++) {
		if (!is_tail(p[i]))
			return -1;
		cp = (int32_t)((uint32_t)cp << 6 | (p[i] & 0x3fu));
	}
	*len = n;
	return cp;
}

int32_t
utf8_any(struct span *s)
{
	size_t len;
	int32_t cp;

	BUG_ON(s->n == 0);
	cp = decode(*s, &len);
	s->p += len;
	s->n -= len;
	return cp;
}

bool
utf8_valid(struct span s)
{
	while (s.n != 0)
		if (utf8_any(&s) < 0)
			return false;
	return true;
}

size_t
utf8_length(struct span s)
{
	size_t n = 0, i;

	for (i = 0; i < s.n; i++)
		if (!is_tail((unsigned char)s.p[i]))
			n++;
	return n;
}

int32_t
utf8_next(struct span *s)
{
	int32_t cp;

	if (s->n == 0)
		return -1;
	cp = utf8_any(s);
	BUG_ON(cp < 0);
	return cp;
}

size_t
utf8_put(uint32_t cp, char out[4])
{
	BUG_ON(cp > CP_MAX || (cp >= 0xd800 && cp <= 0xdfff));
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

static bool
is_control(int32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f);
}

/* Text that reads in another order than it is stored is made for deceiving. */
static bool
is_override(int32_t cp)
{
	return (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

/* One walk: valid, allowed, not too long. */
static bool
readable(struct span s, size_t max, bool breaks)
{
	size_t n = 0;
	int32_t cp;

	while (s.n != 0) {
		cp = utf8_any(&s);
		if (cp < 0 || ++n > max || is_override(cp))
			return false;
		if (is_control(cp) && !(breaks && (cp == '\n' || cp == '\t')))
			return false;
	}
	return true;
}

bool
utf8_line(struct span s, size_t max)
{
	return readable(s, max, false);
}

bool
utf8_text(struct span s, size_t max)
{
	return readable(s, max, true);
}
