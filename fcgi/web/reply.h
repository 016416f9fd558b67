/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How an outcome becomes an HTTP status and a page: the only place.  Status
 * numbers are written nowhere else; handlers use these names.
 */
#ifndef KS_WEB_REPLY_H
#define KS_WEB_REPLY_H

#include "base/rc.h"

struct response;

enum http_status {
	HTTP_PASS = 0, /* guards: go on */
	HTTP_OK = 200,
	HTTP_NO_CONTENT = 204,
	HTTP_FOUND = 302,
	HTTP_SEE_OTHER = 303,
	HTTP_NOT_MODIFIED = 304,
	HTTP_BAD_REQUEST = 400,
	HTTP_FORBIDDEN = 403,
	HTTP_NOT_FOUND = 404,
	HTTP_BAD_METHOD = 405,
	HTTP_CONFLICT = 409,
	HTTP_GONE = 410,
	HTTP_LENGTH_REQUIRED = 411,
	HTTP_TOO_LARGE = 413,
	HTTP_URI_TOO_LONG = 414,
	HTTP_BAD_TYPE = 415,
	HTTP_INVALID = 422,
	HTTP_TOO_MANY = 429,
	HTTP_HEADERS_TOO_LARGE = 431,
	HTTP_FAULT = 500,
	HTTP_BUSY = 503
};

/* The status an rc becomes. */
enum http_status reply_status_of(enum rc rc);
/* For the status line; a number of a gateway's own gets a plain word. */
const char *reply_phrase(enum http_status status);

/* Throws away what the handler wrote and answers with the error page of the
 * status (template error/<name>.cs; plain text when that fails, too).
 * Never fails, needs no database. */
void reply_error(struct response *rs, enum http_status status);
/* The dispatcher, after the handler: RC_OK leaves rs alone. */
void reply_rc(struct response *rs, enum rc rc);

#endif
