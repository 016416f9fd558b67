/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders as their buyers see them.  Everything starts with a proof; without
 * one, an order that exists and one that does not are the same answer after
 * the same work.
 */
#include "shop/order.h"

#include <string.h>

#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/vec.h"
#include "io/crypt.h"
#include "shop/event.h"
#include "shop/identity.h"
#include "shop/order_hold.h"
#include "shop/order_int.h"
#include "store/outbox.h"
#include "store/refund.h"
#include "store/shortage.h"
#include "store/tx.h"

enum { RESEND_WAIT_S = 60 };

static struct span
bytes(const void *p, size_t n)
{
	return (struct span){p, n};
}

/* ------------------------------------------------------------ proof */

static bool
password_proves(
    struct ctx *cx, const struct order_full *o, const char *password)
{
	uint8_t hash[32];

	identity_lookup(cx, o->no, password, hash);
	return crypt_equal(o->lookup_hash, bytes(hash, sizeof(hash)));
}

static bool
visitor_proves(
    struct ctx *cx, const struct order_full *o, const struct visitor *v)
{
	uint8_t hash[32];

	if (v == NULL || !v->known)
		return false;
	identity_visitor(cx, v, hash);
	return crypt_equal(o->buyer_hash, bytes(hash, sizeof(hash)));
}

static bool
link_proves(struct ctx *cx, const struct order_full *o, const char *token)
{
	uint8_t want[32];
	struct span got;

	identity_link(cx, o->no, o->link_epoch, want);
	return b64url_bytes(cx->arena, span_str(token), &got) == RC_OK &&
	       crypt_equal(got, bytes(want, sizeof(want)));
}

/* All proofs that were given are tried, whichever holds: the time says
 * nothing of which one was wrong. */
static bool
proves(
    struct ctx *cx, const struct order_full *o, const struct order_proof *proof)
{
	bool yes = visitor_proves(cx, o, proof->visitor);

	if (proof->password != NULL &&
	    strlen(proof->password) <= LIM_LOOKUP_PASSWORD * 4)
		yes |= o->lookup_hash.n != 0 &&
		       password_proves(cx, o, proof->password);
	if (proof->link_token != NULL)
		yes |= link_proves(cx, o, proof->link_token);
	return yes;
}

static enum rc
open_proven(struct ctx *cx, const char *no, const struct order_proof *proof,
    struct order_full *out)
{
	static const uint8_t nobody[32];
	const struct order_full none = {
	    .no = "000000000000000000000000",
	    .buyer_hash = {(const char *)nobody, 32},
	    .lookup_hash = {(const char *)nobody, 32},
	};
	enum rc rc;

	if (!order_number_ok(no))
		return RC_NOTFOUND;
	rc = order_by_no(cx, no, out);
	if (rc == RC_NOTFOUND) {
		(void)proves(cx, &none, proof);
		return rc;
	}
	if (rc != RC_OK)
		return rc;
	return proves(cx, out, proof) ? RC_OK : RC_NOTFOUND;
}

/* ------------------------------------------------------------ reading */

static const char *
label(const struct ctx *cx, const char *own, const char *english)
{
	return str_eq(cx->lang, "en") && !str_empty(english) ? english : own;
}

static enum rc
read_items(struct ctx *cx, struct order *o)
{
	const struct item_shown *rows;
	struct order_item *it;
	size_t i;
	enum rc rc;

	rc = order_items_shown(cx, o->id, &rows, &o->n_items);
	if (rc != RC_OK)
		return rc;
	it = ARENA_ARRAY(cx->arena, o->n_items, struct order_item);
	for (i = 0; i < o->n_items; i++) {
		it[i] = (struct order_item){
		    .id = rows[i].id,
		    .product = rows[i].product,
		    .sku = rows[i].sku,
		    .product_name = rows[i].product_name,
		    .sku_name = rows[i].sku_name,
		    .sku_code = rows[i].sku_code,
		    .product_slug = rows[i].slug,
		    .qty = rows[i].qty,
		    .delivered = rows[i].delivered,
		    .price = rows[i].price,
		    .card_format = rows[i].card_format,
		    .guide_html = rows[i].guide_html,
		};
		o->qty += it[i].qty;
		o->delivered += it[i].delivered;
	}
	o->items = it;
	return RC_OK;
}

static enum rc
read_inputs(struct ctx *cx, struct order *o)
{
	const struct input_shown *rows;
	struct order_input_value *in;
	size_t i;
	enum rc rc;

	rc = order_inputs_of(cx, o->id, &rows, &o->n_inputs);
	if (rc != RC_OK)
		return rc;
	in = ARENA_ARRAY(cx->arena, o->n_inputs, struct order_input_value);
	for (i = 0; i < o->n_inputs; i++) {
		in[i].label = rows[i].label;
		in[i].value = rows[i].value;
	}
	o->inputs = in;
	return RC_OK;
}

