/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of coupon. */
#ifndef KS_STORE_COUPON_H
#define KS_STORE_COUPON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"

struct coupon_rec {
	uint64_t id;
	const char *kind; /* fixed, percent */
	int64_t value;    /* minor units, or 1/100 percent */
	struct money min, cap;
	uint64_t product, sku; /* 0: any */
	unsigned uses_max, uses, per_contact;
	int64_t from, until; /* 0: open */
	bool active;
};

/* code in upper case; from the primary. */
MUST_CHECK enum rc coupon_by_code(
    struct ctx *cx, const char *code, struct coupon_rec *out);

struct coupon_new {
	const char *code, *kind, *note;
	int64_t value;
	struct money min, cap;
	uint64_t product, sku;
	unsigned uses_max, per_contact;
	int64_t from, until;
};
/* RC_CONFLICT: the code is taken. */
MUST_CHECK enum rc coupon_add(struct ctx *cx, const struct coupon_new *c);

#endif
