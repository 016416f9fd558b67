/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One prepared statement on one connection: its parameters bound, executed and
 * read to its end.
 *
 * Texts travel without a copy of ours: as parameters they are bound where the
 * caller has them, in results they go from the network buffer straight into
 * the request arena.  Integers go and come through the statement's own slots.
 *
 * Results are not stored in the library first, so they are always read to the
 * end here (fetch_all), or the connection is closed.
 */
#include "io/db_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/time.h"
#include "base/vec.h"

enum { SLOW_MS = 1000 };

/* ---- parameters */

static void
bind_one(MYSQL_BIND *b, const struct dv *v)
{
	switch (v->type) {
	case DV_NULL_T:
		b->buffer_type = MYSQL_TYPE_NULL;
		break;
	case DV_U64_T:
		b->is_unsigned = 1;
		/* fallthrough */
	case DV_I64_T:
		b->buffer_type = MYSQL_TYPE_LONGLONG;
		b->buffer = (void *)(uintptr_t)&v->as;
		b->buffer_length = sizeof(v->as.u);
		break;
	case DV_STR_T:
	case DV_BLOB_T:
		b->buffer_type =
		    v->type == DV_STR_T ? MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
		b->buffer = (void *)(uintptr_t)(v->as.s.n ? v->as.s.p : "");
		b->buffer_length = v->as.s.n;
		break;
	}
}

static MYSQL_BIND *
bind_room(struct db *db, size_t n)
{
	if (n > db->n_bind) {
		free(db->bind);
		db->bind = db_alloc(n * sizeof(*db->bind));
		db->n_bind = n;
	} else {
		memset(db->bind, 0, n * sizeof(*db->bind));
	}
	return db->bind;
}

/* The values of all marks in their order, as runs: the fixed ones, the groups,
 * and for what the size is too big the last group again. */
static const struct dv *
values_of(const struct db_call *call, size_t run, size_t *n)
{
	const struct stmt_info *si = call->si;

	if (run == 0) {
		*n = si->n_fixed;
		return call->fixed;
	}
	*n = si->n_group;
	if (run == 1) {
		*n *= call->n_groups;
		return call->group;
	}
	return call->group + (call->n_groups - 1) * si->n_group;
}

static size_t
runs_of(const struct db_call *call)
{
	return call->si->n_group == 0 ? 1 : 2 + times_of(call) - call->n_groups;
}

static void
params_set(struct db_prep *p, const struct db_call *call)
{
	size_t runs = runs_of(call), n, i, j;
	struct db_in *in = p->in;
	const struct dv *v;

	for (i = 0; i < runs; i++) {
		v = values_of(call, i, &n);
		for (j = 0; j < n; j++, in++) {
			in->v.u = v[j].as.u; /* or i: the same bits */
			in->null = v[j].type == DV_NULL_T;
		}
	}
}

static void
params_bind(struct db *db, struct db_prep *p, const struct db_call *call)
{
	size_t all = call->si->n_fixed + times_of(call) * call->si->n_group;
	size_t runs = runs_of(call), n, i, j;
	const struct dv *v;
	MYSQL_BIND *bind;

	if (all == 0)
		return;
	bind = bind_room(db, all);
	for (i = 0; i < runs; i++) {
		v = values_of(call, i, &n);
		for (j = 0; j < n; j++)
			bind_one(bind++, &v[j]);
	}
	/* Copied by the library; the values are read by execute. */
	BUG_ON(mysql_stmt_bind_param(p->st, db->bind) != 0);
}

/* ---- results */

static bool
is_text(const struct db_out *o)
{
	return o->type == DV_STR_T || o->type == DV_BLOB_T;
}

/* Room for a row's values and, behind them, its texts with a NUL each. */
static struct dv *
row_room(struct ctx *cx, const struct db_prep *p, size_t n_cols)
{
	size_t n = n_cols * sizeof(struct dv), i;

	for (i = 0; i < n_cols; i++)
		if (is_text(&p->out[i]) && !p->out[i].null)
			n += p->out[i].len + 1;
	return arena_alloc(cx->arena, n);
}

/* Its bytes to where it belongs; what was too long for the slot is still in
 * the library's hands. */
static bool
text_copy(struct db_prep *p, unsigned col, char *to)
{
	const struct db_out *o = &p->out[col];
	MYSQL_BIND b;

	if (o->len <= sizeof(o->text)) {
		memcpy(to, o->text, o->len);
		return true;
	}
	memset(&b, 0, sizeof(b));
	b.buffer_type = MYSQL_TYPE_BLOB;
	b.buffer = to;
	b.buffer_length = o->len;
	return mysql_stmt_fetch_column(p->st, &b, col, 0) == 0;
}

