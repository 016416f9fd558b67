/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The request arena: memory that belongs to one request and goes with it.
 *
 * Advantages: nothing to free, no leak, no cleanup ladder, allocation is an
 * addition.  Disadvantages: nothing is given back before the reset, so loops
 * over unbounded input need an arena of their own.
 *
 * Foreign resources ride on it: arena_defer() runs a function at the reset,
 * last added first.
 */
#ifndef KS_BASE_ARENA_H
#define KS_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/rc.h"

struct arena;

/* first_block bytes are kept over resets; passing hard_cap ends the process
 * like having no memory (requests are bounded at the edge). */
struct arena *arena_new(size_t first_block, size_t hard_cap);
void arena_free(struct arena *a);

/* Runs the deferred functions, then forgets all memory but the first block.
 * Under ASan or --enable-devel the freed bytes are poisoned. */
void arena_reset(struct arena *a);

/* Zeroed, aligned for any type; never returns NULL.  n = 0 is allowed. */
void *arena_alloc(struct arena *a, size_t n)
    __attribute__((malloc, alloc_size(2), returns_nonnull));
/* Zeroed array; an overflow of n * size is a bug. */
void *arena_array(struct arena *a, size_t n, size_t size)
    __attribute__((malloc, returns_nonnull));
/* Copies; the result has a NUL behind it. */
char *arena_dup(struct arena *a, const void *p, size_t n);
char *arena_str(struct arena *a, const char *s);
char *arena_fmt(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *arena_vfmt(struct arena *a, const char *fmt, va_list ap)
    PRINTF_LIKE(2, 0);

void arena_defer(struct arena *a, void (*fn)(void *), void *arg);
/* Frees other at the reset of a, which may look at it until then. */
void arena_defer_free(struct arena *a, struct arena *other);

/* Bytes handed out since the last reset, and the most ever. */
size_t arena_used(const struct arena *a);
size_t arena_peak(const struct arena *a);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

#endif
