/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The desk and the orders: today's figures, the list with its filter, one
 * order with its story, and what a person may do with it.
 */
#include "base/limits.h"
#include "base/time.h"
#include "base/url.h"
#include "shop/channel.h"
#include "shop/desk.h"
#include "shop/staff.h"
#include "web/pager.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_admin.h"
#include "web/view_refund.h"

enum { PER_PAGE = 50 };

static bool
may(const struct response *rs, const char *permission)
{
	return staff_may(rs->rq->staff, permission);
}

enum rc
page_desk(struct ctx *cx, struct response *rs)
{
	const struct desk *d;
	enum rc rc = desk_today(cx, &d);

	if (rc != RC_OK)
		return rc;
	view_desk(rs, d);
	return respond_page(rs, "admin/desk.cs");
}

/* ------------------------------------------------------------ the list */

/* Index in the list of states; the last name is "any". */
static int
read_state(struct fields *in)
{
	const char *names[ORDER__N + 1];
	size_t i;

	for (i = 0; i < ORDER__N; i++)
		names[i] = order_state_name((enum order_state)i);
	names[ORDER__N] = "";
	if (!field_choice(in, "state", names, ORDER__N + 1, ORDER__N, &i))
		return -1;
	return i == ORDER__N ? -1 : (int)i;
}

static void
read_filter(
    struct ctx *cx, struct fields *in, struct desk_filter *f, struct page *page)
{
	int zone = (int)cx->set->zone_minutes;
	int64_t until = 0;
	uint64_t n;

	f->state = read_state(in);
	field_text(in, "q", LIM_EMAIL, &f->q);
	field_u64_or(in, "product", 0, UINT64_MAX, 0, &f->product);
	field_u64_or(in, "channel", 0, UINT64_MAX, 0, &f->channel);
	field_day(in, "from", zone, &f->from);
	if (field_day(in, "until", zone, &until) && until != 0)
		f->until = until + S_PER_DAY * US_PER_S;
	page->per_page = PER_PAGE;
	page->page = 1;
	if (field_u64_or(in, "page", 1, UINT32_MAX / PER_PAGE, 1, &n))
		page->page = (unsigned)n;
}

/* The address of this filter up to the page number. */
static const char *
list_base(struct response *rs)
{
	static const char *const names[] = {
	    "state", "q", "product", "channel", "from", "until"};
	struct buf b;
	struct span v;
	size_t i;

	buf_init(&b, rs->cx->arena, LIM_PATH, LIM_QUERY * 4);
	buf_str(&b, panel_path(rs, "/orders?"));
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		v = field_raw(rs->rq->query, names[i]);
		if (v.n == 0)
			continue;
		buf_fmt(&b, "%s=", names[i]);
		url_encode(&b, v);
		buf_chr(&b, '&');
	}
	buf_str(&b, "page=");
	return buf_text(&b);
}

enum rc
page_admin_orders(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->query;
	const struct channel *channels;
	struct desk_filter f = {0};
	struct orders_view v = {0};
	uint64_t counts[QUEUE__N];
	struct page page;
	enum rc rc;

	if (!may(rs, "orders"))
		return RC_DENIED;
	read_filter(cx, in, &f, &page);
	v.filter = &f;
	if (fields_ok(in)) {
		rc = desk_orders(cx, &f, &page, &v.rows, &v.n, &v.sum);
		if (rc != RC_OK)
			return rc;
	} else {
		rs->status = reply_status_of(RC_INVALID);
	}
	if ((rc = channel_list(cx, &channels, &v.n_channels)) != RC_OK ||
	    (rc = desk_queue_counts(cx, counts)) != RC_OK)
		return rc;
	v.channels = channels;
	view_queues(rs, counts, -1);
	fields_show(rs, in, "F");
	view_admin_orders(rs, &v);
	pager_show(
	    rs, list_base(rs), page.page, pager_last(v.sum.orders, PER_PAGE));
	return respond_page(rs, "admin/orders.cs");
}

/* ------------------------------------------------------------ one order */

