/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit log: hash[i] = HMAC(key "audit", hash[i-1], all columns of row i).
 * Who can write to the database but has no key file cannot change, remove or
 * put in a row unseen.  A row is added under a lock on the head, as the last
 * thing of its transaction: the lock is short.
 */
#include "shop/audit.h"

#include <string.h>

#include "base/bug.h"
#include "base/str.h"
#include "io/crypt.h"
#include "store/audit.h"

enum {
	DETAIL_MAX = 2000, /* characters of the column */
	OBJECT_MAX = 80,
	CHECK_AT_ONCE = 500,
	PER_PAGE_MAX = 100
};

static void
put_u64(uint8_t out[8], uint64_t v)
{
	int i;

	for (i = 7; i >= 0; i--, v >>= 8)
		out[i] = (uint8_t)v;
}

static void
seal(const struct ctx *cx, const uint8_t previous[AUDIT_HASH],
    const struct audit_rec *r, uint8_t out[AUDIT_HASH])
{
	uint8_t n[4][8];
	const struct span part[] = {
	    {(const char *)previous, AUDIT_HASH},
	    {(const char *)n[0], 8},
	    {(const char *)n[1], 8},
	    {(const char *)n[2], 8},
	    {(const char *)n[3], 8},
	    span_str(r->actor),
	    span_str(r->action),
	    span_str(r->object),
	    span_str(r->address),
	    span_str(r->detail),
	};

	put_u64(n[0], cx->merchant);
	put_u64(n[1], r->seq);
	put_u64(n[2], (uint64_t)r->at);
	put_u64(n[3], r->staff);
	keyring_mac(
	    cx->keys, "audit", part, sizeof(part) / sizeof(part[0]), out);
}

static enum rc
actor_name(struct ctx *cx, const char **out)
{
	static const char *const kind[] = {
	    [ACTOR_SYSTEM] = "(system)",
	    [ACTOR_BUYER] = "(buyer)",
	    [ACTOR_STAFF] = "",
	    [ACTOR_GATEWAY] = "(gateway)",
	};

	if (cx->actor == ACTOR_STAFF && cx->staff != 0)
		return audit_actor(cx, cx->staff, out);
	*out = kind[cx->actor];
	return RC_OK;
}

/* Text cut to max code points: the column would refuse more. */
static const char *
cut(struct ctx *cx, const char *s, size_t max)
{
	size_t i, n = 0;

	if (s == NULL)
		return "";
	for (i = 0; s[i] != '\0'; i++)
		if (((unsigned char)s[i] & 0xc0) != 0x80 && n++ == max)
			return arena_dup(cx->arena, s, i);
	return s;
}

enum rc
audit_add(
    struct ctx *cx, const char *action, const char *object, const char *detail)
{
	struct audit_rec r = {0};
	struct audit_end end;
	enum rc rc;

	BUG_ON(cx->tx_depth == 0);
	if ((rc = actor_name(cx, &r.actor)) != RC_OK ||
	    (rc = audit_end_lock(cx, &end)) != RC_OK)
		return rc;
	r.seq = end.seq + 1;
	r.at = cx->now;
	r.staff = cx->staff;
	r.action = action;
	r.object = cut(cx, object, OBJECT_MAX);
	r.address = cx->address != NULL ? cx->address : "";
	r.detail = cut(cx, detail, DETAIL_MAX);
	seal(cx, end.hash, &r, r.hash);
	return audit_append(cx, &r);
}

enum rc
audit_list(struct ctx *cx, const char *object, struct page *page,
    const struct audit_row **out, size_t *n)
{
	const struct audit_rec *r;
	struct audit_row *a;
	uint64_t skip;
	enum rc rc;
	size_t i;

	if (str_empty(object))
		object = NULL;
	if (page->page == 0)
		page->page = 1;
	if (page->per_page == 0 || page->per_page > PER_PAGE_MAX)
		page->per_page = PER_PAGE_MAX;
	skip = (uint64_t)(page->page - 1) * page->per_page;
	if ((rc = audit_count(cx, object, &page->total)) != RC_OK ||
	    (rc = audit_recent(cx, object, skip, page->per_page, &r, n)) !=
		RC_OK)
		return rc;
	a = ARENA_ARRAY(cx->arena, *n, struct audit_row);
	for (i = 0; i < *n; i++)
		a[i] = (struct audit_row){r[i].seq, r[i].at, r[i].actor,
		    r[i].action, r[i].object, r[i].address, r[i].detail};
	*out = a;
	return RC_OK;
}

/* ---- checking */

/* A part of the chain in an arena of its own: the log may be long. */
static enum rc
check_some(struct ctx *cx, const struct audit_mark *was, struct audit_end *at,
    size_t *n)
{
	uint8_t want[AUDIT_HASH];
	const struct audit_rec *r;
	enum rc rc;
	size_t i;

	rc = audit_after(cx, at->seq, CHECK_AT_ONCE, &r, n);
	for (i = 0; rc == RC_OK && i < *n; i++) {
		if (r[i].seq != at->seq + 1)
			return RC_INVALID; /* a hole */
		seal(cx, at->hash, &r[i], want);
		if (!crypt_equal((struct span){(char *)want, AUDIT_HASH},
			(struct span){(const char *)r[i].hash, AUDIT_HASH}))
			return RC_INVALID;
		if (was != NULL && was->seq == r[i].seq &&
		    memcmp(was->hash, want, AUDIT_HASH) != 0)
			return RC_INVALID; /* written anew */
		at->seq = r[i].seq;
		memcpy(at->hash, want, AUDIT_HASH);
	}
	return rc;
}

enum rc
audit_check_since(struct ctx *cx, const struct audit_mark *was,
    struct audit_mark *now, uint64_t *bad)
{
	struct audit_end at = {0, {0}}, end;
	struct arena *request = cx->arena;
	size_t n = 1;
	enum rc rc;

	*now = (struct audit_mark){0};
	*bad = 0;
	/* the head first: rows added meanwhile are looked at, but not asked
	 * for */
	rc = audit_end_get(cx, &end);
	if (rc == RC_NOTFOUND) { /* then there may be no row either */
		memset(&end, 0, sizeof(end));
		rc = RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	cx->arena = arena_new(64 * 1024, 64 * 1024 * 1024);
	while (rc == RC_OK && n > 0 && (at.seq < end.seq || end.seq == 0)) {
		arena_reset(cx->arena);
		rc = check_some(cx, was, &at, &n);
	}
	if (rc == RC_OK && (at.seq < end.seq || (end.seq == 0 && at.seq > 0) ||
			       (at.seq == end.seq &&
				   memcmp(at.hash, end.hash, AUDIT_HASH) != 0)))
		rc = RC_INVALID; /* the end was cut off, or the head set back */
	if (rc == RC_OK && was != NULL && was->seq > at.seq)
		rc = RC_INVALID; /* both, together */
	arena_free(cx->arena);
	cx->arena = request;
	now->seq = at.seq;
	memcpy(now->hash, at.hash, AUDIT_HASH);
	*bad = rc == RC_INVALID ? at.seq + 1 : 0;
	return rc;
}

enum rc
audit_check(struct ctx *cx, uint64_t *rows, uint64_t *bad)
{
	struct audit_mark end;
	enum rc rc;

	rc = audit_check_since(cx, NULL, &end, bad);
	*rows = end.seq;
	return rc;
}
