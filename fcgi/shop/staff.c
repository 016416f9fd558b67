/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logging in and being logged in.  The cookie's bytes are drawn anew at each
 * step that raises what a session may do; the database knows their hash only.
 */
#include "shop/staff.h"

#include <inttypes.h>
#include <string.h>

#include "base/hex.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/slots.h"
#include "base/time.h"
#include "base/utf8.h"
#include "io/crypt.h"
#include "shop/audit.h"
#include "shop/staff_int.h"
#include "shop/totp.h"
#include "store/tx.h"

enum {
	AGENT_MAX = 200,
	SECOND_STEP_S = 600, /* between password and code */
	SEEN_EVERY_S = 60    /* how exact seen_us is */
};

struct login {
	const char *name;
	struct throttle throttle;
	struct staff_rec s;
	bool exists;
	const char *fresh; /* a newer hash, or NULL */
	struct session_rec session;
	uint8_t old[SESSION_HASH]; /* of the first step */
	uint64_t step;
};

static void
become(struct ctx *cx, uint64_t staff)
{
	cx->actor = ACTOR_STAFF;
	cx->staff = staff;
}

static void
draw(uint8_t raw[32], uint8_t hash[SESSION_HASH])
{
	crypt_random(raw, 32);
	staff_token_hash(raw, hash);
}

/* What a browser calls itself; anything may stand there. */
static const char *
agent_text(struct ctx *cx, const char *agent)
{
	struct span s = span_str(agent), rest;
	size_t n = 0;

	if (!utf8_line(s, s.n))
		return "?";
	for (rest = s; n < AGENT_MAX && utf8_next(&rest) >= 0; n++)
		;
	return arena_dup(cx->arena, s.p, s.n - rest.n);
}

/* ---- password */

static enum rc
session_body(struct ctx *cx, void *arg)
{
	struct login *l = arg;
	enum rc rc;

	if ((rc = throttle_pass(cx, &l->throttle)) != RC_OK ||
	    (rc = session_add(cx, &l->session)) != RC_OK ||
	    (rc = session_sweep(
		 cx, cx->now - cx->set->session_max_s * US_PER_S)) != RC_OK)
		return rc;
	if (l->fresh != NULL &&
	    (rc = staff_set_password(cx, l->s.id, l->fresh)) != RC_OK)
		return rc;
	if (!l->session.full)
		return RC_OK;
	rc = staff_logged_in(cx, l->s.id);
	if (rc != RC_OK)
		return rc;
	return audit_add(
	    cx, "staff.login", staff_object(cx, l->s.id), "password");
}

/* Is it the password of an account that may log in?  RC_DENIED says nothing
 * more. */
static enum rc
password_right(struct ctx *cx, struct login *l, struct span password)
{
	enum rc rc;

	rc = staff_by_name(cx, l->name, &l->s);
	if (rc != RC_OK && rc != RC_NOTFOUND)
		return rc;
	l->exists = rc == RC_OK && str_eq(l->s.state, "active");
	return staff_hash_check(
	    cx, password, l->exists ? l->s.password : NULL, &l->fresh);
}

static enum rc
password_step(struct ctx *cx, struct login *l, struct span password,
    enum login_result *why, unsigned *retry_s)
{
	bool known = false;
	int slot;
	enum rc rc;

	/* the owner at home does not wait because somebody guesses abroad */
	rc = session_address_known(
	    cx, l->name, cx->address != NULL ? cx->address : "", &known);
	if (rc != RC_OK || (rc = staff_slot(&slot)) != RC_OK)
		return rc;
	*why = LOGIN_WAIT;
	rc = throttle_enter(cx, &l->throttle, known, retry_s);
	if (rc == RC_OK) {
		*why = LOGIN_WRONG;
		rc = password_right(cx, l, password);
	}
	slots_give(SLOTS_HASH, slot);
	return rc;
}

