/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of orders being placed: several orders in one statement, because a
 * batch of claims pays for its round trips and its commit together.
 */
#include "store/purchase.h"

#include "io/db.h"
#include "store/stmt.gen.h"

#define BLOB(s) DV_BLOB((s).p, (s).n)
#define BLOB_OR_NULL(s) ((s).p == NULL ? DV_NULL : BLOB(s))

enum { ORDER_COLS = 20, ITEM_COLS = 10, INPUT_COLS = 4, EVENT_COLS = 11 };

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

static enum rc
count(struct ctx *cx, enum stmt id, struct span key, unsigned cap, uint64_t *n)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, (int)id, &r, BLOB(key), DV_U64(cap));
	if (rc == RC_OK)
		*n = dv_u64(r, 0);
	return rc;
}

enum rc
hold_count_address(
    struct ctx *cx, struct span address, unsigned cap, uint64_t *n)
{
	return count(cx, STMT_hold_count_address, address, cap, n);
}

enum rc
hold_count_contact(
    struct ctx *cx, struct span contact_hash, unsigned cap, uint64_t *n)
{
	return count(cx, STMT_hold_count_contact, contact_hash, cap, n);
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
