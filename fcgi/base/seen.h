/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many free cards an SKU had when somebody last counted: for a moment all
 * workers of a master show that number instead of counting again.  For what
 * is shown only; what decides counts rows.
 */
#ifndef KS_BASE_SEEN_H
#define KS_BASE_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rc.h"

enum { SEEN_US = 500 * 1000, SEEN_COUNT_MAX = 65535 };

/* Shared memory; call once before fork.  Before that, or when it fails
 * (RC_FAIL), a process remembers for itself. */
MUST_CHECK enum rc seen_open(void);

/* Times are UTC us.  *n was counted at *at, at most SEEN_US ago. */
bool seen_get(uint64_t sku, int64_t now, uint64_t *n, int64_t *at);
/* n of more than SEEN_COUNT_MAX are not remembered. */
void seen_put(uint64_t sku, int64_t at, uint64_t n);

#endif
