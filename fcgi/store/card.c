/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cards as rows, for the panel and for imports.  Card text passes through here
 * sealed only.
 */
#include "store/card.h"

#include <string.h>

#include "base/bug.h"
#include "base/num.h"
#include "io/db.h"
#include "store/stmt.gen.h"

/* ---- import */

enum rc
import_lock(struct ctx *cx)
{
	struct db_row r;

	BUG_ON(cx->tx_depth == 0);
	return DB_ROW(cx, STMT_import_lock, &r, DV_U64(cx->merchant));
}

enum rc
card_twins(struct ctx *cx, const uint8_t (*fp)[CARD_FP], size_t n,
    const struct card_twin **out, size_t *n_out)
{
	const struct dv fixed = DV_U64(cx->merchant);
	struct dv *in = ARENA_ARRAY(cx->arena, n, struct dv);
	struct card_twin *t;
	struct db_rows rows = {NULL, 0};
	enum rc rc = RC_OK;
	size_t i;

	for (i = 0; i < n; i++)
		in[i] = DV_BLOB(fp[i], CARD_FP);
	if (n > 0)
		rc = db_rows_many(cx, STMT_card_twins, &fixed, 1, in, n, &rows);
	if (rc != RC_OK)
		return rc;
	t = ARENA_ARRAY(cx->arena, rows.n, struct card_twin);
	for (i = 0; i < rows.n; i++) {
		BUG_ON(dv_blob(rows.row[i], 0).n != CARD_FP);
		memcpy(t[i].fingerprint, dv_blob(rows.row[i], 0).p, CARD_FP);
		t[i].sku = dv_u64(rows.row[i], 1);
		t[i].batch = dv_u64(rows.row[i], 2);
		t[i].state = dv_str(rows.row[i], 3);
	}
	*out = t;
	*n_out = rows.n;
	return RC_OK;
}

enum rc
card_add(struct ctx *cx, uint64_t sku, uint64_t batch, const char *state,
    const struct card_new *c, size_t n)
{
	enum { COLS = 9 };
	struct dv *v = ARENA_ARRAY(cx->arena, n * COLS, struct dv), *r = v;
	const struct dv state_v = DV_STR(state);
	uint64_t affected;
	enum rc rc;
	size_t i;

	BUG_ON(n == 0);
	for (i = 0; i < n; i++, r += COLS) {
		r[0] = DV_U64(c[i].id);
		r[1] = DV_U64(cx->merchant);
		r[2] = DV_U64(sku);
		r[3] = DV_U64(batch);
		r[4] = state_v;
		r[5] = DV_U64(c[i].key_id);
		r[6] = DV_BLOB(c[i].fingerprint, CARD_FP);
		r[7] = DV_BLOB(c[i].sealed.p, c[i].sealed.n);
		r[8] = DV_I64(cx->now);
	}
	rc = db_exec_many(cx, STMT_card_add, NULL, 0, v, n, &affected);
	BUG_ON(rc == RC_OK && affected != n);
	return rc;
}

/* ---- counting */

/* "12,0,10001" into counts[0..n). */
static void
counts_read(const char *text, uint64_t *counts, size_t n)
{
	struct span rest = span_str(text), part;
	size_t i;

	for (i = 0; i < n; i++)
		if (!span_cut(&rest, ',', &part) ||
		    num_u64(part, UINT64_MAX, &counts[i]) != RC_OK)
			BUG("card_state_counts: not a list of numbers");
}

/* state NULL: what is for sale. */
static enum rc
counts_some(struct ctx *cx, const uint64_t *sku, const char *const *state,
    size_t n, uint64_t cap, uint64_t *counts)
{
	enum { COLS = 3 };
	struct dv *v = ARENA_ARRAY(cx->arena, COLS * (n + 1), struct dv);
	struct db_rows rows;
	enum rc rc;
	size_t i;

	for (i = 0; i < n; i++) {
		v[COLS * i] = DV_U64(sku[i]);
		v[COLS * i + 1] =
		    state != NULL ? DV_STR(state[i]) : DV_U64(sku[i]);
		v[COLS * i + 2] = DV_U64(cap);
	}
	/* the list is padded with its last element: let that be a SKU that
	 * costs nothing to count */
	v[COLS * n] = DV_U64(0);
	v[COLS * n + 1] = state != NULL ? DV_STR("free") : DV_U64(0);
	v[COLS * n + 2] = DV_U64(1);
	rc = db_rows_many(cx,
	    state != NULL ? STMT_card_state_counts : STMT_card_sale_counts,
	    NULL, 0, v, n + 1, &rows);
	if (rc != RC_OK)
		return rc;
	BUG_ON(rows.n != 1);
	counts_read(dv_str(rows.row[0], 0), counts, n);
	return RC_OK;
}

enum rc
card_state_counts(struct ctx *cx, const uint64_t *sku, const char *const *state,
    size_t n, uint64_t cap, const uint64_t **counts)
{
	enum { AT_ONCE = 127 };
	uint64_t *c = ARENA_ARRAY(cx->arena, n, uint64_t);
	size_t i, m;
	enum rc rc;

	for (i = 0; i < n; i += m) {
		m = n - i < AT_ONCE ? n - i : AT_ONCE;
		rc = counts_some(cx, sku + i, state == NULL ? NULL : state + i,
		    m, cap, c + i);
		if (rc != RC_OK)
			return rc;
	}
	*counts = c;
	return RC_OK;
}

enum rc
card_sale_counts(struct ctx *cx, const uint64_t *sku, size_t n, uint64_t cap,
    const uint64_t **counts)
{
	return card_state_counts(cx, sku, NULL, n, cap, counts);
}

enum rc
card_states_of_skus(struct ctx *cx, const uint64_t *sku, size_t n_skus,
    const struct state_count **out, size_t *n)
{
	struct dv *in = ARENA_ARRAY(cx->arena, n_skus, struct dv);
	struct state_count *c;
	struct db_rows rows = {NULL, 0};
	enum rc rc = RC_OK;
	size_t i;

	for (i = 0; i < n_skus; i++)
		in[i] = DV_U64(sku[i]);
	if (n_skus > 0)
		rc = db_rows_many(
		    cx, STMT_card_states_of_skus, NULL, 0, in, n_skus, &rows);
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

enum rc
card_count_all(struct ctx *cx, uint64_t cap, uint64_t *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_card_count_all, &r, DV_U64(cx->merchant), DV_U64(cap));
	if (rc == RC_OK)
		*out = dv_u64(r, 0);
	return rc;
}

/* ---- locking */

static enum rc
one_row(enum rc rc, uint64_t affected)
{
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}

enum rc
card_lock(struct ctx *cx, uint64_t id, const char *reason)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_card_lock, &affected, DV_STR(reason),
	    DV_U64(cx->merchant), DV_U64(id));
	return one_row(rc, affected);
}

enum rc
card_unlock(struct ctx *cx, uint64_t id)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(
	    cx, STMT_card_unlock, &affected, DV_U64(cx->merchant), DV_U64(id));
	return one_row(rc, affected);
}
