/* SPDX-License-Identifier: Apache-2.0 */
/* Views of the desk and of orders on the panel (view_admin.h). */
#include "web/view_admin.h"

#include "base/time.h"
#include "web/view_shop.h"
#include "web/web.h"

enum { CHART_W = 480, CHART_H = 96, MINUTE_TEXT = 16 };

void
view_panel(struct response *rs, const char *nav, const char *title)
{
	tnode_set(rs->data, "Page.Nav", nav);
	tnode_set(rs->data, "Page.Title", title);
}

const char *
view_when(struct response *rs, int64_t us)
{
	if (us == 0)
		return "";
	return arena_fmt(rs->cx->arena, "%.*s", MINUTE_TEXT,
	    time_text(rs->cx->arena, us, (int)rs->cx->set->zone_minutes));
}

static const char *
amount(struct response *rs, struct money m)
{
	return money_show(rs->cx->arena, m, rs->web->currency);
}

/* ------------------------------------------------------------ the desk */

static void
put_day(struct response *rs, const char *name, const struct desk_day *d)
{
	struct tnode *n = tnode_child(rs->data, name);
	struct money profit;

	tnode_int(n, "Orders", (int64_t)d->orders);
	tnode_int(n, "Paid", (int64_t)d->paid);
	tnode_int(n, "Delivered", (int64_t)d->delivered);
	tnode_set(n, "Revenue", amount(rs, d->revenue));
	tnode_set(n, "Cost", amount(rs, d->cost));
	tnode_set(n, "Fees", amount(rs, d->fees));
	tnode_set(n, "Refunds", amount(rs, d->refunds));
	if (money_sub(d->revenue, d->cost, &profit) == RC_OK &&
	    money_sub(profit, d->fees, &profit) == RC_OK &&
	    money_sub(profit, d->refunds, &profit) == RC_OK)
		tnode_set(n, "Profit", amount(rs, profit));
}

/* Bars of the last 24 hours in the coordinates of the template's viewBox. */
static void
put_hours(struct response *rs, const struct desk *d)
{
	uint64_t most = 1;
	struct tnode *n;
	unsigned width, height;
	size_t i;

	for (i = 0; i < d->n_hours; i++) {
		if (d->hours[i].paid > most)
			most = d->hours[i].paid;
	}
	width = d->n_hours == 0 ? CHART_W : CHART_W / (unsigned)d->n_hours;
	for (i = 0; i < d->n_hours; i++) {
		n = tnode_item(rs->data, "Hours");
		height = (unsigned)(d->hours[i].paid * CHART_H / most);
		tnode_int(n, "X", (int64_t)(i * width) + 1);
		tnode_int(n, "Y", CHART_H - (int64_t)height);
		tnode_int(n, "W", (int64_t)width - 2);
		tnode_int(n, "H", height);
		tnode_int(n, "Paid", (int64_t)d->hours[i].paid);
		tnode_set(n, "Revenue", amount(rs, d->hours[i].revenue));
		tnode_set(n, "At", view_when(rs, d->hours[i].from));
	}
}

void
view_desk(struct response *rs, const struct desk *d)
{
	struct tnode *n;
	size_t i;

	view_panel(rs, "desk", response_text(rs, "admin.desk"));
	put_day(rs, "Today", &d->today);
	put_day(rs, "Yesterday", &d->yesterday);
	put_day(rs, "Week", &d->week);
	put_day(rs, "Month", &d->month);
	put_hours(rs, d);
	if (d->next.known) {
		n = tnode_child(rs->data, "Next");
		tnode_int(n, "Visits", (int64_t)d->next.visits);
		tnode_int(n, "Orders", (int64_t)d->next.orders);
		tnode_int(n, "LastVisits", (int64_t)d->next.last_visits);
		tnode_set(n, "Kind", d->next.fitted ? "rhythm" : "young");
	}
	for (i = 0; i < d->n_alerts; i++) {
		n = tnode_item(rs->data, "Alerts");
		tnode_set(n, "Kind", d->alerts[i].kind);
		tnode_int(n, "N", (int64_t)d->alerts[i].n);
		tnode_set(n, "Detail", d->alerts[i].detail);
	}
	for (i = 0; i < d->n_top; i++) {
		n = tnode_item(rs->data, "Top");
		tnode_set(n, "Name", d->top[i].product_name);
		tnode_int(n, "Sold", (int64_t)d->top[i].sold);
		tnode_set(n, "Revenue", amount(rs, d->top[i].revenue));
	}
}

/* ------------------------------------------------------------ orders */

void
view_admin_orders(struct response *rs, const struct orders_view *v)
{
	struct tnode *n;
	size_t i;

	view_panel(rs, "orders", response_text(rs, "admin.orders"));
	for (i = 0; i < ORDER__N; i++) {
		n = tnode_item(rs->data, "States");
		tnode_set(n, "Name", order_state_name((enum order_state)i));
		tnode_bool(n, "On", v->filter->state == (int)i);
	}
	for (i = 0; i < v->n_channels; i++) {
		n = tnode_item(rs->data, "Channels");
		tnode_int(n, "Id", (int64_t)v->channels[i].id);
		tnode_set(n, "Title", v->channels[i].title);
		tnode_bool(n, "On", v->channels[i].id == v->filter->channel);
	}
	for (i = 0; i < v->n; i++) {
		const struct desk_row *r = &v->rows[i];

		n = tnode_item(rs->data, "Orders");
		tnode_set(n, "No", r->o.no);
		tnode_set(n, "State", order_state_name(r->o.state));
		tnode_set(n, "Product", r->o.product_name);
		tnode_int(n, "Qty", r->o.qty);
		tnode_set(n, "Total",
		    money_show(rs->cx->arena, r->o.total, r->o.currency));
		tnode_set(n, "At", view_when(rs, r->o.created));
		tnode_set(n, "Contact", r->contact);
		tnode_set(n, "Channel", r->channel);
		tnode_bool(n, "Late", r->late);
	}
	tnode_int(rs->data, "Sum.Orders", (int64_t)v->sum.orders);
	tnode_set(rs->data, "Sum.Total", amount(rs, v->sum.total));
	tnode_set(rs->data, "Sum.Paid", amount(rs, v->sum.paid));
}

