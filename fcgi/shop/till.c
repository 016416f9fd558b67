/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handing over (till.h).  The connection and what is known of the till's
 * health live with the process, like a database connection: they say nothing
 * about any request.
 *
 * Must not: decide what a claim is worth.  The answer is the till's or that of
 * claim_batch(), nothing in between.
 */
#include "shop/till.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/str.h"
#include "base/time.h"
#include "io/frame.h"
#include "shop/till_wire.h"

enum { AWAY_MIN_MS = 100, AWAY_MAX_MS = 5000 };

struct line {
	int fd;
	unsigned fails;
	int64_t away_until; /* monotonic us: not asked before */
};
static struct line line = {.fd = -1};

const char *
till_path(struct arena *a, const struct settings *set)
{
	if (!set->till || set->workers == 0 || str_eq(set->pool, "admin"))
		return "";
	if (!str_empty(set->till_socket))
		return set->till_socket;
	if (str_empty(set->spool_dir))
		return "";
	return arena_fmt(a, "%s/till-%s.sock", set->spool_dir, set->pool);
}

/* One that does not answer is left alone for a while, each time longer. */
static void
remember(enum rc rc, int64_t now)
{
	int64_t ms = AWAY_MIN_MS;
	unsigned i;

	if (rc == RC_OK) {
		if (line.fails != 0)
			metric_set(METRIC_breaker_state, "till", 0);
		line.fails = 0;
		return;
	}
	for (i = 0; i < line.fails && ms < AWAY_MAX_MS; i++)
		ms *= 2;
	line.fails++;
	line.away_until = now + ms * US_PER_MS;
	metric_set(METRIC_breaker_state, "till", 2);
	log_event(LOG_WARN, "till_away", LF_STR("rc", rc_name(rc)),
	    LF_U64("fails", line.fails));
}

/* When the till may still begin: half of the time that is waited. */
static int64_t
begin_until(const struct ctx *cx, int64_t now)
{
	return now + cx->set->till_wait_ms * US_PER_MS;
}

static enum rc
ask(struct ctx *cx, const struct buf *question, int64_t now,
    struct span *answer)
{
	const char *path = till_path(cx->arena, cx->set);
	int64_t until = now + 2 * cx->set->till_wait_ms * US_PER_MS;
	size_t n = 0;
	char *room;
	enum rc rc;

	/* too large for a frame: rare, and done alone */
	if (*path == '\0' || question->bad || now < line.away_until)
		return RC_NOTFOUND;
	if (cx->deadline != 0 && cx->deadline < until)
		until = cx->deadline;
	room = arena_alloc(cx->arena, FRAME_ANSWER_MAX);
	rc = frame_ask(&line.fd, path,
	    (struct span){question->p, question->len}, until, room, &n);
	remember(rc, time_mono_us());
	*answer = (struct span){room, n};
	return rc;
}

/* An answer that cannot be read says nothing about what was done. */
static enum rc
heard(struct ctx *cx, enum rc rc, const char *position)
{
	if (rc == RC_OK)
		ctx_wrote(cx, position);
	return rc == RC_INVALID ? RC_BUSY : rc;
}

/* ------------------------------------------------------------ claims */

static enum rc
ask_claim(struct ctx *cx, struct claim *c)
{
	int64_t now = time_mono_us();
	const char *position = "";
	struct span answer;
	struct buf b;
	enum rc rc;

	buf_init(&b, cx->arena, 2048, FRAME_MAX);
	till_put_claim(&b, begin_until(cx, now), c);
	rc = ask(cx, &b, now, &answer);
	if (rc == RC_OK)
		rc = till_get_claimed(cx->arena, answer, c, &position);
	return heard(cx, rc, position);
}

/* The till may have made this order, and if it did not, it may still be at it.
 * The form key lets one of the two win; only a refusal needs care.  A till
 * that hung up is dead: its locks are waited for, and a look at what it left
 * makes the refusal final.  One that is silent may yet serve the claim. */
static enum rc
claim_again(struct ctx *cx, struct claim *c, bool dead)
{
	enum rc rc;

	c->wait = dead;
	rc = claim_batch(cx, c, 1);
	if (rc != RC_OK || c->rc != RC_CONFLICT || c->why == CLAIM_TOKEN_USED)
		return rc;
	if (dead)
		return claim_find(cx, c);
	c->rc = RC_BUSY;
	return RC_OK;
}

enum rc
till_claim(struct ctx *cx, struct claim *c)
{
	switch (ask_claim(cx, c)) {
	case RC_OK:
		return RC_OK;
	case RC_NOTFOUND:
		return claim_batch(cx, c, 1);
	case RC_FAIL:
		return claim_again(cx, c, true);
	default:
		return claim_again(cx, c, false);
	}
}

/* ------------------------------------------------------------ settlements */

static enum rc
ask_paid(struct ctx *cx, struct paid *p)
{
	int64_t now = time_mono_us();
	const char *position = "";
	struct span answer;
	struct buf b;
	enum rc rc;

	buf_init(&b, cx->arena, 2048, FRAME_MAX);
	till_put_paid(&b, begin_until(cx, now), p);
	rc = ask(cx, &b, now, &answer);
	if (rc == RC_OK)
		rc = till_get_settled(cx->arena, answer, p, &position);
	return heard(cx, rc, position);
}

enum rc
till_settle(struct ctx *cx, struct paid *p)
{
	/* Done twice it is a repeat, because the inbox has a key. */
	if (p->gateway != NULL && p->verdict != NULL && p->detail == NULL &&
	    ask_paid(cx, p) == RC_OK)
		return RC_OK;
	return settle_batch(cx, p, 1);
}
