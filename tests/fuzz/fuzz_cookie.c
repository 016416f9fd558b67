/* SPDX-License-Identifier: Apache-2.0 */
/* What is read can be found; what of it may be written reads the same. */
#include "fuzz/fuzz.h"

#include "base/limits.h"
#include "web/cookie.h"

static bool
writable(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' ||
		    strchr("\",;\\", s.p[i]) != NULL)
			return false;
	return true;
}

void
fuzz_cookie(struct arena *a, struct span in)
{
	const struct cookie_attr attr = {.secure = true};
	struct cookies c, again;
	struct buf b;
	struct span v;
	const char *name;
	size_t i;

	if (cookie_parse(a, in, &c) != RC_OK) {
		MUST(in.n > LIM_COOKIES);
		return;
	}
	MUST(c.n <= LIM_PARAMS);
	for (i = 0; i < c.n; i++) {
		MUST(c.v[i].name.n != 0);
		MUST(!span_has_nul(c.v[i].name) && !span_has_nul(c.v[i].value));
		name = arena_dup(a, c.v[i].name.p, c.v[i].name.n);
		MUST(cookie_find(&c, name, &v));
		if (!writable(c.v[i].value))
			continue;
		buf_init(&b, a, 64, LIM_COOKIES + 200);
		cookie_write(&b, name,
		    arena_dup(a, c.v[i].value.p, c.v[i].value.n), &attr);
		MUST(!b.bad);
		if (b.len > LIM_COOKIES)
			continue;
		MUST(cookie_parse(a, (struct span){b.p, b.len}, &again) ==
		     RC_OK);
		MUST(cookie_find(&again, name, &v));
		MUST(span_eq(v, c.v[i].value));
	}
}
