/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The claim.  One transaction serves a whole batch: form tokens, offers and
 * caps are looked up for all, for each SKU one locked read takes as many free
 * cards as the batch wants, they are dealt out in arrival order to whole
 * orders, and the rows of all orders are written together.  What a single claim
 * runs into (sold out, a limit, a coupon) is its own answer; only a failure of
 * the database concerns the batch, and then each claim is run by itself, so
 * that one cannot fail its neighbours.
 *
 * Must not: compute a price, look at a form, ask a gateway.
 */
#include "shop/claim.h"

#include <string.h>

#include "base/bug.h"
#include "base/metric.h"
#include "base/vec.h"
#include "shop/claim_int.h"
#include "shop/offer.h"
#include "store/ids.h"
#include "store/purchase.h"
#include "store/tx.h"

struct pool { /* the free cards that the batch locked of one SKU */
	uint64_t sku;
	enum card_pick how;
	unsigned wanted;
	const uint64_t *ids;
	size_t n, dealt;
};

struct batch {
	struct claim *claims;
	size_t n;
	VEC(struct pool) pools;
	VEC(struct held) held;
	const char **winner; /* of each claim: the order its form made */
};

static struct span
bytes(const uint8_t *p, size_t n)
{
	return (struct span){(const char *)p, n};
}

static struct span
form_of(const struct claim *c)
{
	return bytes(c->form_key, sizeof(c->form_key));
}

static struct span
contact_of(const struct claim *c)
{
	return bytes(c->contact_hash, sizeof(c->contact_hash));
}

static void
refuse(struct claim *c, enum claim_why why)
{
	c->rc = RC_CONFLICT;
	c->why = why;
}

/* ------------------------------------------------------------ before cards */

/* The body may run several times: each time from the beginning. */
static void
begin(struct ctx *cx, struct batch *b)
{
	size_t i;

	b->pools.n = b->held.n = 0;
	b->winner = ARENA_ARRAY(cx->arena, b->n, const char *);
	for (i = 0; i < b->n; i++) {
		b->claims[i].rc = RC_OK;
		b->claims[i].why = CLAIM_OK;
	}
}

/* Forms that were sent before: they have made their order. */
static enum rc
look_at_forms(struct ctx *cx, struct batch *b)
{
	struct span *key = ARENA_ARRAY(cx->arena, b->n, struct span);
	const struct form_row *f;
	size_t n, i, j;
	enum rc rc;

	for (i = 0; i < b->n; i++)
		key[i] = form_of(&b->claims[i]);
	rc = orders_of_forms(cx, key, b->n, &f, &n);
	for (i = 0; rc == RC_OK && i < b->n; i++) {
		for (j = 0; j < n; j++) {
			if (!span_eq(key[i], f[j].form_key))
				continue;
			b->winner[i] = f[j].no;
			refuse(&b->claims[i], CLAIM_TOKEN_USED);
		}
	}
	return rc;
}

/* The bytes of the network around an address: IPv4 /24, IPv6 /48. */
static unsigned
net_size(const struct claim *c)
{
	enum { NET4 = 3, NET6 = 6 };

	return c->address_n == 4 ? NET4 : NET6;
}

/* Unpaid orders of the same networks or contact that stand before claim i in
 * this batch. */
static void
count_before(const struct batch *b, size_t i, struct hold_count *n)
{
	const struct claim *c = &b->claims[i], *o;
	size_t j;

	for (j = 0; j < i; j++) {
		o = &b->claims[j];
		if (o->rc != RC_OK)
			continue;
		n->contact += span_eq(contact_of(o), contact_of(c));
		if (o->address_n != c->address_n)
			continue;
		n->address += memcmp(o->address, c->address, c->address_n) == 0;
		n->net += memcmp(o->address, c->address, net_size(c)) == 0;
	}
}

static struct hold_ask
hold_ask_of(struct ctx *cx, const struct claim *c)
{
	uint8_t *from = arena_alloc(cx->arena, sizeof(c->address));
	uint8_t *to = arena_alloc(cx->arena, sizeof(c->address));
	unsigned keep = net_size(c), i;

	for (i = 0; i < c->address_n; i++) {
		from[i] = i < keep ? c->address[i] : 0;
		to[i] = i < keep ? c->address[i] : UINT8_MAX;
	}
	return (struct hold_ask){
	    .address = bytes(c->address, c->address_n),
	    .contact_hash = contact_of(c),
	    .net_from = bytes(from, c->address_n),
	    .net_to = bytes(to, c->address_n),
	};
}

static bool
over(uint64_t n, unsigned cap)
{
	return cap != 0 && n >= cap;
}

/* Soft caps: two transactions at the same instant may both pass, one more is
 * no harm; the hard ones (buyer's limit, coupon) are counters. */
