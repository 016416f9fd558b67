/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements of gateways on the panel: taken in as the card import is (a text
 * or a small file at once, a long one in chunks by the script), compared, and
 * the differences settled one by one.
 */
#include "base/limits.h"
#include "base/time.h"
#include "io/json.h"
#include "shop/channel.h"
#include "shop/staff.h"
#include "shop/statement.h"
#include "web/pager.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_money.h"

enum { ANSWER = 512, FORMATS_MAX = 8, HEADING_MAX = 60 };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
may(const struct response *rs)
{
	return staff_may(rs->rq->staff, "money");
}

static unsigned
page_no(struct fields *in)
{
	uint64_t n = 1;

	field_u64_or(in, "page", 1, LIM_PAGE_NO, 1, &n);
	return n == 0 ? 1 : (unsigned)n;
}

/* ------------------------------------------------------------ taking one in */

static size_t
format_names(const char *names[FORMATS_MAX])
{
	size_t n = 0;

	while (n < FORMATS_MAX && statement_format_at(n) != NULL) {
		names[n] = statement_format_at(n);
		n++;
	}
	return n;
}

static enum rc
show_list(struct ctx *cx, struct response *rs, struct fields *in, unsigned page)
{
	const char *names[FORMATS_MAX];
	const struct statement_info *list;
	const struct channel *channels;
	size_t n, n_channels, n_names = format_names(names);
	uint64_t channel = 0;
	bool more;
	enum rc rc;

	if ((rc = statement_list(cx, page, &list, &n, &more)) != RC_OK ||
	    (rc = channel_list(cx, &channels, &n_channels)) != RC_OK)
		return rc;
	if (field_given(in, "channel"))
		field_u64_or(in, "channel", 1, UINT64_MAX, 0, &channel);
	fields_show(rs, in, "F");
	view_choices(rs, "Formats", names, n_names,
	    arena_dup(cx->arena, field_raw(in, "format").p,
		field_raw(in, "format").n));
	view_channel_choices(rs, channels, n_channels, channel);
	view_statements(rs, list, n);
	pager_show(rs, panel_path(rs, "/reconcile?page="), page,
	    more ? page + 1 : page);
	return respond_page(rs, "admin/reconcile.cs");
}

enum rc
page_reconcile(struct ctx *cx, struct response *rs)
{
	return may(rs)
		   ? show_list(cx, rs, rs->rq->query, page_no(rs->rq->query))
		   : RC_DENIED;
}

/* Headings of the generic format; blank ones are the usual. */
static void
read_headings(struct fields *in, struct statement_opening *o)
{
	static const struct {
		enum statement_column col;
		const char *field;
	} map[] = {
	    {COL_ORDER, "col_order"},
	    {COL_TXN, "col_txn"},
	    {COL_AMOUNT, "col_amount"},
	    {COL_CURRENCY, "col_currency"},
	    {COL_FEE, "col_fee"},
	    {COL_TIME, "col_time"},
	    {COL_TYPE, "col_type"},
	};
	size_t i;

	for (i = 0; i < COUNT(map); i++)
		field_text(
		    in, map[i].field, HEADING_MAX, &o->heading[map[i].col]);
}

static enum rc
open_one(struct ctx *cx, struct fields *in, uint64_t *id)
{
	const int64_t day = S_PER_DAY * US_PER_S;
	int zone = (int)cx->set->zone_minutes;
	struct statement_opening o = {0};
	const char *names[FORMATS_MAX];
	size_t n = format_names(names), i;
	enum rc rc;

	if (field_choice(in, "format", names, n, SIZE_MAX, &i))
		o.format = names[i];
	field_u64(in, "channel", 1, UINT64_MAX, &o.channel);
	field_text(in, "name", LIM_NAME, &o.name);
	if (field_day(in, "from", zone, &o.from) && o.from == 0)
		field_fail(in, "from", FIELD_REQUIRED);
	if (field_day(in, "until", zone, &o.until))
		o.until = (o.until == 0 ? o.from : o.until) + day;
	if (o.until <= o.from)
		field_fail(in, "until", FIELD_TOO_SMALL);
	read_headings(in, &o);
	if (!fields_ok(in))
		return RC_INVALID;
	rc = statement_open(cx, &o, id);
	if (rc == RC_NOTFOUND || rc == RC_INVALID) {
		field_fail(in, "channel", "bad");
		return RC_INVALID;
	}
	return rc;
}

static enum rc
to_report(struct ctx *cx, struct response *rs, uint64_t id, const char *word)
{
	return respond_seef(rs, "%s/reconcile/%llu?said=%s",
	    cx->set->admin_prefix, (unsigned long long)id, word);
}

static enum rc
compare_and_go(struct ctx *cx, struct response *rs, uint64_t id)
{
	enum rc rc = statement_compare(cx, id);

	if (rc == RC_OK || rc == RC_INVALID || rc == RC_CONFLICT)
		return to_report(cx, rs, id,
		    rc == RC_OK        ? "compared"
		    : rc == RC_INVALID ? "refused"
				       : "late");
	return rc;
}

/* Without the script: one text, compared at once. */
enum rc
do_reconcile(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	const struct upload *up = request_upload(rs->rq, "file");
	struct span text =
	    up != NULL && up->bytes.n != 0 ? up->bytes : field_raw(in, "text");
	uint64_t id;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (text.n == 0)
		field_fail(in, "text", FIELD_REQUIRED);
	rc = open_one(cx, in, &id);
	if (rc == RC_INVALID) {
		rs->status = reply_status_of(RC_INVALID);
		return show_list(cx, rs, in, 1);
	}
	if (rc == RC_OK)
		rc = statement_chunk(cx, id, 0, text);
	return rc == RC_OK ? compare_and_go(cx, rs, id) : rc;
}

