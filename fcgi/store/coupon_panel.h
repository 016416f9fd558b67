/* SPDX-License-Identifier: Apache-2.0 */
/* Coupons as the panel lists and makes them. */
#ifndef KS_STORE_COUPON_PANEL_H
#define KS_STORE_COUPON_PANEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"
#include "store/coupon.h"

/* All alike but for their codes, n of them.  RC_CONFLICT: a code is taken. */
MUST_CHECK enum rc coupon_add_many(struct ctx *cx, const struct coupon_new *c,
    const char *batch, const char *const *codes, size_t n);

struct coupon_row {
	uint64_t id;
	const char *code, *batch, *kind, *note;
	const char *product_name, *sku_name; /* "": any */
	int64_t value;
	struct money min, cap;
	unsigned uses_max, uses, per_contact;
	int64_t from, until, created;
	bool active;
};
/* batch NULL, code "": any; ids below `below', the newest first. */
MUST_CHECK enum rc coupon_rows(struct ctx *cx, uint64_t below,
    const char *batch, const char *code, unsigned max,
    const struct coupon_row **out, size_t *n);

struct coupon_batch_row {
	const char *name;
	uint64_t codes, uses, active;
};
MUST_CHECK enum rc coupon_batches(struct ctx *cx, unsigned max,
    const struct coupon_batch_row **out, size_t *n);

/* RC_CONFLICT: it is so already, or not there. */
MUST_CHECK enum rc coupon_switch(struct ctx *cx, uint64_t id, bool active);
/* How many changed. */
MUST_CHECK enum rc coupon_switch_batch(
    struct ctx *cx, const char *batch, bool active, uint64_t *n);

struct scope_row {
	uint64_t product, sku;
	const char *product_name, *sku_name, *sku_code;
};
/* SKUs, those of one product together. */
MUST_CHECK enum rc coupon_scopes(
    struct ctx *cx, unsigned max, const struct scope_row **out, size_t *n);

#endif
