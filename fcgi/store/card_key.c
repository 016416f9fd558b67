/* SPDX-License-Identifier: Apache-2.0 */
/* Card keys as the rows have them. */
#include "store/card_key.h"

#include "base/bug.h"
#include "io/db.h"
#include "store/stmt.gen.h"

enum { FLOOR_ROW = 1 };

enum rc
card_key_floor(struct ctx *cx, uint32_t *key)
{
	struct db_row r;
	enum rc rc;

	BUG_ON(cx->tx_depth == 0);
	rc = DB_ROW(cx, STMT_card_key_floor_share, &r, DV_U64(FLOOR_ROW));
	if (rc == RC_OK)
		*key = (uint32_t)dv_u64(r, 0);
	return rc == RC_NOTFOUND ? RC_FAIL : rc;
}

enum rc
card_key_raise(struct ctx *cx, uint32_t key)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_card_key_floor_raise, &affected, DV_U64(key),
	    DV_U64(FLOOR_ROW), DV_U64(key));
}

enum rc
card_next(struct ctx *cx, uint64_t after, uint64_t *id)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_card_next, &r, DV_U64(after));
	if (rc == RC_OK)
		*id = dv_u64(r, 0);
	return rc;
}

enum rc
cards_of_old_keys(struct ctx *cx, uint64_t from, uint64_t to, uint32_t newest,
    unsigned max, const struct card_old **out, size_t *n)
{
	struct card_old *c;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_cards_of_old_keys, &rows, DV_U64(from),
	    DV_U64(to), DV_U64(newest), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	c = ARENA_ARRAY(cx->arena, rows.n, struct card_old);
	for (i = 0; i < rows.n; i++) {
		struct db_row r = rows.row[i];

		c[i].id = dv_u64(r, 0);
		c[i].key = (uint32_t)dv_u64(r, 1);
		c[i].sealed = dv_blob(r, 2);
		c[i].state = dv_str(r, 3);
	}
	*out = c;
	*n = rows.n;
	return RC_OK;
}

enum rc
cards_by_key(struct ctx *cx, uint64_t from, uint64_t to, uint32_t key,
    uint64_t *same, uint64_t *other)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_cards_by_key, &r, DV_U64(key), DV_U64(key),
	    DV_U64(from), DV_U64(to));
	if (rc != RC_OK)
		return rc;
	*same = dv_u64(r, 0);
	*other = dv_u64(r, 1);
	return RC_OK;
}

enum rc
card_reseal(
    struct ctx *cx, const struct card_old *c, uint32_t key, struct span sealed)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_card_reseal, &affected, DV_U64(key),
	    DV_BLOB(sealed.p, sealed.n), DV_U64(c->id), DV_U64(c->key),
	    DV_BLOB(c->sealed.p, c->sealed.n));
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}
