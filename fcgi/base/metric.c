/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Series in shared memory, one fixed table per metric: of one place where there
 * are no labels, and of more than others for the answers of all the routes.
 *
 * A series is found by the hash of its label values and linear probing.  A
 * slot goes free -> claimed -> ready once and never back, so a reader needs
 * no lock: it looks at labels only of ready slots.  Slot 0 is the overflow
 * ("other"); metrics without labels use it alone.  A process that dies while
 * it claims leaves one slot unusable, nothing else.
 */
#include "base/metric.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/str.h"

enum {
	SLOTS = 256,        /* a power of two, as the next */
	ROUTE_SLOTS = 1024, /* a few codes for each row of route.def */
	LABELS = 96,
	BUCKETS = 14,
	V_SUM = BUCKETS + 1, /* behind the buckets and +Inf */
	VALUES
};
enum slot_state { FREE, CLAIMED, READY };
enum kind { K_COUNTER, K_GAUGE, K_HISTOGRAM };
enum buckets { NONE, LATENCY, COUNT };

struct series {
	atomic_uint state;
	char labels[LABELS];
	atomic_uint_fast64_t v[VALUES];
};

/* One table after the other: never used but for where each begins. */
/* clang-format off */
#define SLOTS_OF(n, l)                                                         \
	(sizeof(l) == sizeof("")                           ? 1               \
	 : METRIC_##n == METRIC_http_requests_total ? ROUTE_SLOTS : SLOTS)
struct places {
#define COUNTER(n, l, h) struct series n[SLOTS_OF(n, l)];
#define GAUGE(n, l, h) COUNTER(n, l, h)
#define HISTOGRAM(n, l, b, h) COUNTER(n, l, h)
#include "base/metric.def"
#undef COUNTER
#undef GAUGE
#undef HISTOGRAM
};
/* clang-format on */
enum { ALL_SLOTS = sizeof(struct places) / sizeof(struct series) };

struct tables {
	struct series s[ALL_SLOTS];
};

static const struct {
	const char *name, *labels, *help;
	enum kind kind;
	enum buckets buckets;
	size_t first, slots;
} info[METRIC__N] = {
/* clang-format off */
#define PLACE(n, l) offsetof(struct places, n) / sizeof(struct series), SLOTS_OF(n, l)
#define COUNTER(n, l, h) [METRIC_##n] = {"keystall_" #n, l, h, K_COUNTER, NONE, PLACE(n, l)},
#define GAUGE(n, l, h) [METRIC_##n] = {"keystall_" #n, l, h, K_GAUGE, NONE, PLACE(n, l)},
#define HISTOGRAM(n, l, b, h) [METRIC_##n] = {"keystall_" #n, l, h, K_HISTOGRAM, b, PLACE(n, l)},
#include "base/metric.def"
#undef COUNTER
#undef GAUGE
#undef HISTOGRAM
    /* clang-format on */
};

/* Upper bounds: microseconds, and plain counts.  0 ends a shorter list. */
static const uint64_t bound[][BUCKETS] = {
    [LATENCY] = {500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000,
	500000, 1000000, 2500000, 5000000, 10000000},
    [COUNT] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024},
};

static struct tables private_tables;
static struct tables *tables = &private_tables;

static uint32_t
hash(const char *s)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

/* The slot is ours with these labels, or was already; false: another's. */
static bool
slot_take(struct series *s, const char *labels, bool create)
{
	unsigned state = atomic_load_explicit(&s->state, memory_order_acquire);

	if (state == FREE && create &&
	    atomic_compare_exchange_strong(&s->state, &state, CLAIMED)) {
		memcpy(s->labels, labels, strlen(labels) + 1);
		atomic_store_explicit(&s->state, READY, memory_order_release);
		return true;
	}
	/* a neighbour is writing its labels: as good as another's.  At worst
	 * one series has two slots; metric_print() shows their sum. */
	return state == READY && strcmp(s->labels, labels) == 0;
}

static struct series *
find(enum metric m, const char *labels, bool create)
{
	struct series *t;
	uint32_t h, i;

	BUG_ON((unsigned)m >= METRIC__N);
	t = &tables->s[info[m].first];
	BUG_ON((info[m].labels[0] == '\0') != str_empty(labels));
	if (str_empty(labels) || strlen(labels) >= LABELS)
		return &t[0];
	h = hash(labels);
	for (i = 0; i < info[m].slots; i++) {
		uint32_t at = (h + i) & (uint32_t)(info[m].slots - 1);

		if (at != 0 && slot_take(&t[at], labels, create))
			return &t[at];
		if (at != 0 && !create && atomic_load(&t[at].state) == FREE)
			return NULL;
	}
	return &t[0];
}

