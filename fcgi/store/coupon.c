/* SPDX-License-Identifier: Apache-2.0 */
/* Coupons as rows.  Using and giving back one belongs to the purchase. */
#include "store/coupon.h"

#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
coupon_by_code(struct ctx *cx, const char *code, struct coupon_rec *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_coupon_by_code, &r, DV_U64(cx->merchant), DV_STR(code));
	if (rc != RC_OK)
		return rc;
	out->id = dv_u64(r, 0);
	out->kind = dv_str(r, 1);
	out->value = dv_i64(r, 2);
	out->min = MONEY(dv_i64(r, 3));
	out->cap = MONEY(dv_i64(r, 4));
	out->product = dv_u64(r, 5);
	out->sku = dv_u64(r, 6);
	out->uses_max = (unsigned)dv_u64(r, 7);
	out->uses = (unsigned)dv_u64(r, 8);
	out->per_contact = (unsigned)dv_u64(r, 9);
	out->from = dv_i64(r, 10);
	out->until = dv_i64(r, 11);
	out->active = dv_u64(r, 12) != 0;
	return RC_OK;
}

enum rc
coupon_add(struct ctx *cx, const struct coupon_new *c)
{
	uint64_t id;

	return DB_INSERT(cx, STMT_coupon_add, &id, DV_U64(cx->merchant),
	    DV_STR(c->code), DV_STR(c->kind), DV_I64(c->value),
	    DV_I64(c->min.minor), DV_I64(c->cap.minor), DV_U64(c->product),
	    DV_U64(c->sku), DV_U64(c->uses_max), DV_U64(c->per_contact),
	    DV_I64(c->from), DV_I64(c->until), DV_STR(c->note),
	    DV_I64(cx->now));
}