static enum rc
check_holds(struct ctx *cx, struct batch *b)
{
	const struct hold_caps caps = {
	    .address = (unsigned)cx->set->hold_cap_address,
	    .contact = (unsigned)cx->set->hold_cap_contact,
	    .net = (unsigned)cx->set->hold_cap_network,
	};
	const struct hold_count *count;
	struct hold_ask *ask;
	struct hold_count n;
	size_t i;
	enum rc rc;

	if (caps.address == 0 && caps.contact == 0 && caps.net == 0)
		return RC_OK;
	ask = ARENA_ARRAY(cx->arena, b->n, struct hold_ask);
	for (i = 0; i < b->n; i++)
		ask[i] = hold_ask_of(cx, &b->claims[i]);
	rc = hold_counts(cx, ask, b->n, &caps, &count);
	for (i = 0; rc == RC_OK && i < b->n; i++) {
		if (b->claims[i].rc != RC_OK)
			continue;
		n = count[i];
		count_before(b, i, &n);
		if (over(n.address, caps.address) ||
		    over(n.contact, caps.contact) || over(n.net, caps.net))
			refuse(&b->claims[i], CLAIM_HOLDS);
	}
	return rc;
}

/* ------------------------------------------------------------ offers */

/* The same offer as an earlier claim's of the batch. */
static bool
same_offer(const struct claim *a, const struct claim *b)
{
	return a->offer != 0 && a->sku == b->sku &&
	       strcmp(a->lang, b->lang) == 0;
}

/* Claims that were priced from what a process kept: the rows of each offer
 * are read once for all of them. */
static enum rc
check_offers(struct ctx *cx, struct batch *b)
{
	uint64_t *now = ARENA_ARRAY(cx->arena, b->n, uint64_t);
	struct claim *c;
	size_t i, j;
	enum rc rc = RC_OK;

	for (i = 0; rc == RC_OK && i < b->n; i++) {
		c = &b->claims[i];
		if (c->offer == 0)
			continue;
		for (j = 0; j < i && !same_offer(&b->claims[j], c); j++)
			;
		if (j < i)
			now[i] = now[j];
		else
			rc = offer_digest(cx, c->lang, c->sku, &now[i]);
		if (rc == RC_OK && c->rc == RC_OK && now[i] != c->offer)
			refuse(c, CLAIM_STALE);
	}
	return rc;
}

/* ------------------------------------------------------------ cards */

static struct pool *
pool_of(struct batch *b, const struct claim *c)
{
	size_t i;

	for (i = 0; i < b->pools.n; i++) {
		if (b->pools.v[i].sku == c->sku)
			return &b->pools.v[i];
	}
	return NULL;
}

/* How many cards of each SKU the batch wants: loop and manual goods want
 * none, but a loop SKU must have a text to sell. */
static void
want(struct ctx *cx, struct batch *b)
{
	const struct claim *c;
	struct pool *p;
	size_t i;

	for (i = 0; i < b->n; i++) {
		c = &b->claims[i];
		if (c->rc != RC_OK || c->kind != SKU_CARD)
			continue;
		p = pool_of(b, c);
		if (p == NULL) {
			p = VEC_ADD(&b->pools, cx->arena);
			*p = (struct pool){
			    .sku = c->sku,
			    .how = c->newest ? PICK_NEWEST : PICK_OLDEST,
			};
		}
		if (c->wait)
			p->how = PICK_WAIT;
		p->wanted += c->qty;
	}
}

