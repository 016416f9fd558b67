/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One order on the desk: its whole story, and what a person may do with it.
 * Marking it paid goes the same way as a gateway's word.
 */
#include "shop/desk.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/bug.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "io/crypt.h"
#include "shop/audit.h"
#include "shop/deliver.h"
#include "shop/event.h"
#include "shop/order_end.h"
#include "shop/order_int.h"
#include "shop/settle.h"
#include "store/desk.h"
#include "store/outbox.h"
#include "store/purchase.h"
#include "store/tx.h"

enum { DELIVERIES_SHOWN = 200, HAND_OVER_MAX = 8000 };

static const char *
address_text(struct ctx *cx, struct span a)
{
	uint8_t raw[16] = {0};
	char text[INET6_ADDRSTRLEN];

	if (a.n > sizeof(raw))
		return "";
	memcpy(raw, a.p, a.n);
	if (inet_ntop(a.n == 4 ? AF_INET : AF_INET6, raw, text, sizeof(text)) ==
	    NULL)
		return "";
	return arena_fmt(cx->arena, a.n == 4 ? "%s" : "%s/64", text);
}

static enum rc
read_payments(struct ctx *cx, struct desk_order *out)
{
	const struct desk_payment_row *rows;
	struct desk_payment *p;
	size_t i;
	enum rc rc;

	rc = desk_payment_rows(cx, out->o->id, &rows, &out->n_payments);
	if (rc != RC_OK)
		return rc;
	p = ARENA_ARRAY(cx->arena, out->n_payments, struct desk_payment);
	for (i = 0; i < out->n_payments; i++)
		p[i] = (struct desk_payment){
		    .id = rows[i].id,
		    .channel = rows[i].channel,
		    .state = rows[i].state,
		    .role = rows[i].role,
		    .txn = rows[i].txn,
		    .currency = rows[i].currency,
		    .case_state = rows[i].case_state,
		    .amount = rows[i].amount,
		    .created = rows[i].created,
		    .settled = rows[i].settled,
		};
	out->payments = p;
	return RC_OK;
}

static enum rc
read_mails(struct ctx *cx, struct desk_order *out)
{
	const struct desk_mail_row *rows;
	struct desk_mail *m;
	size_t i;
	enum rc rc;

	rc = desk_mail_rows(cx, out->o->id, &rows, &out->n_mails);
	if (rc != RC_OK)
		return rc;
	m = ARENA_ARRAY(cx->arena, out->n_mails, struct desk_mail);
	for (i = 0; i < out->n_mails; i++)
		m[i] = (struct desk_mail){rows[i].kind, rows[i].state,
		    rows[i].error, rows[i].created, rows[i].done,
		    rows[i].attempts};
	out->mails = m;
	return RC_OK;
}

static enum rc
read_deliveries(struct ctx *cx, struct desk_order *out)
{
	const struct desk_delivery_row *rows;
	struct desk_delivery *d;
	size_t i;
	enum rc rc;

	rc = desk_delivery_rows(
	    cx, out->o->id, DELIVERIES_SHOWN, &rows, &out->n_deliveries);
	if (rc != RC_OK)
		return rc;
	d = ARENA_ARRAY(cx->arena, out->n_deliveries, struct desk_delivery);
	for (i = 0; i < out->n_deliveries; i++)
		d[i] = (struct desk_delivery){
		    rows[i].card, rows[i].at, rows[i].seen};
	out->deliveries = d;
	return RC_OK;
}

enum rc
desk_order(struct ctx *cx, const char *no, struct desk_order *out)
{
	struct order_full f;
	enum rc rc;

	if (!order_number_ok(no))
		return RC_NOTFOUND;
	rc = order_by_no(cx, no, &f);
	if (rc == RC_OK && f.merchant != cx->merchant)
		rc = RC_NOTFOUND;
	if (rc != RC_OK)
		return rc;
	out->address = address_text(cx, f.address);
	if ((rc = order_build(cx, &f, &out->o)) != RC_OK ||
	    (rc = order_timeline(cx, out->o, &out->events, &out->n_events)) !=
		RC_OK ||
	    (rc = read_payments(cx, out)) != RC_OK ||
	    (rc = read_mails(cx, out)) != RC_OK)
		return rc;
	return read_deliveries(cx, out);
}

static enum rc
own_order(struct ctx *cx, const char *no, struct order_full *f)
{
	enum rc rc;

	if (!order_number_ok(no))
		return RC_NOTFOUND;
	rc = order_by_no(cx, no, f);
	return rc == RC_OK && f->merchant != cx->merchant ? RC_NOTFOUND : rc;
}

static bool
reason_ok(const char *s)
{
	return !str_empty(s) && utf8_line(span_str(s), LIM_REASON);
}

/* ------------------------------------------------------------ acts */

struct note {
	const char *action, *no, *detail;
};

