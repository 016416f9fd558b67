/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking through cards.  A filter gives ids in the order of an index, and
 * card_show() what is shown of them: no filter sorts a whole stock.
 */
#include "store/card.h"

#include "io/db.h"
#include "store/stmt.gen.h"

static enum rc
ids(struct ctx *cx, enum rc rc, const struct db_rows *rows,
    const uint64_t **out, size_t *n)
{
	uint64_t *id;
	size_t i;

	if (rc != RC_OK)
		return rc;
	id = ARENA_ARRAY(cx->arena, rows->n, uint64_t);
	for (i = 0; i < rows->n; i++)
		id[i] = dv_u64(rows->row[i], 0);
	*out = id;
	*n = rows->n;
	return RC_OK;
}

enum rc
sku_ids(struct ctx *cx, uint64_t product, uint64_t max, const uint64_t **out,
    size_t *n)
{
	struct db_rows rows = {NULL, 0};
	enum rc rc;

	rc = DB_ROWS(cx, STMT_sku_ids, &rows, DV_U64(cx->merchant),
	    DV_U64(product), DV_U64(product), DV_U64(max));
	return ids(cx, rc, &rows, out, n);
}

enum rc
card_ids_of_sku(struct ctx *cx, uint64_t sku, const char *state, uint64_t skip,
    uint64_t max, const uint64_t **out, size_t *n)
{
	struct db_rows rows = {NULL, 0};
	enum rc rc;

	rc = DB_ROWS(cx, STMT_card_ids_of_sku, &rows, DV_U64(sku),
	    DV_STR(state), DV_U64(skip), DV_U64(max));
	return ids(cx, rc, &rows, out, n);
}

enum rc
card_ids_of_batch(struct ctx *cx, uint64_t batch, const char *state,
    uint64_t skip, uint64_t max, const uint64_t **out, size_t *n)
{
	struct db_rows rows = {NULL, 0};
	enum rc rc;

	rc = DB_ROWS(cx, STMT_card_ids_of_batch, &rows, DV_U64(batch),
	    DV_STR(state), DV_U64(skip), DV_U64(max));
	return ids(cx, rc, &rows, out, n);
}

enum rc
card_ids_recent(struct ctx *cx, uint64_t skip, uint64_t max,
    const uint64_t **out, size_t *n)
{
	struct db_rows rows = {NULL, 0};
	enum rc rc;

	rc = DB_ROWS(cx, STMT_card_ids_recent, &rows, DV_U64(cx->merchant),
	    DV_U64(skip), DV_U64(max));
	return ids(cx, rc, &rows, out, n);
}

enum rc
card_ids_of_text(struct ctx *cx, const uint8_t fp[CARD_FP], uint64_t max,
    const uint64_t **out, size_t *n)
{
	struct db_rows rows = {NULL, 0};
	enum rc rc;

	rc = DB_ROWS(cx, STMT_card_ids_of_text, &rows, DV_U64(cx->merchant),
	    DV_BLOB(fp, CARD_FP), DV_U64(max));
	return ids(cx, rc, &rows, out, n);
}

enum rc
card_ids_of_order(struct ctx *cx, const char *no, uint64_t max,
    const uint64_t **out, size_t *n)
{
	struct db_rows rows = {NULL, 0};
	enum rc rc;

	rc = DB_ROWS(cx, STMT_card_ids_of_order, &rows, DV_U64(cx->merchant),
	    DV_STR(no), DV_U64(max));
	return ids(cx, rc, &rows, out, n);
}

static void
card_read(struct db_row r, struct card_rec *c)
{
	c->id = dv_u64(r, 0);
	c->sku = dv_u64(r, 1);
	c->batch = dv_u64(r, 2);
	c->state = dv_str(r, 3);
	c->key_id = (uint32_t)dv_u64(r, 4);
	c->sealed = dv_blob(r, 5);
	c->note = dv_str(r, 6);
	c->created = dv_i64(r, 7);
	c->sku_code = dv_str(r, 8);
	c->product_name = dv_str(r, 9);
	c->order_no = dv_str(r, 10);
	c->product = dv_u64(r, 11);
}

enum rc
card_show(struct ctx *cx, const uint64_t *id, size_t n_ids,
    const struct card_rec **out, size_t *n)
{
	const struct dv fixed = DV_U64(cx->merchant);
	struct dv *in = ARENA_ARRAY(cx->arena, n_ids, struct dv);
	struct card_rec *c = ARENA_ARRAY(cx->arena, n_ids, struct card_rec);
	struct db_rows rows = {NULL, 0};
	enum rc rc = RC_OK;
	size_t i, k, m = 0;

	for (i = 0; i < n_ids; i++)
		in[i] = DV_U64(id[i]);
	if (n_ids > 0)
		rc = db_rows_many(
		    cx, STMT_card_show, &fixed, 1, in, n_ids, &rows);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < n_ids; i++)
		for (k = 0; k < rows.n; k++)
			if (dv_u64(rows.row[k], 0) == id[i])
				card_read(rows.row[k], &c[m++]);
	*out = c;
	*n = m;
	return RC_OK;
}
