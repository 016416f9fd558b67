/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FastCGI parameters and body become a checked struct request, once.  What is
 * malformed is refused here, so nothing above sees it.
 *
 * The path comes decoded: PATH_INFO by the CGI specification, and by nginx's
 * $uri.  It is not decoded a second time.
 */
#include "web/request.h"

#include "base/bug.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "io/fcgi.h"
#include "shop/checkout.h"
#include "web/address.h"
#include "web/cookie.h"
#include "web/form.h"
#include "web/multipart.h"
#include "web/router.h"
#include "web/session.h"
#include "web/web.h"

#include <string.h>

const char *
path_param(const struct request *rq, const char *name)
{
	size_t i;

	for (i = 0; i < rq->n_params; i++)
		if (str_eq(rq->params[i].name, name))
			return rq->params[i].value;
	BUG("no such name in the route");
}

enum rc
path_u64(const struct request *rq, const char *name, uint64_t *out)
{
	uint64_t v;

	if (num_u64(span_str(path_param(rq, name)), UINT64_MAX, &v) != RC_OK ||
	    v == 0)
		return RC_NOTFOUND;
	*out = v;
	return RC_OK;
}

/* "User-Agent" is HTTP_USER_AGENT. */
static bool
is_header(const char *env, const char *name, const char **value)
{
	if (!str_starts(env, "HTTP_"))
		return false;
	for (env += 5; *name != '\0'; env++, name++)
		if (*env != (*name == '-' ? '_' : chr_upper(*name)))
			return false;
	if (*env != '=')
		return false;
	*value = env + 1;
	return true;
}

const char *
request_header(const struct request *rq, const char *name)
{
	char *const *e;
	const char *value;

	for (e = rq->env; e != NULL && *e != NULL; e++)
		if (is_header(*e, name, &value))
			return value;
	return "";
}

const char *
request_cookie(const struct request *rq, const char *name)
{
	struct span v;

	if (!cookie_find(rq->cookies, name, &v))
		return NULL;
	return arena_dup(rq->arena, v.p, v.n);
}

const struct upload *
request_upload(const struct request *rq, const char *field)
{
	size_t i;

	for (i = 0; i < rq->n_uploads; i++)
		if (str_eq(rq->uploads[i].field, field))
			return &rq->uploads[i];
	return NULL;
}

static enum method
method_of(const char *s)
{
	return str_eq(s, "GET")    ? METHOD_GET
	       : str_eq(s, "HEAD") ? METHOD_HEAD
	       : str_eq(s, "POST") ? METHOD_POST
				   : METHOD_OTHER;
}

/* No empty, "." or ".." segment: the web server has resolved those, so one
 * that is left over is somebody's trick. */
static bool
path_ok(const char *s)
{
	size_t n;

	if (*s != '/' || !utf8_valid(span_str(s)) ||
	    !utf8_line(span_str(s), LIM_PATH))
		return false;
	while (*s == '/') {
		n = strcspn(++s, "/");
		if ((n == 0 && s[n] == '/') || (n == 1 && s[0] == '.') ||
		    (n == 2 && s[0] == '.' && s[1] == '.'))
			return false;
		s += n;
	}
	return true;
}

static enum http_status
read_path(struct request *rq, struct fcgi *f)
{
	const char *path = fcgi_param(f, "PATH_INFO");

	if (*path == '\0')
		path = fcgi_param(f, "SCRIPT_NAME");
	if (*path == '\0')
		path = "/";
	if (strlen(path) > LIM_PATH)
		return HTTP_URI_TOO_LONG;
	/* kept for logs and error pages only once it is known to be text */
	if (!path_ok(path))
		return HTTP_BAD_REQUEST;
	rq->path = path;
	return HTTP_PASS;
}

static enum http_status
fill(struct request *rq, struct span text, struct fields *out)
{
	struct form form;
	size_t i;

	if (form_parse(rq->arena, text, &form) != RC_OK)
		return HTTP_BAD_REQUEST;
	for (i = 0; i < form.n; i++)
		fields_add(out, form.v[i].name, form.v[i].value);
	return HTTP_PASS;
}

static enum http_status
read_query(struct request *rq, struct fcgi *f)
{
	rq->query_string = fcgi_param(f, "QUERY_STRING");
	if (strlen(rq->query_string) > LIM_QUERY) {
		rq->query_string = "";
		return HTTP_URI_TOO_LONG;
	}
	return fill(rq, span_str(rq->query_string), rq->query);
}