static enum rc
show_order(struct ctx *cx, struct response *rs, struct fields *in)
{
	const struct refund_source *sources;
	const struct refund *refunds;
	struct desk_order d = {0};
	size_t n_sources, n_refunds;
	enum rc rc = desk_order(cx, path_param(rs->rq, "no"), &d);

	if (rc != RC_OK ||
	    (rc = refunds_of(cx, d.o->id, &refunds, &n_refunds)) != RC_OK ||
	    (rc = refund_sources(cx, d.o->id, &sources, &n_sources)) != RC_OK)
		return rc;
	if (in != NULL)
		fields_show(rs, in, "F");
	view_admin_order(rs, &d);
	view_refunds_of(rs, refunds, n_refunds);
	view_refund_sources(rs, sources, n_sources, 0);
	return respond_page(rs, "admin/order.cs");
}

enum rc
page_admin_order(struct ctx *cx, struct response *rs)
{
	static const char *const names[] = {"", "paid", "cancelled", "resent",
	    "handed", "late", "held", "delivered", "queued", "none", "noted",
	    "too_soon"};
	size_t i = 0;

	if (!may(rs, "orders"))
		return RC_DENIED;
	if (field_choice(rs->rq->query, "said", names,
		sizeof(names) / sizeof(names[0]), 0, &i))
		tnode_set(rs->data, "Said", names[i]);
	return show_order(cx, rs, NULL);
}

/* After an act: back to the order with a word about it; a refused field shows
 * the page again with what was typed. */
static enum rc
after(struct ctx *cx, struct response *rs, struct fields *in, enum rc rc,
    const char *field, const char *word)
{
	const char *no = path_param(rs->rq, "no");

	if (rc == RC_INVALID) {
		field_fail(in, field, "bad");
		rs->status = reply_status_of(RC_INVALID);
		return show_order(cx, rs, in);
	}
	if (rc == RC_CONFLICT)
		word = "late";
	else if (rc != RC_OK)
		return rc;
	return respond_seef(
	    rs, "%s/orders/%s?said=%s", cx->set->admin_prefix, no, word);
}

enum rc
do_order_paid(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	const char *no = path_param(rs->rq, "no"), *reference, *reason;
	enum rc rc;
	bool sure;

	if (!may(rs, "orders"))
		return RC_DENIED;
	if (field_token(in, "reference", "-_.:/", LIM_TXN, &reference) &&
	    reference[0] == '\0')
		field_fail(in, "reference", FIELD_REQUIRED);
	field_need(in, "reason", LIM_REASON, &reason);
	sure = field_checked(in, "sure");
	if (!sure)
		field_fail(in, "sure", FIELD_REQUIRED);
	if (!fields_ok(in)) {
		rs->status = reply_status_of(RC_INVALID);
		return show_order(cx, rs, in);
	}
	/* the form is right, so this is money that the order had already */
	rc = desk_mark_paid(cx, no, reference, reason);
	if (rc == RC_INVALID)
		return after(cx, rs, in, RC_OK, "", "held");
	return after(cx, rs, in, rc, "reference", "paid");
}

enum rc
do_order_close(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	const char *no = path_param(rs->rq, "no"), *reason;

	if (!may(rs, "orders"))
		return RC_DENIED;
	if (!field_need(in, "close_reason", LIM_REASON, &reason)) {
		rs->status = reply_status_of(RC_INVALID);
		return show_order(cx, rs, in);
	}
	return after(cx, rs, in, desk_cancel(cx, no, reason), "close_reason",
	    "cancelled");
}

enum rc
do_order_resend(struct ctx *cx, struct response *rs)
{
	enum rc rc;

	if (!may(rs, "orders"))
		return RC_DENIED;
	rc = desk_resend(cx, path_param(rs->rq, "no"));
	return after(cx, rs, rs->rq->form, rc == RC_CONFLICT ? RC_OK : rc,
	    "mail", rc == RC_CONFLICT ? "too_soon" : "resent");
}

enum rc
do_order_hand_over(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	struct span text;

	if (!may(rs, "orders"))
		return RC_DENIED;
	if (!field_lines(in, "goods", LIM_CARD, &text)) {
		rs->status = reply_status_of(RC_INVALID);
		return show_order(cx, rs, in);
	}
	return after(cx, rs, in,
	    desk_hand_over(cx, path_param(rs->rq, "no"),
		arena_dup(cx->arena, text.p, text.n)),
	    "goods", "handed");
}
