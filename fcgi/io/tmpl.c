/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The set of templates and catalogues, and rendering.
 *
 * Each page is parsed once with everything it includes; rendering points the
 * parse tree at the data of the moment.  ClearSilver looks a name up in the
 * tree it calls `hdf`, then in `global_hdf`: here the first is a scratch tree
 * that takes what `set:` writes and dies with the rendering, and the second
 * is the page's data with the language's catalogue hung in as `Lang`.
 *
 * Config.VarEscapeMode is read once, by cs_init(), and a misspelt one is no
 * error; so a probe is rendered and compared before a set is given out.
 */
#include "io/neo.h"

#include "base/bug.h"
#include "base/log.h"
#include "base/map.h"
#include "base/vec.h"
#include "io/tmpl_scan.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { WHY_MAX = 512, NAME = 40, CODE = 16 };
/* ClearSilver's paths end at 255 bytes, silently. */
enum { DIR_MAX = 255 - 1 - 2 * NAME - 1 };

struct page {
	const char *name;
	CSPARSE *cs;
	size_t length; /* of its last rendering */
};

struct lang {
	const char *code;
	HDF *root, *node; /* node is root's child "Lang" */
};

struct tmpl {
	struct arena *a;
	VEC(struct page) pages;
	VEC(struct lang) langs;
	struct map *page_by_name; /* to index + 1 */
	const HDF *shared;        /* tmpl_share(), or NULL */
};

/* What went wrong with the last set; it outlives the set itself. */
static char why_text[WHY_MAX];

/* ---- errors */

bool
neo_ok(NEOERR *err, char *text, size_t room)
{
	STRING s;
	size_t i;

	if (err == STATUS_OK)
		return true;
	if (nerr_match(err, NERR_NOMEM))
		no_memory(0);
	string_init(&s);
	nerr_error_string(err, &s);
	(void)snprintf(text, room, "%s", s.buf == NULL ? "?" : s.buf);
	for (i = 0; text[i] != '\0'; i++)
		if (text[i] == '\n')
			text[i] = ' ';
	string_clear(&s);
	nerr_ignore(&err);
	return false;
}

/* For calls that fail for want of memory only. */
static void
neo_must(NEOERR *err)
{
	char text[WHY_MAX];

	if (!neo_ok(err, text, sizeof(text)))
		BUG("ClearSilver refused what it cannot refuse");
}

/* ---- the functions of templates */

/* Registered without the "esc" mark, so its output goes through the HTML
 * escaping like all else: that changes none of the characters it writes, and
 * `url_escape(a) + b` cannot carry b past the escaping, which the marked kind
 * does. */
static NEOERR *
url_escape(const char *in, char **out)
{
	static const char hex[] = "0123456789ABCDEF";
	const unsigned char *s = (const unsigned char *)in;
	char *p;

	p = *out = malloc(3 * strlen(in) + 1);
	if (p == NULL)
		no_memory(3 * strlen(in));
	for (; *s != '\0'; s++) {
		if (chr_alnum((char)*s) || strchr("-_.~", *s) != NULL) {
			*p++ = (char)*s;
			continue;
		}
		*p++ = '%';
		*p++ = hex[*s >> 4];
		*p++ = hex[*s & 15];
	}
	*p = '\0';
	return STATUS_OK;
}

static CSPARSE *
parse_new(HDF *config)
{
	char name[] = "url_escape";
	CSPARSE *cs;

	neo_must(cs_init(&cs, config));
	neo_must(cs_register_strfunc(cs, name, url_escape));
	return cs;
}

/* ---- rendering */

static NEOERR *
to_buf(void *arg, char *s)
{
	buf_add(arg, s, strlen(s));
	return STATUS_OK;
}

static bool
render(CSPARSE *cs, struct tnode *data, const struct lang *lang,
    const HDF *shared, struct buf *out, char *why, size_t room)
{
	HDF *root = tnode_hdf(data), *scratch, *first = root->child;
	HDF catalogue, same;
	bool ok;

	neo_must(hdf_init(&scratch));
	/* Copies of the heads; what hangs below them is for all. */
	if (shared != NULL) {
		same = *shared;
		same.next = root->child;
		root->child = &same;
	}
	if (lang != NULL) {
		catalogue = *lang->node;
		catalogue.next = root->child;
		root->child = &catalogue;
	}
	cs->hdf = scratch;
	cs->global_hdf = root;
	/* A rendering that failed half-way leaves these behind. */
	cs->locals = NULL;
	cs->escaping.current = NEOS_ESCAPE_NONE;
	ok = neo_ok(cs_render(cs, out, to_buf), why, room);
	cs->hdf = cs->global_hdf = NULL;
	root->child = first;
	hdf_destroy(&scratch);
	tnode_sweep(data);
	return ok;
}

