/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock.  Wall time is int64 microseconds since the epoch, UTC; what
 * waits or times out uses the monotonic clock.  Only this file asks the
 * system for the time, so that a test can set it.
 */
#ifndef KS_BASE_TIME_H
#define KS_BASE_TIME_H

#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"

#define US_PER_S INT64_C(1000000)
#define US_PER_MS INT64_C(1000)
#define S_PER_DAY INT64_C(86400)

int64_t time_now_us(void);
int64_t time_mono_us(void);
/* Tests only: a fixed clock for time_now_us(); 0 returns to the real one. */
void time_set_us(int64_t us);

/* "2026-01-31 12:00:03" (UTC shifted by zone_min minutes). */
char *time_text(struct arena *a, int64_t us, int zone_min);
/* "2026-01-31T12:00:03.123456Z", RFC 3339. */
char *time_rfc3339(struct arena *a, int64_t us);
/* The same into a buffer: for the log, which must not allocate. */
void time_line(int64_t us, char out[28]);
/* "Sat, 31 Jan 2026 12:00:03 GMT", RFC 9110 section 5.6.7. */
char *time_http(struct arena *a, int64_t us);
/* "260131" into out[7]. */
void time_yymmdd(int64_t us, char out[7]);
/* The start of the day that holds us, in the shop's zone, as UTC us. */
int64_t time_day_start(int64_t us, int zone_min);
/* "2026-01-31" at 00:00 of the zone; RC_INVALID otherwise. */
MUST_CHECK enum rc time_parse_day(const char *s, int zone_min, int64_t *out);

#endif
