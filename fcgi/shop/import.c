/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Import: a chunk of text becomes cards.  Everything that needs no lock comes
 * first (cutting, fingerprints, ids, encryption), so that the transaction
 * holds its locks for two things only: looking for duplicates and inserting.
 * A chunk belongs to a number in its batch; the number moves with the insert,
 * so a chunk sent again changes nothing.
 */
#include "shop/import.h"

#include <string.h>

#include "base/limits.h"
#include "io/crypt.h"
#include "shop/shortage.h"
#include "shop/stock.h"
#include "shop/vault.h"
#include "store/card.h"
#include "store/ids.h"
#include "store/tx.h"

struct put {
	uint64_t batch, sku;
	const char *state;
	unsigned seq;
	struct import_lines lines;
	uint64_t *id; /* beside lines.v; 0: none taken */
	struct span *sealed;
	uint32_t key;
	enum { PUT_DONE, PUT_BEFORE } how;
};

static const char *
card_state_of(const char *batch_state)
{
	return str_eq(batch_state, "open") ? card_state_name(CARD_STAGED)
					   : card_state_name(CARD_FREE);
}

/* Is it this chunk's turn? */
static enum rc
turn(struct put *p, uint64_t sku, const char *state, unsigned next_chunk)
{
	p->how = PUT_DONE;
	p->sku = sku;
	if (p->seq < next_chunk) {
		p->how = PUT_BEFORE;
		return RC_OK;
	}
	if (p->seq > next_chunk || !str_eq(state, p->state))
		return RC_CONFLICT;
	return RC_OK;
}

/* Ids and cipher texts for the lines that are new in this chunk. */
static enum rc
seal_lines(struct ctx *cx, struct put *p)
{
	const struct import_line *v = p->lines.v;
	size_t i, n = p->lines.n, fresh = 0;
	uint64_t id = 0;
	enum rc rc;

	for (i = 0; i < n; i++)
		fresh += v[i].fate == LINE_NEW;
	p->id = ARENA_ARRAY(cx->arena, n, uint64_t);
	p->sealed = ARENA_ARRAY(cx->arena, n, struct span);
	if (fresh == 0)
		return RC_OK;
	rc = ids_take(cx, ID_CARD, (unsigned)fresh, &id);
	for (i = 0; rc == RC_OK && i < n; i++) {
		if (v[i].fate != LINE_NEW)
			continue;
		p->id[i] = id++;
		rc =
		    vault_seal(cx, p->id[i], v[i].text, &p->key, &p->sealed[i]);
	}
	return rc;
}

static enum rc
cards_insert(struct ctx *cx, const struct put *p, const struct import_line *v)
{
	struct card_new *c =
	    ARENA_ARRAY(cx->arena, p->lines.n, struct card_new);
	size_t i, n = 0;
	enum rc rc;

	for (i = 0; i < p->lines.n; i++) {
		if (v[i].fate != LINE_NEW)
			continue;
		c[n].id = p->id[i];
		c[n].key_id = p->key;
		c[n].fingerprint = v[i].fp;
		c[n].sealed = p->sealed[i];
		n++;
	}
	if (n == 0)
		return RC_OK;
	rc = vault_key_holds(cx, p->key);
	if (rc != RC_OK)
		return rc;
	return card_add(cx, p->sku, p->batch, card_state_of(p->state), c, n);
}

static enum rc
count_lines(struct ctx *cx, const struct put *p, const struct import_line *v)
{
	uint64_t by[LINE__N] = {0};
	struct batch_counts n = {0};
	size_t i;

	for (i = 0; i < p->lines.n; i++)
		by[v[i].fate]++;
	n.lines = p->lines.lines;
	n.blank = p->lines.blank;
	n.bad = p->lines.bad;
	n.added = by[LINE_NEW];
	n.dup_file = by[LINE_DUP_FILE];
	n.dup_stock = by[LINE_DUP_STOCK];
	n.dup_sold = by[LINE_DUP_SOLD];
	n.dup_other = by[LINE_DUP_OTHER];
	return card_batch_chunk(cx, p->batch, p->seq, &n);
}

static enum rc
put_body(struct ctx *cx, void *arg)
{
	struct put *p = arg;
	struct import_line *v;
	struct batch_lock b;
	enum rc rc;

	if ((rc = import_lock(cx)) != RC_OK ||
	    (rc = card_batch_lock(cx, p->batch, &b)) != RC_OK ||
	    (rc = turn(p, b.sku, b.state, b.next_chunk)) != RC_OK)
		return rc;
	if (p->how == PUT_BEFORE)
		return RC_OK;
	/* the body may run again: what it marks is its own copy's */
	v = ARENA_ARRAY(cx->arena, p->lines.n, struct import_line);
	if (p->lines.n > 0)
		memcpy(v, p->lines.v, p->lines.n * sizeof(*v));
	if ((rc = dedupe_against_stock(cx, p->sku, p->batch, v, p->lines.n)) !=
		RC_OK ||
	    (rc = cards_insert(cx, p, v)) != RC_OK)
		return rc;
	if ((rc = count_lines(cx, p, v)) != RC_OK)
		return rc;
	/* for sale as they come: who waits for them comes first */
	return str_eq(p->state, "open") ? RC_OK
					: shortage_fill(cx, p->sku, NULL);
}

static enum rc
put(struct ctx *cx, struct put *p, struct span text)
{
	struct batch_rec b;
	enum rc rc;
	size_t i;

	if ((rc = card_batch_get(cx, p->batch, &b)) != RC_OK ||
	    (rc = turn(p, b.sku, b.state, b.next_chunk)) != RC_OK)
		return rc;
	if (p->how == PUT_BEFORE)
		return RC_OK;
	import_split(cx->arena, text, p->seq == 0, &p->lines);
	for (i = 0; i < p->lines.n; i++)
		vault_fingerprint(cx, p->lines.v[i].text, p->lines.v[i].fp);
	dedupe_within(cx->arena, p->lines.v, p->lines.n);
	do { /* once more when the key is not the one to use any more */
		if ((rc = seal_lines(cx, p)) != RC_OK ||
		    (rc = shortage_prepare(cx)) != RC_OK)
			return rc;
		rc = tx_run(cx, put_body, p);
	} while (rc == RC_BUSY && p->key != 0 &&
		 p->key < keyring_card_key_id(cx->keys));
	return rc;
}

enum rc
import_put(struct ctx *cx, struct arena *own, uint64_t batch, const char *state,
    unsigned seq, struct span text)
{
	struct arena *request = cx->arena;
	struct put p = {0};
	enum rc rc;

	p.batch = batch;
	p.state = state;
	p.seq = seq;
	cx->arena = own;
	rc = put(cx, &p, text);
	cx->arena = request;
	arena_reset(own);
	return rc;
}

enum rc
import_chunk(struct ctx *cx, uint64_t batch, unsigned seq, struct span text)
{
	struct arena *own;
	enum rc rc;

	if (text.n > LIM_BODY_CHUNK)
		return RC_INVALID;
	/* not the request's arena: a chunk of short lines needs more than a
	 * request may keep */
	own = arena_new(256 * 1024, 256 * 1024 * 1024);
	rc = import_put(cx, own, batch, "open", seq, text);
	arena_free(own);
	return rc;
}
