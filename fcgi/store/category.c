/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Categories as rows.  The tree, and what may be seen of it, is decided in
 * shop/.
 */
#include "store/category.h"

#include "io/db.h"
#include "store/stmt.gen.h"

static void
rec_read(struct db_row r, struct category_rec *c)
{
	c->id = dv_u64(r, 0);
	c->parent = dv_u64(r, 1);
	c->slug = dv_str(r, 2);
	c->name = dv_str(r, 3);
	c->summary = dv_str(r, 4);
	c->icon = dv_str(r, 5);
	c->sort = (int)dv_i64(r, 6);
	c->hidden = dv_u64(r, 7) != 0;
	c->version = (unsigned)dv_u64(r, 8);
	c->products = dv_u64(r, 9);
}

enum rc
category_all(struct ctx *cx, const char *lang, const struct category_rec **out,
    size_t *n)
{
	struct category_rec *c;
	struct db_rows rows;
	enum rc rc;
	size_t i;

	rc = DB_ROWS(
	    cx, STMT_category_all, &rows, DV_STR(lang), DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	c = ARENA_ARRAY(cx->arena, rows.n, struct category_rec);
	for (i = 0; i < rows.n; i++)
		rec_read(rows.row[i], &c[i]);
	*out = c;
	*n = rows.n;
	return RC_OK;
}
