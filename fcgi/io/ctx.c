/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The begin and the end of a piece of work, for everybody the same: what one
 * unit left in the context is gone before the next begins.
 */
#include "io/ctx.h"

#include "base/bug.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "io/cache.h"
#include "io/crypt.h"
#include "io/db.h"

#include <string.h>

/* Kept over requests; what an ordinary page needs.  The cap is far above the
 * limits at the edge: who passes it has found a way around them. */
enum { ARENA_FIRST = 384 * 1024, ARENA_CAP = 96 * 1024 * 1024 };
enum { ID_BYTES = 16 };

void
ctx_init(struct ctx *cx, struct arena *keep, const struct settings *set)
{
	memset(cx, 0, sizeof(*cx));
	cx->arena = arena_new(ARENA_FIRST, ARENA_CAP);
	cx->keep = keep;
	cx->set = set;
	cx->merchant = 1;
	cx->lang = set->language;
	cx->address = "";
	cx->request_id = "";
}

static bool
id_ok(const char *id)
{
	size_t i;

	for (i = 0; chr_digit(id[i]) || (id[i] >= 'a' && id[i] <= 'f'); i++)
		;
	return i == 2 * ID_BYTES && id[i] == '\0';
}

/* The web server's id is believed only in its own form: it goes to logs and
 * pages. */
static const char *
request_id(struct arena *a, const char *id)
{
	uint8_t random[ID_BYTES];

	if (id != NULL && id_ok(id))
		return arena_str(a, id);
	crypt_random(random, sizeof(random));
	return hex_text(a, random, sizeof(random));
}

void
ctx_begin(struct ctx *cx, const char *id)
{
	BUG_ON(cx->tx_depth != 0);
	cx->now = cx->shown = time_now_us();
	cx->not_before = 0;
	cx->deadline = 0;
	cx->request_id = request_id(cx->arena, id);
	cx->lang = cx->set->language;
	cx->mobile = cx->patient = false;
	cx->address = "";
	cx->actor = ACTOR_SYSTEM;
	cx->staff = 0;
	cx->sticky = cx->wrote = cx->wrote_lately = false;
	cache_begin(cx->cache);
	log_request(cx->request_id);
	bug_context(cx->request_id, NULL);
}

void
ctx_end(struct ctx *cx)
{
	BUG_ON(cx->tx_depth != 0);
	log_request(NULL);
	bug_context(NULL, NULL);
	cx->request_id = "";
	cx->address = "";
	arena_reset(cx->arena);
}

void
ctx_release(struct ctx *cx)
{
	cache_close(cx->cache);
	db_close(cx->db);
	arena_free(cx->arena);
	cx->cache = NULL;
	cx->db = NULL;
	cx->arena = NULL;
}
