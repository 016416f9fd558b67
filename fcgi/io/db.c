/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls of db.h: what is asked is checked against the statement's header,
 * sent to the right connection, and tried once more where that is harmless.
 *
 * The rule of the second try: a statement that only reads, outside a
 * transaction, whose connection was lost.  Everything else is the business of
 * tx_run(), which knows what the unit as a whole did.
 *
 * A {{group}} is run in few sizes (db_shape_size), so that few statements are
 * prepared: an INSERT is cut into them, a list is filled up to the next one
 * with its last element.
 */
#include "io/db_int.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bug.h"

/* ---- running */

static enum rc
call_in_tx(struct ctx *cx, struct db *db, const struct db_call *call)
{
	struct db_conn *c = db_main(db);
	enum rc rc;

	/* After a failure the unit must end: what it would read now is no
	 * longer what it has locked. */
	if (db->tx == TX_DOOMED)
		return db->doom;
	rc = conn_clock(cx, c->query_us) ? stmt_run(cx, c, call) : RC_BUSY;
	if (rc == RC_BUSY || rc == RC_FAIL) {
		/* A lost connection has certainly not committed. */
		db->tx = TX_DOOMED;
		db->doom = rc;
	}
	return rc;
}

static enum rc
call_run(struct ctx *cx, const struct db_call *call)
{
	struct db *db = db_of(cx);
	struct db_conn *c;
	enum rc rc = RC_BUSY;
	bool again = false;

	if (db->tx != TX_NONE)
		return call_in_tx(cx, db, call);
	for (;;) {
		c = route(cx, call->si, &rc);
		if (c == NULL)
			return rc;
		rc = stmt_run(cx, c, call);
		if (rc != RC_BUSY && rc != RC_FAIL)
			break;
		if (c->is_replica) {
			/* Gone, or behind in schema; the primary knows. */
			route_out(c);
			continue;
		}
		if (c->my != NULL || again)
			return rc;
		/* Sent, and no answer: perhaps it was done. */
		if (call->si->writes)
			return c->lost == DE_LOST ? RC_FAIL : rc;
		/* What was too slow once would be so twice. */
		if (c->late)
			return rc;
		again = true;
	}
	if (rc == RC_OK && call->si->writes) {
		cx->wrote = true;
		conn_gtid(db, db_main(db));
	}
	return rc;
}

static const struct stmt_info *
call_check(stmt_id id, const struct dv *in, size_t n, bool group)
{
	const struct stmt_info *si = db_info(id);

	BUG_ON(group != (si->n_group != 0));
	BUG_ON(n != si->n_fixed);
	if (n != 0)
		db_values_check(si->s->params, n, in, n);
	return si;
}

enum rc
db_exec(struct ctx *cx, stmt_id id, const struct dv *in, size_t n,
    uint64_t *affected)
{
	uint64_t count = 0;
	struct db_call call = {.si = call_check(id, in, n, false),
	    .want = WANT_AFFECTED,
	    .fixed = in,
	    .count = &count};
	enum rc rc;

	BUG_ON(!call.si->writes);
	rc = call_run(cx, &call);
	if (rc == RC_OK && affected != NULL)
		*affected = count;
	return rc;
}

enum rc
db_insert(struct ctx *cx, stmt_id id, const struct dv *in, size_t n,
    uint64_t *insert_id)
{
	uint64_t count = 0;
	struct db_call call = {.si = call_check(id, in, n, false),
	    .want = WANT_ID,
	    .fixed = in,
	    .count = &count};
	enum rc rc;

	BUG_ON(!call.si->writes);
	rc = call_run(cx, &call);
	if (rc == RC_OK && insert_id != NULL)
		*insert_id = count;
	return rc;
}

enum rc
db_row(struct ctx *cx, stmt_id id, const struct dv *in, size_t n,
    struct db_row *out)
{
	struct db_rows rows = {0};
	struct db_call call = {.si = call_check(id, in, n, false),
	    .want = WANT_ROW,
	    .fixed = in,
	    .rows = &rows};
	enum rc rc;

	BUG_ON(call.si->writes);
	rc = call_run(cx, &call);
	if (rc != RC_OK)
		return rc;
	if (rows.n == 0)
		return RC_NOTFOUND;
	*out = rows.row[0];
	return RC_OK;
}

enum rc
db_rows(struct ctx *cx, stmt_id id, const struct dv *in, size_t n,
    struct db_rows *out)
{
	struct db_rows rows = {0};
	struct db_call call = {.si = call_check(id, in, n, false),
	    .want = WANT_ROWS,
	    .fixed = in,
	    .rows = &rows};
	enum rc rc;

	BUG_ON(call.si->writes);
	rc = call_run(cx, &call);
	if (rc == RC_OK)
		*out = rows;
	return rc;
}

/* ---- groups */

