/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arithmetic of a quote: list, tier, coupon, fee, in this order.  Pure
 * functions over checked integers; every step appends a line, and the total
 * is the sum of the lines by construction.
 */
#include "shop/price_rule.h"

#include "base/str.h"

enum { PERMYRIAD = 10000 };

const struct tier *
price_tier(const struct sku *s, unsigned qty)
{
	const struct tier *t = NULL;
	size_t i;

	for (i = 0; i < s->n_tiers; i++)
		if (s->tiers[i].min_qty <= qty)
			t = &s->tiers[i];
	/* a tier above the list price would punish those who buy more */
	if (t != NULL && money_cmp(t->price, s->price) >= 0)
		return NULL;
	return t;
}

struct money
price_unit(const struct sku *s, unsigned qty)
{
	const struct tier *t = price_tier(s, qty);

	return t != NULL ? t->price : s->price;
}

static enum rc
line_add(struct quote *q, enum quote_step step, struct money amount,
    const char *reason)
{
	enum rc rc;

	rc = money_add(q->total, amount, &q->total);
	if (rc != RC_OK)
		return rc;
	q->lines[q->n_lines++] = (struct quote_line){step, amount, reason};
	return RC_OK;
}

enum rc
price_add_goods(
    struct arena *a, const struct sku *s, unsigned qty, struct quote *q)
{
	const struct tier *t = price_tier(s, qty);
	struct money goods;
	enum rc rc;

	q->sku = s;
	q->qty = qty;
	q->unit = price_unit(s, qty);
	if ((rc = money_mul(s->price, qty, &q->list)) != RC_OK ||
	    (rc = money_mul(q->unit, qty, &goods)) != RC_OK ||
	    (rc = money_sub(q->list, goods, &q->tier_off)) != RC_OK ||
	    (rc = line_add(q, QUOTE_LIST, q->list, "")) != RC_OK)
		return rc;
	if (t == NULL || q->tier_off.minor == 0)
		return RC_OK;
	return line_add(q, QUOTE_TIER, MONEY(-q->tier_off.minor),
	    arena_fmt(a, "%u", t->min_qty));
}

enum coupon_verdict
price_coupon_verdict(const struct coupon_rec *c, const struct sku *s,
    struct money goods, int64_t now)
{
	if (!c->active)
		return COUPON_UNKNOWN;
	if (c->from != 0 && now < c->from)
		return COUPON_NOT_YET;
	if (c->until != 0 && now >= c->until)
		return COUPON_OVER;
	if (c->uses_max != 0 && c->uses >= c->uses_max)
		return COUPON_USED_UP;
	if ((c->product != 0 && c->product != s->product) ||
	    (c->sku != 0 && c->sku != s->id))
		return COUPON_OTHER_GOODS;
	if (money_cmp(goods, c->min) < 0)
		return COUPON_TOO_SMALL;
	return COUPON_OK;
}

enum rc
price_coupon_off(
    const struct coupon_rec *c, struct money goods, struct money *off)
{
	struct money m = MONEY(c->value);
	enum rc rc;

	if (c->value <= 0) {
		*off = MONEY(0);
		return RC_OK;
	}
	if (str_eq(c->kind, "percent") && c->value < PERMYRIAD) {
		rc = money_rate(goods, (uint32_t)c->value, &m);
		if (rc != RC_OK)
			return rc;
	} else if (str_eq(c->kind, "percent")) {
		m = goods;
	}
	if (str_eq(c->kind, "percent") && c->cap.minor > 0 &&
	    money_cmp(m, c->cap) > 0)
		m = c->cap;
	*off = money_cmp(m, goods) > 0 ? goods : m;
	return RC_OK;
}

enum rc
price_add_coupon(struct quote *q, const struct coupon_rec *c, const char *code)
{
	enum rc rc;

	rc = price_coupon_off(c, q->total, &q->coupon_off);
	if (rc != RC_OK)
		return rc;
	q->coupon = c->id;
	return line_add(q, QUOTE_COUPON, MONEY(-q->coupon_off.minor), code);
}

enum rc
price_add_fee(struct quote *q, struct money fee, const char *title)
{
	q->fee = fee;
	if (fee.minor == 0)
		return RC_OK;
	return line_add(q, QUOTE_FEE, fee, title);
}
