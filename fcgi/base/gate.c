/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gate (gate.h): two tables in shared memory, without locks.
 *
 * All that is known of an SKU is one word, so that no reader can see half of
 * it or that of another: the end in ms (38 bits, eight years of uptime), the
 * SKU (24 bits; later ones are not remembered), the reason (2 bits).
 */
#include "base/gate.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "base/bug.h"
#include "base/time.h"

enum {
	SKUS = 4096,
	FORMS = 65536,
	WHY_BITS = 2,
	SKU_BITS = 24,
	SKU_MAX = (1 << SKU_BITS) - 1,
	STOCK_BITS = 16,
	STOCK_MAX = (1 << STOCK_BITS) - 1,
	STOCK_GOOD_S = 900,
	WORK_GOOD_S = 60,
	AHEAD_MS = 250 /* one looks again so long before the end */
};

struct known {
	_Atomic uint64_t word;
	_Atomic int64_t sent; /* ms: when somebody was sent to look again */
	/* seconds (24 bits), cards (16), SKU (24) */
	_Atomic uint64_t stock;
	_Atomic uint64_t work; /* the same with a level for the cards */
};

struct table {
	struct known sku[SKUS];
	_Atomic uint64_t form[FORMS];
};

static struct table own; /* without shared memory */
static struct table *table = &own;

enum rc
gate_open(void)
{
	void *p = mmap(NULL, sizeof(*table), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return RC_FAIL;
	table = p;
	return RC_OK;
}

static struct known *
known_of(uint64_t sku)
{
	return &table->sku[sku % SKUS];
}

/* Is it this caller who goes? */
static bool
send_one(struct known *k, int64_t now)
{
	int64_t sent = atomic_load(&k->sent);

	return now - sent > AHEAD_MS &&
	       atomic_compare_exchange_strong(&k->sent, &sent, now);
}

enum gate_why
gate_look(uint64_t sku, int64_t now_us)
{
	struct known *k = known_of(sku);
	uint64_t word = atomic_load_explicit(&k->word, memory_order_relaxed);
	int64_t now = now_us / US_PER_MS;
	int64_t left = (int64_t)(word >> (SKU_BITS + WHY_BITS)) - now;

	if (sku > SKU_MAX || ((word >> WHY_BITS) & SKU_MAX) != sku ||
	    left <= 0 || left > GATE_MS_MAX)
		return GATE_FREE;
	if (left <= AHEAD_MS && send_one(k, now))
		return GATE_FREE;
	return (enum gate_why)(word & ((1 << WHY_BITS) - 1));
}

void
gate_shut(uint64_t sku, enum gate_why why, int64_t seen_us, int64_t ms)
{
	uint64_t end;

	BUG_ON(why == GATE_FREE || why >= GATE__N || ms > GATE_MS_MAX);
	if (sku > SKU_MAX || ms <= 0)
		return;
	end = (uint64_t)(seen_us / US_PER_MS + ms);
	atomic_store_explicit(&known_of(sku)->word,
	    end << (SKU_BITS + WHY_BITS) | sku << WHY_BITS | why,
	    memory_order_relaxed);
}

void
gate_clear(uint64_t sku)
{
	struct known *k = known_of(sku);
	uint64_t word = atomic_load(&k->word);

	if (((word >> WHY_BITS) & SKU_MAX) == sku)
		(void)atomic_compare_exchange_strong(&k->word, &word, 0);
}

bool
gate_probe(uint64_t sku, int64_t now_us)
{
	return send_one(known_of(sku), now_us / US_PER_MS);
}

/* A number that was seen at a time: seconds, the number, the SKU. */
static void
note(_Atomic uint64_t *at, uint64_t sku, int64_t now_us, uint64_t n)
{
	uint64_t s = (uint64_t)(now_us / US_PER_S);

	if (sku > SKU_MAX)
		return;
	atomic_store_explicit(at,
	    s << (STOCK_BITS + SKU_BITS) |
		(n < STOCK_MAX ? n : STOCK_MAX) << SKU_BITS | sku,
	    memory_order_relaxed);
}

static bool
noted(_Atomic uint64_t *at, uint64_t sku, int64_t now_us, uint64_t good_s,
    uint64_t *n)
{
	uint64_t v = atomic_load_explicit(at, memory_order_relaxed);
	uint64_t age =
	    ((uint64_t)(now_us / US_PER_S) - (v >> (STOCK_BITS + SKU_BITS))) &
	    SKU_MAX;

	if (v == 0 || (v & SKU_MAX) != sku || age > good_s)
		return false;
	*n = v >> SKU_BITS & STOCK_MAX;
	return true;
}

void
gate_stock_put(uint64_t sku, int64_t now_us, uint64_t n)
{
	note(&known_of(sku)->stock, sku, now_us, n);
}

bool
gate_stock_get(uint64_t sku, int64_t now_us, uint64_t *n)
{
	return noted(&known_of(sku)->stock, sku, now_us, STOCK_GOOD_S, n);
}

void
gate_work_put(uint64_t sku, int64_t now_us, unsigned level)
{
	note(&known_of(sku)->work, sku, now_us, level);
}

bool
gate_work_get(uint64_t sku, int64_t now_us, unsigned *level)
{
	uint64_t n;

	if (!noted(&known_of(sku)->work, sku, now_us, WORK_GOOD_S, &n))
		return false;
	*level = (unsigned)n;
	return true;
}

/* ---- forms: their keys end in random bytes (they begin with a time), so the
 * last eight name one and two of those are its place. */

static _Atomic uint64_t *
form_of(const uint8_t key[16], uint64_t *name)
{
	memcpy(name, key + 16 - sizeof(*name), sizeof(*name));
	if (*name == 0)
		*name = 1;
	return &table->form[*name % FORMS];
}

void
gate_form_mark(const uint8_t key[16])
{
	uint64_t name;
	_Atomic uint64_t *at = form_of(key, &name);

	atomic_store(at, name);
}

void
gate_form_clear(const uint8_t key[16])
{
	uint64_t name;
	_Atomic uint64_t *at = form_of(key, &name);

	(void)atomic_compare_exchange_strong(at, &name, 0);
}

bool
gate_form_marked(const uint8_t key[16])
{
	uint64_t name;
	const _Atomic uint64_t *at = form_of(key, &name);

	return atomic_load(at) == name;
}
