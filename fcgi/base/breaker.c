/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breakers (breaker.h), without locks.  All of one is a word that changes by
 * compare and swap: failures in a row (8 bits), pauses so far (7), "somebody
 * probes" (1), and the ms until which nobody else may call (48).
 *
 * A probe has a lease, not a lock: when its process dies, the next caller
 * after the lease tries.
 */
#include "base/breaker.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/str.h"
#include "base/time.h"

enum {
	BREAKERS = 256,
	LEASE_MS = 30000, /* longer than any call may take */
	MOST = 100        /* of failures and pauses counted */
};

struct slot {
	_Atomic uint64_t name; /* its hash; 0: free */
	_Atomic uint64_t word;
};

struct word {
	unsigned failures, pauses;
	bool probing;
	int64_t until; /* ms */
};

static struct slot own[BREAKERS]; /* without shared memory */
static struct slot *slots = own;

enum rc
breaker_open(void)
{
	void *p = mmap(NULL, BREAKERS * sizeof(*slots), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return RC_FAIL;
	slots = p;
	return RC_OK;
}

static uint64_t
hash(const char *s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(0x100000001b3);
	return h == 0 ? 1 : h;
}

/* NULL: the table is full. */
static struct slot *
slot_of(const char *name)
{
	uint64_t h = hash(name), there;
	size_t i;

	for (i = 0; i < BREAKERS; i++) {
		struct slot *s = &slots[(h + i) % BREAKERS];

		there = atomic_load(&s->name);
		if (there == h)
			return s;
		if (there == 0 &&
		    (atomic_compare_exchange_strong(&s->name, &there, h) ||
			there == h))
			return s;
	}
	return NULL;
}

static struct word
unpack(uint64_t v)
{
	return (struct word){.failures = v & 0xff,
	    .pauses = v >> 8 & 0x7f,
	    .probing = v >> 15 & 1,
	    .until = (int64_t)(v >> 16)};
}

static uint64_t
pack(struct word w)
{
	return w.failures | (uint64_t)w.pauses << 8 |
	       (uint64_t)w.probing << 15 | (uint64_t)w.until << 16;
}

static enum breaker_state
state_of(struct word w)
{
	return w.failures < BREAKER_TRIP ? BREAKER_CLOSED
	       : w.probing               ? BREAKER_HALF_OPEN
					 : BREAKER_OPEN;
}

static void
say(const char *name, struct word old, struct word new)
{
	enum breaker_state from = state_of(old), to = state_of(new);

	metric_set(METRIC_breaker_state, name, (int64_t)to);
	if (from == to)
		return;
	log_event(to == BREAKER_OPEN ? LOG_WARN : LOG_INFO, "breaker",
	    LF_STR("name", name), LF_INT("from", from), LF_INT("to", to));
}

enum breaker_pass
breaker_enter(const char *name, int64_t now_us)
{
	struct slot *s = slot_of(name);
	int64_t now = now_us / US_PER_MS;
	struct word w, probe;
	uint64_t v;

	if (s == NULL)
		return BREAKER_GO;
	v = atomic_load(&s->word);
	w = unpack(v);
	if (w.failures < BREAKER_TRIP)
		return BREAKER_GO;
	if (now < w.until)
		return BREAKER_NO;
	probe = w;
	probe.probing = true;
	probe.until = now + LEASE_MS;
	if (!atomic_compare_exchange_strong(&s->word, &v, pack(probe)))
		return BREAKER_NO; /* another probes */
	say(name, w, probe);
	return BREAKER_PROBE;
}

static struct word
failed(struct word w, enum breaker_pass pass, int64_t now)
{
	int64_t pause = BREAKER_PAUSE_MS;
	unsigned i;

	/* it was called before the others gave up on it: nothing new */
	if (w.failures >= BREAKER_TRIP && pass != BREAKER_PROBE)
		return w;
	if (w.failures < MOST)
		w.failures++;
	w.probing = false;
	if (w.failures < BREAKER_TRIP)
		return w;
	for (i = 0; i < w.pauses && pause < BREAKER_PAUSE_MAX_MS; i++)
		pause *= 2;
	w.until =
	    now + (pause < BREAKER_PAUSE_MAX_MS ? pause : BREAKER_PAUSE_MAX_MS);
	if (w.pauses < MOST)
		w.pauses++;
	return w;
}

void
breaker_leave(
    const char *name, enum breaker_pass pass, bool good, int64_t now_us)
{
	struct slot *s = slot_of(name);
	struct word w, next;
	uint64_t v;

	BUG_ON(pass == BREAKER_NO);
	if (s == NULL)
		return;
	v = atomic_load(&s->word);
	do {
		w = unpack(v);
		if (good)
			next = unpack(0);
		else
			next = failed(w, pass, now_us / US_PER_MS);
	} while (pack(next) != v &&
		 !atomic_compare_exchange_weak(&s->word, &v, pack(next)));
	say(name, w, next);
}

enum breaker_state
breaker_look(const char *name, int64_t now_us)
{
	struct slot *s = slot_of(name);
	struct word w = {0};

	if (s != NULL)
		w = unpack(atomic_load(&s->word));
	/* the pause is over: the next one is let through */
	if (state_of(w) == BREAKER_OPEN && now_us / US_PER_MS >= w.until)
		return BREAKER_HALF_OPEN;
	return state_of(w);
}
