/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bodies of webhooks.  They are made once and kept, so that every attempt
 * sends the same bytes.  Amounts are decimal text, times RFC 3339; card text,
 * contact, passwords and links of the buyer have no way in here.
 *
 * The tricky idea: orders do not write their events for receivers.  Any
 * message about an order makes all of its moves so far into deliveries, and
 * the unique key makes what is there already nothing.
 */
#include "shop/hook_event.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/time.h"
#include "io/json.h"
#include "shop/desk.h"
#include "shop/webhook.h"
#include "store/hook_delivery.h"
#include "store/outbox.h"
#include "store/tx.h"

enum { BODY_HINT = 1024, BODY_MAX = 60000, LOW_BATCH = 50 };

enum rc
hook_listeners(struct ctx *cx, struct listeners *out)
{
	return hook_listening(cx, &out->v, &out->n);
}

/* ------------------------------------------------------------ writing */

static void
put_text(struct buf *b, const char *name, const char *value, bool first)
{
	json_put_name(b, name, first);
	json_put_text(b, span_str(value));
}

static void
put_int(struct buf *b, const char *name, uint64_t value)
{
	json_put_name(b, name, false);
	buf_fmt(b, "%" PRIu64, value);
}

static void
put_money(struct ctx *cx, struct buf *b, const char *name, struct money m,
    const char *currency)
{
	put_text(b, name, money_text(cx->arena, m, currency_decimals(currency)),
	    false);
}

static void
put_time(struct ctx *cx, struct buf *b, const char *name, int64_t us)
{
	if (us != 0) {
		put_text(b, name, time_rfc3339(cx->arena, us), false);
		return;
	}
	json_put_name(b, name, false);
	buf_str(b, "null");
}

/* Up to and including `"data":'. */
static void
begin(struct ctx *cx, struct buf *b, const char *id, const char *event,
    int64_t at)
{
	buf_init(b, cx->arena, BODY_HINT, BODY_MAX);
	buf_chr(b, '{');
	put_text(b, "id", id, true);
	put_text(b, "event", event, false);
	put_time(cx, b, "created", at);
	json_put_name(b, "data", false);
}

/* ------------------------------------------------------------ orders */

static void
put_item(struct ctx *cx, struct buf *b, const struct hook_item *it,
    const char *currency)
{
	buf_chr(b, '{');
	put_text(b, "sku_code", it->sku_code, true);
	put_int(b, "sku", it->sku);
	put_int(b, "product", it->product);
	put_text(b, "product_name", it->product_name, false);
	put_text(b, "sku_name", it->sku_name, false);
	put_int(b, "qty", it->qty);
	put_money(cx, b, "price", it->price, currency);
	buf_chr(b, '}');
}

struct telling { /* of one order */
	struct hook_order o;
	const struct hook_item *items;
	size_t n_items;
};

static const char *
order_body(struct ctx *cx, const struct telling *t, const char *id,
    const char *event, const struct hook_move *m)
{
	struct buf b;
	size_t i;

	begin(cx, &b, id, event, m->at);
	buf_str(&b, "{\"order\":{");
	put_text(&b, "no", t->o.no, true);
	put_text(&b, "state", m->to, false);
	put_text(&b, "currency", t->o.currency, false);
	put_money(cx, &b, "total", t->o.total, t->o.currency);
	put_money(cx, &b, "paid", t->o.paid, t->o.currency);
	put_money(cx, &b, "refunded", t->o.refunded, t->o.currency);
	json_put_name(&b, "late", false);
	buf_str(&b, t->o.late ? "true" : "false");
	put_time(cx, &b, "created", t->o.created);
	put_time(cx, &b, "paid_at", t->o.paid_at);
	put_time(cx, &b, "delivered_at", t->o.delivered_at);
	json_put_name(&b, "items", false);
	buf_chr(&b, '[');
	for (i = 0; i < t->n_items; i++) {
		if (i != 0)
			buf_chr(&b, ',');
		put_item(cx, &b, &t->items[i], t->o.currency);
	}
	buf_str(&b, "]}}}");
	return b.bad ? NULL : buf_text(&b);
}

/* One event to all that want it and were there when it happened. */
static enum rc
give(struct ctx *cx, const struct listeners *l, const char *event,
    const char *id, int64_t at, const char *body)
{
	size_t i;
	enum rc rc = body == NULL ? RC_INVALID : RC_OK;

	for (i = 0; rc == RC_OK && i < l->n; i++)
		if (l->v[i].created <= at && hook_wants(l->v[i].events, event))
			rc = hook_delivery_add(cx, l->v[i].id, event, id, body);
	return rc;
}

static bool
anybody_wants(const struct listeners *l, const char *event, int64_t at)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->v[i].created <= at && hook_wants(l->v[i].events, event))
			return true;
	return false;
}

static enum rc
load(struct ctx *cx, uint64_t order, struct telling *t)
{
	enum rc rc;

	if (t->o.no != NULL)
		return RC_OK;
	rc = hook_order(cx, order, &t->o);
	if (rc != RC_OK)
		return rc;
	return hook_order_items(cx, order, &t->items, &t->n_items);
}

