/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ids that are known before their row exists: blocks handed out by the table
 * id_block.  A process takes a block at a time and deals from it; what a dead
 * process did not deal is a gap, which nobody minds.
 */
#ifndef KS_STORE_IDS_H
#define KS_STORE_IDS_H

#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

enum id_kind { ID_CARD, ID_ORDER, ID__N };

/* n consecutive ids, the first in *first.  Inside tx_run() only what
 * ids_reserve() has laid by before: taking a block there would keep its row
 * locked until COMMIT (BUG). */
MUST_CHECK enum rc ids_take(
    struct ctx *cx, enum id_kind kind, unsigned n, uint64_t *first);
/* Makes sure that n ids can be taken without asking the database. */
MUST_CHECK enum rc ids_reserve(struct ctx *cx, enum id_kind kind, unsigned n);
/* How many ids_take() gives without a new block. */
uint64_t ids_left(enum id_kind kind);

#endif
