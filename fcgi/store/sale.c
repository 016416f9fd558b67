/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many sales at once (sale.h).  The numbers of rows are compared with what the
 * caller counted under the orders' locks: a difference undoes the batch.
 */
#include "store/sale.h"

#include <string.h>

#include "base/bug.h"
#include "io/db.h"
#include "store/outbox.h"
#include "store/stmt.gen.h"

#define BLOB(s) DV_BLOB((s).p, (s).n)

/* ------------------------------------------------------------ reading */

static const struct dv *
texts(struct ctx *cx, const char *const *s, size_t n)
{
	struct dv *v = ARENA_ARRAY(cx->arena, n, struct dv);
	size_t i;

	for (i = 0; i < n; i++)
		v[i] = DV_STR(s[i]);
	return v;
}

static const struct dv *
numbers(struct ctx *cx, const uint64_t *id, size_t n)
{
	struct dv *v = ARENA_ARRAY(cx->arena, n, struct dv);
	size_t i;

	for (i = 0; i < n; i++)
		v[i] = DV_U64(id[i]);
	return v;
}

enum rc
orders_lock(struct ctx *cx, const char *const *no, size_t n,
    const struct order_row **out, size_t *n_out)
{
	struct db_rows rows = {NULL, 0};
	struct order_row *o;
	struct db_row tail;
	size_t i;
	enum rc rc;

	BUG_ON(cx->tx_depth == 0);
	rc = db_rows_many(
	    cx, STMT_orders_lock, NULL, 0, texts(cx, no, n), n, &rows);
	if (rc != RC_OK)
		return rc;
	o = ARENA_ARRAY(cx->arena, rows.n, struct order_row);
	for (i = 0; i < rows.n; i++) {
		tail = (struct db_row){rows.row[i].v + 1, rows.row[i].n - 1};
		order_row_read(&o[i], tail);
		o[i].no = dv_str(rows.row[i], 0);
	}
	*out = o;
	*n_out = rows.n;
	return RC_OK;
}

enum rc
payments_of_orders(struct ctx *cx, uint64_t channel, const uint64_t *order,
    size_t n, const struct payment_row **out, size_t *n_out)
{
	const struct dv fixed = DV_U64(channel);
	struct db_rows rows = {NULL, 0};
	struct payment_row *p;
	size_t i;
	enum rc rc;

	rc = db_rows_many(cx, STMT_payments_of_orders, &fixed, 1,
	    numbers(cx, order, n), n, &rows);
	if (rc != RC_OK)
		return rc;
	p = ARENA_ARRAY(cx->arena, rows.n, struct payment_row);
	for (i = 0; i < rows.n; i++) {
		struct db_row r = rows.row[i];

		p[i] = (struct payment_row){
		    .order = dv_u64(r, 0),
		    .id = dv_u64(r, 1),
		    .channel = channel,
		    .state = dv_str(r, 2),
		    .amount = MONEY(dv_i64(r, 3)),
		    .currency = dv_str(r, 4),
		    .provider_ref = dv_str(r, 5),
		    .txn = dv_null(r, 6) ? NULL : dv_str(r, 6),
		};
	}
	*out = p;
	*n_out = rows.n;
	return RC_OK;
}

enum rc
txns_known(struct ctx *cx, uint64_t channel, const char *const *txn, size_t n,
    const char *const **out, size_t *n_out)
{
	const struct dv fixed = DV_U64(channel);
	struct db_rows rows = {NULL, 0};
	const char **known;
	size_t i;
	enum rc rc;

	rc = db_rows_many(
	    cx, STMT_txns_known, &fixed, 1, texts(cx, txn, n), n, &rows);
	if (rc != RC_OK)
		return rc;
	known = ARENA_ARRAY(cx->arena, rows.n, const char *);
	for (i = 0; i < rows.n; i++)
		known[i] = dv_str(rows.row[i], 0);
	*out = known;
	*n_out = rows.n;
	return RC_OK;
}