static enum rc
note_body(struct ctx *cx, void *arg)
{
	const struct note *n = arg;

	return audit_add(
	    cx, n->action, arena_fmt(cx->arena, "order:%s", n->no), n->detail);
}

enum rc
desk_mark_paid(
    struct ctx *cx, const char *no, const char *reference, const char *reason)
{
	struct note note = {.action = "order.mark_paid", .no = no};
	struct order_full f;
	struct paid p;
	enum rc rc;

	if (!reason_ok(reason) || !str_is_token(reference, "-_.:/", LIM_TXN))
		return RC_INVALID;
	rc = own_order(cx, no, &f);
	if (rc != RC_OK)
		return rc;
	/* The audit row first: money that nobody stands for must not exist;
	 * a note of an attempt that failed does no harm. */
	note.detail =
	    arena_fmt(cx->arena, "reference=%s reason=%s", reference, reason);
	rc = tx_run(cx, note_body, &note);
	if (rc != RC_OK)
		return rc;
	p = (struct paid){
	    .source = SETTLE_STAFF,
	    .channel = f.channel,
	    .order_no = no,
	    .txn = reference,
	    .detail = arena_fmt(cx->arena, "%s: %s", reference, reason),
	    .method = "STAFF",
	    .body = span_str(note.detail),
	};
	rc = settle_batch(cx, &p, 1);
	return rc == RC_OK ? p.rc : rc;
}

enum rc
desk_cancel(struct ctx *cx, const char *no, const char *reason)
{
	struct note note = {
	    .action = "order.cancel", .no = no, .detail = reason};
	struct order_full f;
	enum rc rc;

	if (!reason_ok(reason))
		return RC_INVALID;
	if ((rc = own_order(cx, no, &f)) != RC_OK ||
	    (rc = tx_run(cx, note_body, &note)) != RC_OK)
		return rc;
	return order_give_up(cx, no, reason);
}

enum rc
desk_resend(struct ctx *cx, const char *no)
{
	struct note note = {.action = "order.resend", .no = no, .detail = ""};
	const struct order *o;
	struct order_full f;
	enum rc rc;

	if ((rc = own_order(cx, no, &f)) != RC_OK ||
	    (rc = order_build(cx, &f, &o)) != RC_OK ||
	    (rc = tx_run(cx, note_body, &note)) != RC_OK)
		return rc;
	return order_resend(cx, o);
}

/* ------------------------------------------------------------ by hand */

struct hand_over {
	const char *no;
	struct span text;
};

static enum rc
add_delivery(
    struct ctx *cx, const struct order_row *o, const struct hand_over *h)
{
	const struct item_row *items;
	struct span sealed;
	uint64_t id;
	size_t n;
	enum rc rc;

	rc = order_items_of(cx, o->id, &items, &n);
	if (rc != RC_OK)
		return rc;
	BUG_ON(n == 0);
	if ((rc = delivery_by_hand(cx, o->id, items[0].id, &id)) != RC_OK ||
	    (rc = keyring_seal(cx->keys, cx->arena, "delivery", id, h->text,
		 &sealed)) != RC_OK ||
	    (rc = delivery_sealed(cx, id, sealed)) != RC_OK)
		return rc;
	return item_delivered(cx, items[0].id, items[0].qty);
}

static enum rc
hand_over_body(struct ctx *cx, void *arg)
{
	const struct hand_over *h = arg;
	struct order_story story;
	struct order_row o;
	enum rc rc;

	rc = order_lock(cx, h->no, &o);
	if (rc != RC_OK)
		return rc;
	if (!str_eq(o.state, "manual"))
		return RC_CONFLICT;
	story_begin(&story, &o);
	o.delivered_at = cx->now;
	story_add(cx, &story, ORDER_DELIVERED, "handed_over", "");
	if ((rc = add_delivery(cx, &o, h)) != RC_OK ||
	    (rc = story_write(cx, &story)) != RC_OK ||
	    (rc = outbox_add(cx, OUTBOX_MAIL_ORDER, o.id,
		 arena_fmt(cx->arena, OUTBOX_OF_ORDER ":%s",
		     (unsigned long long)o.id, o.state),
		 o.no)) != RC_OK)
		return rc;
	return audit_add(
	    cx, "order.hand_over", arena_fmt(cx->arena, "order:%s", o.no), "");
}

enum rc
desk_hand_over(struct ctx *cx, const char *no, const char *text)
{
	struct hand_over h = {.no = no, .text = span_str(text)};
	struct order_full f;
	enum rc rc;

	if (str_empty(text) || h.text.n > HAND_OVER_MAX ||
	    !utf8_text(h.text, HAND_OVER_MAX))
		return RC_INVALID;
	rc = own_order(cx, no, &f);
	return rc == RC_OK ? tx_run(cx, hand_over_body, &h) : rc;
}
