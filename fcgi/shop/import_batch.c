/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a batch: open, committed, taken back.  A batch may hold a
 * million cards, so its cards move in slices, each a transaction under the
 * batch's lock; the state of the batch says where a cut-off run goes on.
 *
 *   commit   open -> committed, then staged cards -> free
 *   undo     committed -> undone, then free cards -> staged; if by then none
 *            was held or sold they go, else all is put back as it was
 */
#include "shop/stock.h"

#include <inttypes.h>

#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "shop/audit.h"
#include "shop/import.h"
#include "shop/shortage.h"
#include "store/card_batch.h"
#include "store/outbox.h"
#include "store/tx.h"

enum { SLICE = 2000, PER_PAGE_MAX = 100 };

/* Time that the rest of a request needs. */
#define RESERVE_US (3 * US_PER_S)

struct job {
	uint64_t batch;
	const char *name, *note, *state;
	struct money cost;
	struct import_sku sku;
	const char *from, *to; /* of a slice */
	uint64_t done;
	bool taken, left;
};

static const char *
object_of(struct ctx *cx, uint64_t batch)
{
	return arena_fmt(cx->arena, "batch:%" PRIu64, batch);
}

/* ---- opening */

static enum rc
open_body(struct ctx *cx, void *arg)
{
	struct job *j = arg;
	enum rc rc;

	rc = card_batch_add(
	    cx, j->sku.id, j->name, j->note, j->cost, j->state, &j->batch);
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "import.open", object_of(cx, j->batch),
	    arena_fmt(cx->arena, "sku=%s name=%s", j->sku.code, j->name));
}

static bool
names_ok(const struct job *j)
{
	return utf8_line(span_str(j->name), LIM_NAME) &&
	       utf8_line(span_str(j->note), LIM_SUMMARY) && j->cost.minor >= 0;
}

enum rc
import_open_as(struct ctx *cx, const struct import_sku *sku, const char *name,
    const char *note, struct money cost, const char *state, uint64_t *batch)
{
	struct job j = {0};
	enum rc rc;

	j.sku = *sku;
	j.name = !str_empty(name) ? name
				  : time_text(cx->arena, cx->now,
					(int)cx->set->zone_minutes);
	j.note = note != NULL ? note : "";
	j.cost = cost;
	j.state = state;
	if (str_eq(sku->kind, "manual") || !names_ok(&j))
		return RC_INVALID;
	rc = tx_run(cx, open_body, &j);
	if (rc == RC_OK)
		*batch = j.batch;
	return rc;
}

enum rc
import_open(struct ctx *cx, uint64_t sku, const char *name, const char *note,
    struct money cost, uint64_t *batch)
{
	struct import_sku s;
	enum rc rc;

	rc = import_sku_get(cx, sku, &s);
	if (rc != RC_OK)
		return rc;
	return import_open_as(cx, &s, name, note, cost, "open", batch);
}

/* ---- moving cards in slices */

static bool
time_is_up(const struct ctx *cx)
{
	return cx->deadline != 0 && time_mono_us() > cx->deadline - RESERVE_US;
}

static enum rc
slice_body(struct ctx *cx, void *arg)
{
	struct job *j = arg;
	struct batch_lock b;
	enum rc rc;

	rc = card_batch_lock(cx, j->batch, &b);
	if (rc != RC_OK)
		return rc;
	if (!str_eq(b.state, j->state))
		return RC_CONFLICT; /* somebody else turned it round */
	if (j->to == NULL)
		return card_batch_drop(cx, j->batch, SLICE, &j->done);
	rc = card_batch_move(cx, j->batch, j->from, j->to, SLICE, &j->done);
	/* who waits gets them in the transaction that makes them free */
	if (rc == RC_OK && j->done != 0 && str_eq(j->to, "free"))
		rc = shortage_fill(cx, b.sku, NULL);
	return rc;
}

/* All cards of the batch from one state to another, or away (to = NULL),
 * while the batch stays in `state`. */
