/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Building an answer (response.h) and putting it into bytes.
 *
 * The cache policy comes from the route.  A response that may be cached and
 * sets a cookie would hand one visitor's cookie to everybody, so that is a
 * bug, not a header to drop quietly.
 */
#include "web/response.h"

#include "base/bug.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/url.h"
#include "io/gzip.h"
#include "shop/kept.h"
#include "web/cookie.h"
#include "web/guard.h"
#include "web/piece.h"
#include "web/router.h"
#include "web/session.h"
#include "web/view.h"
#include "web/web.h"

#include <string.h>

enum {
	LINE_HINT = 256,
	HEAD_HINT = 2048,
	HEAD_MAX = 16 * 1024,
	PAGE_HINT = 32 * 1024,
	PACK_MIN = 1000 /* what is shorter gets no smaller by it */
};

struct response *
response_new(struct ctx *cx, struct web *web, const struct request *rq)
{
	struct response *rs = ARENA_NEW(cx->arena, struct response);

	rs->cx = cx;
	rs->web = web;
	rs->rq = rq;
	rs->status = HTTP_OK;
	rs->data = tnode_new(cx->arena);
	rs->type = "text/html; charset=utf-8";
	buf_init(&rs->body, cx->arena, 0, LIM_RESPONSE);
	return rs;
}

/* Nobody writes to the body of a page that is done. */
static void
body_is(struct response *rs, struct span bytes)
{
	union {
		const char *given;
		char *kept;
	} u = {bytes.p};

	rs->body.p = u.kept;
	rs->body.len = rs->body.cap = bytes.n;
}

void
response_kept(struct response *rs, const struct kept *k)
{
	body_is(rs, k->body);
	rs->digest = k->digest;
	rs->digest_known = true;
	rs->age_us = k->age_us;
}

/* A little more than the last page of the kind took. */
static size_t
page_hint(struct response *rs, const char *tpl)
{
	size_t n = tmpl_length(rs->web->tmpl, tpl);

	return n == 0 ? PAGE_HINT : n + n / 8;
}

enum rc
respond_page(struct response *rs, const char *tpl)
{
	enum rc rc;

	buf_init(&rs->body, rs->cx->arena, page_hint(rs, tpl), LIM_RESPONSE);
	if (rs->broken)
		return RC_FAIL;
	view_frame(rs);
	rc = tmpl_render(rs->web->tmpl, tpl, rs->rq->lang, rs->data, &rs->body);
	return rc == RC_OK && rs->body.bad ? RC_FAIL : rc;
}

enum rc
respond_parts(struct response *rs, const struct parts *p)
{
	if (rs->broken || p->bytes > LIM_RESPONSE)
		return RC_FAIL;
	body_is(rs, parts_join(rs, p));
	return RC_OK;
}

enum rc
respond_again(struct response *rs, const char *tpl)
{
	rs->status = HTTP_INVALID;
	return respond_page(rs, tpl);
}

enum rc
respond_see(struct response *rs, const char *to)
{
	if (!url_is_local_path(to))
		return RC_INVALID;
	rs->status = HTTP_SEE_OTHER;
	rs->location = to;
	return RC_OK;
}

enum rc
respond_seef(struct response *rs, const char *fmt, ...)
{
	va_list ap;
	const char *to;

	va_start(ap, fmt);
	to = arena_vfmt(rs->cx->arena, fmt, ap);
	va_end(ap);
	return respond_see(rs, to);
}

enum rc
respond_away(struct response *rs, const char *url)
{
	if (!url_is_http(url) ||
	    (!str_starts(url, "https:") && !rs->cx->set->gateway_private_hosts))
		return RC_INVALID;
	rs->status = HTTP_FOUND;
	rs->location = url;
	return RC_OK;
}

enum rc
respond_raw(struct response *rs, enum http_status status, const char *type,
    struct span bytes)
{
	rs->status = status;
	rs->type = type;
	buf_init(&rs->body, rs->cx->arena, bytes.n, LIM_RESPONSE);
	buf_add(&rs->body, bytes.p, bytes.n);
	return rs->body.bad ? RC_FAIL : RC_OK;
}

