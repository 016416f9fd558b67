/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of payments.  UNIQUE (channel, txn) is what makes one payment of a
 * gateway pay one order; it shows here as RC_CONFLICT. */
#include "store/money.h"

#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
payment_open(
    struct ctx *cx, const struct payment_row *p, int64_t next_ask, uint64_t *id)
{
	return DB_INSERT(cx, STMT_payment_open, id, DV_U64(cx->merchant),
	    DV_U64(p->order), DV_U64(p->channel), DV_I64(p->amount.minor),
	    DV_STR(p->currency), DV_STR(p->provider_ref), DV_STR(p->pay_url),
	    DV_STR(p->qr_text), DV_I64(p->until), DV_I64(p->ends),
	    DV_I64(next_ask), DV_I64(cx->now));
}

enum rc
payment_reopen(struct ctx *cx, const struct payment_row *p)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_payment_reopen, &affected, DV_STR(p->pay_url),
	    DV_STR(p->qr_text), DV_I64(p->until), DV_I64(p->ends),
	    DV_U64(p->id));
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}

enum rc
payments_of(struct ctx *cx, uint64_t order, uint64_t channel,
    const struct payment_row **out, size_t *n)
{
	struct db_rows rows;
	struct payment_row *p;
	size_t i;
	enum rc rc;

	rc =
	    DB_ROWS(cx, STMT_payment_of, &rows, DV_U64(order), DV_U64(channel));
	if (rc != RC_OK)
		return rc;
	p = ARENA_ARRAY(cx->arena, rows.n, struct payment_row);
	for (i = 0; i < rows.n; i++) {
		struct db_row r = rows.row[i];

		p[i] = (struct payment_row){
		    .id = dv_u64(r, 0),
		    .order = order,
		    .channel = channel,
		    .state = dv_str(r, 1),
		    .amount = MONEY(dv_i64(r, 2)),
		    .currency = dv_str(r, 3),
		    .provider_ref = dv_str(r, 4),
		    .pay_url = dv_str(r, 5),
		    .qr_text = dv_str(r, 6),
		    .txn = dv_null(r, 7) ? NULL : dv_str(r, 7),
		    .until = dv_i64(r, 8),
		    .ends = dv_i64(r, 9),
		};
	}
	*out = p;
	*n = rows.n;
	return RC_OK;
}

enum rc
payment_by_txn(
    struct ctx *cx, uint64_t channel, const char *txn, struct payment_row *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_payment_by_txn, &r, DV_U64(channel), DV_STR(txn));
	if (rc != RC_OK)
		return rc;
	*out = (struct payment_row){
	    .id = dv_u64(r, 0),
	    .order = dv_u64(r, 1),
	    .channel = channel,
	    .state = dv_str(r, 2),
	    .amount = MONEY(dv_i64(r, 3)),
	    .role = dv_str(r, 4),
	    .txn = txn,
	};
	return RC_OK;
}

static enum rc
order_no(struct ctx *cx, enum stmt id, uint64_t channel, const char *key,
    const char **no)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, (int)id, &r, DV_U64(channel), DV_STR(key));
	if (rc == RC_OK)
		*no = dv_str(r, 0);
	return rc;
}

enum rc
order_no_by_ref(
    struct ctx *cx, uint64_t channel, const char *provider_ref, const char **no)
{
	return order_no(cx, STMT_order_no_by_ref, channel, provider_ref, no);
}

enum rc
order_no_by_txn(
    struct ctx *cx, uint64_t channel, const char *txn, const char **no)
{
	return order_no(cx, STMT_order_no_by_txn, channel, txn, no);
}

static enum rc
add_success(struct ctx *cx, const struct money_in *in, uint64_t *id)
{
	return DB_INSERT(cx, STMT_payment_add_success, id, DV_U64(cx->merchant),
	    DV_U64(in->order), DV_U64(in->channel), DV_STR(in->role),
	    DV_I64(in->amount.minor), DV_I64(in->applied.minor),
	    DV_STR(in->currency), DV_STR(in->txn),
	    DV_STR(in->open_case ? "open" : "none"), DV_I64(cx->now),
	    DV_I64(cx->now));
}