static enum rc
move_all(struct ctx *cx, struct job *j, const char *state, const char *from,
    const char *to)
{
	enum rc rc;

	j->state = state;
	j->from = from;
	j->to = to;
	do {
		if (time_is_up(cx))
			return RC_BUSY;
		rc = shortage_prepare(cx);
		if (rc == RC_OK)
			rc = tx_run(cx, slice_body, j);
	} while (rc == RC_OK && j->done == SLICE);
	return rc;
}

/* The shelves changed. */
static enum rc
tell_body(struct ctx *cx, void *arg)
{
	const struct job *j = arg;

	return outbox_catalogue(cx, j->sku.product);
}

/* ---- commit */

static enum rc
commit_body(struct ctx *cx, void *arg)
{
	struct job *j = arg;
	struct batch_lock b;
	enum rc rc;

	rc = card_batch_lock(cx, j->batch, &b);
	if (rc != RC_OK)
		return rc;
	if (str_eq(b.state, "committed")) {
		rc = card_batch_left(cx, j->batch, "staged", &j->left);
		return rc == RC_OK && !j->left ? RC_CONFLICT : rc;
	}
	rc = card_batch_state(cx, j->batch, "open", "committed", cx->now);
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "import.commit", object_of(cx, j->batch), "");
}

static enum rc
job_load(struct ctx *cx, uint64_t batch, struct job *j)
{
	struct batch_rec b;
	enum rc rc;

	rc = card_batch_get(cx, batch, &b);
	if (rc != RC_OK)
		return rc;
	j->batch = batch;
	j->sku.id = b.sku;
	j->sku.product = b.product;
	return RC_OK;
}

enum rc
import_told(struct ctx *cx, uint64_t batch)
{
	struct job j = {0};
	unsigned served;
	enum rc rc;

	rc = job_load(cx, batch, &j);
	if (rc != RC_OK)
		return rc;
	/* more wait than one slice serves, or the cards came as they were
	 * put in */
	rc = shortage_drain(cx, j.sku.id, &served);
	return rc == RC_OK ? tx_run(cx, tell_body, &j) : rc;
}

enum rc
import_commit(struct ctx *cx, uint64_t batch)
{
	struct job j = {0};
	enum rc rc;

	if ((rc = job_load(cx, batch, &j)) != RC_OK ||
	    (rc = tx_run(cx, commit_body, &j)) != RC_OK ||
	    (rc = move_all(cx, &j, "committed", "staged", "free")) != RC_OK)
		return rc;
	return import_told(cx, batch);
}

/* ---- undo */

/* committed or open -> undone, if none of it is gone; an undone one with
 * cards left goes on. */
static enum rc
undo_body(struct ctx *cx, void *arg)
{
	struct job *j = arg;
	struct batch_lock b;
	enum rc rc;

	rc = card_batch_lock(cx, j->batch, &b);
	if (rc != RC_OK)
		return rc;
	if (str_eq(b.state, "undone")) {
		rc = card_batch_left(cx, j->batch, "", &j->left);
		return rc == RC_OK && !j->left ? RC_CONFLICT : rc;
	}
	rc = card_batch_taken(cx, j->batch, &j->taken);
	if (rc != RC_OK)
		return rc;
	if (j->taken || str_eq(b.state, "recalled"))
		return RC_CONFLICT;
	rc = card_batch_state(cx, j->batch, b.state, "undone", cx->now);
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "import.undo", object_of(cx, j->batch), b.state);
}

/* No card is free any more, so what is held or sold now is all that was. */
static enum rc
verdict_body(struct ctx *cx, void *arg)
{
	struct job *j = arg;
	struct batch_lock b;
	enum rc rc;

	if ((rc = card_batch_lock(cx, j->batch, &b)) != RC_OK ||
	    (rc = card_batch_taken(cx, j->batch, &j->taken)) != RC_OK)
		return rc;
	if (!str_eq(b.state, "undone"))
		return RC_CONFLICT;
	if (!j->taken)
		return RC_OK;
	rc = card_batch_state(cx, j->batch, "undone", "committed", cx->now);
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "import.undo_failed", object_of(cx, j->batch),
	    "a card was ordered meanwhile");
}

