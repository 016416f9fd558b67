/* SPDX-License-Identifier: Apache-2.0 */
/* The questions of sql/query/verify.sql, by number. */
#ifndef KS_STORE_VERIFY_H
#define KS_STORE_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

enum { VERIFY_LAST = 14 };

/* Number 1 .. 14; 12 has no question in SQL (BUG).  before: the moment that
 * I9 compares holds with, or the oldest order that I14 asks about. */
MUST_CHECK enum rc verify_count(struct ctx *cx, int number, int64_t before,
    uint64_t *n, const char **example);

struct edge_row {
	const char *from, *to;
	uint64_t n, example;
};
MUST_CHECK enum rc verify_edges(
    struct ctx *cx, const struct edge_row **out, size_t *n);

struct sealed_event {
	uint64_t order, staff;
	unsigned seq;
	int64_t at;
	const char *kind, *from, *to, *actor, *detail;
	struct span hash;
};
/* The next ones after (order, seq), in their order. */
MUST_CHECK enum rc verify_events_after(struct ctx *cx, uint64_t order,
    unsigned seq, unsigned max, const struct sealed_event **out, size_t *n);

#endif
