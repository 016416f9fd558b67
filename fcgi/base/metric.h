/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counters, gauges and histograms in memory shared by all processes of one
 * machine (mmap MAP_SHARED, C11 atomics): no lock on the hot path.  Before
 * metric_open() everything counts into private memory of the process.
 */
#ifndef KS_BASE_METRIC_H
#define KS_BASE_METRIC_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/rc.h"

enum metric {
#define COUNTER(name, labels, help) METRIC_##name,
#define GAUGE(name, labels, help) METRIC_##name,
#define HISTOGRAM(name, labels, buckets, help) METRIC_##name,
#include "base/metric.def"
#undef COUNTER
#undef GAUGE
#undef HISTOGRAM
	METRIC__N
};

/* Call once before fork.  dir: a private folder where all programs of this
 * machine share one file, so that any pool's /metrics shows the whole shop;
 * NULL or "": shared with the children only.  RC_FAIL: no shared memory,
 * counts stay private. */
MUST_CHECK enum rc metric_open(const char *dir);

/* labels: the values in the order of metric.def, joined by ','; NULL or ""
 * without labels.  A series table is bounded: what does not fit is counted
 * under "other". */
void metric_add(enum metric m, const char *labels, uint64_t n);
void metric_set(enum metric m, const char *labels, int64_t value);
void metric_gauge_add(enum metric m, const char *labels, int64_t delta);
/* Latency histograms take microseconds, COUNT ones the count itself. */
void metric_observe(enum metric m, const char *labels, uint64_t value);
uint64_t metric_value(enum metric m, const char *labels);
/* Prometheus text format 0.0.4. */
void metric_print(struct buf *out);

#endif