static enum rc
pick(struct ctx *cx, struct batch *b)
{
	struct pool *p;
	size_t i;
	enum rc rc;

	for (i = 0; i < b->pools.n; i++) {
		p = &b->pools.v[i];
		rc = card_pick(cx, p->sku, p->how, p->wanted, &p->ids, &p->n);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* The two counters that a claim moves besides cards.  The second's refusal
 * undoes the first. */
static enum rc
take_counters(struct ctx *cx, const struct claim *c, enum claim_why *why)
{
	struct span contact = contact_of(c);
	enum rc rc = RC_OK, undo;

	*why = CLAIM_LIMIT;
	if (c->buyer_limit != 0)
		rc = buyer_count_add(
		    cx, c->sku, contact, c->qty, c->buyer_limit);
	if (rc != RC_OK || c->coupon == 0)
		return rc;
	*why = CLAIM_COUPON;
	rc = coupon_take(cx, c->coupon, contact);
	if (rc == RC_CONFLICT && c->buyer_limit != 0) {
		undo = buyer_count_untake(cx, c->sku, contact, c->qty);
		if (undo != RC_OK)
			return undo;
	}
	return rc;
}

static void
hold(struct ctx *cx, struct batch *b, struct pool *p, const struct claim *c)
{
	unsigned i;

	for (i = 0; i < c->qty; i++)
		*VEC_ADD(&b->held, cx->arena) = (struct held){
		    .card = p->ids[p->dealt++],
		    .order = c->order,
		    .until = c->expires,
		};
}

/* RC_OK: c->rc says whether it is served; anything else fails the batch. */
static enum rc
deal(struct ctx *cx, struct batch *b, struct claim *c)
{
	struct pool *p = c->kind == SKU_CARD ? pool_of(b, c) : NULL;
	struct card_text text;
	enum claim_why why;
	enum rc rc;

	if (p != NULL && p->n - p->dealt < c->qty) {
		refuse(c, CLAIM_SOLD_OUT);
		return RC_OK;
	}
	if (c->kind == SKU_LOOP) {
		rc = card_template(cx, c->sku, &text);
		if (rc == RC_NOTFOUND)
			refuse(c, CLAIM_SOLD_OUT);
		if (rc != RC_OK)
			return rc == RC_NOTFOUND ? RC_OK : rc;
	}
	rc = take_counters(cx, c, &why);
	if (rc == RC_CONFLICT)
		refuse(c, why);
	if (rc != RC_OK)
		return rc == RC_CONFLICT ? RC_OK : rc;
	if (p != NULL)
		hold(cx, b, p, c);
	return RC_OK;
}

static enum rc
claim_body(struct ctx *cx, void *arg)
{
	struct batch *b = arg;
	size_t i;
	enum rc rc;

	begin(cx, b);
	if ((rc = look_at_forms(cx, b)) != RC_OK ||
	    (rc = check_offers(cx, b)) != RC_OK ||
	    (rc = check_holds(cx, b)) != RC_OK)
		return rc;
	want(cx, b);
	rc = pick(cx, b);
	for (i = 0; rc == RC_OK && i < b->n; i++)
		if (b->claims[i].rc == RC_OK)
			rc = deal(cx, b, &b->claims[i]);
	if (rc == RC_OK)
		rc = cards_hold(cx, b->held.v, b->held.n);
	return rc == RC_OK ? claim_write(cx, b->claims, b->n) : rc;
}

/* ------------------------------------------------------------ answers */

/* The order that the form of c has made is the answer to c; it may be this
 * very one, from an attempt whose COMMIT was not answered. */
static void
take_winner(struct claim *c, const char *no)
{
	c->rc = RC_OK;
	c->why = CLAIM_OK;
	if (strcmp(no, c->no) == 0)
		return;
	memcpy(c->no, no, sizeof(c->no));
	refuse(c, CLAIM_TOKEN_USED);
}

static enum rc
look_for(struct ctx *cx, struct claim *c)
{
	struct span buyer;
	const char *no;
	enum rc rc = order_of_form(cx, form_of(c), &no, &buyer);

	if (rc == RC_OK)
		take_winner(c, no);
	return rc;
}

enum rc
claim_find(struct ctx *cx, struct claim *c)
{
	enum rc rc = look_for(cx, c);

	return rc == RC_NOTFOUND ? RC_OK : rc;
}

static void
answer(struct batch *b)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (b->winner[i] != NULL)
			take_winner(&b->claims[i], b->winner[i]);
}

static void
one(struct ctx *cx, struct claim *c)
{
	struct batch b = {.claims = c, .n = 1};
	enum rc rc;

	rc = tx_run(cx, claim_body, &b);
	if (rc == RC_OK) {
		answer(&b);
		return;
	}
	c->rc = rc;
	/* RC_CONFLICT: a key stood there already, almost always the form's,
	 * sent twice at the same time; else the number, 1 in 2^80.  RC_FAIL: a
	 * COMMIT whose answer was lost: is the order there? */
	if (rc == RC_CONFLICT || rc == RC_FAIL) {
		rc = look_for(cx, c);
		if (rc == RC_NOTFOUND)
			c->rc = RC_BUSY;
		else if (rc != RC_OK)
			c->rc = RC_FAIL;
	}
}

/* The same form twice in one batch would run into its own key. */
static bool
has_twins(const struct claim *claims, size_t n)
{
	size_t i, j;

	for (i = 1; i < n; i++)
		for (j = 0; j < i; j++)
			if (span_eq(form_of(&claims[i]), form_of(&claims[j])))
				return true;
	return false;
}

static void
together(struct ctx *cx, struct claim *claims, size_t n)
{
	struct batch b = {.claims = claims, .n = n};
	size_t i;

	if (n > 1 && !has_twins(claims, n) &&
	    tx_run(cx, claim_body, &b) == RC_OK) {
		answer(&b);
		return;
	}
	for (i = 0; i < n; i++)
		one(cx, &claims[i]);
}

enum rc
claim_batch(struct ctx *cx, struct claim *claims, size_t n)
{
	uint64_t first;
	size_t i;
	enum rc rc;

	BUG_ON(n == 0);
	rc = ids_take(cx, ID_ORDER, (unsigned)n, &first);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < n; i++)
		claims[i].order = first + i;
	together(cx, claims, n);
	for (i = 0; i < n; i++) {
		if (claims[i].rc == RC_OK)
			metric_add(METRIC_orders_total, "pending", 1);
	}
	metric_observe(METRIC_till_batch_size, "", n);
	return RC_OK;
}
