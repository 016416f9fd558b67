/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders as data for templates: paying, waiting, the order itself, the list
 * of this browser's orders.  Card texts pass through here once, into the
 * page; they are never logged and never cached.
 */
#include "web/view_shop.h"

#include <string.h>

#include "base/limits.h"
#include "base/time.h"
#include "base/url.h"
#include "io/qr.h"
#include "web/keycut.h"
#include "web/pager.h"
#include "web/response.h"

enum { YEAR_AND_DASH = 5, CLOCK_AT = 11, CLOCK_LEN = 5 };

static void
show_time(struct response *rs, struct tnode *n, int64_t at)
{
	struct arena *a = rs->cx->arena;
	const char *text = time_text(a, at, (int)rs->cx->set->zone_minutes);

	tnode_set(n, "At", text + YEAR_AND_DASH);
	tnode_set(n, "AtIso", time_rfc3339(a, at));
}

static int64_t
seconds_left(const struct response *rs, const struct order *o)
{
	int64_t left = (o->expires - rs->cx->now) / US_PER_S;

	return left > 0 ? left : 0;
}

static void
show_order(struct response *rs, const struct order *o)
{
	struct arena *a = rs->cx->arena;
	struct tnode *n = tnode_child(rs->data, "Order");

	tnode_bool(rs->data, "Page.NoIndex", true);
	tnode_set(n, "No", o->no);
	tnode_set(n, "State", order_state_name(o->state));
	tnode_set(n, "Amount", money_show(a, o->total, o->currency));
	tnode_set(n, "Contact", o->contact);
	tnode_set(n, "KeyPath", keycut_path(a, o->no));
	tnode_bool(n, "Late", o->late);
	tnode_bool(n, "HasLookup", o->has_lookup);
	tnode_fmt(n, "ExpiresIn", "%lld", (long long)seconds_left(rs, o));
	tnode_set(n, "ExpiresAt", time_rfc3339(a, o->expires));
	tnode_fmt(n, "ExpiresText", "%.*s", CLOCK_LEN,
	    time_text(a, o->expires, (int)rs->cx->set->zone_minutes) +
		CLOCK_AT);
}

static void
show_first_item(struct response *rs, const struct order *o)
{
	struct tnode *n = tnode_child(rs->data, "Order");

	if (o->n_items == 0)
		return;
	tnode_set(n, "ProductName", o->items[0].product_name);
	tnode_set(n, "SkuName", o->items[0].sku_name);
	tnode_int(n, "Qty", o->items[0].qty);
}

static void
show_sums(struct response *rs, const struct order *o)
{
	struct arena *a = rs->cx->arena;
	const char *cur = o->currency;

	view_quote_line(rs, "list", "", money_show(a, o->list, cur), false);
	if (o->tier_off.minor != 0)
		view_quote_line(
		    rs, "tier", "", money_show(a, o->tier_off, cur), true);
	if (o->coupon_off.minor != 0)
		view_quote_line(
		    rs, "coupon", "", money_show(a, o->coupon_off, cur), true);
	if (o->fee.minor != 0)
		view_quote_line(rs, "fee", o->channel_title,
		    money_show(a, o->fee, cur), false);
}

/* A redemption address: offered as a link.  The copy is made only of what
 * starts like one. */
static bool
is_link(struct response *rs, struct span text)
{
	if (text.n < 4 || memcmp(text.p, "http", 4) != 0 || span_has_nul(text))
		return false;
	return url_is_http(arena_dup(rs->cx->arena, text.p, text.n));
}

static void
show_card(struct response *rs, struct tnode *item, const struct order_card *c,
    size_t number)
{
	struct tnode *n = tnode_item(item, "Cards"), *field;
	size_t i;

	tnode_fmt(n, "N", "%zu", number);
	tnode_span(n, "Text", c->text);
	if (c->n_fields == 1) {
		if (is_link(rs, c->text))
			tnode_span(n, "Link", c->text);
		return;
	}
	for (i = 0; i < c->n_fields; i++) {
		field = tnode_item(n, "Fields");
		tnode_set(field, "Label", c->labels[i]);
		tnode_fmt(field, "N", "%zu", i + 1);
		tnode_span(field, "Value", c->fields[i]);
	}
}

