/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of channels.  The secrets stay sealed here. */
#include "store/money.h"

#include "io/db.h"
#include "store/stmt.gen.h"

static struct channel_row
read_row(struct db_row r)
{
	return (struct channel_row){
	    .id = dv_u64(r, 0),
	    .name = dv_str(r, 1),
	    .gateway = dv_str(r, 2),
	    .title = dv_str(r, 3),
	    .title_en = dv_str(r, 4),
	    .state = dv_str(r, 5),
	    .device = dv_str(r, 6),
	    .currency = dv_str(r, 7),
	    .fee_permyriad = (uint32_t)dv_u64(r, 8),
	    .fee_fixed = MONEY(dv_i64(r, 9)),
	    .fee_payer = dv_str(r, 10),
	    .min = MONEY(dv_i64(r, 11)),
	    .max = MONEY(dv_i64(r, 12)),
	    .sort = (int)dv_i64(r, 13),
	    .options = dv_str(r, 14),
	    .secrets = dv_blob(r, 15),
	    .version = (unsigned)dv_u64(r, 16),
	    .fetched = dv_null(r, 17) ? NULL : dv_str(r, 17),
	};
}

/* One channel comes with what its notices need to know of the shop. */
static void
read_one(struct db_row r, struct channel_row *out)
{
	*out = read_row(r);
	out->ask_back = dv_null(r, 18) ? NULL : dv_str(r, 18);
}

enum rc
channel_row_by_name(struct ctx *cx, const char *name, struct channel_row *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_channel_by_name, &r, DV_U64(cx->merchant), DV_STR(name));
	if (rc == RC_OK)
		read_one(r, out);
	return rc;
}

enum rc
channel_row_by_id(struct ctx *cx, uint64_t id, struct channel_row *out)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(
	    cx, STMT_channel_by_id, &r, DV_U64(cx->merchant), DV_U64(id));
	if (rc == RC_OK)
		read_one(r, out);
	return rc;
}

enum rc
channel_rows(struct ctx *cx, const struct channel_row **out, size_t *n)
{
	struct db_rows rows;
	struct channel_row *c;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_channel_all, &rows, DV_U64(cx->merchant));
	if (rc != RC_OK)
		return rc;
	c = ARENA_ARRAY(cx->arena, rows.n, struct channel_row);
	for (i = 0; i < rows.n; i++)
		c[i] = read_row(rows.row[i]);
	*out = c;
	*n = rows.n;
	return RC_OK;
}

enum rc
channel_row_add(struct ctx *cx, const struct channel_row *c, uint64_t *id)
{
	return DB_INSERT(cx, STMT_channel_add, id, DV_U64(cx->merchant),
	    DV_STR(c->name), DV_STR(c->gateway), DV_STR(c->title),
	    DV_STR(c->title_en), DV_STR(c->state), DV_STR(c->device),
	    DV_STR(c->currency), DV_U64(c->fee_permyriad),
	    DV_I64(c->fee_fixed.minor), DV_STR(c->fee_payer),
	    DV_I64(c->min.minor), DV_I64(c->max.minor), DV_I64(c->sort),
	    DV_STR(c->options), DV_I64(cx->now), DV_I64(cx->now));
}

enum rc
channel_row_change(struct ctx *cx, const struct channel_row *c)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_channel_change, &affected, DV_STR(c->title),
	    DV_STR(c->title_en), DV_STR(c->state), DV_STR(c->device),
	    DV_STR(c->currency), DV_U64(c->fee_permyriad),
	    DV_I64(c->fee_fixed.minor), DV_STR(c->fee_payer),
	    DV_I64(c->min.minor), DV_I64(c->max.minor), DV_I64(c->sort),
	    DV_STR(c->options), DV_I64(cx->now), DV_U64(c->id),
	    DV_U64(c->version));
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}

enum rc
channel_row_secrets(struct ctx *cx, uint64_t id, struct span sealed)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_channel_secrets, &affected,
	    DV_BLOB(sealed.p, sealed.n), DV_U64(id));
}

/* ---- keys that gateways give out */

static enum rc
one_or_conflict(enum rc rc, uint64_t affected)
{
	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}

enum rc
keys_due(struct ctx *cx, const char *gateway, unsigned max,
    const struct keys_due **out, size_t *n)
{
	struct db_rows rows;
	struct keys_due *k;
	size_t i;
	enum rc rc;

	rc = DB_ROWS(cx, STMT_keys_due, &rows, DV_U64(cx->merchant),
	    DV_STR(gateway), DV_I64(cx->now), DV_U64(max));
	if (rc != RC_OK)
		return rc;
	k = ARENA_ARRAY(cx->arena, rows.n, struct keys_due);
	for (i = 0; i < rows.n; i++) {
		k[i].channel = dv_u64(rows.row[i], 0);
		k[i].known = !dv_null(rows.row[i], 1);
		if (!k[i].known)
			continue;
		k[i].due = dv_i64(rows.row[i], 1);
		k[i].failed = (unsigned)dv_u64(rows.row[i], 2);
	}
	*out = k;
	*n = rows.n;
	return RC_OK;
}

enum rc
keys_take(struct ctx *cx, const struct keys_due *k, int64_t until)
{
	uint64_t affected = 0;
	enum rc rc;

	if (!k->known)
		rc = DB_EXEC(cx, STMT_keys_add, &affected, DV_U64(k->channel),
		    DV_I64(cx->now), DV_I64(until));
	else
		rc = DB_EXEC(cx, STMT_keys_take, &affected, DV_I64(cx->now),
		    DV_I64(until), DV_U64(k->channel), DV_I64(k->due));
	return one_or_conflict(rc, affected);
}

enum rc
keys_done(struct ctx *cx, uint64_t channel, int64_t due)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_keys_done, &affected, DV_I64(due),
	    DV_U64(channel), DV_I64(cx->now));
	return one_or_conflict(rc, affected);
}

enum rc
keys_keep(
    struct ctx *cx, uint64_t channel, unsigned version, const char *fetched)
{
	uint64_t affected = 0;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_channel_newer, &affected, DV_I64(cx->now),
	    DV_U64(channel), DV_U64(version));
	rc = one_or_conflict(rc, affected);
	if (rc != RC_OK)
		return rc;
	rc = DB_EXEC(cx, STMT_keys_keep, &affected, DV_STR(fetched),
	    DV_U64(channel), DV_I64(cx->now));
	return one_or_conflict(rc, affected);
}

enum rc
keys_wish(struct ctx *cx, uint64_t channel, int64_t pause_us)
{
	uint64_t affected; /* 0: it is so already */

	return DB_EXEC(cx, STMT_keys_wish, &affected, DV_I64(cx->now),
	    DV_I64(pause_us), DV_U64(channel), DV_I64(cx->now),
	    DV_I64(pause_us));
}

enum rc
keys_forget(struct ctx *cx, uint64_t channel)
{
	uint64_t affected; /* 0: there was nothing */

	return DB_EXEC(cx, STMT_keys_forget, &affected, DV_U64(channel));
}
