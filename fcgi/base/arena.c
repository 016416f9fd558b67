/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks of memory in a list, handed out from the front of the newest.
 *
 * The first block stays over resets, so a worker that serves ordinary
 * requests never asks malloc again.  Blocks after it double in size and are
 * given back at the reset.  Deferred functions are kept in the arena itself,
 * newest first.
 *
 * Memory is zero when handed out: fresh blocks come from calloc, the first
 * block is wiped at the reset (only the part that was used), which also keeps
 * one request's data from the next one.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"

#if defined(__SANITIZE_ADDRESS__)
#define KS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KS_ASAN 1
#endif
#endif

#ifdef KS_ASAN
#include <sanitizer/asan_interface.h>
enum { GAP = 16 }; /* left poisoned behind each piece: finds overruns */
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
enum { GAP = 0 };
#endif

enum { ALIGN = alignof(max_align_t), BLOCK_MAX = 1024 * 1024 };
enum { SHORT = 256 }; /* what is formatted in one pass */

struct block {
	struct block *older;
	size_t cap, used;
	alignas(max_align_t) char p[];
};

struct deferred {
	struct deferred *older;
	void (*fn)(void *);
	void *arg;
};

struct arena {
	struct block *newest, *first;
	struct deferred *deferred;
	size_t hard_cap;
	size_t used, peak, held; /* handed out; most ever; asked from malloc */
};

static struct block *
block_new(struct arena *a, size_t cap)
{
	struct block *b;

	if (cap > a->hard_cap - a->held)
		no_memory(cap);
	b = calloc(1, sizeof(*b) + cap);
	if (b == NULL)
		no_memory(cap);
	b->cap = cap;
	a->held += cap;
	ASAN_POISON_MEMORY_REGION(b->p, b->cap);
	return b;
}

struct arena *
arena_new(size_t first_block, size_t hard_cap)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (a == NULL)
		no_memory(sizeof(*a));
	first_block = (first_block + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	a->hard_cap = hard_cap < first_block ? first_block : hard_cap;
	a->first = a->newest = block_new(a, first_block);
	return a;
}

static void
block_free(struct block *b)
{
	ASAN_UNPOISON_MEMORY_REGION(b->p, b->cap);
	free(b);
}

/* A deferred function may allocate and even defer: pop before the call. */
static void
run_deferred(struct arena *a)
{
	struct deferred *d;

	while ((d = a->deferred) != NULL) {
		a->deferred = d->older;
		d->fn(d->arg);
	}
}

static void
wipe(struct block *b)
{
	ASAN_UNPOISON_MEMORY_REGION(b->p, b->cap);
	memset(b->p, 0, b->used);
	b->used = 0;
	ASAN_POISON_MEMORY_REGION(b->p, b->cap);
}

void
arena_reset(struct arena *a)
{
	struct block *b;

	run_deferred(a);
	while ((b = a->newest) != a->first) {
		a->newest = b->older;
		a->held -= b->cap;
		block_free(b);
	}
	wipe(a->first);
	a->used = 0;
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	arena_reset(a);
	block_free(a->first);
	free(a);
}

/* A block that holds at least need bytes.  What is big gets a block of its
 * own size, so that it does not blow up the doubling. */
static struct block *
block_for(struct arena *a, size_t need)
{
	size_t cap = a->newest->cap * 2;
	struct block *b;

	if (cap > BLOCK_MAX)
		cap = BLOCK_MAX;
	if (cap > a->hard_cap - a->held)
		cap = need;
	if (cap < need)
		cap = need;
	b = block_new(a, cap);
	b->older = a->newest;
	a->newest = b;
	return b;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	struct block *b = a->newest;
	size_t need;
	char *p;

	if (n > SIZE_MAX - ALIGN - GAP)
		no_memory(n);
	need = (n + GAP + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (need == 0)
		need = ALIGN; /* distinct pointers, also for n = 0 */
	if (need > b->cap - b->used)
		b = block_for(a, need);
	p = b->p + b->used;
	b->used += need;
	a->used += need;
	if (a->used > a->peak)
		a->peak = a->used;
	ASAN_UNPOISON_MEMORY_REGION(p, n);
	return p;
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		BUG("array size overflows");
	return arena_alloc(a, bytes);
}

char *
arena_dup(struct arena *a, const void *p, size_t n)
{
	char *copy;

	if (n == SIZE_MAX)
		no_memory(n);
	copy = arena_alloc(a, n + 1);
	if (n != 0)
		memcpy(copy, p, n);
	return copy;
}

char *
arena_str(struct arena *a, const char *s)
{
	return arena_dup(a, s, strlen(s));
}

char *
arena_vfmt(struct arena *a, const char *fmt, va_list ap)
{
	char here[SHORT];
	va_list again;
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(here, sizeof(here), fmt, ap);
	BUG_ON(n < 0);
	if ((size_t)n < sizeof(here)) {
		s = arena_dup(a, here, (size_t)n);
	} else {
		s = arena_alloc(a, (size_t)n + 1);
		BUG_ON(vsnprintf(s, (size_t)n + 1, fmt, again) != n);
	}
	va_end(again);
	return s;
}

char *
arena_fmt(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vfmt(a, fmt, ap);
	va_end(ap);
	return s;
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
	struct deferred *d = ARENA_NEW(a, struct deferred);

	d->fn = fn;
	d->arg = arg;
	d->older = a->deferred;
	a->deferred = d;
}

static void
free_other(void *other)
{
	arena_free(other);
}

void
arena_defer_free(struct arena *a, struct arena *other)
{
	arena_defer(a, free_other, other);
}

size_t
arena_used(const struct arena *a)
{
	return a->used;
}

size_t
arena_peak(const struct arena *a)
{
	return a->peak;
}
