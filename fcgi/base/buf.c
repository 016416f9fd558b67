/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A byte buffer with a sticky error.  It grows by doubling inside the arena
 * (the old bytes stay behind until the reset: callers give a good hint); one
 * byte more than cap is always there for the NUL of buf_text().
 */
#include "base/buf.h"

#include <stdio.h>
#include <string.h>

#include "base/bug.h"

enum { HINT_MIN = 64 };

void
buf_init(struct buf *b, struct arena *a, size_t hint, size_t max)
{
	if (hint < HINT_MIN)
		hint = HINT_MIN;
	if (hint > max)
		hint = max;
	*b = (struct buf){.cap = hint, .max = max, .arena = a};
	b->p = arena_alloc(a, hint + 1);
}

void
buf_fixed(struct buf *b, char *p, size_t cap)
{
	BUG_ON(cap == 0);
	*b = (struct buf){.p = p, .cap = cap - 1, .max = cap - 1};
}

/* Room for n more bytes, or bad. */
static bool
room(struct buf *b, size_t n)
{
	size_t cap = b->cap;
	char *p;

	if (b->bad || n > b->max - b->len) {
		b->bad = true;
		return false;
	}
	if (n <= cap - b->len)
		return true;
	/* max bounds len + n, so this ends and does not overflow */
	while (cap - b->len < n)
		cap = cap > b->max / 2 ? b->max : cap * 2;
	p = arena_alloc(b->arena, cap + 1);
	memcpy(p, b->p, b->len);
	b->p = p;
	b->cap = cap;
	return true;
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0 || ((b->bad || n > b->cap - b->len) && !room(b, n)))
		return;
	memcpy(b->p + b->len, p, n);
	b->len += n;
}

void
buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_chr(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_vfmt(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	/* mostly it fits: the byte for the NUL is there in any case */
	n = vsnprintf(b->p + b->len, b->cap - b->len + 1, fmt, ap);
	BUG_ON(n < 0);
	if ((size_t)n <= b->cap - b->len && !b->bad) {
		b->len += (size_t)n;
	} else if (room(b, (size_t)n)) {
		vsnprintf(b->p + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

void
buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vfmt(b, fmt, ap);
	va_end(ap);
}

const char *
buf_text(struct buf *b)
{
	b->p[b->len] = '\0';
	return b->p;
}
