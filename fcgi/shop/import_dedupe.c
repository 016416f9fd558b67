/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Duplicates, by fingerprint: inside a chunk by a table in memory, against
 * everything the shop has or had by asking for many at once.  An earlier chunk
 * of the same file is found like stock, because its cards are rows of the
 * same batch.
 */
#include "shop/import.h"

#include <string.h>

#include "shop/stock.h"
#include "store/card.h"

/* One IN list: below the length from which MariaDB turns it into a join. */
enum { ASK_AT_ONCE = 512 };

_Static_assert((int)VAULT_FP == (int)CARD_FP, "one length of fingerprints");

/* ---- a table of fingerprints: open addressing, never more than half full */

struct table {
	struct import_line **slot;
	size_t mask;
};

static void
table_init(struct table *t, struct arena *a, size_t n)
{
	size_t cap = 16;

	while (cap < 2 * n)
		cap *= 2;
	t->slot = ARENA_ARRAY(a, cap, struct import_line *);
	t->mask = cap - 1;
}

/* The slot that holds fp, or the empty one where it belongs.  A fingerprint
 * is a keyed MAC: its bytes are a hash already. */
static struct import_line **
table_find(const struct table *t, const uint8_t fp[VAULT_FP])
{
	uint64_t h;
	size_t i;

	memcpy(&h, fp, sizeof(h));
	for (i = h & t->mask; t->slot[i] != NULL; i = (i + 1) & t->mask)
		if (memcmp(t->slot[i]->fp, fp, VAULT_FP) == 0)
			break;
	return &t->slot[i];
}

void
dedupe_within(struct arena *a, struct import_line *v, size_t n)
{
	struct import_line **slot;
	struct table t;
	size_t i;

	table_init(&t, a, n);
	for (i = 0; i < n; i++) {
		slot = table_find(&t, v[i].fp);
		if (*slot != NULL)
			v[i].fate = LINE_DUP_FILE;
		else
			*slot = &v[i];
	}
}

/* ---- against stock */

/* What a twin makes of a line.  A text that was sold counts as sold whatever
 * else is known of it: selling it again would be the worst. */
static enum line_fate
fate_of(const struct card_twin *t, uint64_t sku, uint64_t batch)
{
	if (str_eq(t->state, card_state_name(CARD_SOLD)) ||
	    str_eq(t->state, card_state_name(CARD_VOID)))
		return LINE_DUP_SOLD;
	if (t->batch == batch)
		return LINE_DUP_FILE;
	return t->sku == sku ? LINE_DUP_STOCK : LINE_DUP_OTHER;
}

static unsigned
weight(enum line_fate f)
{
	static const unsigned w[LINE__N] = {
	    [LINE_NEW] = 0,
	    [LINE_DUP_OTHER] = 1,
	    [LINE_DUP_STOCK] = 2,
	    [LINE_DUP_FILE] = 3,
	    [LINE_DUP_SOLD] = 4,
	};

	return w[f];
}

static enum rc
ask_some(struct ctx *cx, const struct table *t, uint64_t sku, uint64_t batch,
    const uint8_t (*fp)[CARD_FP], size_t n)
{
	const struct card_twin *twin;
	struct import_line **slot;
	enum line_fate f;
	size_t i, n_twins;
	enum rc rc;

	rc = card_twins(cx, fp, n, &twin, &n_twins);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < n_twins; i++) {
		slot = table_find(t, twin[i].fingerprint);
		if (*slot == NULL)
			continue;
		f = fate_of(&twin[i], sku, batch);
		if (weight(f) > weight((*slot)->fate))
			(*slot)->fate = f;
	}
	return RC_OK;
}

enum rc
dedupe_against_stock(struct ctx *cx, uint64_t sku, uint64_t batch,
    struct import_line *v, size_t n)
{
	uint8_t fp[ASK_AT_ONCE][CARD_FP];
	struct table t;
	size_t i, k = 0;
	enum rc rc;

	table_init(&t, cx->arena, n);
	for (i = 0; i < n; i++)
		if (v[i].fate == LINE_NEW)
			*table_find(&t, v[i].fp) = &v[i];
	for (i = 0; i < n; i++) {
		if (v[i].fate == LINE_NEW)
			memcpy(fp[k++], v[i].fp, CARD_FP);
		if (k < ASK_AT_ONCE && i + 1 < n)
			continue;
		rc = ask_some(
		    cx, &t, sku, batch, (const uint8_t(*)[CARD_FP])fp, k);
		if (rc != RC_OK)
			return rc;
		k = 0;
	}
	return RC_OK;
}
