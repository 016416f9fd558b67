/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of refunds, what an order's money still allows, and what becomes of
 * its goods.  Changes run inside tx_run() by whoever holds the order's row.
 */
#ifndef KS_STORE_REFUND_H
#define KS_STORE_REFUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

struct refund_row {
	uint64_t id, order, payment, channel, staff, second;
	const char *no, *order_no;
	const char *state; /* waiting open sent unclear done failed cancelled */
	const char *how;   /* gateway manual console */
	struct money amount;
	const char *currency, *reason;
	const char *from; /* where the order returns to; "" it did not move */
	const char *provider_ref, *answer;
	unsigned asked_n;
	int64_t next_ask, created, done;
	/* of the payment; txn "" where it has none */
	const char *txn, *role, *payment_ref;
	struct money paid;
	/* for people; "" where there is none */
	const char *channel_title, *channel_name, *staff_name, *second_name;
};
/* The id is given back; of r only what is in the table is read. */
MUST_CHECK enum rc refund_row_add(
    struct ctx *cx, const struct refund_row *r, uint64_t *id);
MUST_CHECK enum rc refund_row_get(
    struct ctx *cx, const char *no, struct refund_row *out);
MUST_CHECK enum rc refund_rows_of_order(
    struct ctx *cx, uint64_t order, const struct refund_row **out, size_t *n);
/* Newest first; state "" any. */
MUST_CHECK enum rc refund_rows(struct ctx *cx, const char *state, unsigned max,
    unsigned skip, const struct refund_row **out, size_t *n);

struct refund_count {
	const char *state;
	uint64_t n;
};
MUST_CHECK enum rc refund_state_counts(
    struct ctx *cx, const struct refund_count **out, size_t *n);

/* Those that wait for a person or are unclear. */
MUST_CHECK enum rc refund_waiting(struct ctx *cx, uint64_t *n);

/* Writes state, answer, provider_ref, next_ask and done of r.  RC_CONFLICT:
 * it is not in from any more. */
MUST_CHECK enum rc refund_row_move(
    struct ctx *cx, const struct refund_row *r, const char *from);
/* Writes staff, second, state and next_ask of one that waits. */
MUST_CHECK enum rc refund_row_agree(struct ctx *cx, const struct refund_row *r);
/* Paid back elsewhere.  RC_CONFLICT: it is over. */
MUST_CHECK enum rc refund_row_by_hand(
    struct ctx *cx, uint64_t id, const char *provider_ref);
/* Outside a transaction: the turn to ask, until next_ask.  RC_CONFLICT:
 * somebody else has it, or it is over. */
MUST_CHECK enum rc refund_turn(
    struct ctx *cx, uint64_t id, unsigned asked_n, int64_t next_ask);
MUST_CHECK enum rc refunds_to_ask(
    struct ctx *cx, unsigned limit, const char *const **out, size_t *n);

/* A payment that came in, and what of it goes or went back. */
struct refund_payment {
	uint64_t id, channel;
	const char *role, *case_state, *currency, *txn, *provider_ref;
	const char *channel_title, *gateway; /* "" where it is gone */
	struct money amount, done, live;
	uint64_t live_n; /* refunds under way */
};
MUST_CHECK enum rc refund_payments(struct ctx *cx, uint64_t order,
    const struct refund_payment **out, size_t *n);
/* Of this payment, as the ledger has it: second, over, under. */
MUST_CHECK enum rc payment_liability(
    struct ctx *cx, uint64_t order, uint64_t payment, struct money *owed);
/* Outside a transaction too: of the order's own money, by refunds under way. */
MUST_CHECK enum rc order_returning(
    struct ctx *cx, uint64_t order, struct money *amount);
/* RC_CONFLICT: more than was paid. */
MUST_CHECK enum rc order_add_refunded(
    struct ctx *cx, uint64_t order, struct money amount);
/* "open" to "closed", if it is one. */
MUST_CHECK enum rc payment_case_close(struct ctx *cx, uint64_t payment);

/* The goods of an order that was paid back in full: what nobody saw and its
 * SKU wants back is locked in stock with this note, all else is void. */
MUST_CHECK enum rc refund_goods(struct ctx *cx, uint64_t order, uint64_t refund,
    const char *note, uint64_t *locked, uint64_t *voided);

#endif
