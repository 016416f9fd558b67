/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cards on the panel: import, batches, look through, lock.  Import is
 * chunked: open a batch, send chunks of at most LIM_BODY_CHUNK bytes, look at
 * the report, commit (the cards become free) or undo.
 */
#ifndef KS_SHOP_STOCK_H
#define KS_SHOP_STOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"
#include "shop/catalogue.h"

enum card_state {
	CARD_STAGED,
	CARD_FREE,
	CARD_HELD,
	CARD_SOLD,
	CARD_LOCKED,
	CARD_RECALLED,
	CARD_VOID,
	CARD__N
};
const char *card_state_name(enum card_state s);
MUST_CHECK enum rc card_state_parse(const char *name, enum card_state *out);

struct batch {
	uint64_t id, sku;
	const char *name, *note, *sku_code, *product_name, *sku_name;
	const char *state; /* open, committed, undone, recalled */
	struct money cost;
	/* counts of lines: of the whole file so far */
	uint64_t lines, added, blank, dup_file, dup_stock, dup_sold, dup_other,
	    bad;
	uint64_t by_state[CARD__N];
	unsigned next_chunk;
	int64_t created, committed;
};

/* RC_NOTFOUND: no such SKU.  RC_INVALID: it takes no cards (made by hand), or
 * name, note or cost break a rule.  name "": one is made from the time. */
MUST_CHECK enum rc import_open(struct ctx *cx, uint64_t sku, const char *name,
    const char *note, struct money cost, uint64_t *batch);
/* Chunk number seq (from 0) of whole lines, at most LIM_BODY_CHUNK bytes:
 * UTF-8, LF or CRLF; a BOM at the start is dropped, blanks at the ends of a
 * line do not count, blank lines are counted apart.  A line that is not
 * UTF-8, holds control characters or is above LIM_CARD counts as bad and is
 * left out, never cut.  A chunk sent again is RC_OK and changes nothing; a
 * gap, or a batch that is not open, is RC_CONFLICT.  RC_INVALID: too long. */
MUST_CHECK enum rc import_chunk(
    struct ctx *cx, uint64_t batch, unsigned seq, struct span text);
/* What became of the lines so far. */
MUST_CHECK enum rc import_report(
    struct ctx *cx, uint64_t batch, struct batch *out);
/* Staged cards become free (and fill the shortage queue), in bounded steps.
 * RC_CONFLICT: neither open nor left half way.  RC_BUSY: this request's time
 * is over before all of them were: call again, it goes on. */
MUST_CHECK enum rc import_commit(struct ctx *cx, uint64_t batch);
/* Takes an open batch back, or a committed one of which nothing was sold or
 * held (RC_CONFLICT otherwise; then all of it is for sale again).  RC_BUSY as
 * above. */
MUST_CHECK enum rc import_undo(struct ctx *cx, uint64_t batch);
/* The whole way for a file on the command line: duplicates are left out and
 * counted, the cards are for sale as they come, in bounded memory for any
 * length of file.  out is filled on RC_OK.  RC_NOTFOUND: no such SKU.
 * RC_INVALID: it takes no cards, or the file cannot be read. */
MUST_CHECK enum rc import_file(struct ctx *cx, const char *sku_code,
    const char *batch_name, int fd, struct batch *out);

MUST_CHECK enum rc stock_batches(struct ctx *cx, uint64_t sku,
    struct page *page, const struct batch **out, size_t *n);

struct card_row {
	uint64_t id, sku, batch;
	const char *sku_code, *product_name, *order_no, *note;
	enum card_state state;
	const char *masked; /* "ABCD…(24)": first characters and length */
	int64_t created;
};
struct card_filter {
	uint64_t product, sku, batch;
	int state;         /* enum card_state, or -1 */
	const char *exact; /* the whole card text: found by fingerprint */
	const char *order_no;
};
/* exact and order_no win over the others; a list is counted and paged to
 * STOCK_PAGED_MAX. */
enum { STOCK_PAGED_MAX = 100000 };
MUST_CHECK enum rc stock_cards(struct ctx *cx, const struct card_filter *f,
    struct page *page, const struct card_row **out, size_t *n);
/* One card by its id. */
MUST_CHECK enum rc stock_card(
    struct ctx *cx, uint64_t card, struct card_row *out);
/* SKUs that take cards, for choosing one: active first, at most 500. */
struct sku_row {
	uint64_t id;
	const char *code, *name, *product_name;
};
MUST_CHECK enum rc stock_skus(
    struct ctx *cx, const struct sku_row **out, size_t *n);
/* free -> locked with a reason, locked -> free.  RC_CONFLICT otherwise. */
MUST_CHECK enum rc stock_lock(
    struct ctx *cx, uint64_t card, const char *reason);
MUST_CHECK enum rc stock_unlock(struct ctx *cx, uint64_t card);
/* The text of one card for a person; audited. */
MUST_CHECK enum rc stock_reveal(
    struct ctx *cx, uint64_t card, struct span *text);

struct stock_count {
	uint64_t sku;
	uint64_t by_state[CARD__N];
};
MUST_CHECK enum rc stock_counts(struct ctx *cx, uint64_t product,
    const struct stock_count **out, size_t *n);

#endif
