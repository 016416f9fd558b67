/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of card outside the purchase path: import, counting, looking through,
 * locking.
 */
#ifndef KS_STORE_CARD_H
#define KS_STORE_CARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"
#include "store/card_batch.h"

enum { CARD_FP = 16 }; /* bytes of a fingerprint */

/* ---- import, inside tx_run() */

/* Until COMMIT no other import of this shop gets further than here. */
MUST_CHECK enum rc import_lock(struct ctx *cx);

struct card_twin { /* a card that has the same text */
	uint8_t fingerprint[CARD_FP];
	uint64_t sku, batch;
	const char *state;
};
/* n fingerprints, one behind the other; any number. */
MUST_CHECK enum rc card_twins(struct ctx *cx, const uint8_t (*fp)[CARD_FP],
    size_t n, const struct card_twin **out, size_t *n_out);

struct card_new {
	uint64_t id;
	uint32_t key_id;
	const uint8_t *fingerprint;
	struct span sealed;
};
MUST_CHECK enum rc card_add(struct ctx *cx, uint64_t sku, uint64_t batch,
    const char *state, const struct card_new *c, size_t n);

/* ---- counting */

/* counts[i]: cards of sku[i] in state[i], counted no further than cap.  May
 * come from a replica. */
MUST_CHECK enum rc card_state_counts(struct ctx *cx, const uint64_t *sku,
    const char *const *state, size_t n, uint64_t cap, const uint64_t **counts);
/* The same of free cards that are for sale: none while paid orders wait for
 * the SKU. */
MUST_CHECK enum rc card_sale_counts(struct ctx *cx, const uint64_t *sku,
    size_t n, uint64_t cap, const uint64_t **counts);
/* Exact, of all states that occur. */
MUST_CHECK enum rc card_states_of_skus(struct ctx *cx, const uint64_t *sku,
    size_t n_skus, const struct state_count **out, size_t *n);
MUST_CHECK enum rc card_count_all(struct ctx *cx, uint64_t cap, uint64_t *out);

/* ---- looking through: ids first, then what is shown of them */

/* SKUs of a product, or of the shop (0); at most max. */
MUST_CHECK enum rc sku_ids(struct ctx *cx, uint64_t product, uint64_t max,
    const uint64_t **out, size_t *n);
MUST_CHECK enum rc card_ids_of_sku(struct ctx *cx, uint64_t sku,
    const char *state, uint64_t skip, uint64_t max, const uint64_t **out,
    size_t *n);
MUST_CHECK enum rc card_ids_of_batch(struct ctx *cx, uint64_t batch,
    const char *state, uint64_t skip, uint64_t max, const uint64_t **out,
    size_t *n);
MUST_CHECK enum rc card_ids_recent(struct ctx *cx, uint64_t skip, uint64_t max,
    const uint64_t **out, size_t *n);
MUST_CHECK enum rc card_ids_of_text(struct ctx *cx, const uint8_t fp[CARD_FP],
    uint64_t max, const uint64_t **out, size_t *n);
MUST_CHECK enum rc card_ids_of_order(struct ctx *cx, const char *no,
    uint64_t max, const uint64_t **out, size_t *n);

struct card_rec {
	uint64_t id, sku, product, batch;
	const char *state, *note, *sku_code, *product_name, *order_no;
	uint32_t key_id;
	struct span sealed;
	int64_t created;
};
/* In the order of the ids; what is gone is left out. */
MUST_CHECK enum rc card_show(struct ctx *cx, const uint64_t *id, size_t n_ids,
    const struct card_rec **out, size_t *n);

/* ---- locking.  RC_CONFLICT: not in the state that it takes */
MUST_CHECK enum rc card_lock(struct ctx *cx, uint64_t id, const char *reason);
MUST_CHECK enum rc card_unlock(struct ctx *cx, uint64_t id);

#endif
