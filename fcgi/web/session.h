/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who sends this request: the visitor's and the staff's cookie, and the CSRF
 * tokens tied to them.  The cookies hold 32 random bytes, base64url; the
 * database knows their hashes only (shop/).
 */
#ifndef KS_WEB_SESSION_H
#define KS_WEB_SESSION_H

#include <stdbool.h>

#include "base/rc.h"
#include "base/str.h"

struct request;
struct response;
struct ctx;

#define COOKIE_VISITOR "ks_v"
#define COOKIE_STAFF "ks_s"
#define COOKIE_LANG "ks_lang"
#define COOKIE_THEME "ks_theme"
#define COOKIE_STICKY "ks_g"

enum { SESSION_RAW = 32 };

/* The visitor's raw bytes; a visitor without them gets new ones and the
 * cookie.  A BUG on a route that may be cached. */
struct span session_visitor(struct response *rs);

/* After shop/ has opened a staff session for raw: sets its cookie. */
void session_staff_set(struct response *rs, struct span raw);
void session_staff_clear(struct response *rs);

/* The token for the form field `csrf`: of the staff session on panel routes,
 * of the visitor elsewhere (made if there is none).  Pages get it as Csrf
 * from respond_page() when their route is not cacheable. */
const char *session_csrf(struct response *rs);

/* ---- for web/ itself */
/* Reads the cookies into the request. */
void session_read(struct ctx *cx, struct request *rq);
bool session_csrf_ok(struct ctx *cx, const struct request *rq);

#endif
