/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of an order that was not paid: it expired, or its buyer or a person
 * of the shop gave it up.  Cards, coupon and the buyer's count go back in the
 * transaction that moves the state, and the state that is expected is named:
 * a paid order cannot come this way.
 */
#include "shop/order_end.h"

#include "base/bug.h"
#include "base/metric.h"
#include "base/str.h"
#include "shop/event.h"
#include "shop/order.h"
#include "shop/shortage.h"
#include "store/money.h"
#include "store/purchase.h"
#include "store/tx.h"

struct ending {
	const char *no, *why;
	enum order_state to;
	bool only_due;
};

static enum rc
end_body(struct ctx *cx, void *arg)
{
	const struct ending *e = arg;
	struct order_story story;
	struct order_row o;
	uint64_t freed;
	enum rc rc;

	rc = order_lock(cx, e->no, &o);
	if (rc != RC_OK)
		return rc;
	if (!str_eq(o.state, order_state_name(ORDER_PENDING)) ||
	    (e->only_due && o.expires > cx->now))
		return RC_CONFLICT;
	story_begin(&story, &o);
	story_add(cx, &story, e->to, order_state_name(e->to), e->why);
	if ((rc = story_write(cx, &story)) != RC_OK ||
	    (rc = card_release(cx, o.id, &freed)) != RC_OK ||
	    (rc = coupon_give_back(cx, o.id)) != RC_OK ||
	    (rc = buyer_count_sub(cx, o.id)) != RC_OK)
		return rc;
	if (freed != 0 && (rc = shortage_fill_order(cx, o.id)) != RC_OK)
		return rc;
	/* Payments stay open to the gateway's word: late money is asked for
	 * a while longer, see jobs_reconcile(). */
	return RC_OK;
}

static enum rc
end_order(struct ctx *cx, struct ending *e)
{
	enum rc rc;

	rc = shortage_prepare(cx);
	if (rc == RC_OK)
		rc = tx_run(cx, end_body, e);
	if (rc == RC_OK)
		metric_add(METRIC_orders_total, order_state_name(e->to), 1);
	return rc;
}

enum rc
order_expire(struct ctx *cx, const char *no)
{
	struct ending e = {
	    .no = no, .why = "", .to = ORDER_EXPIRED, .only_due = true};

	return end_order(cx, &e);
}

enum rc
order_give_up(struct ctx *cx, const char *no, const char *why)
{
	struct ending e = {.no = no, .why = why, .to = ORDER_CANCELLED};

	return end_order(cx, &e);
}

enum rc
order_cancel(struct ctx *cx, const struct order *o)
{
	return order_give_up(cx, o->no, "");
}
