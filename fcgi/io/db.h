/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The database: MariaDB Connector/C and nothing else of it upward.
 *
 * Statements are named (store/stmt.gen.h) and prepared once per connection.
 * A statement marked `primary` or run inside a transaction goes to the
 * primary; one marked `replica-ok` goes to a healthy replica unless
 * cx->sticky.  A lost connection is thrown away, never re-used mid-protocol:
 * outside a transaction the statement is tried once on a new connection if it
 * only reads; inside one it is RC_BUSY (1020, 1205, 1213 and a lost
 * connection) and tx_run() decides.
 *
 *   rc = DB_EXEC(cx, STMT_card_hold, &affected, DV_U64(order), DV_I64(t));
 *   rc = DB_ROW(cx, STMT_product_by_slug, &row, DV_STR(slug));
 *   id = dv_u64(row, 0);
 */
#ifndef KS_IO_DB_H
#define KS_IO_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

enum dv_type { DV_NULL_T, DV_U64_T, DV_I64_T, DV_STR_T, DV_BLOB_T };

struct dv { /* a database value */
	enum dv_type type;
	union {
		uint64_t u;
		int64_t i;
		struct span s;
	} as;
};

#define DV_NULL ((struct dv){.type = DV_NULL_T})
#define DV_U64(x) ((struct dv){.type = DV_U64_T, .as.u = (x)})
#define DV_I64(x) ((struct dv){.type = DV_I64_T, .as.i = (x)})
#define DV_STR(x) dv_of_str(x) /* NULL gives SQL NULL */
#define DV_SPAN(x) ((struct dv){.type = DV_STR_T, .as.s = (x)})
#define DV_BLOB(ptr, len)                                                      \
	((struct dv){.type = DV_BLOB_T, .as.s = {(const char *)(ptr), (len)}})
#define DV_U64_OR_NULL(x) ((x) != 0 ? DV_U64(x) : DV_NULL)
struct dv dv_of_str(const char *s);

struct db_stmt { /* one row of the generated table */
	const char *name;
	const char *sql;     /* {{...}} is the repeated group, if any */
	const char *params;  /* one letter each: u i s b, upper case = may be
			      * NULL; after '|' those of the group */
	const char *columns; /* likewise; "" for affected / insert_id */
	bool replica_ok;
};

typedef int stmt_id; /* enum stmt of store/stmt.gen.h: io knows numbers only */

/* The generated table; called once by each program before the first use. */
void db_statements(const struct db_stmt *table, size_t n);

/* Rows live in the request arena. */
struct db_row {
	const struct dv *v;
	size_t n;
};
struct db_rows {
	const struct db_row *row;
	size_t n;
};

/* Types and counts are checked against the statement: a mismatch is a BUG.
 * RC_INVALID: a text is compared with an ASCII column and is not ASCII.
 * RC_CONFLICT: duplicate key (1062).  RC_BUSY: deadlock, lock wait, lost
 * connection in a transaction.  RC_FAIL: anything else, logged by name,
 * never with values. */
MUST_CHECK enum rc db_exec(struct ctx *cx, stmt_id id, const struct dv *in,
    size_t n, uint64_t *affected);
MUST_CHECK enum rc db_insert(struct ctx *cx, stmt_id id, const struct dv *in,
    size_t n, uint64_t *insert_id);
/* RC_NOTFOUND: no row.  More than one row: the first, and a warning. */
MUST_CHECK enum rc db_row(struct ctx *cx, stmt_id id, const struct dv *in,
    size_t n, struct db_row *out);
/* RC_OK with out->n = 0 when there is none. */
MUST_CHECK enum rc db_rows(struct ctx *cx, stmt_id id, const struct dv *in,
    size_t n, struct db_rows *out);

