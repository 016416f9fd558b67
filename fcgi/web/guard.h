/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands between a request and its handler, all of it read from the
 * route's row: rate, session and role, body size and kind, CSRF and origin.
 * Also the security headers of every response.
 */
#ifndef KS_WEB_GUARD_H
#define KS_WEB_GUARD_H

#include "base/buf.h"
#include "io/ctx.h"
#include "web/reply.h"

struct request;
struct response;

/* Before the body is read: rate, session, role.  HTTP_SEE_OTHER: rs already
 * holds the way to the login. */
enum http_status guard_head(
    struct ctx *cx, struct request *rq, struct response *rs);
/* After: CSRF, Origin, Sec-Fetch-Site. */
enum http_status guard_body(struct ctx *cx, const struct request *rq);
/* Content-Security-Policy and its family, as header lines. */
void guard_headers(const struct response *rs, struct buf *out);

#endif
