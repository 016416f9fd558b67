/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stock on the panel: importing cards in chunks, batches, looking through
 * cards, keeping some back.
 *
 * An import is three steps that each may be repeated: open a batch, send
 * chunks, look at the report and commit or undo.  The form without a script
 * sends its text as the one chunk there is; the script sends a file of any
 * length as many.
 */
#include "base/limits.h"
#include "base/num.h"
#include "io/json.h"
#include "shop/goods_edit.h"
#include "shop/staff.h"
#include "shop/stock.h"
#include "web/pager.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_admin.h"
#include "web/web.h"

enum { BATCHES = 30, CARDS = 50, ANSWER = 512, SKUS_SHOWN = 200 };

static bool
may(const struct response *rs)
{
	return staff_may(rs->rq->staff, "stock");
}

/* ------------------------------------------------------------ import */

static enum rc
show_import(struct ctx *cx, struct response *rs, struct fields *in)
{
	const struct sku_row *skus;
	size_t n;
	uint64_t chosen = 0;
	enum rc rc = stock_skus(cx, &skus, &n);

	if (rc != RC_OK)
		return rc;
	if (field_given(in, "sku"))
		field_u64_or(in, "sku", 1, UINT64_MAX, 0, &chosen);
	fields_show(rs, in, "F");
	view_import(rs, skus, n, chosen);
	return respond_page(rs, "admin/import.cs");
}

enum rc
page_import(struct ctx *cx, struct response *rs)
{
	return may(rs) ? show_import(cx, rs, rs->rq->query) : RC_DENIED;
}

struct opening {
	uint64_t sku, batch;
	const char *name, *note;
	struct money cost;
};

static enum rc
open_batch(
    struct ctx *cx, struct response *rs, struct fields *in, struct opening *o)
{
	unsigned decimals = currency_decimals(rs->web->currency);
	enum rc rc;

	field_u64(in, "sku", 1, UINT64_MAX, &o->sku);
	field_text(in, "name", LIM_NAME, &o->name);
	field_text(in, "note", LIM_REASON, &o->note);
	field_money_or(in, "cost", decimals, MONEY(0), MONEY(INT64_MAX),
	    MONEY(0), &o->cost);
	if (!fields_ok(in))
		return RC_INVALID;
	rc = import_open(cx, o->sku, o->name, o->note, o->cost, &o->batch);
	if (rc == RC_NOTFOUND || rc == RC_INVALID) {
		field_fail(in, "sku", "bad");
		return RC_INVALID;
	}
	return rc;
}

/* The text of the box, or of a file where one was sent. */
static struct span
sent_text(struct response *rs, struct fields *in)
{
	const struct upload *up = request_upload(rs->rq, "file");

	return up != NULL && up->bytes.n != 0 ? up->bytes
					      : field_raw(in, "cards");
}

enum rc
do_import(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	struct opening o = {0};
	struct span text;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	text = sent_text(rs, in);
	if (text.n == 0)
		field_fail(in, "cards", FIELD_REQUIRED);
	rc = text.n == 0 ? RC_INVALID : open_batch(cx, rs, in, &o);
	if (rc == RC_INVALID) {
		rs->status = reply_status_of(RC_INVALID);
		return show_import(cx, rs, in);
	}
	if (rc == RC_OK)
		rc = import_chunk(cx, o.batch, 0, text);
	if (rc != RC_OK)
		return rc;
	return respond_seef(rs, "%s/batches/%llu", cx->set->admin_prefix,
	    (unsigned long long)o.batch);
}

/* ---- for the script: JSON, one chunk a request */

static enum rc
answer_json(struct ctx *cx, struct response *rs, uint64_t batch, unsigned next,
    const char *error)
{
	struct buf b;

	buf_init(&b, cx->arena, ANSWER, ANSWER * 2);
	buf_fmt(&b,
	    "{\"batch\":%llu,\"next\":%u,\"url\":", (unsigned long long)batch,
	    next);
	json_put_text(&b, span_str(panel_path(
			      rs, "/batches/%llu", (unsigned long long)batch)));
	json_put_name(&b, "error", false);
	json_put_text(&b, span_str(error));
	buf_str(&b, "}\n");
	return respond_json(rs, &b);
}

