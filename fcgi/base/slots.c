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

static _Atomic int own[SLOTS__N]; /* without shared memory */
static struct set {
	_Atomic int *slot;
	size_t n;
} sets[SLOTS__N] = {
    [SLOTS_HASH] = {&own[SLOTS_HASH], 1},
    [SLOTS_GATEWAY] = {&own[SLOTS_GATEWAY], 1},
};

enum rc
slots_open(enum slots_of what, size_t n)
{
	void *p;

	if (n < 1)
		n = 1;
	if (n > SLOTS_MAX)
		n = SLOTS_MAX;
	p = mmap(NULL, n * sizeof(*own), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return RC_FAIL;
	/* zeroed: nobody has process id 0 */
	sets[what] = (struct set){p, n};
	return RC_OK;
}

int
slots_take(enum slots_of what)
{
	_Atomic int *slot = sets[what].slot;
	int me = (int)getpid(), holder;
	size_t i;

	for (i = 0; i < sets[what].n; i++) {
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
slots_give(enum slots_of what, int i)
{
	int me = (int)getpid();

	BUG_ON(i < 0 || (size_t)i >= sets[what].n);
	BUG_ON(!atomic_compare_exchange_strong(&sets[what].slot[i], &me, 0));
}
