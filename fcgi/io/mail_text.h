/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a message; for mail.c and its test. */
#ifndef KS_IO_MAIL_TEXT_H
#define KS_IO_MAIL_TEXT_H

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"
#include "io/mail.h"

/* m is checked.  RC_INVALID: too long. */
MUST_CHECK enum rc mail_message(
    struct ctx *cx, const struct mail *m, struct span *out);

#endif
