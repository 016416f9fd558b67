/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Coupons on the panel: one, or a batch of codes that nobody can guess; off
 * and on again; the codes as CSV.  What one is worth never changes after it
 * was made: orders refer to it.  Using them is the purchase's business.
 */
#ifndef KS_SHOP_COUPON_H
#define KS_SHOP_COUPON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"
#include "shop/goods_edit.h"

enum {
	COUPON_BATCH_MAX = 5000,  /* codes made at once */
	COUPON_EXPORT_MAX = 50000 /* codes of one file */
};

struct coupon_edit {
	const char *code;  /* "": drawn */
	const char *batch; /* with count > 1 */
	const char *prefix, *note;
	const char *kind; /* fixed, percent */
	int64_t value;    /* minor units, or 1/100 percent */
	struct money min, cap;
	const char *scope; /* "", "p12", "s34" */
	unsigned count, uses_max, per_contact;
	int64_t from, until;
};
/* RC_INVALID: *why. */
MUST_CHECK enum rc coupon_create(
    struct ctx *cx, const struct coupon_edit *c, struct edit_error *why);

struct coupon {
	uint64_t id;
	const char *code, *batch, *kind, *note, *product_name, *sku_name;
	int64_t value;
	struct money min, cap;
	unsigned uses_max, uses, per_contact;
	int64_t from, until, created;
	bool active;
};
/* batch NULL, code "": any; below = 0: from the newest. */
MUST_CHECK enum rc coupon_list(struct ctx *cx, uint64_t below,
    const char *batch, const char *code, unsigned max,
    const struct coupon **out, size_t *n);
struct coupon_batch {
	const char *name;
	uint64_t codes, uses, active;
};
MUST_CHECK enum rc coupon_batch_list(
    struct ctx *cx, const struct coupon_batch **out, size_t *n);

MUST_CHECK enum rc coupon_set_active(struct ctx *cx, uint64_t id, bool active);
MUST_CHECK enum rc coupon_set_batch_active(
    struct ctx *cx, const char *batch, bool active);
/* Codes, uses and terms as CSV; audited.  RC_INVALID: more than fit. */
MUST_CHECK enum rc coupon_export(
    struct ctx *cx, const char *batch, struct buf *out);

struct coupon_scope {
	const char *value, *name;
};
MUST_CHECK enum rc coupon_scope_list(
    struct ctx *cx, const struct coupon_scope **out, size_t *n);

#endif
