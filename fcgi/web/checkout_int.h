/* SPDX-License-Identifier: Apache-2.0 */
/* Between page_checkout.c, which shows the checkout, and do_order.c, which
 * takes its form; nobody else includes this. */
#ifndef KS_WEB_CHECKOUT_INT_H
#define KS_WEB_CHECKOUT_INT_H

#include "base/gate.h"
#include "shop/checkout.h"
#include "shop/offer.h"
#include "web/response.h"
#include "web/view_shop.h"

/* One showing of the checkout, and the form it answers. */
struct attempt {
	struct fields *in;
	bool link; /* in comes from an address: the quantity may be left out */
	const struct product *product;
	const struct sku *sku;
	struct checkout form;
	struct checkout_view view;
	enum http_status status;
	bool offer_only;     /* read for ordering, not for showing */
	struct offer offer;  /* which is then this */
	bool coupon_refused; /* when it was placed: others may have used it */
};

/* The SKU is what the page is about.  RC_NOTFOUND: there is none. */
MUST_CHECK enum rc attempt_load(struct ctx *cx, struct attempt *t);
MUST_CHECK enum rc attempt_look(struct ctx *cx, struct attempt *t);
/* t->offer becomes what is ordered. */
void attempt_take(struct attempt *t);
/* Quantity, coupon and channel of t->in, into t->form.ask. */
void attempt_ask(struct ctx *cx, struct attempt *t);
/* Why there is less than was asked for. */
void attempt_stock(struct ctx *cx, struct attempt *t);
const char *attempt_count(struct ctx *cx, uint64_t n);
/* The page: with all that was typed and each reason beside its field; or,
 * about the goods alone, a light one. */
MUST_CHECK enum rc attempt_show(
    struct ctx *cx, struct response *rs, struct attempt *t);
MUST_CHECK enum rc attempt_light(
    struct response *rs, const struct attempt *t, enum gate_why why);

#endif