enum rc
do_import_open(struct ctx *cx, struct response *rs)
{
	struct opening o = {0};
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	rc = open_batch(cx, rs, rs->rq->form, &o);
	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	if (rc == RC_INVALID)
		rs->status = reply_status_of(RC_INVALID);
	return answer_json(
	    cx, rs, o.batch, 0, rc == RC_OK ? "" : "the form is not right");
}

enum rc
do_import_chunk(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	const struct upload *up = request_upload(rs->rq, "chunk");
	struct batch b;
	uint64_t batch, seq;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "id", &batch) != RC_OK ||
	    !field_u64(in, "seq", 0, UINT32_MAX, &seq) || up == NULL)
		return RC_INVALID;
	rc = import_chunk(cx, batch, (unsigned)seq, up->bytes);
	if (rc != RC_OK && rc != RC_CONFLICT)
		return rc;
	/* a gap: the answer says which chunk is wanted */
	if (import_report(cx, batch, &b) != RC_OK)
		return RC_NOTFOUND;
	return answer_json(
	    cx, rs, batch, b.next_chunk, rc == RC_OK ? "" : "gap");
}

/* ------------------------------------------------------------ batches */

enum rc
page_batches(struct ctx *cx, struct response *rs)
{
	struct page page = {.page = 1, .per_page = BATCHES};
	const struct batch *list;
	uint64_t sku, at;
	size_t n;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	field_u64_or(rs->rq->query, "sku", 0, UINT64_MAX, 0, &sku);
	if (field_u64_or(
		rs->rq->query, "page", 1, UINT32_MAX / BATCHES, 1, &at))
		page.page = (unsigned)at;
	rc = stock_batches(cx, sku, &page, &list, &n);
	if (rc != RC_OK)
		return rc;
	view_batches(rs, list, n);
	pager_show(rs,
	    panel_path(rs, "/batches?sku=%llu&page=", (unsigned long long)sku),
	    page.page, pager_last(page.total, BATCHES));
	return respond_page(rs, "admin/batches.cs");
}

enum rc
page_batch(struct ctx *cx, struct response *rs)
{
	static const char *const names[] = {
	    "", "committed", "undone", "sold", "again"};
	struct batch b;
	uint64_t id;
	size_t i = 0;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	rc = path_u64(rs->rq, "id", &id);
	if (rc == RC_OK)
		rc = import_report(cx, id, &b);
	if (rc != RC_OK)
		return rc;
	if (field_choice(rs->rq->query, "said", names,
		sizeof(names) / sizeof(names[0]), 0, &i))
		tnode_set(rs->data, "Said", names[i]);
	view_batch(rs, &b);
	return respond_page(rs, "admin/batch.cs");
}

static enum rc
end_batch(struct ctx *cx, struct response *rs,
    enum rc (*act)(struct ctx *, uint64_t), const char *word,
    const char *conflict)
{
	uint64_t id;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	rc = path_u64(rs->rq, "id", &id);
	if (rc == RC_OK)
		rc = act(cx, id);
	if (rc == RC_CONFLICT)
		word = conflict;
	else if (rc == RC_BUSY)
		word = "again";
	else if (rc != RC_OK)
		return rc;
	return respond_seef(rs, "%s/batches/%llu?said=%s",
	    cx->set->admin_prefix, (unsigned long long)id, word);
}

enum rc
do_batch_commit(struct ctx *cx, struct response *rs)
{
	return end_batch(cx, rs, import_commit, "committed", "again");
}

enum rc
do_batch_undo(struct ctx *cx, struct response *rs)
{
	return end_batch(cx, rs, import_undo, "undone", "sold");
}

/* ------------------------------------------------------------ cards */

static void
read_filter(struct fields *in, struct card_filter *f, struct page *page)
{
	const char *names[CARD__N + 1];
	uint64_t n;
	size_t i;

	for (i = 0; i < CARD__N; i++)
		names[i] = card_state_name((enum card_state)i);
	names[CARD__N] = "";
	f->state = -1;
	if (field_choice(in, "state", names, CARD__N + 1, CARD__N, &i) &&
	    i < CARD__N)
		f->state = (int)i;
	field_u64_or(in, "product", 0, UINT64_MAX, 0, &f->product);
	field_u64_or(in, "sku", 0, UINT64_MAX, 0, &f->sku);
	field_u64_or(in, "batch", 0, UINT64_MAX, 0, &f->batch);
	field_text(in, "order_no", LIM_ORDER_NO, &f->order_no);
	page->page = 1;
	page->per_page = CARDS;
	if (field_u64_or(in, "page", 1, STOCK_PAGED_MAX / CARDS, 1, &n))
		page->page = (unsigned)n;
}

