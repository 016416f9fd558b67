/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels of a moment ago (recent.h).  Only rows are kept: the parsed account
 * stays where channel.c has it, by the row's version.
 */
#include "shop/recent.h"

#include <string.h>

#include "base/buf.h"
#include "base/bug.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/time.h"
#include "shop/channel_int.h"
#include "shop/till.h"

enum { KEPT = 32, ARENA_FIRST = 4096, ARENA_CAP = 1024 * 1024 };

struct kept {
	uint64_t merchant;
	int64_t read; /* monotonic us */
	struct arena *arena;
	struct channel_row row;
	uint64_t digest;
};
static struct kept kept[KEPT];

static void
put_str(struct buf *b, const char *s)
{
	/* NULL and "" are not the same here */
	buf_chr(b, s == NULL ? '-' : '+');
	if (s != NULL)
		buf_add(b, s, strlen(s) + 1);
}

/* All of the row that judging and settling look at. */
static uint64_t
digest(struct ctx *cx, const struct channel_row *r)
{
	uint64_t sum;
	struct buf b;

	buf_init(&b, cx->arena, ARENA_FIRST, ARENA_CAP);
	buf_add(&b, (const char *)&r->id, sizeof(r->id));
	buf_add(&b, (const char *)&r->version, sizeof(r->version));
	put_str(&b, r->name);
	put_str(&b, r->gateway);
	put_str(&b, r->state);
	put_str(&b, r->currency);
	put_str(&b, r->options);
	put_str(&b, r->ask_back);
	buf_add(&b, r->secrets.p, r->secrets.n);
	BUG_ON(b.bad);
	sum = digest_of((struct span){b.p, b.len});
	return sum != 0 ? sum : 1;
}

enum rc
recent_digest(struct ctx *cx, uint64_t channel, uint64_t *out)
{
	struct channel_row r;
	enum rc rc = channel_row_by_id(cx, channel, &r);

	*out = rc == RC_OK ? digest(cx, &r) : 0;
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

static struct kept *
place_of(const struct ctx *cx, const char *name)
{
	struct kept *oldest = &kept[0];
	size_t i;

	for (i = 0; i < KEPT; i++) {
		if (kept[i].arena != NULL && kept[i].merchant == cx->merchant &&
		    str_eq(kept[i].row.name, name))
			return &kept[i];
		if (kept[i].read < oldest->read)
			oldest = &kept[i];
	}
	return oldest;
}

/* What it replaces goes with this request, which may still look at it. */
static enum rc
read_and_keep(struct ctx *cx, const char *name, struct kept *k)
{
	struct arena *own = cx->arena;
	enum rc rc;

	if (k->arena != NULL)
		arena_defer_free(own, k->arena);
	memset(k, 0, sizeof(*k));
	k->read = time_mono_us();
	k->merchant = cx->merchant;
	cx->arena = k->arena = arena_new(ARENA_FIRST, ARENA_CAP);
	rc = channel_row_by_name(cx, name, &k->row);
	if (rc == RC_OK)
		k->digest = digest(cx, &k->row);
	cx->arena = own;
	if (rc != RC_OK) {
		arena_free(k->arena);
		memset(k, 0, sizeof(*k));
	}
	return rc;
}

enum rc
recent_channel(struct ctx *cx, const char *name, int64_t max_age_ms,
    struct channel *out, uint64_t *digest)
{
	struct kept *k;
	enum rc rc;

	*digest = 0;
	if (str_empty(till_path(cx->arena, cx->set)))
		return channel_load(cx, name, out);
	if (!str_is_token(name, "-_", LIM_CHANNEL))
		return RC_NOTFOUND;
	k = place_of(cx, name);
	if (k->arena != NULL && str_eq(k->row.name, name) &&
	    k->merchant == cx->merchant &&
	    time_mono_us() - k->read < max_age_ms * US_PER_MS)
		*digest = k->digest;
	else if ((rc = read_and_keep(cx, name, k)) != RC_OK)
		return rc;
	return channel_of_row(cx, &k->row, out);
}
