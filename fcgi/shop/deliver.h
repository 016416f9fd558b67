/* SPDX-License-Identifier: Apache-2.0 */
/* Handing over: what a proven payment turns into, inside its transaction. */
#ifndef KS_SHOP_DELIVER_H
#define KS_SHOP_DELIVER_H

#include <stdbool.h>

#include "base/rc.h"
#include "io/ctx.h"
#include "shop/event.h"

/* Before the transaction: ids for units that may have to be minted. */
MUST_CHECK enum rc deliver_prepare(struct ctx *cx);
/* Inside it: there are enough of them for one more order. */
bool deliver_ready(void);
/* The order is locked and its story says paid.  Its held cards are sold, what
 * is missing is taken from free stock if all of it is there and nobody waits
 * for it (with part: as much as there is), and the story moves on to
 * delivered, short or manual. */
MUST_CHECK enum rc deliver_order(
    struct ctx *cx, struct order_story *s, const char *why, bool part);

/* The order is locked and short, and its turn has come: what is missing is
 * taken from free stock, all of it or, with part, as much as there is.  The
 * story gets the event kind and delivered, or part_delivered.
 * RC_NOTFOUND: nothing could be given and nothing was changed. */
MUST_CHECK enum rc deliver_owed(struct ctx *cx, struct order_story *s,
    const char *kind, bool part, bool *complete);

/* Paid, but a policy keeps the goods back for a person: the story moves to
 * short (manual goods: to manual), is marked kept, and the buyer is told. */
MUST_CHECK enum rc deliver_not_yet(
    struct ctx *cx, struct order_story *s, const char *kind, const char *why);

/* Why the buyer is told of the state: one message a state of an order. */
const char *deliver_cause(struct ctx *cx, const struct order_row *o);

#endif
