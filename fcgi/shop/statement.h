/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reconciling with a gateway's daily statement.  The file comes in chunks of
 * whole lines; then it is compared: fees are booked, and what differs becomes
 * a list for a person.  A file with one unreadable line changes nothing.
 */
#ifndef KS_SHOP_STATEMENT_H
#define KS_SHOP_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"
#include "shop/statement_read.h"

enum { STATEMENT_PAGE = 50 };

struct statement_opening {
	uint64_t channel;
	const char *format, *name;
	const char *heading[COL__N]; /* generic format only; or NULL */
	int64_t from, until;         /* the days that it is of */
};
/* RC_NOTFOUND: no such channel.  RC_INVALID: the format or the days. */
MUST_CHECK enum rc statement_open(
    struct ctx *cx, const struct statement_opening *o, uint64_t *id);
/* Whole lines.  A chunk that came before is RC_OK again; RC_CONFLICT: another
 * one is wanted (statement_get() says which), or the statement is over.
 * RC_INVALID: more than 20,000 lines; such a file is cut by days. */
MUST_CHECK enum rc statement_chunk(
    struct ctx *cx, uint64_t id, unsigned seq, struct span text);
/* After the last chunk.  RC_INVALID: it has bad lines, or no headings: it is
 * refused.  RC_CONFLICT: it was compared before. */
MUST_CHECK enum rc statement_compare(struct ctx *cx, uint64_t id);

struct statement_info {
	uint64_t id;
	const char *name, *format, *state, *channel;
	int64_t from, until, created;
	unsigned next_chunk, lines, bad;
	uint64_t open; /* differences that wait; in lists only */
};
MUST_CHECK enum rc statement_get(
    struct ctx *cx, uint64_t id, struct statement_info *out);
MUST_CHECK enum rc statement_list(struct ctx *cx, unsigned page,
    const struct statement_info **out, size_t *n, bool *more);

struct statement_difference {
	uint64_t id;
	unsigned line; /* of the file; 0: a payment of ours */
	const char *kind, *result, *txn, *order_no, *at, *currency, *note, *no;
	struct money amount, fee, ours;
	const char *our_currency; /* "": we have no payment */
	bool can_apply; /* a payment that we lack, of an order of ours */
};
/* state: open, resolved, or closed (of those only result "bad"). */
MUST_CHECK enum rc statement_differences(struct ctx *cx, uint64_t id,
    const char *state, const char *result, unsigned page,
    const struct statement_difference **out, size_t *n, bool *more);
struct statement_tally {
	uint64_t same, missing, amount, state, absent, other, bad, open,
	    resolved;
};
MUST_CHECK enum rc statement_tally(
    struct ctx *cx, uint64_t id, struct statement_tally *out);

/* Each with a reason and an audit row; *statement: where it belongs.
 * RC_CONFLICT: it does not wait any more. */
MUST_CHECK enum rc statement_resolve(
    struct ctx *cx, uint64_t line, const char *reason, uint64_t *statement);
/* A payment that the statement proves: settled as if its notice had come.
 * *said: "applied", "held", "repeated", "rejected" or "failed"; only the
 * first three resolve the line. */
MUST_CHECK enum rc statement_apply(struct ctx *cx, uint64_t line,
    const char *reason, uint64_t *statement, const char **said);

#endif