static void
show_item(struct response *rs, const struct order_view *v,
    const struct order_item *it)
{
	struct tnode *n = tnode_item(rs->data, "Items");
	size_t first = (size_t)(v->page - 1) * LIM_CARDS_PAGE, i;

	tnode_set(n, "Name", it->product_name);
	if (!str_eq(it->sku_name, it->product_name))
		tnode_set(n, "SkuName", it->sku_name);
	tnode_set(n, "Slug", it->product_slug);
	tnode_int(n, "Qty", it->qty);
	tnode_set(n, "Price",
	    money_show(rs->cx->arena, it->price, v->order->currency));
	if (v->n_cards != 0)
		tnode_set(n, "InstructionsHtml", it->guide_html);
	for (i = 0; i < v->n_cards; i++) {
		if (v->cards[i].item == it->id)
			show_card(rs, n, &v->cards[i], first + i + 1);
	}
}

static void
show_events(struct response *rs, const struct order_view *v)
{
	struct tnode *n;
	size_t i;

	for (i = 0; i < v->n_events; i++) {
		n = tnode_item(rs->data, "Events");
		tnode_set(n, "Kind", v->events[i].kind);
		show_time(rs, n, v->events[i].at);
	}
}

static void
show_inputs(struct response *rs, const struct order *o)
{
	struct tnode *n;
	size_t i;

	for (i = 0; i < o->n_inputs; i++) {
		n = tnode_item(rs->data, "Inputs");
		tnode_set(n, "Label", o->inputs[i].label);
		tnode_set(n, "Value", o->inputs[i].value);
	}
}

void
view_order(struct response *rs, const struct order_view *v)
{
	const struct order *o = v->order;
	struct arena *a = rs->cx->arena;
	struct tnode *n = tnode_child(rs->data, "Order");
	size_t i;

	view_title(rs, response_text(rs, arena_fmt(a, "order_title.%s",
					     order_state_name(o->state))));
	if (o->state == ORDER_PENDING || o->state == ORDER_PAID)
		tnode_int(rs->data, "Page.Refresh", VIEW_REFRESH_S);
	show_order(rs, o);
	tnode_int(n, "CardCount", v->n_cards == 0 ? 0 : o->delivered);
	tnode_int(n, "Place", o->short_place);
	tnode_set(n, "Refund",
	    o->refunded.minor == 0 ? ""
				   : money_show(a, o->refunded, o->currency));
	tnode_set(n, "Returning",
	    o->returning.minor == 0 ? ""
				    : money_show(a, o->returning, o->currency));
	tnode_bool(n, "CanRefund",
	    o->state == ORDER_SHORT &&
		!str_eq(rs->cx->set->refund_buyer, "off"));
	tnode_set(n, "Paid", money_show(a, o->paid, o->currency));
	tnode_set(n, "Said", v->said);
	tnode_bool(n, "CanMail", !str_eq(rs->cx->set->mail_transport, "off"));
	for (i = 0; i < o->n_items; i++)
		show_item(rs, v, &o->items[i]);
	show_sums(rs, o);
	show_inputs(rs, o);
	show_events(rs, v);
	pager_show(rs, arena_fmt(a, "/o/%s?page=", o->no), v->page,
	    pager_last(v->n_cards == 0 ? 0 : o->delivered, LIM_CARDS_PAGE));
}

