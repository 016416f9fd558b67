/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over the text: outside of quotes and comments a ';' ends a
 * statement.  A file cut short must not pass for a complete one, so the last
 * statement needs its ';' too.
 */
#include "store/sqltext.h"

#include <string.h>

#include "base/vec.h"

struct scan {
	const char *p, *end;
	unsigned line;
};

static bool
at(const struct scan *s, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(s->end - s->p) >= n && memcmp(s->p, word, n) == 0;
}

static void
step(struct scan *s)
{
	if (*s->p++ == '\n')
		s->line++;
}

/* Behind the closing quote; false: there is none. */
static bool
skip_quoted(struct scan *s)
{
	char quote = *s->p;

	for (step(s); s->p < s->end; step(s)) {
		if (*s->p == '\\' && quote != '`') {
			step(s);
			if (s->p == s->end)
				return false;
		} else if (*s->p == quote) {
			step(s);
			/* doubled: the quote itself */
			if (s->p == s->end || *s->p != quote)
				return true;
		}
	}
	return false;
}

static void
skip_line(struct scan *s)
{
	while (s->p < s->end && *s->p != '\n')
		s->p++;
}

static bool
skip_block(struct scan *s)
{
	for (; s->p < s->end; step(s))
		if (at(s, "*/")) {
			s->p += 2;
			return true;
		}
	return false;
}

/* The comment at s->p, if there is one.  "--" needs a blank behind it, and
 * the comments a server executes are none.  1 skipped, 0 none, -1 open. */
static int
skip_comment(struct scan *s)
{
	if (*s->p == '#' ||
	    (at(s, "--") && (s->p + 2 == s->end || chr_space(s->p[2])))) {
		skip_line(s);
		return 1;
	}
	if (at(s, "/*") && !at(s, "/*!") && !at(s, "/*M!"))
		return skip_block(s) ? 1 : -1;
	return 0;
}

static enum rc
refuse(struct arena *a, unsigned line, const char *what, const char **why)
{
	*why = arena_fmt(a, "line %u: %s", line, what);
	return RC_INVALID;
}

enum rc
sql_split(struct arena *a, struct span text, const struct sql_piece **out,
    size_t *n, const char **why)
{
	VEC(struct sql_piece) v = {0};
	struct scan s = {text.p, text.p + text.n, 1};
	const char *first = NULL; /* of the statement under way */
	struct sql_piece *piece;
	unsigned line = 1, from;
	int comment;

	while (s.p < s.end) {
		from = s.line;
		comment = skip_comment(&s);
		if (comment < 0)
			return refuse(
			    a, from, "a comment that stays open", why);
		if (comment > 0)
			continue;
		if (*s.p == '\0')
			return refuse(a, from, "a NUL byte", why);
		if (*s.p == ';') {
			if (first != NULL) {
				piece = VEC_ADD(&v, a);
				piece->sql.p = first;
				piece->sql.n = (size_t)(s.p - first);
				piece->line = line;
				piece->end = (size_t)(s.p - text.p) + 1;
				first = NULL;
			}
			step(&s);
			continue;
		}
		if (first == NULL && !chr_space(*s.p)) {
			first = s.p;
			line = s.line;
			if (at(&s, "DELIMITER") || at(&s, "delimiter"))
				return refuse(a, line, "DELIMITER", why);
		}
		if (*s.p != '\'' && *s.p != '"' && *s.p != '`')
			step(&s);
		else if (!skip_quoted(&s))
			return refuse(a, from, "a quote that stays open", why);
	}
	if (first != NULL)
		return refuse(a, line, "a statement without `;'", why);
	*out = v.v;
	*n = v.n;
	return RC_OK;
}
