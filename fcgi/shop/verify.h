/* SPDX-License-Identifier: Apache-2.0 */
/* The invariants of a shop that must hold, as read-only queries. */
#ifndef KS_SHOP_VERIFY_H
#define KS_SHOP_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"
#include "shop/audit.h"

struct invariant {
	const char *id;   /* "I1" */
	const char *text; /* what it says */
	enum rc rc;       /* RC_OK: it was looked at */
	uint64_t violations;
	const char *example; /* one offending row, by number or id */
};

/* I1 .. I14 in order; I15 and I16 (nothing acknowledged is lost, no secret in
 * clear) need what only a test run knows. */
MUST_CHECK enum rc verify_all(
    struct ctx *cx, const struct invariant **out, size_t *n);
/* The same; I12 as audit_check_since().  *now is of use when I12 holds. */
MUST_CHECK enum rc verify_since(struct ctx *cx, const struct audit_mark *was,
    struct audit_mark *now, const struct invariant **out, size_t *n);

#endif
