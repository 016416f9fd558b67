/* SPDX-License-Identifier: Apache-2.0 */
/* Views of refunds (view_refund.h). */
#include "web/view_refund.h"

#include "web/view_admin.h"

static void
put_refund(struct response *rs, struct tnode *n, const struct refund *r)
{
	tnode_set(n, "No", r->no);
	tnode_set(n, "OrderNo", r->order_no);
	tnode_set(n, "State", refund_is_name(r->state));
	tnode_set(
	    n, "Amount", money_show(rs->cx->arena, r->amount, r->currency));
	tnode_set(n, "How", r->how);
	tnode_set(n, "Role", r->role);
	tnode_set(n, "Channel", r->channel);
	/* the buyer's wish and the shop's rule are no texts of a person */
	tnode_set(n, "Reason",
	    str_eq(r->reason, "buyer") ? response_text(rs, "refund.by_buyer")
	    : str_eq(r->reason, "policy")
		? response_text(rs, "refund.by_policy")
		: r->reason);
	tnode_set(n, "Answer", r->answer);
	tnode_set(n, "Reference", r->reference);
	tnode_set(n, "Staff", r->staff);
	tnode_set(n, "Second", r->second);
	tnode_int(n, "Asked", r->asked_n);
	tnode_set(n, "Created", view_when(rs, r->created));
	tnode_set(n, "Done", view_when(rs, r->done));
	tnode_set(n, "Next", view_when(rs, r->next_ask));
}

void
view_refunds_of(struct response *rs, const struct refund *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		put_refund(rs, tnode_item(rs->data, "Refunds"), &list[i]);
}

void
view_refunds(struct response *rs, const struct refunds_view *v)
{
	struct tnode *n;
	int i;

	view_panel(rs, "refunds", response_text(rs, "admin.refunds"));
	for (i = 0; i < REFUND_IS__N; i++) {
		n = tnode_item(rs->data, "States");
		tnode_set(n, "Name", refund_is_name((enum refund_is)i));
		tnode_int(n, "N", (int64_t)v->counts[i]);
		tnode_bool(n, "On", v->state == i);
	}
	tnode_bool(rs->data, "Any", v->state < 0);
	view_refunds_of(rs, v->list, v->n);
}

void
view_refund(struct response *rs, const struct refund *r)
{
	struct tnode *n = tnode_child(rs->data, "Refund");
	bool hand = str_eq(r->how, "manual");
	bool asks = r->state == REFUND_IS_OPEN || r->state == REFUND_IS_SENT ||
		    r->state == REFUND_IS_UNCLEAR;
	bool waits = r->state == REFUND_IS_WAITING;

	view_panel(rs, "refunds",
	    arena_fmt(rs->cx->arena, "%s %s", response_text(rs, "refund.one"),
		r->no));
	put_refund(rs, n, r);
	tnode_bool(n, "CanAsk", asks && !hand);
	tnode_bool(n, "CanAgree",
	    waits && !r->mine && !(hand && str_empty(r->reference)));
	tnode_bool(n, "Mine", waits && r->mine);
	tnode_bool(n, "CanSay", asks || waits);
	tnode_bool(n, "Asks",
	    r->state == REFUND_IS_SENT || r->state == REFUND_IS_UNCLEAR);
}

void
view_refund_sources(struct response *rs, const struct refund_source *list,
    size_t n, uint64_t chosen)
{
	struct arena *a = rs->cx->arena;
	struct tnode *node;
	size_t i;

	for (i = 0; i < n; i++) {
		node = tnode_item(rs->data, "Sources");
		tnode_int(node, "Payment", (int64_t)list[i].payment);
		tnode_set(node, "Role", list[i].role);
		tnode_set(node, "Channel", list[i].channel);
		tnode_set(node, "Txn", list[i].txn);
		tnode_set(node, "Amount",
		    money_show(a, list[i].amount, list[i].currency));
		tnode_set(node, "Left",
		    money_show(a, list[i].left, list[i].currency));
		tnode_bool(node, "Gateway", list[i].gateway);
		tnode_bool(node, "Busy", list[i].busy);
		tnode_bool(node, "On", list[i].payment == chosen);
	}
}

void
view_refund_sure(
    struct response *rs, const char *order_no, const struct refund_form *f)
{
	struct tnode *n = tnode_child(rs->data, "Sure");
	struct arena *a = rs->cx->arena;
	const char *cur = f->source->currency;

	view_panel(rs, "refunds", response_text(rs, "refund.sure"));
	tnode_set(n, "OrderNo", order_no);
	tnode_set(n, "Show", money_show(a, f->amount, cur));
	tnode_set(
	    n, "Amount", money_text(a, f->amount, currency_decimals(cur)));
	tnode_set(n, "Left", money_show(a, f->source->left, cur));
	tnode_int(n, "Payment", (int64_t)f->source->payment);
	tnode_set(n, "Role", f->source->role);
	tnode_set(n, "Channel", f->source->channel);
	tnode_set(n, "Txn", f->source->txn);
	tnode_set(n, "Reason", f->reason);
	tnode_set(n, "Reference", f->reference);
	tnode_bool(n, "ByHand", f->by_hand);
	tnode_bool(n, "NeedsTwo",
	    rs->cx->set->refund_two_persons_minor > 0 &&
		f->amount.minor >= rs->cx->set->refund_two_persons_minor);
}
