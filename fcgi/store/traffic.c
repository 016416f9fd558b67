/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of tables traffic and forecast (traffic.h). */
#include "store/traffic.h"

#include "io/db.h"
#include "store/stmt.gen.h"

enum rc
traffic_add(struct ctx *cx, int64_t minute_us, uint64_t visits, uint64_t orders)
{
	uint64_t n;

	return DB_EXEC(cx, STMT_traffic_add, &n, DV_U64(cx->merchant),
	    DV_I64(minute_us), DV_U64(visits), DV_U64(orders));
}

enum rc
traffic_buckets(struct ctx *cx, int64_t bucket_us, int64_t from_us,
    int64_t until_us, const struct traffic_row **out, size_t *n)
{
	struct traffic_row *v;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_traffic_buckets, &rows, DV_I64(bucket_us),
	    DV_U64(cx->merchant), DV_I64(from_us), DV_I64(until_us));
	if (rc != RC_OK)
		return rc;
	v = ARENA_ARRAY(cx->arena, rows.n, struct traffic_row);
	for (i = 0; i < rows.n; i++) {
		v[i].bucket = dv_i64(rows.row[i], 0);
		v[i].visits = dv_u64(rows.row[i], 1);
		v[i].orders = dv_u64(rows.row[i], 2);
	}
	*out = v;
	*n = rows.n;
	return RC_OK;
}

enum rc
traffic_prune(struct ctx *cx, int64_t before_us, uint64_t *n)
{
	return DB_EXEC(cx, STMT_traffic_prune, n, DV_I64(before_us));
}

enum rc
forecast_put(struct ctx *cx, const struct forecast_row *f)
{
	uint64_t n;

	return DB_EXEC(cx, STMT_forecast_put, &n, DV_U64(cx->merchant),
	    DV_STR(f->kind), DV_I64(f->made), DV_U64(f->hour),
	    DV_U64(f->last_hour), DV_U64(f->fitted));
}

enum rc
forecast_get(struct ctx *cx, const struct forecast_row **out, size_t *n)
{
	struct forecast_row *v;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_forecast_get, &rows, DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	v = ARENA_ARRAY(cx->arena, rows.n, struct forecast_row);
	for (i = 0; i < rows.n; i++) {
		v[i].kind = dv_str(rows.row[i], 0);
		v[i].made = dv_i64(rows.row[i], 1);
		v[i].hour = dv_u64(rows.row[i], 2);
		v[i].last_hour = dv_u64(rows.row[i], 3);
		v[i].fitted = dv_u64(rows.row[i], 4) != 0;
	}
	*out = v;
	*n = rows.n;
	return RC_OK;
}

enum rc
orders_open(struct ctx *cx, const struct open_row **out, size_t *n)
{
	struct open_row *v;
	struct db_rows rows;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_orders_open, &rows, DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	v = ARENA_ARRAY(cx->arena, rows.n, struct open_row);
	for (i = 0; i < rows.n; i++) {
		v[i].state = dv_str(rows.row[i], 0);
		v[i].n = dv_u64(rows.row[i], 1);
		v[i].oldest = dv_i64(rows.row[i], 2);
	}
	*out = v;
	*n = rows.n;
	return RC_OK;
}
