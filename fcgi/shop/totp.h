/* SPDX-License-Identifier: Apache-2.0 */
/* Time-based one-time passwords: RFC 6238 with SHA-1, 30 s, six digits, as
 * every authenticator application knows them. */
#ifndef KS_SHOP_TOTP_H
#define KS_SHOP_TOTP_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"

enum { TOTP_SECRET = 20, TOTP_STEP_S = 30, TOTP_DIGITS = 6 };

/* The code of a step: digits decimal digits and a NUL; digits is 6 .. 8. */
void totp_code(struct span secret, uint64_t step, unsigned digits, char *out);
/* The step whose code this is, the present one or a neighbour, later than
 * `after`.  RC_DENIED: none.  Compared in constant time. */
MUST_CHECK enum rc totp_check(struct span secret, const char *code,
    int64_t now_us, uint64_t after, uint64_t *step);

/* RFC 4648 base32 without padding, for people to type. */
char *totp_base32(struct arena *a, struct span secret);
/* Back; blanks and '-' are skipped, either case.  RC_INVALID: not
 * TOTP_SECRET bytes. */
MUST_CHECK enum rc totp_secret(const char *text, uint8_t out[TOTP_SECRET]);
/* otpauth://totp/... for the QR code. */
char *totp_url(struct arena *a, const char *issuer, const char *account,
    const char *base32);

#endif
