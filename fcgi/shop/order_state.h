/* SPDX-License-Identifier: Apache-2.0 */
/* The states of orders and the edges between them (one table), and their
 * names in the database.  The SQL repeats the guard. */
#ifndef KS_SHOP_ORDER_STATE_H
#define KS_SHOP_ORDER_STATE_H

#include <stdbool.h>

#include "base/rc.h"

enum order_state {
	ORDER_PENDING,
	ORDER_PAID,
	ORDER_SHORT,
	ORDER_MANUAL,
	ORDER_DELIVERED,
	ORDER_EXPIRED,
	ORDER_CANCELLED,
	ORDER_REFUNDING,
	ORDER_REFUNDED,
	ORDER__N
};

bool order_may(enum order_state from, enum order_state to);
const char *order_state_name(enum order_state s); /* "pending" ... */
MUST_CHECK enum rc order_state_parse(const char *name, enum order_state *out);

#endif
