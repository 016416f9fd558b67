/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking a gateway: one call, one JSON answer.  What is not a JSON object is
 * logged by status and size only, since a body may hold keys.
 */
#ifndef KS_PAY_ASK_H
#define KS_PAY_ASK_H

#include <stdbool.h>

#include "io/httpc.h"
#include "io/json.h"
#include "pay/gateway.h"
#include "pay/params.h"

struct asked {
	struct http_answer http;
	const struct json *json; /* an object, or NULL */
};

/* A status of 2xx; and one after which nobody knows what was done. */
bool ask_good(int status);
bool ask_unclear(int status);

/* Any status, any body: the caller looks.  gateway is for the log. */
MUST_CHECK enum rc ask(struct ctx *cx, const char *gateway,
    const struct http_call *call, struct asked *out);
/* A form by POST, for gateways that answer everything with 200 and JSON:
 * anything else is RC_FAIL. */
MUST_CHECK enum rc ask_form(struct ctx *cx, const char *gateway,
    const char *url, const struct params *p, const struct json **out);
/* The same by GET, the parameters in the query. */
MUST_CHECK enum rc ask_get(struct ctx *cx, const char *gateway, const char *url,
    const struct params *p, const struct json **out);
/* "name":"value" into an object that is being written, with a comma unless it
 * is the first member. */
void ask_put(struct buf *b, const char *name, const char *value);
/* Text of a foreign answer that people may see: one line, or "". */
const char *ask_said(struct ctx *cx, const struct json *j, const char *path);

#endif
