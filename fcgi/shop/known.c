/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The filter of what exists (known.h).
 *
 * It is filled by those who miss: one worker at a time, by a turn that the
 * others see in shared memory, reads what is new and adds it.  So a shop
 * that nobody sends junk to asks nothing, one that sees a little of it looks
 * each time, and one that is flooded looks about once a second.  Bits are never
 * taken back: what has been renamed or deleted stays "maybe", which costs a
 * query and no truth.
 *
 * Slugs are few and read whole.  Orders are many: they are read once in
 * pieces, by number, and then by the time they were made.  An order's time is
 * that of its request and of another machine's clock, and its row appears
 * later: each look goes back by LATE_US.
 */
#include "shop/known.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "base/bloom.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/time.h"
#include "io/crypt.h"
#include "store/known.h"

enum {
	SLUGS = 65536,
	SLUGS_READ = 20000, /* more goods than that are not filtered */
	ORDERS_READ = 20000,
	SPARE = 20,  /* a look is followed by 20 times its time of peace */
	LOOKS = 20,  /* in a row, when there was peace for long enough */
	SKEW_S = 30, /* between the clocks of machines */
	REREAD_S = 3600
};

struct part {
	struct bloom *bits;
	_Atomic int64_t turn; /* monotonic us: somebody looks, until then */
	_Atomic int64_t next; /* ... : the next look is due */
	_Atomic int64_t seen; /* ... : all until then is in; 0: not all is */
	/* who has the turn, and nobody else: */
	bool filled;                  /* orders: the first reading is done */
	int64_t since;                /* orders: UTC us, read up to there */
	int64_t filled_at;            /* orders: monotonic us */
	char after[LIM_ORDER_NO + 1]; /* orders: read so far */
};

struct known {
	uint64_t merchant; /* the only one that is filtered */
	struct part slugs, orders;
};

struct known *
known_open(size_t orders)
{
	struct known *k = mmap(NULL, sizeof(*k), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (k == MAP_FAILED)
		return NULL;
	k->merchant = 1;
	k->slugs.bits = bloom_open(SLUGS, crypt_random_u64());
	if (orders != 0)
		k->orders.bits = bloom_open(orders, crypt_random_u64());
	return k;
}

void
known_close(struct known *k)
{
	if (k == NULL)
		return;
	bloom_close(k->slugs.bits);
	bloom_close(k->orders.bits);
	munmap(k, sizeof(*k));
}

/* ------------------------------------------------------------ reading */

static struct span
key_of(struct ctx *cx, enum known_kind kind, const char *name)
{
	static const char *const prefix[] = {
	    [KNOWN_PRODUCT] = "p:",
	    [KNOWN_CATEGORY] = "c:",
	    [KNOWN_ORDER] = "",
	};

	return span_str(arena_fmt(cx->arena, "%s%s", prefix[kind], name));
}

static enum rc
read_slugs(struct ctx *cx, struct part *p, bool *all)
{
	const struct slug_rec *r;
	enum rc rc;
	size_t i, n;

	rc = known_slugs(cx, SLUGS_READ, &r, &n);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < n; i++)
		bloom_add(p->bits,
		    key_of(cx, r[i].category ? KNOWN_CATEGORY : KNOWN_PRODUCT,
			r[i].slug));
	*all = n < SLUGS_READ;
	return RC_OK;
}

static void
add_orders(struct part *p, const struct order_name *r, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		bloom_add(p->bits, span_str(r[i].no));
}

/* How far back an order may turn up that was not there at the last look. */
static int64_t
late_us(const struct ctx *cx)
{
	return cx->set->request_deadline_ms * US_PER_MS + SKEW_S * US_PER_S;
}

/* The next piece of all there are; those made meanwhile come after it. */
static enum rc
fill_orders(struct ctx *cx, struct part *p)
{
	const struct order_name *r;
	enum rc rc;
	size_t n;

	if (p->after[0] == '\0')
		p->since = cx->now - late_us(cx);
	rc = orders_after(cx, p->after, ORDERS_READ, &r, &n);
	if (rc != RC_OK)
		return rc;
	add_orders(p, r, n);
	if (n == ORDERS_READ && strlen(r[n - 1].no) < sizeof(p->after)) {
		memcpy(p->after, r[n - 1].no, strlen(r[n - 1].no) + 1);
		return RC_OK;
	}
	p->filled = true;
	p->filled_at = time_mono_us();
	return RC_OK;
}

