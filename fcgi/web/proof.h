/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening the order that a path names with what this browser can prove.
 */
#ifndef KS_WEB_PROOF_H
#define KS_WEB_PROOF_H

#include "base/arena.h"
#include "base/rc.h"
#include "io/ctx.h"
#include "shop/order.h"

struct response;

/* {no} of the path and, in this order, what counts as a proof: the visitor's
 * cookie, ?t= of a mailed link, a token this browser has kept.  A good ?t= is
 * kept.  RC_NOTFOUND: no order number at all, or no proof. */
MUST_CHECK enum rc proof_open(
    struct ctx *cx, struct response *rs, const struct order **out);
/* The proof alone, for order_status(). */
struct order_proof proof_of(struct response *rs, const char *no);
/* An order number as people type it: blanks, hyphens, lower case.  Pure;
 * order_number_ok() says if it can be one. */
const char *proof_typed_no(struct arena *a, const char *text);

#endif