enum rc
items_to_sell(struct ctx *cx, const uint64_t *order, size_t n,
    const struct to_sell **out, size_t *n_out)
{
	struct db_rows rows = {NULL, 0};
	struct to_sell *t;
	size_t i;
	enum rc rc;

	rc = db_rows_many(
	    cx, STMT_items_to_sell, NULL, 0, numbers(cx, order, n), n, &rows);
	if (rc != RC_OK)
		return rc;
	t = ARENA_ARRAY(cx->arena, rows.n, struct to_sell);
	for (i = 0; i < rows.n; i++) {
		t[i].order = dv_u64(rows.row[i], 0);
		t[i].item = dv_u64(rows.row[i], 1);
		t[i].kind = dv_str(rows.row[i], 2);
		t[i].qty = (unsigned)dv_u64(rows.row[i], 3);
		t[i].delivered = (unsigned)dv_u64(rows.row[i], 4);
		t[i].card =
		    dv_null(rows.row[i], 5) ? 0 : dv_u64(rows.row[i], 5);
	}
	*out = t;
	*n_out = rows.n;
	return RC_OK;
}

/* ------------------------------------------------------------ writing */

/* want: 0 for any number of rows. */
static enum rc
exec(struct ctx *cx, enum stmt id, const struct dv *fixed, size_t n_fixed,
    const struct dv *group, size_t n, uint64_t want)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = db_exec_many(cx, (int)id, fixed, n_fixed, group, n, &affected);
	return rc == RC_OK && want != 0 && affected != want ? RC_CONFLICT : rc;
}

static enum rc
inbox(struct ctx *cx, const struct sale *s, size_t n)
{
	enum { COLS = 11 };
	struct dv *v = ARENA_ARRAY(cx->arena, n * COLS, struct dv), *p = v;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct notice_row *m = s[i].notice;

		*p++ = DV_U64(cx->merchant);
		*p++ = DV_U64(m->channel);
		*p++ = DV_U64(s[i].o->id);
		*p++ = DV_STR(m->source);
		*p++ = BLOB(m->dedupe);
		*p++ = DV_STR(m->txn);
		*p++ = DV_I64(m->amount.minor);
		*p++ = DV_STR(m->currency);
		*p++ = DV_BLOB(m->body_hash, sizeof(m->body_hash));
		*p++ = DV_I64(cx->now);
		*p++ = DV_I64(m->applied);
	}
	return exec(cx, STMT_notices_add, NULL, 0, v, n, n);
}

static const struct sale *
sale_of(const struct sale *s, size_t n, struct span dedupe)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (span_eq(s[i].notice->dedupe, dedupe))
			return &s[i];
	return NULL;
}

/* Their raw bytes, under the ids that the inbox gave them. */
static enum rc
inbox_raw(struct ctx *cx, const struct sale *s, size_t n)
{
	enum { COLS = 5 };
	const struct dv channel = DV_U64(s[0].notice->channel);
	struct dv *key = ARENA_ARRAY(cx->arena, n, struct dv);
	struct dv *v = ARENA_ARRAY(cx->arena, n * COLS, struct dv), *p = v;
	struct db_rows rows = {NULL, 0};
	const struct sale *one;
	size_t i;
	enum rc rc;

	for (i = 0; i < n; i++)
		key[i] = BLOB(s[i].notice->dedupe);
	rc = db_rows_many(cx, STMT_notice_ids, &channel, 1, key, n, &rows);
	if (rc == RC_OK && rows.n != n)
		rc = RC_CONFLICT;
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < n; i++) {
		one = sale_of(s, n, dv_blob(rows.row[i], 1));
		BUG_ON(one == NULL);
		*p++ = DV_U64(dv_u64(rows.row[i], 0));
		*p++ = DV_STR(one->method);
		*p++ = BLOB(one->query);
		*p++ = BLOB(one->headers);
		*p++ = BLOB(one->body);
	}
	return exec(cx, STMT_notices_raw_add, NULL, 0, v, n, n);
}

