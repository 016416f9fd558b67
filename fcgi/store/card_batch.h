/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of card_batch, and what is done to a batch's cards in slices. */
#ifndef KS_STORE_CARD_BATCH_H
#define KS_STORE_CARD_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"

struct batch_counts { /* of lines */
	uint64_t lines, added, blank, dup_file, dup_stock, dup_sold, dup_other,
	    bad;
};

struct batch_rec {
	uint64_t id, sku, product;
	const char *name, *note, *state;
	struct money cost;
	struct batch_counts n;
	unsigned next_chunk;
	int64_t created, committed;
	const char *sku_code, *sku_name, *product_name;
};

/* What an import asks of a SKU; RC_NOTFOUND: not of this shop. */
struct import_sku {
	uint64_t id, product;
	const char *code, *kind;
};
MUST_CHECK enum rc import_sku_get(
    struct ctx *cx, uint64_t id, struct import_sku *out);
MUST_CHECK enum rc import_sku_by_code(
    struct ctx *cx, const char *code, struct import_sku *out);

/* state open, or committed: then its cards are for sale as they come. */
MUST_CHECK enum rc card_batch_add(struct ctx *cx, uint64_t sku,
    const char *name, const char *note, struct money cost, const char *state,
    uint64_t *id);
MUST_CHECK enum rc card_batch_get(
    struct ctx *cx, uint64_t id, struct batch_rec *out);
/* Newest first; sku 0: of all. */
MUST_CHECK enum rc card_batch_list(struct ctx *cx, uint64_t sku, uint64_t skip,
    uint64_t n, const struct batch_rec **out, size_t *out_n);
MUST_CHECK enum rc card_batch_count(
    struct ctx *cx, uint64_t sku, uint64_t *out);

struct batch_lock {
	uint64_t sku;
	const char *state;
	unsigned next_chunk;
};
/* Inside tx_run(). */
MUST_CHECK enum rc card_batch_lock(
    struct ctx *cx, uint64_t id, struct batch_lock *out);
/* Adds a chunk's counts and moves to the next.  RC_CONFLICT: seq is not the
 * next one. */
MUST_CHECK enum rc card_batch_chunk(
    struct ctx *cx, uint64_t id, unsigned seq, const struct batch_counts *add);
/* RC_CONFLICT: it is not in that state. */
MUST_CHECK enum rc card_batch_state(struct ctx *cx, uint64_t id,
    const char *from, const char *to, int64_t committed);

/* At most n of its cards change state, or go; *done says how many. */
MUST_CHECK enum rc card_batch_move(struct ctx *cx, uint64_t id,
    const char *from, const char *to, uint64_t n, uint64_t *done);
MUST_CHECK enum rc card_batch_drop(
    struct ctx *cx, uint64_t id, uint64_t n, uint64_t *done);
/* Is any of its cards held, or was sold? */
MUST_CHECK enum rc card_batch_taken(struct ctx *cx, uint64_t id, bool *taken);
/* Has it cards in that state ("": any)? */
MUST_CHECK enum rc card_batch_left(
    struct ctx *cx, uint64_t id, const char *state, bool *left);

struct state_count {
	uint64_t of; /* batch or SKU */
	const char *state;
	uint64_t n;
};
MUST_CHECK enum rc card_batch_states(struct ctx *cx, const uint64_t *batch,
    size_t n_batches, const struct state_count **out, size_t *n);

#endif
