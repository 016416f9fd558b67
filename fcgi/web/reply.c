/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From outcome to answer: rc to status, status to phrase and template.
 *
 * An error page must come even when the database, the templates or half the
 * request are broken, so every step down has something simpler below it, and
 * the last one is a line of plain text.
 */
#include "web/reply.h"

#include "base/bug.h"
#include "base/limits.h"
#include "base/log.h"
#include "web/response.h"
#include "web/router.h"
#include "web/view.h"
#include "web/web.h"

/* clang-format off */
static const enum http_status status_of[RC__N] = {
	[RC_OK]       = HTTP_OK,
	[RC_NOTFOUND] = HTTP_NOT_FOUND,
	[RC_INVALID]  = HTTP_INVALID,
	[RC_DENIED]   = HTTP_FORBIDDEN,
	[RC_CONFLICT] = HTTP_CONFLICT,
	[RC_BUSY]     = HTTP_BUSY,
	[RC_FAIL]     = HTTP_FAULT,
};

static const struct answer {
	enum http_status status;
	const char *phrase;
	const char *tpl; /* NULL: never an error page */
} answers[] = {
	{ HTTP_OK,                "OK",                  NULL },
	{ HTTP_NO_CONTENT,        "No Content",          NULL },
	{ HTTP_FOUND,             "Found",               NULL },
	{ HTTP_SEE_OTHER,         "See Other",           NULL },
	{ HTTP_NOT_MODIFIED,      "Not Modified",        NULL },
	{ HTTP_BAD_REQUEST,       "Bad Request",         "error/badrequest.cs" },
	{ HTTP_FORBIDDEN,         "Forbidden",           "error/denied.cs" },
	{ HTTP_NOT_FOUND,         "Not Found",           "error/notfound.cs" },
	{ HTTP_BAD_METHOD,        "Method Not Allowed",  "error/method.cs" },
	{ HTTP_CONFLICT,          "Conflict",            "error/conflict.cs" },
	{ HTTP_GONE,              "Gone",                "error/gone.cs" },
	{ HTTP_LENGTH_REQUIRED,   "Length Required",     "error/badrequest.cs" },
	{ HTTP_TOO_LARGE,         "Content Too Large",   "error/toolarge.cs" },
	{ HTTP_URI_TOO_LONG,      "URI Too Long",        "error/badrequest.cs" },
	{ HTTP_BAD_TYPE,          "Unsupported Media Type", "error/badrequest.cs" },
	{ HTTP_INVALID,           "Unprocessable Content", "error/invalid.cs" },
	{ HTTP_TOO_MANY,          "Too Many Requests",   "error/toomany.cs" },
	{ HTTP_HEADERS_TOO_LARGE, "Request Header Fields Too Large", "error/badrequest.cs" },
	{ HTTP_FAULT,             "Internal Server Error", "error/fault.cs" },
	{ HTTP_BUSY,              "Service Unavailable", "error/busy.cs" },
};
/* clang-format on */

static const struct answer *
answer_of(enum http_status status)
{
	size_t i;

	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (answers[i].status == status)
			return &answers[i];
	return NULL;
}

enum http_status
reply_status_of(enum rc rc)
{
	BUG_ON(rc >= RC__N);
	return status_of[rc];
}

const char *
reply_phrase(enum http_status status)
{
	const struct answer *a = answer_of(status);

	return a == NULL ? "Answer" : a->phrase;
}

/* Gateways, monitors and scripts read no HTML. */
static bool
wants_text(const struct request *rq)
{
	const struct route *r = rq->route;

	if (str_ends(rq->path, ".json"))
		return true;
	return r != NULL &&
	       (r->who == WHO_GATEWAY || r->who == WHO_API ||
		   r->who == WHO_LOOPBACK || r->pool == POOL_EVERY);
}

static void
clear(struct response *rs, enum http_status status)
{
	rs->status = status;
	rs->cache = CACHE_NEVER;
	rs->for_all = false;
	rs->n_headers = rs->n_cookies = 0;
	rs->data = tnode_new(rs->cx->arena);
	rs->location = NULL;
	buf_init(&rs->body, rs->cx->arena, 0, LIM_RESPONSE);
}

static void
plain(struct response *rs, const struct answer *a)
{
	rs->type = "text/plain; charset=utf-8";
	buf_init(&rs->body, rs->cx->arena, 0, LIM_RESPONSE);
	buf_fmt(&rs->body, "%d %s\nrequest %s\n", (int)a->status, a->phrase,
	    rs->rq->id);
}

void
reply_error(struct response *rs, enum http_status status)
{
	const struct answer *a = answer_of(status);

	BUG_ON(a == NULL || a->tpl == NULL);
	clear(rs, status);
	if (status == HTTP_BUSY && rs->retry_s == 0)
		rs->retry_s = 2;
	if (wants_text(rs->rq) || rs->web->tmpl == NULL) {
		plain(rs, a);
		return;
	}
	if (view_error(rs, a->tpl) != RC_OK)
		plain(rs, a);
}

void
reply_rc(struct response *rs, enum rc rc)
{
	if (rc == RC_OK)
		return;
	if (rc == RC_FAIL || rc == RC_BUSY)
		log_event(LOG_WARN, "request_failed", LF_STR("rc", rc_name(rc)),
		    LF_STR("path", rs->rq->path));
	reply_error(rs, status_of[rc]);
}
