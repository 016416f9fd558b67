/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people decide about refunds: open one, be the second to agree, say
 * what became of one; and the buyer who would rather have the money than
 * wait.  Each act is one transaction with its audit row; no gateway is asked
 * here.
 */
#include "shop/refund.h"

#include "base/bug.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "shop/audit.h"
#include "shop/order.h"
#include "shop/refund_int.h"
#include "store/tx.h"

/* Alone nobody gives back this much. */
static bool
needs_two(const struct ctx *cx, struct money amount)
{
	return cx->set->refund_two_persons_minor > 0 &&
	       amount.minor >= cx->set->refund_two_persons_minor;
}

static bool
gateway_refunds(const struct refund_payment *p)
{
	const struct gateway *g = gateway_find(p->gateway);

	return g != NULL && (g->can & PAY_CAN_REFUND) != 0;
}

static bool
reason_ok(const char *s)
{
	return !str_empty(s) && utf8_line(span_str(s), LIM_REASON);
}

static bool
reference_ok(const char *s)
{
	return str_is_token(s, "-_.:/", LIM_TXN);
}

static enum rc
audit(struct ctx *cx, const char *action, const struct refund_row *r,
    const char *before, const struct order_row *o, const char *why)
{
	return audit_add(cx, action, arena_fmt(cx->arena, "refund:%s", r->no),
	    arena_fmt(cx->arena,
		"order=%s amount=%s %s order_state=%s->%s state=%s how=%s "
		"paid=%s refunded=%s reason=%s",
		o->no,
		money_text(
		    cx->arena, r->amount, currency_decimals(r->currency)),
		r->currency, before, o->state, r->state, r->how,
		refund_text(cx, o->paid, o->currency),
		refund_text(cx, o->refunded, o->currency), why));
}

/* ------------------------------------------------------------ opening */

struct opening {
	const struct refund_new *n;
	struct refund_row row;
};

static enum rc
open_body(struct ctx *cx, void *arg)
{
	struct opening *op = arg;
	const struct refund_new *n = op->n;
	struct refund_begin b = {.amount = n->amount,
	    .reason = n->reason,
	    .by_hand = n->by_hand,
	    .reference = n->by_hand ? n->reference : ""};
	const struct refund_payment *list;
	struct order_story story;
	struct order_row o;
	size_t count;
	enum rc rc;

	rc = order_lock(cx, n->order_no, &o);
	if (rc == RC_OK && o.merchant != cx->merchant)
		rc = RC_NOTFOUND;
	if (rc == RC_OK)
		rc = refund_payments(cx, o.id, &list, &count);
	if (rc != RC_OK)
		return rc;
	b.payment = refund_payment_of(list, count, n->payment);
	if (b.payment == NULL || (!n->by_hand && !gateway_refunds(b.payment)))
		return RC_INVALID;
	b.state = needs_two(cx, n->amount) ? REFUND_IS_WAITING : REFUND_IS_OPEN;
	story_begin(&story, &o);
	rc = refund_begin(cx, &story, &b, &op->row);
	if (rc == RC_OK && n->by_hand && b.state == REFUND_IS_OPEN)
		rc = refund_done(cx, &story, &op->row);
	if (rc != RC_OK || (rc = story_write(cx, &story)) != RC_OK)
		return rc;
	return audit(cx, "refund.open", &op->row, story.from, &o, n->reason);
}

enum rc
refund_open(struct ctx *cx, const struct refund_new *n, const char **no)
{
	struct opening op = {.n = n};
	enum rc rc;

	if (!order_number_ok(n->order_no))
		return RC_NOTFOUND;
	if (!reason_ok(n->reason) ||
	    (n->by_hand && !reference_ok(n->reference)))
		return RC_INVALID;
	rc = tx_run(cx, open_body, &op);
	if (rc != RC_OK)
		return rc;
	*no = op.row.no;
	refund_counted(str_eq(op.row.state, "done")   ? REFUND_IS_DONE
		       : str_eq(op.row.state, "open") ? REFUND_IS_OPEN
						      : REFUND_IS_WAITING);
	return RC_OK;
}

/* ------------------------------------------------------------ the buyer's */

struct choice {
	const char *order_no;
	enum refund_is state;
	bool part_given;
};