static size_t
bytes_of(const struct dv *v, size_t n)
{
	size_t i, sum = 0;

	for (i = 0; i < n; i++)
		sum += v[i].type == DV_STR_T || v[i].type == DV_BLOB_T
			   ? v[i].as.s.n
			   : 8;
	return sum;
}

/* The largest size an INSERT of left groups is cut to. */
static unsigned
shape_to_cut(const struct stmt_info *si, const struct dv *group, size_t left)
{
	size_t fits = 0, bytes = 0;
	unsigned s = DB_SHAPES;

	while (fits < left && fits < DB_GROUP_MAX) {
		bytes += bytes_of(group + fits * si->n_group, si->n_group);
		if (bytes > DB_BYTES_MAX && fits > 0)
			break;
		fits++;
	}
	while (--s > 0 &&
	       (db_shape_size[s] > fits ||
		   si->n_fixed + db_shape_size[s] * si->n_group > DB_MARKS_MAX))
		;
	return s;
}

/* The smallest size that holds a list of left elements. */
static unsigned
shape_to_fill(size_t left)
{
	unsigned s = 0;

	while (s < DB_SHAPES - 1 && db_shape_size[s] < left)
		s++;
	return s;
}

static enum rc
call_groups(struct ctx *cx, struct db_call *call, const struct dv *group,
    size_t n_groups, uint64_t *sum)
{
	const struct stmt_info *si = call->si;
	size_t done = 0, size;
	enum rc rc;

	if (n_groups != 0)
		db_values_check(strchr(si->s->params, '|') + 1, si->n_group,
		    group, n_groups * si->n_group);
	for (done = 0; done < n_groups; done += size) {
		call->group = group + done * si->n_group;
		call->shape =
		    si->cut ? shape_to_cut(si, call->group, n_groups - done)
			    : shape_to_fill(n_groups - done);
		size = db_shape_size[call->shape];
		if (size > n_groups - done)
			size = n_groups - done;
		call->n_groups = size;
		/* Half of a write must not stay behind. */
		BUG_ON(
		    si->writes && size < n_groups && db_of(cx)->tx == TX_NONE);
		rc = call_run(cx, call);
		if (rc != RC_OK)
			return rc;
		if (call->count != NULL && sum != NULL)
			*sum += *call->count;
	}
	return RC_OK;
}

enum rc
db_exec_many(struct ctx *cx, stmt_id id, const struct dv *fixed, size_t n_fixed,
    const struct dv *group, size_t n_groups, uint64_t *affected)
{
	uint64_t count = 0, sum = 0;
	struct db_call call = {.si = call_check(id, fixed, n_fixed, true),
	    .want = WANT_AFFECTED,
	    .fixed = fixed,
	    .count = &count};
	enum rc rc;

	BUG_ON(!call.si->writes);
	rc = call_groups(cx, &call, group, n_groups, &sum);
	if (rc == RC_OK && affected != NULL)
		*affected = sum;
	return rc;
}

enum rc
db_rows_many(struct ctx *cx, stmt_id id, const struct dv *fixed, size_t n_fixed,
    const struct dv *group, size_t n_groups, struct db_rows *out)
{
	struct db_rows rows = {0};
	struct db_call call = {.si = call_check(id, fixed, n_fixed, true),
	    .want = WANT_ROWS,
	    .fixed = fixed,
	    .rows = &rows};
	enum rc rc;

	BUG_ON(call.si->writes);
	rc = call_groups(cx, &call, group, n_groups, NULL);
	if (rc == RC_OK)
		*out = rows;
	return rc;
}

/* ---- life */

/* How many forks lie between the first process and this one.  getpid() would
 * tell as well, but is a system call, and each statement asks. */
static unsigned forks;
static bool forks_counted;

static void
fork_seen(void)
{
	forks++;
}

static void
forks_count(void)
{
	if (!forks_counted && pthread_atfork(NULL, NULL, fork_seen) != 0)
		no_memory(sizeof(void *));
	forks_counted = true;
}

struct db *
db_new(struct ctx *cx)
{
	struct db *db = ARENA_NEW(cx->keep, struct db);

	BUG_ON(db_slots() == 0); /* db_statements() comes first */
	forks_count();
	db->forks = forks;
	route_init(cx, db);
	return db;
}

struct db *
db_of(struct ctx *cx)
{
	if (cx->db == NULL)
		cx->db = db_new(cx);
	/* A child that used its parent's connection would break it. */
	BUG_ON(cx->db->forks != forks);
	return cx->db;
}

static void
conn_end(struct db_conn *c)
{
	conn_drop(c);
	free(c->prep);
	c->prep = NULL;
}

void
db_close(struct db *db)
{
	unsigned i;

	if (db == NULL)
		return;
	BUG_ON(db->forks != forks);
	conn_end(&db->primary);
	conn_end(&db->admin);
	for (i = 0; i < db->n_replicas; i++)
		conn_end(&db->replica[i].c);
	free(db->bind);
	free(db->text);
	db->bind = NULL;
	db->text = NULL;
	db->n_bind = db->text_cap = 0;
}
