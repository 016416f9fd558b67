/* SPDX-License-Identifier: Apache-2.0 */
/* Agrees with a decoder that is written another way. */
#include "fuzz/fuzz.h"

#include "base/utf8.h"

/* Length of the code point at p, or 0. */
static size_t
slow_step(const unsigned char *p, size_t n, uint32_t *cp)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len = 0, i;

	while (len < 8 && (p[0] & (0x80u >> len)) != 0)
		len++;
	if (len == 0) {
		*cp = p[0];
		return 1;
	}
	if (len == 1 || len > 4 || len > n)
		return 0;
	*cp = p[0] & (0x7fu >> len);
	for (i = 1; i < len; i++) {
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
		*cp = *cp * 64 + (p[i] - 0x80u);
	}
	if (*cp < least[len] || *cp > 0x10ffff ||
	    (*cp >= 0xd800 && *cp < 0xe000))
		return 0;
	return len;
}

void
fuzz_utf8(struct arena *a, struct span in)
{
	struct span rest = in, walk = in;
	size_t step, n = 0;
	bool valid = true;
	char back[4];
	uint32_t cp;

	(void)a;
	while (rest.n != 0) {
		step = slow_step((const unsigned char *)rest.p, rest.n, &cp);
		if (step == 0) {
			valid = false;
			break;
		}
		MUST(utf8_any(&walk) == (int32_t)cp);
		MUST(utf8_put(cp, back) == step);
		MUST(memcmp(back, rest.p, step) == 0);
		rest.p += step;
		rest.n -= step;
		MUST(walk.n == rest.n);
		n++;
	}
	MUST(utf8_valid(in) == valid);
	if (valid)
		MUST(utf8_length(in) == n);
	if (utf8_line(in, 10))
		MUST(valid && n <= 10 && utf8_text(in, 10));
}
