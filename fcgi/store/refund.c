/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of refunds.  Every move names the state it expects; sums are read
 * under the order's lock, which all movers hold. */
#include "store/refund.h"

#include "base/bug.h"
#include "base/log.h"
#include "io/db.h"
#include "store/stmt.gen.h"

static const char *
text_or_none(struct db_row r, unsigned col)
{
	return dv_null(r, col) ? "" : dv_str(r, col);
}

static struct refund_row
read_row(struct db_row r)
{
	return (struct refund_row){
	    .id = dv_u64(r, 0),
	    .no = dv_str(r, 1),
	    .order = dv_u64(r, 2),
	    .order_no = dv_str(r, 3),
	    .payment = dv_u64(r, 4),
	    .channel = dv_u64(r, 5),
	    .state = dv_str(r, 6),
	    .how = dv_str(r, 7),
	    .amount = MONEY(dv_i64(r, 8)),
	    .currency = dv_str(r, 9),
	    .reason = dv_str(r, 10),
	    .from = dv_str(r, 11),
	    .provider_ref = dv_str(r, 12),
	    .answer = dv_str(r, 13),
	    .asked_n = (unsigned)dv_u64(r, 14),
	    .next_ask = dv_i64(r, 15),
	    .staff = dv_u64(r, 16),
	    .second = dv_u64(r, 17),
	    .created = dv_i64(r, 18),
	    .done = dv_i64(r, 19),
	    .txn = text_or_none(r, 20),
	    .paid = MONEY(dv_i64(r, 21)),
	    .role = dv_str(r, 22),
	    .payment_ref = dv_str(r, 23),
	    .channel_title = text_or_none(r, 24),
	    .channel_name = text_or_none(r, 25),
	    .staff_name = text_or_none(r, 26),
	    .second_name = text_or_none(r, 27),
	};
}

static const struct refund_row *
read_rows(struct ctx *cx, const struct db_rows *rows)
{
	struct refund_row *list =
	    ARENA_ARRAY(cx->arena, rows->n, struct refund_row);
	size_t i;

	for (i = 0; i < rows->n; i++)
		list[i] = read_row(rows->row[i]);
	return list;
}

enum rc
refund_row_add(struct ctx *cx, const struct refund_row *r, uint64_t *id)
{
	BUG_ON(cx->tx_depth == 0);
	return DB_INSERT(cx, STMT_refund_add, id, DV_U64(cx->merchant),
	    DV_STR(r->no), DV_U64(r->order), DV_U64(r->payment),
	    DV_U64(r->channel), DV_STR(r->state), DV_STR(r->how),
	    DV_I64(r->amount.minor), DV_STR(r->currency), DV_STR(r->reason),
	    DV_STR(r->from), DV_STR(r->provider_ref), DV_I64(r->next_ask),
	    DV_U64(r->staff), DV_I64(cx->now));
}

enum rc
refund_row_get(struct ctx *cx, const char *no, struct refund_row *out)
{
	struct db_row r;
	enum rc rc;

	rc =
	    DB_ROW(cx, STMT_refund_by_no, &r, DV_U64(cx->merchant), DV_STR(no));
	if (rc == RC_OK)
		*out = read_row(r);
	return rc;
}

enum rc
refund_rows_of_order(
    struct ctx *cx, uint64_t order, const struct refund_row **out, size_t *n)
{
	struct db_rows rows;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_refunds_of_order, &rows, DV_U64(order));
	if (rc != RC_OK)
		return rc;
	*out = read_rows(cx, &rows);
	*n = rows.n;
	return RC_OK;
}

enum rc
refund_rows(struct ctx *cx, const char *state, unsigned max, unsigned skip,
    const struct refund_row **out, size_t *n)
{
	struct db_rows rows;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_refund_list, &rows, DV_U64(cx->merchant),
	    DV_U64(state[0] == '\0' ? 1 : 0), DV_STR(state), DV_U64(max),
	    DV_U64(skip));
	if (rc != RC_OK)
		return rc;
	*out = read_rows(cx, &rows);
	*n = rows.n;
	return RC_OK;
}

enum rc
refund_state_counts(struct ctx *cx, const struct refund_count **out, size_t *n)
{
	struct refund_count *list;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_refund_state_counts, &rows, DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, struct refund_count);
	for (i = 0; i < rows.n; i++) {
		list[i].state = dv_str(rows.row[i], 0);
		list[i].n = dv_u64(rows.row[i], 1);
	}
	*out = list;
	*n = rows.n;
	return RC_OK;
}

enum rc
refund_waiting(struct ctx *cx, uint64_t *n)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_refund_waiting, &r, DV_U64(cx->merchant));
	if (rc == RC_OK)
		*n = dv_u64(r, 0);
	return rc;
}

/* ------------------------------------------------------------ moving */

static enum rc
one_row(enum rc rc, uint64_t affected)
{
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}

enum rc
refund_row_move(struct ctx *cx, const struct refund_row *r, const char *from)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_refund_move, &affected, DV_STR(r->state),
	    DV_STR(r->answer), DV_STR(r->provider_ref), DV_I64(r->next_ask),
	    DV_I64(r->done), DV_U64(r->id), DV_STR(from));
	return one_row(rc, affected);
}

