/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of orders being moved from state to state, and coupon uses, which
 * come and go with them. */
#include "store/purchase.h"

#include <string.h>

#include "base/bug.h"
#include "base/str.h"
#include "io/db.h"
#include "store/stmt.gen.h"

#define BLOB(s) DV_BLOB((s).p, (s).n)

void
order_row_read(struct order_row *out, struct db_row r)
{
	struct span hash;

	memset(out, 0, sizeof(*out));
	out->id = dv_u64(r, 0);
	out->merchant = dv_u64(r, 1);
	out->state = dv_str(r, 2);
	out->currency = dv_str(r, 3);
	out->total = MONEY(dv_i64(r, 4));
	out->fee = MONEY(dv_i64(r, 5));
	out->paid = MONEY(dv_i64(r, 6));
	out->refunded = MONEY(dv_i64(r, 7));
	out->channel = dv_u64(r, 8);
	out->events_n = (unsigned)dv_u64(r, 9);
	hash = dv_blob(r, 10);
	if (hash.n == sizeof(out->event_hash))
		memcpy(out->event_hash, hash.p, hash.n);
	out->lang = dv_str(r, 11);
	out->created = dv_i64(r, 12);
	out->expires = dv_i64(r, 13);
	out->late = dv_u64(r, 14) != 0;
	out->link_epoch = (unsigned)dv_u64(r, 15);
	out->paid_at = dv_i64(r, 16);
	out->delivered_at = dv_i64(r, 17);
	out->kept = dv_u64(r, 18) != 0;
}

enum rc
order_lock(struct ctx *cx, const char *no, struct order_row *out)
{
	struct db_row r;
	enum rc rc;

	BUG_ON(cx->tx_depth == 0);
	rc = DB_ROW(cx, STMT_order_lock, &r, DV_STR(no));
	if (rc != RC_OK)
		return rc;
	order_row_read(out, r);
	out->no = arena_str(cx->arena, no);
	return RC_OK;
}

enum rc
order_move(struct ctx *cx, const struct order_row *o, const char *from)
{
	uint64_t affected, unpaid = str_eq(o->state, "pending") ? 1 : 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_order_move, &affected, DV_STR(o->state),
	    DV_U64(unpaid), DV_U64(unpaid), DV_U64(o->events_n),
	    DV_BLOB(o->event_hash, sizeof(o->event_hash)),
	    DV_I64(o->paid.minor), DV_I64(o->paid_at), DV_I64(o->delivered_at),
	    DV_U64(o->late ? 1 : 0), DV_U64(o->kept ? 1 : 0), DV_U64(o->id),
	    DV_STR(from));
	if (rc == RC_OK && affected != 1)
		return RC_CONFLICT;
	return rc;
}

enum rc
order_items_of(
    struct ctx *cx, uint64_t order, const struct item_row **out, size_t *n)
{
	struct db_rows rows;
	struct item_row *it;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_order_items_of, &rows, DV_U64(order));
	if (rc != RC_OK)
		return rc;
	it = ARENA_ARRAY(cx->arena, rows.n, struct item_row);
	for (i = 0; i < rows.n; i++) {
		it[i].id = dv_u64(rows.row[i], 0);
		it[i].product = dv_u64(rows.row[i], 1);
		it[i].sku = dv_u64(rows.row[i], 2);
		it[i].kind = dv_str(rows.row[i], 3);
		it[i].qty = (unsigned)dv_u64(rows.row[i], 4);
		it[i].delivered = (unsigned)dv_u64(rows.row[i], 5);
	}
	*out = it;
	*n = rows.n;
	return RC_OK;
}

enum rc
item_delivered(struct ctx *cx, uint64_t item, unsigned n)
{
	uint64_t affected;

	return DB_EXEC(
	    cx, STMT_item_delivered, &affected, DV_U64(n), DV_U64(item));
}

enum rc
orders_due(
    struct ctx *cx, unsigned limit, const struct due_row **out, size_t *n)
{
	struct db_rows rows;
	struct due_row *d;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_orders_due, &rows, DV_U64(cx->merchant),
	    DV_I64(cx->now), DV_U64(limit));
	if (rc != RC_OK)
		return rc;
	d = ARENA_ARRAY(cx->arena, rows.n, struct due_row);
	for (i = 0; i < rows.n; i++) {
		d[i].id = dv_u64(rows.row[i], 0);
		d[i].no = dv_str(rows.row[i], 1);
	}
	*out = d;
	*n = rows.n;
	return RC_OK;
}

/* The coupon's row is locked by the first UPDATE, so the count that follows
 * is exact: nobody else can be between the two. */
enum rc
coupon_take(struct ctx *cx, uint64_t coupon, struct span contact_hash)
{
	struct db_row r;
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_coupon_take, &affected, DV_U64(coupon));
	if (rc != RC_OK)
		return rc;
	if (affected != 1)
		return RC_CONFLICT;
	rc = DB_ROW(
	    cx, STMT_coupon_uses_of, &r, BLOB(contact_hash), DV_U64(coupon));
	if (rc != RC_OK)
		return rc;
	if (dv_u64(r, 1) == 0 || dv_u64(r, 0) < dv_u64(r, 1))
		return RC_OK;
	rc = DB_EXEC(cx, STMT_coupon_untake, &affected, DV_U64(coupon));
	return rc == RC_OK ? RC_CONFLICT : rc;
}

enum rc
coupon_use_add(struct ctx *cx, uint64_t coupon, uint64_t order,
    struct span contact_hash, struct money amount)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_coupon_use_add, &affected, DV_U64(coupon),
	    DV_U64(order), BLOB(contact_hash), DV_I64(amount.minor),
	    DV_I64(cx->now));
}

enum rc
coupon_give_back(struct ctx *cx, uint64_t order)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_coupon_give_back, &affected, DV_I64(cx->now),
	    DV_U64(order));
}

enum rc
coupon_take_again(struct ctx *cx, uint64_t order)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_coupon_take_again, &affected, DV_U64(order));
}
