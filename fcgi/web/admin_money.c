/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The books on the panel: the ledger with its export, and what was earned.
 */
#include "base/limits.h"
#include "base/time.h"
#include "base/url.h"
#include "shop/ledger.h"
#include "shop/staff.h"
#include "web/pager.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_money.h"
#include "web/web.h"

enum { DAYS_SHOWN = 30, ACCOUNTS = 16 };

static bool
may(const struct response *rs)
{
	return staff_may(rs->rq->staff, "money");
}

/* Days of the shop; without them the last DAYS_SHOWN, today included. */
static void
read_period(struct ctx *cx, struct fields *in, int64_t *from, int64_t *until)
{
	const int64_t day = S_PER_DAY * US_PER_S;
	int zone = (int)cx->set->zone_minutes;
	int64_t today = time_day_start(cx->now, zone), given = 0;

	*until = today + day;
	if (field_day(in, "until", zone, &given) && given != 0)
		*until = given + day;
	*from = *until - DAYS_SHOWN * day;
	if (field_day(in, "from", zone, &given) && given != 0)
		*from = given;
	if (*from >= *until)
		field_fail(in, "until", FIELD_TOO_SMALL);
}

static size_t
count_accounts(void)
{
	size_t n = 0;

	while (ledger_accounts_const[n] != NULL)
		n++;
	return n;
}

static void
read_ledger(struct ctx *cx, struct fields *in, struct ledger_filter *f)
{
	const char *names[ACCOUNTS] = {""};
	size_t n = count_accounts(), i;
	uint64_t page = 1;

	for (i = 0; i < n; i++)
		names[i + 1] = ledger_accounts_const[i];
	f->account = "";
	if (field_choice(in, "account", names, n + 1, 0, &i))
		f->account = names[i];
	read_period(cx, in, &f->from, &f->until);
	field_token(in, "no", "", LIM_ORDER_NO, &f->no);
	field_u64_or(in, "page", 1, LIM_PAGE_NO, 1, &page);
	f->page = page == 0 ? 1 : (unsigned)page;
}

/* "?account=...&from=...&until=...&no=": the filter, for links. */
static const char *
ledger_link(struct response *rs, const char *path)
{
	const struct fields *in = rs->rq->query;
	struct arena *a = rs->cx->arena;
	const char *part[4];
	static const char *const name[] = {"account", "from", "until", "no"};
	struct span v;
	size_t i;

	for (i = 0; i < 4; i++) {
		v = field_raw(in, name[i]);
		part[i] = url_encoded(a, arena_dup(a, v.p, v.n));
	}
	return panel_path(rs, "%s?account=%s&from=%s&until=%s&no=%s", path,
	    part[0], part[1], part[2], part[3]);
}

enum rc
page_ledger(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->query;
	struct ledger_filter f = {0};
	struct ledger_view v = {.balanced = true};
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	read_ledger(cx, in, &f);
	if (fields_ok(in)) {
		rc = ledger_look(cx, &f, rs->web->currency, &v);
		if (rc != RC_OK)
			return rc;
	} else {
		rs->status = reply_status_of(RC_INVALID);
	}
	fields_show(rs, in, "F");
	view_choices(
	    rs, "Accounts", ledger_accounts_const, count_accounts(), f.account);
	view_ledger(rs, &v);
	tnode_set(rs->data, "ExportUrl", ledger_link(rs, "/ledger.csv"));
	pager_show(rs,
	    arena_fmt(cx->arena, "%s&page=", ledger_link(rs, "/ledger")),
	    f.page, v.more ? f.page + 1 : f.page);
	return respond_page(rs, "admin/ledger.cs");
}

enum rc
page_ledger_csv(struct ctx *cx, struct response *rs)
{
	struct ledger_export *x = ARENA_NEW(cx->arena, struct ledger_export);
	struct fields *in = rs->rq->query;

	if (!may(rs))
		return RC_DENIED;
	read_ledger(cx, in, &x->f);
	if (!fields_ok(in))
		return RC_INVALID;
	return respond_stream(rs, "text/csv; charset=utf-8",
	    arena_fmt(cx->arena, "ledger-%.10s.csv",
		time_text(cx->arena, cx->now, (int)cx->set->zone_minutes)),
	    ledger_export_next, x);
}

/* ------------------------------------------------------------ finance */

enum rc
page_finance(struct ctx *cx, struct response *rs)
{
	static const char *const kinds[] = {"day", "channel", "product"};
	struct fields *in = rs->rq->query;
	const struct finance_line *lines = NULL;
	struct finance_line total = {0};
	int64_t from, until;
	size_t n = 0, kind = 0;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if (!field_choice(in, "by", kinds, 3, 0, &kind))
		kind = 0;
	read_period(cx, in, &from, &until);
	if (fields_ok(in)) {
		rc = finance_look(cx, (enum finance_kind)kind,
		    rs->web->currency, from, until, &lines, &n, &total);
		if (rc != RC_OK)
			return rc;
	} else {
		rs->status = reply_status_of(RC_INVALID);
	}
	fields_show(rs, in, "F");
	view_choices(rs, "Kinds", kinds, 3, kinds[kind]);
	view_finance(rs, lines, n, &total);
	return respond_page(rs, "admin/finance.cs");
}
