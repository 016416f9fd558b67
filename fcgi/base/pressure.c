/* SPDX-License-Identifier: Apache-2.0 */
/* The length of the listen queue, shared (pressure.h). */
#include "base/pressure.h"

#include <stdatomic.h>
#include <sys/mman.h>

static _Atomic int unknown = -1; /* without shared memory */
static _Atomic int *waiting = &unknown;

enum rc
pressure_open(void)
{
	void *p = mmap(NULL, sizeof(*waiting), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return RC_FAIL;
	waiting = p;
	pressure_set(-1);
	return RC_OK;
}

void
pressure_set(int n)
{
	atomic_store_explicit(waiting, n, memory_order_relaxed);
}

int
pressure_waiting(void)
{
	return atomic_load_explicit(waiting, memory_order_relaxed);
}

bool
pressure_too_late(int64_t waited_ms, int64_t most_ms, int64_t workers)
{
	int n = pressure_waiting();

	if (most_ms == 0 || waited_ms <= most_ms)
		return false;
	return n < 0 || n >= workers;
}
