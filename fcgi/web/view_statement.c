/* SPDX-License-Identifier: Apache-2.0 */
/* Views of statements (view_money.h). */
#include "web/view_money.h"

#include "base/time.h"
#include "web/view_admin.h"

enum { DAY_TEXT = 10 };

static void
put_day(struct response *rs, struct tnode *t, const char *name, int64_t us)
{
	tnode_fmt(t, name, "%.*s", DAY_TEXT, view_when(rs, us));
}

static void
put_info(struct response *rs, struct tnode *t, const struct statement_info *s)
{
	tnode_int(t, "Id", (int64_t)s->id);
	tnode_set(t, "Name", s->name);
	tnode_set(t, "Format", s->format);
	tnode_set(t, "State", s->state);
	tnode_set(t, "Channel", s->channel);
	tnode_int(t, "Lines", s->lines);
	tnode_int(t, "Bad", s->bad);
	tnode_int(t, "Open", (int64_t)s->open);
	tnode_set(t, "Created", view_when(rs, s->created));
	put_day(rs, t, "From", s->from);
	put_day(rs, t, "Until", s->until - US_PER_S);
}

void
view_statements(
    struct response *rs, const struct statement_info *list, size_t n)
{
	size_t i;

	view_money(rs, "reconcile", response_text(rs, "admin.reconcile"));
	for (i = 0; i < n; i++)
		put_info(rs, tnode_item(rs->data, "Statements"), &list[i]);
}

static void
put_row(
    struct response *rs, struct tnode *t, const struct statement_difference *d)
{
	struct arena *a = rs->cx->arena;

	tnode_int(t, "Id", (int64_t)d->id);
	tnode_int(t, "Line", d->line);
	tnode_set(t, "Kind", d->kind);
	tnode_set(t, "Result", d->result);
	tnode_set(t, "Txn", d->txn);
	tnode_set(t, "No", d->no);
	tnode_set(t, "OrderNo", d->order_no);
	tnode_set(t, "At", d->at);
	tnode_set(t, "Note", d->note);
	tnode_bool(t, "CanApply", d->can_apply);
	if (d->line != 0 && d->currency[0] != '\0')
		tnode_set(t, "There", money_show(a, d->amount, d->currency));
	if (d->our_currency[0] != '\0')
		tnode_set(t, "Here", money_show(a, d->ours, d->our_currency));
}

void
view_statement(struct response *rs, const struct statement_view *v)
{
	struct tnode *t = tnode_child(rs->data, "Statement");
	size_t i;

	view_money(rs, "reconcile",
	    v->info.name[0] != '\0' ? v->info.name
				    : response_text(rs, "admin.reconcile"));
	put_info(rs, t, &v->info);
	t = tnode_child(rs->data, "Tally");
	tnode_int(t, "same", (int64_t)v->tally.same);
	tnode_int(t, "missing", (int64_t)v->tally.missing);
	tnode_int(t, "amount", (int64_t)v->tally.amount);
	tnode_int(t, "state", (int64_t)v->tally.state);
	tnode_int(t, "absent", (int64_t)v->tally.absent);
	tnode_int(t, "other", (int64_t)v->tally.other);
	tnode_int(t, "open", (int64_t)v->tally.open);
	tnode_int(t, "resolved", (int64_t)v->tally.resolved);
	for (i = 0; i < v->n; i++)
		put_row(rs, tnode_item(rs->data, "Rows"), &v->row[i]);
}
