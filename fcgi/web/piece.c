/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pieces of one worker (piece.h): an open table over an arena of its own.
 *
 * Nothing is taken out singly.  When the arena or the table is full, what is
 * rendered in this request is not kept, and the next request begins with an
 * empty one: a page's tiles are back after one rendering, and no order of
 * requests makes it bigger.
 */
#include "web/piece.h"

#include <string.h>

#include "base/arena.h"
#include "base/bug.h"
#include "base/digest.h"
#include "base/limits.h"
#include "web/response.h"
#include "web/web.h"

enum {
	PLACES = 2048,      /* a power of two */
	FULL = PLACES / 2,  /* so that a search ends soon */
	ROOM = 1024 * 1024, /* of keys and HTML */
	PIECE_MAX = 64 * 1024,
	KEY_MAX = PIECE_MAX / 2,
	KEY_HINT = 256,
	HTML_HINT = 4096
};

struct piece {
	uint64_t digest;
	struct span key, html; /* key.p NULL: a free place */
};

struct pieces {
	struct arena *arena; /* asked for with the first piece: after fork */
	struct piece place[PLACES];
	size_t n;
	bool full;
};

struct pieces *
pieces_new(void)
{
	struct pieces *p = calloc(1, sizeof(*p));

	if (p == NULL)
		no_memory(sizeof(*p));
	return p;
}

void
pieces_free(struct pieces *p)
{
	if (p == NULL)
		return;
	arena_free(p->arena);
	free(p);
}

void
pieces_begin(struct pieces *p)
{
	if (!p->full)
		return;
	arena_reset(p->arena);
	memset(p->place, 0, sizeof(p->place));
	p->n = 0;
	p->full = false;
}

/* ---- keys */

void
piece_text(struct buf *key, const char *text)
{
	/* with its NUL: "ab" + "c" is not "a" + "bc" */
	buf_add(key, text, strlen(text) + 1);
}

void
piece_number(struct buf *key, uint64_t n)
{
	piece_numbers(key, &n, 1);
}

void
piece_numbers(struct buf *key, const uint64_t *v, size_t n)
{
	buf_add(key, v, n * sizeof(*v));
}

void
piece_never(struct buf *key)
{
	key->bad = true;
}

static void
key_of(struct response *rs, struct buf *key, const char *tpl)
{
	key->len = 0;
	key->bad = false;
	piece_text(key, tpl);
	piece_text(key, rs->rq->lang);
}

void
piece_key(struct response *rs, struct buf *key, const char *tpl)
{
	buf_init(key, rs->cx->arena, KEY_HINT, KEY_MAX);
	key_of(rs, key, tpl);
}

/* ---- the table */

/* The piece of this key, or the free place where it belongs. */
static struct piece *
place_of(struct pieces *p, struct span key, uint64_t digest)
{
	size_t at = digest & (PLACES - 1);

	for (; p->place[at].key.p != NULL; at = (at + 1) & (PLACES - 1))
		if (p->place[at].digest == digest &&
		    span_eq(p->place[at].key, key))
			break;
	return &p->place[at];
}

enum rc
piece_find(struct response *rs, const struct buf *key, struct span *out)
{
	struct span k = {key->p, key->len};
	const struct piece *at;

	if (key->bad)
		return RC_NOTFOUND;
	at = place_of(rs->web->pieces, k, digest_of(k));
	if (at->key.p == NULL)
		return RC_NOTFOUND;
	*out = at->html;
	return RC_OK;
}

static void
keep(struct pieces *p, struct span key, struct span html)
{
	uint64_t digest = digest_of(key);
	struct piece *at = place_of(p, key, digest);

	if (p->arena == NULL)
		p->arena = arena_new(ROOM, 2 * ROOM);
	BUG_ON(at->key.p != NULL);
	if (key.n + html.n > PIECE_MAX)
		return;
	if (p->n == FULL || arena_used(p->arena) > ROOM - 2 * PIECE_MAX) {
		p->full = true;
		return;
	}
	at->digest = digest;
	at->key = (struct span){arena_dup(p->arena, key.p, key.n), key.n};
	at->html = (struct span){arena_dup(p->arena, html.p, html.n), html.n};
	p->n++;
}

enum rc
piece_make(struct response *rs, const struct buf *key, const char *tpl,
    struct tnode *data, struct span *out)
{
	struct buf html;
	enum rc rc;

	buf_init(&html, rs->cx->arena, HTML_HINT, LIM_RESPONSE);
	rc = tmpl_render(rs->web->tmpl, tpl, rs->rq->lang, data, &html);
	if (rc != RC_OK)
		return rc;
	*out = (struct span){buf_text(&html), html.len};
	if (!key->bad)
		keep(rs->web->pieces, (struct span){key->p, key->len}, *out);
	return RC_OK;
}

/* ---- one after the other */

void
parts_begin(struct response *rs, struct parts *p, size_t max)
{
	*p = (struct parts){
	    .html = ARENA_ARRAY(rs->cx->arena, max, struct span), .max = max};
	buf_init(&p->key, rs->cx->arena, KEY_HINT, KEY_MAX);
}

struct buf *
parts_key(struct response *rs, struct parts *p, const char *tpl)
{
	key_of(rs, &p->key, tpl);
	return &p->key;
}

void
parts_add(struct parts *p, struct span html)
{
	BUG_ON(p->n == p->max);
	p->html[p->n++] = html;
	p->bytes += html.n;
}

bool
parts_find(struct response *rs, struct parts *p)
{
	struct span html;

	if (piece_find(rs, &p->key, &html) != RC_OK)
		return false;
	parts_add(p, html);
	return true;
}

void
parts_make(
    struct response *rs, struct parts *p, const char *tpl, struct tnode *data)
{
	struct span html;

	if (piece_make(rs, &p->key, tpl, data, &html) == RC_OK)
		parts_add(p, html);
	else
		rs->broken = true;
}

struct span
parts_join(struct response *rs, const struct parts *p)
{
	char *all = arena_alloc(rs->cx->arena, p->bytes + 1), *to = all;
	size_t i;

	for (i = 0; i < p->n; i++) {
		memcpy(to, p->html[i].p, p->html[i].n);
		to += p->html[i].n;
	}
	return (struct span){all, p->bytes};
}
