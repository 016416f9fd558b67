/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Four lanes of multiply and fold (digest.h): one multiplication waits for
 * the one before it, so four that do not know each other take the time of one.
 */
#include "base/digest.h"

#include <string.h>

enum { LANES = 4, WORD = sizeof(uint64_t) };

static uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9fb21c651e98df25);
	/* not in vector registers: they have no such multiplication, and what
	 * a compiler makes of several smaller ones takes twice the time */
	__asm__("" : "+r"(h));
	return h ^ h >> 32;
}

static uint64_t
word_at(const char *p)
{
	uint64_t v;

	memcpy(&v, p, WORD);
	return v;
}

/* The last bytes, fewer than a word. */
static uint64_t
rest_of(const char *p, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n);
	return v;
}

/* Written out, so that the lanes are registers and no array. */
static void
blocks(uint64_t h[LANES], const char *p, size_t n)
{
	uint64_t a = h[0], b = h[1], c = h[2], d = h[3];
	const char *end = p + n;

	for (; p < end; p += LANES * WORD) {
		a = mix(a, word_at(p));
		b = mix(b, word_at(p + WORD));
		c = mix(c, word_at(p + 2 * WORD));
		d = mix(d, word_at(p + 3 * WORD));
	}
	h[0] = a;
	h[1] = b;
	h[2] = c;
	h[3] = d;
}

uint64_t
digest_of(struct span s)
{
	uint64_t h[LANES] = {UINT64_C(0x243f6a8885a308d3),
	    UINT64_C(0x13198a2e03707344), UINT64_C(0xa4093822299f31d0),
	    UINT64_C(0x082efa98ec4e6c89)};
	size_t left = s.n % (LANES * WORD), i;

	blocks(h, s.p, s.n - left);
	s.p += s.n - left;
	for (i = 0; left >= WORD; left -= WORD, s.p += WORD, i++)
		h[i] = mix(h[i], word_at(s.p));
	if (left != 0)
		h[LANES - 1] = mix(h[LANES - 1], rest_of(s.p, left));
	for (i = 1; i < LANES; i++)
		h[0] = mix(h[0], h[i]);
	/* where the length differs the bytes may be the same: "", "\0" */
	return mix(h[0], s.n);
}
