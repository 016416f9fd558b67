/* SPDX-License-Identifier: Apache-2.0 */
/* The merchant's own row and its pages of text. */
#ifndef KS_STORE_CONTENT_H
#define KS_STORE_CONTENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

struct shop_rec {
	const char *name, *currency, *state, *notice;
};
/* Name and notice in lang where given. */
MUST_CHECK enum rc shop_get(
    struct ctx *cx, const char *lang, struct shop_rec *out);

struct content_rec {
	const char *lang, *title, *body_md, *body_html;
	int64_t updated;
};
/* In lang, else in fallback. */
MUST_CHECK enum rc content_get(struct ctx *cx, const char *slug,
    const char *lang, const char *fallback, struct content_rec *out);

#endif
