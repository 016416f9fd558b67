/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A lease is the right to do one piece of work until a time, for work that
 * must run once across machines.  Times are the primary's clock.
 *
 * A holder that was slow (a pause, a long query) may find its lease taken
 * over.  The fence number tells: it grows with each taking.  Work that writes
 * calls lease_hold() first in its transaction; then either it is still the
 * holder at COMMIT, or nothing is written.
 */
#ifndef KS_STORE_LEASE_H
#define KS_STORE_LEASE_H

#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

struct lease {
	const char *name;   /* kept by pointer */
	const char *holder; /* one process at one time; kept by pointer */
	uint64_t fence;
};

/* Takes a lease that is free or has run out, for ttl_us.  RC_CONFLICT:
 * somebody has it (perhaps we do: a lease is not taken twice). */
MUST_CHECK enum rc lease_take(struct ctx *cx, const char *name,
    const char *holder, int64_t ttl_us, struct lease *out);
/* From now on for ttl_us again.  RC_CONFLICT: it has run out. */
MUST_CHECK enum rc lease_renew(
    struct ctx *cx, const struct lease *l, int64_t ttl_us);
/* Inside tx_run(): locks the row.  RC_CONFLICT: not ours any more. */
MUST_CHECK enum rc lease_hold(struct ctx *cx, const struct lease *l);
/* Gives it back early.  A lease that is not ours any more is left alone. */
MUST_CHECK enum rc lease_end(struct ctx *cx, const struct lease *l);

/* Who has it: *holder is "" when it is free; *left_us of it. */
MUST_CHECK enum rc lease_who(struct ctx *cx, const char *name,
    const char **holder, uint64_t *fence, int64_t *left_us);

/* Writes the heartbeat row, cx->now. */
MUST_CHECK enum rc lease_beat(struct ctx *cx);

#endif
