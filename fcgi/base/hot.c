/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Places in shared memory (hot.h), four to a set, each under a sequence
 * number: odd while somebody writes, different afterwards.  A reader copies
 * the place and believes the copy if the number was even and has not moved.
 *
 * A writer that dies leaves an odd number behind; after a second the next one
 * takes the place over.  Should the first only have slept, it writes into
 * what the second has finished, and the number does not tell: the digest of
 * the bytes does.  Words are read and written as atomics, so that a copy that
 * is thrown away was no undefined behaviour either.
 */
#include "base/hot.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "base/digest.h"

enum {
	WAYS = 4,
	WORD = sizeof(uint64_t),
	KEY_WORDS = HOT_KEY / WORD,
	WORDS = KEY_WORDS + HOT_BYTES / WORD,
	DEAD_US = 1000 * 1000, /* who writes so long does not live */
	AGAIN_US = 250 * 1000, /* nobody brought the new value: send another */
	MAKINGS = 1024
};

struct head {          /* as words of a place */
	uint64_t name; /* digest of the key; 0: never used */
	uint64_t n_key, n_bytes;
	struct hot_value v; /* without its bytes */
	int64_t soft, until;
};
enum { HEAD_WORDS = sizeof(struct head) / WORD };

struct place {
	_Atomic uint64_t seq;
	_Atomic int64_t claimed; /* by the writer, monotonic us */
	_Atomic int64_t sent;    /* somebody went for a new value */
	_Atomic uint64_t head[HEAD_WORDS];
	_Atomic uint64_t word[WORDS]; /* key, bytes */
};

static struct place *places;
static size_t n_sets;
/* Who makes what: half of the key's digest, and since when, in milliseconds.
 * Two keys in one place do not know of each other; one is made by all. */
static _Atomic uint64_t *makings;

