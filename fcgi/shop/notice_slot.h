/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A notice is stored before it is judged: in the process's own slot, a file in
 * spool_dir that holds the one notice it works on.  A process that dies
 * between receipt and COMMIT leaves its slot behind; the next process of this
 * machine finds that nobody holds it and works on the notice again.
 *
 * Why a file and not a row: judging comes before settling, and forgers do not
 * ask how many rows a disk can sync.  A slot costs two writes of the page
 * cache, no commit, and a storm fills nothing: as many slots as processes.  It
 * is not synced, because it need not outlive the machine: what was not
 * acknowledged is sent again, and asked about.
 */
#ifndef KS_SHOP_NOTICE_SLOT_H
#define KS_SHOP_NOTICE_SLOT_H

#include <stdbool.h>

#include "io/ctx.h"
#include "shop/settle.h"

/* Without spool_dir, or when it cannot be written (logged), they do nothing:
 * the settling transaction keeps every notice that it gets. */
void slot_begin(struct ctx *cx, const struct notice_request *rq);
void slot_end(void);

/* True once a process: before its first notice. */
bool slot_first(void);

/* Calls fn for each notice that a dead process has left, at most once for
 * fn = again; one that ends the process a second time goes to fn = give_up.
 * *did: how many. */
typedef void slot_fn(struct ctx *cx, const struct notice_request *rq);
void slot_recover(
    struct ctx *cx, slot_fn *again, slot_fn *give_up, unsigned *did);

/* Forgets the slot that is held; for the end of a test. */
void slot_close(void);

#endif
