/* SPDX-License-Identifier: Apache-2.0 */
/* Names of what exists, for the filter of shop/known.c: primary reads. */
#ifndef KS_STORE_KNOWN_H
#define KS_STORE_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

struct slug_rec {
	bool category; /* or a product, in any state */
	const char *slug;
};
/* At most max of them, in no order. */
MUST_CHECK enum rc known_slugs(
    struct ctx *cx, size_t max, const struct slug_rec **out, size_t *n);

struct order_name {
	const char *no;
	int64_t created; /* orders_made_since() only */
};
/* The next max numbers after that one; "" is before all. */
MUST_CHECK enum rc orders_after(struct ctx *cx, const char *after, size_t max,
    const struct order_name **out, size_t *n);
/* The oldest max of those made at that time or later. */
MUST_CHECK enum rc orders_made_since(struct ctx *cx, int64_t since_us,
    size_t max, const struct order_name **out, size_t *n);

#endif
