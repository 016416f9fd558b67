/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Refunds on the panel: the form of an order in two steps, the list, and one
 * with what may be done about it.  A permission of its own, since it is money
 * that leaves the shop.
 */
#include "base/limits.h"
#include "shop/desk.h"
#include "shop/refund.h"
#include "shop/staff.h"
#include "web/pager.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_admin.h"
#include "web/view_refund.h"

enum { PER_PAGE = 50 };

static bool
may(const struct response *rs)
{
	return staff_may(rs->rq->staff, "refunds");
}

/* ------------------------------------------------------------ a new one */

struct new_refund {
	struct desk_order d;
	const struct refund_source *sources;
	size_t n;
	struct refund_form f;
};

static enum rc
load(struct ctx *cx, struct response *rs, struct new_refund *w)
{
	enum rc rc = desk_order(cx, path_param(rs->rq, "no"), &w->d);

	if (rc == RC_OK)
		rc = refund_sources(cx, w->d.o->id, &w->sources, &w->n);
	return rc;
}

static const struct refund_source *
source_of(const struct new_refund *w, uint64_t payment)
{
	size_t i;

	for (i = 0; i < w->n; i++) {
		if (payment == 0 ? str_eq(w->sources[i].role, "order")
				 : w->sources[i].payment == payment)
			return &w->sources[i];
	}
	return NULL;
}

static enum rc
show_form(struct ctx *cx, struct response *rs, const struct new_refund *w,
    struct fields *in)
{
	const struct refund_source *s = w->f.source;

	if (s == NULL && w->n != 0)
		s = source_of(w, 0) != NULL ? source_of(w, 0) : &w->sources[0];
	if (s != NULL && !field_given(in, "amount"))
		field_preset(in, "amount",
		    money_text(
			cx->arena, s->left, currency_decimals(s->currency)));
	fields_show(rs, in, "F");
	view_admin_order(rs, &w->d);
	view_panel(rs, "refunds", response_text(rs, "refund.new"));
	view_refund_sources(rs, w->sources, w->n, s == NULL ? 0 : s->payment);
	tnode_bool(
	    rs->data, "ByHand", w->f.by_hand || (s != NULL && !s->gateway));
	return respond_page(rs, "admin/refund_new.cs");
}

enum rc
page_refund_new(struct ctx *cx, struct response *rs)
{
	struct new_refund w = {0};
	uint64_t payment;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if ((rc = load(cx, rs, &w)) != RC_OK)
		return rc;
	field_u64_or(rs->rq->query, "payment", 0, UINT64_MAX, 0, &payment);
	w.f.source = source_of(&w, payment);
	return show_form(cx, rs, &w, rs->rq->query);
}

/* false: something is wrong with the form. */
static bool
read_form(struct fields *in, struct new_refund *w)
{
	static const char *const how[] = {"gateway", "manual"};
	struct refund_form *f = &w->f;
	uint64_t payment;
	size_t i = 0;

	if (field_u64(in, "payment", 1, UINT64_MAX, &payment))
		f->source = source_of(w, payment);
	if (f->source == NULL) {
		field_fail(in, "payment", "not_choice");
		return false;
	}
	if (f->source->busy)
		field_fail(in, "payment", "refund_busy");
	field_money(in, "amount", currency_decimals(f->source->currency),
	    MONEY(1), f->source->left, &f->amount);
	field_need(in, "refund_reason", LIM_REASON, &f->reason);
	field_choice(in, "how", how, 2, SIZE_MAX, &i);
	f->by_hand = i == 1;
	f->reference = "";
	if (field_token(in, "reference", "-_.:/", LIM_TXN, &f->reference) &&
	    f->by_hand && f->reference[0] == '\0')
		field_fail(in, "reference", FIELD_REQUIRED);
	if (!f->by_hand && !f->source->gateway)
		field_fail(in, "how", "refund_by_hand");
	return fields_ok(in);
}

/* The gateway may answer at once; if not, the jobs ask again. */
static enum rc
ask_now(struct ctx *cx, struct response *rs, const char *no, const char *word)
{
	const struct refund *r;
	enum rc rc = refund_load(cx, no, &r);

	if (rc != RC_OK)
		return rc;
	if (r->state == REFUND_IS_OPEN) {
		rc = refund_ask(cx, no);
		if (rc != RC_OK && rc != RC_CONFLICT && rc != RC_BUSY)
			return rc;
	}
	return respond_seef(
	    rs, "%s/refunds/%s?said=%s", cx->set->admin_prefix, no, word);
}

static enum rc
open_it(struct ctx *cx, struct response *rs, struct new_refund *w,
    struct fields *in)
{
	const struct refund_new n = {
	    .order_no = w->d.o->no,
	    .payment = w->f.source->payment,
	    .amount = w->f.amount,
	    .reason = w->f.reason,
	    .by_hand = w->f.by_hand,
	    .reference = w->f.reference,
	};
	const char *no;
	enum rc rc = refund_open(cx, &n, &no);

	if (rc == RC_INVALID || rc == RC_CONFLICT) {
		/* somebody was faster: the page as it is now */
		if ((rc = load(cx, rs, w)) != RC_OK)
			return rc;
		w->f.source = source_of(w, n.payment);
		field_fail(in, "amount", "refund_late");
		rs->status = reply_status_of(RC_CONFLICT);
		return show_form(cx, rs, w, in);
	}
	return rc == RC_OK ? ask_now(cx, rs, no, "opened") : rc;
}

