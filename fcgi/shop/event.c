/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events of orders.  A move and its event cannot be separated: story_add()
 * makes both, story_write() writes both.
 */
#include "shop/event.h"

#include <string.h>

#include "base/bug.h"
#include "base/str.h"
#include "io/crypt.h"
#include "store/outbox.h"
#include "store/shortage.h"

static struct span
number(uint8_t out[8], uint64_t v)
{
	int i;

	for (i = 7; i >= 0; i--, v >>= 8)
		out[i] = (uint8_t)v;
	return (struct span){(const char *)out, 8};
}

void
event_seal(struct ctx *cx, const struct event *e, const uint8_t previous[32],
    uint8_t out[32])
{
	uint8_t order[8], seq[8], at[8], staff[8];
	const struct span parts[] = {
	    {(const char *)previous, 32},
	    number(order, e->order),
	    number(seq, e->seq),
	    number(at, (uint64_t)e->at),
	    span_str(e->kind),
	    span_str(e->from),
	    span_str(e->to),
	    span_str(e->actor),
	    number(staff, e->staff),
	    span_str(e->detail),
	};

	keyring_mac(
	    cx->keys, "event", parts, sizeof(parts) / sizeof(parts[0]), out);
}

struct event_new
event_row(const struct event *e, const uint8_t hash[32])
{
	return (struct event_new){
	    .order = e->order,
	    .seq = e->seq,
	    .kind = e->kind,
	    .from = e->from,
	    .to = e->to,
	    .actor = e->actor,
	    .detail = e->detail,
	    .staff = e->staff,
	    .hash = {(const char *)hash, 32},
	};
}

const char *
event_actor(const struct ctx *cx)
{
	static const char *const name[] = {
	    [ACTOR_SYSTEM] = "system",
	    [ACTOR_BUYER] = "buyer",
	    [ACTOR_STAFF] = "staff",
	    [ACTOR_GATEWAY] = "gateway",
	};

	return name[cx->actor];
}

void
story_begin(struct order_story *s, struct order_row *o)
{
	memset(s, 0, sizeof(*s));
	s->o = o;
	s->from = o->state;
	s->from_kept = o->kept;
}

void
story_add(struct ctx *cx, struct order_story *s, enum order_state to,
    const char *kind, const char *detail)
{
	struct order_row *o = s->o;
	struct event_new *n = &s->list[s->n];
	struct event e;
	enum order_state at = ORDER__N;

	BUG_ON(s->n == EVENT_MAX);
	BUG_ON(order_state_parse(o->state, &at) != RC_OK);
	BUG_ON(to != at && !order_may(at, to));
	e = (struct event){
	    .order = o->id,
	    .seq = ++o->events_n,
	    .at = cx->now,
	    .kind = kind,
	    .from = o->state,
	    .to = order_state_name(to),
	    .actor = event_actor(cx),
	    .detail = detail == NULL ? "" : detail,
	    .staff = cx->staff,
	};
	event_seal(cx, &e, o->event_hash, s->hash[s->n]);
	memcpy(o->event_hash, s->hash[s->n], sizeof(o->event_hash));
	*n = event_row(&e, s->hash[s->n]);
	o->state = e.to;
	s->n++;
}

static bool
waits(const char *state, bool kept)
{
	return !kept && str_eq(state, order_state_name(ORDER_SHORT));
}

/* Ends that no mail tells of; all else has a message of its own already, and
 * the purchase stays at one. */
static bool
ends_quietly(const char *state)
{
	return str_eq(state, order_state_name(ORDER_EXPIRED)) ||
	       str_eq(state, order_state_name(ORDER_CANCELLED)) ||
	       str_eq(state, order_state_name(ORDER_REFUNDED));
}

enum rc
story_write(struct ctx *cx, struct order_story *s)
{
	bool was = waits(s->from, s->from_kept);
	bool is = waits(s->o->state, s->o->kept);
	enum rc rc;

	BUG_ON(s->n == 0);
	rc = order_move(cx, s->o, s->from);
	if (rc == RC_OK && is && !was)
		rc = shortage_enter(cx, s->o->id);
	if (rc == RC_OK && was && !is)
		rc = shortage_leave(cx, s->o->id);
	if (rc == RC_OK)
		rc = order_event_add(cx, s->list, s->n);
	if (rc != RC_OK || str_eq(s->from, s->o->state) ||
	    !ends_quietly(s->o->state))
		return rc;
	return outbox_order_event(cx, s->o->id, s->o->events_n);
}
