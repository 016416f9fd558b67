/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call at a time.  A receiver gets a few deliveries a turn; the first
 * that fails ends its turn, and the rest goes back without an attempt.  So a
 * receiver that is down for an hour costs a call now and then, and loses
 * nothing.
 */
#include "shop/hook_send.h"

#include "base/log.h"
#include "base/metric.h"
#include "base/str.h"
#include "base/time.h"
#include "io/crypt.h"
#include "io/httpc.h"
#include "shop/backoff.h"
#include "shop/webhook.h"
#include "store/hook_delivery.h"
#include "store/tx.h"
#include "store/webhook.h"

enum {
	LEND_S = 300, /* longer than a turn of calls that hang */
	TURN_MAX = 8,
	TURN_MS = 2000,
	STEP_MS = 5000,
	PAUSE_FIRST_S = 5,
	PAUSE_MOST_S = 300,
	GIVE_UP_DAYS = 3, /* whatever the attempts */
	STATUS_OK = 200,
	STATUS_MORE = 300,
	REPLY_MAX = 64 * 1024
};

struct turn { /* of one receiver */
	uint64_t hook;
	unsigned fails; /* in a row, before */
	const char *url;
	struct span secret, old; /* plain; old.n = 0: none */
	int64_t lent_until, end; /* end: monotonic us */
	const struct hook_due *list;
	size_t n;
};

static enum rc
take_body(struct ctx *cx, void *arg)
{
	struct turn *t = arg;

	return hook_take(cx, t->hook, TURN_MAX, t->lent_until, &t->list, &t->n);
}

static enum rc
open_secrets(struct ctx *cx, struct turn *t)
{
	struct hook_secrets s;
	enum rc rc;

	rc = hook_secrets(cx, t->hook, &s);
	if (rc != RC_OK)
		return rc;
	t->url = s.url;
	rc = keyring_open(
	    cx->keys, cx->arena, "webhook", t->hook, s.secret, &t->secret);
	if (rc == RC_OK && s.old.n != 0 && s.old_until > cx->now)
		rc = keyring_open(
		    cx->keys, cx->arena, "webhook", t->hook, s.old, &t->old);
	if (rc != RC_OK)
		log_event(LOG_ERROR, "webhook_secret",
		    LF_U64("webhook", t->hook), LF_STR("rc", rc_name(rc)));
	return rc == RC_OK ? RC_OK : RC_FAIL;
}

/* ------------------------------------------------------------ one call */

/* The new secret's first: a receiver that has both checks once. */
static enum rc
signatures(struct ctx *cx, const struct turn *t, const struct hook_due *d,
    int64_t seconds, const char **out)
{
	const char *one, *two;
	enum rc rc;

	rc = webhook_sign(cx, t->secret, d->event_id, seconds, d->body, &one);
	if (rc != RC_OK || t->old.n == 0) {
		*out = one;
		return rc;
	}
	rc = webhook_sign(cx, t->old, d->event_id, seconds, d->body, &two);
	if (rc == RC_OK)
		*out = arena_fmt(cx->arena, "%s %s", one, two);
	return rc;
}

static enum rc
call(struct ctx *cx, const struct turn *t, const struct hook_due *d,
    struct http_answer *answer)
{
	int64_t seconds = time_now_us() / US_PER_S;
	const char *signature = "";
	const char *headers[] = {
	    "Content-Type: application/json",
	    arena_fmt(cx->arena, "webhook-id: %s", d->event_id),
	    arena_fmt(cx->arena, "webhook-timestamp: %lld", (long long)seconds),
	    NULL,
	    NULL,
	};
	const struct http_call c = {
	    .method = "POST",
	    .url = t->url,
	    .headers = headers,
	    .body = span_str(d->body),
	    .timeout_ms = (unsigned)cx->set->webhook_timeout_ms,
	    .body_max = REPLY_MAX,
	    .webhook = true,
	};

	if (signatures(cx, t, d, seconds, &signature) != RC_OK)
		return RC_FAIL;
	headers[3] = arena_fmt(cx->arena, "webhook-signature: %s", signature);
	return http_do(cx, &c, answer);
}