static enum rc
order_moves(struct ctx *cx, const struct listeners *l, uint64_t order)
{
	const struct hook_move *m;
	struct telling t = {0};
	const char *event, *id;
	size_t n, i;
	enum rc rc;

	rc = hook_order_events(cx, order, &m, &n);
	for (i = 0; rc == RC_OK && i < n; i++) {
		if (str_eq(m[i].from, m[i].to))
			continue;
		event = arena_fmt(cx->arena, "order.%s", m[i].to);
		if (!anybody_wants(l, event, m[i].at))
			continue;
		rc = load(cx, order, &t);
		if (rc != RC_OK)
			return rc;
		id = arena_fmt(cx->arena, "%s.%u", t.o.no, m[i].seq);
		rc = give(cx, l, event, id, m[i].at,
		    order_body(cx, &t, id, event, &m[i]));
	}
	return rc;
}

/* ------------------------------------------------------------ goods */

static enum rc
product_changed(
    struct ctx *cx, const struct listeners *l, const struct outbox_row *m)
{
	const char *event = hook_event_name(HOOK_PRODUCT_CHANGED), *id;
	struct hook_product p;
	struct buf b;
	enum rc rc;

	if (m->object == 0 || !anybody_wants(l, event, m->created))
		return RC_OK;
	rc = hook_product(cx, m->object, &p);
	if (rc != RC_OK)
		return rc == RC_NOTFOUND ? RC_OK : rc;
	id = arena_fmt(
	    cx->arena, "product.%" PRIu64 ".%" PRIu64, m->object, m->id);
	begin(cx, &b, id, event, m->created);
	buf_str(&b, "{\"product\":{");
	put_text(&b, "slug", p.slug, true);
	put_int(&b, "id", m->object);
	put_text(&b, "name", p.name, false);
	put_text(&b, "state", p.state, false);
	put_int(&b, "version", p.version);
	buf_str(&b, "}}}");
	return give(cx, l, event, id, m->created, b.bad ? NULL : buf_text(&b));
}

static enum rc
became_low(
    struct ctx *cx, const struct listeners *l, const struct outbox_row *m)
{
	const char *event = hook_event_name(HOOK_STOCK_LOW), *id;
	struct hook_sku s;
	struct buf b;
	enum rc rc;

	rc = hook_sku(cx, m->object, &s);
	if (rc != RC_OK)
		return rc == RC_NOTFOUND ? RC_OK : rc;
	id = arena_fmt(
	    cx->arena, "stock.%" PRIu64 ".%" PRIu64, m->object, m->id);
	begin(cx, &b, id, event, m->created);
	buf_str(&b, "{\"sku\":{");
	put_text(&b, "code", s.code, true);
	put_int(&b, "id", m->object);
	put_text(&b, "name", s.name, false);
	put_int(&b, "product", s.product);
	put_text(&b, "product_name", s.product_name, false);
	json_put_name(&b, "free", false);
	buf_str(&b, m->payload); /* digits of ours */
	buf_str(&b, "}}}");
	return give(cx, l, event, id, m->created, b.bad ? NULL : buf_text(&b));
}

enum rc
hook_fan_out(
    struct ctx *cx, const struct listeners *l, const struct outbox_row *m)
{
	if (l->n == 0)
		return RC_OK;
	if (str_eq(m->kind, OUTBOX_MAIL_ORDER) ||
	    str_eq(m->kind, OUTBOX_MAIL_REFUND) ||
	    str_eq(m->kind, OUTBOX_ORDER_EVENT))
		return order_moves(cx, l, m->object);
	if (str_eq(m->kind, OUTBOX_CATALOGUE))
		return product_changed(cx, l, m);
	if (str_eq(m->kind, OUTBOX_STOCK_LOW))
		return became_low(cx, l, m);
	return RC_OK;
}

/* ------------------------------------------------------------ low stock */

static enum rc
low_body(struct ctx *cx, void *arg)
{
	const struct low_sku *s = arg;
	enum rc rc = stock_low_add(cx, s);

	if (rc != RC_OK)
		return rc;
	return outbox_add(cx, OUTBOX_STOCK_LOW, s->sku,
	    arena_fmt(cx->arena, "low:%" PRIu64 ":%" PRId64, s->sku, cx->now),
	    arena_fmt(cx->arena, "%" PRIu64, s->free_n));
}

enum rc
hook_look_for_low(struct ctx *cx, unsigned *did)
{
	const struct low_sku *list;
	struct low_sku one;
	size_t n, i;
	enum rc rc;

	*did = 0;
	if ((rc = stock_low_over(cx, DESK_LOW_BELOW)) != RC_OK ||
	    (rc = stock_low_new(cx, DESK_LOW_BELOW, LOW_BATCH, &list, &n)) !=
		RC_OK)
		return rc;
	for (i = 0; rc == RC_OK && i < n; i++) {
		one = list[i];
		rc = tx_run(cx, low_body, &one);
		if (rc == RC_CONFLICT) /* another machine told it */
			rc = RC_OK;
		else
			(*did)++;
	}
	return rc;
}
