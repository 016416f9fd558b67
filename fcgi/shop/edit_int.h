/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the editors of goods_edit.h share.  A check returns false and notes
 * field and reason; checks are joined by &&, so the first bad field is the
 * one that is told.
 */
#ifndef KS_SHOP_EDIT_INT_H
#define KS_SHOP_EDIT_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/rc.h"
#include "io/ctx.h"
#include "shop/goods_edit.h"

bool edit_fail(struct edit_error *why, const char *field, const char *reason);

enum need { MAY_BE_EMPTY, NEEDED };
/* One line, at most max code points. */
bool edit_line(struct edit_error *why, const char *field, const char *s,
    size_t max, enum need need);
/* Several lines, at most max bytes. */
bool edit_lines(
    struct edit_error *why, const char *field, const char *s, size_t max);
/* [a-z0-9] and '-' inside. */
bool edit_slug(struct edit_error *why, const char *slug);
/* [0-9A-Za-z] and extra; may be "". */
bool edit_token(struct edit_error *why, const char *field, const char *s,
    const char *extra, size_t max);
/* One word of "a|b|c". */
bool edit_choice(struct edit_error *why, const char *field, const char *s,
    const char *choices);
bool edit_range(struct edit_error *why, const char *field, int64_t v,
    int64_t min, int64_t max);

/* "" for NULL. */
const char *edit_text(const char *s);
/* Eight characters that nobody chose, lower case. */
const char *edit_drawn(struct ctx *cx);

/* The audit's detail: only what differs. */
void diff_text(
    struct buf *b, const char *field, const char *old, const char *now);
void diff_int(struct buf *b, const char *field, int64_t old, int64_t now);
/* "product:12". */
const char *edit_object(struct ctx *cx, const char *kind, uint64_t id);

/* Inside tx_run(): the product's search words, made of what is in the
 * database by now. */
MUST_CHECK enum rc edit_reindex(struct ctx *cx, uint64_t product);

#endif
