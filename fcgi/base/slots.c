/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Process ids in shared memory, taken by compare and swap.  No wait queue: who
 * finds none answers "busy" and the caller tries again.
 */
#include "base/slots.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bug.h"

static _Atomic int own[1]; /* without shared memory */
static _Atomic int *slot = own;
static size_t n_slots = 1;

enum rc
slots_open(size_t n)
{
	void *p;

	if (n < 1)
		n = 1;
	if (n > SLOTS_MAX)
		n = SLOTS_MAX;
	p = mmap(NULL, n * sizeof(*slot), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return RC_FAIL;
	slot = p; /* zeroed: nobody has process id 0 */
	n_slots = n;
	return RC_OK;
}

int
slots_take(void)
{
	int me = (int)getpid(), holder;
	size_t i;

	for (i = 0; i < n_slots; i++) {
		holder = atomic_load(&slot[i]);
		if (holder != 0 &&
		    (holder == me || kill(holder, 0) == 0 || errno != ESRCH))
			continue;
		if (atomic_compare_exchange_strong(&slot[i], &holder, me))
			return (int)i;
	}
	return -1;
}

void
slots_give(int i)
{
	int me = (int)getpid();

	BUG_ON(i < 0 || (size_t)i >= n_slots);
	BUG_ON(!atomic_compare_exchange_strong(&slot[i], &me, 0));
}
