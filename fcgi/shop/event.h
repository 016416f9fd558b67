/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The story of an order: events, each sealed to the one before it by
 * HMAC(key "event", previous hash, all its columns).  A row changed, removed
 * or put in shows in `keystallctl verify`.
 */
#ifndef KS_SHOP_EVENT_H
#define KS_SHOP_EVENT_H

#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"
#include "shop/order_state.h"
#include "store/purchase.h"

/* Everything that is sealed; texts are never NULL. */
struct event {
	uint64_t order;
	unsigned seq;
	int64_t at;
	const char *kind, *from, *to, *actor, *detail;
	uint64_t staff;
};

void event_seal(struct ctx *cx, const struct event *e,
    const uint8_t previous[32], uint8_t out[32]);
/* As a row; both must outlive it. */
struct event_new event_row(const struct event *e, const uint8_t hash[32]);
const char *event_actor(const struct ctx *cx); /* of cx->actor */

/* Moves a locked order and notes it, in memory: o->state, events_n and
 * event_hash change and the event is added to the list.  The edge must be
 * allowed (BUG).  event_flush() writes the list and the order row. */
enum { EVENT_MAX = 4 };
struct order_story {
	struct order_row *o;
	const char *from; /* the state in the database */
	bool from_kept;
	struct event_new list[EVENT_MAX];
	uint8_t hash[EVENT_MAX][32];
	size_t n;
};
void story_begin(struct order_story *s, struct order_row *o);
/* to = the state it is in: an event without a move. */
void story_add(struct ctx *cx, struct order_story *s, enum order_state to,
    const char *kind, const char *detail);
/* Writes the moves; an order that begins or ends to wait for stock enters or
 * leaves the line (store/shortage.h) with them.
 * RC_CONFLICT: the row is not in the state it was read in. */
MUST_CHECK enum rc story_write(struct ctx *cx, struct order_story *s);

#endif
