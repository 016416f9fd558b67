/* SPDX-License-Identifier: Apache-2.0 */
/* The hold of a buyer who is still paying. */
#ifndef KS_SHOP_ORDER_HOLD_H
#define KS_SHOP_ORDER_HOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "io/ctx.h"

struct hold {
	uint64_t order, channel;
	const char *no;
	int64_t created, expires;
	bool extended; /* it was lengthened before */
	bool opening;  /* this visit opens a payment if none is open */
};

/* The buyer of a pending order looks at its pay page: when its time ends,
 * which may be later than before.  Never inside a transaction. */
int64_t order_hold_on(struct ctx *cx, const struct hold *h);

#endif