enum rc
refund_row_agree(struct ctx *cx, const struct refund_row *r)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_refund_agree, &affected, DV_U64(r->staff),
	    DV_U64(r->second), DV_STR(r->state), DV_I64(r->next_ask),
	    DV_U64(r->id));
	return one_row(rc, affected);
}

enum rc
refund_row_by_hand(struct ctx *cx, uint64_t id, const char *provider_ref)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_refund_by_hand, &affected, DV_STR(provider_ref),
	    DV_U64(id));
	return one_row(rc, affected);
}

enum rc
refund_turn(struct ctx *cx, uint64_t id, unsigned asked_n, int64_t next_ask)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_refund_turn, &affected, DV_I64(next_ask),
	    DV_U64(id), DV_U64(asked_n));
	return one_row(rc, affected);
}

enum rc
refunds_to_ask(
    struct ctx *cx, unsigned limit, const char *const **out, size_t *n)
{
	struct db_rows rows;
	const char **list;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(
	    cx, STMT_refunds_to_ask, &rows, DV_I64(cx->now), DV_U64(limit));
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, const char *);
	for (i = 0; i < rows.n; i++)
		list[i] = dv_str(rows.row[i], 0);
	*out = list;
	*n = rows.n;
	return RC_OK;
}

/* ------------------------------------------------------------ money */

enum rc
refund_payments(struct ctx *cx, uint64_t order,
    const struct refund_payment **out, size_t *n)
{
	struct refund_payment *list;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(
	    cx, STMT_refund_payments, &rows, DV_U64(order), DV_U64(order));
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows.n, struct refund_payment);
	for (i = 0; i < rows.n; i++) {
		struct db_row r = rows.row[i];

		list[i] = (struct refund_payment){
		    .id = dv_u64(r, 0),
		    .channel = dv_u64(r, 1),
		    .role = dv_str(r, 2),
		    .case_state = dv_str(r, 3),
		    .amount = MONEY(dv_i64(r, 4)),
		    .currency = dv_str(r, 5),
		    .txn = text_or_none(r, 6),
		    .provider_ref = dv_str(r, 7),
		    .done = MONEY(dv_i64(r, 8)),
		    .live = MONEY(dv_i64(r, 9)),
		    .live_n = dv_u64(r, 10),
		    .channel_title = text_or_none(r, 11),
		    .gateway = text_or_none(r, 12),
		};
	}
	*out = list;
	*n = rows.n;
	return RC_OK;
}

enum rc
payment_liability(
    struct ctx *cx, uint64_t order, uint64_t payment, struct money *owed)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_payment_liability, &r, DV_U64(order), DV_U64(payment));
	if (rc == RC_OK)
		*owed = MONEY(dv_i64(r, 0));
	return rc;
}

enum rc
order_returning(struct ctx *cx, uint64_t order, struct money *amount)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_order_returning, &r, DV_U64(order));
	if (rc == RC_OK)
		*amount = MONEY(dv_i64(r, 0));
	return rc;
}

enum rc
order_add_refunded(struct ctx *cx, uint64_t order, struct money amount)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_order_refunded, &affected, DV_I64(amount.minor),
	    DV_U64(order), DV_I64(amount.minor));
	return one_row(rc, affected);
}

enum rc
payment_case_close(struct ctx *cx, uint64_t payment)
{
	uint64_t affected;

	/* none is fine: most payments are no case */
	return DB_EXEC(cx, STMT_payment_case, &affected, DV_STR("closed"),
	    DV_U64(payment), DV_STR("open"));
}

/* ------------------------------------------------------------ goods */

/* The rows were locked before: other counts are a bug of ours or of the
 * server, and half of it would be worse than none. */
static enum rc
same(enum rc rc, uint64_t got, uint64_t want)
{
	if (rc != RC_OK || got == want)
		return rc;
	log_event(LOG_ERROR, "refund_card_rows", LF_U64("wanted", want),
	    LF_U64("got", got));
	return RC_BUSY;
}

static enum rc
lock_again(struct ctx *cx, uint64_t refund, const char *note, uint64_t n)
{
	uint64_t got = 0;
	enum rc rc;

	rc = DB_EXEC(
	    cx, STMT_refund_card_lock, &got, DV_STR(note), DV_U64(refund));
	if ((rc = same(rc, got, n)) != RC_OK)
		return rc;
	rc = DB_EXEC(cx, STMT_refund_card_undeliver, &got, DV_U64(refund));
	if ((rc = same(rc, got, n)) != RC_OK)
		return rc;
	return DB_EXEC(cx, STMT_refund_card_items, &got, DV_U64(refund));
}

enum rc
refund_goods(struct ctx *cx, uint64_t order, uint64_t refund, const char *note,
    uint64_t *locked, uint64_t *voided)
{
	struct db_rows rows;
	uint64_t n = 0;
	enum rc rc;

	BUG_ON(cx->tx_depth == 0);
	rc = DB_ROWS(cx, STMT_delivery_lock, &rows, DV_U64(order));
	if (rc == RC_OK)
		rc = DB_EXEC(cx, STMT_refund_card_add, &n, DV_U64(refund),
		    DV_I64(cx->now), DV_U64(order));
	if (rc == RC_OK && n != 0)
		rc = lock_again(cx, refund, note, n);
	if (rc != RC_OK)
		return rc;
	*locked = n;
	return DB_EXEC(cx, STMT_card_void, voided, DV_U64(order));
}
