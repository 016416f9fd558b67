/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An order after it was placed: the page with the cards, its small actions,
 * and finding it again.  A stranger gets the same answer whether the order
 * exists or not.
 */
#include "base/limits.h"
#include "base/time.h"
#include "io/json.h"
#include "shop/known.h"
#include "shop/order.h"
#include "shop/refund.h"
#include "web/grant.h"
#include "web/pager.h"
#include "web/proof.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_shop.h"
#include "web/web.h"

enum { STATUS_HINT = 128, STATUS_MAX = 512 };

/* No proof: the form that asks for one, for numbers that cannot be as well. */
static enum rc
ask_proof(struct response *rs)
{
	const char *no = path_param(rs->rq, "no");

	if (!order_number_ok(no))
		return RC_NOTFOUND;
	view_access(rs, no);
	rs->status = HTTP_FORBIDDEN;
	return respond_page(rs, "page/order_access.cs");
}

static enum rc
load_cards(struct ctx *cx, struct response *rs, struct order_view *v)
{
	const struct order *o = v->order;
	uint64_t page;

	v->page = 1;
	if (o->delivered == 0)
		return RC_OK;
	if (!field_u64_or(rs->rq->query, "page", 1,
		pager_last(o->delivered, LIM_CARDS_PAGE), 1, &page))
		return RC_NOTFOUND;
	v->page = (unsigned)page;
	return order_cards(cx, o, (size_t)(page - 1) * LIM_CARDS_PAGE,
	    LIM_CARDS_PAGE, &v->cards, &v->n_cards);
}

/* ?said= after an action; anything else says nothing. */
static const char *
said(const struct request *rq)
{
	static const char *const names[] = {
	    "none", "resent", "too_soon", "too_late", "refund", "no_refund"};
	size_t i;

	if (!field_choice(rq->query, "said", names,
		sizeof(names) / sizeof(names[0]), 0, &i) ||
	    i == 0)
		return NULL;
	return names[i];
}

enum rc
page_order(struct ctx *cx, struct response *rs)
{
	struct order_view v = {0};
	enum rc rc = proof_open(cx, rs, &v.order);

	if (rc == RC_NOTFOUND)
		return ask_proof(rs);
	if (rc != RC_OK || (rc = load_cards(cx, rs, &v)) != RC_OK ||
	    (rc = order_timeline(cx, v.order, &v.events, &v.n_events)) != RC_OK)
		return rc;
	v.said = said(rs->rq);
	view_order(rs, &v);
	return respond_page(rs, "page/order.cs");
}

enum rc
page_order_status(struct ctx *cx, struct response *rs)
{
	const char *no = path_param(rs->rq, "no");
	struct order_proof proof = proof_of(rs, no);
	enum order_state state;
	unsigned delivered;
	int64_t expires, left;
	struct buf b;
	enum rc rc;

	if (!order_number_ok(no) ||
	    !known_maybe(cx, rs->web->known, KNOWN_ORDER, no))
		return RC_NOTFOUND;
	rc = order_status(cx, no, &proof, &state, &delivered, &expires);
	if (rc != RC_OK)
		return rc;
	left = (expires - cx->now) / US_PER_S;
	if (state != ORDER_PENDING || left < 0)
		left = 0;
	buf_init(&b, cx->arena, STATUS_HINT, STATUS_MAX);
	buf_str(&b, "{");
	json_put_name(&b, "state", true);
	json_put_text(&b, span_str(order_state_name(state)));
	json_put_name(&b, "delivered", false);
	buf_fmt(&b, "%u", delivered);
	json_put_name(&b, "expires_in", false);
	buf_fmt(&b, "%lld}\n", (long long)left);
	return respond_json(rs, &b);
}

/* All cards as text, one a line: read in parts, so that a long order takes no
 * more memory than its text. */
