/* SPDX-License-Identifier: Apache-2.0 */
/* Reading orders.  Whether somebody may see them is decided above. */
#include "store/order.h"

#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
order_by_no(struct ctx *cx, const char *no, struct order_full *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_order_by_no, &r, DV_STR(no));
	if (rc != RC_OK)
		return rc;
	*out = (struct order_full){
	    .id = dv_u64(r, 0),
	    .no = dv_str(r, 1),
	    .state = dv_str(r, 2),
	    .currency = dv_str(r, 3),
	    .list = MONEY(dv_i64(r, 4)),
	    .tier_off = MONEY(dv_i64(r, 5)),
	    .coupon_off = MONEY(dv_i64(r, 6)),
	    .fee = MONEY(dv_i64(r, 7)),
	    .total = MONEY(dv_i64(r, 8)),
	    .paid = MONEY(dv_i64(r, 9)),
	    .refunded = MONEY(dv_i64(r, 10)),
	    .channel = dv_u64(r, 11),
	    .contact = dv_str(r, 12),
	    .lang = dv_str(r, 13),
	    .buyer_hash = dv_blob(r, 14),
	    .lookup_hash = dv_blob(r, 15),
	    .link_epoch = (unsigned)dv_u64(r, 16),
	    .late = dv_u64(r, 17) != 0,
	    .created = dv_i64(r, 18),
	    .expires = dv_i64(r, 19),
	    .paid_at = dv_i64(r, 20),
	    .delivered_at = dv_i64(r, 21),
	    .address = dv_blob(r, 22),
	    .channel_name = dv_str(r, 23),
	    .channel_title = dv_str(r, 24),
	    .channel_title_en = dv_str(r, 25),
	    .gateway = dv_str(r, 26),
	    .merchant = dv_u64(r, 27),
	    .kept = dv_u64(r, 28) != 0,
	    .extended = dv_u64(r, 29) != 0,
	};
	return RC_OK;
}

enum rc
order_items_shown(
    struct ctx *cx, uint64_t order, const struct item_shown **out, size_t *n)
{
	struct db_rows rows;
	struct item_shown *it;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(
	    cx, STMT_order_items_shown, &rows, DV_STR(cx->lang), DV_U64(order));
	if (rc != RC_OK)
		return rc;
	it = ARENA_ARRAY(cx->arena, rows.n, struct item_shown);
	for (i = 0; i < rows.n; i++) {
		struct db_row r = rows.row[i];

		it[i] = (struct item_shown){
		    .id = dv_u64(r, 0),
		    .product = dv_u64(r, 1),
		    .sku = dv_u64(r, 2),
		    .product_name = dv_str(r, 3),
		    .sku_name = dv_str(r, 4),
		    .sku_code = dv_str(r, 5),
		    .slug = dv_str(r, 6),
		    .qty = (unsigned)dv_u64(r, 7),
		    .delivered = (unsigned)dv_u64(r, 8),
		    .price = MONEY(dv_i64(r, 9)),
		    .card_format = dv_str(r, 10),
		    .guide_html =
			dv_null(r, 11) ? dv_str(r, 12) : dv_str(r, 11),
		};
	}
	*out = it;
	*n = rows.n;
	return RC_OK;
}

enum rc
order_inputs_of(
    struct ctx *cx, uint64_t order, const struct input_shown **out, size_t *n)
{
	struct db_rows rows;
	struct input_shown *in;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_order_inputs_of, &rows, DV_U64(order));
	if (rc != RC_OK)
		return rc;
	in = ARENA_ARRAY(cx->arena, rows.n, struct input_shown);
	for (i = 0; i < rows.n; i++) {
		in[i].label = dv_str(rows.row[i], 0);
		in[i].value = dv_str(rows.row[i], 1);
	}
	*out = in;
	*n = rows.n;
	return RC_OK;
}

enum rc
order_deliveries(struct ctx *cx, uint64_t order, size_t from, size_t max,
    const struct delivered_row **out, size_t *n)
{
	struct db_rows rows;
	struct delivered_row *d;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_order_cards, &rows, DV_U64(order), DV_U64(max),
	    DV_U64(from));
	if (rc != RC_OK)
		return rc;
	d = ARENA_ARRAY(cx->arena, rows.n, struct delivered_row);
	for (i = 0; i < rows.n; i++) {
		struct db_row r = rows.row[i];

		d[i].delivery = dv_u64(r, 0);
		d[i].item = dv_u64(r, 1);
		d[i].card = dv_u64(r, 2);
		d[i].key_id = (uint32_t)dv_u64(r, 3);
		d[i].sealed = dv_null(r, 2) ? dv_blob(r, 5) : dv_blob(r, 4);
		d[i].seen = dv_i64(r, 6);
	}
	*out = d;
	*n = rows.n;
	return RC_OK;
}

enum rc
delivery_seen(struct ctx *cx, uint64_t order)
{
	uint64_t affected;

	return DB_EXEC(
	    cx, STMT_delivery_seen, &affected, DV_I64(cx->now), DV_U64(order));
}

enum rc
order_events(
    struct ctx *cx, uint64_t order, const struct event_row **out, size_t *n)
{
	struct db_rows rows;
	struct event_row *e;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_order_events, &rows, DV_U64(order));
	if (rc != RC_OK)
		return rc;
	e = ARENA_ARRAY(cx->arena, rows.n, struct event_row);
	for (i = 0; i < rows.n; i++) {
		e[i].at = dv_i64(rows.row[i], 0);
		e[i].kind = dv_str(rows.row[i], 1);
		e[i].detail = dv_str(rows.row[i], 2);
		e[i].to = dv_str(rows.row[i], 3);
		e[i].actor = dv_str(rows.row[i], 4);
		e[i].staff = dv_u64(rows.row[i], 5);
	}
	*out = e;
	*n = rows.n;
	return RC_OK;
}

enum rc
orders_of_buyer(struct ctx *cx, struct span buyer_hash, unsigned max,
    const struct brief_row **out, size_t *n)
{
	struct db_rows rows;
	struct brief_row *b;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_orders_of_buyer, &rows,
	    DV_BLOB(buyer_hash.p, buyer_hash.n), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	b = ARENA_ARRAY(cx->arena, rows.n, struct brief_row);
	for (i = 0; i < rows.n; i++) {
		struct db_row r = rows.row[i];

		b[i] = (struct brief_row){
		    .no = dv_str(r, 0),
		    .state = dv_str(r, 1),
		    .currency = dv_str(r, 2),
		    .total = MONEY(dv_i64(r, 3)),
		    .created = dv_i64(r, 4),
		    .product_name = dv_str(r, 5),
		    .qty = (unsigned)dv_u64(r, 6),
		};
	}
	*out = b;
	*n = rows.n;
	return RC_OK;
}

enum rc
order_channel(struct ctx *cx, uint64_t order, uint64_t channel,
    struct money fee, struct money total)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_order_channel, &affected, DV_U64(channel),
	    DV_I64(fee.minor), DV_I64(total.minor), DV_U64(order));
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}

enum rc
order_extend(
    struct ctx *cx, uint64_t order, int64_t expires, int64_t expires_before)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_order_extend, &affected, DV_I64(expires),
	    DV_U64(order), DV_I64(expires_before));
	if (rc == RC_OK && affected != 1)
		return RC_CONFLICT;
	return rc == RC_OK ? DB_EXEC(cx, STMT_cards_hold_longer, &affected,
				 DV_I64(expires), DV_U64(order))
			   : rc;
}
