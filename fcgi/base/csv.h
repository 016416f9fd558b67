/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV as RFC 4180, both ways.  Written, it is safe to open in a spreadsheet:
 * a text that one would take for a formula gets an apostrophe in front.
 */
#ifndef KS_BASE_CSV_H
#define KS_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

#define CSV_BOM "\xef\xbb\xbf"

/* One field; last ends the record with CRLF. */
void csv_put(struct buf *b, const char *text, bool last);

enum { CSV_FIELDS = 120 };

struct csv_record {
	struct span field[CSV_FIELDS]; /* quotes undone; in the arena or in the
					* text itself */
	size_t n;
	unsigned lines; /* of the text that it took */
};

/* Cuts the next record off *rest.  RC_NOTFOUND: no more.  RC_INVALID: a quote
 * that does not close, bytes behind a closing quote, or more than CSV_FIELDS;
 * *rest is then behind the line where it began.  A blank line is a record of
 * one empty field. */
MUST_CHECK enum rc csv_next(
    struct arena *a, struct span *rest, char separator, struct csv_record *out);
/* What separates the fields of this line: a comma, a semicolon or a tab,
 * whichever is there most often outside quotes. */
char csv_separator(struct span line);

#endif
