/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Templates are trusted, their authors make mistakes.  ClearSilver 0.10.5
 * says nothing about some of them and does the wrong thing:
 *
 *  - `include:` of a file that is not there shows nothing at all, and of a
 *    file that includes itself ends in a stack overflow;
 *  - `alt:` prints its text raw, `lvar:`, `evar:` and `linclude:` run data as
 *    a template, block `escape:` switches our escaping off inside of `if:`;
 *  - `uvar:` prints raw what any value holds;
 *  - the line it names for an `if:` that is not closed is the last one of the
 *    file, and it leaks a little.
 *
 * So these are refused here, with file and line, and `uvar:` is allowed for
 * names that end in Html only.
 */
#include "io/tmpl_scan.h"

#include "base/str.h"
#include "io/file.h"

#include <string.h>

enum { DEPTH = 12, FILES = 64, NAME = 80, BYTES = 1024 * 1024, BLOCKS = 64 };

struct block {
	const char *word; /* "if", "each", ... */
	unsigned line;
};

struct scan {
	struct arena *a;
	const char *dir, *why;
	const char *open[DEPTH]; /* the file, who includes it, ... */
	unsigned depth, files;
	const char *name; /* where we are */
	unsigned line;
	struct block block[BLOCKS]; /* open ones, of all open files */
	unsigned blocks, own;       /* how many; the first of this file */
};

static void scan_file(struct scan *s, const char *name);

/* layout/head.cs: no way out of the folder, no odd bytes. */
static bool
name_ok(const char *name)
{
	return str_is_token(name, "/_.-", NAME) && name[0] != '/' &&
	       name[0] != '.' && strstr(name, "..") == NULL &&
	       strstr(name, "//") == NULL && str_ends(name, ".cs");
}

static void
scan_include(struct scan *s, struct span arg)
{
	const char *here = s->name, *name;
	unsigned line = s->line, i;

	arg = span_trim(arg);
	if (arg.n < 2 || arg.p[0] != '"' || arg.p[arg.n - 1] != '"') {
		s->why = "include: wants a name in double quotes";
		return;
	}
	name = arena_dup(s->a, arg.p + 1, arg.n - 2);
	if (!name_ok(name)) {
		s->why = "include: wants a name like layout/head.cs";
		return;
	}
	for (i = 0; i < s->depth; i++)
		if (str_eq(s->open[i], name))
			s->why = "include: goes round in a circle";
	if (s->why != NULL)
		return;
	scan_file(s, name);
	if (s->why == NULL) {
		s->name = here;
		s->line = line;
	}
}

/* "Product.DescriptionHtml" and nothing else. */
static void
scan_uvar(struct scan *s, struct span arg)
{
	const char *name;

	arg = span_trim(arg);
	name = arena_dup(s->a, arg.p, arg.n);
	if (!str_is_token(name, "_.", NAME) || !str_ends(name, "Html"))
		s->why = "uvar: is for names that end in Html";
}

static void
block_close(struct scan *s, const char *word)
{
	const char *open =
	    s->blocks > s->own ? s->block[s->blocks - 1].word : NULL;

	if (open == NULL)
		s->why = arena_fmt(s->a, "%s closes nothing", word);
	else if (!str_ieq(word + 1, open))
		s->why = arena_fmt(s->a, "%s, but %s: of line %u is open", word,
		    open, s->block[s->blocks - 1].line);
	else
		s->blocks--;
}

static void
scan_block(struct scan *s, const char *word)
{
	static const char *const open[] = {"if", "each", "with", "loop", "def"};
	size_t i;

	if (word[0] == '/')
		block_close(s, word);
	for (i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		if (!str_ieq(word, open[i]))
			continue;
		if (s->blocks == BLOCKS) {
			s->why = "too many open blocks";
			return;
		}
		s->block[s->blocks].word = open[i];
		s->block[s->blocks++].line = s->line;
	}
}

