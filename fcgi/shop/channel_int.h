/* SPDX-License-Identifier: Apache-2.0 */
/* Between channel.c, channel_save.c and recent.c: what a row means. */
#ifndef KS_SHOP_CHANNEL_INT_H
#define KS_SHOP_CHANNEL_INT_H

#include "base/vec.h"
#include "shop/channel.h"
#include "store/money.h"

typedef VEC(struct pay_pair) channel_pairs;

/* Options and opened secrets of a row, added to out; they live in a. */
MUST_CHECK enum rc channel_settings(struct ctx *cx, struct arena *a,
    const struct channel_row *r, channel_pairs *out);
struct gateway_config channel_config(const channel_pairs *p);
/* With its account.  RC_NOTFOUND: of a gateway that this build has not. */
MUST_CHECK enum rc channel_of_row(
    struct ctx *cx, const struct channel_row *r, struct channel *out);

#endif
