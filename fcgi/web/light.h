/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page that says "not now" about an SKU: sold out, not yet, over.  It is
 * rendered once for each language and theme and kept by the worker; what a
 * buyer typed is put into its gaps, escaped, so that it can be sent again and
 * nothing of one buyer stays for the next.
 */
#ifndef KS_WEB_LIGHT_H
#define KS_WEB_LIGHT_H

#include "base/arena.h"
#include "base/gate.h"
#include "base/rc.h"
#include "shop/catalogue.h"

struct response;
struct light_store;

struct light_store *light_new(struct arena *keep);

/* The answer without a database.  RC_NOTFOUND: the SKU may be for sale, or
 * there is no page yet: go on. */
MUST_CHECK enum rc light_checkout(struct response *rs);
MUST_CHECK enum rc light_order(struct response *rs);

/* The answer for goods that were just read from the rows; others get it for a
 * moment.  retry: a form that was sent comes back with its fields. */
MUST_CHECK enum rc light_make(struct response *rs, const struct product *p,
    const struct sku *s, enum gate_why why, bool retry);

#endif
