/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys that a gateway changes by itself (WeChat Pay's certificates).  They are
 * asked for by the jobs, twice a day, and not at all by whoever meets a name
 * that he does not know: he leaves a wish, and a wish moves the time no nearer
 * than KEYS_PAUSE_S behind the last one.  So a forger with a thousand names
 * makes no more calls than one with one.
 *
 * Whoever takes a channel moves its time ahead first, which is his lease on it
 * and, when he fails or dies, the time of the next try.  What came is added to
 * what was known; nothing is ever taken away but what has ended.
 */
#include "shop/channel_int.h"

#include "base/log.h"
#include "base/metric.h"
#include "base/time.h"
#include "shop/audit.h"
#include "shop/backoff.h"
#include "shop/channel_keys.h"
#include "store/tx.h"

enum {
	KEYS_BATCH = 4,
	KEYS_PAUSE_S = 300, /* longer than a call may take */
	KEYS_RETRY_S = 3600,
	KEYS_EVERY_S = 12 * 3600,
	KEYS_NEAR_S = 24 * 3600 /* the last of them ends: every hour */
};

static void
tell(const struct channel *c, const char *result, enum rc rc)
{
	metric_add(METRIC_gateway_keys_total, result, 1);
	log_event(rc == RC_OK ? LOG_INFO : LOG_ERROR, "gateway_keys",
	    LF_STR("channel", c->name), LF_STR("result", result),
	    LF_STR("rc", rc_name(rc)));
}

/* ------------------------------------------------------------ keeping */

struct keeping {
	const struct channel *c;
	const struct pay_keys *keys;
	int64_t next;
};

static enum rc
keep_body(struct ctx *cx, void *arg)
{
	const struct keeping *k = arg;
	enum rc rc;

	rc = keys_keep(cx, k->c->id, k->c->version, k->keys->text);
	if (rc == RC_OK)
		rc = keys_done(cx, k->c->id, k->next);
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "channel.keys",
	    arena_fmt(cx->arena, "channel:%s", k->c->name),
	    arena_fmt(cx->arena, "new=%u", k->keys->n_new));
}

static enum rc
keep(struct ctx *cx, const struct channel *c, const struct pay_keys *keys)
{
	bool near = keys->ends_us - cx->now < KEYS_NEAR_S * US_PER_S;
	struct keeping k = {.c = c, .keys = keys};
	enum rc rc;

	k.next = cx->now + (near ? KEYS_RETRY_S : KEYS_EVERY_S) * US_PER_S;
	if (keys->text == NULL) {
		rc = keys_done(cx, c->id, k.next);
		tell(c, "same", RC_OK);
	} else {
		rc = tx_run(cx, keep_body, &k);
		tell(c, rc == RC_OK ? "new" : "failed", rc);
	}
	/* settings were saved meanwhile: asked again with them */
	return rc == RC_CONFLICT ? RC_OK : rc;
}

/* ------------------------------------------------------------ asking */

static enum rc
refresh(struct ctx *cx, const struct keys_due *due, unsigned *did)
{
	struct pay_keys keys;
	struct channel c;
	enum rc rc;

	rc = keys_take(cx, due,
	    backoff_at(cx->now, due->failed, KEYS_PAUSE_S, KEYS_RETRY_S));
	if (rc != RC_OK)
		return rc == RC_CONFLICT ? RC_OK : rc;
	rc = channel_load_id(cx, due->channel, &c);
	if (rc != RC_OK || c.account == NULL)
		return rc == RC_NOTFOUND ? RC_OK : rc;
	rc = gateway_keys(c.gw, cx, c.account, &keys);
	if (rc == RC_INVALID) { /* its keys are settings */
		rc = keys_done(cx, c.id, cx->now + KEYS_EVERY_S * US_PER_S);
		return rc == RC_CONFLICT ? RC_OK : rc;
	}
	(*did)++;
	if (rc == RC_OK)
		return keep(cx, &c, &keys);
	tell(&c, rc == RC_DENIED ? "forged" : "failed", rc);
	return RC_OK;
}

enum rc
jobs_keys(struct ctx *cx, unsigned *did)
{
	const struct keys_due *due;
	const struct gateway *g;
	size_t i, k, n;
	enum rc rc = RC_OK;

	*did = 0;
	cx->actor = ACTOR_SYSTEM;
	for (i = 0; rc == RC_OK && (g = gateway_at(i)) != NULL; i++) {
		if (g->keys == NULL)
			continue;
		rc = keys_due(cx, g->name, KEYS_BATCH, &due, &n);
		for (k = 0; rc == RC_OK && k < n; k++)
			rc = refresh(cx, &due[k], did);
	}
	return rc;
}

void
channel_keys_missed(struct ctx *cx, const struct channel *c)
{
	if (c->gw->keys == NULL)
		return;
	if (keys_wish(cx, c->id, KEYS_PAUSE_S * US_PER_S) != RC_OK)
		log_event(
		    LOG_WARN, "keys_not_wished", LF_STR("channel", c->name));
}