enum rc
payment_success(
    struct ctx *cx, uint64_t payment, const struct money_in *in, uint64_t *id)
{
	uint64_t affected;
	enum rc rc;

	if (payment == 0)
		return add_success(cx, in, id);
	rc = DB_EXEC(cx, STMT_payment_success, &affected, DV_STR(in->role),
	    DV_I64(in->amount.minor), DV_I64(in->applied.minor),
	    DV_STR(in->currency), DV_STR(in->txn),
	    DV_STR(in->open_case ? "open" : "none"), DV_I64(cx->now),
	    DV_U64(payment));
	if (rc != RC_OK)
		return rc;
	if (affected != 1) /* it has its money already: this is more */
		return add_success(cx, in, id);
	*id = payment;
	return RC_OK;
}

enum rc
payment_parts(struct ctx *cx, uint64_t order, const char *currency,
    const struct part_row **out, size_t *n)
{
	struct db_rows rows;
	struct part_row *p;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(
	    cx, STMT_payment_parts, &rows, DV_U64(order), DV_STR(currency));
	if (rc != RC_OK)
		return rc;
	p = ARENA_ARRAY(cx->arena, rows.n, struct part_row);
	for (i = 0; i < rows.n; i++)
		p[i] = (struct part_row){
		    .id = dv_u64(rows.row[i], 0),
		    .order = order,
		    .channel = dv_u64(rows.row[i], 1),
		    .txn = dv_str(rows.row[i], 2),
		    .amount = MONEY(dv_i64(rows.row[i], 3)),
		};
	*out = p;
	*n = rows.n;
	return RC_OK;
}

enum rc
payment_part_apply(struct ctx *cx, const struct part_row *part)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_payment_part_apply, &affected, DV_U64(part->id));
	if (rc == RC_OK && affected != 1)
		return RC_CONFLICT;
	if (rc != RC_OK)
		return rc;
	return DB_EXEC(cx, STMT_notice_part_apply, &affected, DV_I64(cx->now),
	    DV_U64(part->order), DV_U64(part->channel), DV_STR(part->txn));
}

enum rc
payments_end(struct ctx *cx, uint64_t order, const char *state)
{
	uint64_t affected;

	return DB_EXEC(
	    cx, STMT_payments_end, &affected, DV_STR(state), DV_U64(order));
}

enum rc
payments_to_ask(
    struct ctx *cx, unsigned limit, const struct ask_row **out, size_t *n)
{
	struct db_rows rows;
	struct ask_row *a;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(
	    cx, STMT_payments_to_ask, &rows, DV_I64(cx->now), DV_U64(limit));
	if (rc != RC_OK)
		return rc;
	a = ARENA_ARRAY(cx->arena, rows.n, struct ask_row);
	for (i = 0; i < rows.n; i++) {
		struct db_row r = rows.row[i];

		a[i] = (struct ask_row){
		    .payment = dv_u64(r, 0),
		    .order = dv_u64(r, 1),
		    .order_no = dv_str(r, 2),
		    .channel = dv_u64(r, 3),
		    .amount = MONEY(dv_i64(r, 4)),
		    .currency = dv_str(r, 5),
		    .provider_ref = dv_str(r, 6),
		    .asked_n = (unsigned)dv_u64(r, 7),
		    .created = dv_i64(r, 8),
		    .order_state = dv_str(r, 9),
		    .expires = dv_i64(r, 10),
		};
	}
	*out = a;
	*n = rows.n;
	return RC_OK;
}

enum rc
payment_asked(
    struct ctx *cx, uint64_t payment, unsigned asked_n, int64_t next_ask)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_payment_asked, &affected, DV_I64(next_ask),
	    DV_U64(payment), DV_U64(asked_n));
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}
