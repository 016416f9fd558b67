/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The merchant's own settings, edited on the panel: rows of cx->merchant.
 * (What the operator sets is base/settings.h and lives in a file.)
 */
#ifndef KS_STORE_SETTING_H
#define KS_STORE_SETTING_H

#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

struct setting_rec {
	const char *name, *value;
	unsigned version; /* 0: not set */
	uint64_t staff;
	int64_t updated;
};

/* RC_NOTFOUND: never set. */
MUST_CHECK enum rc setting_get(
    struct ctx *cx, const char *name, struct setting_rec *out);
MUST_CHECK enum rc setting_all(
    struct ctx *cx, const struct setting_rec **out, size_t *n);
/* version is the one that was read, 0 for a new one.  RC_CONFLICT: somebody
 * has changed it since. */
MUST_CHECK enum rc setting_put(struct ctx *cx, const char *name,
    const char *value, unsigned version, uint64_t staff);

#endif
