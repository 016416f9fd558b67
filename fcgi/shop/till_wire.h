/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims and settlements as bytes, between a worker and the till.  Both are
 * the same program, so the form is plain and may change with any version; a
 * first byte that is not ours is refused.  Reading is strict all the same:
 * every length is bounded by the field it fills, every enum by its last
 * value, and nothing may be left over.
 */
#ifndef KS_SHOP_TILL_WIRE_H
#define KS_SHOP_TILL_WIRE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"
#include "shop/claim.h"
#include "shop/settle.h"

enum till_kind { TILL_CLAIM, TILL_PAID };

/* until: monotonic us after which the till must not begin with it. */
void till_put_claim(struct buf *b, int64_t until, const struct claim *c);
/* Only what a gateway said (verdict and gateway are there). */
void till_put_paid(struct buf *b, int64_t until, const struct paid *p);

/* What kind of question it is, and until when it may be begun. */
MUST_CHECK enum rc till_look(
    struct span in, enum till_kind *kind, int64_t *until);
/* RC_INVALID: not what till_put_...() writes.  Texts are copied into a. */
MUST_CHECK enum rc till_get_claim(
    struct arena *a, struct span in, struct claim *c);
/* RC_NOTFOUND: a gateway that this build does not have. */
MUST_CHECK enum rc till_get_paid(
    struct arena *a, struct span in, struct paid *p);

/* Answers.  position is where the database stands after the COMMIT (ctx.h). */
void till_put_refusal(struct buf *b); /* not begun, and never will be */
void till_put_claimed(
    struct buf *b, const struct claim *c, const char *position);
void till_put_settled(
    struct buf *b, const struct paid *p, const char *position);
/* RC_NOTFOUND: a refusal.  The answered fields of *c or *p are written on
 * RC_OK only. */
MUST_CHECK enum rc till_get_claimed(
    struct arena *a, struct span in, struct claim *c, const char **position);
MUST_CHECK enum rc till_get_settled(
    struct arena *a, struct span in, struct paid *p, const char **position);

#endif
