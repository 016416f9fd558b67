/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing byte buffer in an arena, with a sticky error: writers write,
 * the end checks once.  It grows up to max; what would pass it sets bad and
 * writes nothing more.
 */
#ifndef KS_BASE_BUF_H
#define KS_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct buf {
	char *p;
	size_t len, cap, max;
	bool bad;
	struct arena *arena;
};

void buf_init(struct buf *b, struct arena *a, size_t hint, size_t max);
/* Over memory of the caller's: never grows. */
void buf_fixed(struct buf *b, char *p, size_t cap);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, const char *s);
void buf_chr(struct buf *b, char c);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vfmt(struct buf *b, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
/* NUL-terminated text of what is written; the NUL is not counted in len. */
const char *buf_text(struct buf *b);

#endif