static enum rc
payments(struct ctx *cx, const struct sale *s, size_t n)
{
	enum { COLS = 5 };
	struct dv *v = ARENA_ARRAY(cx->arena, n * COLS, struct dv), *p = v;
	size_t i;

	for (i = 0; i < n; i++) {
		*p++ = DV_U64(s[i].payment);
		*p++ = DV_I64(s[i].amount.minor);
		*p++ = DV_STR(s[i].o->currency);
		*p++ = DV_STR(s[i].txn);
		*p++ = DV_I64(cx->now);
	}
	return exec(cx, STMT_payments_success, NULL, 0, v, n, n);
}

static enum rc
deliveries(struct ctx *cx, const struct sale *s, size_t n, size_t cards)
{
	enum { COLS = 5 };
	struct dv *v = ARENA_ARRAY(cx->arena, cards * COLS, struct dv), *p = v;
	size_t i;
	unsigned k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < s[i].cards; k++) {
			*p++ = DV_U64(s[i].o->merchant);
			*p++ = DV_U64(s[i].o->id);
			*p++ = DV_U64(s[i].item);
			*p++ = DV_U64(s[i].card[k]);
			*p++ = DV_I64(cx->now);
		}
	}
	return exec(cx, STMT_deliveries_add, NULL, 0, v, cards, cards);
}

static enum rc
orders(struct ctx *cx, const struct sale *s, size_t n)
{
	enum { COLS = 5 };
	struct dv *v = ARENA_ARRAY(cx->arena, n * COLS, struct dv), *p = v;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct order_row *o = s[i].o;

		*p++ = DV_U64(o->id);
		*p++ = DV_U64(o->events_n);
		*p++ = DV_BLOB(o->event_hash, sizeof(o->event_hash));
		*p++ = DV_I64(o->paid.minor);
		*p++ = DV_I64(cx->now);
	}
	return exec(cx, STMT_orders_deliver, NULL, 0, v, n, n);
}

static enum rc
messages(struct ctx *cx, const struct sale *s, size_t n)
{
	enum { COLS = 7 };
	struct dv *v = ARENA_ARRAY(cx->arena, n * COLS, struct dv), *p = v;
	size_t i;

	for (i = 0; i < n; i++) {
		*p++ = DV_U64(cx->merchant);
		*p++ = DV_STR(OUTBOX_MAIL_ORDER);
		*p++ = DV_U64(s[i].o->id);
		*p++ = DV_STR(s[i].mail_dedupe);
		*p++ = DV_STR(s[i].o->no);
		*p++ = DV_I64(cx->now);
		*p++ = DV_I64(cx->now);
	}
	return exec(cx, STMT_outbox_add_all, NULL, 0, v, n, 0);
}

enum rc
sales_write(struct ctx *cx, const struct sale *s, size_t n)
{
	uint64_t *order = ARENA_ARRAY(cx->arena, n, uint64_t);
	uint64_t *item = ARENA_ARRAY(cx->arena, n, uint64_t);
	const struct dv *id;
	size_t i, cards = 0;
	enum rc rc;

	BUG_ON(n == 0);
	for (i = 0; i < n; i++) {
		order[i] = s[i].o->id;
		item[i] = s[i].item;
		cards += s[i].cards;
	}
	id = numbers(cx, order, n);
	if ((rc = inbox(cx, s, n)) != RC_OK ||
	    (rc = inbox_raw(cx, s, n)) != RC_OK ||
	    (rc = payments(cx, s, n)) != RC_OK ||
	    (rc = exec(cx, STMT_cards_sell, NULL, 0, id, n, cards)) != RC_OK ||
	    (rc = deliveries(cx, s, n, cards)) != RC_OK ||
	    (rc = exec(cx, STMT_items_delivered, NULL, 0, numbers(cx, item, n),
		 n, n)) != RC_OK ||
	    (rc = exec(cx, STMT_payments_end_all, NULL, 0, id, n, 0)) !=
		RC_OK ||
	    (rc = orders(cx, s, n)) != RC_OK)
		return rc;
	return messages(cx, s, n);
}
