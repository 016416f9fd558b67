/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cards from an old key to the newest, beside buyers.
 *
 * Buyers step over cards that somebody has locked (SKIP LOCKED), so a card
 * that is for sale is locked alone and for one statement: a stock of which
 * many are locked at a time would look sold out.  All others share a
 * transaction.  The UPDATE names the old key and the old bytes, and touches
 * two columns that a sale does not.
 */
#include "shop/reseal.h"

#include <inttypes.h>

#include "base/str.h"
#include "base/time.h"
#include "io/crypt.h"
#include "shop/audit.h"
#include "shop/stock.h"
#include "shop/vault.h"
#include "store/card_key.h"
#include "store/tx.h"

enum {
	WINDOW = 20000, /* ids a statement looks at */
	SOME_FIRST = 64 * 1024,
	SOME_CAP = 64 * 1024 * 1024
};

static const char *
object_of(struct ctx *cx, uint32_t key)
{
	return arena_fmt(cx->arena, "card_key:%" PRIu32, key);
}

/* ---- one part */

struct part {
	struct reseal *r;
	const struct card_old *c;
	size_t n;
	struct span *fresh; /* beside c; empty: could not be opened */
	uint64_t done, moved;
};

/* Without the database: what takes time comes before any lock. */
static enum rc
seal_part(struct ctx *cx, struct part *p)
{
	struct span text;
	uint32_t key;
	size_t i;
	enum rc rc;

	p->fresh = ARENA_ARRAY(cx->arena, p->n, struct span);
	for (i = 0; i < p->n; i++) {
		const struct card_old *c = &p->c[i];

		rc = vault_open(cx, c->id, c->key, c->sealed, &text);
		if (rc != RC_OK) {
			p->r->broken++;
			continue;
		}
		rc = vault_seal(cx, c->id, text, &key, &p->fresh[i]);
		if (rc != RC_OK)
			return rc;
		if (key != p->r->key)
			return RC_CONFLICT; /* a newer key since we began */
	}
	return RC_OK;
}

static enum rc
put_card(struct ctx *cx, struct part *p, size_t i)
{
	enum rc rc;

	rc = card_reseal(cx, &p->c[i], p->r->key, p->fresh[i]);
	if (rc == RC_OK)
		p->done++;
	if (rc != RC_CONFLICT)
		return rc;
	p->moved++;
	return RC_OK;
}

static bool
is_for_sale(const struct part *p, size_t i)
{
	return str_eq(p->c[i].state, card_state_name(CARD_FREE));
}

static enum rc
others_body(struct ctx *cx, void *arg)
{
	struct part *p = arg;
	enum rc rc = RC_OK;
	size_t i;

	p->done = p->moved = 0;
	for (i = 0; rc == RC_OK && i < p->n; i++)
		if (p->fresh[i].n != 0 && !is_for_sale(p, i))
			rc = put_card(cx, p, i);
	return rc;
}

static void
count(struct part *p)
{
	p->r->done += p->done;
	p->r->moved += p->moved;
	p->done = p->moved = 0;
}

static enum rc
put_part(struct ctx *cx, struct part *p)
{
	enum rc rc;
	size_t i;

	rc = tx_run(cx, others_body, p);
	if (rc != RC_OK)
		return rc;
	count(p);
	for (i = 0; rc == RC_OK && i < p->n; i++)
		if (p->fresh[i].n != 0 && is_for_sale(p, i))
			rc = put_card(cx, p, i);
	count(p);
	return rc;
}

static enum rc
some(struct ctx *cx, struct reseal *r, unsigned max, bool *more)
{
	struct part p = {.r = r};
	uint64_t from, to, broken = r->broken;
	enum rc rc;

	rc = card_next(cx, r->at, &from);
	*more = rc == RC_OK && from != 0;
	if (!*more)
		return rc;
	to = from > UINT64_MAX - WINDOW ? UINT64_MAX : from + WINDOW;
	if ((rc = cards_of_old_keys(cx, from, to, r->key, max, &p.c, &p.n)) !=
		RC_OK ||
	    (rc = seal_part(cx, &p)) != RC_OK ||
	    (rc = put_part(cx, &p)) != RC_OK) {
		r->broken = broken; /* they come again */
		return rc;
	}
	r->at = p.n == max ? p.c[p.n - 1].id : to;
	return RC_OK;
}

enum rc
reseal_some(struct ctx *cx, struct reseal *r, unsigned n, bool *more)
{
	struct arena *own = cx->arena;
	enum rc rc;

	/* texts are wiped with the arena: after each part */
	cx->arena = arena_new(SOME_FIRST, SOME_CAP);
	rc = some(cx, r, n, more);
	arena_free(cx->arena);
	cx->arena = own;
	return rc;
}

/* ---- beginning and end */

struct note {
	uint32_t key;
	const char *action, *detail;
};

static enum rc
note_body(struct ctx *cx, void *arg)
{
	const struct note *n = arg;
	enum rc rc;

	/* in the order of all who seal: the floor, then the log */
	rc = card_key_raise(cx, keyring_card_key_id(cx->keys));
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, n->action, object_of(cx, n->key), n->detail);
}

enum rc
reseal_begin(struct ctx *cx, struct reseal *r)
{
	struct note n = {.action = "key.reseal", .detail = ""};

	*r = (struct reseal){.key = keyring_card_key_id(cx->keys)};
	n.key = r->key;
	return tx_run(cx, note_body, &n);
}

enum rc
reseal_end(struct ctx *cx, const struct reseal *r, bool stopped)
{
	struct note n = {.key = r->key, .action = "key.resealed"};

	cx->now = time_now_us();
	n.detail = arena_fmt(cx->arena,
	    "%sdone=%" PRIu64 " moved=%" PRIu64 " broken=%" PRIu64,
	    stopped ? "stopped " : "", r->done, r->moved, r->broken);
	return tx_run(cx, note_body, &n);
}

static enum rc
count_all(struct ctx *cx, uint32_t key, uint64_t *same, uint64_t *other)
{
	uint64_t from, to = 0, s, o;
	enum rc rc;

	*same = *other = 0;
	for (;;) {
		rc = card_next(cx, to, &from);
		if (rc != RC_OK || from == 0)
			return rc;
		to = from > UINT64_MAX - WINDOW ? UINT64_MAX : from + WINDOW;
		rc = cards_by_key(cx, from, to, key, &s, &o);
		if (rc != RC_OK)
			return rc;
		*same += s;
		*other += o;
	}
}

enum rc
reseal_left(struct ctx *cx, const struct reseal *r, uint64_t *n)
{
	uint64_t same;

	return count_all(cx, r->key, &same, n);
}

enum rc
retire_check(struct ctx *cx, uint32_t key, uint64_t *n)
{
	struct note note = {.key = key, .action = "key.retire", .detail = ""};
	uint64_t other;
	enum rc rc;

	/* first the floor, then the count: no card comes in between */
	if ((rc = card_key_raise(cx, keyring_card_key_id(cx->keys))) != RC_OK ||
	    (rc = count_all(cx, key, n, &other)) != RC_OK)
		return rc;
	return *n != 0 ? RC_CONFLICT : tx_run(cx, note_body, &note);
}
