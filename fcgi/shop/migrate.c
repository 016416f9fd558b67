/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides which statements of which file are to be run; the rows and the
 * server are store/schema.c's.
 *
 * The tricky part is an interruption between a statement and its record: the
 * next run meets "exists already" at exactly that statement, and only there
 * takes it for done.
 */
#include "shop/migrate.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "base/vec.h"
#include "io/crypt.h"
#include "store/schema.h"
#include "store/sqltext.h"

enum { FILE_MAX = 4 * 1024 * 1024, DIGITS = 4 };

struct file {
	unsigned version;
	const char *name;
	struct span text;
	const struct sql_piece *piece;
	size_t n_pieces;
	const struct schema_rec *rec; /* NULL: not begun */
};

struct files {
	struct file *v;
	size_t n;
};

/* ---- the folder */

static enum rc
refuse(struct ctx *cx, struct migrate_result *out, enum rc rc, const char *file,
    const char *what)
{
	out->why = arena_fmt(cx->arena, "%s: %s", file, what);
	return rc;
}

static bool
read_file(struct ctx *cx, const char *path, struct span *out)
{
	FILE *f = fopen(path, "re");
	bool ok = false;
	long size;
	char *p;

	if (f == NULL)
		return false;
	if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) > 0 &&
	    size <= FILE_MAX && fseek(f, 0, SEEK_SET) == 0) {
		p = arena_alloc(cx->arena, (size_t)size);
		ok = fread(p, 1, (size_t)size, f) == (size_t)size;
		out->p = p;
		out->n = (size_t)size;
	}
	fclose(f);
	return ok;
}

