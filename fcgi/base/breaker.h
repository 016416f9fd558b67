/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Circuit breakers, one a name, shared by the workers of a master: what has
 * not answered BREAKER_TRIP times in a row is left alone for a pause, then one
 * caller tries it for all; the pause doubles while it stays silent.
 *
 *	closed --BREAKER_TRIP failures--> open --pause--> half-open
 *	half-open --the probe succeeds--> closed, --it fails--> open
 *
 * keystall_breaker_state{name} shows it.  Names are ours or the merchant's,
 * never a visitor's: the table is bounded, and what does not fit has none.
 */
#ifndef KS_BASE_BREAKER_H
#define KS_BASE_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rc.h"

enum breaker_state { BREAKER_CLOSED, BREAKER_HALF_OPEN, BREAKER_OPEN };
enum breaker_pass {
	BREAKER_NO,   /* do not call */
	BREAKER_GO,   /* call, then breaker_leave() */
	BREAKER_PROBE /* the same; all others wait for this one */
};
enum {
	BREAKER_TRIP = 3,
	BREAKER_PAUSE_MS = 1000,
	BREAKER_PAUSE_MAX_MS = 30000
};

/* Shared memory; call once before fork.  Before that, or when it fails
 * (RC_FAIL), a process has breakers of its own. */
MUST_CHECK enum rc breaker_open(void);

/* Times are monotonic microseconds. */
enum breaker_pass breaker_enter(const char *name, int64_t now_us);
void breaker_leave(
    const char *name, enum breaker_pass pass, bool good, int64_t now_us);
enum breaker_state breaker_look(const char *name, int64_t now_us);

#endif
