/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of orders being placed: several orders in one statement, because a
 * batch of claims pays for its round trips and its commit together.
 */
#include "store/purchase.h"

#include "base/bug.h"
#include "io/db.h"
#include "store/stmt.gen.h"

#define BLOB(s) DV_BLOB((s).p, (s).n)
#define BLOB_OR_NULL(s) ((s).p == NULL ? DV_NULL : BLOB(s))

enum { ORDER_COLS = 22, ITEM_COLS = 10, INPUT_COLS = 4, EVENT_COLS = 11 };

enum rc
order_add(struct ctx *cx, const struct order_new *o, size_t n)
{
	struct dv *v = ARENA_ARRAY(cx->arena, n * ORDER_COLS, struct dv);
	struct dv *p = v;
	uint64_t affected;
	size_t i;

	for (i = 0; i < n; i++, o++) {
		*p++ = DV_U64(o->id);
		*p++ = DV_STR(o->no);
		*p++ = DV_U64(cx->merchant);
		*p++ = DV_STR(o->currency);
		*p++ = DV_I64(o->list.minor);
		*p++ = DV_I64(o->tier_off.minor);
		*p++ = DV_I64(o->coupon_off.minor);
		*p++ = DV_I64(o->fee.minor);
		*p++ = DV_I64(o->total.minor);
		*p++ = DV_U64(o->channel);
		*p++ = DV_STR(o->contact);
		*p++ = BLOB(o->contact_hash);
		*p++ = BLOB(o->address);
		*p++ = BLOB(o->contact_hash);
		*p++ = BLOB(o->address);
		*p++ = DV_STR(o->lang);
		*p++ = BLOB(o->buyer_hash);
		*p++ = BLOB_OR_NULL(o->lookup_hash);
		*p++ = BLOB(o->form_key);
		*p++ = BLOB(o->event_hash);
		*p++ = DV_I64(o->created);
		*p++ = DV_I64(o->expires);
	}
	return db_exec_many(cx, STMT_order_add, NULL, 0, v, n, &affected);
}

enum rc
order_item_add(struct ctx *cx, const struct item_new *it, size_t n)
{
	struct dv *v = ARENA_ARRAY(cx->arena, n * ITEM_COLS, struct dv);
	struct dv *p = v;
	uint64_t affected;
	size_t i;

	for (i = 0; i < n; i++, it++) {
		*p++ = DV_U64(it->order);
		*p++ = DV_U64(cx->merchant);
		*p++ = DV_U64(it->product);
		*p++ = DV_U64(it->sku);
		*p++ = DV_U64(it->qty);
		*p++ = DV_I64(it->price.minor);
		*p++ = DV_I64(it->cost.minor);
		*p++ = DV_STR(it->product_name);
		*p++ = DV_STR(it->sku_name);
		*p++ = DV_STR(it->sku_code);
	}
	return db_exec_many(cx, STMT_order_item_add, NULL, 0, v, n, &affected);
}

enum rc
order_input_add(struct ctx *cx, const struct input_new *in, size_t n)
{
	struct dv *v = ARENA_ARRAY(cx->arena, n * INPUT_COLS, struct dv);
	struct dv *p = v;
	uint64_t affected;
	size_t i;

	if (n == 0)
		return RC_OK;
	for (i = 0; i < n; i++, in++) {
		*p++ = DV_U64(in->order);
		*p++ = DV_STR(in->name);
		*p++ = DV_STR(in->label);
		*p++ = DV_STR(in->value);
	}
	return db_exec_many(cx, STMT_order_input_add, NULL, 0, v, n, &affected);
}

enum rc
order_event_add(struct ctx *cx, const struct event_new *e, size_t n)
{
	struct dv *v = ARENA_ARRAY(cx->arena, n * EVENT_COLS, struct dv);
	struct dv *p = v;
	uint64_t affected;
	size_t i;

	for (i = 0; i < n; i++, e++) {
		*p++ = DV_U64(e->order);
		*p++ = DV_U64(e->seq);
		*p++ = DV_U64(cx->merchant);
		*p++ = DV_I64(cx->now);
		*p++ = DV_STR(e->kind);
		*p++ = DV_STR(e->from);
		*p++ = DV_STR(e->to);
		*p++ = DV_STR(e->actor);
		*p++ = DV_U64(e->staff);
		*p++ = DV_STR(e->detail);
		*p++ = BLOB(e->hash);
	}
	return db_exec_many(cx, STMT_order_event_add, NULL, 0, v, n, &affected);
}