static enum http_status
read_host(struct request *rq, struct fcgi *f)
{
	const char *host = fcgi_param(f, "HTTP_HOST");

	if (*host == '\0')
		return HTTP_PASS; /* HTTP/1.0 */
	if (!str_is_token(host, ".-:[]_", LIM_HOST))
		return HTTP_BAD_REQUEST;
	rq->host = str_lower(rq->arena, host);
	return HTTP_PASS;
}

static enum http_status
read_cookies(struct ctx *cx, struct request *rq, struct fcgi *f)
{
	struct cookies *c = ARENA_NEW(rq->arena, struct cookies);
	struct span header = span_str(fcgi_param(f, "HTTP_COOKIE"));

	rq->cookies = c;
	if (header.n > LIM_COOKIES ||
	    cookie_parse(rq->arena, header, c) != RC_OK)
		return HTTP_HEADERS_TOO_LARGE;
	session_read(cx, rq);
	return HTTP_PASS;
}

/* Whose request it is, and by which scheme. */
static void
read_sender(
    struct request *rq, struct fcgi *f, const struct address_list *trusted)
{
	static const char *const proxied[] = {"X-Forwarded-For", "Forwarded",
	    "X-Real-IP", "CF-Connecting-IP", "Via"};
	const char *peer = fcgi_param(f, "REMOTE_ADDR");
	const char *scheme = fcgi_param(f, "REQUEST_SCHEME");
	const char *tls = fcgi_param(f, "HTTPS");
	size_t i;

	rq->address = address_client(
	    rq->arena, trusted, peer, fcgi_param(f, "HTTP_X_FORWARDED_FOR"));
	rq->network = address_network(rq->arena, rq->address);
	rq->https =
	    str_eq(scheme, "https") || (*tls != '\0' && !str_ieq(tls, "off"));
	if (address_listed(trusted, peer) &&
	    *fcgi_param(f, "HTTP_X_FORWARDED_PROTO") != '\0')
		rq->https =
		    str_ieq(fcgi_param(f, "HTTP_X_FORWARDED_PROTO"), "https");
	rq->loopback = address_loopback(rq->address);
	for (i = 0; i < sizeof(proxied) / sizeof(proxied[0]); i++)
		if (*request_header(rq, proxied[i]) != '\0')
			rq->loopback = false;
}

static const char *
media_type(struct arena *a, const char *header)
{
	struct span rest = span_str(header), type = {"", 0};

	if (!span_cut(&rest, ';', &type))
		return "";
	type = span_trim(type);
	return str_lower(a, arena_dup(a, type.p, type.n));
}

static bool
too_many_params(char *const *env)
{
	size_t n = 0;

	while (env != NULL && env[n] != NULL)
		if (++n > LIM_HEADERS)
			return true;
	return false;
}

struct request *
request_new(struct ctx *cx)
{
	struct request *rq = ARENA_NEW(cx->arena, struct request);

	rq->arena = cx->arena;
	rq->id = cx->request_id;
	rq->method = METHOD_GET;
	rq->method_text = "GET";
	rq->path = "/";
	rq->query_string = "";
	rq->query = fields_new(cx->arena);
	rq->form = fields_new(cx->arena);
	rq->content_type = "";
	rq->host = "";
	rq->address = rq->network = "0.0.0.0";
	rq->visitor = ARENA_NEW(cx->arena, struct visitor);
	rq->cookies = ARENA_NEW(cx->arena, struct cookies);
	rq->lang = cx->set->language;
	rq->theme = "auto";
	return rq;
}

/* Every part is read even when an earlier one was wrong: the error page wants
 * the visitor's language, the log his address. */
/* The web server's own word: what a client says comes as HTTP_something. */
static enum edge
edge_of(struct fcgi *f)
{
	const char *coding = fcgi_param(f, "KEYSTALL_EDGE");

	if (*coding == '\0')
		return EDGE_NONE;
	return str_eq(coding, "gzip") ? EDGE_GZIP : EDGE_PLAIN;
}

enum http_status
request_head(
    struct ctx *cx, const struct web *w, struct fcgi *f, struct request **out)
{
	struct request *rq = request_new(cx);
	enum http_status part[5], status = HTTP_PASS;
	size_t i;

