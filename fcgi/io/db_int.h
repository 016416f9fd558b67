/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the db_*.c files share, and the only place that includes mysql.h.
 *
 *   db.c        the calls of db.h: checks, the retry of reads, groups
 *   db_table.c  the statement table; values and their types
 *   db_err.c    error numbers and what they mean
 *   db_conn.c   one connection: policy at connect, probes, time
 *   db_prep.c   the prepared statements of a connection
 *   db_stmt.c   one prepared statement: bind, execute, fetch
 *   db_route.c  which connection: primary, replicas, lag, stickiness
 *   db_tx.c     begin, commit, rollback, and the admin's text statements
 *
 * A connection on which anything unexpected happened is closed, never
 * repaired: the next call opens another.
 */
#ifndef KS_IO_DB_INT_H
#define KS_IO_DB_INT_H

#include "io/db.h"

#include <mysql.h>

#if HAVE_MY_BOOL
typedef my_bool db_bool; /* MariaDB Connector/C, MySQL before 8 */
#else
typedef bool db_bool;
#endif

enum {
	DB_SHAPES = 15,         /* sizes a group is prepared in */
	DB_GROUP_MAX = 1024,    /* the largest of them */
	DB_MARKS_MAX = 65535,   /* `?' in a statement: the protocol's limit */
	DB_BYTES_MAX = 1 << 20, /* of values in one cut of an INSERT */
	DB_PREPARED_MAX = 200,  /* a connection's statements; 16382 a server */
	DB_SHORT_TEXT = 160,    /* of a column; most texts fit */
	DB_REPLICAS_MAX = 8,
	DB_DOMAINS_MAX = 8, /* of a GTID position */
	DB_GTID_TEXT = 128
};

/* ---- the statement table, read once */

struct stmt_info {
	const struct db_stmt *s;
	const char *name;
	size_t head, group, tail; /* offsets: "{{", inside it, behind "}}" */
	size_t group_len, sql_len;
	const char *between; /* what stands between two groups */
	size_t n_fixed, n_group, n_cols;
	size_t slot; /* first of DB_SHAPES slots, or of one */
	bool writes; /* not a SELECT */
	bool cut;    /* INSERT: a long group is cut, not padded */
};
const struct stmt_info *db_info(stmt_id id);
const struct stmt_info *db_info_named(const char *name); /* or NULL */
size_t db_slots(void);
/* BUG when a value's type is not its letter's; letters repeat. */
void db_values_check(
    const char *letters, size_t n_letters, const struct dv *v, size_t n);
extern const unsigned db_shape_size[DB_SHAPES];

/* ---- connections */

/* What a server's or the library's error number means to us. */
enum db_err {
	DE_NONE,
	DE_DUPLICATE, /* 1062 */
	DE_AGAIN,     /* the statement did nothing: run the unit again */
	DE_LOST,      /* the connection is of no more use */
	DE_READONLY,  /* the server changed its role: connect again */
	DE_FULL,      /* no connection or no more statements to be had */
	DE_REPREPARE, /* 1615: the statement is stale, nothing was done */
	DE_SCHEMA,    /* no such table or column */
	DE_CHARSET,   /* 1267: a value the column's charset does not have */
	DE_OTHER
};

struct db_prep; /* below */

struct db_conn {
	MYSQL *my;          /* NULL: closed */
	const char *label;  /* "primary", "admin", "replica1": logs, metrics */
	const char *socket; /* wins over host */
	const char *host;
	unsigned port;
	const char *user, *password;
	int64_t connect_us, query_us; /* 0: no limit */
	bool is_replica;
	enum db_err lost; /* why it was closed last, */
	bool late;        /* and whether that was after our own time limit */
	bool has[DB_FEATURE__N];
	struct db_prep **prep; /* db_slots() of them */
	unsigned n_prep;
	uint64_t tick;
	int64_t heard_us; /* the last statement ended, monotonic */
	/* stay-away after failed attempts to connect */
	unsigned fails;
	int64_t retry_us; /* monotonic */
	int64_t logged_us;
};

struct db_pos { /* a GTID position: the highest number of each domain */
	struct {
		uint32_t domain;
		uint64_t seq;
	} d[DB_DOMAINS_MAX];
	unsigned n;
};

struct db_replica {
	struct db_conn c;
	bool in;            /* in the rotation */
	int64_t probed_us;  /* monotonic; 0: never */
	int64_t lag_us;     /* as last seen; -1: not known */
	int64_t caught_us;  /* it had all of the primary at that time */
	struct db_pos pos;  /* what it has */
	struct db_pos mark; /* what the primary had at mark_us, not yet seen */
	int64_t mark_us;
};

