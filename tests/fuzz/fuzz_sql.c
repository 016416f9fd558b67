/* SPDX-License-Identifier: Apache-2.0 */
/* A file either splits into pieces that lie in it, in order, each ended by
 * its ';', or is refused; each piece by itself is one statement. */
#include "fuzz/fuzz.h"

#include "store/sqltext.h"

void
fuzz_sql(struct arena *a, struct span in)
{
	const struct sql_piece *p, *again;
	const char *why;
	size_t n, i, n_again, at = 0;

	if (sql_split(a, in, &p, &n, &why) != RC_OK) {
		MUST(strncmp(why, "line ", 5) == 0);
		return;
	}
	for (i = 0; i < n; i++) {
		MUST(p[i].sql.n > 0 && !chr_space(p[i].sql.p[0]));
		MUST(p[i].sql.p >= in.p + at);
		MUST(p[i].end > at && p[i].end <= in.n);
		MUST(in.p[p[i].end - 1] == ';');
		MUST(p[i].sql.p + p[i].sql.n == in.p + p[i].end - 1);
		MUST(p[i].line >= 1 && (i == 0 || p[i].line >= p[i - 1].line));
		at = p[i].end;
	}
	if (n > 0) {
		/* the last one, with its ';' */
		in.n = (size_t)(in.p + p[n - 1].end - p[n - 1].sql.p);
		in.p = p[n - 1].sql.p;
		MUST(sql_split(a, in, &again, &n_again, &why) == RC_OK);
		MUST(n_again == 1 && span_eq(again[0].sql, p[n - 1].sql));
	}
}