static void
scan_command(struct scan *s, struct span word, struct span arg)
{
	static const char *const refused[] = {
	    "alt", "lvar", "evar", "linclude", "escape"};
	const char *w = arena_dup(s->a, word.p, word.n);
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (str_ieq(w, refused[i]))
			s->why =
			    arena_fmt(s->a, "%s: breaks escaping", refused[i]);
	if (s->why != NULL)
		return;
	if (str_ieq(w, "include"))
		scan_include(s, arg);
	else if (str_ieq(w, "uvar"))
		scan_uvar(s, arg);
	else
		scan_block(s, w);
}

/* One token: what stands between "<?cs " and "?>". */
static void
scan_token(struct scan *s, struct span t)
{
	struct span word;

	while (t.n != 0 && chr_space(t.p[0])) {
		s->line += t.p[0] == '\n';
		t.p++;
		t.n--;
	}
	if (t.n == 0 || t.p[0] == '#')
		return;
	word = (struct span){t.p, 0};
	while (word.n < t.n && !chr_space(t.p[word.n]) && t.p[word.n] != ':' &&
	       t.p[word.n] != '!')
		word.n++;
	if (word.n < t.n)
		scan_command(
		    s, word, (struct span){t.p + word.n + 1, t.n - word.n - 1});
	else
		scan_command(s, word, SPAN_LIT(""));
}

static unsigned
lines_in(struct span t)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < t.n; i++)
		n += t.p[i] == '\n';
	return n;
}

/* ClearSilver's own idea of where a token starts, case and all. */
static bool
at_open(struct span t, size_t i)
{
	return i + 5 <= t.n && t.p[i] == '<' && t.p[i + 1] == '?' &&
	       chr_lower(t.p[i + 2]) == 'c' && chr_lower(t.p[i + 3]) == 's' &&
	       chr_space(t.p[i + 4]);
}

static void
scan_text(struct scan *s, struct span t)
{
	const char *end;
	struct span token;
	unsigned line;
	size_t i = 0;

	while (s->why == NULL && i < t.n) {
		if (!at_open(t, i)) {
			s->line += t.p[i++] == '\n';
			continue;
		}
		token = (struct span){t.p + i + 4, t.n - i - 4};
		end = memmem(token.p, token.n, "?>", 2);
		if (end == NULL) {
			s->why = "<?cs without ?>";
			return;
		}
		token.n = (size_t)(end - token.p);
		line = s->line;
		scan_token(s, token);
		if (s->why == NULL)
			s->line = line + lines_in(token);
		i = (size_t)(end - t.p) + 2;
	}
}

static void
scan_file(struct scan *s, const char *name)
{
	unsigned own = s->own;
	const char *why;
	struct span text;
	char *path;

	if (s->depth == DEPTH || ++s->files > FILES) {
		s->why = "includes too many files";
		return;
	}
	path = arena_fmt(s->a, "%s/%s", s->dir, name);
	if (file_text(s->a, path, BYTES, &text, &why) != RC_OK) {
		s->why = arena_fmt(s->a, "include: %s", why);
		return;
	}
	s->open[s->depth++] = name;
	s->name = name;
	s->line = 1;
	s->own = s->blocks;
	scan_text(s, text);
	if (s->why == NULL && s->blocks != s->own) {
		s->line = s->block[s->blocks - 1].line;
		s->why = arena_fmt(
		    s->a, "%s: is not closed", s->block[s->blocks - 1].word);
	}
	s->own = own;
	s->depth--;
}

enum rc
tmpl_scan(struct arena *a, const char *dir, const char *name, const char **why)
{
	struct scan s = {.a = a, .dir = dir, .name = name, .line = 1};

	scan_file(&s, name);
	if (s.why == NULL)
		return RC_OK;
	*why = arena_fmt(a, "%s:%u: %s", s.name, s.line, s.why);
	return RC_INVALID;
}
