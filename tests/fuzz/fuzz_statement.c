/* SPDX-License-Identifier: Apache-2.0 */
/* Statements of any format: each line counted once and in order, amounts that
 * can be booked, ids that can be stored, and a state that comes back. */
#include "fuzz/fuzz.h"

#include "base/limits.h"
#include "shop/statement_read.h"

static void
check(const struct statement_line *l, unsigned after, unsigned last)
{
	MUST(l->line > after && l->line <= last);
	if (l->kind == STATEMENT_BAD) {
		MUST(*l->why != '\0' && l->amount.minor == 0);
		return;
	}
	if (l->kind == STATEMENT_OTHER)
		return;
	MUST(l->amount.minor > 0 && l->fee.minor >= 0);
	MUST(strlen(l->currency) == 3);
	MUST(str_is_token(l->txn, "-_.:/", LIM_TXN));
	MUST(strlen(l->order_no) <= 64 && strlen(l->at) <= 160);
}

void
fuzz_statement(struct arena *a, struct span in)
{
	struct statement_reader r = {0}, again = {0};
	const struct statement_line *line;
	unsigned after = 0;
	size_t n, i;

	if (in.n == 0)
		return;
	r.format = statement_format_at((unsigned char)in.p[0] % 5);
	r.currency = "CNY";
	statement_begin(&r);
	statement_read(a, &r, (struct span){in.p + 1, in.n - 1}, &line, &n);
	for (i = 0; i < n; i++) {
		check(&line[i], after, r.line);
		after = line[i].line;
	}
	again.format = r.format;
	MUST(statement_resume(&again, statement_state(a, &r)) == RC_OK);
	MUST(again.line == r.line && again.headed == r.headed &&
	     again.ended == r.ended && again.separator == r.separator);
	MUST(memcmp(again.column, r.column, sizeof(r.column)) == 0);
}