static const struct lang *
lang_find(const struct tmpl *t, const char *code)
{
	size_t i;

	for (i = 0; i < t->langs.n; i++)
		if (str_eq(t->langs.v[i].code, code))
			return &t->langs.v[i];
	return t->langs.n == 0 ? NULL : &t->langs.v[0];
}

void
tmpl_share(struct tmpl *t, struct tnode *tree)
{
	t->shared = tnode_hdf(tree)->child;
}

enum rc
tmpl_render(struct tmpl *t, const char *name, const char *lang,
    struct tnode *data, struct buf *out)
{
	struct page *p = map_get(t->page_by_name, name, strlen(name));
	size_t before = out->len;
	char why[WHY_MAX];

	if (p == NULL) {
		log_event(
		    LOG_ERROR, "template_missing", LF_STR("template", name));
		return RC_FAIL;
	}
	if (!render(p->cs, data, lang_find(t, lang), t->shared, out, why,
		sizeof(why))) {
		log_event(LOG_ERROR, "template_failed",
		    LF_STR("template", name), LF_STR("why", why));
		return RC_FAIL;
	}
	if (out->bad) {
		log_event(
		    LOG_ERROR, "template_too_long", LF_STR("template", name));
		return RC_FAIL;
	}
	p->length = out->len - before;
	return RC_OK;
}

size_t
tmpl_length(struct tmpl *t, const char *name)
{
	const struct page *p = map_get(t->page_by_name, name, strlen(name));

	return p == NULL ? 0 : p->length;
}

const char *
tmpl_text(struct tmpl *t, const char *lang, const char *key)
{
	const struct lang *l = lang_find(t, lang);

	/* hdf_get_value() hands the default through untouched */
	return l == NULL ? key : hdf_get_value(l->node, key, key);
}

/* ---- loading */

struct load {
	struct tmpl *t;
	struct arena *scratch; /* texts of files; emptied after each */
	const char *dir;
	HDF *config;
	const char *why;
};

static bool
page_file(const char *name)
{
	return name[0] != '.' && name[0] != '_' && str_ends(name, ".cs") &&
	       !str_eq(name, "macros.cs") && strlen(name) <= NAME;
}

static bool
catalogue_file(const char *name)
{
	return name[0] != '.' && name[0] != '_' && str_ends(name, ".hdf") &&
	       strlen(name) <= NAME;
}

static void
load_page(struct load *l, const char *dir, const char *file)
{
	struct arena *a = l->t->a;
	const char *name = arena_fmt(a, "%s/%s", dir, file);
	char text[WHY_MAX];
	struct page *p;

	if (tmpl_scan(l->scratch, l->dir, name, &l->why) != RC_OK)
		return;
	p = VEC_ADD(&l->t->pages, a);
	p->name = name;
	p->cs = parse_new(l->config);
	if (!neo_ok(cs_parse_file(p->cs, arena_fmt(a, "%s/%s", l->dir, name)),
		text, sizeof(text)))
		l->why = arena_fmt(a, "%s: %s", name, text);
}

/* "zh-CN.hdf" and "zh-CN.admin.hdf" are both of zh-CN. */
static struct lang *
lang_of_file(struct load *l, const char *file)
{
	struct arena *a = l->t->a;
	size_t n = strcspn(file, ".");
	const char *code = arena_dup(a, file, n);
	struct lang *lang;
	size_t i;

	if (!str_is_token(code, "-", CODE)) {
		l->why = arena_fmt(a, "lang/%s: not a language code", file);
		return NULL;
	}
	for (i = 0; i < l->t->langs.n; i++)
		if (str_eq(l->t->langs.v[i].code, code))
			return &l->t->langs.v[i];
	lang = VEC_ADD(&l->t->langs, a);
	lang->code = code;
	neo_must(hdf_init(&lang->root));
	neo_must(hdf_get_node(lang->root, "Lang", &lang->node));
	return lang;
}

static void
merge(struct load *l, HDF *into, struct hdf_doc *from, const char *file)
{
	struct hdf_doc *d;
	HDF *node;

	for (d = hdf_doc_first(from); d != NULL; d = hdf_doc_next(d)) {
		neo_must(hdf_get_node(into, hdf_doc_name(d), &node));
		if (hdf_doc_value(d) != NULL) {
			if (hdf_obj_value(node) != NULL)
				l->why = arena_fmt(l->t->a,
				    "lang/%s: %s stands in two files", file,
				    hdf_doc_name(d));
			neo_must(hdf_set_value(node, NULL, hdf_doc_value(d)));
		}
		merge(l, node, d, file);
	}
}

static void
load_catalogue(struct load *l, const char *dir, const char *file)
{
	struct arena *a = l->scratch;
	struct hdf_doc *doc;
	struct lang *lang;

	lang = lang_of_file(l, file);
	if (lang == NULL ||
	    hdf_doc_read(a, arena_fmt(a, "%s/%s/%s", l->dir, dir, file), &doc,
		&l->why) != RC_OK)
		return;
	merge(l, lang->node, doc, file);
}

