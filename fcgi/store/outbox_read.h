/* SPDX-License-Identifier: Apache-2.0 */
/* The reading side of the outbox, for keystall-jobs; and other small rows of
 * background work. */
#ifndef KS_STORE_OUTBOX_READ_H
#define KS_STORE_OUTBOX_READ_H

#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

struct outbox_row {
	uint64_t id, object;
	const char *kind, *dedupe, *payload;
	int64_t created;
	unsigned attempts; /* before this one */
};
/* Inside tx_run(): locks messages that are due, stepping over those of other
 * consumers. */
MUST_CHECK enum rc outbox_lock(
    struct ctx *cx, unsigned max, const struct outbox_row **out, size_t *n);
/* In the same transaction: lends them out until the given time. */
MUST_CHECK enum rc outbox_lend(
    struct ctx *cx, const struct outbox_row *rows, size_t n, int64_t until);
/* In one commit; of one outbox_lock(), so they fit one statement. */
MUST_CHECK enum rc outbox_done(struct ctx *cx, const uint64_t *id, size_t n);
MUST_CHECK enum rc outbox_retry(
    struct ctx *cx, uint64_t id, int64_t due, const char *error);
MUST_CHECK enum rc outbox_dead(struct ctx *cx, uint64_t id, const char *error);
/* When the oldest message was due (0: none), and how many are dead. */
MUST_CHECK enum rc outbox_oldest(struct ctx *cx, int64_t *due, uint64_t *dead);
MUST_CHECK enum rc outbox_prune(struct ctx *cx, int64_t before, uint64_t *n);

MUST_CHECK enum rc sold_count(struct ctx *cx, int64_t after, int64_t until);
MUST_CHECK enum rc notice_reject_prune(
    struct ctx *cx, unsigned before_day, uint64_t *n);

#endif