	*out = rq;
	rq->env = fcgi_params(f);
	/* outlives the FastCGI request: the log line comes after it */
	rq->method_text = arena_str(cx->arena, fcgi_param(f, "REQUEST_METHOD"));
	rq->method = method_of(rq->method_text);
	rq->content_type = media_type(cx->arena, fcgi_param(f, "CONTENT_TYPE"));
	rq->edge = edge_of(f);
	read_sender(rq, f, w->trusted);
	cx->address = rq->address;
	/* what browsers agree on: enough for a hint */
	cx->mobile = strstr(request_header(rq, "User-Agent"), "Mobi") != NULL;
	part[0] = too_many_params(rq->env) ? HTTP_HEADERS_TOO_LARGE : HTTP_PASS;
	part[1] = read_path(rq, f);
	part[2] = read_query(rq, f);
	part[3] = read_host(rq, f);
	part[4] = read_cookies(cx, rq, f);
	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		if (status == HTTP_PASS)
			status = part[i];
	return status;
}

static size_t
body_limit(const struct route *r)
{
	if (r->guards & GUARD_CHUNK) /* and the fields around the chunk */
		return LIM_BODY_CHUNK + LIM_QUERY;
	if (r->guards & GUARD_BIG_FORM)
		return LIM_BODY_TEXT;
	return r->guards & GUARD_RAW_BODY ? LIM_BODY_NOTICE : LIM_BODY_FORM;
}

static enum http_status
read_body(struct request *rq, struct fcgi *f, size_t limit)
{
	const char *length = fcgi_param(f, "CONTENT_LENGTH");
	uint64_t want = 0;
	size_t got = 0, n;
	char *p;

	if (*length == '\0' && !(rq->route->guards & GUARD_RAW_BODY))
		return HTTP_LENGTH_REQUIRED;
	if (*length != '\0' &&
	    num_u64(span_str(length), INT64_MAX, &want) != RC_OK)
		return HTTP_BAD_REQUEST;
	if (want > limit)
		return HTTP_TOO_LARGE;
	p = arena_alloc(rq->arena, (size_t)want + 1);
	while (got < want && (n = fcgi_read(f, p + got, want - got)) != 0)
		got += n;
	if (got != want)
		return HTTP_BAD_REQUEST; /* sent by half */
	rq->body = (struct span){p, got};
	return HTTP_PASS;
}

static enum http_status
read_parts(struct request *rq, const char *content_type)
{
	struct multipart_parts parts;
	struct upload *files;
	struct span boundary;
	size_t i;

	if (multipart_boundary(rq->arena, span_str(content_type), &boundary) !=
		RC_OK ||
	    multipart_parse(rq->arena, boundary, rq->body, &parts) != RC_OK)
		return HTTP_BAD_REQUEST;
	files = ARENA_ARRAY(rq->arena, parts.n, struct upload);
	rq->uploads = files;
	for (i = 0; i < parts.n; i++) {
		const struct multipart_part *p = &parts.v[i];

		if (!p->head.is_file) {
			fields_add(rq->form, p->head.name, p->bytes);
			continue;
		}
		if (p->head.filename.n == 0 && p->bytes.n == 0)
			continue; /* a file field that was left empty */
		files[rq->n_uploads++] = (struct upload){
		    arena_dup(rq->arena, p->head.name.p, p->head.name.n),
		    arena_dup(
			rq->arena, p->head.filename.p, p->head.filename.n),
		    p->bytes};
	}
	return HTTP_PASS;
}

enum http_status
request_body(struct ctx *cx, struct fcgi *f, struct request *rq)
{
	enum http_status status;

	(void)cx;
	if (rq->method != METHOD_POST)
		return HTTP_PASS;
	status = read_body(rq, f, body_limit(rq->route));
	if (status != HTTP_PASS || rq->route->guards & GUARD_RAW_BODY)
		return status;
	if (str_eq(rq->content_type, "application/x-www-form-urlencoded"))
		return fill(rq, rq->body, rq->form);
	if (rq->route->guards & GUARD_MULTIPART &&
	    str_eq(rq->content_type, "multipart/form-data"))
		return read_parts(rq, fcgi_param(f, "CONTENT_TYPE"));
	return HTTP_BAD_TYPE;
}
