/* SPDX-License-Identifier: Apache-2.0 */
/* Doubling waits with jitter. */
#include "shop/backoff.h"

#include "base/time.h"
#include "io/crypt.h"

int64_t
backoff_at(int64_t now_us, unsigned failed, int64_t first_s, int64_t most_s)
{
	int64_t wait = first_s, jitter;

	while (failed-- > 0 && wait < most_s)
		wait *= 2;
	if (wait > most_s)
		wait = most_s;
	jitter =
	    (int64_t)(crypt_random_u64() % (uint64_t)(wait * US_PER_S / 4));
	return now_us + wait * US_PER_S + jitter;
}
