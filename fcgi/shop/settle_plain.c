/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many plain payments in one transaction.  Plain is what a busy shop has: a
 * gateway says that an unpaid order was paid with its price, for the first
 * time, and the order holds all of its cards.  What is anything else is left
 * for settle.c, message by message; so is everything when the rows turn out
 * not to be what was read.  Nothing is decided here that settle_money.c would
 * decide otherwise: only the statements are other ones.
 */
#include "shop/settle_int.h"

#include <string.h>

#include "base/bug.h"
#include "shop/deliver.h"
#include "shop/event.h"
#include "store/sale.h"
#include "store/tx.h"

struct plain { /* one message */
	struct settling s;
	struct order_story story;
	uint64_t item, *card;
	unsigned cards;
	bool out; /* not plain */
};

struct batch {
	struct paid **paid; /* all of one channel */
	struct plain *p;
	size_t n, left; /* left: how many are plain so far */
};

static void
take_out(struct batch *b, struct plain *p)
{
	if (!p->out)
		b->left--;
	p->out = true;
}

/* What can be said without the database; one message an order. */
static bool
looks_plain(const struct batch *b, size_t i)
{
	const struct paid *p = b->paid[i];
	size_t j;

	if (p->verdict == NULL || p->verdict->outcome != PAY_PAID ||
	    str_empty(p->txn) || p->detail != NULL)
		return false;
	for (j = 0; j < i; j++)
		if (str_eq(b->paid[j]->order_no, p->order_no) ||
		    str_eq(b->paid[j]->txn, p->txn))
			return false;
	return true;
}

static void
begin(struct ctx *cx, struct batch *b)
{
	size_t i;

	b->p = ARENA_ARRAY(cx->arena, b->n, struct plain);
	b->left = b->n;
	for (i = 0; i < b->n; i++) {
		b->p[i].s.p = b->paid[i];
		if (!looks_plain(b, i))
			take_out(b, &b->p[i]);
	}
}

/* ------------------------------------------------------------ reading */

static bool
order_is_plain(struct settling *s, const struct order_row *o, size_t n)
{
	size_t i;

	for (i = 0; i < n && !str_eq(o[i].no, s->p->order_no); i++)
		;
	if (i == n)
		return false;
	s->order = o[i];
	BUG_ON(order_state_parse(o[i].state, &s->state) != RC_OK);
	return s->state == ORDER_PENDING && !o[i].late && !o[i].kept &&
	       o[i].paid.minor == 0;
}

static enum rc
lock_orders(struct ctx *cx, struct batch *b)
{
	const char **no = ARENA_ARRAY(cx->arena, b->n, const char *);
	const struct order_row *o;
	size_t n = 0, i;
	enum rc rc;

	for (i = 0; i < b->n; i++)
		if (!b->p[i].out)
			no[n++] = b->paid[i]->order_no;
	rc = orders_lock(cx, no, n, &o, &n);
	for (i = 0; rc == RC_OK && i < b->n; i++)
		if (!b->p[i].out && !order_is_plain(&b->p[i].s, o, n))
			take_out(b, &b->p[i]);
	return rc;
}

/* The ids of the orders that are left. */
static uint64_t *
ids(struct ctx *cx, const struct batch *b)
{
	uint64_t *id = ARENA_ARRAY(cx->arena, b->left, uint64_t);
	size_t i, n = 0;

	for (i = 0; i < b->n; i++)
		if (!b->p[i].out)
			id[n++] = b->p[i].s.order.id;
	return id;
}

/* The opened payment has the order's price, and that is what came. */
static bool
money_is_plain(
    struct ctx *cx, struct settling *s, const struct payment_row *all, size_t n)
{
	struct payment_row *own = ARENA_ARRAY(cx->arena, n, struct payment_row);
	size_t i, m = 0;

	for (i = 0; i < n; i++) {
		if (all[i].order != s->order.id)
			continue;
		if (all[i].txn != NULL)
			return false; /* money has come in before */
		own[m++] = all[i];
	}
	return settle_compare(s, own, m) == WHY_OK && s->amount.minor > 0 &&
	       money_cmp(s->amount, s->order.total) == 0;
}

static enum rc
look_at_money(struct ctx *cx, struct batch *b)
{
	const char **txn = ARENA_ARRAY(cx->arena, b->n, const char *);
	const struct payment_row *all;
	const char *const *known;
	size_t n, n_known, m = 0, i, k;
	enum rc rc;

	rc = payments_of_orders(
	    cx, b->paid[0]->channel, ids(cx, b), b->left, &all, &n);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < b->n; i++) {
		if (!b->p[i].out && !money_is_plain(cx, &b->p[i].s, all, n))
			take_out(b, &b->p[i]);
		if (!b->p[i].out)
			txn[m++] = b->paid[i]->txn;
	}
	rc = txns_known(cx, b->paid[0]->channel, txn, m, &known, &n_known);
	for (i = 0; rc == RC_OK && i < b->n; i++)
		for (k = 0; k < n_known; k++)
			if (str_eq(known[k], b->paid[i]->txn))
				take_out(b, &b->p[i]);
	return rc;
}

