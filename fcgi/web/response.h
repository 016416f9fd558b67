/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a handler answers.  Nothing reaches the client before the handler has
 * returned RC_OK; an error throws away what was built (web/reply.h).
 *
 *   view_product(rs, p);                           fills rs->data
 *   return respond_page(rs, "page/product.cs");
 */
#ifndef KS_WEB_RESPONSE_H
#define KS_WEB_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"
#include "io/tmpl.h"
#include "web/reply.h"
#include "web/request.h"

struct kept;
struct parts;
struct web;

enum cache_kind {
	CACHE_NEVER,   /* no-store */
	CACHE_PRIVATE, /* private, no-cache, with an ETag */
	CACHE_PUBLIC   /* public, max-age: sets no cookie, holds nothing that
			* belongs to one visitor */
};

struct response_line { /* a header or a cookie */
	const char *name, *value;
	int64_t max_age_s; /* cookies: 0 ends with the browser, < 0 deletes */
};

enum { RESPONSE_LINES = 12 };

/* Adds the next piece to out.  RC_NOTFOUND: with it the answer is whole.  What
 * it puts into cx->arena is gone at the next call. */
typedef enum rc respond_piece(struct ctx *cx, void *arg, struct buf *out);

struct response {
	struct ctx *cx;
	struct web *web;
	const struct request *rq; /* never NULL */
	enum http_status status;  /* HTTP_OK; a handler may set another */
	struct tnode *data;       /* for the template; never NULL */
	struct buf body;
	const char *type; /* Content-Type */
	enum cache_kind cache;
	int64_t max_age_s; /* CACHE_PUBLIC */
	bool for_all;      /* the same for everybody, kept somewhere or not */
	struct response_line header[RESPONSE_LINES];
	size_t n_headers;
	struct response_line cookie[RESPONSE_LINES];
	size_t n_cookies;
	const char *location; /* of a redirect */
	unsigned retry_s;     /* Retry-After, 0: none */
	const char *allow;    /* of a 405 */
	bool visitor_made;    /* rq->visitor is new */
	respond_piece *more;  /* the body comes in pieces; or NULL */
	void *more_arg;
	const char *form_hosts; /* further CSP form-action sources, or NULL */
	int64_t age_us;         /* of a page that was kept */
	uint64_t digest;        /* digest_of(body), where that is known */
	bool digest_known;
	bool broken; /* a piece of it could not be rendered */
	bool packed; /* the body is in the gzip format */
};

/* Renders the template with rs->data and the page frame (Page, Shop, Lang,
 * Csrf, Static).  RC_FAIL: the template is broken; logged. */
MUST_CHECK enum rc respond_page(struct response *rs, const char *tpl);
/* The same of a page that is put together from pieces already. */
MUST_CHECK enum rc respond_parts(struct response *rs, const struct parts *p);
/* The same with 422: a form shown again (fields_show() before). */
MUST_CHECK enum rc respond_again(struct response *rs, const char *tpl);
/* 303 to a path of this site.  to is checked: url_is_local_path(). */
MUST_CHECK enum rc respond_see(struct response *rs, const char *to);
MUST_CHECK enum rc respond_seef(struct response *rs, const char *fmt, ...)
    PRINTF_LIKE(2, 3);
/* 302 to a gateway: https, or http where gateway_private_hosts allows. */
MUST_CHECK enum rc respond_away(struct response *rs, const char *url);
/* text/plain; charset=utf-8. */
MUST_CHECK enum rc respond_text(struct response *rs, const char *text);
/* application/json: the text of json (written with io/json.h). */
MUST_CHECK enum rc respond_json(struct response *rs, struct buf *json);
/* An attachment; filename may hold any UTF-8 (RFC 6266). */
MUST_CHECK enum rc respond_download(struct response *rs, const char *type_const,
    const char *filename, struct span bytes);
/* The same in pieces, for what does not fit into memory.  Once the head is
 * sent nothing can be taken back: a piece that fails ends the file with a line
 * that says so. */
MUST_CHECK enum rc respond_stream(struct response *rs, const char *type_const,
    const char *filename, respond_piece *more, void *arg);
/* Exactly these bytes: answers to gateways. */
MUST_CHECK enum rc respond_raw(struct response *rs, enum http_status status,
    const char *type, struct span bytes);

void response_header(struct response *rs, const char *name, const char *value);
/* Adds the attributes HttpOnly, SameSite=Lax, Path=/, and __Host- with Secure
 * over HTTPS.  A BUG on a route that may be cached. */
void response_cookie(struct response *rs, const char *name, const char *value,
    int64_t max_age_s);
/* The text of a catalogue key in the visitor's language. */
const char *response_text(struct response *rs, const char *key);
/* Path below the panel's prefix: panel_path(rs, "/orders/%s", no). */
const char *panel_path(struct response *rs, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/* ---- for web/ itself */

/* How old what is on it may be at most for whoever asks, as cx->not_before: in
 * nginx's cache a page is fresh through a whole second, and one that is not
 * even that through this one would be asked for again at once. */
int64_t response_not_before(const struct response *rs);
/* A whole page as it was rendered before. */
void response_kept(struct response *rs, const struct kept *k);
struct response *response_new(
    struct ctx *cx, struct web *web, const struct request *rq);
/* The head as CGI text, and the bytes that follow it; If-None-Match and HEAD
 * are seen to here. */
struct span response_write(struct response *rs, struct buf *head);

#endif
