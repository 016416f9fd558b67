/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One mail by SMTP (libcurl) or into a file (mail_transport = file).  Called
 * by keystall-jobs only, never inside a request or a transaction.
 */
#ifndef KS_IO_MAIL_H
#define KS_IO_MAIL_H

#include "base/rc.h"
#include "io/ctx.h"

struct mail {
	const char *to;         /* one address, checked by
				 * mail_address_ok() of base/email.h */
	const char *subject;    /* UTF-8, no line breaks; encoded by RFC 2047 */
	const char *text;       /* UTF-8 */
	const char *html;       /* or NULL */
	const char *message_id; /* unique part, e.g. outbox id: repeats of one
				 * message carry the same Message-ID */
};

/* False: mail_transport is off, nothing will be sent. */
bool mail_on(const struct ctx *cx);

/* RC_INVALID: the address or subject cannot be sent.  RC_BUSY: try later.
 * RC_NOTFOUND: mail_transport is off. */
MUST_CHECK enum rc mail_send(struct ctx *cx, const struct mail *m);

#endif
