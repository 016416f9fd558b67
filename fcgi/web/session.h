/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who sends this request: the visitor's and the staff's cookie, and the CSRF
 * tokens tied to them.  The cookies hold 32 random bytes, base64url; the
 * database knows their hashes only (shop/).
 */
#ifndef KS_WEB_SESSION_H
#define KS_WEB_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"

struct request;
struct response;
struct ctx;
struct visitor;

#define COOKIE_VISITOR "ks_v"
#define COOKIE_STAFF "ks_s"
#define COOKIE_LANG "ks_lang"
#define COOKIE_THEME "ks_theme"
#define COOKIE_STICKY "ks_g"
#define COOKIE_TURN "ks_t" /* and a digit */

/* A cookie as it came; over HTTPS the one with __Host-. */
bool session_find(struct ctx *cx, const struct request *rq, const char *name,
    struct span *out);

/* For what is bound to a browser: a visitor without the cookie gets new bytes
 * and the cookie.  A BUG on a route that may be cached; reading pages use
 * rq->visitor as it is. */
const struct visitor *session_visitor(struct response *rs);

/* After shop/ has opened or changed a staff session: sets its cookie. */
void session_staff_set(struct response *rs, const uint8_t raw[32]);
void session_staff_clear(struct response *rs);

/* The token for the form field `csrf`: of the staff session on panel routes,
 * of the visitor elsewhere (made if there is none).  Pages get it as Csrf
 * from respond_page() when their route is not cacheable. */
const char *session_csrf(struct response *rs);

/* A language or theme we have, or dflt. */
const char *session_language(const char *sent, const char *dflt);
const char *session_theme(const char *sent, const char *dflt);
/* Keeps such a choice: COOKIE_LANG or COOKIE_THEME. */
void session_choice(struct response *rs, const char *cookie, const char *value);

/* ---- for web/ itself */
/* Cookies are Secure and have the __Host- prefix. */
bool session_secure(struct ctx *cx, const struct request *rq);
/* Reads the cookies into the request and cx->lang, cx->sticky. */
void session_read(struct ctx *cx, struct request *rq);
bool session_csrf_ok(struct ctx *cx, const struct request *rq);
/* After a handler that wrote: the visitor's own reads see it from now on. */
void session_wrote(struct response *rs);

#endif
