/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The proof.  Most invariants are one question in SQL; the legal edges are
 * compared with the table of order_state.c, and the chains of events and of
 * the audit log are sealed again and compared.  Reads only.
 */
#include "shop/verify.h"

#include <string.h>

#include "base/bug.h"
#include "base/str.h"
#include "base/time.h"
#include "io/crypt.h"
#include "shop/event.h"
#include "store/verify.h"

enum {
	AUDIT_CHAIN = 12,
	SLACK_S = 300, /* a hold may outlive its time by the jobs' pause */
	MAIL_DAYS = 29,
	CHUNK = 2000,
	CHUNK_FIRST = 1024 * 1024,
	CHUNK_CAP = 64 * 1024 * 1024
};

static const char *const text[] = {
    [1] = "no card is in two deliveries",
    [2] = "delivered cards are sold to the same order, sold cards delivered",
    [3] = "a paid order has all its cards or is an open case",
    [4] = "an unpaid order has no card",
    [5] = "one payment settles one order, an order is paid once",
    [6] = "money in equals the ledger, every entry balances",
    [7] = "nothing owed is negative, no more goes back than came in",
    [8] = "coupon uses are counted and within their limit",
    [9] = "a held card has a live order and a time",
    [10] = "counters kept in rows equal what they count",
    [11] = "states moved along allowed edges, events have no hole, seals hold",
    [12] = "the audit chain verifies from its beginning",
    [13] = "every payment has a notice, every notice its bytes",
    [14] = "every delivery has its message, every webhook's its receiver",
};

static const char *const id[] = {
    [1] = "I1",
    [2] = "I2",
    [3] = "I3",
    [4] = "I4",
    [5] = "I5",
    [6] = "I6",
    [7] = "I7",
    [8] = "I8",
    [9] = "I9",
    [10] = "I10",
    [11] = "I11",
    [12] = "I12",
    [13] = "I13",
    [14] = "I14",
};

static void
count_more(struct ctx *cx, struct invariant *v, uint64_t n, uint64_t order)
{
	if (v->violations == 0)
		v->example = arena_fmt(
		    cx->keep, "order id %llu", (unsigned long long)order);
	v->violations += n;
}

static bool
edge_allowed(const struct edge_row *e)
{
	enum order_state from, to;

	if (order_state_parse(e->to, &to) != RC_OK)
		return false;
	if (e->from[0] == '\0')
		return to == ORDER_PENDING;
	if (order_state_parse(e->from, &from) != RC_OK)
		return false;
	return from == to || order_may(from, to);
}

static enum rc
check_edges(struct ctx *cx, struct invariant *v)
{
	const struct edge_row *e;
	size_t n, i;
	enum rc rc;

	rc = verify_edges(cx, &e, &n);
	for (i = 0; rc == RC_OK && i < n; i++) {
		if (!edge_allowed(&e[i]))
			count_more(cx, v, e[i].n, e[i].example);
	}
	return rc;
}

struct chain { /* where the walk over all events stands */
	uint64_t order;
	unsigned seq;
	uint8_t hash[32];
};

static void
check_seal(struct ctx *cx, struct invariant *v, struct chain *at,
    const struct sealed_event *s)
{
	const struct event e = {
	    .order = s->order,
	    .seq = s->seq,
	    .at = s->at,
	    .kind = s->kind,
	    .from = s->from,
	    .to = s->to,
	    .actor = s->actor,
	    .detail = s->detail,
	    .staff = s->staff,
	};
	uint8_t hash[32];

	if (s->order != at->order)
		memset(at->hash, 0, sizeof(at->hash));
	event_seal(cx, &e, at->hash, hash);
	if (!crypt_equal(
		s->hash, (struct span){(const char *)hash, sizeof(hash)}))
		count_more(cx, v, 1, s->order);
	at->order = s->order;
	at->seq = s->seq;
	memset(at->hash, 0, sizeof(at->hash));
	if (s->hash.n == sizeof(at->hash))
		memcpy(at->hash, s->hash.p, s->hash.n);
}

/* Millions of events pass through one chunk of memory. */
static enum rc
check_seals(struct ctx *cx, struct invariant *v)
{
	struct arena *own = cx->arena;
	const struct sealed_event *e;
	struct chain at = {0};
	size_t n, i;
	enum rc rc;

	cx->arena = arena_new(CHUNK_FIRST, CHUNK_CAP);
	do {
		arena_reset(cx->arena);
		rc = verify_events_after(cx, at.order, at.seq, CHUNK, &e, &n);
		for (i = 0; rc == RC_OK && i < n; i++)
			check_seal(cx, v, &at, &e[i]);
	} while (rc == RC_OK && n == CHUNK);
	arena_free(cx->arena);
	cx->arena = own;
	return rc;
}

static enum rc
check_audit(struct ctx *cx, const struct audit_mark *was,
    struct audit_mark *now, struct invariant *v)
{
	uint64_t bad;
	enum rc rc;

	rc = audit_check_since(cx, was, now, &bad);
	if (rc != RC_INVALID)
		return rc;
	v->violations = 1;
	v->example =
	    arena_fmt(cx->keep, "audit row %llu", (unsigned long long)bad);
	return RC_OK;
}

static int64_t
moment(const struct ctx *cx, int number)
{
	return number == 9 ? cx->now - SLACK_S * US_PER_S
			   : cx->now - MAIL_DAYS * S_PER_DAY * US_PER_S;
}

static void
check(struct ctx *cx, int number, struct invariant *v)
{
	const char *example = "";

	v->rc = verify_count(
	    cx, number, moment(cx, number), &v->violations, &example);
	if (v->rc == RC_OK && v->violations != 0)
		v->example = arena_str(cx->keep, example);
	if (v->rc == RC_OK && number == 11)
		v->rc = check_edges(cx, v);
	if (v->rc == RC_OK && number == 11)
		v->rc = check_seals(cx, v);
}

enum rc
verify_since(struct ctx *cx, const struct audit_mark *was,
    struct audit_mark *now, const struct invariant **out, size_t *n)
{
	struct invariant *v =
	    ARENA_ARRAY(cx->arena, VERIFY_LAST, struct invariant);
	int i;

	for (i = 1; i <= VERIFY_LAST; i++) {
		v[i - 1].id = id[i];
		v[i - 1].text = text[i];
		v[i - 1].example = "";
		if (i == AUDIT_CHAIN)
			v[i - 1].rc = check_audit(cx, was, now, &v[i - 1]);
		else
			check(cx, i, &v[i - 1]);
	}
	*out = v;
	*n = VERIFY_LAST;
	return RC_OK;
}

enum rc
verify_all(struct ctx *cx, const struct invariant **out, size_t *n)
{
	struct audit_mark now;

	return verify_since(cx, NULL, &now, out, n);
}