enum rc
staff_login(struct ctx *cx, const char *username, struct span password,
    const char *agent, uint8_t raw[32], enum login_result *why,
    unsigned *retry_s)
{
	struct login l = {0};
	uint8_t token[32];
	enum rc rc;

	l.name = staff_name(cx, username);
	throttle_of(cx, "login", l.name, &l.throttle);
	rc = password_step(cx, &l, password, why, retry_s);
	if (rc == RC_DENIED)
		log_event(
		    LOG_WARN, "login_refused", LF_STR("address", cx->address));
	if (rc != RC_OK)
		return rc;
	draw(token, l.session.hash);
	l.session.staff = l.s.id;
	l.session.full = l.s.totp.n == 0;
	l.session.address = cx->address != NULL ? cx->address : "";
	l.session.agent = agent_text(cx, agent);
	l.session.created = l.session.seen = cx->now;
	become(cx, l.s.id);
	rc = tx_run(cx, session_body, &l);
	if (rc != RC_OK)
		return rc;
	memcpy(raw, token, 32);
	*why = l.session.full ? LOGIN_OK : LOGIN_TOTP;
	return RC_OK;
}

/* ---- second step */

static enum rc
totp_body(struct ctx *cx, void *arg)
{
	struct login *l = arg;
	enum rc rc;

	if ((rc = staff_totp_used(cx, l->s.id, l->step)) != RC_OK ||
	    (rc = session_rotate(cx, l->old, l->session.hash)) != RC_OK ||
	    (rc = throttle_pass(cx, &l->throttle)) != RC_OK ||
	    (rc = staff_logged_in(cx, l->s.id)) != RC_OK)
		return rc;
	return audit_add(
	    cx, "staff.login", staff_object(cx, l->s.id), "password and code");
}

/* The account of a session whose second step is due. */
static enum rc
totp_load(struct ctx *cx, struct login *l)
{
	struct session_rec s;
	enum rc rc;

	rc = session_get(cx, l->old, &s);
	if (rc == RC_OK)
		rc = staff_by_id(cx, s.staff, &l->s);
	if (rc == RC_NOTFOUND)
		return RC_DENIED;
	if (rc != RC_OK)
		return rc;
	if (s.full || cx->now - s.created > SECOND_STEP_S * US_PER_S ||
	    !str_eq(l->s.state, "active") || l->s.totp.n == 0)
		return RC_DENIED;
	return RC_OK;
}

enum rc
staff_totp(struct ctx *cx, const uint8_t raw[32], const char *code,
    uint8_t fresh[32], enum login_result *why)
{
	struct login l = {0};
	unsigned retry_s;
	struct span secret;
	uint8_t token[32];
	enum rc rc;

	*why = LOGIN_WRONG;
	staff_token_hash(raw, l.old);
	if ((rc = totp_load(cx, &l)) != RC_OK)
		return rc;
	throttle_of(cx, "totp", l.s.username, &l.throttle);
	rc = throttle_enter(cx, &l.throttle, false, &retry_s);
	if (rc == RC_DENIED)
		*why = LOGIN_WAIT;
	if (rc != RC_OK || (rc = staff_totp_open(cx, &l.s, &secret)) != RC_OK ||
	    (rc = totp_check(secret, code, cx->now, l.s.totp_last, &l.step)) !=
		RC_OK)
		return rc;
	draw(token, l.session.hash);
	become(cx, l.s.id);
	rc = tx_run(cx, totp_body, &l);
	if (rc == RC_CONFLICT) /* the code, or the step, was used meanwhile */
		return RC_DENIED;
	if (rc != RC_OK)
		return rc;
	memcpy(fresh, token, 32);
	*why = LOGIN_OK;
	return RC_OK;
}

/* ---- the session behind a cookie */

static enum rc
session_alive(struct ctx *cx, const struct session_rec *s)
{
	const struct settings *set = cx->set;

	if (cx->now - s->created <= set->session_max_s * US_PER_S &&
	    cx->now - s->seen <= set->session_idle_s * US_PER_S)
		return RC_OK;
	/* it is over either way; that it could not be removed changes nothing
	 */
	if (session_end(cx, s->hash) != RC_OK)
		log_event(LOG_WARN, "session_not_removed");
	return RC_DENIED;
}