static void
put_parts(struct response *rs, const struct desk_order *d)
{
	struct arena *a = rs->cx->arena;
	struct tnode *n;
	size_t i;

	for (i = 0; i < d->n_events; i++) {
		n = tnode_item(rs->data, "Events");
		tnode_set(n, "At", view_when(rs, d->events[i].at));
		tnode_set(n, "Kind", d->events[i].kind);
		tnode_set(n, "To", order_state_name(d->events[i].to));
		tnode_set(n, "Actor", d->events[i].actor);
		tnode_set(n, "Detail", d->events[i].detail);
	}
	for (i = 0; i < d->n_payments; i++) {
		n = tnode_item(rs->data, "Payments");
		tnode_set(n, "Channel", d->payments[i].channel);
		tnode_set(n, "State", d->payments[i].state);
		tnode_set(n, "Role", d->payments[i].role);
		tnode_set(n, "Txn", d->payments[i].txn);
		tnode_set(n, "Case", d->payments[i].case_state);
		tnode_set(n, "Amount",
		    money_show(
			a, d->payments[i].amount, d->payments[i].currency));
		tnode_set(n, "Created", view_when(rs, d->payments[i].created));
		tnode_set(n, "Settled", view_when(rs, d->payments[i].settled));
	}
	for (i = 0; i < d->n_mails; i++) {
		n = tnode_item(rs->data, "Mails");
		tnode_set(n, "State", d->mails[i].state);
		tnode_set(n, "Error", d->mails[i].error);
		tnode_int(n, "Attempts", d->mails[i].attempts);
		tnode_set(n, "Created", view_when(rs, d->mails[i].created));
		tnode_set(n, "Done", view_when(rs, d->mails[i].done));
	}
	for (i = 0; i < d->n_deliveries; i++) {
		n = tnode_item(rs->data, "Deliveries");
		tnode_int(n, "Card", (int64_t)d->deliveries[i].card);
		tnode_set(n, "At", view_when(rs, d->deliveries[i].at));
		tnode_set(n, "Seen", view_when(rs, d->deliveries[i].seen));
	}
}

static void
put_items(struct response *rs, const struct order *o)
{
	struct tnode *n;
	size_t i;

	for (i = 0; i < o->n_items; i++) {
		n = tnode_item(rs->data, "Items");
		tnode_set(n, "Name", o->items[i].product_name);
		tnode_set(n, "Sku", o->items[i].sku_name);
		tnode_set(n, "Code", o->items[i].sku_code);
		tnode_int(n, "Product", (int64_t)o->items[i].product);
		tnode_int(n, "Qty", o->items[i].qty);
		tnode_int(n, "Delivered", o->items[i].delivered);
		tnode_set(n, "Price",
		    money_show(rs->cx->arena, o->items[i].price, o->currency));
	}
	for (i = 0; i < o->n_inputs; i++) {
		n = tnode_item(rs->data, "Inputs");
		tnode_set(n, "Label", o->inputs[i].label);
		tnode_set(n, "Value", o->inputs[i].value);
	}
}

void
view_admin_order(struct response *rs, const struct desk_order *d)
{
	const struct order *o = d->o;
	struct tnode *n = tnode_child(rs->data, "Order");
	struct arena *a = rs->cx->arena;

	view_panel(rs, "orders",
	    arena_fmt(a, "%s %s", response_text(rs, "order.no"), o->no));
	tnode_set(n, "No", o->no);
	tnode_set(n, "State", order_state_name(o->state));
	tnode_set(n, "Contact", o->contact);
	tnode_set(n, "Lang", o->lang);
	tnode_set(n, "Address", d->address);
	tnode_set(n, "Channel", o->channel_title);
	tnode_bool(n, "Late", o->late);
	tnode_bool(n, "Kept", o->kept);
	tnode_set(n, "Created", view_when(rs, o->created));
	tnode_set(n, "Expires", view_when(rs, o->expires));
	tnode_set(n, "PaidAt", view_when(rs, o->paid_at));
	tnode_set(n, "DeliveredAt", view_when(rs, o->delivered_at));
	tnode_set(n, "List", money_show(a, o->list, o->currency));
	tnode_set(n, "TierOff",
	    o->tier_off.minor == 0 ? ""
				   : money_show(a, o->tier_off, o->currency));
	tnode_set(n, "CouponOff",
	    o->coupon_off.minor == 0
		? ""
		: money_show(a, o->coupon_off, o->currency));
	tnode_set(n, "Fee",
	    o->fee.minor == 0 ? "" : money_show(a, o->fee, o->currency));
	tnode_set(n, "Total", money_show(a, o->total, o->currency));
	tnode_set(n, "Paid", money_show(a, o->paid, o->currency));
	tnode_set(n, "Refunded",
	    o->refunded.minor == 0 ? ""
				   : money_show(a, o->refunded, o->currency));
	tnode_bool(n, "CanPay", order_may(o->state, ORDER_PAID));
	tnode_bool(n, "CanCancel", o->state == ORDER_PENDING);
	tnode_bool(n, "CanHandOver", o->state == ORDER_MANUAL);
	put_items(rs, o);
	put_parts(rs, d);
}