static enum rc
show_cards(struct ctx *cx, struct response *rs, struct fields *in,
    struct card_filter *f, struct page *page)
{
	const struct sku_row *skus;
	const struct card_row *cards = NULL;
	size_t n = 0, n_skus;
	enum rc rc = stock_skus(cx, &skus, &n_skus);

	if (rc == RC_OK && fields_ok(in))
		rc = stock_cards(cx, f, page, &cards, &n);
	else if (rc == RC_OK)
		rs->status = reply_status_of(RC_INVALID);
	if (rc != RC_OK)
		return rc;
	fields_show(rs, in, "F");
	view_cards(rs, f, cards, n, skus, n_skus);
	pager_show(rs,
	    panel_path(rs,
		"/cards?sku=%llu&batch=%llu&product=%llu&state=%s&page=",
		(unsigned long long)f->sku, (unsigned long long)f->batch,
		(unsigned long long)f->product,
		f->state < 0 ? "" : card_state_name((enum card_state)f->state)),
	    page->page, pager_last(page->total, CARDS));
	return respond_page(rs, "admin/cards.cs");
}

enum rc
page_cards(struct ctx *cx, struct response *rs)
{
	struct card_filter f = {0};
	struct page page = {0};

	if (!may(rs))
		return RC_DENIED;
	read_filter(rs->rq->query, &f, &page);
	return show_cards(cx, rs, rs->rq->query, &f, &page);
}

/* A card is looked for by its text with POST: card text never stands in an
 * address, where logs and histories would keep it. */
enum rc
do_cards_find(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	struct card_filter f = {0};
	struct page page = {0};
	struct span text;

	if (!may(rs))
		return RC_DENIED;
	read_filter(in, &f, &page);
	if (field_secret(in, "exact", 1, LIM_CARD, &text))
		f.exact = arena_dup(cx->arena, text.p, text.n);
	return show_cards(cx, rs, in, &f, &page);
}

static enum rc
back_to_card(struct ctx *cx, struct response *rs, uint64_t card, enum rc rc)
{
	if (rc != RC_OK)
		return rc;
	return respond_seef(rs, "%s/cards/%llu", cx->set->admin_prefix,
	    (unsigned long long)card);
}

enum rc
do_card_unlock(struct ctx *cx, struct response *rs)
{
	uint64_t card;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "id", &card) != RC_OK)
		return RC_NOTFOUND;
	return back_to_card(cx, rs, card, stock_unlock(cx, card));
}

static enum rc
show_card(struct ctx *cx, struct response *rs, uint64_t id, struct span text)
{
	struct card_row card;
	enum rc rc = stock_card(cx, id, &card);

	if (rc != RC_OK)
		return rc;
	view_card(rs, &card);
	tnode_span(rs->data, "Card.Text", text);
	return respond_page(rs, "admin/card.cs");
}

enum rc
do_card_lock(struct ctx *cx, struct response *rs)
{
	const char *reason;
	uint64_t card;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "id", &card) != RC_OK)
		return RC_NOTFOUND;
	if (!field_need(rs->rq->form, "reason", LIM_REASON, &reason)) {
		rs->status = reply_status_of(RC_INVALID);
		fields_show(rs, rs->rq->form, "F");
		return show_card(cx, rs, card, (struct span){NULL, 0});
	}
	return back_to_card(cx, rs, card, stock_lock(cx, card, reason));
}

enum rc
page_card(struct ctx *cx, struct response *rs)
{
	uint64_t id;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "id", &id) != RC_OK)
		return RC_NOTFOUND;
	return show_card(cx, rs, id, (struct span){NULL, 0});
}

enum rc
do_card_reveal(struct ctx *cx, struct response *rs)
{
	struct span text;
	uint64_t id;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "id", &id) != RC_OK)
		return RC_NOTFOUND;
	rc = stock_reveal(cx, id, &text);
	return rc == RC_OK ? show_card(cx, rs, id, text) : rc;
}
