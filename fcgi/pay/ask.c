/* SPDX-License-Identifier: Apache-2.0 */
/* Outgoing calls of the gateways, and what they say to people. */
#include "pay/ask.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"

enum { HTTP_TOO_MANY = 429, HTTP_CONFLICT = 409 };

enum { STATUS_CLASS = 100 }; /* 2xx, 5xx */

bool
ask_good(int status)
{
	return status / STATUS_CLASS == 2;
}

bool
ask_unclear(int status)
{
	return status / STATUS_CLASS == 5 || status == HTTP_TOO_MANY ||
	       status == HTTP_CONFLICT;
}

enum rc
ask(struct ctx *cx, const char *gateway, const struct http_call *call,
    struct asked *out)
{
	enum rc rc = http_do(cx, call, &out->http);

	out->json = NULL;
	if (rc != RC_OK)
		return rc;
	if (json_read(cx->arena, out->http.body, &out->json) != RC_OK ||
	    json_kind(out->json) != JSON_T_OBJECT)
		out->json = NULL;
	if (out->json == NULL && out->http.body.n != 0)
		log_event(LOG_WARN, "gateway_answer",
		    LF_STR("gateway", gateway),
		    LF_INT("status", out->http.status),
		    LF_U64("bytes", out->http.body.n));
	return RC_OK;
}

static enum rc
ask_plain(struct ctx *cx, const char *gateway, const struct http_call *call,
    const struct json **out)
{
	struct asked answer;
	enum rc rc = ask(cx, gateway, call, &answer);

	if (rc != RC_OK)
		return rc;
	if (answer.http.status != PAY_HTTP_OK || answer.json == NULL)
		return RC_FAIL;
	*out = answer.json;
	return RC_OK;
}

enum rc
ask_form(struct ctx *cx, const char *gateway, const char *url,
    const struct params *p, const struct json **out)
{
	static const char *const headers[] = {
	    "Content-Type: application/x-www-form-urlencoded;charset=utf-8",
	    "Accept: application/json", NULL};
	struct http_call call = {
	    .method = "POST", .url = url, .headers = headers};
	struct buf b;

	buf_init(&b, cx->arena, LIM_PATH, LIM_BODY_FORM);
	params_encode(&b, p);
	if (b.bad)
		return RC_INVALID;
	call.body = (struct span){b.p, b.len};
	return ask_plain(cx, gateway, &call, out);
}

enum rc
ask_get(struct ctx *cx, const char *gateway, const char *url,
    const struct params *p, const struct json **out)
{
	static const char *const headers[] = {"Accept: application/json", NULL};
	struct http_call call = {.method = "GET", .headers = headers};
	struct buf b;

	buf_init(&b, cx->arena, LIM_PATH, LIM_QUERY);
	buf_str(&b, url);
	buf_chr(&b, '?');
	params_encode(&b, p);
	if (b.bad)
		return RC_INVALID;
	call.url = buf_text(&b);
	return ask_plain(cx, gateway, &call, out);
}

const char *
ask_said(struct ctx *cx, const struct json *j, const char *path)
{
	const char *said = j == NULL ? NULL : json_text(j, path);

	if (said == NULL || !utf8_line(span_str(said), PAY_SAID))
		return "";
	return arena_str(cx->arena, said);
}

void
ask_put(struct buf *b, const char *name, const char *value)
{
	json_put_name(b, name, b->len > 0 && b->p[b->len - 1] == '{');
	json_put_text(b, span_str(value));
}