static enum rc
read_new_orders(struct ctx *cx, struct part *p, bool *all)
{
	const struct order_name *r;
	enum rc rc;
	size_t n;

	rc = orders_made_since(cx, p->since, ORDERS_READ, &r, &n);
	if (rc != RC_OK)
		return rc;
	add_orders(p, r, n);
	*all = n < ORDERS_READ;
	if (*all)
		p->since = cx->now - late_us(cx);
	else if (r[n - 1].created > p->since)
		p->since = r[n - 1].created;
	return RC_OK;
}

static enum rc
read_orders(struct ctx *cx, struct part *p, bool *all)
{
	/* once an hour from the start: what came in by another way, with a
	 * time of long ago, is found then at the latest */
	if (p->filled && time_mono_us() - p->filled_at > REREAD_S * US_PER_S) {
		p->filled = false;
		p->after[0] = '\0';
	}
	if (!p->filled)
		return fill_orders(cx, p);
	return read_new_orders(cx, p, all);
}

/* ------------------------------------------------------------ turns */

/* One look each KNOWN_PAUSE_MS and no more, but for LOOKS in a row after a
 * time of peace: next is when the coming one would be due at that pace. */
static int64_t
ahead(struct part *p, int64_t now)
{
	return atomic_load(&p->next) - now;
}

/* A worker that dies with the turn is missed after the deadline that ended
 * it. */
static bool
take_turn(struct ctx *cx, struct part *p, int64_t now)
{
	int64_t turn = atomic_load(&p->turn);

	return now >= turn &&
	       atomic_compare_exchange_strong(&p->turn, &turn,
		   now + 2 * cx->set->request_deadline_ms * US_PER_MS);
}

static void
look(struct ctx *cx, struct known *k, struct part *p, int64_t now)
{
	bool orders = p == &k->orders, all = false;
	int64_t took, pause = KNOWN_PAUSE_MS * US_PER_MS;
	int64_t next = atomic_load(&p->next);
	enum rc rc =
	    orders ? read_orders(cx, p, &all) : read_slugs(cx, p, &all);

	took = time_mono_us() - now;
	if (rc == RC_OK && all)
		atomic_store(&p->seen, now);
	if (took * SPARE > pause)
		pause = took * SPARE;
	/* a reading in pieces goes on with the next miss */
	if (rc == RC_OK && orders && !all)
		pause = took;
	atomic_store(&p->next, (next > now ? next : now) + pause);
	atomic_store(&p->turn, 0);
}

/* All that was there a moment ago is in the filter. */
static bool
is_sure(struct ctx *cx, struct known *k, struct part *p)
{
	const int64_t pause = KNOWN_PAUSE_MS * US_PER_MS;
	int64_t now = time_mono_us(), left = ahead(p, now), seen;

	if (left <= LOOKS * pause) {
		if (take_turn(cx, p, now))
			look(cx, k, p, now);
		else if (left <= LOOKS / 2 * pause)
			return false; /* ask: nobody floods us */
	}
	seen = atomic_load(&p->seen);
	return seen != 0 && time_mono_us() - seen < KNOWN_AGE_MS * US_PER_MS;
}

bool
known_maybe(
    struct ctx *cx, struct known *k, enum known_kind kind, const char *name)
{
	struct part *p;
	struct span key;

	if (k == NULL || cx->merchant != k->merchant || cx->wrote_lately)
		return true;
	p = kind == KNOWN_ORDER ? &k->orders : &k->slugs;
	if (p->bits == NULL)
		return true;
	key = key_of(cx, kind, name);
	if (bloom_maybe(p->bits, key) || !is_sure(cx, k, p) ||
	    bloom_maybe(p->bits, key))
		return true;
	metric_add(METRIC_unknown_total,
	    kind == KNOWN_ORDER     ? "order"
	    : kind == KNOWN_PRODUCT ? "product"
				    : "category",
	    1);
	return false;
}
