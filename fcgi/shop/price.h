/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The quote: what a purchase costs and why, computed on the server from the
 * catalogue, never from the form.  Integer minor units; the sum of the lines
 * is the total.
 */
#ifndef KS_SHOP_PRICE_H
#define KS_SHOP_PRICE_H

#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"
#include "shop/catalogue.h"

enum quote_step { QUOTE_LIST, QUOTE_TIER, QUOTE_COUPON, QUOTE_FEE, QUOTE__N };

struct quote_line {
	enum quote_step step;
	struct money amount; /* negative where it takes off */
	const char *reason;  /* data for the text: "10" (tier from), coupon
			      * code, channel title */
};

struct channel_row;

struct channel_choice { /* what a buyer may pay with */
	uint64_t id;
	const char *name, *title, *gateway;
	struct money fee;   /* what this channel adds to this order */
	struct money total; /* and what is paid with it in all */
};

/* Why a coupon does not count. */
enum coupon_verdict {
	COUPON_NONE, /* none given */
	COUPON_OK,
	COUPON_UNKNOWN, /* also: inactive, of another shop */
	COUPON_NOT_YET,
	COUPON_OVER,
	COUPON_USED_UP,
	COUPON_OTHER_GOODS,
	COUPON_TOO_SMALL, /* below the minimum order */
	COUPON__N
};

struct quote {
	const struct product *product;
	const struct sku *sku;
	unsigned qty;
	const char *currency;
	struct money unit; /* after the tier */
	struct quote_line lines[QUOTE__N];
	unsigned n_lines;
	struct money list, tier_off, coupon_off, fee, total; /* all >= 0 */
	uint64_t coupon;                                     /* id, or 0 */
	enum coupon_verdict coupon_verdict;
	uint64_t channel; /* id, or 0 when free or none chosen */
	const struct channel_choice *channels; /* usable for this order */
	size_t n_channels;
};

struct quote_ask {
	uint64_t sku;
	unsigned qty;
	const char *coupon;  /* as typed; NULL or "" none */
	const char *channel; /* name; NULL or "": the first usable; one that
			      * cannot be used leaves quote.channel 0 */
	bool mobile;         /* device filter */
	/* What this request has read from the primary already; NULL: it is
	 * read here. */
	const struct product *product;
	const struct sku *offer; /* of that product */
	const struct shop_info *shop;
	const struct channel_row *channels; /* all of the shop */
	size_t n_channels;
};

/* RC_NOTFOUND: no such SKU on sale.  RC_INVALID: the quantity is outside the
 * SKU's limits, or the amount overflows.  A bad coupon is not an error here:
 * see coupon_verdict. */
MUST_CHECK enum rc price_quote(
    struct ctx *cx, const struct quote_ask *ask, const struct quote **out);

/* Pure: the unit price for qty from the list price and the tiers. */
struct money price_unit(const struct sku *s, unsigned qty);

#endif