enum rc
order_build(
    struct ctx *cx, const struct order_full *f, const struct order **out)
{
	struct order *o = ARENA_NEW(cx->arena, struct order);
	enum rc rc;

	*o = (struct order){
	    .id = f->id,
	    .no = f->no,
	    .currency = f->currency,
	    .contact = f->contact,
	    .lang = f->lang,
	    .list = f->list,
	    .tier_off = f->tier_off,
	    .coupon_off = f->coupon_off,
	    .fee = f->fee,
	    .total = f->total,
	    .paid = f->paid,
	    .refunded = f->refunded,
	    .channel = f->channel,
	    .channel_name = f->channel_name,
	    .channel_title = label(cx, f->channel_title, f->channel_title_en),
	    .late = f->late,
	    .kept = f->kept,
	    .extended = f->extended,
	    .has_lookup = f->lookup_hash.n != 0,
	    .created = f->created,
	    .expires = f->expires,
	    .paid_at = f->paid_at,
	    .delivered_at = f->delivered_at,
	    .link_token = order_link_token(cx, f->no, f->link_epoch),
	};
	if ((rc = order_state_parse(f->state, &o->state)) != RC_OK ||
	    (rc = read_items(cx, o)) != RC_OK ||
	    (rc = read_inputs(cx, o)) != RC_OK)
		return rc;
	if (o->state == ORDER_REFUNDING &&
	    (rc = order_returning(cx, o->id, &o->returning)) != RC_OK)
		return rc;
	if (o->state == ORDER_SHORT)
		rc = shortage_place(cx, o->id, &o->short_place);
	*out = o;
	return rc;
}

enum rc
order_open(struct ctx *cx, const char *no, const struct order_proof *proof,
    const struct order **out)
{
	struct order_full f;
	enum rc rc;

	rc = open_proven(cx, no, proof, &f);
	return rc == RC_OK ? order_build(cx, &f, out) : rc;
}

static int64_t
hold_on(struct ctx *cx, const struct order_full *f)
{
	const struct hold h = {
	    .order = f->id,
	    .channel = f->channel,
	    .no = f->no,
	    .created = f->created,
	    .expires = f->expires,
	    .extended = f->extended,
	};

	return order_hold_on(cx, &h);
}

enum rc
order_status(struct ctx *cx, const char *no, const struct order_proof *proof,
    enum order_state *state, unsigned *delivered, int64_t *expires)
{
	const struct item_shown *items;
	struct order_full f;
	size_t n, i;
	enum rc rc;

	rc = open_proven(cx, no, proof, &f);
	if (rc != RC_OK)
		return rc;
	if ((rc = order_items_shown(cx, f.id, &items, &n)) != RC_OK ||
	    (rc = order_state_parse(f.state, state)) != RC_OK)
		return rc;
	*delivered = 0;
	for (i = 0; i < n; i++)
		*delivered += items[i].delivered;
	*expires = *state == ORDER_PENDING ? hold_on(cx, &f) : f.expires;
	return RC_OK;
}

const char *
order_link_token(struct ctx *cx, const char *no, unsigned epoch)
{
	uint8_t mac[32];

	identity_link(cx, no, epoch, mac);
	return b64url_text(cx->arena, mac, sizeof(mac));
}

/* ------------------------------------------------------------ cards */

typedef VEC(struct span) spans;

static const struct order_item *
item_of(const struct order *o, uint64_t id)
{
	size_t i;

	for (i = 0; i < o->n_items; i++) {
		if (o->items[i].id == id)
			return &o->items[i];
	}
	return NULL;
}

/* "account----password----recovery": the separator that sellers use. */
static void
cut_fields(struct ctx *cx, struct span text, spans *out)
{
	const char *hit;

	while ((hit = memmem(text.p, text.n, "----", 4)) != NULL) {
		*VEC_ADD(out, cx->arena) =
		    bytes(text.p, (size_t)(hit - text.p));
		text.n -= (size_t)(hit + 4 - text.p);
		text.p = hit + 4;
	}
	*VEC_ADD(out, cx->arena) = text;
}

static const char *const *
cut_labels(struct ctx *cx, const char *format, size_t n)
{
	const char **labels = ARENA_ARRAY(cx->arena, n, const char *);
	struct span rest = span_str(format), part;
	size_t i;

	for (i = 0; i < n; i++)
		labels[i] = "";
	for (i = 0; i < n && !str_empty(format) && span_cut(&rest, '|', &part);
	     i++)
		labels[i] = arena_dup(cx->arena, part.p, part.n);
	return labels;
}

static enum rc
open_card(struct ctx *cx, const struct delivered_row *d, struct order_card *c)
{
	c->id = d->card;
	c->item = d->item;
	return d->card != 0 ? keyring_open_card(cx->keys, cx->arena, d->card,
				  d->key_id, d->sealed, &c->text)
			    : keyring_open(cx->keys, cx->arena, "delivery",
				  d->delivery, d->sealed, &c->text);
}

