/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The demo shop: goods, texts, coupons from a file, keys drawn at random and
 * imported like any others.  What is there already is left alone, so a run
 * that was cut off can be repeated; one that ended is not done again.
 */
#ifndef KS_SHOP_SEED_H
#define KS_SHOP_SEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/rc.h"
#include "io/ctx.h"

struct seed_result {
	unsigned categories, goods, skus, coupons, pages; /* made by this run */
	uint64_t cards;
	bool before; /* an earlier run had done it all */
};

/* dir holds demo.hdf and the files that it names.  RC_INVALID: *why names the
 * file's line, or the entry and its bad field. */
MUST_CHECK enum rc seed_demo(
    struct ctx *cx, const char *dir, struct seed_result *out, const char **why);

/* One key by a pattern of demo.hdf; see the head of that file.  RC_INVALID:
 * not a pattern. */
MUST_CHECK enum rc seed_key(struct buf *b, const char *pattern);

#endif
