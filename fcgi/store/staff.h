/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of staff, staff_session and login_throttle.  Primary only. */
#ifndef KS_STORE_STAFF_H
#define KS_STORE_STAFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

enum { SESSION_HASH = 32, THROTTLE_HASH = 16 };

struct staff_rec {
	uint64_t id;
	const char *username, *password, *state, *lang, *role, *permissions;
	struct span totp; /* sealed; n = 0: not enrolled */
	uint64_t totp_last;
};
MUST_CHECK enum rc staff_by_name(
    struct ctx *cx, const char *username, struct staff_rec *out);
MUST_CHECK enum rc staff_by_id(
    struct ctx *cx, uint64_t id, struct staff_rec *out);
/* RC_CONFLICT: the name is taken.  RC_NOTFOUND: no such role. */
MUST_CHECK enum rc staff_add(struct ctx *cx, const char *username,
    const char *password, const char *role, uint64_t *id);
MUST_CHECK enum rc staff_set_password(
    struct ctx *cx, uint64_t id, const char *password);
/* sealed.n = 0: off */
MUST_CHECK enum rc staff_set_totp(
    struct ctx *cx, uint64_t id, struct span sealed, uint64_t last);
/* RC_CONFLICT: that step, or a later one, was used. */
MUST_CHECK enum rc staff_totp_used(struct ctx *cx, uint64_t id, uint64_t step);
MUST_CHECK enum rc staff_logged_in(struct ctx *cx, uint64_t id);

struct throttle_rec {
	unsigned fails;
	int64_t retry;
};
/* Inside tx_run(): locks the row; none reads as zero. */
MUST_CHECK enum rc throttle_get(struct ctx *cx,
    const uint8_t name[THROTTLE_HASH], struct throttle_rec *out);
MUST_CHECK enum rc throttle_set(struct ctx *cx,
    const uint8_t name[THROTTLE_HASH], const struct throttle_rec *t);
MUST_CHECK enum rc throttle_clear(
    struct ctx *cx, const uint8_t name[THROTTLE_HASH]);
/* Forgets some of what is older. */
MUST_CHECK enum rc throttle_sweep(struct ctx *cx, int64_t before);

struct session_rec {
	uint8_t hash[SESSION_HASH];
	uint64_t staff;
	bool full; /* false: the second step is due */
	const char *address, *agent;
	int64_t created, seen;
};
MUST_CHECK enum rc session_add(struct ctx *cx, const struct session_rec *s);
MUST_CHECK enum rc session_get(
    struct ctx *cx, const uint8_t hash[SESSION_HASH], struct session_rec *out);
MUST_CHECK enum rc session_seen(
    struct ctx *cx, const uint8_t hash[SESSION_HASH]);
/* The second step is done: another token, full.  RC_CONFLICT: it was not
 * due. */
MUST_CHECK enum rc session_rotate(struct ctx *cx,
    const uint8_t hash[SESSION_HASH], const uint8_t fresh[SESSION_HASH]);
MUST_CHECK enum rc session_end(
    struct ctx *cx, const uint8_t hash[SESSION_HASH]);
MUST_CHECK enum rc session_end_others(
    struct ctx *cx, uint64_t staff, const uint8_t keep[SESSION_HASH]);
/* Last seen first; at most 100. */
MUST_CHECK enum rc session_list(
    struct ctx *cx, uint64_t staff, const struct session_rec **out, size_t *n);
MUST_CHECK enum rc session_sweep(struct ctx *cx, int64_t seen_before);
MUST_CHECK enum rc session_address_known(
    struct ctx *cx, const char *username, const char *address, bool *known);

#endif