static void *
shared(size_t n)
{
	void *p = mmap(
	    NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

enum rc
hot_open(unsigned n)
{
	size_t sets = (n + WAYS - 1) / WAYS;

	if (n == 0)
		return RC_OK;
	places = shared(sets * WAYS * sizeof(*places));
	makings = shared(MAKINGS * sizeof(*makings));
	if (places == NULL || makings == NULL)
		return RC_FAIL;
	n_sets = sets;
	return RC_OK;
}

/* ---- copying */

static void
load(void *to, const _Atomic uint64_t *from, size_t n)
{
	char *p = to;
	uint64_t v;

	for (; n >= WORD; n -= WORD, p += WORD, from++) {
		v = atomic_load_explicit(from, memory_order_relaxed);
		memcpy(p, &v, WORD);
	}
	if (n != 0) {
		v = atomic_load_explicit(from, memory_order_relaxed);
		memcpy(p, &v, n);
	}
}

static void
store(_Atomic uint64_t *to, const void *from, size_t n)
{
	const char *p = from;
	uint64_t v = 0;

	for (; n >= WORD; n -= WORD, p += WORD, to++) {
		memcpy(&v, p, WORD);
		atomic_store_explicit(to, v, memory_order_relaxed);
	}
	if (n != 0) {
		v = 0;
		memcpy(&v, p, n);
		atomic_store_explicit(to, v, memory_order_relaxed);
	}
}

static struct place *
set_of(uint64_t name)
{
	return &places[name % n_sets * WAYS];
}

static uint64_t
name_of(struct span key)
{
	uint64_t name = digest_of(key);

	return name == 0 ? 1 : name;
}

/* ---- reading */

/* Is it this caller who goes for a new value? */
static bool
send_one(struct place *p, int64_t now)
{
	int64_t sent = atomic_load_explicit(&p->sent, memory_order_relaxed);

	return now - sent > AGAIN_US &&
	       atomic_compare_exchange_strong(&p->sent, &sent, now);
}

static bool
is_sound(const struct head *h, uint64_t name, struct span key, int64_t now)
{
	return h->name == name && h->n_key == key.n &&
	       h->n_bytes <= HOT_BYTES && now < h->until &&
	       h->until - now <= HOT_US_MAX;
}

static enum rc
read_place(struct place *p, struct arena *a, struct span key, uint64_t name,
    int64_t now, struct hot_value *out)
{
	uint64_t seq = atomic_load_explicit(&p->seq, memory_order_acquire);
	char own_key[HOT_KEY];
	struct head h;
	char *bytes;

	if ((seq & 1) != 0)
		return RC_NOTFOUND;
	load(&h, p->head, sizeof(h));
	if (!is_sound(&h, name, key, now))
		return RC_NOTFOUND;
	load(own_key, p->word, key.n);
	bytes = arena_alloc(a, h.n_bytes + 1);
	load(bytes, p->word + KEY_WORDS, h.n_bytes);
	atomic_thread_fence(memory_order_acquire);
	if (atomic_load_explicit(&p->seq, memory_order_relaxed) != seq)
		return RC_NOTFOUND;
	h.v.bytes = (struct span){bytes, h.n_bytes};
	if (memcmp(own_key, key.p, key.n) != 0 ||
	    digest_of(h.v.bytes) != h.v.digest)
		return RC_NOTFOUND;
	if (now >= h.soft && send_one(p, now)) {
		out->sent = true;
		return RC_NOTFOUND;
	}
	*out = h.v;
	return RC_OK;
}

enum rc
hot_get(struct arena *a, struct span key, int64_t now, struct hot_value *out)
{
	struct place *set;
	uint64_t name;
	size_t i;

	out->sent = false;
	if (n_sets == 0 || key.n > HOT_KEY)
		return RC_NOTFOUND;
	name = name_of(key);
	set = set_of(name);
	for (i = 0; i < WAYS; i++)
		if (atomic_load_explicit(
			&set[i].head[0], memory_order_relaxed) == name)
			return read_place(&set[i], a, key, name, now, out);
	return RC_NOTFOUND;
}

/* ---- writing */

/* Where the key stands, or what is missed least: the first to end. */
static struct place *
place_for(uint64_t name)
{
	struct place *set = set_of(name), *best = NULL;
	int64_t least = 0;
	struct head h;
	size_t i;

	for (i = 0; i < WAYS; i++) {
		load(&h, set[i].head, sizeof(h));
		if (h.name == name)
			return &set[i];
		if (best == NULL || h.until < least) {
			best = &set[i];
			least = h.until;
		}
	}
	return best;
}

/* The odd number that is ours; 0: somebody else is at it. */
static uint64_t
claim(struct place *p, int64_t now)
{
	uint64_t seq = atomic_load_explicit(&p->seq, memory_order_relaxed);
	uint64_t ours = seq + 1;

	if ((seq & 1) != 0) {
		if (now - atomic_load(&p->claimed) < DEAD_US)
			return 0;
		ours = seq + 2;
	}
	if (!atomic_compare_exchange_strong(&p->seq, &seq, ours))
		return 0;
	atomic_store(&p->claimed, now);
	atomic_thread_fence(memory_order_release);
	return ours;
}

void
hot_put(struct span key, const struct hot_value *v, int64_t now, int64_t soft,
    int64_t until)
{
	struct place *p;
	struct head h;
	uint64_t seq;

	if (n_sets == 0 || key.n > HOT_KEY || v->bytes.n > HOT_BYTES)
		return;
	if (until > now + HOT_US_MAX)
		until = now + HOT_US_MAX;
	if (until <= now)
		return;
	memset(&h, 0, sizeof(h));
	h.name = name_of(key);
	h.n_key = key.n;
	h.n_bytes = v->bytes.n;
	h.v = *v;
	h.v.bytes.p = NULL; /* an address of this process */
	h.v.sent = false;
	h.soft = soft;
	h.until = until;
	p = place_for(h.name);
	seq = claim(p, now);
	if (seq == 0)
		return;
	store(p->head, &h, sizeof(h));
	store(p->word, key.p, key.n);
	store(p->word + KEY_WORDS, v->bytes.p, v->bytes.n);
	atomic_store_explicit(&p->sent, 0, memory_order_relaxed);
	/* unless it was taken over meanwhile */
	(void)atomic_compare_exchange_strong_explicit(
	    &p->seq, &seq, seq + 1, memory_order_release, memory_order_relaxed);
}

/* ---- making */

enum { TAG_SHIFT = 32 };

static uint64_t
tag_of(uint64_t making)
{
	return making >> TAG_SHIFT;
}

static bool
is_made(uint64_t making, int64_t now)
{
	uint32_t ms = (uint32_t)(now / 1000) - (uint32_t)making;

	return making != 0 && ms < AGAIN_US / 1000;
}

bool
hot_make(struct span key, int64_t now)
{
	uint64_t name, was, ours;

	if (n_sets == 0)
		return true;
	name = name_of(key);
	was = atomic_load(&makings[name % MAKINGS]);
	ours = tag_of(name) << TAG_SHIFT | (uint32_t)(now / 1000);
	return (!is_made(was, now) &&
		   atomic_compare_exchange_strong(
		       &makings[name % MAKINGS], &was, ours)) ||
	       tag_of(was) != tag_of(name);
}

bool
hot_being_made(struct span key, int64_t now)
{
	uint64_t name, was;

	if (n_sets == 0)
		return false;
	name = name_of(key);
	was = atomic_load(&makings[name % MAKINGS]);
	return is_made(was, now) && tag_of(was) == tag_of(name);
}

void
hot_made(struct span key)
{
	uint64_t name, was;

	if (n_sets == 0)
		return;
	name = name_of(key);
	was = atomic_load(&makings[name % MAKINGS]);
	if (tag_of(was) == tag_of(name))
		(void)atomic_compare_exchange_strong(
		    &makings[name % MAKINGS], &was, 0);
}
