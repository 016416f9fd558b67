/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What leaves the shop: messages of the outbox, and webhooks.  They are two
 * steps, so that they can run in two processes: mail does not wait for a
 * stranger's server.
 */
#include "shop/jobs.h"

#include "base/log.h"
#include "base/metric.h"
#include "base/time.h"
#include "shop/backoff.h"
#include "shop/hook_event.h"
#include "shop/hook_send.h"
#include "shop/message.h"
#include "shop/outbox_send.h"
#include "store/hook_delivery.h"
#include "store/outbox_read.h"
#include "store/tx.h"

/* Messages that are done and not yet marked. */
struct done {
	uint64_t *id;
	size_t n;
};

struct taking {
	unsigned max;
	struct listeners listeners;
	struct outbox_row *rows; /* lent */
	size_t n, all;
};

static enum rc
mark(struct ctx *cx, struct done *d)
{
	enum rc rc = d->n == 0 ? RC_OK : outbox_done(cx, d->id, d->n);

	d->n = 0;
	return rc;
}

/* What is to be done is lent.  What is not, in a busy shop a message for each
 * order, is done with this: it is written to once. */
static enum rc
take_body(struct ctx *cx, void *arg)
{
	struct taking *t = arg;
	const struct outbox_row *all;
	struct done rest = {0};
	size_t i;
	enum rc rc;

	t->n = 0;
	rc = outbox_lock(cx, t->max, &all, &t->all);
	if (rc != RC_OK || t->all == 0)
		return rc;
	/* after taking: who listened when the event was written is in it */
	if ((rc = hook_listeners(cx, &t->listeners)) != RC_OK)
		return rc;
	t->rows = ARENA_ARRAY(cx->arena, t->all, struct outbox_row);
	rest.id = ARENA_ARRAY(cx->arena, t->all, uint64_t);
	for (i = 0; i < t->all; i++) {
		if (t->listeners.n == 0 && outbox_rests(cx, all[i].kind))
			rest.id[rest.n++] = all[i].id;
		else
			t->rows[t->n++] = all[i];
	}
	if ((rc = mark(cx, &rest)) != RC_OK || t->n == 0)
		return rc;
	return outbox_lend(
	    cx, t->rows, t->n, cx->now + MESSAGE_LEND_S * US_PER_S);
}

static enum rc
send_one(struct ctx *cx, const struct listeners *l, const struct outbox_row *m,
    struct done *done)
{
	outbox_fn fn = outbox_sender(m->kind);
	const char *why = "webhooks";
	enum rc rc;

	if (fn == NULL)
		return outbox_dead(cx, m->id, "unknown kind");
	rc = hook_fan_out(cx, l, m);
	if (rc == RC_OK)
		rc = fn(cx, m, &why);
	if (rc == RC_OK) {
		done->id[done->n++] = m->id;
		return outbox_leaves(cx, m->kind) ? mark(cx, done) : RC_OK;
	}
	log_event(LOG_WARN, "outbox", LF_STR("kind", m->kind),
	    LF_U64("id", m->id), LF_STR("rc", rc_name(rc)), LF_STR("why", why));
	if (rc == RC_INVALID || rc == RC_NOTFOUND ||
	    m->attempts + 1 >= BACKOFF_ATTEMPTS)
		return outbox_dead(cx, m->id, why);
	return outbox_retry(cx, m->id,
	    backoff_at(cx->now, m->attempts, BACKOFF_FIRST_S, BACKOFF_MOST_S),
	    why);
}

static int64_t
age_s(const struct ctx *cx, int64_t due)
{
	return due == 0 || due > cx->now ? 0 : (cx->now - due) / US_PER_S;
}

enum rc
jobs_outbox(struct ctx *cx, unsigned *did)
{
	struct taking t = {.max = (unsigned)cx->set->outbox_batch};
	struct done done = {0};
	int64_t oldest;
	uint64_t dead;
	size_t i;
	enum rc rc;

	*did = 0;
	cx->actor = ACTOR_SYSTEM;
	rc = tx_run(cx, take_body, &t);
	if (rc == RC_OK)
		*did = (unsigned)(t.all - t.n);
	done.id = ARENA_ARRAY(cx->arena, t.n, uint64_t);
	for (i = 0; rc == RC_OK && i < t.n; i++) {
		rc = send_one(cx, &t.listeners, &t.rows[i], &done);
		(*did)++;
	}
	if (rc == RC_OK)
		rc = mark(cx, &done);
	if (rc != RC_OK || outbox_oldest(cx, &oldest, &dead) != RC_OK)
		return rc;
	metric_set(METRIC_outbox_oldest_seconds, "", age_s(cx, oldest));
	metric_set(METRIC_outbox_dead, "", (int64_t)dead);
	return RC_OK;
}

enum rc
jobs_webhooks(struct ctx *cx, unsigned *did)
{
	int64_t oldest;
	uint64_t dead;
	enum rc rc;

	cx->actor = ACTOR_SYSTEM;
	rc = hooks_send(cx, did);
	if (hook_waiting(cx, &oldest, &dead) != RC_OK)
		return rc;
	metric_set(METRIC_webhook_oldest_seconds, "", age_s(cx, oldest));
	metric_set(METRIC_webhook_dead, "", (int64_t)dead);
	return rc;
}

enum rc
jobs_low_stock(struct ctx *cx, unsigned *did)
{
	cx->actor = ACTOR_SYSTEM;
	return hook_look_for_low(cx, did);
}
