/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work before an order (shop/work.h) as a form carries it: asked for at the
 * checkout, looked at before tickets and rows.
 */
#ifndef KS_WEB_WORK_H
#define KS_WEB_WORK_H

#include <stdint.h>

#include "base/rc.h"
#include "shop/work.h"

struct response;

/* Is the form's work done?  RC_NOTFOUND: yes, or none is asked for: go on;
 * *passed is the level that it was good for.  RC_OK: answered with a page that
 * has the form in it and asks again.
 * The first by what is known of the SKU without a database, the second by
 * what the rows say; a form is not asked twice for the same. */
MUST_CHECK enum rc work_order(struct response *rs, enum work_level *passed);
MUST_CHECK enum rc work_ask(struct response *rs, uint64_t sku,
    enum work_level level, enum work_level *passed);

/* Work {Value Bits Wait Noscript} for a page with the form, and the token that
 * goes with it: those that were sent where they are good, so that nobody works
 * or waits twice, else new ones. */
const char *work_show(struct response *rs, uint64_t sku, enum work_level level);

#endif
