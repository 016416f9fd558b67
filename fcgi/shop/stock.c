/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cards on the panel.  A list is walked in segments, one a (SKU, state) or
 * (batch, state), in the order of an index: no filter sorts or counts a whole
 * stock, however large it is.
 */
#include "shop/stock.h"

#include <inttypes.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "shop/audit.h"
#include "shop/shortage.h"
#include "shop/vault.h"
#include "store/card.h"
#include "store/outbox.h"
#include "store/tx.h"

enum {
	PER_PAGE_MAX = 200,
	SKUS_MAX = 1000, /* SKUs that one list walks through */
	EXACT_MAX = 50   /* cards of one text, or of one order's list */
};

static const char *const state_name[CARD__N] = {
    [CARD_STAGED] = "staged",
    [CARD_FREE] = "free",
    [CARD_HELD] = "held",
    [CARD_SOLD] = "sold",
    [CARD_LOCKED] = "locked",
    [CARD_RECALLED] = "recalled",
    [CARD_VOID] = "void",
};

const char *
card_state_name(enum card_state s)
{
	return state_name[s];
}

enum rc
card_state_parse(const char *name, enum card_state *out)
{
	int i;

	for (i = 0; i < CARD__N; i++) {
		if (str_eq(name, state_name[i])) {
			*out = (enum card_state)i;
			return RC_OK;
		}
	}
	return RC_INVALID;
}

/* ---- segments */

struct segment {
	uint64_t sku; /* or, with batch set, unused */
	enum card_state state;
	uint64_t n;
};

struct walk {
	struct segment *v;
	size_t n;
	uint64_t batch;
};

static enum rc
walk_batch(struct ctx *cx, const struct card_filter *f, struct walk *w)
{
	const struct state_count *c;
	enum card_state s;
	size_t i, n;
	enum rc rc;

	w->batch = f->batch;
	rc = card_batch_states(cx, &f->batch, 1, &c, &n);
	if (rc != RC_OK)
		return rc;
	w->v = ARENA_ARRAY(cx->arena, n, struct segment);
	for (i = 0; i < n; i++) {
		if (card_state_parse(c[i].state, &s) != RC_OK ||
		    (f->state >= 0 && (int)s != f->state))
			continue;
		w->v[w->n++] = (struct segment){0, s, c[i].n};
	}
	return RC_OK;
}

static enum rc
walk_skus(struct ctx *cx, const struct card_filter *f, struct walk *w)
{
	const uint64_t *sku = &f->sku, *count;
	size_t n_skus = 1, i, n = 0;
	const char **state;
	uint64_t *id;
	enum rc rc;
	int s;

	if (f->sku == 0) {
		rc = sku_ids(cx, f->product, SKUS_MAX, &sku, &n_skus);
		if (rc != RC_OK)
			return rc;
	}
	w->v = ARENA_ARRAY(cx->arena, n_skus * CARD__N, struct segment);
	id = ARENA_ARRAY(cx->arena, n_skus * CARD__N, uint64_t);
	state = ARENA_ARRAY(cx->arena, n_skus * CARD__N, const char *);
	for (i = 0; i < n_skus; i++) {
		for (s = 0; s < CARD__N; s++) {
			if (f->state >= 0 && s != f->state)
				continue;
			w->v[n] =
			    (struct segment){sku[i], (enum card_state)s, 0};
			id[n] = sku[i];
			state[n++] = state_name[s];
		}
	}
	rc = card_state_counts(cx, id, state, n, STOCK_PAGED_MAX, &count);
	for (i = 0; rc == RC_OK && i < n; i++)
		w->v[i].n = count[i];
	w->n = n;
	return rc;
}

static enum rc
segment_ids(struct ctx *cx, const struct walk *w, const struct segment *s,
    uint64_t skip, uint64_t max, const uint64_t **id, size_t *n)
{
	return w->batch != 0 ? card_ids_of_batch(cx, w->batch,
				   state_name[s->state], skip, max, id, n)
			     : card_ids_of_sku(cx, s->sku, state_name[s->state],
				   skip, max, id, n);
}

