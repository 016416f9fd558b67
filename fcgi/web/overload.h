/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request that stood in the queue for too long is answered with a light 503
 * at once: who waits behind it is served the sooner.
 */
#ifndef KS_WEB_OVERLOAD_H
#define KS_WEB_OVERLOAD_H

#include "io/ctx.h"
#include "web/reply.h"

struct fcgi;
struct response;

/* HTTP_PASS, or HTTP_BUSY with rs->retry_s.  Only pages of the storefront are
 * turned away: notices, the panel and health checks are not. */
enum http_status overload_check(
    struct ctx *cx, struct fcgi *f, struct response *rs);

#endif
