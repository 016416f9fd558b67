/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Outgoing HTTP by libcurl, for gateways and webhooks.  TLS verified, no
 * redirects, bounded answer, private addresses refused unless
 * gateway_private_hosts.  Never inside a transaction (BUG).
 *
 * A host that does not answer has a breaker (base/breaker.h), and while a
 * visitor waits, so few workers call at the same time and for so short that
 * the others go on serving: both refuse with RC_BUSY, before any byte was
 * sent.
 */
#ifndef KS_IO_HTTPC_H
#define KS_IO_HTTPC_H

#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

struct http_call {
	const char *method; /* "GET", "POST" */
	const char *url;
	const char *const
	    *headers; /* "Name: value", NULL-terminated; or NULL */
	struct span body;
	unsigned timeout_ms; /* whole call; 0: 8000 */
	unsigned body_max;   /* of the answer; 0, or more: 1 MiB */
	/* To a stranger's address: webhook_private_hosts decides instead of
	 * gateway_private_hosts, on a connection of its own. */
	bool webhook;
};

struct http_answer {
	int status;
	struct span body; /* in the request arena, at most 1 MiB */
	const char *const
	    *headers; /* "name: value" lower-case names, NULL end */
};

/* RC_OK: an answer arrived, whatever its status.  RC_BUSY: no answer in time
 * or connection lost: a POST has an unknown outcome, ask before repeating.
 * RC_DENIED: the address is not allowed.  RC_FAIL: anything else. */
MUST_CHECK enum rc http_do(
    struct ctx *cx, const struct http_call *call, struct http_answer *out);
/* Calls so far that may have reached their host.  What did not count did not
 * leave the house: no free slot, an open breaker, no connection. */
uint64_t http_tried(void);
const char *http_answer_header(const struct http_answer *a, const char *name);

/* In a child after fork: the parent's connections stay the parent's. */
void http_child(void);

/* Tests put their own function in the way; NULL restores. */
typedef enum rc (*http_fn)(
    struct ctx *cx, const struct http_call *call, struct http_answer *out);
void http_replace(http_fn fn);

#endif
