/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a refund does to rows: its beginning, and its two ends.  Everything
 * here runs in a transaction that holds the order's row, so "no more than was
 * paid" is decided on exact sums.
 *
 * The tricky idea: a payment can be the order's own money, money owed back
 * (second, too much), or both.  The ledger knows which: what it owes of a
 * payment is given back first, only the rest is the order's and moves it.
 */
#include "shop/refund.h"

#include "base/bug.h"
#include "base/metric.h"
#include "base/str.h"
#include "shop/order.h"
#include "shop/refund_int.h"
#include "store/outbox.h"

enum { NOTE_MAX = 190 };

static const char *const is_name[REFUND_IS__N] = {
    [REFUND_IS_WAITING] = "waiting",
    [REFUND_IS_OPEN] = "open",
    [REFUND_IS_SENT] = "sent",
    [REFUND_IS_UNCLEAR] = "unclear",
    [REFUND_IS_DONE] = "done",
    [REFUND_IS_FAILED] = "failed",
    [REFUND_IS_CANCELLED] = "cancelled",
};

const char *
refund_is_name(enum refund_is s)
{
	return is_name[s];
}

void
refund_counted(enum refund_is state)
{
	metric_add(METRIC_refunds_total, is_name[state], 1);
}

void
refund_number(struct ctx *cx, char out[25])
{
	order_number(cx, out);
	out[0] = 'R'; /* the century is no loss */
	out[1] = 'F';
}

const char *
refund_text(struct ctx *cx, struct money m, const char *currency)
{
	return arena_fmt(cx->arena, "%s %s",
	    money_text(cx->arena, m, currency_decimals(currency)), currency);
}

const struct refund_payment *
refund_payment_of(const struct refund_payment *list, size_t n, uint64_t id)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (id == 0 ? str_eq(list[i].role, "order") : list[i].id == id)
			return &list[i];
	}
	return NULL;
}

struct money
refund_left(const struct refund_payment *p)
{
	return MONEY(p->amount.minor - p->done.minor - p->live.minor);
}

/* ------------------------------------------------------------ beginning */

/* Where the order returns to: where it is or, when money that came in another
 * payment is on its way back already, where that one found it. */
static enum rc
where_from(struct ctx *cx, const struct order_row *o, enum order_state at,
    const char **from)
{
	struct refund_row other;
	bool found;
	enum rc rc;

	*from = o->state;
	if (order_may(at, ORDER_REFUNDING))
		return RC_OK;
	if (at != ORDER_REFUNDING)
		return RC_CONFLICT;
	rc = refund_holds(cx, o->id, 0, &other, &found);
	if (rc == RC_OK && !found)
		return RC_CONFLICT;
	if (rc == RC_OK)
		*from = other.from;
	return rc;
}

enum rc
refund_begin(struct ctx *cx, struct order_story *s,
    const struct refund_begin *b, struct refund_row *out)
{
	struct order_row *o = s->o;
	enum order_state at = ORDER__N;
	const char *from = "";
	struct money owed;
	char no[25];
	bool own;
	enum rc rc;

	BUG_ON(order_state_parse(o->state, &at) != RC_OK);
	if (b->payment->live_n != 0)
		return RC_CONFLICT;
	if (b->amount.minor <= 0 ||
	    money_cmp(b->amount, refund_left(b->payment)) > 0)
		return RC_INVALID;
	rc = payment_liability(cx, o->id, b->payment->id, &owed);
	if (rc != RC_OK)
		return rc;
	own = money_cmp(b->amount, owed) > 0;
	if (own && (rc = where_from(cx, o, at, &from)) != RC_OK)
		return rc;
	refund_number(cx, no);
	*out = (struct refund_row){
	    .no = arena_str(cx->arena, no),
	    .order = o->id,
	    .order_no = o->no,
	    .payment = b->payment->id,
	    .channel = b->payment->channel,
	    .state = is_name[b->state],
	    .how = b->by_hand ? "manual" : "gateway",
	    .amount = b->amount,
	    .currency = b->payment->currency,
	    .reason = b->reason,
	    .from = from,
	    .provider_ref = b->reference,
	    .answer = "",
	    .next_ask = b->state == REFUND_IS_OPEN && !b->by_hand ? cx->now : 0,
	    .staff = cx->actor == ACTOR_STAFF ? cx->staff : 0,
	};
	story_add(cx, s, own ? ORDER_REFUNDING : at,
	    own ? "refunding" : "refund_opened",
	    arena_fmt(cx->arena, "%s %s", out->no,
		refund_text(cx, b->amount, out->currency)));
	return refund_row_add(cx, out, &out->id);
}