enum rc
order_of_form(struct ctx *cx, struct span form_key, const char **no,
    struct span *buyer_hash)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_order_of_form, &r, BLOB(form_key));
	if (rc != RC_OK)
		return rc;
	*no = dv_str(r, 0);
	*buyer_hash = dv_blob(r, 1);
	return RC_OK;
}

enum rc
orders_of_forms(struct ctx *cx, const struct span *form_key, size_t n,
    const struct form_row **out, size_t *n_out)
{
	struct dv *v = ARENA_ARRAY(cx->arena, n, struct dv);
	struct db_rows rows = {NULL, 0};
	struct form_row *f;
	size_t i;
	enum rc rc;

	for (i = 0; i < n; i++)
		v[i] = BLOB(form_key[i]);
	rc = db_rows_many(cx, STMT_orders_of_forms, NULL, 0, v, n, &rows);
	if (rc != RC_OK)
		return rc;
	f = ARENA_ARRAY(cx->arena, rows.n, struct form_row);
	for (i = 0; i < rows.n; i++) {
		f[i].form_key = dv_blob(rows.row[i], 0);
		f[i].no = dv_str(rows.row[i], 1);
	}
	*out = f;
	*n_out = rows.n;
	return RC_OK;
}

/* "3,0" for each ask; what follows the last was padding. */
static void
counts_read(const char *text, uint64_t *counts, size_t n)
{
	struct span rest = span_str(text), part;
	size_t i;

	for (i = 0; i < n; i++)
		if (!span_cut(&rest, ',', &part) ||
		    num_u64(part, UINT64_MAX, &counts[i]) != RC_OK)
			BUG("hold_counts: not a list of numbers");
}

enum rc
hold_counts(struct ctx *cx, const struct hold_ask *ask, size_t n,
    const struct hold_caps *caps, const struct hold_count **out)
{
	enum { COLS = 8, COUNTS = 3 };
	struct dv *v = ARENA_ARRAY(cx->arena, n * COLS, struct dv), *p = v;
	uint64_t *raw = ARENA_ARRAY(cx->arena, COUNTS * n, uint64_t);
	struct hold_count *c = ARENA_ARRAY(cx->arena, n, struct hold_count);
	struct db_rows rows = {NULL, 0};
	size_t i;
	enum rc rc;

	for (i = 0; i < n; i++) {
		*p++ = BLOB(ask[i].address);
		*p++ = DV_U64(caps->address);
		*p++ = BLOB(ask[i].contact_hash);
		*p++ = DV_U64(caps->contact);
		*p++ = BLOB(ask[i].net_from);
		*p++ = BLOB(ask[i].net_to);
		*p++ = DV_U64(ask[i].address.n);
		*p++ = DV_U64(caps->net);
	}
	rc = db_rows_many(cx, STMT_hold_counts, NULL, 0, v, n, &rows);
	if (rc != RC_OK)
		return rc;
	BUG_ON(rows.n != 1);
	counts_read(dv_str(rows.row[0], 0), raw, COUNTS * n);
	for (i = 0; i < n; i++)
		c[i] = (struct hold_count){
		    raw[3 * i], raw[3 * i + 1], raw[3 * i + 2]};
	*out = c;
	return RC_OK;
}

enum rc
buyer_count_add(struct ctx *cx, uint64_t sku, struct span contact_hash,
    unsigned qty, unsigned cap)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_buyer_count_row, &affected, DV_U64(sku),
	    BLOB(contact_hash));
	if (rc != RC_OK)
		return rc;
	rc = DB_EXEC(cx, STMT_buyer_count_add, &affected, DV_U64(qty),
	    DV_U64(sku), BLOB(contact_hash), DV_U64(qty), DV_U64(cap));
	if (rc == RC_OK && affected != 1)
		return RC_CONFLICT;
	return rc;
}

enum rc
buyer_count_untake(
    struct ctx *cx, uint64_t sku, struct span contact_hash, unsigned qty)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_buyer_count_untake, &affected, DV_U64(qty),
	    DV_U64(sku), BLOB(contact_hash), DV_U64(qty));
}

enum rc
buyer_count_sub(struct ctx *cx, uint64_t order)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_buyer_count_sub, &affected, DV_U64(order));
}
