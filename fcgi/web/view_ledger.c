/* SPDX-License-Identifier: Apache-2.0 */
/* Views of the ledger and of finance (view_money.h). */
#include "web/view_money.h"

#include "web/view_admin.h"
#include "web/web.h"

enum { DAY_TEXT = 10 };

static void
put_entry(struct response *rs, struct tnode *t, const struct ledger_entry *e)
{
	struct arena *a = rs->cx->arena;

	tnode_set(t, "At", view_when(rs, e->at));
	tnode_set(t, "Tx", e->tx);
	tnode_set(t, "Account", e->account);
	tnode_set(t, "No", e->no);
	tnode_set(t, "Channel", e->channel);
	tnode_bool(t, "Balanced", e->balanced);
	if (e->amount.minor >= 0)
		tnode_set(t, "Debit", money_show(a, e->amount, e->currency));
	else
		tnode_set(t, "Credit",
		    money_show(a, MONEY(-e->amount.minor), e->currency));
	if (e->has_running)
		tnode_set(t, "Running", money_show(a, e->running, e->currency));
}

void
view_ledger(struct response *rs, const struct ledger_view *v)
{
	struct arena *a = rs->cx->arena;
	struct tnode *t;
	size_t i;

	view_money(rs, "ledger", response_text(rs, "admin.ledger"));
	tnode_bool(rs->data, "Balanced", v->balanced);
	for (i = 0; i < v->n; i++) {
		t = tnode_item(rs->data, "Entries");
		put_entry(rs, t, &v->entry[i]);
		/* the first line of a transaction on this page names it */
		tnode_bool(t, "First",
		    i == 0 || !str_eq(v->entry[i].tx, v->entry[i - 1].tx));
		if (v->entry[i].has_running)
			tnode_bool(rs->data, "Running", true);
	}
	for (i = 0; i < v->n_sums; i++) {
		const struct ledger_sum *s = &v->sum[i];

		t = tnode_item(rs->data, "Sums");
		tnode_set(t, "Account", s->account);
		tnode_int(t, "N", (int64_t)s->n);
		tnode_set(t, "Debit", money_show(a, s->debit, s->currency));
		tnode_set(t, "Credit", money_show(a, s->credit, s->currency));
		tnode_set(t, "Balance", money_show(a, s->balance, s->currency));
	}
}

static void
put_finance(struct response *rs, struct tnode *t, const struct finance_line *l)
{
	const char *currency = rs->web->currency;
	struct arena *a = rs->cx->arena;

	tnode_set(t, "Name",
	    l->day != 0 ? arena_fmt(a, "%.*s", DAY_TEXT, view_when(rs, l->day))
			: l->name);
	tnode_int(t, "Orders", (int64_t)l->orders);
	tnode_set(t, "Revenue", money_show(a, l->revenue, currency));
	tnode_set(t, "Fees", money_show(a, l->fees, currency));
	tnode_set(t, "Refunds", money_show(a, l->refunds, currency));
	tnode_set(t, "Cost", money_show(a, l->cost, currency));
	tnode_set(t, "Profit", money_show(a, l->profit, currency));
}

void
view_finance(struct response *rs, const struct finance_line *lines, size_t n,
    const struct finance_line *total)
{
	size_t i;

	view_money(rs, "finance", response_text(rs, "admin.finance"));
	for (i = 0; i < n; i++)
		put_finance(rs, tnode_item(rs->data, "Lines"), &lines[i]);
	put_finance(rs, tnode_child(rs->data, "Total"), total);
}
