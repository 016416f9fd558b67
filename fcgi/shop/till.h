/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker's way to the till: hands over one claim or one settlement and
 * waits for its answer.  Without a till (none is configured, none answers,
 * none had time) the worker does it by itself, so a till costs speed only
 * when it is missing.
 *
 * What was handed over and not answered may have been done: it is looked for
 * by its form key (claim) or inbox key (settlement), which the database keeps
 * unique, before and while it is done again.
 */
#ifndef KS_SHOP_TILL_H
#define KS_SHOP_TILL_H

#include "base/rc.h"
#include "io/ctx.h"
#include "shop/claim.h"
#include "shop/settle.h"

/* As claim_batch() and settle_batch() of one. */
MUST_CHECK enum rc till_claim(struct ctx *cx, struct claim *c);
MUST_CHECK enum rc till_settle(struct ctx *cx, struct paid *p);

/* Where the till of these settings listens; "" where there is none. */
const char *till_path(struct arena *a, const struct settings *set);

#endif
