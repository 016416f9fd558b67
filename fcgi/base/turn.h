/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue of a sale: who comes gets a number and a time, in the order of
 * arrival, so many a second.  Nothing is kept of those who wait: each SKU has
 * one counter and the time of the last turn, shared by the workers of a
 * master, and the visitor carries his own (shop/queue.h).
 */
#ifndef KS_BASE_TURN_H
#define KS_BASE_TURN_H

#include <stdint.h>

#include "base/rc.h"

struct turn {
	uint64_t number;
	int64_t at; /* UTC us: then it is his turn */
};
enum { TURN_RATE_MAX = 65535 };

/* Shared memory; call once before fork.  Before that, or when it fails
 * (RC_FAIL), each process has a queue of its own. */
MUST_CHECK enum rc turn_open(void);

/* Turns a second; 0: this SKU has no queue. */
void turn_rate_set(uint64_t sku, unsigned per_s);
unsigned turn_rate(uint64_t sku);
/* The next turn of an SKU that has a rate.  What was not used within the last
 * second is given out at once: at is now_us then. */
struct turn turn_take(uint64_t sku, int64_t now_us);

#endif