/* ---- for the script: JSON, one chunk a request */

static enum rc
answer_json(struct ctx *cx, struct response *rs, uint64_t id, unsigned next,
    const char *error)
{
	struct buf b;

	buf_init(&b, cx->arena, ANSWER, ANSWER * 2);
	buf_fmt(&b,
	    "{\"batch\":%llu,\"next\":%u,\"url\":", (unsigned long long)id,
	    next);
	json_put_text(&b, span_str(panel_path(
			      rs, "/reconcile/%llu", (unsigned long long)id)));
	json_put_name(&b, "error", false);
	json_put_text(&b, span_str(error));
	buf_str(&b, "}\n");
	return respond_json(rs, &b);
}

enum rc
do_reconcile_open(struct ctx *cx, struct response *rs)
{
	uint64_t id = 0;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	rc = open_one(cx, rs->rq->form, &id);
	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	if (rc == RC_INVALID)
		rs->status = reply_status_of(RC_INVALID);
	return answer_json(
	    cx, rs, id, 0, rc == RC_OK ? "" : "the form is not right");
}

enum rc
do_reconcile_chunk(struct ctx *cx, struct response *rs)
{
	const struct upload *up = request_upload(rs->rq, "chunk");
	struct statement_info s;
	uint64_t id, seq;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "id", &id) != RC_OK)
		return RC_NOTFOUND;
	if (!field_u64(rs->rq->form, "seq", 0, UINT32_MAX - 1, &seq) ||
	    up == NULL)
		return RC_INVALID;
	rc = statement_chunk(cx, id, (unsigned)seq, up->bytes);
	if (rc != RC_OK && rc != RC_CONFLICT)
		return rc;
	/* a gap: the answer says which chunk is wanted */
	if (statement_get(cx, id, &s) != RC_OK)
		return RC_NOTFOUND;
	return answer_json(cx, rs, id, s.next_chunk, rc == RC_OK ? "" : "gap");
}

enum rc
do_reconcile_compare(struct ctx *cx, struct response *rs)
{
	uint64_t id;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "id", &id) != RC_OK)
		return RC_NOTFOUND;
	return compare_and_go(cx, rs, id);
}

/* ------------------------------------------------------------ differences */

static enum rc
show_report(struct ctx *cx, struct response *rs, uint64_t id)
{
	static const char *const views[] = {"open", "resolved", "bad"};
	struct fields *in = rs->rq->query;
	struct statement_view v = {0};
	unsigned page = page_no(in);
	size_t which = 0;
	bool bad;
	enum rc rc;

	rc = statement_get(cx, id, &v.info);
	if (rc != RC_OK)
		return rc;
	if (!field_choice(in, "show", views, COUNT(views), 0, &which))
		which = 0;
	bad = v.info.bad != 0 || which == 2;
	rc = statement_differences(cx, id, bad ? "closed" : views[which],
	    bad ? "bad" : "", page, &v.row, &v.n, &v.more);
	if (rc == RC_OK)
		rc = statement_tally(cx, id, &v.tally);
	if (rc != RC_OK)
		return rc;
	view_choices(rs, "Shows", views, 2, views[which]);
	view_statement(rs, &v);
	pager_show(rs,
	    panel_path(rs, "/reconcile/%llu?show=%s&page=",
		(unsigned long long)id, views[which]),
	    page, v.more ? page + 1 : page);
	return respond_page(rs, "admin/statement.cs");
}

enum rc
page_statement(struct ctx *cx, struct response *rs)
{
	static const char *const said[] = {"", "compared", "refused", "late",
	    "resolved", "applied", "repeated", "held", "rejected", "failed"};
	uint64_t id;
	size_t i = 0;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "id", &id) != RC_OK)
		return RC_NOTFOUND;
	if (field_choice(rs->rq->query, "said", said, COUNT(said), 0, &i))
		tnode_set(rs->data, "Said", said[i]);
	return show_report(cx, rs, id);
}

enum rc
do_line_resolve(struct ctx *cx, struct response *rs)
{
	uint64_t line, statement = 0;
	const char *reason;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "line", &line) != RC_OK)
		return RC_NOTFOUND;
	if (!field_need(rs->rq->form, "reason", LIM_REASON, &reason))
		return RC_INVALID;
	rc = statement_resolve(cx, line, reason, &statement);
	if (rc == RC_OK || (rc == RC_CONFLICT && statement != 0))
		return to_report(
		    cx, rs, statement, rc == RC_OK ? "resolved" : "late");
	return rc;
}

enum rc
do_line_apply(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	const char *reason, *said = "late";
	uint64_t line, statement = 0;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (path_u64(rs->rq, "line", &line) != RC_OK)
		return RC_NOTFOUND;
	field_need(in, "reason", LIM_REASON, &reason);
	if (!field_checked(in, "sure"))
		field_fail(in, "sure", FIELD_REQUIRED);
	if (!fields_ok(in))
		return RC_INVALID;
	rc = statement_apply(cx, line, reason, &statement, &said);
	if (rc == RC_OK || (rc == RC_CONFLICT && statement != 0))
		return to_report(
		    cx, rs, statement, rc == RC_OK ? said : "late");
	return rc;
}
