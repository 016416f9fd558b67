/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a browser has proved: orders it opened by a mailed link or a lookup
 * password keep their link token in one cookie, so that the pay page, the
 * download and the polling of such an order work without the token in every
 * address.  The newest come first; the oldest fall out.
 */
#ifndef KS_WEB_GRANT_H
#define KS_WEB_GRANT_H

#include "base/arena.h"
#include "base/str.h"

struct response;

#define COOKIE_GRANT "ks_o"
enum { GRANTS_MAX = 4 };

/* The link token kept for this order, or NULL. */
const char *grant_find(struct response *rs, const char *order_no);
/* Keeps it (a cookie of this answer). */
void grant_keep(struct response *rs, const char *order_no, const char *token);

/* Pure, for the two above: "NO.token~NO.token".  What does not read is
 * skipped. */
const char *grant_in(struct arena *a, struct span cookie, const char *order_no);
const char *grant_with(struct arena *a, struct span cookie,
    const char *order_no, const char *token);

#endif
