/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns (turn.h): the virtual scheduling of a leaky bucket.  The next turn is
 * one interval after the last, but never more than a second in the past.
 */
#include "base/turn.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>

#include "base/bug.h"
#include "base/time.h"

enum { SALES = 256, RATE_BITS = 16 };

struct sale {
	_Atomic uint64_t key; /* SKU and rate; a later sale may push it out */
	_Atomic int64_t last; /* the turn given out last */
	_Atomic uint64_t numbers;
};

static struct sale own[SALES]; /* without shared memory */
static struct sale *sales = own;

enum rc
turn_open(void)
{
	void *p = mmap(NULL, SALES * sizeof(*sales), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return RC_FAIL;
	sales = p;
	return RC_OK;
}

void
turn_rate_set(uint64_t sku, unsigned per_s)
{
	struct sale *s = &sales[sku % SALES];
	uint64_t key = sku << RATE_BITS | per_s, old = atomic_load(&s->key);

	BUG_ON(per_s > TURN_RATE_MAX);
	if (key == old || (per_s == 0 && old >> RATE_BITS != sku))
		return;
	if (atomic_compare_exchange_strong(&s->key, &old, key) &&
	    old >> RATE_BITS != sku) {
		atomic_store(&s->last, 0);
		atomic_store(&s->numbers, 0);
	}
}

unsigned
turn_rate(uint64_t sku)
{
	uint64_t key =
	    atomic_load_explicit(&sales[sku % SALES].key, memory_order_relaxed);

	if (sku >> (64 - RATE_BITS) != 0 || key >> RATE_BITS != sku)
		return 0;
	return (unsigned)(key & TURN_RATE_MAX);
}

struct turn
turn_take(uint64_t sku, int64_t now_us)
{
	struct sale *s = &sales[sku % SALES];
	unsigned rate = turn_rate(sku);
	int64_t last = atomic_load(&s->last), from, at;

	if (rate == 0)
		return (struct turn){0, now_us};
	do {
		from = last < now_us - US_PER_S ? now_us - US_PER_S : last;
		at = from + US_PER_S / rate;
	} while (!atomic_compare_exchange_weak(&s->last, &last, at));
	return (struct turn){.number = atomic_fetch_add(&s->numbers, 1) + 1,
	    .at = at < now_us ? now_us : at};
}
