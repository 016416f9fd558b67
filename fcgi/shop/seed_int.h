/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of the seed share: the run, and readers of demo.hdf that say
 * which entry and which field is bad.
 */
#ifndef KS_SHOP_SEED_INT_H
#define KS_SHOP_SEED_INT_H

#include "base/num.h"
#include "base/vec.h"
#include "io/tmpl.h"
#include "shop/goods_edit.h"
#include "shop/seed.h"

struct known { /* a category */
	const char *slug;
	uint64_t id;
};

struct seed {
	struct ctx *cx;
	struct arena *top, *own; /* for the whole run; for one entry */
	struct seed_result *out;
	VEC(struct known) categories;
	unsigned decimals;
	const char *why;
};

/* "" when it is not there. */
const char *seed_get(struct hdf_doc *d, const char *name);
/* Node names cannot hold '-': they have '_'. */
const char *seed_slug(struct arena *a, struct hdf_doc *d);
/* RC_INVALID, with the reason in s->why. */
enum rc seed_bad(
    struct seed *s, struct hdf_doc *d, const char *field, const char *reason);
/* The same for an editor's RC_INVALID; any other rc passes. */
enum rc seed_bad_edit(
    struct seed *s, enum rc rc, struct hdf_doc *d, const struct edit_error *e);
MUST_CHECK enum rc seed_number(struct seed *s, struct hdf_doc *d,
    const char *name, unsigned dflt, unsigned *out);
MUST_CHECK enum rc seed_money(struct seed *s, struct hdf_doc *d,
    const char *name, unsigned decimals, struct money *out);
/* 0: there is none. */
uint64_t seed_category(const struct seed *s, const char *slug);

/* An entry of `goods`: product, inputs, SKUs, keys. */
MUST_CHECK enum rc seed_goods(struct seed *s, struct hdf_doc *d);

#endif
