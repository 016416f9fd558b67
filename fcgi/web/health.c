/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two questions of a supervisor.  /healthz: is this process alive (it asks
 * nobody else)?  /readyz: would a buyer be served?  A missing cache or replica
 * costs speed only, so it is said and does not make the answer no.
 */
#include "base/buf.h"
#include "io/ctx.h"
#include "web/response.h"
#include "web/router.h"

enum { ANSWER_HINT = 256, ANSWER_MAX = 1024 };

enum rc
page_healthz(struct ctx *cx, struct response *rs)
{
	(void)cx;
	return respond_text(rs, "ok\n");
}

enum rc
page_readyz(struct ctx *cx, struct response *rs)
{
	struct ctx_backing b;
	struct buf text;

	ctx_look(cx, &b);
	buf_init(&text, cx->arena, ANSWER_HINT, ANSWER_MAX);
	buf_fmt(&text, "%s\ndatabase %s\nreplicas %u\ncache %s\n",
	    b.primary ? "ready" : "not ready", b.primary ? "up" : "down",
	    b.replicas,
	    !b.cache_set ? "off"
	    : b.cache    ? "up"
			 : "down");
	if (!b.primary) {
		rs->status = HTTP_BUSY;
		rs->retry_s = 2;
	}
	return respond_text(rs, buf_text(&text));
}