static int
keep_pages(const struct dirent *e)
{
	return page_file(e->d_name);
}

static int
keep_catalogues(const struct dirent *e)
{
	return catalogue_file(e->d_name);
}

/* In the order of the alphabet, so that messages and behaviour do not depend
 * on the file system. */
static void
load_folder(struct load *l, const char *dir, int (*keep)(const struct dirent *),
    void (*load)(struct load *, const char *, const char *))
{
	struct dirent **e = NULL;
	int i, n;

	if (l->why != NULL)
		return;
	n = scandir(
	    arena_fmt(l->t->a, "%s/%s", l->dir, dir), &e, keep, alphasort);
	if (n < 0 && errno != ENOENT)
		l->why = arena_fmt(
		    l->t->a, "%s/%s: %s", l->dir, dir, strerror(errno));
	for (i = 0; i < n; i++) {
		if (l->why == NULL)
			load(l, dir, e[i]->d_name);
		if (l->why == NULL)
			arena_reset(l->scratch);
		free(e[i]);
	}
	free(e);
}

/* The fact that everything else rests on. */
static void
assert_escaping(struct load *l)
{
	static const char probe[] =
	    "<?cs def:m(x) ?><?cs var:x ?><?cs /def ?><?cs if:#1 ?>"
	    "<?cs each:v = L ?><?cs call:m(v) ?><?cs var:v + \"<\" ?>"
	    "<?cs /each ?><?cs /if ?>";
	static const char want[] =
	    "&lt;b&gt;&quot;&#39;&amp;&lt;b&gt;&quot;&#39;&amp;&lt;";
	struct tnode *data = tnode_new(l->scratch);
	CSPARSE *cs = parse_new(l->config);
	char text[WHY_MAX];
	struct buf out;

	buf_init(&out, l->scratch, 128, 1024);
	tnode_set(data, "L.0", "<b>\"'&");
	if (!neo_ok(cs_parse_string(cs, strdup(probe), sizeof(probe) - 1), text,
		sizeof(text)) ||
	    !render(cs, data, NULL, NULL, &out, text, sizeof(text)) ||
	    !str_eq(buf_text(&out), want))
		l->why = "this ClearSilver does not escape";
	cs_destroy(&cs);
}

static void
index_pages(struct tmpl *t)
{
	size_t i;

	t->page_by_name = map_new(t->a);
	for (i = 0; i < t->pages.n; i++)
		(void)map_put(t->page_by_name, t->pages.v[i].name,
		    strlen(t->pages.v[i].name), &t->pages.v[i]);
}

static void
load_all(struct load *l)
{
	static const char *const folder[] = {
	    "admin", "error", "layout", "mail", "page"};
	size_t i;

	if (strlen(l->dir) > DIR_MAX)
		l->why = "the name of the templates' folder is too long";
	if (l->why == NULL)
		assert_escaping(l);
	for (i = 0; i < sizeof(folder) / sizeof(folder[0]); i++)
		load_folder(l, folder[i], keep_pages, load_page);
	load_folder(l, "lang", keep_catalogues, load_catalogue);
	if (l->why == NULL && l->t->pages.n == 0)
		l->why = arena_fmt(l->t->a, "%s: no templates", l->dir);
}

enum rc
tmpl_load(const char *dir, struct tmpl **out, const char **why)
{
	struct arena *a = arena_new(64 * 1024, 64 * 1024 * 1024);
	struct load l = {.dir = dir};
	enum rc rc;

	l.scratch = arena_new(64 * 1024, 64 * 1024 * 1024);
	l.t = ARENA_NEW(a, struct tmpl);
	l.t->a = a;
	neo_must(hdf_init(&l.config));
	neo_must(hdf_set_value(l.config, "Config.VarEscapeMode", "html"));
	neo_must(hdf_set_value(l.config, "hdf.loadpaths.0", dir));
	load_all(&l);
	hdf_destroy(&l.config);
	rc = l.why == NULL ? RC_OK : RC_INVALID;
	if (rc == RC_OK) {
		index_pages(l.t);
		*out = l.t;
	} else {
		(void)snprintf(why_text, sizeof(why_text), "%s", l.why);
		*why = why_text;
		tmpl_free(l.t);
	}
	arena_free(l.scratch);
	return rc;
}

void
tmpl_free(struct tmpl *t)
{
	size_t i;

	if (t == NULL)
		return;
	for (i = 0; i < t->pages.n; i++)
		cs_destroy(&t->pages.v[i].cs);
	for (i = 0; i < t->langs.n; i++)
		hdf_destroy(&t->langs.v[i].root);
	arena_free(t->a);
}
