/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Cookie header comes from everybody who ever set a cookie on this host,
 * so what does not look like ours is stepped over.  What we write is checked
 * against the grammar of RFC 6265 section 4.1.1: a value with a ';' in it
 * would be an attribute.
 */
#include "web/cookie.h"

#include <string.h>

#include "base/bug.h"
#include "base/limits.h"

/* RFC 9110 section 5.6.2: tchar. */
static bool
is_token(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!chr_alnum(s.p[i]) &&
		    (s.p[i] == '\0' ||
			strchr("!#$%&'*+-.^_`|~", s.p[i]) == NULL))
			return false;
	return s.n != 0;
}

static bool
has_control(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == '\x7f')
			return true;
	return false;
}

static struct span
unquote(struct span s)
{
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		return (struct span){s.p + 1, s.n - 2};
	return s;
}

static bool
parse_pair(struct span pair, struct cookie *out)
{
	struct span name;

	if (!span_cut(&pair, '=', &name) || pair.p == NULL)
		return false; /* no '=': nameless, as some browsers allow */
	out->name = span_trim(name);
	out->value = unquote(span_trim(pair));
	return is_token(out->name) && !has_control(out->value);
}

enum rc
cookie_parse(struct arena *a, struct span header, struct cookies *out)
{
	struct cookie *v, c;
	struct span pair;
	size_t n = 0, max = 1, i;

	if (header.n > LIM_COOKIES)
		return RC_INVALID;
	for (i = 0; i < header.n; i++)
		max += header.p[i] == ';';
	if (max > LIM_PARAMS)
		max = LIM_PARAMS;
	v = ARENA_ARRAY(a, max, struct cookie);
	while (n < max && span_cut(&header, ';', &pair))
		if (parse_pair(pair, &c))
			v[n++] = c;
	out->v = v;
	out->n = n;
	return RC_OK;
}

bool
cookie_find(const struct cookies *c, const char *name, struct span *value)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		if (span_is(c->v[i].name, name)) {
			*value = c->v[i].value;
			return true;
		}
	}
	return false;
}

/* RFC 6265 section 4.1.1: cookie-octet. */
static bool
is_value(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~' || strchr("\",;\\", *s) != NULL)
			return false;
	return true;
}

/* RFC 6265bis section 4.1.3: what a browser demands of these names. */
static bool
keeps_prefix(const char *name, const struct cookie_attr *attr)
{
	if (str_starts(name, "__Host-"))
		return attr->secure &&
		       (attr->path == NULL || str_eq(attr->path, "/"));
	return !str_starts(name, "__Secure-") || attr->secure;
}

void
cookie_write(struct buf *b, const char *name, const char *value,
    const struct cookie_attr *attr)
{
	static const char *const site[] = {
	    [SAME_SITE_LAX] = "Lax",
	    [SAME_SITE_STRICT] = "Strict",
	    [SAME_SITE_NONE] = "None",
	};
	const char *path = attr->path != NULL ? attr->path : "/";

	BUG_ON(!is_token(span_str(name)) || !is_value(value));
	BUG_ON(path[0] != '/' || strpbrk(path, ";\r\n") != NULL);
	BUG_ON(!keeps_prefix(name, attr));
	BUG_ON(attr->same_site == SAME_SITE_NONE && !attr->secure);
	buf_fmt(b, "%s=%s; Path=%s", name, value, path);
	if (attr->max_age_s != 0)
		buf_fmt(b, "; Max-Age=%lld",
		    attr->max_age_s > 0 ? (long long)attr->max_age_s : 0LL);
	if (attr->secure)
		buf_str(b, "; Secure");
	if (attr->http_only)
		buf_str(b, "; HttpOnly");
	buf_fmt(b, "; SameSite=%s", site[attr->same_site]);
}
