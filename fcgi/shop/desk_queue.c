/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The work queues of the desk.  A person may serve an order out of turn; the
 * line (shop/shortage.c) never does.
 */
#include "shop/desk_queue.h"

#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "shop/audit.h"
#include "shop/deliver.h"
#include "shop/event.h"
#include "store/card.h"
#include "store/purchase.h"
#include "store/shortage.h"
#include "store/tx.h"

enum { STOCK_CAP = 1000 };

static const enum waiting of_queue[QUEUE__N] = {
    [QUEUE_SHORT] = WAITING_SHORT,
    [QUEUE_LATE] = WAITING_LATE,
    [QUEUE_MANUAL] = WAITING_MANUAL,
};

static const char *const name[QUEUE__N] = {
    [QUEUE_SHORT] = "short",
    [QUEUE_LATE] = "late",
    [QUEUE_MANUAL] = "manual",
};

const char *
desk_queue_name(enum desk_queue q)
{
	return name[q];
}

enum rc
desk_queue_counts(struct ctx *cx, uint64_t counts[QUEUE__N])
{
	uint64_t n[WAITING__N];
	int q;
	enum rc rc;

	rc = waiting_counts(cx, n);
	for (q = 0; rc == RC_OK && q < QUEUE__N; q++)
		counts[q] = n[of_queue[q]];
	return rc;
}

static enum rc
fill_stock(struct ctx *cx, const struct waiting_row *rows,
    struct desk_waiting *out, size_t n)
{
	const char **state = ARENA_ARRAY(cx->arena, n, const char *);
	uint64_t *sku = ARENA_ARRAY(cx->arena, n, uint64_t);
	const uint64_t *count;
	size_t i;
	enum rc rc;

	for (i = 0; i < n; i++) {
		sku[i] = rows[i].sku;
		state[i] = "free";
	}
	rc = card_state_counts(cx, sku, state, n, STOCK_CAP, &count);
	for (i = 0; rc == RC_OK && i < n; i++) {
		out[i].stock = (unsigned)count[i];
		out[i].can_deliver =
		    out[i].state == ORDER_SHORT &&
		    (str_eq(rows[i].kind, "loop") ? count[i] != 0
						  : count[i] >= out[i].missing);
	}
	return rc;
}

enum rc
desk_queue(struct ctx *cx, enum desk_queue which, struct page *page,
    const struct desk_waiting **out, size_t *n)
{
	uint64_t counts[QUEUE__N];
	const struct waiting_row *rows;
	struct desk_waiting *w;
	unsigned skip = (page->page - 1) * page->per_page;
	size_t i;
	enum rc rc;

	if ((rc = desk_queue_counts(cx, counts)) != RC_OK ||
	    (rc = waiting_orders(
		 cx, of_queue[which], page->per_page, skip, &rows, n)) != RC_OK)
		return rc;
	page->total = counts[which];
	w = ARENA_ARRAY(cx->arena, *n, struct desk_waiting);
	for (i = 0; i < *n; i++) {
		w[i] = (struct desk_waiting){
		    .no = rows[i].no,
		    .currency = rows[i].currency,
		    .product_name = rows[i].product_name,
		    .sku_name = rows[i].sku_name,
		    .contact = rows[i].contact,
		    .note = rows[i].note,
		    .qty = rows[i].qty,
		    .missing = rows[i].qty - rows[i].delivered,
		    .paid = rows[i].paid,
		    .paid_at = rows[i].paid_at,
		    .late = rows[i].late,
		};
		if (order_state_parse(rows[i].state, &w[i].state) != RC_OK)
			return RC_FAIL;
	}
	*out = w;
	return fill_stock(cx, rows, w, *n);
}

/* ------------------------------------------------------------ acts */

struct act {
	const char *no, *text;
	bool queued;
};

/* Locks the order, of this shop only. */
static enum rc
lock_own(struct ctx *cx, const char *no, struct order_row *o)
{
	enum rc rc = order_lock(cx, no, o);

	return rc == RC_OK && o->merchant != cx->merchant ? RC_NOTFOUND : rc;
}

static enum rc
audit(struct ctx *cx, const char *action, const struct act *a)
{
	return audit_add(
	    cx, action, arena_fmt(cx->arena, "order:%s", a->no), a->text);
}

static enum rc
deliver_body(struct ctx *cx, void *arg)
{
	struct act *a = arg;
	struct order_story story;
	struct order_row o;
	bool complete;
	enum rc rc;

	rc = lock_own(cx, a->no, &o);
	if (rc != RC_OK)
		return rc;
	if (!str_eq(o.state, order_state_name(ORDER_SHORT)))
		return RC_CONFLICT;
	story_begin(&story, &o);
	rc = deliver_owed(cx, &story, "released", false, &complete);
	a->queued = rc == RC_NOTFOUND && o.kept;
	if (a->queued) {
		o.kept = false;
		story_add(cx, &story, ORDER_SHORT, "released", "");
	} else if (rc != RC_OK) {
		return rc == RC_NOTFOUND ? RC_INVALID : rc;
	}
	rc = story_write(cx, &story);
	return rc == RC_OK ? audit(cx, "order.deliver_now", a) : rc;
}

enum rc
desk_deliver_now(struct ctx *cx, const char *no, bool *queued)
{
	struct act a = {.no = no, .text = ""};
	enum rc rc;

	if (!order_number_ok(no))
		return RC_NOTFOUND;
	if ((rc = deliver_prepare(cx)) != RC_OK ||
	    (rc = tx_run(cx, deliver_body, &a)) != RC_OK)
		return rc;
	*queued = a.queued;
	return RC_OK;
}

static enum rc
note_body(struct ctx *cx, void *arg)
{
	const struct act *a = arg;
	struct order_story story;
	enum order_state state;
	struct order_row o;
	enum rc rc;

	rc = lock_own(cx, a->no, &o);
	if (rc != RC_OK)
		return rc;
	if (order_state_parse(o.state, &state) != RC_OK)
		return RC_FAIL;
	story_begin(&story, &o);
	story_add(cx, &story, state, "note", a->text);
	rc = story_write(cx, &story);
	return rc == RC_OK ? audit(cx, "order.note", a) : rc;
}

enum rc
desk_note(struct ctx *cx, const char *no, const char *text)
{
	struct act a = {.no = no, .text = text};

	if (!order_number_ok(no))
		return RC_NOTFOUND;
	if (str_empty(text) || !utf8_line(span_str(text), LIM_REASON))
		return RC_INVALID;
	return tx_run(cx, note_body, &a);
}