static void
show_ways(struct response *rs, const struct pay_view *v)
{
	const struct order *o = v->order;
	struct tnode *n;
	size_t i;

	for (i = 0; i < v->n_channels; i++) {
		n = tnode_item(rs->data, "Channels");
		tnode_set(n, "Id", v->channels[i].name);
		tnode_set(n, "Name", v->channels[i].title);
		tnode_set(n, "Total",
		    money_show(
			rs->cx->arena, v->channels[i].total, o->currency));
		tnode_bool(n, "Here", v->channels[i].id == o->channel);
	}
}

/* What the gateway gave, where it is of a kind that a page may hold: its
 * address becomes a link, so it has to be http(s). */
static void
show_payment(struct response *rs, const struct pay_view *v)
{
	struct tnode *pay = tnode_child(rs->data, "Pay"), *n;
	const char *svg, *host;
	size_t i;

	if (v->link != NULL && url_is_http(v->link))
		tnode_set(pay, "Url", v->link);
	if (v->qr_text != NULL && v->qr_text[0] != '\0' &&
	    qr_svg(rs->cx->arena, span_str(v->qr_text),
		response_text(rs, "pay.qr"), &svg) == RC_OK)
		tnode_set(pay, "QrHtml", svg);
	if (v->form_action == NULL || !url_is_http(v->form_action))
		return;
	host = view_origin(rs->cx->arena, v->form_action);
	if (host == NULL)
		return;
	rs->form_hosts = host;
	tnode_set(pay, "FormAction", v->form_action);
	for (i = 0; i < v->n_form_fields; i++) {
		n = tnode_item(pay, "Fields");
		tnode_set(n, "Name", v->form_fields[i].name);
		tnode_set(n, "Value", v->form_fields[i].value);
	}
}

const char *
view_origin(struct arena *a, const char *url)
{
	const char *host, *path;
	unsigned port;
	bool https;

	if (url_split(a, url, &https, &host, &port, &path) != RC_OK)
		return NULL;
	return arena_fmt(a, "%s://%s:%u", https ? "https" : "http", host, port);
}

void
view_pay(struct response *rs, const struct pay_view *v, const char *error)
{
	const struct order *o = v->order;

	view_title(rs, response_text(rs, "pay.title"));
	if (error == NULL) /* the buyer asks the gateway again, not a timer */
		tnode_int(rs->data, "Page.Refresh", VIEW_REFRESH_S);
	show_order(rs, o);
	show_first_item(rs, o);
	tnode_set(rs->data, "Pay.Channel", o->channel_title);
	tnode_set(rs->data, "Pay.Error", error);
	show_ways(rs, v);
	if (error == NULL)
		show_payment(rs, v);
}

void
view_return(struct response *rs, const struct order *o)
{
	view_title(rs, response_text(rs, "return.title"));
	tnode_int(rs->data, "Page.Refresh", VIEW_REFRESH_S);
	show_order(rs, o);
}

void
view_access(struct response *rs, const char *order_no)
{
	view_title(rs, response_text(rs, "access.title"));
	tnode_bool(rs->data, "Page.NoIndex", true);
	tnode_set(rs->data, "Lookup.OrderNo", order_no);
}

void
view_orders(struct response *rs, const struct order_brief *list, size_t n,
    const char *typed_no, const char *error)
{
	struct tnode *node;
	size_t i;

	view_title(rs, response_text(rs, "orders.title"));
	tnode_bool(rs->data, "Page.NoIndex", true);
	tnode_set(rs->data, "Page.Nav", "orders");
	tnode_set(rs->data, "Lookup.OrderNo", typed_no);
	tnode_set(rs->data, "Lookup.Error", error);
	for (i = 0; i < n; i++) {
		node = tnode_item(rs->data, "Orders");
		tnode_set(node, "No", list[i].no);
		tnode_set(node, "State", order_state_name(list[i].state));
		tnode_set(node, "Name", list[i].product_name);
		tnode_int(node, "Qty", list[i].qty);
		tnode_set(node, "Amount",
		    money_show(rs->cx->arena, list[i].total, list[i].currency));
		show_time(rs, node, list[i].created);
	}
}
