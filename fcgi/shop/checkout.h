/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Placing an order: quote, caps, claim, commit.  One form token makes at
 * most one order.
 */
#ifndef KS_SHOP_CHECKOUT_H
#define KS_SHOP_CHECKOUT_H

#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"
#include "shop/price.h"

/* The visitor: 32 random bytes in a cookie; the database knows a keyed hash.
 * Made by web/; NULL bytes mean none. */
struct visitor {
	uint8_t raw[32];
	bool known; /* came with the request */
};

struct checkout_input {
	const char *name, *value;
};

struct checkout {
	struct quote_ask ask;
	uint64_t offer;      /* digest, of one that was kept; else 0 */
	int64_t shown_total; /* minor units the form showed, or -1: the quote
			      * must still be this */
	const char *contact; /* e-mail address */
	const char *lookup_password; /* may be "" (any value counts, "0" too) */
	const char *form_token;
	const struct checkout_input *inputs;
	size_t n_inputs;
	const struct visitor *visitor;
};

/* Which field is wrong and why; the web layer puts it beside the field. */
enum checkout_error {
	CHECKOUT_OK,
	CHECKOUT_SKU, /* not on sale */
	CHECKOUT_QTY, /* outside the limits */
	CHECKOUT_CONTACT,
	CHECKOUT_PASSWORD, /* too long */
	CHECKOUT_COUPON,   /* see quote.coupon_verdict */
	CHECKOUT_CHANNEL,  /* unknown or not usable for this order */
	CHECKOUT_INPUT,    /* bad_input names it */
	CHECKOUT_TOKEN,    /* expired, forged or of another visitor */
	CHECKOUT_PRICE,    /* changed since the form was shown */
	CHECKOUT_SOLD_OUT,
	CHECKOUT_NOT_YET, /* sale window */
	CHECKOUT_OVER,
	CHECKOUT_LIMIT,  /* the buyer's limit of this SKU */
	CHECKOUT_HOLDS,  /* too many unpaid orders */
	CHECKOUT_CLOSED, /* the shop */
	CHECKOUT_STALE,  /* the offer it was given is another one by now */
	CHECKOUT__N
};

struct checkout_result {
	enum checkout_error error;
	const char *bad_input;
	const char *order_no;      /* on RC_OK, new or of the same token */
	bool repeated;             /* the token had made this order before */
	const struct quote *quote; /* where it could be made */
};

/* A token for the form, bound to the visitor; base64url text. */
const char *checkout_form_token(struct ctx *cx, const struct visitor *v);

/* RC_OK: order_no exists (committed).  RC_INVALID, RC_CONFLICT (sold out,
 * price, limits): out->error says which.  out is always filled.
 * RC_BUSY/RC_FAIL: nothing was placed, or it can be found again by sending
 * the same token. */
MUST_CHECK enum rc checkout_place(
    struct ctx *cx, const struct checkout *form, struct checkout_result *out);

#endif