/* The ids of one page of a walk. */
static enum rc
walk_page(struct ctx *cx, const struct walk *w, uint64_t skip, uint64_t max,
    uint64_t *id, size_t *n)
{
	const uint64_t *some;
	size_t i, k, m;
	enum rc rc;

	for (i = 0; i < w->n && *n < max; i++) {
		if (skip >= w->v[i].n) {
			skip -= w->v[i].n;
			continue;
		}
		rc = segment_ids(cx, w, &w->v[i], skip, max - *n, &some, &m);
		if (rc != RC_OK)
			return rc;
		for (k = 0; k < m; k++)
			id[(*n)++] = some[k];
		skip = 0;
	}
	return RC_OK;
}

/* ---- the list */

static enum rc
ids_walked(struct ctx *cx, const struct card_filter *f, struct page *page,
    uint64_t skip, const uint64_t **id, size_t *n)
{
	uint64_t *list = ARENA_ARRAY(cx->arena, page->per_page, uint64_t);
	struct walk w = {0};
	enum rc rc;
	size_t i;

	rc = f->batch != 0 ? walk_batch(cx, f, &w) : walk_skus(cx, f, &w);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < w.n; i++)
		page->total += w.v[i].n;
	if (page->total > STOCK_PAGED_MAX)
		page->total = STOCK_PAGED_MAX;
	*id = list;
	return walk_page(cx, &w, skip, page->per_page, list, n);
}

static enum rc
ids_of(struct ctx *cx, const struct card_filter *f, struct page *page,
    const uint64_t **id, size_t *n)
{
	uint64_t skip = (uint64_t)(page->page - 1) * page->per_page;
	uint8_t fp[VAULT_FP];
	enum rc rc;

	if (skip >= STOCK_PAGED_MAX)
		return RC_OK;
	if (!str_empty(f->exact)) {
		vault_fingerprint(cx, span_trim(span_str(f->exact)), fp);
		rc = card_ids_of_text(cx, fp, EXACT_MAX, id, n);
		page->total = *n;
		return rc;
	}
	if (!str_empty(f->order_no)) {
		if (!str_is_token(f->order_no, "", LIM_ORDER_NO))
			return RC_OK;
		rc = card_ids_of_order(cx, f->order_no, PER_PAGE_MAX, id, n);
		page->total = *n;
		return rc;
	}
	if (f->batch != 0 || f->sku != 0 || f->product != 0 || f->state >= 0)
		return ids_walked(cx, f, page, skip, id, n);
	rc = card_count_all(cx, STOCK_PAGED_MAX, &page->total);
	if (rc != RC_OK)
		return rc;
	return card_ids_recent(cx, skip, page->per_page, id, n);
}

static enum rc
row_fill(struct ctx *cx, struct card_row *out, const struct card_rec *c)
{
	struct span text;
	enum rc rc;

	out->id = c->id;
	out->sku = c->sku;
	out->batch = c->batch;
	out->sku_code = c->sku_code;
	out->product_name = c->product_name;
	out->order_no = c->order_no;
	out->note = c->note;
	out->created = c->created;
	rc = card_state_parse(c->state, &out->state);
	if (rc != RC_OK)
		return RC_FAIL;
	/* one card that does not open must not hide the others */
	if (vault_open(cx, c->id, c->key_id, c->sealed, &text) == RC_OK)
		out->masked = vault_mask(cx, text);
	else
		out->masked = "?";
	return RC_OK;
}

enum rc
stock_cards(struct ctx *cx, const struct card_filter *f, struct page *page,
    const struct card_row **out, size_t *n)
{
	const uint64_t *id = NULL;
	const struct card_rec *c;
	struct card_row *row;
	size_t i, n_ids = 0;
	enum rc rc;

	if (page->page == 0)
		page->page = 1;
	if (page->per_page == 0 || page->per_page > PER_PAGE_MAX)
		page->per_page = PER_PAGE_MAX;
	page->total = 0;
	if ((rc = ids_of(cx, f, page, &id, &n_ids)) != RC_OK ||
	    (rc = card_show(cx, id, n_ids, &c, n)) != RC_OK)
		return rc;
	row = ARENA_ARRAY(cx->arena, *n, struct card_row);
	for (i = 0; rc == RC_OK && i < *n; i++)
		rc = row_fill(cx, &row[i], &c[i]);
	*out = row;
	return rc;
}

