/* SPDX-License-Identifier: Apache-2.0 */
/* Names and nothing else (known.h). */
#include "store/known.h"

#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
known_slugs(struct ctx *cx, size_t max, const struct slug_rec **out, size_t *n)
{
	struct slug_rec *r;
	struct db_rows rows;
	enum rc rc;
	size_t i;

	rc = DB_ROWS(cx, STMT_known_slugs, &rows, DV_U64(cx->merchant),
	    DV_U64(cx->merchant), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	r = ARENA_ARRAY(cx->arena, rows.n, struct slug_rec);
	for (i = 0; i < rows.n; i++) {
		r[i].category = dv_u64(rows.row[i], 0) != 0;
		r[i].slug = dv_str(rows.row[i], 1);
	}
	*out = r;
	*n = rows.n;
	return RC_OK;
}

static void
read_names(struct ctx *cx, struct db_rows rows, bool dated,
    const struct order_name **out, size_t *n)
{
	struct order_name *r =
	    ARENA_ARRAY(cx->arena, rows.n, struct order_name);
	size_t i;

	for (i = 0; i < rows.n; i++) {
		r[i].no = dv_str(rows.row[i], 0);
		if (dated)
			r[i].created = dv_i64(rows.row[i], 1);
	}
	*out = r;
	*n = rows.n;
}

enum rc
orders_after(struct ctx *cx, const char *after, size_t max,
    const struct order_name **out, size_t *n)
{
	struct db_rows rows;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_known_orders, &rows, DV_STR(after), DV_U64(max));
	if (rc == RC_OK)
		read_names(cx, rows, false, out, n);
	return rc;
}

enum rc
orders_made_since(struct ctx *cx, int64_t since_us, size_t max,
    const struct order_name **out, size_t *n)
{
	struct db_rows rows;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_known_orders_new, &rows, DV_U64(cx->merchant),
	    DV_I64(since_us), DV_U64(max));
	if (rc == RC_OK)
		read_names(cx, rows, true, out, n);
	return rc;
}