/* The names and the layout, as a number: a program of another version uses
 * another file. */
static uint32_t
layout(void)
{
	uint32_t h = (uint32_t)sizeof(struct tables);
	size_t i;

	for (i = 0; i < METRIC__N; i++)
		h = h * 31 + (hash(info[i].name) ^ hash(info[i].labels));
	return h;
}

/* An empty file is a table of free slots, so it does not matter who of
 * several programs made it. */
static void *
map_file(const char *dir)
{
	char name[4096];
	void *p = MAP_FAILED;
	int fd;

	if (snprintf(name, sizeof(name), "%s/metrics-%08x", dir, layout()) >=
	    (int)sizeof(name))
		return p;
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return p;
	/* reserved, or a full disk would end us at the first count */
	if (posix_fallocate(fd, 0, (off_t)sizeof(*tables)) == 0)
		p = mmap(NULL, sizeof(*tables), PROT_READ | PROT_WRITE,
		    MAP_SHARED, fd, 0);
	close(fd);
	return p;
}

/* What was counted before there was shared memory. */
static void
take_over(struct tables *old)
{
	size_t m, i, k;

	for (m = 0; m < METRIC__N; m++)
		for (i = 0; i < info[m].slots; i++) {
			struct series *from = &old->s[info[m].first + i], *to;

			if (i != 0 && atomic_load(&from->state) != READY)
				continue;
			to = i == 0 ? &tables->s[info[m].first]
				    : find((enum metric)m, from->labels, true);
			for (k = 0; k < VALUES; k++)
				atomic_fetch_add(
				    &to->v[k], atomic_load(&from->v[k]));
		}
}

enum rc
metric_open(const char *dir)
{
	void *p = MAP_FAILED;

	if (tables != &private_tables)
		return RC_OK;
	if (!str_empty(dir))
		p = map_file(dir);
	if (p == MAP_FAILED)
		p = mmap(NULL, sizeof(*tables), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED) {
		log_event(LOG_WARN, "metrics_private",
		    LF_STR("what", "no shared memory"));
		return RC_FAIL;
	}
	tables = p;
	take_over(&private_tables);
	return RC_OK;
}

void
metric_add(enum metric m, const char *labels, uint64_t n)
{
	struct series *s = find(m, labels, true);

	BUG_ON(info[m].kind != K_COUNTER);
	atomic_fetch_add_explicit(&s->v[0], n, memory_order_relaxed);
}

void
metric_set(enum metric m, const char *labels, int64_t value)
{
	struct series *s = find(m, labels, true);

	BUG_ON(info[m].kind != K_GAUGE);
	atomic_store_explicit(&s->v[0], (uint64_t)value, memory_order_relaxed);
}

void
metric_gauge_add(enum metric m, const char *labels, int64_t delta)
{
	struct series *s = find(m, labels, true);

	BUG_ON(info[m].kind != K_GAUGE);
	/* two's complement: adding the unsigned form subtracts */
	atomic_fetch_add_explicit(
	    &s->v[0], (uint64_t)delta, memory_order_relaxed);
}

static size_t
n_buckets(enum metric m)
{
	size_t n = 0;

	while (n < BUCKETS && bound[info[m].buckets][n] != 0)
		n++;
	return n;
}

void
metric_observe(enum metric m, const char *labels, uint64_t value)
{
	struct series *s = find(m, labels, true);
	size_t n = n_buckets(m), i;

	BUG_ON(info[m].kind != K_HISTOGRAM);
	for (i = 0; i < n && value > bound[info[m].buckets][i]; i++)
		;
	atomic_fetch_add_explicit(&s->v[i], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&s->v[V_SUM], value, memory_order_relaxed);
}

static uint64_t
value(const struct series *s, size_t i)
{
	return atomic_load_explicit(&s->v[i], memory_order_relaxed);
}

