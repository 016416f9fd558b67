/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A transaction is a function, so nobody can forget to end it.
 *
 *   static enum rc
 *   settle_body(struct ctx *cx, void *arg)
 *   {
 *           const struct paid *p = arg;
 *           ...database work only...
 *   }
 *   rc = tx_run(cx, settle_body, &paid);
 *
 * The body does database work only and may run several times: it sets all of
 * its results anew each time and calls no gateway.  What it allocates stays
 * in the request arena.  Returning anything but RC_OK rolls back.
 */
#ifndef KS_STORE_TX_H
#define KS_STORE_TX_H

#include "base/rc.h"
#include "io/ctx.h"

typedef enum rc tx_body(struct ctx *cx, void *arg);

/* BEGIN, body, COMMIT.
 *   RC_OK    committed; cx->wrote is set
 *   RC_BUSY  not done, nothing is left of it: three attempts met a deadlock,
 *            a lock wait, a lost connection or a server that is down; or the
 *            deadline is over; or the server refused the COMMIT
 *   RC_FAIL  a statement failed, or COMMIT was sent and its outcome is not
 *            known: re-read by a natural key, never run it again blindly
 *   others   as the body returned them, rolled back
 * A call inside a transaction is a BUG. */
MUST_CHECK enum rc tx_run(struct ctx *cx, tx_body *body, void *arg);
/* The same with one attempt: for bodies that must not run twice. */
MUST_CHECK enum rc tx_once(struct ctx *cx, tx_body *body, void *arg);

#endif
