/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The work queues of the panel: orders that wait for stock, for a decision
 * about late money, for a person's hand.  An act of one key leads back to the
 * queue it was pressed in.
 */
#include "base/limits.h"
#include "shop/desk_queue.h"
#include "shop/staff.h"
#include "web/pager.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_admin.h"

enum { PER_PAGE = 50 };

static bool
may(const struct response *rs)
{
	return staff_may(rs->rq->staff, "orders");
}

static enum rc
show(struct ctx *cx, struct response *rs, enum desk_queue q)
{
	static const char *const said[] = {
	    "", "delivered", "queued", "none", "noted", "late"};
	struct page page = {.page = 1, .per_page = PER_PAGE};
	const struct desk_waiting *rows;
	uint64_t counts[QUEUE__N], at;
	size_t n, i;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (field_u64_or(
		rs->rq->query, "page", 1, UINT32_MAX / PER_PAGE, 1, &at))
		page.page = (unsigned)at;
	if (field_choice(rs->rq->query, "said", said,
		sizeof(said) / sizeof(said[0]), 0, &i))
		tnode_set(rs->data, "Said", said[i]);
	if ((rc = desk_queue(cx, q, &page, &rows, &n)) != RC_OK ||
	    (rc = desk_queue_counts(cx, counts)) != RC_OK)
		return rc;
	view_queue(rs, q, rows, n);
	view_queues(rs, counts, (int)q);
	pager_show(rs, panel_path(rs, "/orders/%s?page=", desk_queue_name(q)),
	    page.page, pager_last(page.total, PER_PAGE));
	return respond_page(rs, "admin/queue.cs");
}

enum rc
page_queue_short(struct ctx *cx, struct response *rs)
{
	return show(cx, rs, QUEUE_SHORT);
}

enum rc
page_queue_late(struct ctx *cx, struct response *rs)
{
	return show(cx, rs, QUEUE_LATE);
}

enum rc
page_queue_manual(struct ctx *cx, struct response *rs)
{
	return show(cx, rs, QUEUE_MANUAL);
}

/* Back to where the key was pressed: a queue, or the order's own page. */
static enum rc
back(struct ctx *cx, struct response *rs, const char *word)
{
	const char *names[QUEUE__N + 1], *no = path_param(rs->rq, "no");
	size_t i;

	for (i = 0; i < QUEUE__N; i++)
		names[i] = desk_queue_name((enum desk_queue)i);
	names[QUEUE__N] = "";
	if (!field_choice(
		rs->rq->form, "queue", names, QUEUE__N + 1, QUEUE__N, &i))
		i = QUEUE__N;
	return respond_seef(rs, "%s/orders/%s?said=%s", cx->set->admin_prefix,
	    i == QUEUE__N ? no : names[i], word);
}

enum rc
do_order_deliver_now(struct ctx *cx, struct response *rs)
{
	bool queued = false;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	rc = desk_deliver_now(cx, path_param(rs->rq, "no"), &queued);
	if (rc == RC_INVALID)
		return back(cx, rs, "none");
	if (rc == RC_CONFLICT)
		return back(cx, rs, "late");
	if (rc != RC_OK)
		return rc;
	return back(cx, rs, queued ? "queued" : "delivered");
}

enum rc
do_order_note(struct ctx *cx, struct response *rs)
{
	const char *text;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (!field_need(rs->rq->form, "note", LIM_REASON, &text))
		return RC_INVALID;
	rc = desk_note(cx, path_param(rs->rq, "no"), text);
	return rc == RC_OK ? back(cx, rs, "noted") : rc;
}