uint64_t
metric_value(enum metric m, const char *labels)
{
	const struct series *s = find(m, labels, false);
	uint64_t n = 0;
	size_t i;

	if (s == NULL)
		return 0;
	if (info[m].kind != K_HISTOGRAM)
		return value(s, 0);
	for (i = 0; i < V_SUM; i++)
		n += value(s, i);
	return n;
}

/* ---- text format */

static void
put_escaped(struct buf *out, struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' || s.p[i] == '"')
			buf_chr(out, '\\');
		if (s.p[i] == '\n')
			buf_str(out, "\\n");
		else
			buf_chr(out, s.p[i]);
	}
}

/* name="value",... ; the last name takes what is left of the values, and
 * names without a value say "other". */
static bool
put_labels(struct buf *out, enum metric m, const struct series *s)
{
	struct span names = span_str(info[m].labels), name;
	struct span values = span_str(s->labels), v;
	bool any = false;

	if (names.n == 0)
		return false;
	while (span_cut(&names, ',', &name)) {
		if (names.p == NULL) {
			v = values;
			values.p = NULL;
		} else if (!span_cut(&values, ',', &v)) {
			v = (struct span){0};
		}
		if (v.p == NULL || v.n == 0)
			v = SPAN_LIT("other");
		if (any)
			buf_chr(out, ',');
		any = true;
		buf_add(out, name.p, name.n);
		buf_str(out, "=\"");
		put_escaped(out, v);
		buf_chr(out, '"');
	}
	return any;
}

static void
put_head(
    struct buf *out, enum metric m, const struct series *s, const char *suffix)
{
	buf_fmt(out, "%s%s", info[m].name, suffix);
	if (info[m].labels[0] == '\0')
		return;
	buf_chr(out, '{');
	put_labels(out, m, s);
	buf_chr(out, '}');
}

static void
put_us(struct buf *out, uint64_t us)
{
	buf_fmt(out, "%llu.%06llu", (unsigned long long)(us / 1000000),
	    (unsigned long long)(us % 1000000));
}

static void
put_bound(struct buf *out, enum metric m, uint64_t n)
{
	if (info[m].buckets == LATENCY)
		put_us(out, n);
	else
		buf_fmt(out, "%llu", (unsigned long long)n);
}

static void
put_histogram(struct buf *out, enum metric m, const struct series *s)
{
	size_t n = n_buckets(m), i;
	uint64_t total = 0;

	for (i = 0; i <= n; i++) {
		total += value(s, i);
		buf_fmt(out, "%s_bucket{", info[m].name);
		if (put_labels(out, m, s))
			buf_chr(out, ',');
		buf_str(out, "le=\"");
		if (i < n)
			put_bound(out, m, bound[info[m].buckets][i]);
		else
			buf_str(out, "+Inf");
		buf_fmt(out, "\"} %llu\n", (unsigned long long)total);
	}
	put_head(out, m, s, "_sum ");
	put_bound(out, m, value(s, V_SUM));
	buf_chr(out, '\n');
	put_head(out, m, s, "_count ");
	buf_fmt(out, "%llu\n", (unsigned long long)total);
}

static void
put_series(struct buf *out, enum metric m, const struct series *s)
{
	if (info[m].kind == K_HISTOGRAM) {
		put_histogram(out, m, s);
		return;
	}
	put_head(out, m, s, "");
	if (info[m].kind == K_GAUGE)
		buf_fmt(out, " %lld\n", (long long)(int64_t)value(s, 0));
	else
		buf_fmt(out, " %llu\n", (unsigned long long)value(s, 0));
}

static bool
is_used(const struct series *s)
{
	size_t i;

	for (i = 0; i < VALUES; i++)
		if (value(s, i) != 0)
			return true;
	return false;
}

void
metric_print(struct buf *out)
{
	static const char *const type[] = {"counter", "gauge", "histogram"};
	const struct series *t;
	enum metric m;
	size_t i;

	for (m = 0; m < METRIC__N; m++) {
		t = &tables->s[info[m].first];
		buf_fmt(out, "# HELP %s %s\n# TYPE %s %s\n", info[m].name,
		    info[m].help, info[m].name, type[info[m].kind]);
		/* the overflow slot shows up when something fell into it */
		if (info[m].labels[0] == '\0' || is_used(&t[0]))
			put_series(out, m, &t[0]);
		for (i = 1; i < info[m].slots; i++)
			if (atomic_load(&t[i].state) == READY)
				put_series(out, m, &t[i]);
	}
}