static const char *
why(struct ctx *cx, enum rc rc, const struct http_answer *a)
{
	switch (rc) {
	case RC_OK:
		return a->status >= STATUS_OK && a->status < STATUS_MORE
			   ? ""
			   : arena_fmt(cx->arena, "status %d", a->status);
	case RC_BUSY:
		return "no answer";
	case RC_DENIED:
		return "private address";
	default:
		return "call failed";
	}
}

static enum rc
judge(struct ctx *cx, struct turn *t, bool well)
{
	if (well) {
		if (t->fails == 0)
			return RC_OK;
		t->fails = 0;
		return hook_well(cx, t->hook);
	}
	return hook_ill(cx, t->hook,
	    backoff_at(time_now_us(), t->fails, PAUSE_FIRST_S, PAUSE_MOST_S));
}

/* *well: the receiver took it. */
static enum rc
try_one(struct ctx *cx, struct turn *t, const struct hook_due *d, bool *well)
{
	struct http_answer answer = {0};
	int64_t began = time_mono_us(), now;
	struct hook_tried r = {.state = "done"};
	enum rc rc = call(cx, t, d, &answer);

	now = time_now_us();
	r.error = why(cx, rc, &answer);
	*well = r.error[0] == '\0';
	r.status = answer.status > 0 ? (unsigned)answer.status : 0;
	r.took_ms = (unsigned)((time_mono_us() - began) / US_PER_MS);
	r.response = answer.body.p == NULL ? (struct span){"", 0} : answer.body;
	if (r.response.n > HOOK_RESPONSE_MAX)
		r.response.n = HOOK_RESPONSE_MAX;
	r.due = r.done = now;
	if (!*well &&
	    (d->attempts + 1 >= BACKOFF_ATTEMPTS ||
		now - d->created > GIVE_UP_DAYS * S_PER_DAY * US_PER_S)) {
		r.state = "dead";
	} else if (!*well) {
		r.state = "due";
		r.done = 0;
		r.due = backoff_at(
		    now, d->attempts, BACKOFF_FIRST_S, BACKOFF_MOST_S);
	}
	metric_add(METRIC_webhook_deliveries_total,
	    *well         ? "ok"
	    : r.done == 0 ? "retry"
			  : "dead",
	    1);
	if (!*well)
		log_event(LOG_WARN, "webhook", LF_U64("webhook", t->hook),
		    LF_U64("delivery", d->id), LF_STR("why", r.error));
	/* the receiver first: who sees the attempt sees what came of it */
	rc = judge(cx, t, *well);
	return rc == RC_OK ? hook_tried(cx, d->id, &r) : rc;
}

/* ------------------------------------------------------------ turns */

static enum rc
take_turn(struct ctx *cx, struct turn *t, unsigned *did)
{
	bool well = true;
	size_t i;
	enum rc rc;

	if ((rc = open_secrets(cx, t)) != RC_OK ||
	    (rc = tx_run(cx, take_body, t)) != RC_OK)
		return rc;
	for (i = 0; rc == RC_OK && i < t->n; i++) {
		if (!well || (i != 0 && time_mono_us() > t->end)) {
			rc = hook_return(cx, t->list[i].id, t->lent_until);
			continue;
		}
		rc = try_one(cx, t, &t->list[i], &well);
		(*did)++;
	}
	return rc;
}

enum rc
hooks_send(struct ctx *cx, unsigned *did)
{
	int64_t began = time_mono_us();
	const struct hook_ready *ready;
	size_t n, i, first;
	struct turn t;
	enum rc rc;

	*did = 0;
	rc = hook_ready(cx, &ready, &n);
	if (rc != RC_OK || n == 0)
		return rc;
	/* another one begins each time: nobody waits for the same neighbour */
	first = (size_t)(crypt_random_u64() % n);
	for (i = 0; i < n; i++) {
		const struct hook_ready *r = &ready[(first + i) % n];
		int64_t now = time_mono_us();
		enum rc one;

		if (i != 0 && now - began > STEP_MS * US_PER_MS)
			break;
		t = (struct turn){
		    .hook = r->id,
		    .fails = r->fails,
		    .lent_until = cx->now + LEND_S * US_PER_S,
		    .end = now + TURN_MS * US_PER_MS,
		};
		one = take_turn(cx, &t, did);
		if (one != RC_OK)
			rc = one; /* a broken secret stops no other */
	}
	return rc;
}