enum rc
do_refund_new(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	struct new_refund w = {0};
	const char *sure;
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	if ((rc = load(cx, rs, &w)) != RC_OK)
		return rc;
	field_text(in, "sure", LIM_NAME, &sure);
	if (!read_form(in, &w)) {
		rs->status = reply_status_of(RC_INVALID);
		return show_form(cx, rs, &w, in);
	}
	/* the second step repeats the amount that the first one showed */
	if (!str_eq(sure, money_text(cx->arena, w.f.amount,
			      currency_decimals(w.f.source->currency)))) {
		view_refund_sure(rs, w.d.o->no, &w.f);
		return respond_page(rs, "admin/refund_sure.cs");
	}
	return open_it(cx, rs, &w, in);
}

/* ------------------------------------------------------------ the list */

static int
read_state(struct fields *in)
{
	const char *names[REFUND_IS__N + 1];
	size_t i;

	for (i = 0; i < REFUND_IS__N; i++)
		names[i] = refund_is_name((enum refund_is)i);
	names[REFUND_IS__N] = "";
	if (!field_choice(
		in, "state", names, REFUND_IS__N + 1, REFUND_IS__N, &i))
		return -1;
	return i == REFUND_IS__N ? -1 : (int)i;
}

enum rc
page_refunds(struct ctx *cx, struct response *rs)
{
	struct page page = {.page = 1, .per_page = PER_PAGE};
	uint64_t counts[REFUND_IS__N], n;
	struct refunds_view v = {.counts = counts};
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	v.state = read_state(rs->rq->query);
	if (field_u64_or(
		rs->rq->query, "page", 1, UINT32_MAX / PER_PAGE, 1, &n))
		page.page = (unsigned)n;
	rc = refund_list(cx, v.state, &page, &v.list, &v.n, counts);
	if (rc != RC_OK)
		return rc;
	view_refunds(rs, &v);
	pager_show(rs,
	    panel_path(rs, "/refunds?state=%s&page=",
		v.state < 0 ? "" : refund_is_name((enum refund_is)v.state)),
	    page.page, pager_last(page.total, PER_PAGE));
	return respond_page(rs, "admin/refunds.cs");
}

/* ------------------------------------------------------------ one */

static enum rc
show_refund(struct ctx *cx, struct response *rs, struct fields *in)
{
	const struct refund *r;
	enum rc rc = refund_load(cx, path_param(rs->rq, "refund"), &r);

	if (rc != RC_OK)
		return rc;
	if (in != NULL)
		fields_show(rs, in, "F");
	view_refund(rs, r);
	return respond_page(rs, "admin/refund.cs");
}

enum rc
page_refund(struct ctx *cx, struct response *rs)
{
	static const char *const names[] = {
	    "", "opened", "asked", "agreed", "moved", "off", "late", "other"};
	size_t i = 0;

	if (!may(rs))
		return RC_DENIED;
	if (field_choice(rs->rq->query, "said", names,
		sizeof(names) / sizeof(names[0]), 0, &i))
		tnode_set(rs->data, "Said", names[i]);
	return show_refund(cx, rs, NULL);
}

static enum rc
after(struct ctx *cx, struct response *rs, enum rc rc, const char *word)
{
	if (rc == RC_CONFLICT || rc == RC_INVALID)
		word = "late";
	else if (rc == RC_DENIED)
		word = "other";
	else if (rc != RC_OK && rc != RC_BUSY)
		return rc;
	return respond_seef(rs, "%s/refunds/%s?said=%s", cx->set->admin_prefix,
	    path_param(rs->rq, "refund"), word);
}

enum rc
do_refund_ask(struct ctx *cx, struct response *rs)
{
	if (!may(rs))
		return RC_DENIED;
	return after(
	    cx, rs, refund_ask(cx, path_param(rs->rq, "refund")), "asked");
}

enum rc
do_refund_agree(struct ctx *cx, struct response *rs)
{
	const char *no = path_param(rs->rq, "refund");
	enum rc rc;

	if (!may(rs))
		return RC_DENIED;
	rc = refund_agree(cx, no);
	return rc == RC_OK ? ask_now(cx, rs, no, "agreed")
			   : after(cx, rs, rc, "agreed");
}

enum rc
do_refund_say(struct ctx *cx, struct response *rs)
{
	static const char *const names[] = {"moved", "off"};
	struct fields *in = rs->rq->form;
	const char *reference = "", *reason;
	size_t i = 0;

	if (!may(rs))
		return RC_DENIED;
	field_choice(in, "what", names, 2, SIZE_MAX, &i);
	field_need(in, "why", LIM_REASON, &reason);
	if (field_token(in, "reference", "-_.:/", LIM_TXN, &reference) &&
	    i == 0 && reference[0] == '\0')
		field_fail(in, "reference", FIELD_REQUIRED);
	if (!fields_ok(in)) {
		rs->status = reply_status_of(RC_INVALID);
		return show_refund(cx, rs, in);
	}
	return after(cx, rs,
	    refund_say(
		cx, path_param(rs->rq, "refund"), i == 0, reference, reason),
	    names[i]);
}
