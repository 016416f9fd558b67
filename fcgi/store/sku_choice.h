/* SPDX-License-Identifier: Apache-2.0 */
/* SKUs to choose from on a form. */
#ifndef KS_STORE_SKU_CHOICE_H
#define KS_STORE_SKU_CHOICE_H

#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

struct sku_choice {
	uint64_t id;
	const char *code, *name, *product_name;
};
MUST_CHECK enum rc sku_choices(
    struct ctx *cx, unsigned max, const struct sku_choice **out, size_t *n);

#endif