static const struct staff *
staff_show(struct ctx *cx, const struct staff_rec *r)
{
	struct staff *s = ARENA_NEW(cx->arena, struct staff);

	s->id = r->id;
	s->username = r->username;
	s->role = r->role;
	s->permissions = r->permissions;
	s->lang = r->lang;
	s->totp = r->totp.n != 0;
	return s;
}

enum rc
staff_session(struct ctx *cx, const uint8_t raw[32], const struct staff **out,
    bool *totp_due)
{
	uint8_t hash[SESSION_HASH];
	struct session_rec s;
	struct staff_rec r;
	enum rc rc;

	*totp_due = false;
	staff_token_hash(raw, hash);
	rc = session_get(cx, hash, &s);
	if (rc == RC_OK)
		rc = staff_by_id(cx, s.staff, &r);
	if (rc == RC_NOTFOUND)
		return RC_DENIED;
	if (rc != RC_OK || (rc = session_alive(cx, &s)) != RC_OK)
		return rc;
	if (!str_eq(r.state, "active"))
		return RC_DENIED;
	if (!s.full) {
		*totp_due = true;
		return RC_DENIED;
	}
	if (cx->now - s.seen >= SEEN_EVERY_S * US_PER_S &&
	    (rc = session_seen(cx, hash)) != RC_OK)
		return rc;
	become(cx, r.id);
	*out = staff_show(cx, &r);
	return RC_OK;
}

struct leaving {
	uint8_t hash[SESSION_HASH];
	uint64_t staff;
};

static enum rc
leave_body(struct ctx *cx, void *arg)
{
	const struct leaving *l = arg;
	enum rc rc;

	rc = session_end(cx, l->hash);
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "staff.logout", staff_object(cx, l->staff), "");
}

enum rc
staff_logout(struct ctx *cx, const uint8_t raw[32])
{
	struct leaving l;
	struct session_rec s;
	enum rc rc;

	staff_token_hash(raw, l.hash);
	rc = session_get(cx, l.hash, &s);
	if (rc == RC_NOTFOUND)
		return RC_OK;
	if (rc != RC_OK)
		return rc;
	l.staff = s.staff;
	become(cx, s.staff);
	return tx_run(cx, leave_body, &l);
}

bool
staff_may(const struct staff *s, const char *permission)
{
	struct span rest = span_str(s->permissions), part;

	while (span_cut(&rest, ' ', &part))
		if (span_is(part, "*") ||
		    (part.n > 0 && span_is(part, permission)))
			return true;
	return false;
}

/* ---- the list of sessions */

static char *
session_id(struct ctx *cx, const struct session_rec *s)
{
	return hex_text(cx->arena, s->hash, 8);
}

enum rc
staff_sessions(struct ctx *cx, const uint8_t raw[32],
    const struct session_row **out, size_t *n)
{
	uint8_t hash[SESSION_HASH];
	const struct session_rec *s;
	struct session_row *row;
	enum rc rc;
	size_t i;

	staff_token_hash(raw, hash);
	rc = session_list(cx, cx->staff, &s, n);
	if (rc != RC_OK)
		return rc;
	row = ARENA_ARRAY(cx->arena, *n, struct session_row);
	for (i = 0; i < *n; i++) {
		row[i].id = session_id(cx, &s[i]);
		row[i].address = s[i].address;
		row[i].agent = s[i].agent;
		row[i].created = s[i].created;
		row[i].seen = s[i].seen;
		row[i].current = memcmp(s[i].hash, hash, SESSION_HASH) == 0;
	}
	*out = row;
	return RC_OK;
}

enum rc
staff_session_end(struct ctx *cx, const char *id)
{
	const struct session_rec *s;
	struct leaving l;
	enum rc rc;
	size_t i, n;

	rc = session_list(cx, cx->staff, &s, &n);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < n; i++) {
		if (!str_eq(session_id(cx, &s[i]), id))
			continue;
		memcpy(l.hash, s[i].hash, SESSION_HASH);
		l.staff = cx->staff;
		return tx_run(cx, leave_body, &l);
	}
	return RC_NOTFOUND;
}
