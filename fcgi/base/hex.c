/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hex, base64 and base32.  Decoding is canonical: exactly one text decodes to
 * given bytes, so a token or a signature has no second spelling.
 */
#include "base/hex.h"

#include "base/bug.h"

char *
hex_text(struct arena *a, const void *p, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	const uint8_t *in = p;
	char *out;
	size_t i;

	BUG_ON(n > SIZE_MAX / 2 - 1);
	out = arena_alloc(a, 2 * n + 1);
	for (i = 0; i < n; i++) {
		out[2 * i] = digit[in[i] >> 4];
		out[2 * i + 1] = digit[in[i] & 15];
	}
	return out;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

enum rc
hex_bytes(struct span s, void *out, size_t n)
{
	uint8_t *o = out;
	size_t i;

	if (s.n / 2 != n || s.n % 2 != 0)
		return RC_INVALID;
	for (i = 0; i < s.n; i++)
		if (hex_value(s.p[i]) < 0)
			return RC_INVALID;
	for (i = 0; i < n; i++)
		o[i] = (uint8_t)((unsigned)hex_value(s.p[2 * i]) << 4 |
				 (unsigned)hex_value(s.p[2 * i + 1]));
	return RC_OK;
}

/* ---- base64: the two alphabets differ in their last two characters */

static const char b64_std[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "abcdefghijklmnopqrstuvwxyz0123456789+/";
static const char b64_url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "abcdefghijklmnopqrstuvwxyz0123456789-_";

static char *
encode(
    struct arena *a, const uint8_t *in, size_t n, const char *digit, bool pad)
{
	uint32_t bits;
	char *out, *o;
	size_t i;

	BUG_ON(n > SIZE_MAX / 4);
	out = o = arena_alloc(a, (n + 2) / 3 * 4 + 1);
	for (i = 0; i + 2 < n; i += 3) {
		bits = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 |
		       in[i + 2];
		*o++ = digit[bits >> 18];
		*o++ = digit[bits >> 12 & 63];
		*o++ = digit[bits >> 6 & 63];
		*o++ = digit[bits & 63];
	}
	if (i == n)
		return out;
	bits = (uint32_t)in[i] << 16;
	if (i + 1 < n)
		bits |= (uint32_t)in[i + 1] << 8;
	*o++ = digit[bits >> 18];
	*o++ = digit[bits >> 12 & 63];
	if (i + 1 < n)
		*o++ = digit[bits >> 6 & 63];
	else if (pad)
		*o++ = '=';
	if (pad)
		*o++ = '=';
	return out;
}

char *
b64_text(struct arena *a, const void *p, size_t n)
{
	return encode(a, p, n, b64_std, true);
}

char *
b64url_text(struct arena *a, const void *p, size_t n)
{
	return encode(a, p, n, b64_url, false);
}

static int
b64_value(char c, const char *digit)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == digit[62])
		return 62;
	if (c == digit[63])
		return 63;
	return -1;
}

/* s without padding. */
static enum rc
decode(struct arena *a, struct span s, const char *digit, struct span *out)
{
	uint32_t bits = 0;
	unsigned have = 0;
	char *o;
	size_t i, len = 0;
	int v;

	if (s.n % 4 == 1)
		return RC_INVALID;
	o = arena_alloc(a, s.n / 4 * 3 + 3);
	for (i = 0; i < s.n; i++) {
		v = b64_value(s.p[i], digit);
		if (v < 0)
			return RC_INVALID;
		bits = (bits << 6 | (uint32_t)v) & 0xffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			o[len++] = (char)(bits >> have & 0xff);
		}
	}
	if ((bits & ((1u << have) - 1)) != 0)
		return RC_INVALID; /* stray bits: a second spelling */
	o[len] = '\0';
	*out = (struct span){o, len};
	return RC_OK;
}

enum rc
b64_bytes(struct arena *a, struct span s, struct span *out)
{
	size_t pad = 0;

	if (s.n % 4 != 0)
		return RC_INVALID;
	while (pad < 2 && pad < s.n && s.p[s.n - 1 - pad] == '=')
		pad++;
	s.n -= pad;
	return decode(a, s, b64_std, out);
}

enum rc
b64url_bytes(struct arena *a, struct span s, struct span *out)
{
	return decode(a, s, b64_url, out);
}

void
b32_text(const uint8_t *random, size_t n, char *out)
{
	static const char digit[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = digit[random[i] & 31];
}
