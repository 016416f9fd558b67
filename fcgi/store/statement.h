/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of statements and of their lines. */
#ifndef KS_STORE_STATEMENT_H
#define KS_STORE_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"

struct statement_rec {
	uint64_t id, channel;
	const char *name, *format, *headings, *state, *reader, *currency;
	const char *channel_title;
	int64_t from, until, created;
	unsigned next_chunk, lines, bad;
	uint64_t open; /* lines that wait; in lists only */
};
MUST_CHECK enum rc statement_rec_add(
    struct ctx *cx, const struct statement_rec *s, uint64_t *id);
/* Inside tx_run(): locked, for the one who works on it. */
MUST_CHECK enum rc statement_rec_lock(
    struct ctx *cx, uint64_t id, struct statement_rec *out);
MUST_CHECK enum rc statement_rec_get(
    struct ctx *cx, uint64_t id, struct statement_rec *out);
MUST_CHECK enum rc statement_rec_list(struct ctx *cx, unsigned max,
    unsigned skip, const struct statement_rec **out, size_t *n);
/* RC_CONFLICT: another chunk is wanted, or it is over. */
MUST_CHECK enum rc statement_rec_took(struct ctx *cx, uint64_t id,
    unsigned chunk, const char *reader, unsigned lines, unsigned bad);
MUST_CHECK enum rc statement_rec_end(
    struct ctx *cx, uint64_t id, const char *state);

struct statement_rec_line {
	uint64_t id, statement, channel, payment;
	unsigned line;
	const char *kind, *result, *state, *txn, *order_no, *at, *currency;
	const char *note, *no; /* no: of our order, or "" */
	struct money amount, fee, ours;
	const char *our_currency; /* "": we have no payment */
};
MUST_CHECK enum rc statement_rec_lines_add(struct ctx *cx, uint64_t statement,
    uint64_t channel, const struct statement_rec_line *l, size_t n);
/* All of them but the bad ones. */
MUST_CHECK enum rc statement_rec_drop(struct ctx *cx, uint64_t id);
/* Finds what the new lines are about. */
MUST_CHECK enum rc statement_rec_match(struct ctx *cx, uint64_t id);
/* Adds a line for each payment of ours that no statement has. */
MUST_CHECK enum rc statement_rec_absent(
    struct ctx *cx, uint64_t id, const struct statement_rec *s);

struct statement_fee {
	uint64_t payment, order, channel;
	struct money fee;
	const char *currency;
};
/* Not booked yet. */
MUST_CHECK enum rc statement_rec_fees(struct ctx *cx, uint64_t id, unsigned max,
    const struct statement_fee **out, size_t *n);

/* Of one state; result "" any. */
MUST_CHECK enum rc statement_rec_lines(struct ctx *cx, uint64_t id,
    const char *state, const char *result, unsigned max, unsigned skip,
    const struct statement_rec_line **out, size_t *n);
struct statement_count {
	const char *result, *state;
	uint64_t n;
};
MUST_CHECK enum rc statement_rec_counts(
    struct ctx *cx, uint64_t id, const struct statement_count **out, size_t *n);
MUST_CHECK enum rc statement_rec_line_get(
    struct ctx *cx, uint64_t id, struct statement_rec_line *out);
/* RC_CONFLICT: it does not wait. */
MUST_CHECK enum rc statement_rec_resolve(
    struct ctx *cx, uint64_t id, const char *note, uint64_t payment);

#endif
