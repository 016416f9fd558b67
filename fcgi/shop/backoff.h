/* SPDX-License-Identifier: Apache-2.0 */
/* When to try again what failed. */
#ifndef KS_SHOP_BACKOFF_H
#define KS_SHOP_BACKOFF_H

#include <stdint.h>

/* first_s, twice that, four times ... at most most_s, each plus up to a
 * quarter, so that what failed together does not come back together.
 * failed: failures before this one. */
int64_t backoff_at(
    int64_t now_us, unsigned failed, int64_t first_s, int64_t most_s);

/* Of messages and webhooks: with 20 attempts, the last is two days after the
 * first. */
enum { BACKOFF_FIRST_S = 10, BACKOFF_MOST_S = 6 * 3600, BACKOFF_ATTEMPTS = 20 };

#endif
