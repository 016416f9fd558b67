/* SPDX-License-Identifier: Apache-2.0 */
/* Reading lists and sums for the panel. */
#include "store/desk.h"

#include "base/time.h"
#include "io/db.h"
#include "store/outbox.h"
#include "store/stmt.gen.h"

enum { HOUR_S = 3600 };

enum rc
desk_sums(struct ctx *cx, int64_t from, int64_t until, struct desk_sums *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_desk_sums, &r, DV_U64(cx->merchant), DV_I64(from),
	    DV_I64(until));
	if (rc != RC_OK)
		return rc;
	out->orders = dv_u64(r, 0);
	out->paid = dv_u64(r, 1);
	out->delivered = dv_u64(r, 2);
	out->revenue = MONEY(dv_i64(r, 3));
	rc = DB_ROW(cx, STMT_desk_money, &r, DV_U64(cx->merchant), DV_I64(from),
	    DV_I64(until));
	if (rc != RC_OK)
		return rc;
	out->fees = MONEY(dv_i64(r, 0));
	out->refunds = MONEY(dv_i64(r, 1));
	out->cost = MONEY(dv_i64(r, 2));
	return RC_OK;
}

enum rc
desk_hours(struct ctx *cx, int64_t from, int64_t until,
    const struct hour_row **out, size_t *n)
{
	struct db_rows rows;
	struct hour_row *h;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_desk_hours, &rows, DV_I64(HOUR_S * US_PER_S),
	    DV_U64(cx->merchant), DV_I64(from), DV_I64(until));
	if (rc != RC_OK)
		return rc;
	h = ARENA_ARRAY(cx->arena, rows.n, struct hour_row);
	for (i = 0; i < rows.n; i++) {
		h[i].hour = dv_u64(rows.row[i], 0);
		h[i].paid = dv_u64(rows.row[i], 1);
		h[i].revenue = MONEY(dv_i64(rows.row[i], 2));
	}
	*out = h;
	*n = rows.n;
	return RC_OK;
}

enum rc
desk_top(struct ctx *cx, int64_t from, unsigned max, const struct top_row **out,
    size_t *n)
{
	struct db_rows rows;
	struct top_row *t;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_desk_top, &rows, DV_U64(cx->merchant),
	    DV_I64(from), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	t = ARENA_ARRAY(cx->arena, rows.n, struct top_row);
	for (i = 0; i < rows.n; i++) {
		t[i].product_name = dv_str(rows.row[i], 0);
		t[i].sold = dv_u64(rows.row[i], 1);
		t[i].revenue = MONEY(dv_i64(rows.row[i], 2));
	}
	*out = t;
	*n = rows.n;
	return RC_OK;
}

enum rc
desk_state_count(struct ctx *cx, const char *state, uint64_t *n)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_desk_state_count, &r, DV_U64(cx->merchant), DV_STR(state));
	if (rc == RC_OK)
		*n = dv_u64(r, 0);
	return rc;
}

enum rc
desk_alert_counts(
    struct ctx *cx, uint64_t *held_notices, uint64_t *cases, uint64_t *dead)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_desk_alert_counts, &r, DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	*held_notices = dv_u64(r, 0);
	*cases = dv_u64(r, 1);
	*dead = dv_u64(r, 2);
	return RC_OK;
}

enum rc
desk_low_stock(struct ctx *cx, unsigned below, unsigned max,
    const struct low_row **out, size_t *n)
{
	struct db_rows rows;
	struct low_row *l;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_desk_low_stock, &rows, DV_U64(cx->merchant),
	    DV_U64(below - 1), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	l = ARENA_ARRAY(cx->arena, rows.n, struct low_row);
	for (i = 0; i < rows.n; i++) {
		l[i].sku_code = dv_str(rows.row[i], 0);
		l[i].product_name = dv_str(rows.row[i], 1);
		l[i].free_n = dv_u64(rows.row[i], 2);
	}
	*out = l;
	*n = rows.n;
	return RC_OK;
}

/* The thirteen parameters that list and sum share. */
enum { FILTER = 13 };

static void
filter(struct ctx *cx, const struct desk_query *q, struct dv *v)
{
	/* An order number is matched by its beginning; a text with a pattern
	 * letter can be none. */
	const char *no = str_is_token(q->q, "", 24)
			     ? arena_fmt(cx->arena, "%s%%", q->q)
			     : "-";

	*v++ = DV_U64(cx->merchant);
	*v++ = DV_U64(q->state[0] == '\0');
	*v++ = DV_STR(q->state);
	*v++ = DV_I64(q->from);
	*v++ = DV_I64(q->until);
	*v++ = DV_U64(q->product);
	*v++ = DV_U64(q->product);
	*v++ = DV_U64(q->channel);
	*v++ = DV_U64(q->channel);
	*v++ = DV_U64(q->q[0] == '\0');
	*v++ = DV_STR(no);
	*v++ = DV_STR(q->q);
	/* an ASCII column: other letters could only be an error there */
	*v++ = DV_STR(str_is_token(q->q, "-_.:/", 128) ? q->q : "-");
}

