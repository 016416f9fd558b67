/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long a rendered page may serve.  Stock stands on it, so its age is
 * counted from the moment its rows were read, through all tiers, and ends at
 * cache_page_s.  Edits end it through the outbox, in shared memory within a
 * second.
 *
 * A page is renewed before it ends: from a soft age on that each rendering
 * draws for itself, and, the dearer it is, by chance a little earlier (Vattani,
 * Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention,
 * VLDB 2015).  Who goes has the lease; the others show what there is.
 *
 * A page that nobody has is rendered by one worker of the machine, however many
 * ask for it at the same time.  The others wait, which takes them as long and
 * the machine less; but not for one that is slow, and not twice: what cannot
 * be kept would be rendered by one after the other.
 *
 * A cache in front that counts whole seconds has no use for a page that ends
 * with the one it asks in: cx->not_before keeps those from it.
 *
 * What does not exist is remembered, too, for some time longer: a product that
 * is made tells its generation.
 */
#include "shop/kept.h"

#include "base/digest.h"
#include "base/hot.h"
#include "base/metric.h"
#include "base/time.h"
#include "io/crypt.h"

#include <time.h>

enum {
	PERCENT = 100,
	SOFT_FROM = 60, /* per cent of the whole age */
	SOFT_SPREAD = 31,
	HOT_SOFT_MS = 500, /* one worker looks into memcached again */
	HOT_SPREAD_MS = 250,
	WAIT_MS = 250, /* for another worker's page */
	NAP_NS = 1000 * 1000,
	ABSENT_S = 15,
	ABSENT_SPREAD_S = 45
};
enum { NOTE_ABSENT = 1 };

static int64_t
draw(int64_t n)
{
	return (int64_t)(crypt_random_u64() % (uint64_t)n);
}

static int64_t
life_us(const struct ctx *cx)
{
	return cx->set->cache_page_s * US_PER_S;
}

/* ---- shared memory */

/* Two merchants of one machine may have the same path. */
static struct span
hot_key(struct ctx *cx, const struct kept *k)
{
	return span_str(arena_fmt(cx->arena, "%llu:%s",
	    (unsigned long long)cx->merchant, k->page.name));
}

static enum rc
from_hot(struct ctx *cx, struct kept *k, int64_t now)
{
	struct hot_value v;
	enum rc rc;

	rc = hot_get(cx->arena, hot_key(cx, k), now, &v);
	if (rc != RC_OK) {
		k->sent = k->sent || v.sent;
		return rc;
	}
	if (v.note != NOTE_ABSENT && v.born < cx->not_before)
		return RC_NOTFOUND;
	metric_add(METRIC_hot_pages_total, NULL, 1);
	k->absent = v.note == NOTE_ABSENT;
	k->body = v.bytes;
	k->digest = v.digest;
	k->age_us = v.born > cx->now ? 0 : cx->now - v.born;
	return RC_OK;
}

/* Nobody has it: make it, or wait for who does. */
static enum rc
from_maker(struct ctx *cx, struct kept *k)
{
	const struct timespec nap = {0, NAP_NS};
	struct span key = hot_key(cx, k);
	int64_t now = time_mono_us();
	bool more;

	k->making = hot_make(key, now);
	if (k->making) {
		/* another may have made it since we looked; but what there
		 * was when we were sent is not what we were sent for */
		if (k->sent || from_hot(cx, k, now) != RC_OK)
			return RC_NOTFOUND;
		hot_made(key);
		k->making = false;
		return RC_OK;
	}
	do {
		(void)nanosleep(&nap, NULL);
		now = time_mono_us();
		more = hot_being_made(key, now) &&
		       now - k->begun < WAIT_MS * US_PER_MS;
		if (from_hot(cx, k, now) == RC_OK)
			return RC_OK;
	} while (more);
	return RC_NOTFOUND;
}

static void
to_hot(struct ctx *cx, const struct kept *k, const struct page_value *v,
    int64_t until)
{
	int64_t now = time_mono_us(), ahead = now - time_now_us();
	int64_t soft =
	    now + HOT_SOFT_MS * US_PER_MS + draw(HOT_SPREAD_MS * US_PER_MS);
	struct hot_value h = {.bytes = v->body,
	    .digest = v->digest,
	    .born = v->born,
	    .note = v->absent ? NOTE_ABSENT : 0};

	if (v->soft + ahead < soft)
		soft = v->soft + ahead;
	hot_put(hot_key(cx, k), &h, now, soft, until + ahead);
}

/* ---- memcached */

/* -ln of a number drawn from (0, 1), times n: the count of its leading zeros
 * and a straight line between two powers of two. */