enum rc
refund_owed(struct ctx *cx, struct order_story *s, uint64_t payment,
    struct money amount, const char *reason)
{
	struct refund_begin b = {
	    .amount = amount, .reason = reason, .reference = ""};
	const struct refund_payment *list;
	struct refund_row row;
	size_t n;
	enum rc rc;

	rc = refund_payments(cx, s->o->id, &list, &n);
	if (rc != RC_OK)
		return rc;
	b.payment = refund_payment_of(list, n, payment);
	if (payment == 0 || b.payment == NULL)
		return RC_OK; /* a free order */
	b.by_hand = !gateway_refunds(b.payment);
	b.state = b.by_hand || needs_two(cx, amount) ? REFUND_IS_WAITING
						     : REFUND_IS_OPEN;
	return refund_begin(cx, s, &b, &row);
}

/* One payment's part in the order, if it has one; all of the payment goes. */
static enum rc
choose_one(struct ctx *cx, struct order_story *s,
    const struct refund_payment *p, struct choice *c)
{
	struct refund_begin b = {.payment = p,
	    .amount = refund_left(p),
	    .reason = "buyer",
	    .by_hand = !gateway_refunds(p),
	    .reference = ""};
	struct refund_row row;
	struct money owed;
	enum rc rc;

	rc = payment_liability(cx, s->o->id, p->id, &owed);
	if (rc != RC_OK || money_cmp(b.amount, owed) <= 0)
		return rc;
	if (s->n == EVENT_MAX)
		return RC_CONFLICT; /* in so many parts: a person's business */
	b.state = str_eq(cx->set->refund_buyer, "gateway") && !b.by_hand &&
			  !needs_two(cx, b.amount) && !c->part_given
		      ? REFUND_IS_OPEN
		      : REFUND_IS_WAITING;
	c->state = b.state;
	return refund_begin(cx, s, &b, &row);
}

static enum rc
choose_body(struct ctx *cx, void *arg)
{
	struct choice *c = arg;
	const struct refund_payment *list;
	const struct item_row *items;
	struct order_story story;
	struct order_row o;
	size_t n, i;
	enum rc rc;

	rc = order_lock(cx, c->order_no, &o);
	if (rc != RC_OK)
		return rc;
	if (!str_eq(o.state, order_state_name(ORDER_SHORT)))
		return RC_CONFLICT;
	if ((rc = order_items_of(cx, o.id, &items, &n)) != RC_OK)
		return rc;
	/* who has some of the goods gets the money by a person's word only */
	c->part_given = false;
	for (i = 0; i < n; i++)
		c->part_given |= items[i].delivered != 0;
	story_begin(&story, &o);
	rc = refund_payments(cx, o.id, &list, &n);
	for (i = 0; rc == RC_OK && i < n; i++)
		rc = choose_one(cx, &story, &list[i], c);
	if (rc == RC_INVALID || (rc == RC_OK && story.n == 0))
		return RC_CONFLICT; /* nothing was paid, or it is going */
	return rc == RC_OK ? story_write(cx, &story) : rc;
}

enum rc
refund_choose(struct ctx *cx, const struct order *o)
{
	struct choice c = {.order_no = o->no};
	enum rc rc;

	if (str_eq(cx->set->refund_buyer, "off"))
		return RC_CONFLICT;
	rc = tx_run(cx, choose_body, &c);
	if (rc == RC_OK)
		refund_counted(c.state);
	return rc;
}

/* ------------------------------------------------------------ decisions */

struct decision {
	const char *no;
	bool agree, moved;
	const char *reference, *reason;
	enum refund_is became; /* REFUND_IS__N: nothing to count */
};

/* The order first, then what the refund is by now. */
static enum rc
lock_both(
    struct ctx *cx, const char *no, struct order_row *o, struct refund_row *r)
{
	enum rc rc;

	if ((rc = refund_row_get(cx, no, r)) != RC_OK ||
	    (rc = order_lock(cx, r->order_no, o)) != RC_OK)
		return rc;
	return refund_row_get(cx, no, r);
}

/* Who agrees: the first of two, or the one who makes it so.  *enough: no
 * other person is needed. */
static enum rc
sign(struct ctx *cx, struct refund_row *r, bool *enough)
{
	*enough = true;
	if (r->staff == 0) { /* the buyer asked for it */
		r->staff = cx->staff;
		*enough = !needs_two(cx, r->amount);
		return RC_OK;
	}
	if (r->staff == cx->staff)
		return RC_DENIED;
	r->second = cx->staff;
	return RC_OK;
}

