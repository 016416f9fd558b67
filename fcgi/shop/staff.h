/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People of the panel: login, sessions, roles, second factor.  A wrong user
 * name costs the same time and reads the same as a wrong password.
 */
#ifndef KS_SHOP_STAFF_H
#define KS_SHOP_STAFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

struct staff {
	uint64_t id;
	const char *username, *role, *permissions, *lang;
	bool totp; /* enrolled */
};

enum login_result {
	LOGIN_OK,
	LOGIN_WRONG,
	LOGIN_WAIT,
	LOGIN_TOTP /* code needed next */
};

/* A new session; raw is the cookie's value.  RC_DENIED: *why is LOGIN_WRONG
 * or LOGIN_WAIT (retry_s says how long).  RC_BUSY: all hash slots are in
 * use. */
MUST_CHECK enum rc staff_login(struct ctx *cx, const char *username,
    struct span password, const char *agent, uint8_t raw[32],
    enum login_result *why, unsigned *retry_s);
/* Second step; the session's token changes.  A code works once. */
MUST_CHECK enum rc staff_totp(struct ctx *cx, const uint8_t raw[32],
    const char *code, uint8_t fresh[32], enum login_result *why);
/* The session behind a cookie; idle and absolute limits apply; cx->staff and
 * cx->actor are set.  RC_DENIED: none, or its second step is due. */
MUST_CHECK enum rc staff_session(struct ctx *cx, const uint8_t raw[32],
    const struct staff **out, bool *totp_due);
MUST_CHECK enum rc staff_logout(struct ctx *cx, const uint8_t raw[32]);
bool staff_may(const struct staff *s, const char *permission);

struct session_row {
	const char *id; /* first 16 hex digits of the hash */
	const char *address, *agent;
	int64_t created, seen;
	bool current;
};
MUST_CHECK enum rc staff_sessions(struct ctx *cx, const uint8_t raw[32],
    const struct session_row **out, size_t *n);
MUST_CHECK enum rc staff_session_end(struct ctx *cx, const char *id);

/* Demands the current password. Ends all other sessions. */
MUST_CHECK enum rc staff_password(struct ctx *cx, const uint8_t raw[32],
    struct span current, struct span fresh, const char **why);
/* Enrol: a secret to show once (base32, otpauth URL), then confirm a code. */
MUST_CHECK enum rc staff_totp_begin(
    struct ctx *cx, const char **secret, const char **url);
MUST_CHECK enum rc staff_totp_confirm(
    struct ctx *cx, const char *secret, const char *code);
MUST_CHECK enum rc staff_totp_off(struct ctx *cx, struct span password);

/* keystallctl: create an account (role "owner", "staff"), reset. */
MUST_CHECK enum rc staff_create(struct ctx *cx, const char *username,
    struct span password, const char *role, const char **why);
MUST_CHECK enum rc staff_reset_password(
    struct ctx *cx, const char *username, struct span password);
MUST_CHECK enum rc staff_reset_totp(struct ctx *cx, const char *username);

#endif
