/* SPDX-License-Identifier: Apache-2.0 */
/* The first difference, as one printable line. */
#include "vector/vector.h"

enum { SHOWN = 60 };

/* A window of s from `at`, unprintable bytes as \xNN. */
static const char *
shown(struct vec *v, struct span s, size_t at)
{
	struct buf b;
	size_t i;

	buf_init(&b, v->a, SHOWN * 4, SHOWN * 5);
	for (i = at; i < s.n && i < at + SHOWN; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= ' ' && c <= '~')
			buf_chr(&b, (char)c);
		else
			buf_fmt(&b, "\\x%02x", c);
	}
	if (i < s.n)
		buf_str(&b, "...");
	return buf_text(&b);
}

const char *
differ_text(struct vec *v, const char *what, struct span got, struct span want)
{
	size_t i = 0, from;

	if (span_eq(got, want))
		return NULL;
	while (i < got.n && i < want.n && got.p[i] == want.p[i])
		i++;
	from = i > 10 ? i - 10 : 0;
	return arena_fmt(v->a, "%s at byte %zu: got \"%s\", expected \"%s\"",
	    what, i, shown(v, got, from), shown(v, want, from));
}

const char *
differ_bool(struct vec *v, const char *what, bool got, bool want)
{
	if (got == want)
		return NULL;
	return arena_fmt(v->a, "%s: got %s, expected %s", what,
	    got ? "true" : "false", want ? "true" : "false");
}

const char *
differ_canonical(struct vec *v, struct span got)
{
	struct span want;

	if (!vec_bytes(v, "canonical", &want))
		return NULL;
	return differ_text(v, "canonical", got, want);
}
