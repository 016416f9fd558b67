/* SPDX-License-Identifier: Apache-2.0 */
/* Messages as people of the shop see and steer them. */
#ifndef KS_STORE_OUTBOX_PANEL_H
#define KS_STORE_OUTBOX_PANEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

struct message_row {
	uint64_t id, object;
	const char *kind, *payload, *state, *error;
	unsigned attempts;
	int64_t due, created, done;
};

/* In one state, with so many attempts behind them, the first due first. */
MUST_CHECK enum rc message_rows(struct ctx *cx, const char *state,
    unsigned tries_from, unsigned tries_to, unsigned max, unsigned skip,
    const struct message_row **out, size_t *n);
/* Mails of all states with ids below, the newest first. */
MUST_CHECK enum rc message_mails(struct ctx *cx, uint64_t below, unsigned max,
    const struct message_row **out, size_t *n);

struct message_counts {
	uint64_t due, retrying, dead, dropped;
};
MUST_CHECK enum rc message_counts(struct ctx *cx, struct message_counts *out);

/* Due at once, with all its attempts before it.  RC_CONFLICT: it is done, or
 * due before lent_until and thus perhaps being sent. */
MUST_CHECK enum rc message_again(
    struct ctx *cx, uint64_t id, int64_t lent_until);
/* RC_CONFLICT: there is nothing to drop any more. */
MUST_CHECK enum rc message_drop(
    struct ctx *cx, uint64_t id, const char *reason);

#endif
