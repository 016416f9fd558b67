/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The change of the card key on a shop that is open: every card is opened
 * under its old key and sealed anew under the newest; then the old key is of
 * no use to anybody and may go.
 *
 *   reseal_begin()  from here on no card is sealed under an older key
 *   reseal_some()   until *more is false; may stop anywhere and begin again,
 *                   because the rows say what is left
 *   reseal_end()
 */
#ifndef KS_SHOP_RESEAL_H
#define KS_SHOP_RESEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

struct reseal {
	uint32_t key; /* the newest */
	uint64_t done;
	uint64_t moved;  /* changed or gone since they were read */
	uint64_t broken; /* cannot be opened: logged by id, left as they are */
	uint64_t at;     /* ids up to this one have been looked at */
};

MUST_CHECK enum rc reseal_begin(struct ctx *cx, struct reseal *r);
/* At most n cards.  RC_BUSY: nothing wrong, the same again. */
MUST_CHECK enum rc reseal_some(
    struct ctx *cx, struct reseal *r, unsigned n, bool *more);
/* Writes the counts to the audit log. */
MUST_CHECK enum rc reseal_end(
    struct ctx *cx, const struct reseal *r, bool stopped);
/* Cards under another key than r->key. */
MUST_CHECK enum rc reseal_left(
    struct ctx *cx, const struct reseal *r, uint64_t *n);

/* Before the key leaves the file.  RC_CONFLICT: *n cards need it. */
MUST_CHECK enum rc retire_check(struct ctx *cx, uint32_t key, uint64_t *n);

#endif
