/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses of static files (static_url.h).  Read once before fork; pages
 * only copy from the table.
 */
#include "web/static_url.h"

#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"
#include "io/tmpl.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LINE = 512, FILES = 4096 };

#define STATIC_BASE "/static"

struct file {
	const char *file;    /* "css/base.css" */
	const char *name;    /* "base_css" */
	const char *address; /* "/static/css/base.1f0c2a9b.css" */
	bool shown;          /* in Static.*: not for pictures of goods, which
			      * lie deeper and may be many */
};

struct static_map {
	VEC(struct file) files;
};

static void
add(struct arena *a, struct static_map *m, const char *file, const char *real)
{
	const char *base = strrchr(file, '/');
	struct file *f = VEC_ADD(&m->files, a);
	char *name = arena_str(a, base == NULL ? file : base + 1), *c;

	for (c = name; *c != '\0'; c++)
		if (!chr_alnum(*c))
			*c = '_';
	f->file = arena_str(a, file);
	f->name = name;
	f->address = arena_fmt(a, STATIC_BASE "/%s", real);
	f->shown = base != NULL && strchr(file, '/') == base;
}

static bool
plain_path(const char *s)
{
	return str_is_token(s, "/._-", LINE) && *s != '/' &&
	       strstr(s, "..") == NULL;
}

static enum rc
read_manifest(struct arena *a, FILE *f, const char *path, struct static_map *m,
    const char **why)
{
	char line[LINE], *blank;
	unsigned n = 0;

	while (fgets(line, sizeof(line), f) != NULL) {
		n++;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#')
			continue;
		blank = strchr(line, ' ');
		if (blank != NULL)
			*blank = '\0';
		if (blank == NULL || !plain_path(line) ||
		    !plain_path(blank + 1) || m->files.n == FILES) {
			*why =
			    arena_fmt(a, "%s:%u: not \"file file\"", path, n);
			return RC_INVALID;
		}
		add(a, m, line, blank + 1);
	}
	return RC_OK;
}

/* A source tree: the files as they lie there. */
static void
read_folder(
    struct arena *a, struct static_map *m, const char *dir, const char *sub)
{
	DIR *d = opendir(arena_fmt(a, "%s/%s", dir, sub));
	struct dirent *e;

	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL && m->files.n < FILES) {
		const char *file = arena_fmt(a, "%s/%s", sub, e->d_name);

		if (e->d_name[0] != '.' && plain_path(file))
			add(a, m, file, file);
	}
	closedir(d);
}

enum rc
static_load(struct arena *keep, const char *dir, struct static_map **out,
    const char **why)
{
	struct static_map *m = ARENA_NEW(keep, struct static_map);
	const char *path = arena_fmt(keep, "%s/manifest.txt", dir);
	FILE *f = fopen(path, "r");
	enum rc rc = RC_OK;

	if (f != NULL) {
		rc = read_manifest(keep, f, path, m, why);
		fclose(f);
	} else if (errno != ENOENT) {
		*why = arena_fmt(keep, "%s: %s", path, strerror(errno));
		return RC_INVALID;
	} else {
		read_folder(keep, m, dir, "css");
		read_folder(keep, m, dir, "js");
		read_folder(keep, m, dir, "img");
	}
	if (rc == RC_OK)
		*out = m;
	return rc;
}

void
static_show(const struct static_map *m, struct tnode *data)
{
	struct tnode *n = tnode_child(data, "Static");
	size_t i;

	tnode_set(n, "Base", STATIC_BASE);
	for (i = 0; i < m->files.n; i++)
		if (m->files.v[i].shown)
			tnode_set(n, m->files.v[i].name, m->files.v[i].address);
}

const char *
static_url(struct arena *a, const struct static_map *m, const char *file)
{
	size_t i;

	for (i = 0; i < m->files.n; i++)
		if (str_eq(m->files.v[i].file, file))
			return m->files.v[i].address;
	return arena_fmt(a, STATIC_BASE "/%s", file);
}
