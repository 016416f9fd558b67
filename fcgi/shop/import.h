/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of an import: text to lines, lines to cards.  stock.h is the
 * outside.
 */
#ifndef KS_SHOP_IMPORT_H
#define KS_SHOP_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"
#include "shop/vault.h"
#include "store/card_batch.h"

enum line_fate {
	LINE_NEW,
	LINE_DUP_FILE,  /* earlier in the same batch */
	LINE_DUP_STOCK, /* in stock of this SKU */
	LINE_DUP_SOLD,  /* sold before, by any SKU */
	LINE_DUP_OTHER, /* in stock of another SKU */
	LINE__N
};

struct import_line {
	struct span text; /* in the caller's bytes */
	uint8_t fp[VAULT_FP];
	enum line_fate fate;
};

struct import_lines {
	struct import_line *v; /* those that can be cards */
	size_t n;
	uint64_t lines, blank, bad; /* lines = n + blank + bad */
};

/* Cuts text at LF or CRLF; blanks and tabs at the ends of a line do not
 * count.  A line is bad when it is not UTF-8, holds control or override
 * characters, or is longer than LIM_CARD: it is counted and left out, never
 * cut.  first: a byte order mark is dropped. */
void import_split(
    struct arena *a, struct span text, bool first, struct import_lines *out);

/* Marks lines that stand twice in v as LINE_DUP_FILE, all but the first. */
void dedupe_within(struct arena *a, struct import_line *v, size_t n);
/* Inside tx_run(), under import_lock(): marks LINE_NEW ones that the shop has
 * or had.  Lines that an earlier run of the body marked are looked at again
 * by their caller's copy. */
MUST_CHECK enum rc dedupe_against_stock(struct ctx *cx, uint64_t sku,
    uint64_t batch, struct import_line *v, size_t n);

/* import_open() with a batch state: open, or committed for import_file(). */
MUST_CHECK enum rc import_open_as(struct ctx *cx, const struct import_sku *sku,
    const char *name, const char *note, struct money cost, const char *state,
    uint64_t *batch);

/* The batch's cards are for sale: cache invalidation, and (with issue
 * 3) the shortage queue. */
MUST_CHECK enum rc import_told(struct ctx *cx, uint64_t batch);

/* One chunk of a batch in `state` (open: staged cards; committed: free ones),
 * in an arena of its own that is empty again at the end.  As import_chunk(),
 * but of any length. */
MUST_CHECK enum rc import_put(struct ctx *cx, struct arena *own, uint64_t batch,
    const char *state, unsigned seq, struct span text);

#endif