enum rc
desk_order_rows(struct ctx *cx, const struct desk_query *q,
    const struct desk_order_row **out, size_t *n)
{
	struct dv v[FILTER + 2];
	struct desk_order_row *o;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	filter(cx, q, v);
	v[FILTER] = DV_U64(q->max);
	v[FILTER + 1] = DV_U64(q->skip);
	rc = db_rows(cx, STMT_desk_orders, v, FILTER + 2, &rows);
	if (rc != RC_OK)
		return rc;
	o = ARENA_ARRAY(cx->arena, rows.n, struct desk_order_row);
	for (i = 0; i < rows.n; i++) {
		struct db_row r = rows.row[i];

		o[i] = (struct desk_order_row){
		    .no = dv_str(r, 0),
		    .state = dv_str(r, 1),
		    .currency = dv_str(r, 2),
		    .total = MONEY(dv_i64(r, 3)),
		    .created = dv_i64(r, 4),
		    .product_name = dv_str(r, 5),
		    .qty = (unsigned)dv_u64(r, 6),
		    .contact = dv_str(r, 7),
		    .channel = dv_str(r, 8),
		    .late = dv_u64(r, 9) != 0,
		};
	}
	*out = o;
	*n = rows.n;
	return RC_OK;
}

enum rc
desk_order_sum(struct ctx *cx, const struct desk_query *q, uint64_t *orders,
    struct money *total, struct money *paid)
{
	struct dv v[FILTER];
	struct db_row r;
	enum rc rc;

	filter(cx, q, v);
	rc = db_row(cx, STMT_desk_orders_sum, v, FILTER, &r);
	if (rc != RC_OK)
		return rc;
	*orders = dv_u64(r, 0);
	*total = MONEY(dv_i64(r, 1));
	*paid = MONEY(dv_i64(r, 2));
	return RC_OK;
}

enum rc
desk_payment_rows(struct ctx *cx, uint64_t order,
    const struct desk_payment_row **out, size_t *n)
{
	struct desk_payment_row *p;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_desk_payments, &rows, DV_U64(order));
	if (rc != RC_OK)
		return rc;
	p = ARENA_ARRAY(cx->arena, rows.n, struct desk_payment_row);
	for (i = 0; i < rows.n; i++) {
		struct db_row r = rows.row[i];

		p[i] = (struct desk_payment_row){
		    .id = dv_u64(r, 0),
		    .channel = dv_str(r, 1),
		    .state = dv_str(r, 2),
		    .role = dv_str(r, 3),
		    .txn = dv_str(r, 4),
		    .amount = MONEY(dv_i64(r, 5)),
		    .currency = dv_str(r, 6),
		    .case_state = dv_str(r, 7),
		    .created = dv_i64(r, 8),
		    .settled = dv_i64(r, 9),
		};
	}
	*out = p;
	*n = rows.n;
	return RC_OK;
}

enum rc
desk_mail_rows(
    struct ctx *cx, uint64_t order, const struct desk_mail_row **out, size_t *n)
{
	unsigned long long id = order;
	struct desk_mail_row *m;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_desk_mails, &rows, DV_U64(cx->merchant),
	    DV_STR(arena_fmt(cx->arena, OUTBOX_OF_ORDER ":", id)),
	    DV_STR(arena_fmt(cx->arena, OUTBOX_OF_ORDER ";", id)));
	if (rc != RC_OK)
		return rc;
	m = ARENA_ARRAY(cx->arena, rows.n, struct desk_mail_row);
	for (i = 0; i < rows.n; i++) {
		m[i].kind = dv_str(rows.row[i], 0);
		m[i].state = dv_str(rows.row[i], 1);
		m[i].error = dv_str(rows.row[i], 2);
		m[i].created = dv_i64(rows.row[i], 3);
		m[i].done = dv_i64(rows.row[i], 4);
		m[i].attempts = (unsigned)dv_u64(rows.row[i], 5);
	}
	*out = m;
	*n = rows.n;
	return RC_OK;
}

enum rc
desk_delivery_rows(struct ctx *cx, uint64_t order, unsigned max,
    const struct desk_delivery_row **out, size_t *n)
{
	struct desk_delivery_row *d;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(
	    cx, STMT_desk_deliveries, &rows, DV_U64(order), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	d = ARENA_ARRAY(cx->arena, rows.n, struct desk_delivery_row);
	for (i = 0; i < rows.n; i++) {
		d[i].card = dv_u64(rows.row[i], 0);
		d[i].at = dv_i64(rows.row[i], 1);
		d[i].seen = dv_i64(rows.row[i], 2);
	}
	*out = d;
	*n = rows.n;
	return RC_OK;
}

enum rc
delivery_by_hand(struct ctx *cx, uint64_t order, uint64_t item, uint64_t *id)
{
	return DB_INSERT(cx, STMT_delivery_by_hand, id, DV_U64(cx->merchant),
	    DV_U64(order), DV_U64(item), DV_I64(cx->now));
}

enum rc
delivery_sealed(struct ctx *cx, uint64_t id, struct span sealed)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_delivery_sealed, &affected,
	    DV_BLOB(sealed.p, sealed.n), DV_U64(id));
}
