/* SPDX-License-Identifier: Apache-2.0 */
/* Hex, base64 (RFC 4648 sections 4 and 5) and the order number's base32. */
#ifndef KS_BASE_HEX_H
#define KS_BASE_HEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"

char *hex_text(struct arena *a, const void *p, size_t n); /* lower case */
/* Exactly n bytes from 2n digits, either case. */
MUST_CHECK enum rc hex_bytes(struct span s, void *out, size_t n);

char *b64_text(struct arena *a, const void *p, size_t n);    /* + / with = */
char *b64url_text(struct arena *a, const void *p, size_t n); /* - _ no = */
/* Strict: right padding, no blanks, no stray bits. */
MUST_CHECK enum rc b64_bytes(struct arena *a, struct span s, struct span *out);
MUST_CHECK enum rc b64url_bytes(
    struct arena *a, struct span s, struct span *out);

/* Crockford's alphabet 0-9A-Z without I L O U, from 5-bit groups: n
 * characters from n random bytes (the low five bits of each). */
void b32_text(const uint8_t *random, size_t n, char *out);

#endif
