/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only place that knows which state may follow which.  The statements of
 * sql/query/purchase.sql repeat the guard and the caller checks the number of
 * rows: two proofs for each edge.
 */
#include "shop/order_state.h"

#include "base/str.h"

static const bool may[ORDER__N][ORDER__N] = {
    [ORDER_PENDING] =
	{[ORDER_PAID] = true, [ORDER_EXPIRED] = true, [ORDER_CANCELLED] = true},
    [ORDER_PAID] = {[ORDER_DELIVERED] = true,
	[ORDER_MANUAL] = true,
	[ORDER_SHORT] = true,
	[ORDER_REFUNDING] = true},
    [ORDER_SHORT] = {[ORDER_DELIVERED] = true, [ORDER_REFUNDING] = true},
    [ORDER_MANUAL] = {[ORDER_DELIVERED] = true, [ORDER_REFUNDING] = true},
    [ORDER_DELIVERED] = {[ORDER_REFUNDING] = true},
    /* the money came late */
    [ORDER_EXPIRED] = {[ORDER_PAID] = true},
    [ORDER_CANCELLED] = {[ORDER_PAID] = true},
    /* a refund that failed or covered a part: back to where it was */
    [ORDER_REFUNDING] = {[ORDER_REFUNDED] = true,
	[ORDER_PAID] = true,
	[ORDER_SHORT] = true,
	[ORDER_MANUAL] = true,
	[ORDER_DELIVERED] = true},
};

static const char *const name[ORDER__N] = {
    [ORDER_PENDING] = "pending",
    [ORDER_PAID] = "paid",
    [ORDER_SHORT] = "short",
    [ORDER_MANUAL] = "manual",
    [ORDER_DELIVERED] = "delivered",
    [ORDER_EXPIRED] = "expired",
    [ORDER_CANCELLED] = "cancelled",
    [ORDER_REFUNDING] = "refunding",
    [ORDER_REFUNDED] = "refunded",
};

bool
order_may(enum order_state from, enum order_state to)
{
	return may[from][to];
}

const char *
order_state_name(enum order_state s)
{
	return name[s];
}

enum rc
order_state_parse(const char *text, enum order_state *out)
{
	int i;

	for (i = 0; i < ORDER__N; i++) {
		if (str_eq(text, name[i])) {
			*out = (enum order_state)i;
			return RC_OK;
		}
	}
	return RC_INVALID;
}
