/* SPDX-License-Identifier: Apache-2.0 */
/* Which key each card is sealed under, and the change of it. */
#ifndef KS_STORE_CARD_KEY_H
#define KS_STORE_CARD_KEY_H

#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

/* The oldest key that a card may be sealed under from now on.  Inside
 * tx_run(): until COMMIT nobody raises it. */
MUST_CHECK enum rc card_key_floor(struct ctx *cx, uint32_t *key);
/* Never lowers it.  Cards sealed under an older key have been committed by
 * now; none comes after. */
MUST_CHECK enum rc card_key_raise(struct ctx *cx, uint32_t key);

struct card_old { /* under a key that is not the newest */
	uint64_t id;
	uint32_t key;
	struct span sealed;
	const char *state;
};
/* The first card behind `after`; 0: none. */
MUST_CHECK enum rc card_next(struct ctx *cx, uint64_t after, uint64_t *id);
MUST_CHECK enum rc cards_of_old_keys(struct ctx *cx, uint64_t from, uint64_t to,
    uint32_t newest, unsigned max, const struct card_old **out, size_t *n);
/* How many of these ids are sealed under key, and how many are not. */
MUST_CHECK enum rc cards_by_key(struct ctx *cx, uint64_t from, uint64_t to,
    uint32_t key, uint64_t *same, uint64_t *other);
/* RC_CONFLICT: the card is not, or no longer, what was read. */
MUST_CHECK enum rc card_reseal(
    struct ctx *cx, const struct card_old *c, uint32_t key, struct span sealed);

#endif
