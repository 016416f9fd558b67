/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What gateways said, and the payments it made: the inbox with its Replay
 * button, and the list of payments.
 */
#include "base/limits.h"
#include "base/url.h"
#include "shop/channel.h"
#include "shop/inbox.h"
#include "shop/staff.h"
#include "web/pager.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_money.h"

static const char *const notice_state[] = {
    "", "received", "held", "failed", "applied", "repeated", "ignored"};
static const char *const payment_state[] = {
    "", "pending", "success", "failed", "expired", "initiated"};
static const char *const payment_role[] = {
    "", "order", "second", "under", "over", "late"};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
may(const struct response *rs)
{
	return staff_may(rs->rq->staff, "money");
}

static const char *
chosen(struct fields *in, const char *name, const char *const *names, size_t n)
{
	size_t i = 0;

	return field_choice(in, name, names, n, 0, &i) ? names[i] : "";
}

static unsigned
page_no(struct fields *in)
{
	uint64_t n = 1;

	field_u64_or(in, "page", 1, LIM_PAGE_NO, 1, &n);
	return n == 0 ? 1 : (unsigned)n;
}

static enum rc
put_channels(struct ctx *cx, struct response *rs, uint64_t channel)
{
	const struct channel *list;
	size_t n;
	enum rc rc = channel_list(cx, &list, &n);

	if (rc == RC_OK)
		view_channel_choices(rs, list, n, channel);
	return rc;
}

/* ------------------------------------------------------------ the inbox */

static enum rc
load_notices(struct ctx *cx, const struct notice_filter *f,
    struct notices_view *v, bool *more)
{
	enum rc rc;

	if ((rc = inbox_list(cx, f, &v->rows, &v->n, more)) != RC_OK ||
	    (rc = inbox_waits(cx, &v->waits)) != RC_OK)
		return rc;
	return inbox_refused(cx, &v->rejects, &v->n_rejects);
}

enum rc
page_notices(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->query;
	struct notice_filter f = {0};
	struct notices_view v = {0};
	bool more = false;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	f.state = chosen(in, "state", notice_state, COUNT(notice_state));
	field_u64_or(in, "channel", 0, UINT64_MAX, 0, &f.channel);
	field_token(in, "no", "", LIM_ORDER_NO, &f.no);
	f.page = page_no(in);
	rc = fields_ok(in) ? load_notices(cx, &f, &v, &more) : RC_OK;
	if (rc == RC_OK)
		rc = put_channels(cx, rs, f.channel);
	if (rc != RC_OK)
		return rc;
	if (!fields_ok(in))
		rs->status = reply_status_of(RC_INVALID);
	fields_show(rs, in, "F");
	view_choices(
	    rs, "States", notice_state + 1, COUNT(notice_state) - 1, f.state);
	view_notices(rs, &v);
	pager_show(rs,
	    panel_path(rs, "/notices?state=%s&channel=%llu&no=%s&page=",
		f.state, (unsigned long long)f.channel, f.no),
	    f.page, more ? f.page + 1 : f.page);
	return respond_page(rs, "admin/notices.cs");
}

static enum rc
show_notice(struct ctx *cx, struct response *rs, uint64_t id)
{
	struct notice_full f;
	enum rc rc = inbox_one(cx, id, &f);

	if (rc != RC_OK)
		return rc;
	view_notice(rs, &f);
	return respond_page(rs, "admin/notice.cs");
}

enum rc
page_notice(struct ctx *cx, struct response *rs)
{
	static const char *const said[] = {"", "applied", "repeated", "held",
	    "failed", "rejected", "later", "ignored", "no_channel", "closed",
	    "late"};
	uint64_t id;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "id", &id) != RC_OK)
		return RC_NOTFOUND;
	tnode_set(
	    rs->data, "Said", chosen(rs->rq->query, "said", said, COUNT(said)));
	return show_notice(cx, rs, id);
}

static enum rc
back_to(struct ctx *cx, struct response *rs, uint64_t id, const char *word)
{
	return respond_seef(rs, "%s/notices/%llu?said=%s",
	    cx->set->admin_prefix, (unsigned long long)id, word);
}

enum rc
do_notice_replay(struct ctx *cx, struct response *rs)
{
	const char *verdict, *reason;
	uint64_t id;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "id", &id) != RC_OK)
		return RC_NOTFOUND;
	rc = inbox_replay(cx, id, &verdict, &reason);
	return rc == RC_OK ? back_to(cx, rs, id, verdict) : rc;
}

enum rc
do_notice_ignore(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	const char *reason;
	uint64_t id;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "id", &id) != RC_OK)
		return RC_NOTFOUND;
	if (!field_need(in, "reason", LIM_REASON, &reason)) {
		rs->status = reply_status_of(RC_INVALID);
		fields_show(rs, in, "F");
		return show_notice(cx, rs, id);
	}
	rc = inbox_close(cx, id, reason);
	if (rc == RC_OK || rc == RC_CONFLICT)
		return back_to(cx, rs, id, rc == RC_OK ? "closed" : "late");
	return rc;
}

/* ------------------------------------------------------------ payments */

static void
read_payments(struct fields *in, struct payment_filter *f)
{
	static const char *const cases[] = {"", "open"};

	f->state = chosen(in, "state", payment_state, COUNT(payment_state));
	f->role = chosen(in, "role", payment_role, COUNT(payment_role));
	f->cases = chosen(in, "case", cases, COUNT(cases))[0] != '\0';
	field_u64_or(in, "channel", 0, UINT64_MAX, 0, &f->channel);
	field_token(in, "q", "-_.:/", LIM_TXN, &f->word);
	f->page = page_no(in);
}

enum rc
page_payments(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->query;
	const struct payment_brief *rows = NULL;
	struct payment_filter f = {0};
	bool more = false;
	size_t n = 0;
	enum rc rc = RC_OK;

	if (!may(rs))
		return RC_DENIED;
	read_payments(in, &f);
	if (fields_ok(in))
		rc = inbox_payments(cx, &f, &rows, &n, &more);
	else
		rs->status = reply_status_of(RC_INVALID);
	if (rc == RC_OK)
		rc = put_channels(cx, rs, f.channel);
	if (rc != RC_OK)
		return rc;
	fields_show(rs, in, "F");
	tnode_bool(rs->data, "Cases", f.cases);
	view_choices(
	    rs, "States", payment_state + 1, COUNT(payment_state) - 1, f.state);
	view_choices(
	    rs, "Roles", payment_role + 1, COUNT(payment_role) - 1, f.role);
	view_payments(rs, rows, n);
	pager_show(rs,
	    panel_path(rs,
		"/payments?state=%s&role=%s&case=%s&channel=%llu&page=",
		f.state, f.role, f.cases ? "open" : "",
		(unsigned long long)f.channel),
	    f.page, more ? f.page + 1 : f.page);
	return respond_page(rs, "admin/payments.cs");
}
