/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a chunk: each counted once, none empty, cut or with a line feed,
 * and two chunks give what one gives. */
#include "fuzz/fuzz.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "shop/import.h"

static void
check(const struct import_lines *l, struct span in)
{
	size_t i;

	MUST(l->lines == l->n + l->blank + l->bad);
	for (i = 0; i < l->n; i++) {
		struct span t = l->v[i].text;

		MUST(t.n > 0 && t.n <= LIM_CARD);
		MUST(t.p >= in.p && t.p + t.n <= in.p + in.n);
		MUST(memchr(t.p, '\n', t.n) == NULL);
		MUST(!chr_space(t.p[0]) && !chr_space(t.p[t.n - 1]));
		MUST(utf8_valid(t));
	}
}

void
fuzz_import(struct arena *a, struct span in)
{
	struct import_lines all, one, two;
	const char *cut;
	size_t n;

	import_split(a, in, true, &all);
	check(&all, in);
	cut = in.n > 0 ? memchr(in.p + in.n / 2, '\n', in.n - in.n / 2) : NULL;
	if (cut == NULL)
		return;
	n = (size_t)(cut - in.p) + 1;
	import_split(a, (struct span){in.p, n}, true, &one);
	import_split(a, (struct span){in.p + n, in.n - n}, false, &two);
	MUST(all.n == one.n + two.n);
	MUST(all.blank == one.blank + two.blank);
	MUST(all.bad == one.bad + two.bad);
}
