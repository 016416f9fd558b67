/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statement table, read once, and values: what the callers of db.h hold
 * in their hands.  A value that does not fit its statement's header is a bug
 * of ours and never reaches a server.
 */
#include "io/db_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"

const unsigned db_shape_size[DB_SHAPES] = {
    1, 2, 3, 4, 5, 6, 7, 8, 16, 32, 64, 128, 256, 512, DB_GROUP_MAX};

/* Read-only after db_statements(): one table a program. */
static struct stmt_info *info_table;
static size_t n_info, n_slots;

void *
db_alloc(size_t n)
{
	void *p = calloc(1, n);

	if (p == NULL)
		no_memory(n);
	return p;
}

/* ---- the table */

static void
info_fill(struct stmt_info *si, const struct db_stmt *s)
{
	const char *open = strstr(s->sql, "{{");
	const char *shut = strstr(s->sql, "}}");
	const char *bar = strchr(s->params, '|');

	si->s = s;
	si->name = s->name;
	si->sql_len = strlen(s->sql);
	si->n_cols = strlen(s->columns);
	si->n_fixed =
	    bar != NULL ? (size_t)(bar - s->params) : strlen(s->params);
	si->writes = s->columns[0] == '\0';
	BUG_ON((open == NULL) != (bar == NULL));
	if (open != NULL) {
		BUG_ON(shut == NULL);
		si->n_group = strlen(bar + 1);
		si->head = (size_t)(open - s->sql);
		si->group = si->head + 2;
		si->group_len = (size_t)(shut - open) - 2;
		si->tail = (size_t)(shut - s->sql) + 2;
		/* "UPDATE t JOIN ({{SELECT ? AS a, ? AS b}}) v": rows of
		 * values, which both servers have under this form only */
		si->between =
		    strncmp(open + 2, "SELECT ", 7) == 0 ? " UNION ALL " : ",";
		si->cut = strncmp(s->sql, "INSERT", 6) == 0 ||
			  strncmp(s->sql, "REPLACE", 7) == 0;
	}
	si->slot = n_slots;
	n_slots += open != NULL ? DB_SHAPES : 1;
}

void
db_statements(const struct db_stmt *table, size_t n)
{
	size_t i;

	if (n_info == n && n != 0 && info_table[0].s == table)
		return;
	free(info_table);
	info_table = db_alloc(n * sizeof(*info_table) + 1);
	n_info = n;
	n_slots = 0;
	for (i = 0; i < n; i++)
		info_fill(&info_table[i], &table[i]);
}

const struct stmt_info *
db_info(stmt_id id)
{
	BUG_ON(id < 0 || (size_t)id >= n_info);
	return &info_table[id];
}

const struct stmt_info *
db_info_named(const char *name)
{
	size_t i;

	for (i = 0; i < n_info; i++)
		if (strcmp(info_table[i].name, name) == 0)
			return &info_table[i];
	return NULL;
}

size_t
db_slots(void)
{
	return n_slots;
}

/* ---- values */

struct dv
dv_of_str(const char *s)
{
	struct dv v = DV_NULL;

	if (s != NULL) {
		v.type = DV_STR_T;
		v.as.s = span_str(s);
	}
	return v;
}

static const struct dv *
dv_at(struct db_row r, size_t col, enum dv_type type)
{
	BUG_ON(col >= r.n);
	BUG_ON(r.v[col].type != type && r.v[col].type != DV_NULL_T);
	return &r.v[col];
}

uint64_t
dv_u64(struct db_row r, size_t col)
{
	const struct dv *v = dv_at(r, col, DV_U64_T);

	return v->type == DV_NULL_T ? 0 : v->as.u;
}

int64_t
dv_i64(struct db_row r, size_t col)
{
	const struct dv *v = dv_at(r, col, DV_I64_T);

	return v->type == DV_NULL_T ? 0 : v->as.i;
}

const char *
dv_str(struct db_row r, size_t col)
{
	const struct dv *v = dv_at(r, col, DV_STR_T);

	return v->type == DV_NULL_T ? "" : v->as.s.p;
}

struct span
dv_blob(struct db_row r, size_t col)
{
	const struct dv *v = dv_at(r, col, DV_BLOB_T);

	return v->type == DV_NULL_T ? SPAN_LIT("") : v->as.s;
}

bool
dv_null(struct db_row r, size_t col)
{
	BUG_ON(col >= r.n);
	return r.v[col].type == DV_NULL_T;
}

void
db_values_check(
    const char *letters, size_t n_letters, const struct dv *v, size_t n)
{
	enum dv_type want = DV_NULL_T;
	size_t i;
	char c;

	for (i = 0; i < n; i++) {
		c = letters[i % n_letters];
		if (v[i].type == DV_NULL_T) {
			BUG_ON(c >= 'a'); /* lower case: never NULL */
			continue;
		}
		switch (c | 0x20) {
		case 'u':
			want = DV_U64_T;
			break;
		case 'i':
			want = DV_I64_T;
			break;
		case 's':
			want = DV_STR_T;
			break;
		default:
			want = DV_BLOB_T;
			break;
		}
		BUG_ON(v[i].type != want);
	}
}