enum rc
respond_text(struct response *rs, const char *text)
{
	return respond_raw(
	    rs, rs->status, "text/plain; charset=utf-8", span_str(text));
}

enum rc
respond_json(struct response *rs, struct buf *json)
{
	if (json->bad)
		return RC_FAIL;
	rs->type = "application/json; charset=utf-8";
	rs->body = *json;
	return RC_OK;
}

/* RFC 6266: an ASCII name for old readers, the real one for the others. */
static const char *
disposition(struct arena *a, const char *filename)
{
	struct buf b;
	const char *c;

	buf_init(&b, a, LINE_HINT, HEAD_MAX);
	buf_str(&b, "attachment; filename=\"");
	for (c = filename; *c != '\0'; c++)
		if (chr_alnum(*c) || strchr("._-", *c) != NULL)
			buf_chr(&b, *c);
		else if ((*c & 0xc0) != 0x80) /* one mark a character */
			buf_chr(&b, '_');
	buf_fmt(&b, "\"; filename*=UTF-8''%s", url_encoded(a, filename));
	return buf_text(&b);
}

enum rc
respond_download(struct response *rs, const char *type_const,
    const char *filename, struct span bytes)
{
	response_header(
	    rs, "Content-Disposition", disposition(rs->cx->arena, filename));
	return respond_raw(rs, HTTP_OK, type_const, bytes);
}

enum rc
respond_stream(struct response *rs, const char *type_const,
    const char *filename, respond_piece *more, void *arg)
{
	rs->more = more;
	rs->more_arg = arg;
	return respond_download(rs, type_const, filename, (struct span){"", 0});
}

static bool
header_ok(const char *s)
{
	return strpbrk(s, "\r\n") == NULL;
}

void
response_header(struct response *rs, const char *name, const char *value)
{
	BUG_ON(rs->n_headers == RESPONSE_LINES);
	BUG_ON(!header_ok(name) || !header_ok(value));
	rs->header[rs->n_headers++] = (struct response_line){name, value, 0};
}

void
response_cookie(
    struct response *rs, const char *name, const char *value, int64_t max_age_s)
{
	BUG_ON(rs->cache == CACHE_PUBLIC);
	BUG_ON(rs->n_cookies == RESPONSE_LINES);
	rs->cookie[rs->n_cookies++] =
	    (struct response_line){name, value, max_age_s};
}

const char *
response_text(struct response *rs, const char *key)
{
	return tmpl_text(rs->web->tmpl, rs->rq->lang, key);
}

const char *
panel_path(struct response *rs, const char *fmt, ...)
{
	struct arena *a = rs->cx->arena;
	va_list ap;
	const char *rest;

	va_start(ap, fmt);
	rest = arena_vfmt(a, fmt, ap);
	va_end(ap);
	return arena_fmt(a, "%s%s", rs->cx->set->admin_prefix, rest);
}

/* A validator, not a proof; another one for each coding. */
static const char *
etag_of(const struct response *rs)
{
	return arena_fmt(rs->cx->arena, "\"%016llx%s\"",
	    (unsigned long long)rs->digest, rs->packed ? "-gzip" : "");
}

static void
body_digest(struct response *rs)
{
	if (rs->digest_known)
		return;
	rs->digest = digest_of((struct span){rs->body.p, rs->body.len});
	rs->digest_known = true;
}

/* Compressed is what is the same for everybody, and nothing else: where a
 * secret stands beside what a request can choose, a length that depends on
 * both can be made to tell it (BREACH).  A page for all holds no secret. */
static bool
may_pack(const struct response *rs)
{
	return rs->rq->edge == EDGE_GZIP && rs->for_all &&
	       rs->status == HTTP_OK && rs->more == NULL &&
	       rs->body.len >= PACK_MIN;
}

