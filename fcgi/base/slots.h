/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A few slots shared by all processes of one master: a cap on work that is
 * dear (password hashes: memory times processes) or slow (gateways: not every
 * worker may wait for one).  A slot holds the taker's process id; one whose
 * process has died is free again.
 */
#ifndef KS_BASE_SLOTS_H
#define KS_BASE_SLOTS_H

#include <stddef.h>

#include "base/rc.h"

enum slots_of { SLOTS_HASH, SLOTS_GATEWAY, SLOTS__N };

/* n slots in shared memory (at most SLOTS_MAX).  Call once before fork; before
 * that, or when it fails (RC_FAIL), a process has n = 1 for itself. */
enum { SLOTS_MAX = 64 };
MUST_CHECK enum rc slots_open(enum slots_of what, size_t n);

/* The number of a free slot, or -1: all are taken.  Never waits. */
int slots_take(enum slots_of what);
void slots_give(enum slots_of what, int slot);

#endif
