/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paying: the way to the gateway and back.  A payment row is written before
 * the buyer is shown anything, because it is what binds the gateway's notice
 * to this order.  Gateways are asked outside transactions only.
 */
#include "shop/order.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "pay/verdict.h"
#include "shop/ask.h"
#include "shop/channel_keys.h"
#include "shop/order_hold.h"
#include "shop/settle.h"
#include "store/money.h"
#include "store/order.h"
#include "store/tx.h"

enum {
	FIRST_ASK_S = 10,
	STALE_S = 10 /* a link is not shown in its last seconds */
};

static const char *
subject(struct ctx *cx, const struct order *o)
{
	return o->n_items == 0 ? o->no
			       : arena_fmt(cx->arena, "%s x%u",
				     o->items[0].product_name, o->qty);
}

/* The same payment again ends when the gateway was told it would: WeChat
 * refuses another time for the same number. */
static int64_t
end_of(
    const struct ctx *cx, const struct order *o, const struct payment_row *open)
{
	return open != NULL && open->ends > cx->now + STALE_S * US_PER_S
		   ? open->ends
		   : o->expires;
}

static struct pay_order
describe(struct ctx *cx, const struct order *o, const struct channel *c,
    const struct payment_row *open)
{
	const char *back =
	    arena_fmt(cx->arena, "%s/o/%s/return", cx->set->site_url, o->no);

	return (struct pay_order){
	    .order_no = o->no,
	    .amount = o->total,
	    .currency = o->currency,
	    .subject = subject(cx, o),
	    .notify_url = channel_notify_url(cx, c->name, o->no),
	    .return_url = back,
	    .cancel_url =
		arena_fmt(cx->arena, "%s/o/%s/pay", cx->set->site_url, o->no),
	    .client_ip = cx->address == NULL ? "" : cx->address,
	    .device = cx->mobile ? PAY_PHONE : PAY_PC,
	    .method = "",
	    .expires_us = end_of(cx, o, open),
	    .provider_ref = open == NULL ? "" : open->provider_ref,
	};
}

static void
show_opened(struct ctx *cx, const struct pay_opened *op, struct pay_view *out)
{
	struct checkout_input *fields;
	size_t i;

	out->link = op->show == PAY_FORM || str_empty(op->url) ? NULL : op->url;
	out->qr_text = op->show == PAY_QR ? op->qr : NULL;
	if (op->show != PAY_FORM)
		return;
	out->form_action = op->url;
	fields = ARENA_ARRAY(cx->arena, op->n_form, struct checkout_input);
	for (i = 0; i < op->n_form; i++) {
		fields[i].name = op->form[i].name;
		fields[i].value = op->form[i].value;
	}
	out->form_fields = fields;
	out->n_form_fields = op->n_form;
}

/* The payment that is open already for this channel and amount, or NULL. */
static enum rc
find_open(struct ctx *cx, const struct order *o, const struct payment_row **out)
{
	const struct payment_row *rows;
	size_t n, i;
	enum rc rc;

	*out = NULL;
	rc = payments_of(cx, o->id, o->channel, &rows, &n);
	for (i = 0; rc == RC_OK && i < n; i++) {
		if (str_eq(rows[i].state, "pending") &&
		    money_cmp(rows[i].amount, o->total) == 0) {
			*out = &rows[i];
			break;
		}
	}
	return rc;
}

/* What was opened is kept before anything is shown.  The same payment with a
 * fresh link stays one row; another payment of the gateway is another row, and
 * the old one stays open to its word. */
static enum rc
remember(struct ctx *cx, const struct order *o, const struct payment_row *open,
    const struct pay_opened *op)
{
	struct payment_row p = {
	    .order = o->id,
	    .channel = o->channel,
	    .amount = o->total,
	    .currency = o->currency,
	    .provider_ref = str_empty(op->provider_ref) ? "" : op->provider_ref,
	    .pay_url = str_empty(op->url) ? "" : op->url,
	    .qr_text = str_empty(op->qr) ? "" : op->qr,
	    .until = op->expires_us,
	    .ends = op->ends_us,
	};
	uint64_t id;
	enum rc rc;

	if (open == NULL || (p.provider_ref[0] != '\0' &&
				!str_eq(p.provider_ref, open->provider_ref)))
		return payment_open(
		    cx, &p, cx->now + FIRST_ASK_S * US_PER_S, &id);
	p.id = open->id;
	rc = payment_reopen(cx, &p);
	/* paid meanwhile, or the same link once more: show it all the same,
	 * the page polls */
	return rc == RC_CONFLICT ? RC_OK : rc;
}

/* Its link or code has a time of its own, and that is over. */
static bool
is_stale(const struct ctx *cx, const struct payment_row *p)
{
	return p->until != 0 && p->until <= cx->now + STALE_S * US_PER_S;
}

/* A free order has no gateway: it is settled like money of nothing. */
static enum rc
pay_free(struct ctx *cx, const struct order *o)
{
	struct paid p = {
	    .source = SETTLE_STAFF,
	    .order_no = o->no,
	    .txn = arena_fmt(cx->arena, "free:%s", o->no),
	    .detail = "free",
	    .method = "",
	};

	if (settle_batch(cx, &p, 1) != RC_OK)
		return RC_BUSY;
	return p.rc == RC_OK ? RC_CONFLICT : p.rc; /* show the order */
}