bool
order_shows_goods(const struct order *o)
{
	if (o->state == ORDER_REFUNDED)
		return false;
	return o->state != ORDER_REFUNDING ||
	       o->refunded.minor + o->returning.minor < o->paid.minor;
}

/* The look is noted before anything is shown and the rows are read after
 * that: a refund that finds the goods unseen takes them, one that comes
 * later finds that they were seen. */
static enum rc
read_deliveries(struct ctx *cx, const struct order *o, size_t from, size_t max,
    const struct delivered_row **rows, size_t *n)
{
	enum rc rc = order_deliveries(cx, o->id, from, max, rows, n);
	size_t i;

	if (rc != RC_OK || cx->actor != ACTOR_BUYER)
		return rc;
	for (i = 0; i < *n && (*rows)[i].seen != 0; i++)
		;
	if (i == *n)
		return RC_OK;
	rc = delivery_seen(cx, o->id);
	return rc == RC_OK ? order_deliveries(cx, o->id, from, max, rows, n)
			   : rc;
}

enum rc
order_cards(struct ctx *cx, const struct order *o, size_t from, size_t max,
    const struct order_card **out, size_t *n)
{
	const struct delivered_row *rows;
	const struct order_item *it;
	struct order_card *cards;
	spans fields;
	size_t i;
	enum rc rc;

	*n = 0;
	*out = NULL;
	if (!order_shows_goods(o))
		return RC_OK;
	rc = read_deliveries(cx, o, from, max, &rows, n);
	if (rc != RC_OK)
		return rc;
	cards = ARENA_ARRAY(cx->arena, *n, struct order_card);
	for (i = 0; i < *n; i++) {
		rc = open_card(cx, &rows[i], &cards[i]);
		if (rc != RC_OK)
			return RC_FAIL;
		it = item_of(o, rows[i].item);
		memset(&fields, 0, sizeof(fields));
		cut_fields(cx, cards[i].text, &fields);
		cards[i].fields = fields.v;
		cards[i].n_fields = fields.n;
		cards[i].labels =
		    cut_labels(cx, it == NULL ? "" : it->card_format, fields.n);
	}
	*out = cards;
	return RC_OK;
}

enum rc
order_timeline(struct ctx *cx, const struct order *o,
    const struct order_event_view **out, size_t *n)
{
	const struct event_row *rows;
	struct order_event_view *v;
	size_t i;
	enum rc rc;

	rc = order_events(cx, o->id, &rows, n);
	if (rc != RC_OK)
		return rc;
	v = ARENA_ARRAY(cx->arena, *n, struct order_event_view);
	for (i = 0; i < *n; i++) {
		v[i].at = rows[i].at;
		v[i].kind = rows[i].kind;
		v[i].detail = rows[i].detail;
		v[i].actor = rows[i].actor;
		rc = order_state_parse(rows[i].to, &v[i].to);
		if (rc != RC_OK)
			return RC_FAIL;
	}
	*out = v;
	return RC_OK;
}

enum rc
order_of_visitor(struct ctx *cx, const struct visitor *v,
    const struct order_brief **out, size_t *n)
{
	const struct brief_row *rows;
	struct order_brief *b;
	uint8_t hash[32];
	size_t i;
	enum rc rc;

	*n = 0;
	*out = NULL;
	if (v == NULL || !v->known)
		return RC_OK;
	identity_visitor(cx, v, hash);
	rc = orders_of_buyer(
	    cx, bytes(hash, sizeof(hash)), LIM_ORDERS_LISTED, &rows, n);
	if (rc != RC_OK)
		return rc;
	b = ARENA_ARRAY(cx->arena, *n, struct order_brief);
	for (i = 0; i < *n; i++) {
		b[i] = (struct order_brief){
		    .no = rows[i].no,
		    .product_name = rows[i].product_name,
		    .currency = rows[i].currency,
		    .qty = rows[i].qty,
		    .total = rows[i].total,
		    .created = rows[i].created,
		};
		rc = order_state_parse(rows[i].state, &b[i].state);
		if (rc != RC_OK)
			return RC_FAIL;
	}
	*out = b;
	return RC_OK;
}

/* ------------------------------------------------------------ mail again */

static enum rc
resend_body(struct ctx *cx, void *arg)
{
	const struct order *o = arg;
	int64_t slot = cx->now / (RESEND_WAIT_S * US_PER_S);

	return outbox_add_new(cx, OUTBOX_MAIL_ORDER, o->id,
	    arena_fmt(cx->arena, OUTBOX_OF_ORDER ":again:%lld",
		(unsigned long long)o->id, (long long)slot),
	    o->no);
}

enum rc
order_resend(struct ctx *cx, const struct order *o)
{
	return tx_run(cx, resend_body, (void *)(uintptr_t)o);
}
