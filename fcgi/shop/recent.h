/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The channel that a notice names, as it was a moment ago.
 *
 * A rush of notices, or a storm of forged ones, would read the same row for
 * each.  With a till a process keeps it for a second; what is settled from it
 * carries its digest, and settle_batch() reads the row once for all of a
 * batch and settles only what was judged by the row that is there.  What is
 * refused was judged by a row of at most RECENT_REFUSE_MS.
 */
#ifndef KS_SHOP_RECENT_H
#define KS_SHOP_RECENT_H

#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"
#include "shop/channel.h"

enum { RECENT_MS = 1000, RECENT_REFUSE_MS = 250 };

/* Not older than max_age_ms; 0: read now.  *digest is 0 when it was read for
 * this call. */
MUST_CHECK enum rc recent_channel(struct ctx *cx, const char *name,
    int64_t max_age_ms, struct channel *out, uint64_t *digest);

/* Of the row as it is; 0: gone. */
MUST_CHECK enum rc recent_digest(
    struct ctx *cx, uint64_t channel, uint64_t *digest);

#endif