/* Once for all who get it from the cache that asks. */
static void
body_pack(struct response *rs)
{
	struct span whole = {rs->body.p, rs->body.len}, out;

	if (!may_pack(rs))
		return;
	body_digest(rs);
	if (gzip_pack(rs->cx->arena, whole, &out) != RC_OK)
		return; /* as it is, then */
	rs->packed = true;
	body_is(rs, out);
}

/* RFC 9110 section 13.1.2, weak comparison: the web server may have made our
 * tag weak when it compressed the page. */
static bool
none_match(const char *header, const char *etag)
{
	struct span rest = span_str(header), one;

	while (rest.n != 0 && span_cut(&rest, ',', &one)) {
		one = span_trim(one);
		if (one.n > 2 && one.p[0] == 'W' && one.p[1] == '/')
			one = (struct span){one.p + 2, one.n - 2};
		if (span_is(one, etag) || span_is(one, "*"))
			return true;
	}
	return false;
}

/* What it has aged in our own caches is not given a second time; but where
 * those keep pages longer than the ones in front, it has a second left. */
static int64_t
age_us(const struct response *rs)
{
	int64_t most = (rs->max_age_s - 1) * US_PER_S;

	return rs->age_us < most ? rs->age_us : most;
}

/* Does its age end with max_age_s, or where our own caches say? */
static bool
is_strict(const struct response *rs)
{
	return rs->cx->set->cache_page_s < rs->max_age_s;
}

/* For how many of its seconds it is fresh. */
static int64_t
edge_fresh_s(const struct response *rs)
{
	return rs->max_age_s - 1 - rs->max_age_s / 2;
}

int64_t
response_not_before(const struct response *rs)
{
	int64_t second = rs->cx->now / US_PER_S;

	if (rs->rq->edge == EDGE_NONE || rs->cache != CACHE_PUBLIC ||
	    !is_strict(rs))
		return 0;
	return (second - edge_fresh_s(rs)) * US_PER_S;
}

/* The cache of conf/nginx-edge.conf counts whole seconds of the clock and keeps
 * a page through the second that X-Accel-Expires names: what was read at 7.9
 * may be shown until 9.9, so through 8.  swr_s before that one it is no longer
 * fresh: who comes then still gets it, and sets off the fetch of a new one.
 *
 * It says no Age, so nobody behind it may keep the page for any time, nor take
 * the second part for his (must-revalidate, RFC 9111 section 5.2.2.2).  But
 * nginx would not keep it, either, without the letters "s-maxage=" and a number
 * before X-Accel-Expires, which it takes instead; for all others this is a
 * directive that they do not know (section 5.2.3).  What stands behind that
 * line nginx does not look at, which at each hit is a twentieth of its work. */
static void
write_public_edge(const struct response *rs, struct buf *out)
{
	int64_t born = rs->cx->now - (is_strict(rs) ? age_us(rs) : 0);
	int64_t fresh_s = born / US_PER_S + edge_fresh_s(rs);
	int64_t swr_s = rs->max_age_s / 2;

	buf_str(out, "Cache-Control: nginx-s-maxage=1");
	if (swr_s != 0)
		buf_fmt(out, ", stale-while-revalidate=%lld", (long long)swr_s);
	buf_fmt(out,
	    "\r\nX-Accel-Expires: @%lld\r\n"
	    "Cache-Control: public, max-age=0, must-revalidate\r\n",
	    (long long)fresh_s);
}

/* Any other cache in front of us serves a page as long: the first half it is
 * fresh, in the second it may serve while it fetches a new one. */
static void
write_public(const struct response *rs, struct buf *out)
{
	int64_t left_s = rs->max_age_s - (age_us(rs) + US_PER_S - 1) / US_PER_S;

	buf_fmt(out, "Cache-Control: public, max-age=%lld, s-maxage=%lld",
	    (long long)left_s, (long long)((left_s + 1) / 2));
	if (left_s > 1)
		buf_fmt(out, ", stale-while-revalidate=%lld",
		    (long long)(left_s / 2));
	buf_str(out, "\r\n");
}

