/* SPDX-License-Identifier: Apache-2.0 */
/* The SKUs that a form of the panel offers. */
#include "shop/stock.h"

#include "store/sku_choice.h"

enum { CHOICES = 500 };

enum rc
stock_skus(struct ctx *cx, const struct sku_row **out, size_t *n)
{
	const struct sku_choice *rows;
	struct sku_row *list;
	size_t i;
	enum rc rc;

	rc = sku_choices(cx, CHOICES, &rows, n);
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, *n, struct sku_row);
	for (i = 0; i < *n; i++) {
		list[i].id = rows[i].id;
		list[i].code = rows[i].code;
		list[i].name = rows[i].name;
		list[i].product_name = rows[i].product_name;
	}
	*out = list;
	return RC_OK;
}
