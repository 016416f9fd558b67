/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payment notices: the raw request goes to the settle rules as it came, and
 * what they answer goes back as it is.  Nothing is decided here; the thirteen
 * steps are in shop/.
 */
#include "base/limits.h"
#include "base/metric.h"
#include "io/ctx.h"
#include "shop/settle.h"
#include "web/response.h"
#include "web/router.h"

#include <string.h>

/* "HTTP_WECHATPAY_SERIAL=x" becomes "wechatpay-serial: x".  Content-Type is
 * CONTENT_TYPE in CGI (RFC 3875 section 4.1.3); some servers send it under
 * both names, and twice would be ambiguous. */
static const char *
header_line(struct arena *a, const char *env)
{
	const char *eq = strchr(env, '=');
	char *line, *c;

	if (eq == NULL || !str_starts(env, "HTTP_") ||
	    str_starts(env, "HTTP_CONTENT_TYPE="))
		return NULL;
	env += strlen("HTTP_");
	line = arena_fmt(a, "%.*s: %s", (int)(eq - env), env, eq + 1);
	for (c = line; *c != ':'; c++)
		*c = *c == '_' ? '-' : chr_lower(*c);
	return line;
}

static const char *const *
header_lines(struct arena *a, const char *type, char *const *env)
{
	const char **lines = ARENA_ARRAY(a, LIM_HEADERS + 1, const char *);
	size_t n = 0;

	if (!str_empty(type))
		lines[n++] = arena_fmt(a, "content-type: %s", type);
	for (; env != NULL && *env != NULL && n < LIM_HEADERS; env++) {
		lines[n] = header_line(a, *env);
		/* who is logged in at the shop is none of a gateway's news */
		if (lines[n] != NULL && !str_starts(lines[n], "cookie:"))
			n++;
	}
	lines[n] = NULL;
	return lines;
}

static enum rc
notify(struct ctx *cx, struct response *rs, const char *order_no)
{
	const struct request *rq = rs->rq;
	struct notice_request in = {
	    .channel = path_param(rq, "channel"),
	    .order_no = order_no,
	    .method = rq->method_text,
	    .content_type = rq->content_type,
	    .headers = header_lines(cx->arena, rq->content_type, rq->env),
	    .query = span_str(rq->query_string),
	    .body = rq->body,
	};
	struct notice_reply out = {0};

	cx->actor = ACTOR_GATEWAY;
	cx->patient = true;
	settle_notice(cx, &in, &out);
	/* a name from the address is a label only where there is such a
	 * channel: a stranger must not fill the table of series */
	metric_add(METRIC_notices_total,
	    arena_fmt(cx->arena, "%s,%s", out.rc == RC_OK ? in.channel : "-",
		out.verdict),
	    1);
	if (out.rc != RC_OK)
		return out.rc;
	return respond_raw(
	    rs, (enum http_status)out.status, out.content_type, out.body);
}

enum rc
notify_channel(struct ctx *cx, struct response *rs)
{
	return notify(cx, rs, NULL);
}

enum rc
notify_order(struct ctx *cx, struct response *rs)
{
	return notify(cx, rs, path_param(rs->rq, "no"));
}
