/* SPDX-License-Identifier: Apache-2.0 */
/* A shop's own words in mails, as rows. */
#include "store/notify.h"

#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
notify_get(
    struct ctx *cx, const char *kind, const char *lang, struct notify_row *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_notify_get, &r, DV_U64(cx->merchant), DV_STR(kind),
	    DV_STR(lang));
	if (rc == RC_OK)
		*out =
		    (struct notify_row){kind, lang, dv_str(r, 0), dv_str(r, 1)};
	return rc;
}

enum rc
notify_list(struct ctx *cx, const struct notify_row **out, size_t *n)
{
	struct notify_row *v;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_notify_list, &rows, DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	v = ARENA_ARRAY(cx->arena, rows.n, struct notify_row);
	for (i = 0; i < rows.n; i++)
		v[i] = (struct notify_row){dv_str(rows.row[i], 0),
		    dv_str(rows.row[i], 1), dv_str(rows.row[i], 2),
		    dv_str(rows.row[i], 3)};
	*out = v;
	*n = rows.n;
	return RC_OK;
}

enum rc
notify_put(struct ctx *cx, const struct notify_row *r)
{
	uint64_t affected; /* 0: saved as it was */

	return DB_EXEC(cx, STMT_notify_put, &affected, DV_U64(cx->merchant),
	    DV_STR(r->kind), DV_STR(r->lang), DV_STR(r->subject),
	    DV_STR(r->body), DV_I64(cx->now), DV_STR(r->subject),
	    DV_STR(r->body), DV_I64(cx->now));
}

enum rc
notify_remove(struct ctx *cx, const char *kind, const char *lang)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_notify_remove, &affected, DV_U64(cx->merchant),
	    DV_STR(kind), DV_STR(lang));
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}
