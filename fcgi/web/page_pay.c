/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paying an order: the page that leads to the gateway, changing the way to
 * pay, and where the gateway sends the browser back.  What a browser says
 * about a payment proves nothing; only notices and queries settle.
 */
#include "base/limits.h"
#include "shop/order.h"
#include "web/proof.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view_shop.h"

/* Who has no proof is asked for it where the order is shown. */
static enum rc
to_order(struct response *rs)
{
	return respond_seef(rs, "/o/%s", path_param(rs->rq, "no"));
}

enum rc
page_pay(struct ctx *cx, struct response *rs)
{
	struct pay_view v = {0};
	const struct order *o;
	enum rc rc = proof_open(cx, rs, &o);

	if (rc == RC_NOTFOUND || (rc == RC_OK && o->state != ORDER_PENDING))
		return to_order(rs);
	if (rc != RC_OK)
		return rc;
	rc = order_pay(cx, o, &v);
	if (rc == RC_CONFLICT || (rc == RC_OK && v.free))
		return to_order(rs);
	if (rc != RC_OK && rc != RC_BUSY)
		return rc;
	/* a gateway that does not answer leaves the other ways open */
	view_pay(rs, &v, rc == RC_BUSY ? "gateway" : NULL);
	return respond_page(rs, "page/pay.cs");
}

enum rc
do_pay_channel(struct ctx *cx, struct response *rs)
{
	const struct order *o;
	const char *channel;
	enum rc rc = proof_open(cx, rs, &o);

	if (rc != RC_OK)
		return rc;
	if (!field_token(rs->rq->form, "channel", "-_", LIM_CHANNEL, &channel))
		return RC_INVALID;
	rc = order_set_channel(cx, o, channel);
	if (rc == RC_CONFLICT)
		return to_order(rs);
	if (rc != RC_OK)
		return rc;
	return respond_seef(rs, "/o/%s/pay", o->no);
}

enum rc
page_return(struct ctx *cx, struct response *rs)
{
	const struct order *o;
	enum rc rc = proof_open(cx, rs, &o);

	if (rc == RC_NOTFOUND)
		return to_order(rs);
	if (rc != RC_OK)
		return rc;
	if (o->state == ORDER_PENDING) {
		order_returned(cx, o);
		rc = proof_open(cx, rs, &o);
		if (rc != RC_OK)
			return rc;
	}
	if (o->state != ORDER_PENDING)
		return to_order(rs);
	view_return(rs, o);
	return respond_page(rs, "page/return.cs");
}