static int64_t
minus_log(int64_t n)
{
	enum { FRACTION = 16, LN2_1000 = 693, MILLI = 1000 };
	uint64_t u = crypt_random_u64() | 1;
	int zeros = __builtin_clzll(u);
	int64_t part = (int64_t)((u << zeros << 1) >> (64 - FRACTION));
	int64_t log2 = ((int64_t)(zeros + 1) << FRACTION) - part;

	return n * LN2_1000 / MILLI * log2 >> FRACTION;
}

static bool
is_due(struct ctx *cx, const struct page_value *v)
{
	int64_t cost = v->cost_us;

	/* a page that once took seconds is no reason to render all the time */
	if (cost > (v->soft - v->born) / 10)
		cost = (v->soft - v->born) / 10;
	return cx->now + minus_log(cost) >= v->soft;
}

static enum rc
from_cache(struct ctx *cx, struct kept *k)
{
	struct page_value v;
	bool old;
	enum rc rc;

	rc = page_cache_get(cx, &k->page, &k->gens, &v, &old);
	if (rc != RC_OK)
		return rc;
	/* a page that has appeared is not refused again; and no clock of
	 * another machine makes a page older than it may be */
	if ((old && v.absent) || v.born > cx->now + US_PER_S ||
	    (!v.absent &&
		(v.born + life_us(cx) <= cx->now || v.born < cx->not_before)))
		return RC_NOTFOUND;
	if (old || is_due(cx, &v)) {
		k->leased = page_cache_lease(cx, &k->page);
		if (k->leased)
			return RC_NOTFOUND;
		metric_add(METRIC_cache_stale_total, NULL, 1);
	} else {
		to_hot(cx, k, &v,
		    v.absent ? cx->now + US_PER_S : v.born + life_us(cx));
	}
	k->absent = v.absent;
	k->body = v.body;
	k->digest = v.digest;
	k->age_us = v.absent || v.born > cx->now ? 0 : cx->now - v.born;
	return RC_OK;
}

static enum rc
from_tiers(struct ctx *cx, struct kept *k)
{
	enum rc rc;

	if (from_hot(cx, k, k->begun) == RC_OK)
		return RC_OK;
	if (cx->cache != NULL) {
		/* known before the rows are read: an edit in between is
		 * noticed */
		k->gens_known =
		    page_cache_gens(cx, &k->page, &k->gens) == RC_OK;
		rc = k->gens_known ? from_cache(cx, k) : RC_NOTFOUND;
		if (rc == RC_OK || k->leased)
			return rc;
	}
	return from_maker(cx, k);
}

enum rc
kept_get(struct ctx *cx, struct kept *k)
{
	if (cx->set->cache_page_s == 0)
		return RC_NOTFOUND;
	k->begun = time_mono_us();
	if (!cx->sticky)
		return from_tiers(cx, k);
	/* he sees what he wrote, and others may see it after him */
	if (cx->cache != NULL)
		k->gens_known =
		    page_cache_gens(cx, &k->page, &k->gens) == RC_OK;
	return RC_NOTFOUND;
}

void
kept_end(struct ctx *cx, const struct kept *k)
{
	if (k->making)
		hot_made(hot_key(cx, k));
}

static void
put(struct ctx *cx, struct kept *k, struct page_value *v, int64_t until)
{
	v->born = v->absent ? cx->now : cx->shown;
	v->cost_us = time_mono_us() - k->begun;
	if (k->gens_known)
		page_cache_put(cx, &k->page, &k->gens, v, until);
	if (k->leased)
		page_cache_unlease(cx, &k->page);
	to_hot(cx, k, v, until);
}

/* A page that a visitor's own write made us read from the primary is as good
 * as any other: it may serve all. */
void
kept_put(struct ctx *cx, struct kept *k, struct span body, uint64_t digest)
{
	struct page_value v = {.body = body, .digest = digest};
	int64_t life = life_us(cx);

	if (life == 0)
		return;
	v.soft = cx->shown + life * (SOFT_FROM + draw(SOFT_SPREAD)) / PERCENT;
	put(cx, k, &v, cx->shown + life);
}

void
kept_absent(struct ctx *cx, struct kept *k)
{
	struct span none = {"", 0};
	struct page_value v = {
	    .body = none, .digest = digest_of(none), .absent = true};
	int64_t until;

	if (cx->set->cache_page_s == 0)
		return;
	until =
	    cx->now + ABSENT_S * US_PER_S + draw(ABSENT_SPREAD_S * US_PER_S);
	v.soft = until;
	put(cx, k, &v, until);
}