/* Copies the current row into the arena.  RC_FAIL: the row is not what the
 * statement's header says. */
static enum rc
row_copy(struct ctx *cx, struct db_prep *p, unsigned n_cols, struct db_row *row)
{
	struct dv *v = row_room(cx, p, n_cols);
	char *text = (char *)(v + n_cols);
	unsigned i;

	for (i = 0; i < n_cols; i++) {
		const struct db_out *o = &p->out[i];

		if (o->null) {
			if (!o->may_null)
				return RC_FAIL;
			continue; /* it is DV_NULL_T already */
		}
		v[i].type = o->type;
		if (is_text(o)) {
			v[i].as.s = (struct span){text, o->len};
			if (!text_copy(p, i, text))
				return RC_FAIL;
			text += o->len + 1;
		} else {
			if (o->error)
				return RC_FAIL;
			v[i].as.u = o->v.u; /* or i: the same bits */
		}
	}
	row->v = v;
	row->n = n_cols;
	return RC_OK;
}

/* Reads the result to its end, whatever is in it. */
static enum rc
fetch_all(struct ctx *cx, struct db_conn *c, struct db_prep *p,
    const struct db_call *call)
{
	const struct stmt_info *si = call->si;
	VEC(struct db_row) rows = {0};
	enum rc rc = RC_OK;
	size_t extra = 0;
	int got;

	rows.v = (struct db_row *)(uintptr_t)call->rows->row;
	rows.n = rows.cap = call->rows->n;
	while ((got = mysql_stmt_fetch(p->st)) == 0 ||
	       got == MYSQL_DATA_TRUNCATED) {
		if (call->want == WANT_ROW && rows.n == 1)
			extra++;
		else if (rc == RC_OK)
			rc = row_copy(cx, p, (unsigned)si->n_cols,
			    VEC_ADD(&rows, cx->arena));
	}
	/* A lock wait of SELECT ... FOR UPDATE fails here, not in execute:
	 * the columns were on their way before the first row was locked.
	 * The library leaves the number in the connection. */
	if (got != MYSQL_NO_DATA)
		return db_fail(c, si->name,
		    mysql_errno(c->my) != 0 ? mysql_errno(c->my)
					    : mysql_stmt_errno(p->st),
		    mysql_sqlstate(c->my), mysql_error(c->my));
	if (rc != RC_OK)
		log_event(LOG_ERROR, "db_row_type", LF_STR("stmt", si->name));
	if (extra != 0)
		log_event(LOG_WARN, "db_rows_extra", LF_STR("stmt", si->name),
		    LF_U64("n", extra));
	call->rows->row = rows.v;
	call->rows->n = rows.n;
	return rc;
}

/* ---- running */

static enum rc
run_once(struct ctx *cx, struct db_conn *c, const struct db_call *call)
{
	const struct stmt_info *si = call->si;
	size_t slot = si->slot + (si->n_group != 0 ? call->shape : 0);
	struct db *db = cx->db;
	struct db_prep *p = c->prep[slot];
	enum rc rc;

	if (p == NULL && (rc = prep_new(db, c, call, &p)) != RC_OK)
		return rc;
	p->used = ++c->tick;
	if (p->in != NULL)
		params_set(p, call);
	else
		params_bind(db, p, call);
	if (mysql_stmt_execute(p->st) != 0) {
		unsigned no = mysql_stmt_errno(p->st);

		rc = db_fail(c, si->name, no, mysql_stmt_sqlstate(p->st),
		    mysql_stmt_error(p->st));
		if (db_err_of(no) == DE_REPREPARE)
			prep_free(c, slot);
		return rc;
	}
	if (si->n_cols != 0)
		return fetch_all(cx, c, p, call);
	if (call->want == WANT_ID)
		*call->count = mysql_stmt_insert_id(p->st);
	else
		*call->count = mysql_stmt_affected_rows(p->st);
	return RC_OK;
}

enum rc
stmt_run(struct ctx *cx, struct db_conn *c, const struct db_call *call)
{
	int64_t start = time_mono_us(), took;
	enum rc rc = run_once(cx, c, call);

	c->heard_us = time_mono_us();
	took = c->heard_us - start;
	metric_observe(METRIC_sql_seconds, NULL, (uint64_t)took);
	if (took > SLOW_MS * US_PER_MS)
		log_event(LOG_WARN, "db_slow", LF_STR("server", c->label),
		    LF_STR("stmt", call->si->name),
		    LF_INT("ms", took / US_PER_MS));
	return rc;
}
