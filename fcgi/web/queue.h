/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The waiting room in front of the checkout of a sale.  It asks no database:
 * a number, a place, and the page asks again by itself.
 */
#ifndef KS_WEB_QUEUE_H
#define KS_WEB_QUEUE_H

#include <stdint.h>

#include "base/rc.h"

struct response;

/* RC_NOTFOUND: it is his turn, or there is no queue: go on.  RC_OK: answered,
 * also who has drawn too many numbers. */
MUST_CHECK enum rc queue_checkout(struct response *rs);
/* The same for a form that was sent: its fields come back. */
MUST_CHECK enum rc queue_order(struct response *rs);

/* A form that has had its turn waits once more, for a moment. */
MUST_CHECK enum rc queue_moment(struct response *rs, uint64_t sku);

#endif
