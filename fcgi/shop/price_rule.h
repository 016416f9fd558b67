/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arithmetic of a quote, without database: what quote.c loads goes in,
 * sums come out.
 */
#ifndef KS_SHOP_PRICE_RULE_H
#define KS_SHOP_PRICE_RULE_H

#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "shop/price.h"
#include "store/coupon.h"

/* The tier that counts for qty, or NULL: the one with the greatest min_qty
 * not above qty, if it is cheaper than the list price. */
const struct tier *price_tier(const struct sku *s, unsigned qty);

/* Does the coupon count for this purchase?  goods: list less tier. */
enum coupon_verdict price_coupon_verdict(const struct coupon_rec *c,
    const struct sku *s, struct money goods, int64_t now);
/* What it takes off goods: in [0, goods]. */
MUST_CHECK enum rc price_coupon_off(
    const struct coupon_rec *c, struct money goods, struct money *off);

/* Each fills its amounts of q, appends its line and moves q->total, which is
 * the sum of the lines at any time.  RC_INVALID: overflow. */
MUST_CHECK enum rc price_add_goods(
    struct arena *a, const struct sku *s, unsigned qty, struct quote *q);
MUST_CHECK enum rc price_add_coupon(
    struct quote *q, const struct coupon_rec *c, const char *code);
/* No line for a fee of 0. */
MUST_CHECK enum rc price_add_fee(
    struct quote *q, struct money fee, const char *title);

#endif
