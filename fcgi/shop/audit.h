/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log: one hash chain a merchant; rows are written in the same
 * transaction as what they tell. */
#ifndef KS_SHOP_AUDIT_H
#define KS_SHOP_AUDIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"
#include "shop/catalogue.h"

/* Inside tx_run().  action: "product.save"; object: "product:12"; detail:
 * before and after, never a secret. */
MUST_CHECK enum rc audit_add(
    struct ctx *cx, const char *action, const char *object, const char *detail);

struct audit_row {
	uint64_t seq;
	int64_t at;
	const char *actor, *action, *object, *address, *detail;
};
MUST_CHECK enum rc audit_list(struct ctx *cx, const char *object,
    struct page *page, const struct audit_row **out, size_t *n);
/* RC_OK: the chain verifies from its beginning; RC_INVALID: *bad is the
 * first row that does not. */
MUST_CHECK enum rc audit_check(struct ctx *cx, uint64_t *rows, uint64_t *bad);

/* Where the chain stood.  Kept outside of the database it also tells that
 * rows and head were set back together. */
struct audit_mark {
	uint64_t seq;
	uint8_t hash[32];
};
/* The same, and the chain goes through `was` (NULL: not asked); *now is its
 * end. */
MUST_CHECK enum rc audit_check_since(struct ctx *cx,
    const struct audit_mark *was, struct audit_mark *now, uint64_t *bad);

#endif
