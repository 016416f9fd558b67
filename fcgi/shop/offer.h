/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is sold, at which price, through which channels: all that a quote is
 * made of, read from the primary in one go.
 *
 * In a rush every order of a SKU would read the same rows.  So with a till a
 * process keeps an offer for a second, and the claim that was priced from it
 * carries its digest: the transaction that gives the cards reads the rows
 * once for all of its claims and serves only those whose digest is still
 * theirs.  Nothing is sold from rows that have changed, and no refusal is
 * told from rows that were not read for it.
 */
#ifndef KS_SHOP_OFFER_H
#define KS_SHOP_OFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"
#include "shop/catalogue.h"

struct channel_row;

struct offer {
	const struct product *product;
	const struct sku *sku; /* of that product */
	const struct shop_info *shop;
	const struct channel_row *channels; /* all of the shop, in its order */
	size_t n_channels;
	uint64_t digest; /* of what an order takes from the rows; never 0 */
	bool kept;       /* read a moment ago, for another request */
};

/* What it points at stays until the request ends.  RC_NOTFOUND: no such SKU
 * on sale. */
MUST_CHECK enum rc offer_get(struct ctx *cx, uint64_t sku, struct offer *out);
/* Read now, and kept for others.  *changed: it is not the one in *offer. */
MUST_CHECK enum rc offer_again(
    struct ctx *cx, uint64_t sku, struct offer *offer, bool *changed);

/* The digest of the rows as this transaction sees them, for buyers of a
 * language; 0: not on sale any more. */
MUST_CHECK enum rc offer_digest(
    struct ctx *cx, const char *lang, uint64_t sku, uint64_t *digest);

#endif
