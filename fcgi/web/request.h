/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request, parsed and checked once.  Handlers get it as rs->rq, read only.
 *
 *   const struct request *rq = rs->rq;
 *   rc = catalogue_product(cx, path_param(rq, "slug"), &p);
 */
#ifndef KS_WEB_REQUEST_H
#define KS_WEB_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"
#include "web/field.h"
#include "web/reply.h"

struct fcgi;
struct route;
struct cookies;
struct web;
struct staff;   /* shop/staff.h */
struct visitor; /* shop/checkout.h */

enum method { METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_OTHER };

enum { REQUEST_PARAMS = 4 }; /* {name}s in one route */

/* Who asks for a page that all may see.  A web server's micro-cache adds by
 * itself the header lines that are the same on all pages, and says in which
 * coding it wants the body (conf/nginx-edge.conf). */
enum edge { EDGE_NONE, EDGE_PLAIN, EDGE_GZIP };

struct path_value {
	const char *name;
	const char *value; /* not empty, one segment */
};

/* One file of a multipart form. */
struct upload {
	const char *field;
	const char *filename; /* as sent: never a path of ours; may be "" */
	struct span bytes;
};

struct request {
	const char *id;     /* request id, [0-9a-f]{32} */
	enum method method; /* HEAD is served by GET rows */
	const char *method_text;
	const char *path;         /* decoded once, valid, starts with '/' */
	const char *query_string; /* raw */
	struct fields *query;     /* never NULL */
	struct fields *form;      /* never NULL; empty without a form body */
	struct span body;         /* RAW_BODY routes: the bytes as they came */
	const char *content_type; /* lower case, without parameters */
	const struct upload *uploads;
	size_t n_uploads;

	const struct route *route; /* NULL while none matched */
	struct path_value params[REQUEST_PARAMS];
	size_t n_params;

	bool https;
	const char *host;    /* lower case, with port if any; checked, or "" */
	const char *address; /* client, numeric; trusted proxies seen through */
	const char *network; /* address, or its /64 for IPv6: rate limits */
	bool loopback;       /* REMOTE_ADDR is 127/8, ::1 or a UNIX peer, and
			      * no proxy header is there */

	/* Who */
	struct visitor *visitor;   /* never NULL; known = false: no cookie */
	const struct staff *staff; /* NULL for everyone else */
	uint8_t staff_raw[32];     /* the cookie of a staff session */
	bool staff_cookie;         /* there is one; staff says if it is good */
	const char *lang;          /* "zh-CN", "en" */
	const char *theme;         /* "auto", "light", "dark" */
	enum edge edge;

	/* behind the functions below */
	struct arena *arena;
	const struct cookies *cookies;
	char *const *env;
};

/* Values of {name} in the route; "" if there is no such name (a bug). */
const char *path_param(const struct request *rq, const char *name);
/* RC_NOTFOUND: not a number from 1 up. */
MUST_CHECK enum rc path_u64(
    const struct request *rq, const char *name, uint64_t *out);

/* A request header ("User-Agent"), "" when absent.  Unchecked bytes. */
const char *request_header(const struct request *rq, const char *name);
/* A cookie's value, or NULL.  The first one of a name counts. */
const char *request_cookie(const struct request *rq, const char *name);
/* A file by its field; NULL: none. */
const struct upload *request_upload(
    const struct request *rq, const char *field);

/* ---- for web/ itself */

/* Empty, for answers given before there is anything to read, and tests. */
struct request *request_new(struct ctx *cx);
/* Head only: method, path, query, host, address, cookies.  Anything but
 * HTTP_PASS is the answer to give. */
enum http_status request_head(
    struct ctx *cx, const struct web *w, struct fcgi *f, struct request **out);
/* The body, by the route's flags. */
enum http_status request_body(
    struct ctx *cx, struct fcgi *f, struct request *rq);

#endif
