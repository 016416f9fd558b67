/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cards on the purchase path.  A card changes hands only by an UPDATE that
 * names the state it must be in, and the number of rows is the proof.
 */
#include "store/purchase.h"

#include <stdint.h>

#include "base/log.h"
#include "base/time.h"
#include "io/db.h"
#include "store/stmt.gen.h"

static enum stmt
pick_statement(struct ctx *cx, enum card_pick how)
{
	if (how == PICK_WAIT || !db_has(cx, DB_SKIP_LOCKED))
		return STMT_card_pick_wait;
	return how == PICK_NEWEST ? STMT_card_pick_newest : STMT_card_pick;
}

/* Free cards stand behind the entries that sold ones have left in the index,
 * which go only when the server purges them: a reader that is open for an hour
 * keeps an hour of sales.  So each process remembers where it found the last
 * card of a SKU and begins there.  It begins at the end of the range again
 * after CURSOR_US, because cards are given back and imported on the other side
 * of that place, and at once when there are too few on this side.  Oldest
 * (newest) first therefore holds among the cards that were free CURSOR_US ago;
 * no card is forgotten. */
enum { CURSORS = 64, CURSOR_US = 10 * 1000 * 1000 };

struct card_cursor {
	uint64_t sku, at; /* at: the first card that was picked last time */
	enum card_pick how;
	int64_t until; /* monotonic us */
};

static struct card_cursor *
cursor_of(struct ctx *cx, uint64_t sku, enum card_pick how)
{
	struct card_cursor *c;

	if (cx->cursor == NULL)
		cx->cursor = ARENA_ARRAY(cx->keep, CURSORS, struct card_cursor);
	c = &cx->cursor[sku % CURSORS];
	if (c->sku != sku || c->how != how || time_mono_us() >= c->until)
		*c = (struct card_cursor){.sku = sku, .how = how};
	return c;
}

/* The bound of the statement: exclusive, and the first card of last time is
 * looked at again, because its transaction may have come to nothing. */
static uint64_t
bound_of(const struct card_cursor *c, enum stmt id)
{
	if (id == STMT_card_pick_newest)
		return c->at == 0 ? UINT64_MAX : c->at + 1;
	return c->at == 0 ? 0 : c->at - 1;
}

static enum rc
pick_from(struct ctx *cx, enum stmt id, uint64_t sku, uint64_t line,
    uint64_t bound, unsigned n, struct db_rows *rows)
{
	*rows = (struct db_rows){NULL, 0};
	return DB_ROWS(cx, (int)id, rows, DV_U64(sku), DV_U64(bound),
	    DV_U64(line), DV_U64(n));
}

static enum rc
pick(struct ctx *cx, uint64_t sku, uint64_t line, enum card_pick how,
    unsigned n, const uint64_t **ids, size_t *n_out)
{
	struct card_cursor *c = cursor_of(cx, sku, how);
	enum stmt id = pick_statement(cx, how);
	struct db_rows rows;
	uint64_t *list;
	size_t i;
	enum rc rc;

	rc = pick_from(cx, id, sku, line, bound_of(c, id), n, &rows);
	if (rc == RC_OK && rows.n < n && c->at != 0) {
		c->at = 0;
		rc = pick_from(cx, id, sku, line, bound_of(c, id), n, &rows);
	}
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, uint64_t);
	for (i = 0; i < rows.n; i++)
		list[i] = dv_u64(rows.row[i], 0);
	if (c->at == 0)
		c->until = time_mono_us() + CURSOR_US;
	c->at = rows.n == 0 || how == PICK_WAIT ? 0 : list[0];
	*ids = list;
	*n_out = rows.n;
	return RC_OK;
}

enum rc
card_pick(struct ctx *cx, uint64_t sku, enum card_pick how, unsigned n,
    const uint64_t **ids, size_t *n_out)
{
	return pick(cx, sku, sku, how, n, ids, n_out);
}

enum rc
card_pick_owed(struct ctx *cx, uint64_t sku, unsigned n, const uint64_t **ids,
    size_t *n_out)
{
	return pick(cx, sku, 0, PICK_OLDEST, n, ids, n_out);
}

static struct dv *
id_list(struct ctx *cx, const uint64_t *ids, size_t n)
{
	struct dv *v = ARENA_ARRAY(cx->arena, n, struct dv);
	size_t i;

	for (i = 0; i < n; i++)
		v[i] = DV_U64(ids[i]);
	return v;
}

/* The rows were locked by card_pick(): anything but n is a broken server or
 * a bug of ours, and selling less than counted is not an option. */
static enum rc
all_of_them(uint64_t affected, size_t n)
{
	if (affected == n)
		return RC_OK;
	log_event(LOG_ERROR, "card_rows", LF_U64("wanted", n),
	    LF_U64("got", affected));
	return RC_BUSY;
}

enum rc
cards_hold(struct ctx *cx, const struct held *h, size_t n)
{
	enum { COLS = 3 };
	struct dv *v = ARENA_ARRAY(cx->arena, n * COLS, struct dv), *p = v;
	uint64_t affected;
	size_t i;
	enum rc rc;

	if (n == 0)
		return RC_OK;
	for (i = 0; i < n; i++) {
		*p++ = DV_U64(h[i].card);
		*p++ = DV_U64(h[i].order);
		*p++ = DV_I64(h[i].until);
	}
	rc = db_exec_many(cx, STMT_card_hold, NULL, 0, v, n, &affected);
	return rc == RC_OK ? all_of_them(affected, n) : rc;
}

enum rc
card_take(struct ctx *cx, uint64_t order, const uint64_t *ids, size_t n)
{
	const struct dv fixed[] = {DV_U64(order)};
	uint64_t affected;
	enum rc rc;

	rc = db_exec_many(
	    cx, STMT_card_take, fixed, 1, id_list(cx, ids, n), n, &affected);
	return rc == RC_OK ? all_of_them(affected, n) : rc;
}

enum rc
card_sell(struct ctx *cx, uint64_t order, uint64_t *n)
{
	return DB_EXEC(cx, STMT_card_sell, n, DV_U64(order));
}

enum rc
card_release(struct ctx *cx, uint64_t order, uint64_t *n)
{
	return DB_EXEC(cx, STMT_card_release, n, DV_U64(order));
}

enum rc
card_template(struct ctx *cx, uint64_t sku, struct card_text *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_card_template, &r, DV_U64(sku));
	if (rc != RC_OK)
		return rc;
	out->id = dv_u64(r, 0);
	out->batch = dv_u64(r, 1);
	out->key_id = (uint32_t)dv_u64(r, 2);
	out->sealed = dv_blob(r, 3);
	out->fingerprint = dv_blob(r, 4);
	return RC_OK;
}

enum rc
card_mint(struct ctx *cx, uint64_t id, uint64_t sku, uint64_t order,
    const struct card_text *t)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_card_mint, &affected, DV_U64(id),
	    DV_U64(cx->merchant), DV_U64(sku), DV_U64(t->batch), DV_U64(order),
	    DV_U64(t->key_id), DV_BLOB(t->fingerprint.p, t->fingerprint.n),
	    DV_BLOB(t->sealed.p, t->sealed.n), DV_I64(cx->now));
}

enum rc
delivery_add_sold(
    struct ctx *cx, uint64_t order, uint64_t item, uint64_t sku, uint64_t *n)
{
	return DB_EXEC(cx, STMT_delivery_add_sold, n, DV_U64(item),
	    DV_I64(cx->now), DV_U64(order), DV_U64(sku));
}
