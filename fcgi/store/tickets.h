/* SPDX-License-Identifier: Apache-2.0 */
/* Counters of tickets in memcached, one an SKU (shop/ticket.h). */
#ifndef KS_STORE_TICKETS_H
#define KS_STORE_TICKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

/* RC_OK: taken.  RC_CONFLICT: fewer are left.  RC_NOTFOUND: nothing is counted
 * or nobody answers. */
MUST_CHECK enum rc tickets_take(struct ctx *cx, uint64_t sku, unsigned n);
void tickets_give(struct ctx *cx, uint64_t sku, unsigned n);
/* Where none are counted; false: they are, or nobody answers. */
bool tickets_start(struct ctx *cx, uint64_t sku, uint64_t left, int64_t ttl_s);
void tickets_end(struct ctx *cx, uint64_t sku);

#endif
