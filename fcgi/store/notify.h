/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of notify_template: a shop's own words in mails. */
#ifndef KS_STORE_NOTIFY_H
#define KS_STORE_NOTIFY_H

#include <stddef.h>

#include "base/rc.h"
#include "io/ctx.h"

struct notify_row {
	const char *kind, *lang, *subject, *body;
};
/* RC_NOTFOUND: the shop has none of its own. */
MUST_CHECK enum rc notify_get(
    struct ctx *cx, const char *kind, const char *lang, struct notify_row *out);
MUST_CHECK enum rc notify_list(
    struct ctx *cx, const struct notify_row **out, size_t *n);
MUST_CHECK enum rc notify_put(struct ctx *cx, const struct notify_row *r);
/* RC_CONFLICT: there was none. */
MUST_CHECK enum rc notify_remove(
    struct ctx *cx, const char *kind, const char *lang);

#endif
