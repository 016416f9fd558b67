/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statements of a connection, prepared when first used and kept; the one
 * that was not used for longest goes when there are too many.
 *
 * A statement with a {{group}} is prepared in a few sizes, see db.c.
 *
 * One whose parameters are all integers is bound here, once: the library then
 * neither copies its bindings nor sends their types with each execution, which
 * for a list of ids is most of the work.
 */
#include "io/db_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"

/* ---- the cache */

static void
prep_end(struct db_prep *p)
{
	mysql_stmt_close(p->st);
	free(p->in);
	free(p);
}

void
prep_free(struct db_conn *c, size_t slot)
{
	struct db_prep *p = c->prep[slot];

	if (p == NULL)
		return;
	c->prep[slot] = NULL;
	c->n_prep--;
	prep_end(p);
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

size_t
times_of(const struct db_call *call)
{
	return call->si->n_group != 0 ? db_shape_size[call->shape] : 0;
}

static enum dv_type
type_of(char letter)
{
	switch (letter) {
	case 'u':
	case 'U':
		return DV_U64_T;
	case 'i':
	case 'I':
		return DV_I64_T;
	case 's':
	case 'S':
		return DV_STR_T;
	default:
		return DV_BLOB_T;
	}
}

static void
in_bind(MYSQL_BIND *b, struct db_in *in, char letter)
{
	b->buffer_type = MYSQL_TYPE_LONGLONG;
	b->buffer = &in->v;
	b->buffer_length = sizeof(in->v);
	b->is_null = &in->null;
	b->is_unsigned = type_of(letter) == DV_U64_T;
}

/* Tells the library where the parameters will be, if all are integers. */
static unsigned
integers_bind(struct db_prep *p, const struct db_call *call)
{
	const struct stmt_info *si = call->si;
	const char *letter = si->s->params;
	size_t n = si->n_fixed + times_of(call) * si->n_group, i;
	const char *group = letter + si->n_fixed + 1; /* behind the '|' */
	MYSQL_BIND *bind;
	unsigned no = 0;

	if (n == 0 || letter[strspn(letter, "uUiI|")] != '\0')
		return 0;
	p->in = db_alloc(n * sizeof(*p->in));
	bind = db_alloc(n * sizeof(*bind));
	for (i = 0; i < n; i++)
		in_bind(&bind[i], &p->in[i],
		    i < si->n_fixed ? letter[i]
				    : group[(i - si->n_fixed) % si->n_group]);
	if (mysql_stmt_bind_param(p->st, bind) != 0)
		no = mysql_stmt_errno(p->st);
	free(bind); /* the library has a copy */
	return no;
}

static void
out_bind(MYSQL_BIND *b, struct db_out *o, char letter)
{
	o->type = type_of(letter);
	o->may_null = letter < 'a';
	b->length = &o->len;
	b->is_null = &o->null;
	b->error = &o->error;
	if (o->type == DV_U64_T || o->type == DV_I64_T) {
		b->is_unsigned = o->type == DV_U64_T;
		b->buffer_type = MYSQL_TYPE_LONGLONG;
		b->buffer = &o->v;
		b->buffer_length = sizeof(o->v);
	} else { /* a long one: the length first, then the rest */
		b->buffer_type = MYSQL_TYPE_BLOB;
		b->buffer = o->text;
		b->buffer_length = sizeof(o->text);
	}
}

/* Tells the library where a row's values go; done once. */
static unsigned
columns_bind(struct db_prep *p, const struct stmt_info *si)
{
	MYSQL_BIND bind[64];
	size_t i;

	BUG_ON(si->n_cols > sizeof(bind) / sizeof(bind[0]));
	memset(bind, 0, sizeof(bind));
	for (i = 0; i < si->n_cols; i++)
		out_bind(&bind[i], &p->out[i], si->s->columns[i]);
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
	prep_end(p);
	return rc;
}

enum rc
prep_new(struct db *db, struct db_conn *c, const struct db_call *call,
    struct db_prep **out)
{
	const struct stmt_info *si = call->si;
	size_t n = times_of(call);
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
	if (integers_bind(p, call) != 0 ||
	    (si->n_cols != 0 && columns_bind(p, si) != 0))
		return prep_fail(c, p, si);
	c->prep[slot] = p;
	c->n_prep++;
	*out = p;
	return RC_OK;
}
