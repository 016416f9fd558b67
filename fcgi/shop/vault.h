/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Card text on its way into and out of the database: sealed under its card's
 * id, found again by a keyed fingerprint.  Without the key file neither tells
 * anything about the text.
 */
#ifndef KS_SHOP_VAULT_H
#define KS_SHOP_VAULT_H

#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

enum { VAULT_FP = 16 };

/* The same text of the same shop has the same fingerprint, in any batch. */
void vault_fingerprint(
    const struct ctx *cx, struct span text, uint8_t out[VAULT_FP]);
/* With the newest key, whose id is *key. */
MUST_CHECK enum rc vault_seal(struct ctx *cx, uint64_t card, struct span text,
    uint32_t *key, struct span *sealed);
/* In the transaction that inserts a card sealed under key.  RC_BUSY: cards
 * are sealed under a newer key by now, which the next vault_seal() takes. */
MUST_CHECK enum rc vault_key_holds(struct ctx *cx, uint32_t key);
/* RC_FAIL: not this card's, or the key is not there; logged by id.  The text
 * is wiped with the arena. */
MUST_CHECK enum rc vault_open(struct ctx *cx, uint64_t card, uint32_t key,
    struct span sealed, struct span *text);
/* "ABCD…(24)": at most a quarter of it, never more than four characters, and
 * its length. */
const char *vault_mask(struct ctx *cx, struct span text);

#endif