static void
note_agreed(struct ctx *cx, struct order_story *s, const struct refund_row *r)
{
	enum order_state at = ORDER__N;

	BUG_ON(order_state_parse(s->o->state, &at) != RC_OK);
	story_add(cx, s, at, "refund_agreed", r->no);
}

static enum rc
agree(struct ctx *cx, struct order_story *s, struct refund_row *r,
    struct decision *d)
{
	bool hand = str_eq(r->how, "manual"), enough;
	enum rc rc;

	if (!str_eq(r->state, "waiting"))
		return RC_CONFLICT;
	if (hand && r->provider_ref[0] == '\0')
		return RC_INVALID;
	if ((rc = sign(cx, r, &enough)) != RC_OK)
		return rc;
	r->state = enough ? "open" : "waiting";
	r->next_ask = enough && !hand ? cx->now : 0;
	if ((rc = refund_row_agree(cx, r)) != RC_OK)
		return rc;
	if (enough)
		d->became = hand ? REFUND_IS_DONE : REFUND_IS_OPEN;
	if (enough && hand)
		return refund_done(cx, s, r);
	note_agreed(cx, s, r);
	return RC_OK;
}

/* Paid back elsewhere although it was to go through the gateway, or what an
 * unclear answer turned out to mean. */
static enum rc
was_moved(struct ctx *cx, struct order_story *s, struct refund_row *r,
    struct decision *d)
{
	bool enough = true;
	enum rc rc;

	if (str_eq(r->state, "waiting")) {
		if ((rc = sign(cx, r, &enough)) != RC_OK ||
		    (rc = refund_row_agree(cx, r)) != RC_OK ||
		    (rc = refund_row_by_hand(cx, r->id, d->reference)) != RC_OK)
			return rc;
		r->how = "manual";
	}
	r->provider_ref = d->reference;
	r->answer = d->reason;
	if (!enough) {
		note_agreed(cx, s, r);
		return RC_OK;
	}
	d->became = REFUND_IS_DONE;
	return refund_done(cx, s, r);
}

static bool
is_over(const struct refund_row *r)
{
	return str_eq(r->state, "done") || str_eq(r->state, "failed") ||
	       str_eq(r->state, "cancelled");
}

static enum rc
decide(struct ctx *cx, struct order_story *s, struct refund_row *r,
    struct decision *d)
{
	bool asked = str_eq(r->state, "sent") || str_eq(r->state, "unclear");

	if (d->agree)
		return agree(cx, s, r, d);
	if (is_over(r))
		return RC_CONFLICT;
	if (d->moved)
		return was_moved(cx, s, r, d);
	d->became = asked ? REFUND_IS_FAILED : REFUND_IS_CANCELLED;
	return refund_off(cx, s, r, d->became, d->reason);
}

static enum rc
decide_body(struct ctx *cx, void *arg)
{
	struct decision *d = arg;
	struct order_story story;
	struct refund_row r;
	struct order_row o;
	enum rc rc;

	d->became = REFUND_IS__N;
	rc = lock_both(cx, d->no, &o, &r);
	if (rc != RC_OK)
		return rc;
	story_begin(&story, &o);
	if ((rc = decide(cx, &story, &r, d)) != RC_OK ||
	    (rc = story_write(cx, &story)) != RC_OK)
		return rc;
	return audit(cx,
	    d->agree   ? "refund.agree"
	    : d->moved ? "refund.moved"
		       : "refund.off",
	    &r, story.from, &o, d->agree ? r.reason : d->reason);
}

static enum rc
decided(struct ctx *cx, struct decision *d)
{
	enum rc rc;

	rc = tx_run(cx, decide_body, d);
	if (rc == RC_OK && d->became != REFUND_IS__N)
		refund_counted(d->became);
	return rc;
}

enum rc
refund_agree(struct ctx *cx, const char *no)
{
	struct decision d = {.no = no, .agree = true};

	return decided(cx, &d);
}

enum rc
refund_say(struct ctx *cx, const char *no, bool moved, const char *reference,
    const char *reason)
{
	struct decision d = {
	    .no = no, .moved = moved, .reference = reference, .reason = reason};

	if (!reason_ok(reason) || (moved && !reference_ok(reference)))
		return RC_INVALID;
	return decided(cx, &d);
}
