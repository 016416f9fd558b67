/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of staff.h share: throttled, capped password checks. */
#ifndef KS_SHOP_STAFF_INT_H
#define KS_SHOP_STAFF_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"
#include "store/staff.h"

/* One throttle for one purpose ("login", "totp", "confirm") and name, whether
 * there is such a name or not. */
struct throttle {
	uint8_t key[THROTTLE_HASH];
};
void throttle_of(struct ctx *cx, const char *purpose, const char *name,
    struct throttle *out);
/* Counts an attempt before it is looked at, so that many at once cannot slip
 * through.  RC_DENIED: too soon, *retry_s says how long.  patient: the caller
 * is known, the attempt counts but does not wait. */
MUST_CHECK enum rc throttle_enter(
    struct ctx *cx, const struct throttle *t, bool patient, unsigned *retry_s);
/* Inside tx_run(): the attempt was right. */
MUST_CHECK enum rc throttle_pass(struct ctx *cx, const struct throttle *t);

/* The name as it is stored, or "" when it cannot be one. */
const char *staff_name(struct ctx *cx, const char *typed);

/* One of the hash slots for the rest of the check; RC_BUSY: none free. */
MUST_CHECK enum rc staff_slot(int *slot);
/* phc NULL: nobody's; takes the same time and is wrong.  *fresh is a new hash
 * where the old one's parameters are out of date, else NULL. */
MUST_CHECK enum rc staff_hash_check(
    struct ctx *cx, struct span password, const char *phc, const char **fresh);
/* NULL when it may be a password, else why not: a catalogue key. */
const char *staff_password_rule(struct span password, const char *username);

/* The SHA-256 of a cookie's bytes. */
void staff_token_hash(const uint8_t raw[32], uint8_t out[SESSION_HASH]);
/* "staff:<id>". */
const char *staff_object(struct ctx *cx, uint64_t id);
/* The secret behind a sealed one.  RC_FAIL: it does not open. */
MUST_CHECK enum rc staff_totp_open(
    struct ctx *cx, const struct staff_rec *s, struct span *secret);
/* The signed-in one's password again: throttled, in a slot.  RC_DENIED:
 * wrong, or too soon. */
MUST_CHECK enum rc staff_confirm(
    struct ctx *cx, const struct staff_rec *s, struct span password);

#endif
