/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Percent-encoding and the few questions that we ask of an address.  These
 * are allow-lists: what is not plainly one of ours is refused, however
 * valid RFC 3986 may find it.
 */
#include "base/url.h"

#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"

static bool
is_unreserved(char c)
{
	return chr_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void
url_encode(struct buf *b, struct span s)
{
	static const char digit[] = "0123456789ABCDEF";
	char esc[3] = "%";
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (is_unreserved(s.p[i])) {
			buf_chr(b, s.p[i]);
			continue;
		}
		esc[1] = digit[(unsigned char)s.p[i] >> 4];
		esc[2] = digit[(unsigned char)s.p[i] & 15];
		buf_add(b, esc, 3);
	}
}

char *
url_encoded(struct arena *a, const char *s)
{
	size_t n = strlen(s);
	struct buf b;

	buf_init(&b, a, 3 * n, 3 * n);
	url_encode(&b, (struct span){s, n});
	buf_text(&b);
	return b.p;
}

static int
xdigit(char c)
{
	if (chr_digit(c))
		return c - '0';
	return chr_xdigit(c) ? chr_lower(c) - 'a' + 10 : -1;
}

enum rc
url_decode(struct arena *a, struct span s, bool plus, struct span *out)
{
	char *o = arena_alloc(a, s.n + 1);
	size_t i, n = 0;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '%') {
			if (s.n - i < 3 || xdigit(s.p[i + 1]) < 0 ||
			    xdigit(s.p[i + 2]) < 0)
				return RC_INVALID;
			o[n++] = (char)((unsigned)xdigit(s.p[i + 1]) << 4 |
					(unsigned)xdigit(s.p[i + 2]));
			i += 2;
		} else {
			o[n++] = plus && s.p[i] == '+' ? ' ' : s.p[i];
		}
	}
	*out = (struct span){o, n};
	return RC_OK;
}

/* Printable ASCII without the characters that some reader gives a meaning. */
static bool
is_plain(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~' || *s == '\\' || *s == '"' ||
		    *s == '<' || *s == '>')
			return false;
	return true;
}

/* A segment "." or "..", plain or escaped: what a proxy would fold away. */
static bool
has_dot_segment(const char *path)
{
	const char *p = path;
	size_t dots;

	while (*p == '/') {
		p++;
		for (dots = 0;; dots++) {
			if (*p == '.')
				p++;
			else if (p[0] == '%' && p[1] == '2' &&
				 (p[2] == 'e' || p[2] == 'E'))
				p += 3;
			else
				break;
		}
		if (dots != 0 && dots <= 2 &&
		    (*p == '/' || *p == '\0' || *p == '?' || *p == '#'))
			return true;
		while (*p != '/' && *p != '\0' && *p != '?' && *p != '#')
			p++;
	}
	return false;
}

bool
url_is_local_path(const char *s)
{
	if (s == NULL || s[0] != '/' || strlen(s) > LIM_PATH)
		return false;
	return strstr(s, "//") == NULL && is_plain(s) && !has_dot_segment(s);
}

enum rc
url_split(struct arena *a, const char *url, bool *https, const char **host,
    unsigned *port, const char **path)
{
	const char *h, *end, *colon;
	unsigned p;
	bool tls;

	if (url == NULL || strlen(url) > LIM_PATH || !is_plain(url))
		return RC_INVALID;
	tls = str_starts(url, "https://");
	if (!tls && !str_starts(url, "http://"))
		return RC_INVALID;
	h = url + (tls ? strlen("https://") : strlen("http://"));
	end = h + strcspn(h, "/?#");
	p = tls ? 443 : 80;
	if (memchr(h, '@', (size_t)(end - h)) != NULL)
		return RC_INVALID; /* user@: made to be misread */
	if (h[0] == '[') {
		colon = memchr(h, ']', (size_t)(end - h));
		if (colon == NULL)
			return RC_INVALID;
		colon++;
		if (colon != end && *colon != ':')
			return RC_INVALID;
	} else {
		colon = memchr(h, ':', (size_t)(end - h));
		if (colon == NULL)
			colon = end;
	}
	if (colon == h)
		return RC_INVALID;
	if (colon != end) {
		struct span s = {colon + 1, (size_t)(end - colon - 1)};
		uint64_t n;

		if (num_u64(s, 65535, &n) != RC_OK || n == 0)
			return RC_INVALID;
		p = (unsigned)n;
	}
	*https = tls;
	*host = arena_dup(a, h, (size_t)(colon - h));
	*port = p;
	*path = *end == '/' ? arena_str(a, end) : arena_fmt(a, "/%s", end);
	return RC_OK;
}

bool
url_is_http(const char *s)
{
	const char *h, *end;

	if (s == NULL || !is_plain(s))
		return false;
	if (str_starts(s, "https://"))
		h = s + strlen("https://");
	else if (str_starts(s, "http://"))
		h = s + strlen("http://");
	else
		return false;
	end = h + strcspn(h, "/?#");
	return end != h && *h != ':' &&
	       memchr(h, '@', (size_t)(end - h)) == NULL;
}
