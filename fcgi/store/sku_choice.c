/* SPDX-License-Identifier: Apache-2.0 */
/* Reading SKUs to choose from. */
#include "store/sku_choice.h"

#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
sku_choices(
    struct ctx *cx, unsigned max, const struct sku_choice **out, size_t *n)
{
	struct sku_choice *list;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(
	    cx, STMT_sku_choices, &rows, DV_U64(cx->merchant), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, struct sku_choice);
	for (i = 0; i < rows.n; i++) {
		list[i].id = dv_u64(rows.row[i], 0);
		list[i].code = dv_str(rows.row[i], 1);
		list[i].name = dv_str(rows.row[i], 2);
		list[i].product_name = dv_str(rows.row[i], 3);
	}
	*out = list;
	*n = rows.n;
	return RC_OK;
}