/* ------------------------------------------------------------ done */

/* A refund that is being finished, and what it means. */
struct finish {
	struct refund_row *r;
	const struct refund_payment *payment;
	struct money owed; /* of the amount: given back of what we owed */
	struct money own;  /* of the amount: the order's own money */
	enum order_state at;
};

/* Reads only, so that RC_INVALID leaves nothing behind. */
static enum rc
look(struct ctx *cx, struct order_story *s, struct finish *f)
{
	const struct refund_payment *list;
	struct money owed;
	size_t n;
	enum rc rc;

	BUG_ON(order_state_parse(s->o->state, &f->at) != RC_OK);
	if ((rc = refund_payments(cx, s->o->id, &list, &n)) != RC_OK ||
	    (rc = payment_liability(cx, s->o->id, f->r->payment, &owed)) !=
		RC_OK)
		return rc;
	f->payment = refund_payment_of(list, n, f->r->payment);
	if (f->payment == NULL ||
	    f->r->amount.minor >
		f->payment->amount.minor - f->payment->done.minor)
		return RC_INVALID;
	f->owed = money_cmp(f->r->amount, owed) < 0 ? f->r->amount : owed;
	if (f->owed.minor < 0)
		f->owed = MONEY(0);
	f->own = MONEY(f->r->amount.minor - f->owed.minor);
	if (f->own.minor > 0 && f->at != ORDER_REFUNDING &&
	    !order_may(f->at, ORDER_REFUNDING))
		return RC_INVALID;
	return RC_OK;
}

static enum rc
book(struct ctx *cx, const struct order_story *s, const struct finish *f)
{
	const struct ledger_ref ref = {
	    .tx = arena_fmt(
		cx->arena, "refund:%llu", (unsigned long long)f->r->id),
	    .channel = f->r->channel,
	    .order = s->o->id,
	    .payment = f->r->payment,
	    .refund = f->r->id,
	    .currency = f->r->currency,
	};
	struct ledger_line line[3];
	size_t n = 0;

	if (f->owed.minor > 0)
		line[n++] = (struct ledger_line){"liability", f->owed};
	if (f->own.minor > 0)
		line[n++] = (struct ledger_line){"refunds", f->own};
	line[n++] =
	    (struct ledger_line){"receivable", MONEY(-f->r->amount.minor)};
	return ledger_book(cx, &ref, line, n);
}

/* All of it went back: the goods follow their SKU's rule, and what else was
 * under way has nothing left to give. */
static enum rc
end_order(struct ctx *cx, struct order_story *s, const struct finish *f,
    const char *detail)
{
	uint64_t locked, voided;
	struct refund_row other;
	const char *from;
	bool found;
	enum rc rc;

	rc = refund_goods(cx, s->o->id, f->r->id,
	    arena_fmt(cx->arena, "%.*s", NOTE_MAX,
		arena_fmt(cx->arena, "%s %s", f->r->no, s->o->no)),
	    &locked, &voided);
	if (rc == RC_OK)
		rc = buyer_count_sub(cx, s->o->id);
	if (rc == RC_OK)
		rc = refund_holds(cx, s->o->id, f->r->id, &other, &found);
	if (rc != RC_OK)
		return rc;
	story_add(cx, s, ORDER_REFUNDED, "refunded",
	    arena_fmt(cx->arena, "%s; void %llu, locked %llu", detail,
		(unsigned long long)voided, (unsigned long long)locked));
	if (!found || (!str_eq(other.state, is_name[REFUND_IS_WAITING]) &&
			  !str_eq(other.state, is_name[REFUND_IS_OPEN])))
		return RC_OK;
	from = other.state;
	other.state = is_name[REFUND_IS_CANCELLED];
	other.answer = f->r->no;
	other.next_ask = 0;
	return refund_row_move(cx, &other, from);
}

