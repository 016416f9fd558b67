/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bloom's filter with two hashes standing in for eight (Kirsch and
 * Mitzenmacher, "Less Hashing, Same Performance", 2006): probe i looks at
 * h1 + i * h2.
 */
#include "base/bloom.h"

#include <stdatomic.h>
#include <sys/mman.h>

enum { PROBES = 8, BITS_A_KEY = 16, WORD = 64 };

struct bloom {
	uint64_t seed;
	uint64_t mask; /* of bits; they are a power of two */
	size_t bytes;  /* of the mapping */
	_Atomic uint64_t word[];
};

struct bloom *
bloom_open(size_t keys, uint64_t seed)
{
	uint64_t bits = WORD;
	struct bloom *b;
	size_t bytes;

	while (bits < (uint64_t)keys * BITS_A_KEY)
		bits *= 2;
	bytes = sizeof(*b) + (size_t)(bits / WORD) * sizeof(b->word[0]);
	b = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (b == MAP_FAILED)
		return NULL;
	b->seed = seed;
	b->mask = bits - 1;
	b->bytes = bytes;
	return b;
}

void
bloom_close(struct bloom *b)
{
	if (b != NULL)
		munmap(b, b->bytes);
}

/* The finisher of MurmurHash3: every bit of h changes every other. */
static uint64_t
mix(uint64_t h)
{
	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 33;
}

struct probe {
	uint64_t at, step;
};

static struct probe
probe_of(const struct bloom *b, struct span key)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ b->seed; /* FNV-1a */
	size_t i;

	for (i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * UINT64_C(0x100000001b3);
	return (struct probe){mix(h), mix(h ^ b->seed) | 1};
}

void
bloom_add(struct bloom *b, struct span key)
{
	struct probe p = probe_of(b, key);
	unsigned i;

	for (i = 0; i < PROBES; i++, p.at += p.step)
		atomic_fetch_or_explicit(&b->word[(p.at & b->mask) / WORD],
		    UINT64_C(1) << p.at % WORD, memory_order_release);
}

bool
bloom_maybe(const struct bloom *b, struct span key)
{
	struct probe p = probe_of(b, key);
	uint64_t word;
	unsigned i;

	for (i = 0; i < PROBES; i++, p.at += p.step) {
		word = atomic_load_explicit(
		    &b->word[(p.at & b->mask) / WORD], memory_order_acquire);
		if ((word & UINT64_C(1) << p.at % WORD) == 0)
			return false;
	}
	return true;
}
