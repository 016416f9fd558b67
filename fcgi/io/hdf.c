/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HDF files as data: seed, channel files, manifest, language catalogues.
 *
 * Our own reader of the plain part of the syntax, because hdf_read_file()
 * recurses without limit, cuts long lines of a << text into pieces and may
 * see the end mark inside one, follows #include to any path, and lets a name
 * given twice pass.  Links, copies and attributes are refused, not skipped.
 * For plain files it reads what hdf_read_file() reads; a test compares.
 */
#include "io/tmpl.h"

#include "base/map.h"
#include "base/utf8.h"
#include "io/file.h"

#include <string.h>

enum {
	DEPTH_MAX = 16,
	TEXT_MAX = 8 * 1024 * 1024,
	NODES_MAX = 200 * 1000,
	LINEAR_MAX = 16 /* children looked through one by one */
};

struct hdf_doc {
	const char *name, *value;
	struct hdf_doc *child, *last, *next;
	struct map *index; /* once there are more than LINEAR_MAX */
	size_t n;
	unsigned depth;
};

struct reader {
	struct arena *a;
	struct span rest;
	struct hdf_doc *open[DEPTH_MAX + 1];
	unsigned depth, line;
	size_t nodes;
	const char *why;
};

/* ---- the tree */

static struct hdf_doc *
child_find(struct hdf_doc *d, struct span name)
{
	struct hdf_doc *c;

	if (d->index != NULL)
		return map_get(d->index, name.p, name.n);
	for (c = d->child; c != NULL; c = c->next)
		if (span_is(name, c->name))
			return c;
	return NULL;
}

static void
index_children(struct arena *a, struct hdf_doc *d)
{
	struct hdf_doc *c;

	d->index = map_new(a);
	for (c = d->child; c != NULL; c = c->next)
		(void)map_put(d->index, c->name, strlen(c->name), c);
}

static struct hdf_doc *
child_add(struct reader *r, struct hdf_doc *d, struct span name)
{
	struct hdf_doc *c = ARENA_NEW(r->a, struct hdf_doc);

	c->name = arena_dup(r->a, name.p, name.n);
	c->depth = d->depth + 1;
	if (d->child == NULL)
		d->child = c;
	else
		d->last->next = c;
	d->last = c;
	if (d->index != NULL)
		(void)map_put(d->index, c->name, name.n, c);
	else if (++d->n > LINEAR_MAX)
		index_children(r->a, d);
	if (c->depth > DEPTH_MAX)
		r->why = "nested too deep";
	if (++r->nodes > NODES_MAX)
		r->why = "too many names";
	return c;
}

/* "a.b.c" below d, made where it is not there yet. */
static struct hdf_doc *
node_get(struct reader *r, struct hdf_doc *d, struct span path)
{
	struct hdf_doc *c;
	struct span name;

	while (r->why == NULL && span_cut(&path, '.', &name)) {
		if (name.n == 0) {
			r->why = "an empty part in a name";
			break;
		}
		c = child_find(d, name);
		d = c != NULL ? c : child_add(r, d, name);
	}
	return d;
}

/* ---- lines */

