/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Token buckets in shared memory (rate.h).
 *
 * A set-associative table without locks.  A bucket is a key and one word:
 * thousandths of a token and the time it was looked at, changed together by
 * compare-and-swap.  A race over who takes a slot can only mix up two buckets
 * for one turn; a limit is not an account book.
 */
#include "web/rate.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

enum {
	RATE_SETS = 8192,
	RATE_WAYS = 8, /* 1 MiB: 65,536 addresses at a time */
	MILLI = 1000,
	MS_PER_SECOND = 1000,
	MS_PER_MINUTE = 60000
};

struct bucket {
	_Atomic uint64_t key;  /* 0: free */
	_Atomic uint64_t word; /* milli-tokens << 32 | time in ms, wrapping */
};

struct rate_table {
	struct bucket set[RATE_SETS][RATE_WAYS];
	uint64_t seed; /* so that nobody can aim at a set */
};

struct rate_table *
rate_open(uint64_t seed)
{
	struct rate_table *t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (t == MAP_FAILED)
		return NULL;
	t->seed = seed;
	return t;
}

void
rate_close(struct rate_table *t)
{
	if (t != NULL)
		munmap(t, sizeof(*t));
}

/* FNV-1a, seeded, with a final mix: addresses are short and alike. */
static uint64_t
key_of(const struct rate_table *t, unsigned kind, const char *who)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ t->seed ^ kind;

	for (; *who != '\0'; who++)
		h = (h ^ (unsigned char)*who) * UINT64_C(0x100000001b3);
	h = (h ^ (h >> 31)) * UINT64_C(0x9e3779b97f4a7c15);
	h ^= h >> 29;
	return h == 0 ? 1 : h;
}

/* Milli-tokens at now, not more than full. */
static uint64_t
level(uint64_t word, uint64_t per_minute, uint32_t now)
{
	uint64_t full = per_minute * MILLI;
	uint64_t passed = (uint32_t)(now - (uint32_t)word);
	uint64_t gain;

	/* another worker looked a moment after our clock was read */
	if (passed > UINT32_MAX - MS_PER_MINUTE)
		return word >> 32;
	gain = passed * per_minute * MILLI / MS_PER_MINUTE;
	return gain >= full || (word >> 32) + gain >= full
		   ? full
		   : (word >> 32) + gain;
}

/* The key's bucket, or one that is given up for it. */
static struct bucket *
bucket_of(struct rate_table *t, uint64_t key, uint64_t per_minute, uint32_t now,
    bool *fresh)
{
	struct bucket *set = t->set[(key >> 16) % RATE_SETS], *victim = NULL;
	uint64_t k, best = 0, l;
	size_t i;

	*fresh = false;
	for (i = 0; i < RATE_WAYS; i++)
		if (atomic_load_explicit(&set[i].key, memory_order_relaxed) ==
		    key)
			return &set[i];
	*fresh = true;
	for (i = 0; i < RATE_WAYS; i++) {
		k = atomic_load_explicit(&set[i].key, memory_order_relaxed);
		l = k == 0 ? UINT64_MAX
			   : level(atomic_load_explicit(
				       &set[i].word, memory_order_relaxed),
				 per_minute, now);
		if (victim == NULL || l > best) {
			victim = &set[i];
			best = l;
		}
	}
	atomic_store_explicit(&victim->key, key, memory_order_relaxed);
	return victim;
}

bool
rate_take(struct rate_table *t, unsigned kind, const char *who,
    uint64_t per_minute, int64_t now_ms, unsigned *wait_s)
{
	uint32_t now = (uint32_t)now_ms;
	uint64_t word, left, need;
	struct bucket *b;
	bool fresh;

	*wait_s = 0;
	if (t == NULL || per_minute == 0)
		return true;
	/* thousandths of more than a million a minute do not fit a word */
	if (per_minute > UINT32_MAX / MILLI)
		per_minute = UINT32_MAX / MILLI;
	b = bucket_of(t, key_of(t, kind, who), per_minute, now, &fresh);
	word = atomic_load(&b->word);
	do {
		left =
		    fresh ? per_minute * MILLI : level(word, per_minute, now);
		if (left < MILLI) {
			need = (MILLI - left) * MS_PER_MINUTE /
			       (per_minute * MILLI);
			*wait_s = (unsigned)(need / MS_PER_SECOND + 1);
			return false;
		}
	} while (!atomic_compare_exchange_weak(
	    &b->word, &word, (left - MILLI) << 32 | now));
	return true;
}
