/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 as RFC 3629: no overlong forms, no surrogates, nothing above
 * U+10FFFF.
 */
#ifndef KS_BASE_UTF8_H
#define KS_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

bool utf8_valid(struct span s);
/* Code points; s must be valid. */
size_t utf8_length(struct span s);
/* The next code point of a valid s, or -1 at the end; advances *s. */
int32_t utf8_next(struct span *s);
/* The same for any bytes, s not empty: -1 is one byte that is not UTF-8. */
int32_t utf8_any(struct span *s);
/* Writes 1..4 bytes; returns how many. */
size_t utf8_put(uint32_t cp, char out[4]);
/* A line of text for people: valid, no control characters (C0, DEL, C1),
 * no bidirectional override (U+202A-202E, U+2066-2069), at most max code
 * points. */
bool utf8_line(struct span s, size_t max);
/* The same with LF and TAB allowed. */
bool utf8_text(struct span s, size_t max);

#endif
