/* SPDX-License-Identifier: Apache-2.0 */
/* Worker slots (shm.h): anonymous memory, inherited over fork, gone with the
 * last process. */
#include "proc/shm.h"

#include <sys/mman.h>

struct worker_slot *
shm_slots(size_t n)
{
	void *p = mmap(NULL, n * sizeof(struct worker_slot),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void
shm_release(struct worker_slot *slots, size_t n)
{
	if (slots != NULL)
		munmap(slots, n * sizeof(*slots));
}