enum db_tx { TX_NONE, TX_OPEN, TX_DOOMED };

struct db {
	unsigned forks; /* as many as when it was made: db.c */
	struct db_conn primary, admin;
	struct db_replica replica[DB_REPLICAS_MAX];
	unsigned n_replicas, turn;
	bool as_admin;
	enum db_tx tx;
	enum rc doom;            /* why it is doomed */
	char gtid[DB_GTID_TEXT]; /* of the last write */
	/* grow-only scratch, so that statements cost no malloc */
	MYSQL_BIND *bind;
	size_t n_bind;
	char *text;
	size_t text_cap;
};

struct db *db_of(struct ctx *cx);       /* opens cx->db when it is NULL */
struct db_conn *db_main(struct db *db); /* the primary, or as admin */
void *db_alloc(size_t n);               /* zeroed; ends the process */

/* ---- db_err.c */

enum db_err db_err_of(unsigned no);
/* Closes what must be closed and says what the caller gets: RC_CONFLICT,
 * RC_INVALID, RC_BUSY or RC_FAIL.  Logs (name, number, state; text only where
 * it cannot hold values). */
enum rc db_fail(struct db_conn *c, const char *name, unsigned no,
    const char *state, const char *text);

/* ---- db_conn.c */

/* Makes c usable: RC_OK, or RC_BUSY (down, not asked again yet, no time). */
MUST_CHECK enum rc conn_ready(struct ctx *cx, struct db_conn *c);
void conn_drop(struct db_conn *c);
/* A call may take so long from now (0: no limit), bounded by cx->deadline;
 * false when there is no time left. */
bool conn_clock(struct ctx *cx, int64_t limit_us);
/* The time of the last conn_clock() is over. */
bool conn_late(void);
/* Text without parameters; results are thrown away.  0 or the error number;
 * the connection is as it was left: the caller decides. */
unsigned conn_text(struct db_conn *c, const char *sql);
/* The first column of the first row of a text, into out; likewise. */
unsigned conn_value(struct db_conn *c, const char *sql, char *out, size_t cap);
/* Keeps the GTID the server told with its last OK, if it did. */
void conn_gtid(struct db *db, struct db_conn *c);

/* ---- db_prep.c */

struct db_out { /* one column of the current row */
	union {
		uint64_t u;
		int64_t i;
	} v;
	unsigned long len;
	enum dv_type type;
	bool may_null;
	db_bool null, error;
	char text[DB_SHORT_TEXT]; /* of most texts the whole */
};

struct db_in { /* one parameter that is an integer */
	union {
		uint64_t u;
		int64_t i;
	} v;
	db_bool null;
};

struct db_prep {
	MYSQL_STMT *st;
	uint64_t used;    /* tick of the last use */
	struct db_in *in; /* bound once; NULL: some parameter is no integer */
	struct db_out out[];
};

enum db_want { WANT_AFFECTED, WANT_ID, WANT_ROW, WANT_ROWS };

struct db_call {
	const struct stmt_info *si;
	enum db_want want;
	const struct dv *fixed, *group;
	size_t n_groups;      /* real ones */
	unsigned shape;       /* index of the size it is run in */
	uint64_t *count;      /* affected or insert id, set */
	struct db_rows *rows; /* appended to */
};
/* How many times the group is in the text. */
size_t times_of(const struct db_call *call);
MUST_CHECK enum rc prep_new(struct db *db, struct db_conn *c,
    const struct db_call *call, struct db_prep **out);
void prep_free(struct db_conn *c, size_t slot);
void stmt_forget_all(struct db_conn *c);

/* ---- db_stmt.c */

/* Runs it on c, which is ready.  On failure c may be closed. */
MUST_CHECK enum rc stmt_run(
    struct ctx *cx, struct db_conn *c, const struct db_call *call);

/* ---- db_route.c */

void route_init(struct ctx *cx, struct db *db);
/* A ready connection for the statement, or NULL with *rc. */
struct db_conn *route(struct ctx *cx, const struct stmt_info *si, enum rc *rc);
/* The replica behind c leaves the rotation for a while. */
void route_out(struct db_conn *c);
/* Looks at a replica now, if it is due. */
void replica_probe(struct ctx *cx, struct db_replica *r);
bool pos_parse(const char *text, struct db_pos *out);
bool pos_has(const struct db_pos *a, const struct db_pos *b); /* a >= b */

#endif