static bool
next_line(struct reader *r, struct span *line)
{
	if (r->rest.n == 0 || !span_cut(&r->rest, '\n', line))
		return false;
	r->line++;
	if (line->n != 0 && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

static struct span
cut_name(struct span *s)
{
	struct span name = {s->p, 0};

	while (name.n < s->n && (chr_alnum(s->p[name.n]) ||
				    s->p[name.n] == '_' || s->p[name.n] == '.'))
		name.n++;
	s->p += name.n;
	s->n -= name.n;
	*s = span_trim(*s);
	return name;
}

/* Lines up to the end mark, each with its line feed. */
static void
read_long(struct reader *r, struct hdf_doc *d, struct span mark)
{
	const char *start = r->rest.p;
	struct span line;
	const char *end;

	if (mark.n == 0) {
		r->why = "<< wants an end mark";
		return;
	}
	for (;;) {
		end = r->rest.p;
		if (!next_line(r, &line)) {
			r->why = "the text does not end";
			return;
		}
		if (span_eq(span_trim(line), mark) && line.p[0] == mark.p[0])
			break;
	}
	d->value = arena_dup(r->a, start, (size_t)(end - start));
}

static void
read_value(struct reader *r, struct hdf_doc *d, struct span rest)
{
	if (d->value != NULL) {
		r->why = "this name has a value already";
	} else if (rest.p[0] == '=') {
		rest.p++;
		rest.n--;
		rest = span_trim(rest);
		d->value = arena_dup(r->a, rest.p, rest.n);
	} else {
		rest.p += 2;
		rest.n -= 2;
		read_long(r, d, span_trim(rest));
	}
}

static void
read_open(struct reader *r, struct hdf_doc *d, struct span rest)
{
	if (rest.n != 1)
		r->why = "something behind {";
	else if (r->depth == DEPTH_MAX)
		r->why = "nested too deep";
	else
		r->open[++r->depth] = d;
}

static void
read_close(struct reader *r, struct span line)
{
	if (line.n != 1)
		r->why = "something behind }";
	else if (r->depth == 0)
		r->why = "} without {";
	else
		r->depth--;
}

static void
read_line(struct reader *r, struct span line)
{
	struct span name;
	struct hdf_doc *d;

	line = span_trim(line);
	if (line.n > 8 && memcmp(line.p, "#include ", 9) == 0)
		r->why = "#include is not used here";
	if (line.n == 0 || line.p[0] == '#' || r->why != NULL)
		return;
	if (line.p[0] == '}') {
		read_close(r, line);
		return;
	}
	name = cut_name(&line);
	if (name.n == 0 || line.n == 0 ||
	    (line.p[0] != '=' && line.p[0] != '{' &&
		(line.n < 2 || memcmp(line.p, "<<", 2) != 0))) {
		r->why = "wants name = value, name {, name << END or }";
		return;
	}
	d = node_get(r, r->open[r->depth], name);
	if (r->why != NULL)
		return;
	if (line.p[0] == '{')
		read_open(r, d, line);
	else
		read_value(r, d, line);
}

enum rc
hdf_doc_parse(struct arena *a, const char *name, struct span text,
    struct hdf_doc **out, const char **why)
{
	struct hdf_doc *root = ARENA_NEW(a, struct hdf_doc);
	struct reader r = {.a = a, .rest = text, .open = {root}};
	struct span line;

	if (text.n > TEXT_MAX)
		r.why = "too long";
	else if (span_has_nul(text) || !utf8_valid(text))
		r.why = "not a UTF-8 text";
	root->name = "";
	while (r.why == NULL && next_line(&r, &line))
		read_line(&r, line);
	if (r.why == NULL && r.depth != 0)
		r.why = "a { is not closed";
	if (r.why != NULL) {
		*why = arena_fmt(a, "%s:%u: %s", name, r.line, r.why);
		return RC_INVALID;
	}
	*out = root;
	return RC_OK;
}

enum rc
hdf_doc_read(
    struct arena *a, const char *file, struct hdf_doc **out, const char **why)
{
	struct span text;

	if (file_text(a, file, TEXT_MAX, &text, why) != RC_OK)
		return RC_INVALID;
	return hdf_doc_parse(a, file, text, out, why);
}

/* ---- readers */

struct hdf_doc *
hdf_doc_child(struct hdf_doc *d, const char *name)
{
	struct span path = span_str(name), part;

	while (d != NULL && span_cut(&path, '.', &part))
		d = child_find(d, part);
	return d;
}

const char *
hdf_doc_get(struct hdf_doc *d, const char *name)
{
	d = hdf_doc_child(d, name);
	return d == NULL ? NULL : d->value;
}

struct hdf_doc *
hdf_doc_first(struct hdf_doc *d)
{
	return d == NULL ? NULL : d->child;
}

struct hdf_doc *
hdf_doc_next(struct hdf_doc *d)
{
	return d == NULL ? NULL : d->next;
}

const char *
hdf_doc_name(struct hdf_doc *d)
{
	return d->name;
}

const char *
hdf_doc_value(struct hdf_doc *d)
{
	return d->value;
}
