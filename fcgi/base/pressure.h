/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many requests wait in front of the workers, as the master last saw it
 * (ten times a second), for the workers to read.
 */
#ifndef KS_BASE_PRESSURE_H
#define KS_BASE_PRESSURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rc.h"

/* Shared memory; call once before fork.  Without it nothing is known. */
MUST_CHECK enum rc pressure_open(void);
void pressure_set(int waiting); /* -1: cannot be told */
int pressure_waiting(void);

/* Is a request that waited for waited_ms to be turned away?  Only while at
 * least as many wait as there are workers: a machine that stood still for a
 * moment has no queue, and serves all of it at once. */
bool pressure_too_late(int64_t waited_ms, int64_t most_ms, int64_t workers);

#endif
