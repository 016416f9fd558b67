/* SPDX-License-Identifier: Apache-2.0 */
/* The shop's own texts, in the language that was asked for if there is one. */
#include "store/content.h"

#include "base/str.h"
#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
shop_get(struct ctx *cx, const char *lang, struct shop_rec *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_shop_get, &r,
	    DV_STR(arena_fmt(cx->arena, "shop_name.%s", lang)),
	    DV_STR(arena_fmt(cx->arena, "shop_notice.%s", lang)),
	    DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	out->name = dv_str(r, 0);
	out->currency = dv_str(r, 1);
	out->state = dv_str(r, 2);
	out->notice = dv_str(r, 3);
	return RC_OK;
}

enum rc
content_get(struct ctx *cx, const char *slug, const char *lang,
    const char *fallback, struct content_rec *out)
{
	struct db_rows rows;
	struct db_row r;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_content_get, &rows, DV_U64(cx->merchant),
	    DV_STR(slug), DV_STR(lang), DV_STR(fallback));
	if (rc != RC_OK)
		return rc;
	if (rows.n == 0)
		return RC_NOTFOUND;
	r = rows.row[0];
	if (rows.n > 1 && !str_eq(dv_str(r, 0), lang))
		r = rows.row[1];
	out->lang = dv_str(r, 0);
	out->title = dv_str(r, 1);
	out->body_md = dv_str(r, 2);
	out->body_html = dv_str(r, 3);
	out->updated = dv_i64(r, 4);
	return RC_OK;
}
