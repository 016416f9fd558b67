/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The quote: loads what a price depends on, always from the primary, and lets
 * price.c do the sums.  Nothing of the amounts comes from the form.
 */
#include "shop/price.h"

#include "base/limits.h"
#include "base/str.h"
#include "shop/channel.h"
#include "shop/price_rule.h"
#include "store/coupon.h"

static enum rc
coupon_apply(struct ctx *cx, const char *typed, struct quote *q)
{
	struct span s = span_trim(span_str(typed));
	struct coupon_rec c;
	char *code;
	enum rc rc;
	size_t i;

	if (s.n == 0)
		return RC_OK; /* COUPON_NONE */
	q->coupon_verdict = COUPON_UNKNOWN;
	code = arena_dup(cx->arena, s.p, s.n);
	if (span_has_nul(s) || !str_is_token(code, "-_", LIM_COUPON))
		return RC_OK;
	for (i = 0; i < s.n; i++)
		code[i] = chr_upper(code[i]);
	rc = coupon_by_code(cx, code, &c);
	if (rc == RC_NOTFOUND)
		return RC_OK;
	if (rc != RC_OK)
		return rc;
	q->coupon_verdict = price_coupon_verdict(&c, q->sku, q->total, cx->now);
	if (q->coupon_verdict != COUPON_OK)
		return RC_OK;
	return price_add_coupon(q, &c, code);
}

static const char *
channel_title(struct ctx *cx, const struct channel *c)
{
	if (str_eq(cx->lang, "en") && !str_empty(c->title_en))
		return c->title_en;
	return c->title;
}

static enum rc
channels_apply(struct ctx *cx, const struct quote_ask *ask, struct quote *q)
{
	const struct money goods = q->total;
	const struct channel *c;
	struct channel_choice *choice;
	bool any = str_empty(ask->channel);
	enum rc rc;
	size_t i, n;

	if (goods.minor == 0)
		return RC_OK; /* what costs nothing goes through no gateway */
	rc = ask->channels != NULL
		 ? channel_choose(cx, ask->channels, ask->n_channels, goods,
		       q->currency, ask->mobile, &c, &n)
		 : channel_choices(cx, goods, q->currency, ask->mobile, &c, &n);
	if (rc != RC_OK)
		return rc;
	q->channels = choice = ARENA_ARRAY(cx->arena, n, struct channel_choice);
	q->n_channels = n;
	for (i = 0; i < n; i++) {
		choice[i].id = c[i].id;
		choice[i].name = c[i].name;
		choice[i].title = channel_title(cx, &c[i]);
		choice[i].gateway = c[i].gateway;
		if ((rc = channel_fee(&c[i], goods, &choice[i].fee)) != RC_OK ||
		    (rc = money_add(goods, choice[i].fee, &choice[i].total)) !=
			RC_OK)
			return rc;
		if (q->channel != 0 ||
		    !(any || str_eq(ask->channel, c[i].name)))
			continue;
		q->channel = c[i].id;
		rc = price_add_fee(q, choice[i].fee, choice[i].title);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

enum rc
price_quote(
    struct ctx *cx, const struct quote_ask *ask, const struct quote **out)
{
	struct quote *q = ARENA_NEW(cx->arena, struct quote);
	const struct shop_info *shop = ask->shop;
	enum rc rc = RC_OK;

	q->product = ask->product;
	q->sku = ask->offer;
	if (q->product == NULL || q->sku == NULL || q->sku->id != ask->sku)
		rc = catalogue_product_of_sku(
		    cx, ask->sku, &q->product, &q->sku);
	if (rc != RC_OK)
		return rc;
	if (ask->qty < q->sku->min_qty || ask->qty > q->sku->max_qty ||
	    ask->qty > LIM_QTY)
		return RC_INVALID;
	if (shop == NULL && (rc = catalogue_shop(cx, &shop)) != RC_OK)
		return rc;
	q->currency = shop->currency;
	if ((rc = price_add_goods(cx->arena, q->sku, ask->qty, q)) != RC_OK ||
	    (rc = coupon_apply(cx, ask->coupon, q)) != RC_OK ||
	    (rc = channels_apply(cx, ask, q)) != RC_OK)
		return rc;
	*out = q;
	return RC_OK;
}