enum rc
import_undo(struct ctx *cx, uint64_t batch)
{
	struct job j = {0};
	enum rc rc;

	if ((rc = job_load(cx, batch, &j)) != RC_OK ||
	    (rc = tx_run(cx, undo_body, &j)) != RC_OK ||
	    (rc = move_all(cx, &j, "undone", "free", "staged")) != RC_OK ||
	    (rc = tx_run(cx, verdict_body, &j)) != RC_OK)
		return rc;
	if (j.taken) {
		rc = move_all(cx, &j, "committed", "staged", "free");
		return rc == RC_OK ? RC_CONFLICT : rc;
	}
	if ((rc = move_all(cx, &j, "undone", NULL, NULL)) != RC_OK)
		return rc;
	return tx_run(cx, tell_body, &j);
}

/* ---- looking at batches */

static void
batch_fill(struct batch *out, const struct batch_rec *b)
{
	out->id = b->id;
	out->sku = b->sku;
	out->name = b->name;
	out->note = b->note;
	out->sku_code = b->sku_code;
	out->product_name = b->product_name;
	out->sku_name = b->sku_name;
	out->state = b->state;
	out->cost = b->cost;
	out->lines = b->n.lines;
	out->added = b->n.added;
	out->blank = b->n.blank;
	out->dup_file = b->n.dup_file;
	out->dup_stock = b->n.dup_stock;
	out->dup_sold = b->n.dup_sold;
	out->dup_other = b->n.dup_other;
	out->bad = b->n.bad;
	out->next_chunk = b->next_chunk;
	out->created = b->created;
	out->committed = b->committed;
}

static enum rc
states_fill(struct ctx *cx, struct batch *b, size_t n)
{
	uint64_t *id = ARENA_ARRAY(cx->arena, n, uint64_t);
	const struct state_count *c;
	enum card_state s;
	size_t i, k, n_counts;
	enum rc rc;

	for (i = 0; i < n; i++)
		id[i] = b[i].id;
	rc = card_batch_states(cx, id, n, &c, &n_counts);
	if (rc != RC_OK)
		return rc;
	for (k = 0; k < n_counts; k++)
		for (i = 0; i < n; i++)
			if (b[i].id == c[k].of &&
			    card_state_parse(c[k].state, &s) == RC_OK)
				b[i].by_state[s] = c[k].n;
	return RC_OK;
}

enum rc
import_report(struct ctx *cx, uint64_t batch, struct batch *out)
{
	struct batch b = {0};
	struct batch_rec r;
	enum rc rc;

	rc = card_batch_get(cx, batch, &r);
	if (rc != RC_OK)
		return rc;
	batch_fill(&b, &r);
	rc = states_fill(cx, &b, 1);
	if (rc == RC_OK)
		*out = b;
	return rc;
}

enum rc
stock_batches(struct ctx *cx, uint64_t sku, struct page *page,
    const struct batch **out, size_t *n)
{
	const struct batch_rec *r;
	struct batch *b;
	enum rc rc;
	size_t i;

	if (page->page == 0)
		page->page = 1;
	if (page->per_page == 0 || page->per_page > PER_PAGE_MAX)
		page->per_page = PER_PAGE_MAX;
	rc = card_batch_count(cx, sku, &page->total);
	if (rc != RC_OK)
		return rc;
	rc = card_batch_list(cx, sku,
	    (uint64_t)(page->page - 1) * page->per_page, page->per_page, &r, n);
	if (rc != RC_OK)
		return rc;
	b = ARENA_ARRAY(cx->arena, *n, struct batch);
	for (i = 0; i < *n; i++)
		batch_fill(&b[i], &r[i]);
	*out = b;
	return states_fill(cx, b, *n);
}