enum rc
page_order_text(struct ctx *cx, struct response *rs)
{
	const struct order_card *cards;
	const struct order *o;
	size_t at, n, i;
	struct buf b;
	enum rc rc = proof_open(cx, rs, &o);

	if (rc != RC_OK)
		return rc;
	if (o->delivered == 0 || !order_shows_goods(o))
		return RC_NOTFOUND;
	buf_init(&b, cx->arena, LIM_CARD, LIM_RESPONSE);
	for (at = 0; at < o->delivered; at += n) {
		rc = order_cards(cx, o, at, LIM_CARDS_PAGE, &cards, &n);
		if (rc != RC_OK)
			return rc;
		if (n == 0)
			break;
		for (i = 0; i < n; i++) {
			buf_add(&b, cards[i].text.p, cards[i].text.n);
			buf_str(&b, "\r\n"); /* for every editor */
		}
	}
	if (b.bad)
		return RC_FAIL;
	return respond_download(rs, "text/plain; charset=utf-8",
	    arena_fmt(cx->arena, "%s.txt", o->no), (struct span){b.p, b.len});
}

enum rc
do_order_cancel(struct ctx *cx, struct response *rs)
{
	const struct order *o;
	enum rc rc = proof_open(cx, rs, &o);

	if (rc == RC_OK)
		rc = order_cancel(cx, o);
	/* paid a moment ago: the order itself says so best */
	if (rc == RC_OK)
		return respond_seef(rs, "/o/%s", o->no);
	if (rc == RC_CONFLICT)
		return respond_seef(rs, "/o/%s?said=too_late", o->no);
	return rc;
}

/* Rather the money than the wait. */
enum rc
do_order_refund(struct ctx *cx, struct response *rs)
{
	const struct order *o;
	enum rc rc = proof_open(cx, rs, &o);

	if (rc == RC_OK)
		rc = refund_choose(cx, o);
	if (rc == RC_OK)
		return respond_seef(rs, "/o/%s?said=refund", o->no);
	/* filled a moment ago, or chosen before: the order says so best */
	if (rc == RC_CONFLICT)
		return respond_seef(rs, "/o/%s?said=no_refund", o->no);
	return rc;
}

enum rc
do_order_mail(struct ctx *cx, struct response *rs)
{
	const struct order *o;
	enum rc rc = proof_open(cx, rs, &o);

	if (rc == RC_OK)
		rc = order_resend(cx, o);
	if (rc == RC_OK)
		return respond_seef(rs, "/o/%s?said=resent", o->no);
	if (rc == RC_CONFLICT)
		return respond_seef(rs, "/o/%s?said=too_soon", o->no);
	return rc;
}

/* ---- finding an order again */

static enum rc
show_orders(struct ctx *cx, struct response *rs, const char *typed_no,
    const char *error)
{
	const struct order_brief *list = NULL;
	size_t n = 0;
	enum rc rc = RC_OK;

	if (rs->rq->visitor->known)
		rc = order_of_visitor(cx, rs->rq->visitor, &list, &n);
	if (rc != RC_OK)
		return rc;
	view_orders(rs, list, n, typed_no, error);
	return error == NULL ? respond_page(rs, "page/orders.cs")
			     : respond_again(rs, "page/orders.cs");
}

enum rc
page_orders(struct ctx *cx, struct response *rs)
{
	return show_orders(cx, rs, "", NULL);
}

enum rc
do_orders(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	struct order_proof proof = {0};
	const struct order *o;
	const char *typed, *no;
	enum rc rc;

	field_text(in, "order_no", LIM_NAME, &typed);
	field_text(in, "lookup_password", LIM_LOOKUP_PASSWORD, &proof.password);
	no = proof_typed_no(cx->arena, typed);
	if (!fields_ok(in) || !order_number_ok(no) || proof.password[0] == '\0')
		return show_orders(cx, rs, typed, "lookup");
	rc = order_open(cx, no, &proof, &o);
	if (rc == RC_NOTFOUND)
		return show_orders(cx, rs, typed, "lookup");
	if (rc != RC_OK)
		return rc;
	grant_keep(rs, o->no, o->link_token);
	return respond_seef(rs, "/o/%s", o->no);
}
