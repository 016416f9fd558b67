/* SPDX-License-Identifier: Apache-2.0 */
/* Views of notices and payments (view_money.h). */
#include "web/view_money.h"

#include "base/time.h"
#include "web/view_admin.h"

enum { HOUR_S = 3600 };

void
view_money(struct response *rs, const char *tab, const char *title)
{
	view_panel(rs, "money", title);
	tnode_set(rs->data, "Page.Tab", tab);
}

void
view_choices(struct response *rs, const char *list, const char *const *names,
    size_t n, const char *chosen)
{
	struct tnode *t;
	size_t i;

	for (i = 0; i < n; i++) {
		t = tnode_item(rs->data, list);
		tnode_set(t, "Name", names[i]);
		tnode_bool(t, "On", str_eq(names[i], chosen));
	}
}

void
view_channel_choices(struct response *rs, const struct channel *channels,
    size_t n, uint64_t chosen)
{
	struct tnode *t;
	size_t i;

	for (i = 0; i < n; i++) {
		t = tnode_item(rs->data, "Channels");
		tnode_int(t, "Id", (int64_t)channels[i].id);
		tnode_set(t, "Title", channels[i].title);
		tnode_bool(t, "On", channels[i].id == chosen);
	}
}

static void
put_notice(struct response *rs, struct tnode *t, const struct notice_brief *n)
{
	tnode_int(t, "Id", (int64_t)n->id);
	tnode_set(t, "State", n->state);
	tnode_set(t, "Reason", n->reason);
	tnode_set(t, "Source", n->source);
	tnode_set(t, "Txn", n->txn);
	tnode_set(t, "Channel", n->channel);
	tnode_set(t, "No", n->no);
	tnode_int(t, "Repeats", n->repeats);
	tnode_set(t, "At", view_when(rs, n->received));
	if (n->currency[0] != '\0')
		tnode_set(t, "Amount",
		    money_show(rs->cx->arena, n->amount, n->currency));
}

void
view_notices(struct response *rs, const struct notices_view *v)
{
	struct tnode *t;
	size_t i;

	view_money(rs, "notices", response_text(rs, "admin.notices"));
	tnode_int(rs->data, "Waits.received", (int64_t)v->waits.received);
	tnode_int(rs->data, "Waits.held", (int64_t)v->waits.held);
	tnode_int(rs->data, "Waits.failed", (int64_t)v->waits.failed);
	for (i = 0; i < v->n; i++)
		put_notice(rs, tnode_item(rs->data, "Notices"), &v->rows[i]);
	for (i = 0; i < v->n_rejects; i++) {
		t = tnode_item(rs->data, "Rejects");
		tnode_set(t, "Channel", v->rejects[i].channel);
		tnode_set(t, "Reason", v->rejects[i].reason);
		tnode_int(t, "N", (int64_t)v->rejects[i].n);
		tnode_set(t, "First", view_when(rs, v->rejects[i].first));
		tnode_set(t, "Last", view_when(rs, v->rejects[i].last));
		tnode_set(t, "From", v->rejects[i].from);
		tnode_set(t, "Sample", v->rejects[i].sample);
	}
}

void
view_notice(struct response *rs, const struct notice_full *f)
{
	struct tnode *t = tnode_child(rs->data, "Notice");

	view_money(rs, "notices",
	    arena_fmt(rs->cx->arena, "%s %llu",
		response_text(rs, "admin.notice"),
		(unsigned long long)f->n.id));
	put_notice(rs, t, &f->n);
	tnode_set(t, "Applied", view_when(rs, f->applied));
	tnode_set(t, "Method", f->method);
	tnode_set(t, "Query", f->query);
	tnode_set(t, "Headers", f->headers);
	tnode_set(t, "Body", f->body);
	tnode_bool(t, "Cut", f->cut);
	tnode_bool(t, "CanReplay", f->replay);
	tnode_bool(t, "Waits", f->waits);
}

/* "3 h", "5 d": how long it has been so. */
static void
put_age(struct tnode *t, int64_t us)
{
	int64_t s = us / US_PER_S;

	if (s >= S_PER_DAY)
		tnode_int(t, "Days", s / S_PER_DAY);
	else
		tnode_int(t, "Hours", s < 0 ? 0 : s / HOUR_S);
}

void
view_payments(struct response *rs, const struct payment_brief *rows, size_t n)
{
	const struct payment_brief *p;
	struct tnode *t;
	size_t i;

	view_money(rs, "payments", response_text(rs, "admin.payments"));
	for (i = 0; i < n; i++) {
		p = &rows[i];
		t = tnode_item(rs->data, "Payments");
		tnode_int(t, "Id", (int64_t)p->id);
		tnode_set(t, "State", p->state);
		tnode_set(t, "Role", p->role);
		tnode_set(t, "Txn", p->txn);
		tnode_set(t, "Ref", p->ref);
		tnode_set(t, "Case", p->case_state);
		tnode_set(t, "Channel", p->channel);
		tnode_set(t, "No", p->no);
		tnode_set(t, "OrderState", p->order_state);
		tnode_int(t, "Asked", p->asked);
		tnode_set(t, "Amount",
		    money_show(rs->cx->arena, p->amount, p->currency));
		tnode_set(t, "Created", view_when(rs, p->created));
		tnode_set(t, "Settled", view_when(rs, p->settled));
		put_age(t,
		    rs->cx->now - (p->settled != 0 ? p->settled : p->created));
	}
}