/* One item of cards, none delivered, all held. */
static bool
goods_are_plain(
    struct ctx *cx, struct plain *p, const struct to_sell *t, size_t n)
{
	const struct to_sell *own = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (t[i].order != p->s.order.id)
			continue;
		if (own == NULL) {
			own = &t[i];
			p->item = own->item;
			p->card = ARENA_ARRAY(cx->arena, own->qty, uint64_t);
		}
		if (t[i].item != p->item || t[i].card == 0 ||
		    p->cards == own->qty)
			return false;
		p->card[p->cards++] = t[i].card;
	}
	return own != NULL && str_eq(own->kind, "card") &&
	       own->delivered == 0 && p->cards == own->qty;
}

static enum rc
look_at_goods(struct ctx *cx, struct batch *b)
{
	const struct to_sell *t;
	size_t n, i;
	enum rc rc;

	rc = items_to_sell(cx, ids(cx, b), b->left, &t, &n);
	for (i = 0; rc == RC_OK && i < b->n; i++)
		if (!b->p[i].out && !goods_are_plain(cx, &b->p[i], t, n))
			take_out(b, &b->p[i]);
	return rc;
}

/* ------------------------------------------------------------ writing */

static struct sale
sale_of(struct ctx *cx, struct plain *p)
{
	struct order_row *o = &p->s.order;

	settle_fill_notice(cx, &p->s);
	story_begin(&p->story, o);
	o->paid = o->total;
	o->paid_at = o->delivered_at = cx->now;
	story_add(cx, &p->story, ORDER_PAID, "paid", NULL);
	story_add(cx, &p->story, ORDER_DELIVERED,
	    order_state_name(ORDER_DELIVERED), "");
	return (struct sale){
	    .o = o,
	    .payment = p->s.payment,
	    .amount = p->s.amount,
	    .txn = p->s.p->txn,
	    .item = p->item,
	    .card = p->card,
	    .cards = p->cards,
	    .notice = &p->s.notice,
	    .method = p->s.p->method == NULL ? "" : p->s.p->method,
	    .query = p->s.p->query,
	    .headers = p->s.p->headers,
	    .body = p->s.p->body,
	    .mail_dedupe = deliver_cause(cx, o),
	};
}

static enum rc
write_all(struct ctx *cx, struct batch *b)
{
	struct sale *sale = ARENA_ARRAY(cx->arena, b->left, struct sale);
	struct booking *book = ARENA_ARRAY(cx->arena, b->left, struct booking);
	struct event_new *event =
	    ARENA_ARRAY(cx->arena, b->left * EVENT_MAX, struct event_new);
	size_t i, n = 0, n_events = 0;
	enum rc rc;

	for (i = 0; i < b->n; i++) {
		struct plain *p = &b->p[i];

		if (p->out)
			continue;
		sale[n] = sale_of(cx, p);
		settle_book(cx, &p->s, p->s.payment, p->s.amount, &book[n++]);
		memcpy(&event[n_events], p->story.list,
		    p->story.n * sizeof(event[0]));
		n_events += p->story.n;
	}
	if ((rc = sales_write(cx, sale, n)) != RC_OK ||
	    (rc = ledger_book_all(cx, book, n)) != RC_OK)
		return rc;
	return order_event_add(cx, event, n_events);
}

static enum rc
plain_body(struct ctx *cx, void *arg)
{
	struct batch *b = arg;
	enum rc rc = RC_OK;

	begin(cx, b);
	if (b->left > 0)
		rc = lock_orders(cx, b);
	if (rc == RC_OK && b->left > 0)
		rc = look_at_money(cx, b);
	if (rc == RC_OK && b->left > 0)
		rc = look_at_goods(cx, b);
	if (rc != RC_OK || b->left == 0)
		return rc;
	return write_all(cx, b);
}

void
settle_plain(struct ctx *cx, struct paid **paid, size_t n, bool *done)
{
	struct batch b = {.paid = paid, .n = n};
	size_t i;
	/* not committed, or nobody knows: each message by itself finds out */
	bool ok = tx_run(cx, plain_body, &b) == RC_OK;

	for (i = 0; i < n; i++) {
		done[i] = ok && !b.p[i].out;
		if (!done[i])
			continue;
		paid[i]->rc = RC_OK;
		paid[i]->why = WHY_OK;
		paid[i]->reason = b.p[i].s.order.state;
	}
}