static void
write_cache(struct response *rs, struct buf *out)
{
	switch (rs->cache) {
	case CACHE_NEVER:
		buf_str(out, "Cache-Control: no-store\r\n");
		return;
	case CACHE_PRIVATE:
		buf_str(out, "Cache-Control: private, no-cache\r\n");
		break;
	case CACHE_PUBLIC:
		if (rs->rq->edge != EDGE_NONE)
			write_public_edge(rs, out);
		else
			write_public(rs, out);
		break;
	}
	/* language and theme are cookies; shared caches in front of us key on
	 * those two and ignore this line */
	buf_str(out, rs->rq->edge != EDGE_NONE
			 ? "Vary: Accept-Encoding, Cookie\r\n"
			 : "Vary: Cookie\r\n");
}

static void
write_etag(struct response *rs, struct buf *out)
{
	const char *etag;

	if (rs->cache == CACHE_NEVER || rs->status != HTTP_OK)
		return;
	body_digest(rs);
	etag = etag_of(rs);
	buf_fmt(out, "ETag: %s\r\n", etag);
	if (rs->rq->method != METHOD_POST &&
	    none_match(request_header(rs->rq, "If-None-Match"), etag))
		rs->status = HTTP_NOT_MODIFIED;
}

static void
write_cookies(struct response *rs, struct buf *out)
{
	struct cookie_attr attr = {.http_only = true,
	    .secure = session_secure(rs->cx, rs->rq),
	    .same_site = SAME_SITE_LAX};
	size_t i;

	for (i = 0; i < rs->n_cookies; i++) {
		const struct response_line *c = &rs->cookie[i];

		attr.max_age_s = c->max_age_s;
		buf_str(out, "Set-Cookie: ");
		cookie_write(out,
		    arena_fmt(rs->cx->arena, "%s%s",
			attr.secure ? "__Host-" : "", c->name),
		    c->value, &attr);
		buf_str(out, "\r\n");
	}
}

static void
write_lines(struct response *rs, struct buf *out)
{
	size_t i;

	for (i = 0; i < rs->n_headers; i++)
		buf_fmt(
		    out, "%s: %s\r\n", rs->header[i].name, rs->header[i].value);
	if (rs->location != NULL) {
		BUG_ON(!header_ok(rs->location));
		buf_fmt(out, "Location: %s\r\n", rs->location);
	}
	if (rs->retry_s != 0)
		buf_fmt(out, "Retry-After: %u\r\n", rs->retry_s);
	if (rs->allow != NULL)
		buf_fmt(out, "Allow: %s\r\n", rs->allow);
	if (rs->cache != CACHE_PUBLIC)
		buf_fmt(out, "X-Request-Id: %s\r\n", rs->rq->id);
}

struct span
response_write(struct response *rs, struct buf *out)
{
	struct buf rest;
	struct span none = {"", 0};

	/* whether there is a body is known only after the ETag */
	buf_init(&rest, rs->cx->arena, HEAD_HINT, HEAD_MAX);
	body_pack(rs);
	write_cache(rs, &rest);
	write_etag(rs, &rest);
	write_cookies(rs, &rest);
	write_lines(rs, &rest);
	guard_headers(rs, &rest);
	BUG_ON(rest.bad);

	buf_fmt(out, "Status: %d %s\r\n", (int)rs->status,
	    reply_phrase(rs->status));
	if (rs->status == HTTP_NOT_MODIFIED || rs->status == HTTP_NO_CONTENT) {
		rs->body.len = 0;
	} else if (rs->more != NULL) {
		buf_fmt(out, "Content-Type: %s\r\n", rs->type);
	} else {
		buf_fmt(out, "Content-Type: %s\r\nContent-Length: %zu\r\n",
		    rs->type, rs->body.len);
		if (rs->packed)
			buf_str(out, "Content-Encoding: gzip\r\n");
	}
	buf_add(out, rest.p, rest.len);
	buf_str(out, "\r\n");
	if (rs->rq->method == METHOD_HEAD)
		return none;
	return (struct span){rs->body.p, rs->body.len};
}
