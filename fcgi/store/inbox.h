/* SPDX-License-Identifier: Apache-2.0 */
/* The inbox and the payments, as the panel looks at them. */
#ifndef KS_STORE_INBOX_H
#define KS_STORE_INBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

struct inbox_query {
	const char *state; /* "" any */
	uint64_t channel;  /* 0 any */
	const char *no;    /* "" any; else the two above do not count */
	unsigned max, skip;
};
struct inbox_row {
	uint64_t id;
	const char *state, *reason, *source, *txn, *currency, *channel, *no;
	struct money amount;
	int64_t received;
	unsigned repeats;
};
/* Newest first. */
MUST_CHECK enum rc inbox_rows(struct ctx *cx, const struct inbox_query *q,
    const struct inbox_row **out, size_t *n);
/* How many wait for a person, by state. */
struct inbox_count {
	const char *state;
	uint64_t n;
};
MUST_CHECK enum rc inbox_waiting(
    struct ctx *cx, const struct inbox_count **out, size_t *n);

struct inbox_one {
	struct inbox_row row;
	uint64_t channel_id;
	const char *channel_name; /* in the notice's address */
	const char *method;       /* "": there are no bytes */
	struct span query, headers, body;
	int64_t applied;
};
MUST_CHECK enum rc inbox_get(
    struct ctx *cx, uint64_t id, struct inbox_one *out);
/* RC_CONFLICT: it does not wait for a person. */
MUST_CHECK enum rc inbox_ignore(struct ctx *cx, uint64_t id);

struct reject_row {
	const char *channel, *reason, *from;
	uint64_t n;
	int64_t first, last;
	struct span sample;
};
MUST_CHECK enum rc inbox_rejects(struct ctx *cx, int64_t since, unsigned max,
    const struct reject_row **out, size_t *n);

struct payments_query {
	const char *state, *role; /* "" any */
	uint64_t channel;         /* 0 any */
	bool cases;               /* open cases only, the oldest first */
	const char *word;         /* "" any; else a gateway's id or an order
				   * number, and nothing else counts */
	unsigned max, skip;
};
struct payments_row {
	uint64_t id;
	const char *state, *role, *currency, *txn, *ref, *case_state, *channel;
	const char *no, *order_state;
	struct money amount;
	unsigned asked;
	int64_t created, settled;
};
MUST_CHECK enum rc payments_rows(struct ctx *cx, const struct payments_query *q,
    const struct payments_row **out, size_t *n);

#endif
