/* SPDX-License-Identifier: Apache-2.0 */
/* CSV (csv.h). */
#include "base/csv.h"

#include <string.h>

/* "-12.50" is a number and no formula. */
static bool
is_number(const char *s)
{
	const char *c = *s == '-' ? s + 1 : s;

	if (!chr_digit(*c))
		return false;
	while (chr_digit(*c) || *c == '.')
		c++;
	return *c == '\0';
}

void
csv_put(struct buf *b, const char *text, bool last)
{
	bool formula = *text != '\0' && strchr("=+-@\t\r", *text) != NULL &&
		       !is_number(text);
	bool quote = strpbrk(text, "\",\r\n;\t") != NULL;
	const char *c;

	if (quote)
		buf_chr(b, '"');
	if (formula)
		buf_chr(b, '\'');
	for (c = text; *c != '\0'; c++) {
		if (*c == '"')
			buf_chr(b, '"');
		buf_chr(b, *c);
	}
	if (quote)
		buf_chr(b, '"');
	buf_str(b, last ? "\r\n" : ",");
}

/* The end of the line at p, and how many bytes its line break has. */
static size_t
line_break(struct span s, size_t at)
{
	if (at >= s.n)
		return 0;
	if (s.p[at] == '\n')
		return 1;
	if (s.p[at] == '\r' && at + 1 < s.n && s.p[at + 1] == '\n')
		return 2;
	return 0;
}

/* A quoted field from the quote at *at on; *at ends behind the closing one. */
static bool
quoted(struct arena *a, struct span s, size_t *at, struct csv_record *r,
    struct span *out)
{
	size_t from = *at + 1, i, n = 0;
	char *to;

	for (i = from; i < s.n; i++) {
		if (s.p[i] == '\n')
			r->lines++;
		if (s.p[i] != '"')
			continue;
		if (i + 1 < s.n && s.p[i + 1] == '"')
			i++;
		else
			break;
	}
	if (i >= s.n)
		return false;
	to = arena_alloc(a, i - from + 1);
	for (*at = from; *at < i; (*at)++) {
		to[n++] = s.p[*at];
		if (s.p[*at] == '"')
			(*at)++;
	}
	*at = i + 1;
	*out = (struct span){to, n};
	return true;
}

static void
plain(struct span s, size_t *at, char separator, struct span *out)
{
	size_t from = *at;

	while (*at < s.n && s.p[*at] != separator && line_break(s, *at) == 0)
		(*at)++;
	*out = (struct span){s.p + from, *at - from};
}

static enum rc
bad_line(struct span *rest, struct csv_record *out)
{
	const char *nl = memchr(rest->p, '\n', rest->n);
	size_t n = nl == NULL ? rest->n : (size_t)(nl - rest->p) + 1;

	*rest = (struct span){rest->p + n, rest->n - n};
	out->n = 0;
	out->lines = 1;
	return RC_INVALID;
}

enum rc
csv_next(
    struct arena *a, struct span *rest, char separator, struct csv_record *out)
{
	struct span s = *rest;
	size_t at = 0, end;

	if (s.n == 0)
		return RC_NOTFOUND;
	out->n = 0;
	out->lines = 1;
	for (;;) {
		if (out->n == CSV_FIELDS)
			return bad_line(rest, out);
		if (at < s.n && s.p[at] == '"') {
			if (!quoted(a, s, &at, out, &out->field[out->n]))
				return bad_line(rest, out);
		} else {
			plain(s, &at, separator, &out->field[out->n]);
		}
		out->n++;
		end = line_break(s, at);
		if (at >= s.n || end != 0)
			break;
		if (s.p[at] != separator) /* behind a closing quote */
			return bad_line(rest, out);
		at++;
	}
	at += end;
	*rest = (struct span){s.p + at, s.n - at};
	return RC_OK;
}

char
csv_separator(struct span line)
{
	static const char kinds[] = ",;\t";
	size_t count[3] = {0}, best = 0, i;
	bool inside = false;
	const char *k;

	for (i = 0; i < line.n; i++) {
		if (line.p[i] == '"')
			inside = !inside;
		k = inside || line.p[i] == '\0' ? NULL
						: strchr(kinds, line.p[i]);
		if (k != NULL)
			count[k - kinds]++;
	}
	for (i = 1; i < 3; i++)
		if (count[i] > count[best])
			best = i;
	return kinds[best];
}
