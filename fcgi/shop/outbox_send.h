/* SPDX-License-Identifier: Apache-2.0 */
/* What each kind of outbox message does when it is sent: a table. */
#ifndef KS_SHOP_OUTBOX_SEND_H
#define KS_SHOP_OUTBOX_SEND_H

#include <stdbool.h>

#include "base/rc.h"
#include "io/ctx.h"
#include "store/outbox_read.h"

/* RC_OK: done.  RC_BUSY, RC_FAIL: try again later.  RC_INVALID, RC_NOTFOUND:
 * it will never work.  *why is one line for people. */
typedef enum rc (*outbox_fn)(
    struct ctx *cx, const struct outbox_row *m, const char **why);

outbox_fn outbox_sender(const char *kind); /* NULL: unknown kind */

/* Sending it again would be noticed by somebody: it must be marked as done at
 * once.  What stays in the house is marked with its batch. */
bool outbox_leaves(const struct ctx *cx, const char *kind);

/* Sending it does nothing at all: for receivers of events it was written, or
 * for a mail, and mail is off. */
bool outbox_rests(const struct ctx *cx, const char *kind);

/* shop/mail_order.c */
bool send_mail_goes(const struct ctx *cx); /* false: mail is off */
MUST_CHECK enum rc send_mail_test(
    struct ctx *cx, const struct outbox_row *m, const char **why);
MUST_CHECK enum rc send_mail_order(
    struct ctx *cx, const struct outbox_row *m, const char **why);
MUST_CHECK enum rc send_mail_refund(
    struct ctx *cx, const struct outbox_row *m, const char **why);

#endif