static int
by_name(const void *a, const void *b)
{
	const struct file *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static enum rc
folder_list(struct ctx *cx, struct files *out, struct migrate_result *res)
{
	VEC(struct file) v = {0};
	const char *dir = cx->set->schema_dir;
	DIR *d = opendir(dir);
	struct dirent *e;

	if (d == NULL)
		return refuse(cx, res, RC_INVALID, dir, "cannot be read");
	while ((e = readdir(d)) != NULL)
		if (str_ends(e->d_name, ".sql"))
			VEC_ADD(&v, cx->arena)->name =
			    arena_str(cx->arena, e->d_name);
	closedir(d);
	out->v = v.v;
	out->n = v.n;
	if (v.n == 0)
		return refuse(cx, res, RC_INVALID, dir, "holds no schema");
	qsort(out->v, out->n, sizeof(out->v[0]), by_name);
	return RC_OK;
}

/* Reads and splits all of them, so that nothing is begun before every file
 * is known to be sound. */
static enum rc
files_load(struct ctx *cx, struct files *out, struct migrate_result *res)
{
	struct file *f;
	const char *why;
	uint64_t number;
	enum rc rc;
	size_t i;

	if ((rc = folder_list(cx, out, res)) != RC_OK)
		return rc;
	for (i = 0; i < out->n; i++) {
		f = &out->v[i];
		if (num_u64((struct span){f->name, DIGITS}, 9999, &number) !=
			RC_OK ||
		    f->name[DIGITS] != '_' || number != i)
			return refuse(cx, res, RC_INVALID, f->name,
			    "not the next number: NNNN_name.sql from 0000");
		f->version = (unsigned)number;
		if (!read_file(cx,
			arena_fmt(
			    cx->arena, "%s/%s", cx->set->schema_dir, f->name),
			&f->text))
			return refuse(cx, res, RC_INVALID, f->name,
			    "cannot be read, is empty or too long");
		if (sql_split(cx->arena, f->text, &f->piece, &f->n_pieces,
			&why) != RC_OK)
			return refuse(cx, res, RC_INVALID, f->name, why);
		if (f->n_pieces == 0)
			return refuse(
			    cx, res, RC_INVALID, f->name, "holds no statement");
	}
	res->newest = out->v[out->n - 1].version;
	return RC_OK;
}

/* ---- what has been applied */

/* Of the file up to its statement number done; of all of it when done is
 * the last. */
static struct span
hash_of(struct ctx *cx, const struct file *f, size_t done)
{
	struct span part = f->text;
	uint8_t *hash = arena_alloc(cx->arena, CRYPT_HASH);

	if (done < f->n_pieces)
		part.n = done == 0 ? 0 : f->piece[done - 1].end;
	crypt_sha256(part, hash);
	return (struct span){(const char *)hash, CRYPT_HASH};
}

static enum rc
compare(struct ctx *cx, struct files *files, const struct schema_rec *rec,
    size_t n, struct migrate_result *out)
{
	struct file *f;
	size_t i, done;

	for (i = 0; i < n; i++) {
		if (rec[i].version == 0 || rec[i].version >= files->n)
			return refuse(cx, out, RC_CONFLICT, rec[i].file,
			    "the database is newer than these files");
		f = &files->v[rec[i].version];
		f->rec = &rec[i];
		done = rec[i].applied != 0 ? f->n_pieces : rec[i].statements;
		if (done > f->n_pieces ||
		    !span_eq(rec[i].hash, hash_of(cx, f, done)))
			return refuse(cx, out, RC_CONFLICT, f->name,
			    "changed after it was applied; changes go into "
			    "a new file");
		if (rec[i].applied != 0)
			out->to = out->from = f->version;
	}
	return RC_OK;
}

/* ---- applying */

static enum rc
file_failed(struct ctx *cx, struct migrate_result *out, const struct file *f,
    const struct sql_piece *p, const char *why)
{
	return refuse(cx, out, RC_FAIL, f->name,
	    arena_fmt(cx->arena, "line %u: %s", p->line, why));
}

static enum rc
file_apply(struct ctx *cx, const struct file *f, struct migrate_result *out)
{
	size_t first = f->rec != NULL ? f->rec->statements : 0, i;
	const char *why = "the record could not be written: see the log";
	enum rc rc = RC_OK;

	if (f->rec == NULL)
		rc = schema_begin(cx, f->version, f->name, hash_of(cx, f, 0));
	if (rc != RC_OK)
		return refuse(cx, out, rc, f->name, why);
	for (i = first; i < f->n_pieces; i++) {
		rc = schema_run(cx, f->piece[i].sql, &why);
		if (rc == RC_CONFLICT && f->rec != NULL && i == first)
			rc = RC_OK; /* done, and died before it was noted */
		if (rc != RC_OK)
			return file_failed(cx, out, f, &f->piece[i], why);
		rc = schema_step(cx, f->version, (unsigned)i + 1,
		    hash_of(cx, f, i + 1), i + 1 == f->n_pieces ? cx->now : 0);
		if (rc != RC_OK)
			return refuse(cx, out, rc, f->name, why);
		out->statements++;
	}
	out->to = f->version;
	return RC_OK;
}

static enum rc
apply_all(struct ctx *cx, struct files *files, struct migrate_result *out)
{
	const struct file *ground = &files->v[0];
	const struct schema_rec *rec;
	const char *why = "the records cannot be read: see the log";
	size_t n, i;
	enum rc rc;

	for (i = 0; i < ground->n_pieces; i++)
		if (schema_run(cx, ground->piece[i].sql, &why) != RC_OK)
			return file_failed(
			    cx, out, ground, &ground->piece[i], why);
	if ((rc = schema_files(cx, &rec, &n)) != RC_OK)
		return refuse(cx, out, rc, ground->name, why);
	if ((rc = compare(cx, files, rec, n, out)) != RC_OK)
		return rc;
	for (i = 1; i < files->n; i++) {
		if (files->v[i].rec != NULL && files->v[i].rec->applied != 0)
			continue;
		if ((rc = file_apply(cx, &files->v[i], out)) != RC_OK)
			return rc;
	}
	return RC_OK;
}

enum rc
migrate_run(struct ctx *cx, struct migrate_result *out)
{
	struct files files;
	enum rc rc;

	memset(out, 0, sizeof(*out));
	if ((rc = files_load(cx, &files, out)) != RC_OK ||
	    (rc = schema_open(cx, &out->why)) != RC_OK)
		return rc;
	out->why = NULL;
	rc = apply_all(cx, &files, out);
	schema_close(cx);
	return rc;
}

enum rc
migrate_check(struct ctx *cx, struct migrate_result *out)
{
	const struct schema_rec *rec;
	struct files files;
	size_t n = 0;
	enum rc rc;

	memset(out, 0, sizeof(*out));
	if ((rc = files_load(cx, &files, out)) != RC_OK)
		return rc;
	rc = schema_files(cx, &rec, &n);
	if (rc == RC_NOTFOUND)
		return refuse(
		    cx, out, rc, cx->set->db_name, "no schema: migrate");
	if (rc != RC_OK)
		return refuse(cx, out, rc, cx->set->db_name,
		    "cannot be read: see the log");
	if ((rc = compare(cx, &files, rec, n, out)) != RC_OK)
		return rc;
	if (out->to != out->newest)
		return refuse(cx, out, RC_NOTFOUND, files.v[out->to + 1].name,
		    "not applied: migrate");
	return RC_OK;
}
