/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Offers (offer.h).  The tricky idea: an offer is read into an arena of its
 * own instead of the request's, so keeping it copies nothing.  One that is
 * replaced goes with the request that replaced it, which may still look at
 * it.
 */
#include "shop/offer.h"

#include <string.h>

#include "base/buf.h"
#include "base/bug.h"
#include "base/digest.h"
#include "base/time.h"
#include "shop/till.h"
#include "store/money.h"

enum {
	KEPT = 16,
	LANG = 9,
	KEEP_MS = 1000,
	ARENA_FIRST = 16 * 1024,
	ARENA_CAP = 4 * 1024 * 1024,
	DIGEST_FIRST = 4096,
	DIGEST_MAX = 2 * 1024 * 1024
};

struct kept {
	uint64_t merchant;
	char lang[LANG];
	int64_t until; /* monotonic us */
	struct arena *arena;
	struct offer offer;
};
static struct kept kept[KEPT];

/* ------------------------------------------------------------ the digest */

static void
put_int(struct buf *b, int64_t v)
{
	buf_add(b, (const char *)&v, sizeof(v));
}

static void
put_u64(struct buf *b, uint64_t v)
{
	put_int(b, (int64_t)v);
}

static void
put_str(struct buf *b, const char *s)
{
	const char *text = s == NULL ? "" : s;

	buf_add(b, text, strlen(text) + 1);
}

static void
put_sku(struct buf *b, const struct sku *s)
{
	size_t i;

	put_u64(b, s->id);
	put_str(b, s->code);
	put_str(b, s->name);
	put_u64(b, s->kind);
	put_int(b, s->price.minor);
	put_int(b, s->cost.minor);
	put_u64(b, s->newest);
	put_u64(b, s->min_qty);
	put_u64(b, s->max_qty);
	put_u64(b, s->buyer_limit);
	put_int(b, s->sale_from);
	put_int(b, s->sale_until);
	put_u64(b, s->active);
	put_u64(b, s->n_tiers);
	for (i = 0; i < s->n_tiers; i++) {
		put_u64(b, s->tiers[i].min_qty);
		put_int(b, s->tiers[i].price.minor);
	}
}

static void
put_inputs(struct buf *b, const struct product *p)
{
	size_t i;

	put_u64(b, p->n_inputs);
	for (i = 0; i < p->n_inputs; i++) {
		put_str(b, p->inputs[i].name);
		put_str(b, p->inputs[i].label);
		put_str(b, p->inputs[i].choices);
		put_u64(b, p->inputs[i].kind);
		put_u64(b, p->inputs[i].max_len);
		put_u64(b, p->inputs[i].required);
	}
}

static void
put_channel(struct buf *b, const struct channel_row *c)
{
	put_u64(b, c->id);
	put_u64(b, c->version);
	put_str(b, c->name);
	put_str(b, c->title);
	put_str(b, c->title_en);
	put_str(b, c->state);
	put_str(b, c->device);
	put_str(b, c->currency);
	put_str(b, c->fee_payer);
	put_str(b, c->options);
	put_u64(b, c->secrets.n);
	buf_add(b, c->secrets.p, c->secrets.n);
	put_u64(b, c->fee_permyriad);
	put_int(b, c->fee_fixed.minor);
	put_int(b, c->min.minor);
	put_int(b, c->max.minor);
}

/* All that price.c and the claim look at; how many were sold is not. */
static uint64_t
digest(struct ctx *cx, const struct offer *o)
{
	uint64_t sum;
	struct buf b;
	size_t i;

	buf_init(&b, cx->arena, DIGEST_FIRST, DIGEST_MAX);
	put_str(&b, o->shop->currency);
	put_u64(&b, o->shop->open);
	put_u64(&b, o->product->id);
	put_str(&b, o->product->name);
	put_u64(&b, o->product->on);
	put_sku(&b, o->sku);
	put_inputs(&b, o->product);
	for (i = 0; i < o->n_channels; i++)
		put_channel(&b, &o->channels[i]);
	BUG_ON(b.bad);
	sum = digest_of((struct span){b.p, b.len});
	return sum != 0 ? sum : 1;
}

