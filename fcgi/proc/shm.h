/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the master knows of its workers while they work: one slot each in
 * shared memory.  A worker writes its own slot, the master reads all.
 */
#ifndef KS_PROC_SHM_H
#define KS_PROC_SHM_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct worker_slot {
	_Atomic int64_t busy_since; /* monotonic us; 0: waiting */
	_Atomic uint64_t served;
};

/* n zeroed slots, or NULL.  Before fork. */
struct worker_slot *shm_slots(size_t n);
void shm_release(struct worker_slot *slots, size_t n);

#endif