static enum rc
open_at_gateway(struct ctx *cx, const struct order *o, const struct channel *c,
    struct pay_view *out)
{
	bool calls = (c->gw->can & PAY_OPEN_CALLS) != 0;
	const struct payment_row *open;
	struct pay_opened op = {0};
	struct pay_order po;
	enum rc rc;

	rc = find_open(cx, o, &open);
	if (rc != RC_OK)
		return rc;
	if (open != NULL && calls && !is_stale(cx, open)) {
		out->link = str_empty(open->pay_url) ? NULL : open->pay_url;
		out->qr_text = str_empty(open->qr_text) ? NULL : open->qr_text;
		return RC_OK;
	}
	po = describe(cx, o, c, open);
	rc = gateway_open(c->gw, cx, c->account, &po, &op);
	if (rc != RC_OK) {
		log_event(LOG_WARN, "gateway_open", LF_STR("channel", c->name),
		    LF_STR("rc", rc_name(rc)), LF_STR("said", op.said));
		if (rc == RC_FAIL) /* or signed by a key that is new to us */
			channel_keys_missed(cx, c);
		/* some never open an order number twice (epusdt says 10002):
		 * the page offers the other channels */
		return rc == RC_INVALID ? rc : RC_BUSY;
	}
	if (open == NULL || calls)
		rc = remember(cx, o, open, &op);
	if (rc == RC_OK)
		show_opened(cx, &op, out);
	return rc;
}

static enum rc
list_choices(struct ctx *cx, const struct order *o, struct pay_view *out)
{
	const struct channel *list;
	struct channel_choice *v;
	struct money goods;
	size_t i;
	enum rc rc;

	if ((rc = money_sub(o->total, o->fee, &goods)) != RC_OK ||
	    (rc = channel_choices(cx, goods, o->currency, cx->mobile, &list,
		 &out->n_channels)) != RC_OK)
		return rc;
	v = ARENA_ARRAY(cx->arena, out->n_channels, struct channel_choice);
	for (i = 0; i < out->n_channels; i++) {
		v[i].id = list[i].id;
		v[i].name = list[i].name;
		v[i].gateway = list[i].gateway;
		v[i].title =
		    str_eq(cx->lang, "en") && !str_empty(list[i].title_en)
			? list[i].title_en
			: list[i].title;
		if ((rc = channel_fee(&list[i], goods, &v[i].fee)) != RC_OK ||
		    (rc = money_add(goods, v[i].fee, &v[i].total)) != RC_OK)
			return rc;
	}
	out->channels = v;
	return RC_OK;
}

static int64_t
hold_on(struct ctx *cx, const struct order *o, bool opening)
{
	const struct hold h = {
	    .order = o->id,
	    .channel = o->channel,
	    .no = o->no,
	    .created = o->created,
	    .expires = o->expires,
	    .extended = o->extended,
	    .opening = opening,
	};

	return order_hold_on(cx, &h);
}

enum rc
order_pay(struct ctx *cx, const struct order *o, struct pay_view *out)
{
	struct order *held;
	struct channel c;
	enum rc rc;

	*out = (struct pay_view){.order = o};
	if (o->state != ORDER_PENDING || o->expires <= cx->now)
		return RC_CONFLICT;
	if (o->total.minor == 0) {
		out->free = true;
		return pay_free(cx, o);
	}
	rc = list_choices(cx, o, out);
	if (rc == RC_OK)
		rc = channel_load_id(cx, o->channel, &c);
	if (rc != RC_OK)
		return rc;
	if (!c.on || c.account == NULL) /* switched off meanwhile */
		return RC_INVALID;
	out->order = held = ARENA_NEW(cx->arena, struct order);
	*held = *o;
	held->expires = hold_on(cx, o, true);
	return open_at_gateway(cx, held, &c, out);
}

struct change {
	const struct order *o;
	const struct channel *c;
	struct money fee, total;
};

static enum rc
change_body(struct ctx *cx, void *arg)
{
	const struct change *ch = arg;

	return order_channel(cx, ch->o->id, ch->c->id, ch->fee, ch->total);
}

enum rc
order_set_channel(struct ctx *cx, const struct order *o, const char *channel)
{
	const struct channel *list;
	struct change ch = {.o = o};
	struct money goods;
	size_t n, i;
	enum rc rc;

	if ((rc = money_sub(o->total, o->fee, &goods)) != RC_OK ||
	    (rc = channel_choices(
		 cx, goods, o->currency, cx->mobile, &list, &n)) != RC_OK)
		return rc;
	for (i = 0; i < n && !str_eq(list[i].name, channel); i++)
		;
	if (i == n)
		return RC_INVALID;
	ch.c = &list[i];
	if ((rc = channel_fee(ch.c, goods, &ch.fee)) != RC_OK ||
	    (rc = money_add(goods, ch.fee, &ch.total)) != RC_OK)
		return rc;
	if (ch.c->id == o->channel && money_cmp(ch.total, o->total) == 0)
		return RC_OK;
	return tx_run(cx, change_body, &ch);
}

void
order_returned(struct ctx *cx, const struct order *o)
{
	const struct payment_row *open;
	enum rc rc;

	if (o->state != ORDER_PENDING || find_open(cx, o, &open) != RC_OK ||
	    open == NULL)
		return;
	rc = ask_gateway(cx, o->no, open);
	if (rc != RC_OK && rc != RC_NOTFOUND) /* the jobs will ask again */
		log_event(LOG_INFO, "return_asked", LF_STR("order", o->no),
		    LF_STR("rc", rc_name(rc)));
	if (rc != RC_OK) /* its money may be on the way */
		(void)hold_on(cx, o, false);
}
