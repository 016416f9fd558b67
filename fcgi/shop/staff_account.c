/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changing what opens an account: password and second factor, by its owner
 * (who shows the password again) or by the operator on the command line.
 */
#include "shop/staff.h"

#include <string.h>

#include "base/bug.h"
#include "io/crypt.h"
#include "shop/audit.h"
#include "shop/catalogue.h"
#include "shop/staff_int.h"
#include "shop/totp.h"
#include "store/tx.h"

struct change {
	uint64_t id;
	const char *username, *role, *phc, *action;
	struct span sealed;
	uint64_t last;
	uint8_t keep[SESSION_HASH]; /* the session that stays; zero: none */
	struct throttle throttle;
};

static enum rc
me(struct ctx *cx, struct staff_rec *out)
{
	BUG_ON(cx->staff == 0);
	return staff_by_id(cx, cx->staff, out);
}

/* ---- password */

static enum rc
password_body(struct ctx *cx, void *arg)
{
	const struct change *c = arg;
	enum rc rc;

	if ((rc = staff_set_password(cx, c->id, c->phc)) != RC_OK ||
	    (rc = session_end_others(cx, c->id, c->keep)) != RC_OK ||
	    (rc = throttle_pass(cx, &c->throttle)) != RC_OK)
		return rc;
	return audit_add(cx, c->action, staff_object(cx, c->id), "");
}

enum rc
staff_password(struct ctx *cx, const uint8_t raw[32], struct span current,
    struct span fresh, const char **why)
{
	struct change c = {0};
	struct staff_rec s;
	enum rc rc;

	rc = me(cx, &s);
	if (rc != RC_OK)
		return rc;
	*why = staff_password_rule(fresh, s.username);
	if (*why != NULL)
		return RC_INVALID;
	rc = staff_confirm(cx, &s, current);
	if (rc == RC_DENIED)
		*why = "wrong";
	if (rc != RC_OK ||
	    (rc = crypt_password_hash(cx->arena, fresh, &c.phc)) != RC_OK)
		return rc;
	c.id = s.id;
	c.action = "staff.password";
	staff_token_hash(raw, c.keep);
	throttle_of(cx, "login", s.username, &c.throttle);
	return tx_run(cx, password_body, &c);
}

/* ---- second factor */

static enum rc
totp_set_body(struct ctx *cx, void *arg)
{
	const struct change *c = arg;
	enum rc rc;

	rc = staff_set_totp(cx, c->id, c->sealed, c->last);
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, c->action, staff_object(cx, c->id), "");
}

enum rc
staff_totp_begin(struct ctx *cx, const char **secret, const char **url)
{
	const struct shop_info *shop;
	uint8_t raw[TOTP_SECRET];
	struct staff_rec s;
	enum rc rc;

	if ((rc = me(cx, &s)) != RC_OK ||
	    (rc = catalogue_shop(cx, &shop)) != RC_OK)
		return rc;
	crypt_random(raw, sizeof(raw));
	*secret = totp_base32(
	    cx->arena, (struct span){(const char *)raw, sizeof(raw)});
	*url = totp_url(cx->arena, shop->name, s.username, *secret);
	crypt_wipe(raw, sizeof(raw));
	return RC_OK;
}

enum rc
staff_totp_confirm(struct ctx *cx, const char *secret, const char *code)
{
	uint8_t raw[TOTP_SECRET];
	const struct span plain = {(const char *)raw, sizeof(raw)};
	struct change c = {0};
	struct staff_rec s;
	enum rc rc;

	rc = me(cx, &s);
	if (rc != RC_OK)
		return rc;
	if (s.totp.n != 0)
		return RC_CONFLICT; /* off first, with the password */
	if ((rc = totp_secret(secret, raw)) != RC_OK ||
	    (rc = totp_check(plain, code, cx->now, 0, &c.last)) != RC_OK)
		return rc;
	c.id = s.id;
	c.action = "staff.totp_on";
	rc = keyring_seal(cx->keys, cx->arena, "totp", s.id, plain, &c.sealed);
	crypt_wipe(raw, sizeof(raw));
	return rc == RC_OK ? tx_run(cx, totp_set_body, &c) : rc;
}

enum rc
staff_totp_off(struct ctx *cx, struct span password)
{
	struct change c = {0};
	struct staff_rec s;
	enum rc rc;

	if ((rc = me(cx, &s)) != RC_OK ||
	    (rc = staff_confirm(cx, &s, password)) != RC_OK)
		return rc;
	c.id = s.id;
	c.action = "staff.totp_off";
	return tx_run(cx, totp_set_body, &c);
}

/* ---- the operator */

static enum rc
create_body(struct ctx *cx, void *arg)
{
	struct change *c = arg;
	enum rc rc;

	rc = staff_add(cx, c->username, c->phc, c->role, &c->id);
	if (rc != RC_OK)
		return rc;
	return audit_add(
	    cx, "staff.create", staff_object(cx, c->id), c->username);
}

enum rc
staff_create(struct ctx *cx, const char *username, struct span password,
    const char *role, const char **why)
{
	struct change c = {0};
	enum rc rc;

	c.username = staff_name(cx, username);
	c.role = role;
	*why = NULL;
	if (str_empty(c.username))
		*why = "bad_username";
	else
		*why = staff_password_rule(password, c.username);
	if (*why != NULL)
		return RC_INVALID;
	rc = crypt_password_hash(cx->arena, password, &c.phc);
	if (rc == RC_OK)
		rc = tx_run(cx, create_body, &c);
	if (rc == RC_CONFLICT)
		*why = "taken";
	if (rc == RC_NOTFOUND)
		*why = "no_role";
	return rc;
}

enum rc
staff_reset_password(struct ctx *cx, const char *username, struct span password)
{
	struct change c = {0};
	struct staff_rec s;
	enum rc rc;

	rc = staff_by_name(cx, staff_name(cx, username), &s);
	if (rc != RC_OK)
		return rc;
	if (staff_password_rule(password, s.username) != NULL)
		return RC_INVALID;
	rc = crypt_password_hash(cx->arena, password, &c.phc);
	if (rc != RC_OK)
		return rc;
	c.id = s.id;
	c.action = "staff.reset_password";
	throttle_of(cx, "login", s.username, &c.throttle);
	return tx_run(cx, password_body, &c);
}

enum rc
staff_reset_totp(struct ctx *cx, const char *username)
{
	struct change c = {0};
	struct staff_rec s;
	enum rc rc;

	rc = staff_by_name(cx, staff_name(cx, username), &s);
	if (rc != RC_OK)
		return rc;
	c.id = s.id;
	c.action = "staff.reset_totp";
	return tx_run(cx, totp_set_body, &c);
}
