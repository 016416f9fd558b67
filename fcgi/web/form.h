/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queries and application/x-www-form-urlencoded bodies: a bounded parser
 * that gives every pair in its order, duplicates too.
 *
 * Pairs are separated by '&' only (';' is a character like any other), '+' is
 * a blank, each name and value is decoded once.  What comes out are bytes:
 * a NUL and broken UTF-8 are still there to be seen (span_has_nul(),
 * utf8_valid()), nothing is cut or replaced.
 */
#ifndef KS_WEB_FORM_H
#define KS_WEB_FORM_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

struct form_pair {
	struct span name, value; /* decoded; a NUL stands behind each */
};

struct form {
	const struct form_pair *v;
	size_t n;
};

/* "a=1&b=2", without the '?'.  "a" is a with an empty value; empty pieces
 * ("a&&b") are skipped.  Everything is copied into a.
 * RC_INVALID: a broken escape, more than LIM_PARAMS pairs, a name longer than
 * LIM_PARAM_NAME or a value longer than LIM_PARAM_VALUE bytes. */
MUST_CHECK enum rc form_parse(
    struct arena *a, struct span text, struct form *out);

/* How often name is there, and the first value (*out empty: none). */
size_t form_find(const struct form *f, const char *name, struct span *out);

/* The canonical text: parsing it gives the same pairs. */
void form_write(struct buf *b, const struct form *f);

#endif
