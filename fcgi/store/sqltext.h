/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A migration file as statements.  Understands what SQL itself understands:
 * quotes, doubled quotes, backslashes, the three kinds of comment.  There is
 * no DELIMITER: schema files hold no stored programs.
 */
#ifndef KS_STORE_SQLTEXT_H
#define KS_STORE_SQLTEXT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"

struct sql_piece {
	struct span sql; /* without the ';', from its first word */
	unsigned line;   /* where that stands, from 1 */
	size_t end;      /* offset behind the ';' in the file */
};

/* RC_INVALID: *why is "line N: reason" (an open quote or comment, a statement
 * without ';' at the end, DELIMITER, a NUL byte). */
MUST_CHECK enum rc sql_split(struct arena *a, struct span text,
    const struct sql_piece **out, size_t *n, const char **why);

#endif
