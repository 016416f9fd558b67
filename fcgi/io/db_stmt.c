/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One prepared statement on one connection: prepared when first used, bound,
 * executed and read to its end.
 *
 * Values travel without a copy of ours: parameters are bound where the caller
 * has them, integers arrive in the statement's own slots, texts go from the
 * network buffer straight into the request arena.  Results are not stored in
 * the library first, so they are always read to the end here (fetch_all), or
 * the connection is closed.
 *
 * A statement with a {{group}} is prepared in a few sizes, see db.c.
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

enum { SHORT_TEXT = 160 };

struct out { /* one column of the current row */
	union {
		uint64_t u;
		int64_t i;
	} v;
	unsigned long len;
	db_bool null, error;
	char text[SHORT_TEXT]; /* of most texts the whole */
};

struct db_prep {
	MYSQL_STMT *st;
	uint64_t used; /* tick of the last use */
	struct out out[];
};

/* ---- the cache */

static void
prep_free(struct db_conn *c, size_t slot)
{
	struct db_prep *p = c->prep[slot];

	if (p == NULL)
		return;
	c->prep[slot] = NULL;
	c->n_prep--;
	mysql_stmt_close(p->st);
	free(p);
}

void
stmt_forget_all(struct db_conn *c)
{
	size_t i;

	if (c->prep == NULL)
		return;
	for (i = 0; i < db_slots(); i++)
		prep_free(c, i);
}

/* The server counts prepared statements over all connections. */
static void
prep_make_room(struct db_conn *c)
{
	size_t i, oldest = 0;

	if (c->n_prep < DB_PREPARED_MAX)
		return;
	for (i = 0; i < db_slots(); i++)
		if (c->prep[i] != NULL &&
		    (c->prep[oldest] == NULL ||
			c->prep[i]->used < c->prep[oldest]->used))
			oldest = i;
	prep_free(c, oldest);
}

/* ---- preparing */

/* The text with its group written out n times; in db->text. */
static size_t
text_build(struct db *db, const struct stmt_info *si, size_t n)
{
	const char *sql = si->s->sql;
	size_t gap = strlen(si->between);
	size_t need = si->sql_len + n * (si->group_len + gap) + 1;
	size_t i;
	char *p;

	if (need > db->text_cap) {
		free(db->text);
		db->text = db_alloc(need);
		db->text_cap = need;
	}
	p = db->text;
	memcpy(p, sql, si->head);
	p += si->head;
	for (i = 0; i < n; i++) {
		if (i > 0) {
			memcpy(p, si->between, gap);
			p += gap;
		}
		memcpy(p, sql + si->group, si->group_len);
		p += si->group_len;
	}
	memcpy(p, sql + si->tail, si->sql_len - si->tail);
	p += si->sql_len - si->tail;
	return (size_t)(p - db->text);
}

/* Tells the library where a row's values go; done once. */
static unsigned
columns_bind(struct db_prep *p, const struct stmt_info *si)
{
	MYSQL_BIND bind[64];
	const char *type = si->s->columns;
	struct out *o;
	size_t i;

	BUG_ON(si->n_cols > sizeof(bind) / sizeof(bind[0]));
	memset(bind, 0, sizeof(bind));
	for (i = 0; i < si->n_cols; i++) {
		o = &p->out[i];
		bind[i].length = &o->len;
		bind[i].is_null = &o->null;
		bind[i].error = &o->error;
		switch (type[i]) {
		case 'u':
		case 'U':
			bind[i].is_unsigned = 1;
			/* fallthrough */
		case 'i':
		case 'I':
			bind[i].buffer_type = MYSQL_TYPE_LONGLONG;
			bind[i].buffer = &o->v;
			bind[i].buffer_length = sizeof(o->v);
			break;
		default: /* a long one: the length first, then the rest */
			bind[i].buffer_type = MYSQL_TYPE_BLOB;
			bind[i].buffer = o->text;
			bind[i].buffer_length = sizeof(o->text);
			break;
		}
	}
	if (mysql_stmt_bind_result(p->st, bind) != 0)
		return mysql_stmt_errno(p->st);
	return 0;
}

static enum rc
prep_fail(struct db_conn *c, struct db_prep *p, const struct stmt_info *si)
{
	unsigned no = mysql_stmt_errno(p->st);
	enum rc rc;

	rc = db_fail(c, si->name, no, mysql_stmt_sqlstate(p->st),
	    mysql_stmt_error(p->st));
	mysql_stmt_close(p->st);
	free(p);
	return rc;
}

