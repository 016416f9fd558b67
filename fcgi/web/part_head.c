/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RFC 7578 section 4.2 as browsers write it: names and file names in quotes,
 * where \" stands for a quote and any other backslash for itself (paths of
 * old browsers), and '"', CR and LF come as %22, %0D, %0A, which we leave.
 *
 * A part that would be understood differently by two readers is refused:
 * folded lines, a second disposition or name, a transfer encoding.
 */
#include "web/part_head.h"

#include <string.h>

#include "base/limits.h"

static struct span
skip_blanks(struct span s)
{
	while (s.n != 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p++;
		s.n--;
	}
	return s;
}

static bool
is_word(struct span s, const char *word)
{
	size_t i, n = strlen(word);

	if (s.n != n)
		return false;
	for (i = 0; i < n; i++)
		if (chr_lower(s.p[i]) != word[i])
			return false;
	return true;
}

static bool
is_token_char(char c)
{
	return chr_alnum(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

/* Cuts a token off *s; empty when there is none. */
static struct span
cut_token(struct span *s)
{
	struct span t = {s->p, 0};

	while (t.n < s->n && is_token_char(s->p[t.n]))
		t.n++;
	s->p += t.n;
	s->n -= t.n;
	return t;
}

/* Cuts "quoted text" off *s. */
static enum rc
cut_quoted(struct arena *a, struct span *s, struct span *out)
{
	char *o = arena_alloc(a, s->n + 1);
	size_t i, n = 0;

	for (i = 1; i < s->n && s->p[i] != '"'; i++) {
		if (s->p[i] == '\\' && i + 1 < s->n && s->p[i + 1] == '"')
			i++;
		o[n++] = s->p[i];
	}
	if (i >= s->n)
		return RC_INVALID;
	*out = (struct span){o, n};
	s->p += i + 1;
	s->n -= i + 1;
	return RC_OK;
}

/* The next "; name=value" of *s.  RC_NOTFOUND: none is left. */
static enum rc
cut_param(
    struct arena *a, struct span *s, struct span *name, struct span *value)
{
	*s = skip_blanks(*s);
	if (s->n == 0)
		return RC_NOTFOUND;
	if (s->p[0] != ';')
		return RC_INVALID;
	*s = skip_blanks((struct span){s->p + 1, s->n - 1});
	if (s->n == 0)
		return RC_NOTFOUND; /* a ';' at the end is common */
	*name = cut_token(s);
	if (name->n == 0 || s->n < 2 || s->p[0] != '=')
		return RC_INVALID;
	s->p++;
	s->n--;
	if (s->p[0] == '"')
		return cut_quoted(a, s, value);
	*value = cut_token(s);
	return value->n != 0 ? RC_OK : RC_INVALID;
}

static enum rc
take_disposition(struct part_reader *r, struct arena *a, struct span v)
{
	struct span name, value;
	enum rc rc;

	if (r->disposition || !is_word(cut_token(&v), "form-data"))
		return RC_INVALID;
	r->disposition = true;
	while ((rc = cut_param(a, &v, &name, &value)) == RC_OK) {
		if (is_word(name, "name")) {
			if (r->head.name.p != NULL)
				return RC_INVALID;
			r->head.name = (struct span){
			    arena_dup(a, value.p, value.n), value.n};
		} else if (is_word(name, "filename")) {
			if (r->head.is_file)
				return RC_INVALID;
			r->head.is_file = true;
			r->head.filename = (struct span){
			    arena_dup(a, value.p, value.n), value.n};
		}
	}
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

/* RFC 7578 section 4.7: no encoding but the identity. */
static bool
is_identity(struct span v)
{
	return is_word(v, "7bit") || is_word(v, "8bit") || is_word(v, "binary");
}

enum rc
part_head_line(struct part_reader *r, struct arena *a, struct span line)
{
	struct span name = cut_token(&line);
	size_t i;

	if (r->lines++ == LIM_PART_HEADERS || name.n == 0 || line.n == 0 ||
	    line.p[0] != ':')
		return RC_INVALID;
	line = span_trim((struct span){line.p + 1, line.n - 1});
	for (i = 0; i < line.n; i++)
		if (((unsigned char)line.p[i] < ' ' && line.p[i] != '\t') ||
		    line.p[i] == '\x7f')
			return RC_INVALID;
	if (is_word(name, "content-disposition"))
		return take_disposition(r, a, line);
	if (is_word(name, "content-transfer-encoding"))
		return is_identity(line) ? RC_OK : RC_INVALID;
	if (is_word(name, "content-type")) {
		if (r->type)
			return RC_INVALID;
		r->type = true;
		r->head.type =
		    (struct span){arena_dup(a, line.p, line.n), line.n};
	}
	return RC_OK;
}

enum rc
part_head_done(const struct part_reader *r)
{
	if (r->head.name.n == 0 || r->head.name.n > LIM_PARAM_NAME ||
	    r->head.filename.n > LIM_FILENAME)
		return RC_INVALID;
	return RC_OK;
}

/* RFC 2046 section 5.1.1: bchars, the last one not a blank. */
static bool
is_boundary(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!chr_alnum(s.p[i]) &&
		    (s.p[i] == '\0' || !strchr("'()+_,-./:=? ", s.p[i])))
			return false;
	return s.n != 0 && s.n <= LIM_BOUNDARY && s.p[s.n - 1] != ' ';
}

enum rc
multipart_boundary(struct arena *a, struct span content_type, struct span *out)
{
	struct span v = span_trim(content_type), name, value, type;
	struct span found = {0};
	enum rc rc;

	type = (struct span){v.p, 0};
	while (type.n < v.n && v.p[type.n] != ';' && v.p[type.n] != ' ')
		type.n++;
	if (!is_word(type, "multipart/form-data"))
		return RC_NOTFOUND;
	v = (struct span){v.p + type.n, v.n - type.n};
	while ((rc = cut_param(a, &v, &name, &value)) == RC_OK) {
		if (!is_word(name, "boundary"))
			continue;
		if (found.p != NULL)
			return RC_INVALID;
		found = value;
	}
	if (rc != RC_NOTFOUND || !is_boundary(found))
		return RC_INVALID;
	*out = (struct span){arena_dup(a, found.p, found.n), found.n};
	return RC_OK;
}