/* ------------------------------------------------------------ reading */

static enum rc
read_rows(struct ctx *cx, uint64_t sku, struct offer *o)
{
	enum rc rc;

	memset(o, 0, sizeof(*o));
	if ((rc = catalogue_offer(cx, sku, &o->product, &o->sku)) != RC_OK ||
	    (rc = catalogue_shop(cx, &o->shop)) != RC_OK ||
	    (rc = channel_rows(cx, &o->channels, &o->n_channels)) != RC_OK)
		return rc;
	o->digest = digest(cx, o);
	return RC_OK;
}

/* With the shop's own row from the primary, too. */
static enum rc
read_primary(struct ctx *cx, uint64_t sku, struct offer *o)
{
	bool sticky = cx->sticky;
	enum rc rc;

	cx->sticky = true;
	rc = read_rows(cx, sku, o);
	cx->sticky = sticky;
	return rc;
}

enum rc
offer_digest(struct ctx *cx, const char *lang, uint64_t sku, uint64_t *digest)
{
	const char *own = cx->lang;
	struct offer o;
	enum rc rc;

	cx->lang = lang;
	rc = read_primary(cx, sku, &o);
	cx->lang = own;
	*digest = rc == RC_OK ? o.digest : 0;
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

/* ------------------------------------------------------------ keeping */

static void
forget(struct ctx *cx, struct kept *k)
{
	if (k->arena != NULL)
		arena_defer_free(cx->arena, k->arena);
	memset(k, 0, sizeof(*k));
}

/* Where an offer is kept or would be: its own place, or the oldest one. */
static struct kept *
place_of(const struct ctx *cx, uint64_t sku)
{
	struct kept *oldest = &kept[0];
	size_t i;

	for (i = 0; i < KEPT; i++) {
		if (kept[i].arena != NULL && kept[i].offer.sku->id == sku &&
		    kept[i].merchant == cx->merchant &&
		    str_eq(kept[i].lang, cx->lang))
			return &kept[i];
		if (kept[i].until < oldest->until)
			oldest = &kept[i];
	}
	return oldest;
}

static enum rc
read_and_keep(struct ctx *cx, uint64_t sku, struct offer *out)
{
	struct arena *own = cx->arena;
	struct kept *k = place_of(cx, sku);
	int64_t now = time_mono_us();
	enum rc rc;

	forget(cx, k);
	k->arena = arena_new(ARENA_FIRST, ARENA_CAP);
	cx->arena = k->arena;
	rc = read_primary(cx, sku, &k->offer);
	cx->arena = own;
	if (rc != RC_OK || strlen(cx->lang) >= sizeof(k->lang)) {
		*out = k->offer;
		forget(cx, k);
		return rc;
	}
	memcpy(k->lang, cx->lang, strlen(cx->lang) + 1);
	k->merchant = cx->merchant;
	k->until = now + KEEP_MS * US_PER_MS;
	*out = k->offer;
	k->offer.kept = true;
	return RC_OK;
}

enum rc
offer_get(struct ctx *cx, uint64_t sku, struct offer *out)
{
	const struct kept *k = place_of(cx, sku);

	/* without a till each claim would read the rows by itself again */
	if (str_empty(till_path(cx->arena, cx->set)))
		return read_primary(cx, sku, out);
	if (k->arena == NULL || k->offer.sku->id != sku ||
	    k->merchant != cx->merchant || !str_eq(k->lang, cx->lang) ||
	    time_mono_us() >= k->until)
		return read_and_keep(cx, sku, out);
	*out = k->offer;
	return RC_OK;
}

enum rc
offer_again(struct ctx *cx, uint64_t sku, struct offer *offer, bool *changed)
{
	uint64_t before = offer->digest;
	enum rc rc = read_and_keep(cx, sku, offer);

	*changed = rc != RC_OK || offer->digest != before;
	return rc;
}