static enum rc
prep_new(struct db *db, struct db_conn *c, const struct db_call *call,
    struct db_prep **out)
{
	const struct stmt_info *si = call->si;
	size_t n = si->n_group != 0 ? db_shape_size[call->shape] : 0;
	size_t slot = si->slot + (si->n_group != 0 ? call->shape : 0);
	const char *sql = si->s->sql;
	size_t len = si->sql_len;
	struct db_prep *p;

	prep_make_room(c);
	if (n != 0) {
		len = text_build(db, si, n);
		sql = db->text;
	}
	p = db_alloc(sizeof(*p) + si->n_cols * sizeof(p->out[0]));
	p->st = mysql_stmt_init(c->my);
	if (p->st == NULL)
		no_memory(sizeof(*p));
	if (mysql_stmt_prepare(p->st, sql, len) != 0)
		return prep_fail(c, p, si);
	BUG_ON(mysql_stmt_field_count(p->st) != si->n_cols);
	BUG_ON(mysql_stmt_param_count(p->st) != si->n_fixed + n * si->n_group);
	if (si->n_cols != 0 && columns_bind(p, si) != 0)
		return prep_fail(c, p, si);
	c->prep[slot] = p;
	c->n_prep++;
	*out = p;
	return RC_OK;
}

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

static void
params_bind(struct db *db, struct db_prep *p, const struct db_call *call)
{
	const struct stmt_info *si = call->si;
	size_t times = si->n_group != 0 ? db_shape_size[call->shape] : 0;
	size_t n = si->n_fixed + times * si->n_group;
	const struct dv *v;
	size_t i, j, g = si->n_fixed;

	if (n == 0)
		return;
	if (n > db->n_bind) {
		free(db->bind);
		db->bind = db_alloc(n * sizeof(*db->bind));
		db->n_bind = n;
	} else
		memset(db->bind, 0, n * sizeof(*db->bind));
	for (i = 0; i < si->n_fixed; i++)
		bind_one(&db->bind[i], &call->fixed[i]);
	for (i = 0; i < times; i++) {
		/* what is too many repeats the last one */
		v = call->group +
		    (i < call->n_groups ? i : call->n_groups - 1) * si->n_group;
		for (j = 0; j < si->n_group; j++)
			bind_one(&db->bind[g++], &v[j]);
	}
	/* Copied by the library; the values are read by execute. */
	BUG_ON(mysql_stmt_bind_param(p->st, db->bind) != 0);
}

/* ---- results */

/* Copies the current row into the arena.  RC_FAIL: the row is not what the
 * statement's header says. */
static enum rc
row_copy(struct ctx *cx, struct db_prep *p, const struct stmt_info *si,
    struct db_row *row)
{
	struct dv *v = ARENA_ARRAY(cx->arena, si->n_cols, struct dv);
	const char *type = si->s->columns;
	struct out *o;
	MYSQL_BIND b;
	char *text;
	size_t i;

	for (i = 0; i < si->n_cols; i++) {
		o = &p->out[i];
		if (o->null) {
			/* v[i] is DV_NULL_T already */
			if (type[i] >= 'a')
				return RC_FAIL;
			continue;
		}
		switch (type[i]) {
		case 'u':
		case 'U':
			if (o->error)
				return RC_FAIL;
			v[i].type = DV_U64_T;
			v[i].as.u = o->v.u;
			continue;
		case 'i':
		case 'I':
			if (o->error)
				return RC_FAIL;
			v[i].type = DV_I64_T;
			v[i].as.i = o->v.i;
			continue;
		default:
			break;
		}
		text = arena_alloc(cx->arena, o->len + 1);
		v[i].type =
		    type[i] == 's' || type[i] == 'S' ? DV_STR_T : DV_BLOB_T;
		v[i].as.s.p = text;
		v[i].as.s.n = o->len;
		if (o->len <= sizeof(o->text)) {
			memcpy(text, o->text, o->len);
			continue;
		}
		memset(&b, 0, sizeof(b));
		b.buffer_type = MYSQL_TYPE_BLOB;
		b.buffer = text;
		b.buffer_length = o->len;
		if (mysql_stmt_fetch_column(p->st, &b, (unsigned)i, 0) != 0)
			return RC_FAIL;
	}
	row->v = v;
	row->n = si->n_cols;
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
			rc = row_copy(cx, p, si, VEC_ADD(&rows, cx->arena));
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

	took = time_mono_us() - start;
	metric_observe(METRIC_sql_seconds, NULL, (uint64_t)took);
	if (took > SLOW_MS * US_PER_MS)
		log_event(LOG_WARN, "db_slow", LF_STR("server", c->label),
		    LF_STR("stmt", call->si->name),
		    LF_INT("ms", took / US_PER_MS));
	return rc;
}
