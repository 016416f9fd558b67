/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Batches as rows.  A batch may hold a million cards, so whatever touches its
 * cards does so in slices; the order of the slices is decided in shop/.
 */
#include "store/card_batch.h"

#include "io/db.h"
#include "store/stmt.gen.h"

static void
import_sku_read(struct db_row r, struct import_sku *out)
{
	out->id = dv_u64(r, 0);
	out->product = dv_u64(r, 1);
	out->code = dv_str(r, 2);
	out->kind = dv_str(r, 3);
}

enum rc
import_sku_get(struct ctx *cx, uint64_t id, struct import_sku *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_sku_for_import, &r, DV_U64(cx->merchant), DV_U64(id));
	if (rc == RC_OK)
		import_sku_read(r, out);
	return rc;
}

enum rc
import_sku_by_code(struct ctx *cx, const char *code, struct import_sku *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_sku_for_import_code, &r, DV_U64(cx->merchant),
	    DV_STR(code));
	if (rc == RC_OK)
		import_sku_read(r, out);
	return rc;
}

enum rc
card_batch_add(struct ctx *cx, uint64_t sku, const char *name, const char *note,
    struct money cost, const char *state, uint64_t *id)
{
	bool committed = str_eq(state, "committed");

	return DB_INSERT(cx, STMT_card_batch_add, id, DV_U64(cx->merchant),
	    DV_U64(sku), DV_STR(name), DV_STR(note), DV_I64(cost.minor),
	    DV_STR(state), DV_U64(cx->staff), DV_I64(cx->now),
	    DV_I64(committed ? cx->now : 0));
}

static void
batch_read(struct db_row r, struct batch_rec *b)
{
	b->id = dv_u64(r, 0);
	b->sku = dv_u64(r, 1);
	b->product = dv_u64(r, 2);
	b->name = dv_str(r, 3);
	b->note = dv_str(r, 4);
	b->state = dv_str(r, 5);
	b->cost = MONEY(dv_i64(r, 6));
	b->n.lines = dv_u64(r, 7);
	b->n.added = dv_u64(r, 8);
	b->n.blank = dv_u64(r, 9);
	b->n.dup_file = dv_u64(r, 10);
	b->n.dup_stock = dv_u64(r, 11);
	b->n.dup_sold = dv_u64(r, 12);
	b->n.dup_other = dv_u64(r, 13);
	b->n.bad = dv_u64(r, 14);
	b->next_chunk = (unsigned)dv_u64(r, 15);
	b->created = dv_i64(r, 16);
	b->committed = dv_i64(r, 17);
	b->sku_code = dv_str(r, 18);
	b->sku_name = dv_str(r, 19);
	b->product_name = dv_str(r, 20);
}

enum rc
card_batch_get(struct ctx *cx, uint64_t id, struct batch_rec *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_card_batch_get, &r, DV_U64(cx->merchant), DV_U64(id));
	if (rc == RC_OK)
		batch_read(r, out);
	return rc;
}

enum rc
card_batch_list(struct ctx *cx, uint64_t sku, uint64_t skip, uint64_t n,
    const struct batch_rec **out, size_t *out_n)
{
	struct batch_rec *b;
	struct db_rows rows;
	enum rc rc;
	size_t i;

	rc = DB_ROWS(cx, STMT_card_batch_list, &rows, DV_U64(cx->merchant),
	    DV_U64(sku), DV_U64(sku), DV_U64(skip), DV_U64(n));
	if (rc != RC_OK)
		return rc;
	b = ARENA_ARRAY(cx->arena, rows.n, struct batch_rec);
	for (i = 0; i < rows.n; i++)
		batch_read(rows.row[i], &b[i]);
	*out = b;
	*out_n = rows.n;
	return RC_OK;
}

enum rc
card_batch_count(struct ctx *cx, uint64_t sku, uint64_t *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_card_batch_count, &r, DV_U64(cx->merchant),
	    DV_U64(sku), DV_U64(sku));
	if (rc == RC_OK)
		*out = dv_u64(r, 0);
	return rc;
}

enum rc
card_batch_lock(struct ctx *cx, uint64_t id, struct batch_lock *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_card_batch_lock, &r, DV_U64(cx->merchant), DV_U64(id));
	if (rc != RC_OK)
		return rc;
	out->sku = dv_u64(r, 0);
	out->state = dv_str(r, 1);
	out->next_chunk = (unsigned)dv_u64(r, 2);
	return RC_OK;
}

enum rc
card_batch_chunk(
    struct ctx *cx, uint64_t id, unsigned seq, const struct batch_counts *n)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_card_batch_chunk, &affected, DV_U64(n->lines),
	    DV_U64(n->added), DV_U64(n->blank), DV_U64(n->dup_file),
	    DV_U64(n->dup_stock), DV_U64(n->dup_sold), DV_U64(n->dup_other),
	    DV_U64(n->bad), DV_U64(id), DV_U64(seq));
	if (rc == RC_OK && affected != 1)
		return RC_CONFLICT;
	return rc;
}

enum rc
card_batch_state(struct ctx *cx, uint64_t id, const char *from, const char *to,
    int64_t committed)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_card_batch_state, &affected, DV_STR(to),
	    DV_I64(committed), DV_U64(id), DV_STR(from));
	if (rc == RC_OK && affected != 1)
		return RC_CONFLICT;
	return rc;
}

enum rc
card_batch_move(struct ctx *cx, uint64_t id, const char *from, const char *to,
    uint64_t n, uint64_t *done)
{
	return DB_EXEC(cx, STMT_card_batch_move, done, DV_STR(to), DV_U64(id),
	    DV_STR(from), DV_U64(n));
}

enum rc
card_batch_drop(struct ctx *cx, uint64_t id, uint64_t n, uint64_t *done)
{
	return DB_EXEC(cx, STMT_card_batch_drop, done, DV_U64(id), DV_U64(n));
}

enum rc
card_batch_taken(struct ctx *cx, uint64_t id, bool *taken)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_card_batch_taken, &r, DV_U64(id));
	if (rc == RC_OK)
		*taken = dv_u64(r, 0) != 0;
	return rc;
}

enum rc
card_batch_left(struct ctx *cx, uint64_t id, const char *state, bool *left)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_card_batch_left, &r, DV_U64(id),
	    DV_U64(!str_empty(state)), DV_STR(state));
	if (rc == RC_OK)
		*left = dv_u64(r, 0) != 0;
	return rc;
}

enum rc
card_batch_states(struct ctx *cx, const uint64_t *batch, size_t n_batches,
    const struct state_count **out, size_t *n)
{
	struct dv *in = ARENA_ARRAY(cx->arena, n_batches, struct dv);
	struct state_count *c;
	struct db_rows rows = {NULL, 0};
	enum rc rc = RC_OK;
	size_t i;

	for (i = 0; i < n_batches; i++)
		in[i] = DV_U64(batch[i]);
	if (n_batches > 0)
		rc = db_rows_many(
		    cx, STMT_card_batch_states, NULL, 0, in, n_batches, &rows);
	if (rc != RC_OK)
		return rc;
	c = ARENA_ARRAY(cx->arena, rows.n, struct state_count);
	for (i = 0; i < rows.n; i++) {
		c[i].of = dv_u64(rows.row[i], 0);
		c[i].state = dv_str(rows.row[i], 1);
		c[i].n = dv_u64(rows.row[i], 2);
	}
	*out = c;
	*n = rows.n;
	return RC_OK;
}