enum rc
stock_card(struct ctx *cx, uint64_t card, struct card_row *out)
{
	const struct card_rec *c;
	size_t n;
	enum rc rc;

	rc = card_show(cx, &card, 1, &c, &n);
	if (rc != RC_OK)
		return rc;
	return n == 0 ? RC_NOTFOUND : row_fill(cx, out, c);
}

enum rc
stock_counts(
    struct ctx *cx, uint64_t product, const struct stock_count **out, size_t *n)
{
	const struct state_count *c;
	struct stock_count *list;
	const uint64_t *sku;
	enum card_state s;
	size_t i, k, n_counts;
	enum rc rc;

	if ((rc = sku_ids(cx, product, SKUS_MAX, &sku, n)) != RC_OK ||
	    (rc = card_states_of_skus(cx, sku, *n, &c, &n_counts)) != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, *n, struct stock_count);
	for (i = 0; i < *n; i++) {
		list[i].sku = sku[i];
		for (k = 0; k < n_counts; k++)
			if (c[k].of == sku[i] &&
			    card_state_parse(c[k].state, &s) == RC_OK)
				list[i].by_state[s] = c[k].n;
	}
	*out = list;
	return RC_OK;
}

/* ---- one card */

struct one {
	uint64_t card;
	const char *reason; /* NULL: unlock */
	const struct card_rec *rec;
};

static enum rc
one_load(struct ctx *cx, uint64_t card, struct one *o)
{
	size_t n;
	enum rc rc;

	o->card = card;
	rc = card_show(cx, &card, 1, &o->rec, &n);
	return rc == RC_OK && n == 0 ? RC_NOTFOUND : rc;
}

static const char *
object_of(struct ctx *cx, uint64_t card)
{
	return arena_fmt(cx->arena, "card:%" PRIu64, card);
}

static enum rc
lock_body(struct ctx *cx, void *arg)
{
	const struct one *o = arg;
	enum rc rc;

	rc = o->reason != NULL ? card_lock(cx, o->card, o->reason)
			       : card_unlock(cx, o->card);
	if (rc != RC_OK)
		return rc;
	if (o->reason == NULL)
		rc = shortage_fill(cx, o->rec->sku, NULL);
	if (rc == RC_OK)
		rc = outbox_catalogue(cx, o->rec->product);
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, o->reason != NULL ? "card.lock" : "card.unlock",
	    object_of(cx, o->card), o->reason);
}

enum rc
stock_lock(struct ctx *cx, uint64_t card, const char *reason)
{
	struct one o = {0};
	enum rc rc;

	/* the column holds fewer than other reasons */
	if (str_empty(reason) || !utf8_line(span_str(reason), 200))
		return RC_INVALID;
	o.reason = reason;
	rc = one_load(cx, card, &o);
	return rc == RC_OK ? tx_run(cx, lock_body, &o) : rc;
}

enum rc
stock_unlock(struct ctx *cx, uint64_t card)
{
	struct one o = {0};
	enum rc rc;

	if ((rc = one_load(cx, card, &o)) != RC_OK ||
	    (rc = shortage_prepare(cx)) != RC_OK)
		return rc;
	return tx_run(cx, lock_body, &o);
}

static enum rc
reveal_body(struct ctx *cx, void *arg)
{
	const struct one *o = arg;

	return audit_add(cx, "card.reveal", object_of(cx, o->card),
	    arena_fmt(cx->arena, "sku=%s state=%s order=%s", o->rec->sku_code,
		o->rec->state, o->rec->order_no));
}

enum rc
stock_reveal(struct ctx *cx, uint64_t card, struct span *text)
{
	struct one o = {0};
	enum rc rc;

	/* noted first: nobody sees a card without a trace */
	if ((rc = one_load(cx, card, &o)) != RC_OK ||
	    (rc = tx_run(cx, reveal_body, &o)) != RC_OK)
		return rc;
	return vault_open(cx, card, o.rec->key_id, o.rec->sealed, text);
}
