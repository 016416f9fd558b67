/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pieces that several storefront views share (view_shop.h).
 */
#include "web/view_shop.h"

#include <string.h>

#include "base/url.h"
#include "web/response.h"
#include "web/static_url.h"
#include "web/web.h"

void
view_title(struct response *rs, const char *title)
{
	tnode_set(rs->data, "Page.Title", title);
}

const char *
view_fill(struct response *rs, const char *key, const char *value)
{
	const char *text = response_text(rs, key);
	const char *gap = strstr(text, "{}");

	if (gap == NULL)
		return text;
	return arena_fmt(
	    rs->cx->arena, "%.*s%s%s", (int)(gap - text), text, value, gap + 2);
}

const char *
view_picture(struct response *rs, const char *picture)
{
	const char *file = "img/none.svg";

	if (str_starts(picture, "https://"))
		return picture;
	if (str_starts(picture, "/") && url_is_local_path(picture))
		return picture;
	if (str_starts(picture, "img/") && strstr(picture, "..") == NULL)
		file = picture;
	return static_url(rs->cx->arena, rs->web->files, file);
}

const char *
view_price(struct response *rs, struct money price, const char *currency)
{
	if (price.minor == 0)
		return response_text(rs, "goods.free");
	return money_show(rs->cx->arena, price, currency);
}

const char *
stock_range(uint64_t n)
{
	/* clang-format off */
	static const struct { uint64_t up_to; const char *text; } range[] = {
		{ 5, "1-5" }, { 20, "6-20" }, { 50, "21-50" },
	};
	/* clang-format on */
	size_t i;

	for (i = 0; i < sizeof(range) / sizeof(range[0]); i++) {
		if (n <= range[i].up_to)
			return range[i].text;
	}
	return "50+";
}

void
view_stock(struct response *rs, struct tnode *n, const struct stock_view *stock)
{
	(void)rs;
	if (stock->out) {
		tnode_set(n, "Stock", "out");
		return;
	}
	if (stock->display == STOCK_HIDDEN)
		return;
	tnode_set(n, "Stock", stock->low ? "low" : "in");
	if (stock->n == 0) /* made on demand, or by hand: nothing to count */
		return;
	if (stock->display == STOCK_EXACT)
		tnode_fmt(n, "Left", "%llu%s", (unsigned long long)stock->n,
		    stock->more ? "+" : "");
	else if (stock->display == STOCK_RANGE)
		tnode_set(n, "Left", stock_range(stock->n));
}

const char *
money_pattern(struct arena *a, const char *currency)
{
	const char *zero = money_show(a, MONEY(0), currency);
	const char *from = zero, *to = zero + strlen(zero);

	while (*from != '\0' && !chr_digit(*from))
		from++;
	while (to > from && !chr_digit(to[-1]))
		to--;
	return arena_fmt(a, "%.*s{}%s", (int)(from - zero), zero, to);
}
