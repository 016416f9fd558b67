/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small secrets that travel through a browser: raw cookie values, the CSRF
 * tokens derived from them, and the note "this browser wrote".  Purposes have
 * keys of their own, so one kind of token is never good for another.
 */
#ifndef KS_SHOP_TOKEN_H
#define KS_SHOP_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "io/ctx.h"

enum { TOKEN_RAW = 32 };

/* From the system's generator. */
void token_random(uint8_t raw[TOKEN_RAW]);
/* base64url without padding, and back; false: not exactly 32 bytes. */
const char *token_text(struct ctx *cx, const uint8_t raw[TOKEN_RAW]);
bool token_raw(struct ctx *cx, struct span text, uint8_t raw[TOKEN_RAW]);

/* The form field `csrf` that goes with a cookie's raw bytes. */
const char *token_csrf(struct ctx *cx, const uint8_t raw[TOKEN_RAW]);
/* Constant time. */
bool token_csrf_ok(
    struct ctx *cx, const uint8_t raw[TOKEN_RAW], struct span given);

/* Two secrets, whatever their lengths: constant time in what they hold. */
bool token_equal(struct ctx *cx, const char *a, const char *b);

/* After a write: a cookie value that makes this browser's next reads see it,
 * with its time and, where the server has one, its position.  Authenticated:
 * nobody can send every read to the primary, or make us wait for nothing. */
const char *token_wrote(struct ctx *cx);
/* Sets cx->sticky from such a value; anything else is ignored. */
void token_wrote_read(struct ctx *cx, struct span text);

#endif