/* Where the order goes now. */
static enum rc
move_order(struct ctx *cx, struct order_story *s, const struct finish *f)
{
	struct order_row *o = s->o;
	const char *back = f->r->from;
	const char *detail = arena_fmt(cx->arena, "%s %s", f->r->no,
	    refund_text(cx, f->r->amount, f->r->currency));
	struct refund_row other;
	enum order_state to = f->at;
	bool held;
	enum rc rc;

	if (f->own.minor > 0 && f->at != ORDER_REFUNDING) {
		back = o->state; /* nobody had announced it */
		story_add(cx, s, ORDER_REFUNDING, "refunding", detail);
	} else if (f->at != ORDER_REFUNDING) {
		story_add(cx, s, f->at, "refund_done", detail);
		return RC_OK;
	}
	if (money_cmp(o->refunded, o->paid) == 0 && o->paid.minor > 0)
		return end_order(cx, s, f, detail);
	rc = refund_holds(cx, o->id, f->r->id, &other, &held);
	if (rc != RC_OK)
		return rc;
	if (held || back[0] == '\0')
		to = ORDER_REFUNDING;
	else
		BUG_ON(order_state_parse(back, &to) != RC_OK);
	story_add(cx, s, to, "part_refunded", detail);
	return RC_OK;
}

enum rc
refund_done(struct ctx *cx, struct order_story *s, struct refund_row *r)
{
	struct finish f = {.r = r};
	const char *from = r->state;
	enum rc rc;

	if ((rc = look(cx, s, &f)) != RC_OK || (rc = book(cx, s, &f)) != RC_OK)
		return rc;
	if (f.own.minor > 0) {
		rc = order_add_refunded(cx, s->o->id, f.own);
		if (rc != RC_OK)
			return rc == RC_CONFLICT ? RC_FAIL : rc;
		s->o->refunded.minor += f.own.minor;
	}
	r->state = is_name[REFUND_IS_DONE];
	r->next_ask = 0;
	r->done = cx->now;
	if ((rc = refund_row_move(cx, r, from)) != RC_OK)
		return rc;
	if (f.payment->done.minor + r->amount.minor ==
		f.payment->amount.minor &&
	    (rc = payment_case_close(cx, r->payment)) != RC_OK)
		return rc;
	if ((rc = move_order(cx, s, &f)) != RC_OK)
		return rc;
	return outbox_add(cx, OUTBOX_MAIL_REFUND, s->o->id,
	    arena_fmt(cx->arena, "refund:%s", r->no), r->no);
}

/* ------------------------------------------------------------ nothing */

enum rc
refund_holds(struct ctx *cx, uint64_t order, uint64_t except,
    struct refund_row *out, bool *found)
{
	const struct refund_row *list;
	size_t n, i;
	enum rc rc;

	*found = false;
	rc = refund_rows_of_order(cx, order, &list, &n);
	for (i = 0; rc == RC_OK && i < n; i++) {
		if (list[i].id == except || list[i].from[0] == '\0' ||
		    str_eq(list[i].state, is_name[REFUND_IS_DONE]) ||
		    str_eq(list[i].state, is_name[REFUND_IS_FAILED]) ||
		    str_eq(list[i].state, is_name[REFUND_IS_CANCELLED]))
			continue;
		*out = list[i];
		*found = true;
	}
	return rc;
}

enum rc
refund_off(struct ctx *cx, struct order_story *s, struct refund_row *r,
    enum refund_is to, const char *why)
{
	const char *from = r->state;
	enum order_state at = ORDER__N, back = ORDER__N;
	struct refund_row other;
	bool held;
	enum rc rc;

	BUG_ON(order_state_parse(s->o->state, &at) != RC_OK);
	back = at;
	rc = refund_holds(cx, s->o->id, r->id, &other, &held);
	if (rc != RC_OK)
		return rc;
	if (at == ORDER_REFUNDING && r->from[0] != '\0' && !held)
		BUG_ON(order_state_parse(r->from, &back) != RC_OK);
	r->state = is_name[to];
	r->answer = why;
	r->next_ask = 0;
	rc = refund_row_move(cx, r, from);
	if (rc == RC_OK)
		story_add(cx, s, back,
		    to == REFUND_IS_FAILED ? "refund_failed"
					   : "refund_cancelled",
		    arena_fmt(cx->arena, "%s %s", r->no, why));
	return rc;
}
