/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table in shared memory, without locks (seen.h).  An entry is two words,
 * the count and a part of its name, the time and the same part; a reader who
 * finds halves of two entries sees that they do not fit, by the SKU or by the
 * low bits of the time.
 *
 *	count   count 16 | time 16 | SKU 32
 *	time    time in ms 32 | SKU 32
 */
#include "base/seen.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>

#include "base/time.h"

enum { PLACES = 8192 };

struct entry {
	_Atomic uint64_t count, time;
};

static struct entry own[PLACES]; /* without shared memory */
static struct entry *table = own;

enum rc
seen_open(void)
{
	void *p = mmap(NULL, sizeof(own), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return RC_FAIL;
	table = p;
	return RC_OK;
}

bool
seen_get(uint64_t sku, int64_t now, uint64_t *n, int64_t *at)
{
	struct entry *e = &table[sku % PLACES];
	uint64_t time = atomic_load(&e->time), count = atomic_load(&e->count);
	uint64_t ms = (uint64_t)(now / US_PER_MS);
	/* unsigned 32 bits: right over their end, too */
	uint32_t age = (uint32_t)ms - (uint32_t)(time >> 32);

	if (sku == 0 || sku > UINT32_MAX || (uint32_t)time != sku ||
	    (uint32_t)count != sku || ((count ^ time) >> 32 & 0xffff) != 0 ||
	    age > SEEN_US / US_PER_MS)
		return false;
	*n = count >> 48;
	*at = ((int64_t)ms - age) * US_PER_MS; /* never too young */
	return true;
}

void
seen_put(uint64_t sku, int64_t at, uint64_t n)
{
	struct entry *e = &table[sku % PLACES];
	uint64_t ms = (uint64_t)(at / US_PER_MS);

	if (sku == 0 || sku > UINT32_MAX || n > SEEN_COUNT_MAX)
		return;
	atomic_store(&e->count, n << 48 | (ms & 0xffff) << 32 | sku);
	atomic_store(&e->time, (ms & UINT32_MAX) << 32 | sku);
}
