/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking at a password: slowly for those who guess, never for ever for its
 * owner, and the same for a name that does not exist.  Every attempt is
 * counted before it is looked at and the count goes when one was right.
 */
#include "shop/staff_int.h"

#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/slots.h"
#include "base/time.h"
#include "io/crypt.h"
#include "store/tx.h"

enum {
	FREE_TRIES = 5,
	WAIT_MAX_S = 60 /* more would let a stranger lock the owner out */
};

/* A hash that no password has, made once a process with today's parameters:
 * what is checked for a name that does not exist. */
static const char *nobody;

/* ---- throttle */

void
throttle_of(
    struct ctx *cx, const char *purpose, const char *name, struct throttle *out)
{
	uint8_t mac[CRYPT_HASH], merchant[8];
	const struct span part[] = {
	    {(const char *)merchant, 8}, span_str(purpose), span_str(name)};

	memcpy(merchant, &cx->merchant, 8);
	keyring_mac(cx->keys, "throttle", part, 3, mac);
	memcpy(out->key, mac, THROTTLE_HASH);
}

/* 0 for the first tries, then 2, 4, 8 ... seconds. */
static int64_t
delay_us(unsigned fails)
{
	int64_t s;

	if (fails < FREE_TRIES)
		return 0;
	fails -= FREE_TRIES;
	s = fails >= 5 ? WAIT_MAX_S : (int64_t)2 << fails;
	return (s < WAIT_MAX_S ? s : WAIT_MAX_S) * US_PER_S;
}

struct entry {
	const struct throttle *t;
	bool patient;
	unsigned retry_s;
};

static enum rc
enter_body(struct ctx *cx, void *arg)
{
	struct entry *e = arg;
	struct throttle_rec r;
	enum rc rc;

	rc = throttle_get(cx, e->t->key, &r);
	if (rc != RC_OK)
		return rc;
	if (r.retry > cx->now && !e->patient) {
		e->retry_s =
		    (unsigned)((r.retry - cx->now + US_PER_S - 1) / US_PER_S);
		return RC_DENIED;
	}
	if (r.fails < UINT16_MAX)
		r.fails++;
	r.retry = cx->now + delay_us(r.fails);
	rc = throttle_set(cx, e->t->key, &r);
	if (rc != RC_OK || r.fails > 1)
		return rc;
	return throttle_sweep(cx, cx->now - S_PER_DAY * US_PER_S);
}

enum rc
throttle_enter(
    struct ctx *cx, const struct throttle *t, bool patient, unsigned *retry_s)
{
	struct entry e = {t, patient, 0};
	enum rc rc;

	rc = tx_run(cx, enter_body, &e);
	if (rc == RC_DENIED)
		*retry_s = e.retry_s;
	return rc;
}

enum rc
throttle_pass(struct ctx *cx, const struct throttle *t)
{
	return throttle_clear(cx, t->key);
}

/* ---- hashes */

enum rc
staff_slot(int *slot)
{
	*slot = slots_take(SLOTS_HASH);
	return *slot < 0 ? RC_BUSY : RC_OK;
}

static enum rc
nobody_make(struct ctx *cx)
{
	const char *phc;
	uint8_t raw[32];
	enum rc rc;

	if (nobody != NULL)
		return RC_OK;
	crypt_random(raw, sizeof(raw));
	rc = crypt_password_hash(
	    cx->arena, (struct span){(const char *)raw, sizeof(raw)}, &phc);
	if (rc == RC_OK)
		nobody = arena_str(cx->keep, phc);
	return rc;
}

enum rc
staff_hash_check(
    struct ctx *cx, struct span password, const char *phc, const char **fresh)
{
	bool rehash = false;
	enum rc rc;

	*fresh = NULL;
	/* for both kinds of names, so that the first has no longer way */
	rc = nobody_make(cx);
	if (rc != RC_OK)
		return rc;
	rc =
	    crypt_password_check(password, phc != NULL ? phc : nobody, &rehash);
	if (rc == RC_OK && phc == NULL)
		rc = RC_DENIED;
	if (rc == RC_OK && rehash)
		rc = crypt_password_hash(cx->arena, password, fresh);
	return rc;
}

const char *
staff_password_rule(struct span password, const char *username)
{
	if (password.n < LIM_PASSWORD_MIN)
		return "too_short";
	if (password.n > LIM_PASSWORD)
		return "too_long";
	if (span_has_nul(password) || crypt_equal(password, span_str(username)))
		return "bad_password";
	return NULL;
}

const char *
staff_name(struct ctx *cx, const char *typed)
{
	if (!str_is_token(typed, "._-@", LIM_USERNAME))
		return "";
	return str_lower(cx->arena, typed);
}

void
staff_token_hash(const uint8_t raw[32], uint8_t out[SESSION_HASH])
{
	crypt_sha256((struct span){(const char *)raw, 32}, out);
}

const char *
staff_object(struct ctx *cx, uint64_t id)
{
	return arena_fmt(cx->arena, "staff:%" PRIu64, id);
}

enum rc
staff_totp_open(struct ctx *cx, const struct staff_rec *s, struct span *secret)
{
	enum rc rc;

	rc = keyring_open(cx->keys, cx->arena, "totp", s->id, s->totp, secret);
	if (rc == RC_OK)
		return RC_OK;
	log_event(LOG_ERROR, "totp_not_opened", LF_U64("staff", s->id));
	return RC_FAIL;
}

/* ---- once more, of somebody signed in */

static enum rc
pass_body(struct ctx *cx, void *arg)
{
	return throttle_pass(cx, arg);
}

enum rc
staff_confirm(struct ctx *cx, const struct staff_rec *s, struct span password)
{
	struct throttle t;
	unsigned retry_s;
	const char *fresh;
	int slot;
	enum rc rc;

	throttle_of(cx, "confirm", s->username, &t);
	rc = staff_slot(&slot);
	if (rc != RC_OK)
		return rc;
	rc = throttle_enter(cx, &t, false, &retry_s);
	if (rc == RC_OK)
		rc = staff_hash_check(cx, password, s->password, &fresh);
	slots_give(SLOTS_HASH, slot);
	return rc == RC_OK ? tx_run(cx, pass_body, &t) : rc;
}
