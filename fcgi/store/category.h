/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of category. */
#ifndef KS_STORE_CATEGORY_H
#define KS_STORE_CATEGORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

struct category_rec {
	uint64_t id, parent;
	const char *slug, *name, *summary, *icon;
	int sort;
	bool hidden;
	unsigned version;
	uint64_t products; /* on sale, directly in it */
};

/* All of the shop, hidden ones too, by (sort, id); names in lang where given
 * ("" the shop's own). */
MUST_CHECK enum rc category_all(struct ctx *cx, const char *lang,
    const struct category_rec **out, size_t *n);

#endif
