/* SPDX-License-Identifier: Apache-2.0 */
/* Records of CSV: the reader always goes on, counts no line too many, and
 * fields that it read and that are written again are read the same. */
#include "fuzz/fuzz.h"

#include "base/csv.h"

static void
again(struct arena *a, const struct csv_record *r)
{
	struct csv_record back;
	struct span rest;
	struct buf b;
	size_t i, skip;

	buf_init(&b, a, 256, 1 << 20);
	for (i = 0; i < r->n; i++) {
		if (span_has_nul(r->field[i]))
			return;
		csv_put(&b, arena_dup(a, r->field[i].p, r->field[i].n),
		    i + 1 == r->n);
	}
	rest = (struct span){b.p, b.len};
	MUST(csv_next(a, &rest, ',', &back) == RC_OK);
	MUST(rest.n == 0 && back.n == r->n);
	for (i = 0; i < r->n; i++) {
		skip = back.field[i].n - r->field[i].n;
		MUST(skip <= 1);
		MUST(span_eq(
		    (struct span){back.field[i].p + skip, r->field[i].n},
		    r->field[i]));
	}
}

void
fuzz_csv(struct arena *a, struct span in)
{
	struct csv_record r;
	struct span rest = in;
	size_t left, lines = 0, breaks = 1, i;
	char separator = csv_separator(in);
	enum rc rc;

	for (i = 0; i < in.n; i++)
		breaks += in.p[i] == '\n';
	for (;;) {
		left = rest.n;
		rc = csv_next(a, &rest, separator, &r);
		if (rc == RC_NOTFOUND)
			break;
		MUST(rest.n < left);
		lines += r.lines;
		if (rc == RC_OK) {
			MUST(r.n >= 1 && r.n <= CSV_FIELDS);
			again(a, &r);
		}
	}
	MUST(rest.n == 0);
	MUST(lines <= breaks);
}