/* Statements with a {{group}}: fixed are the parameters before it, group the
 * flat array of n_groups * (parameters of one group).  An INSERT is cut into
 * statements of bounded size; *affected is the sum.  An IN list is padded by
 * repeating its last element, so only a few shapes are ever prepared.
 * A list of more than 1024 is cut as well, and an ORDER BY then holds within
 * each part only.  No groups: nothing is sent, 0 affected or no rows.
 * A write that takes several statements is a BUG outside a transaction. */
MUST_CHECK enum rc db_exec_many(struct ctx *cx, stmt_id id,
    const struct dv *fixed, size_t n_fixed, const struct dv *group,
    size_t n_groups, uint64_t *affected);
MUST_CHECK enum rc db_rows_many(struct ctx *cx, stmt_id id,
    const struct dv *fixed, size_t n_fixed, const struct dv *group,
    size_t n_groups, struct db_rows *out);

#define DB_ARGS(...)                                                           \
	(const struct dv[]){__VA_ARGS__},                                      \
	    sizeof((const struct dv[]){__VA_ARGS__}) / sizeof(struct dv)
#define DB_EXEC(cx, id, affected, ...)                                         \
	db_exec(cx, id, DB_ARGS(__VA_ARGS__), affected)
#define DB_INSERT(cx, id, insert_id, ...)                                      \
	db_insert(cx, id, DB_ARGS(__VA_ARGS__), insert_id)
#define DB_ROW(cx, id, out, ...) db_row(cx, id, DB_ARGS(__VA_ARGS__), out)
#define DB_ROWS(cx, id, out, ...) db_rows(cx, id, DB_ARGS(__VA_ARGS__), out)

/* Readers; the column's type is checked (BUG).  NULL reads as 0 or "". */
uint64_t dv_u64(struct db_row r, size_t col);
int64_t dv_i64(struct db_row r, size_t col);
const char *dv_str(struct db_row r, size_t col); /* NUL-terminated */
struct span dv_blob(struct db_row r, size_t col);
bool dv_null(struct db_row r, size_t col);

/* Transactions: used by store/tx.c only. */
MUST_CHECK enum rc db_begin(struct ctx *cx);
/* RC_BUSY: certainly not committed.  RC_FAIL: outcome unknown: the connection
 * is gone; the caller re-reads by a natural key. */
MUST_CHECK enum rc db_commit(struct ctx *cx);
void db_rollback(struct ctx *cx); /* never fails: drops the connection if it
				   * must */

/* After a write: the primary's GTID position for the visitor's cookie, or ""
 * where there is none.  db_sticky(): sets cx->sticky from such a cookie
 * (position and age); a replica that has the position is used again. */
const char *db_gtid(struct ctx *cx);
void db_sticky(struct ctx *cx, const char *gtid, int64_t written_us);
/* As if this context had committed, with the primary at gtid ("": unknown). */
void db_wrote(struct ctx *cx, const char *gtid);

enum db_feature { DB_SKIP_LOCKED, DB_GTID, DB_MARIADB, DB_FEATURE__N };
bool db_has(struct ctx *cx, enum db_feature f); /* probed at connect */

/* Opens the primary now; for readiness checks and start-up messages. */
MUST_CHECK enum rc db_ping(struct ctx *cx);
/* Replicas in the rotation, and seconds the worst is behind. */
unsigned db_replicas_up(struct ctx *cx, int64_t *lag_us);

/* For `keystallctl migrate` and `doctor` only.  While on, what would go to
 * the primary goes there as the admin user if one is set, on a connection of
 * its own and without a time limit. */
void db_as_admin(struct ctx *cx, bool on);
/* One statement of text on that connection.  On failure *error is one line
 * with the server's number and message: for the operator, not for a page. */
MUST_CHECK enum rc db_admin_exec(
    struct ctx *cx, const char *sql, const char **error);
MUST_CHECK enum rc db_admin_value(
    struct ctx *cx, const char *sql, const char **value, const char **error);

struct db *db_new(struct ctx *cx); /* no connection yet; after fork */
void db_close(struct db *db);

#endif
