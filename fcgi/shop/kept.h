/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogue pages as they were rendered a moment ago. */
#ifndef KS_SHOP_KEPT_H
#define KS_SHOP_KEPT_H

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

/* RC_NOTFOUND: render it, then give it to kept_put(). */
MUST_CHECK enum rc kept_get(
    struct ctx *cx, const char *name, struct span *body);
void kept_put(struct ctx *cx, const char *name, struct span body);

#endif
