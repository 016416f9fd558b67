/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Receivers and their secrets.  An address may hold a token, so the audit log
 * names its host only.
 */
#include "shop/webhook.h"

#include <string.h>

#include "base/buf.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/url.h"
#include "base/utf8.h"
#include "io/addr.h"
#include "io/crypt.h"
#include "shop/audit.h"
#include "shop/edit_int.h"
#include "store/hook_delivery.h"
#include "store/tx.h"
#include "store/webhook.h"

#define SECRET_PREFIX "whsec_"

enum {
	SECRET_BYTES = 32,
	SECRET_LEAST = 24,
	URL_MAX = 500,
	EVENTS_MAX = 300,
	TEST_BYTES = 8
};

static const char *const names[HOOK__N] = {
    [HOOK_ORDER_PAID] = "order.paid",
    [HOOK_ORDER_DELIVERED] = "order.delivered",
    [HOOK_ORDER_SHORT] = "order.short",
    [HOOK_ORDER_MANUAL] = "order.manual",
    [HOOK_ORDER_REFUNDED] = "order.refunded",
    [HOOK_ORDER_EXPIRED] = "order.expired",
    [HOOK_ORDER_CANCELLED] = "order.cancelled",
    [HOOK_STOCK_LOW] = "stock.low",
    [HOOK_PRODUCT_CHANGED] = "product.changed",
};

const char *
hook_event_name(enum hook_event e)
{
	return names[e];
}

bool
hook_wants(const char *events, const char *event)
{
	struct span rest = span_str(events), part;

	while (rest.n != 0 && span_cut(&rest, ' ', &part))
		if (span_is(part, event))
			return true;
	return false;
}

static void
from_row(const struct hook_rec *r, struct webhook *w)
{
	size_t i;

	*w = (struct webhook){
	    .id = r->id,
	    .url = r->url,
	    .note = r->note,
	    .active = r->active,
	    .fails = r->fails,
	    .version = r->version,
	    .pause = r->pause,
	    .created = r->created,
	    .old_until = r->old_until,
	    .due = r->due,
	    .dead = r->dead,
	};
	for (i = 0; i < HOOK__N; i++)
		w->on[i] = hook_wants(r->events, names[i]);
}

enum rc
webhook_list(struct ctx *cx, const struct webhook **out, size_t *n)
{
	const struct hook_rec *rows;
	struct webhook *w;
	size_t i;
	enum rc rc;

	rc = hook_list(cx, &rows, n);
	if (rc != RC_OK)
		return rc;
	w = ARENA_ARRAY(cx->arena, *n, struct webhook);
	for (i = 0; i < *n; i++)
		from_row(&rows[i], &w[i]);
	*out = w;
	return RC_OK;
}

enum rc
webhook_load(struct ctx *cx, uint64_t id, struct webhook *out)
{
	const struct webhook *list;
	size_t n, i;
	enum rc rc;

	rc = webhook_list(cx, &list, &n);
	for (i = 0; rc == RC_OK && i < n; i++) {
		if (list[i].id == id) {
			*out = list[i];
			return RC_OK;
		}
	}
	return rc == RC_OK ? RC_NOTFOUND : rc;
}

/* ------------------------------------------------------------ secrets */

static struct span
fresh_secret(struct ctx *cx, const char **text)
{
	uint8_t raw[SECRET_BYTES];

	crypt_random(raw, sizeof(raw));
	*text = arena_fmt(cx->arena, SECRET_PREFIX "%s",
	    b64_text(cx->arena, raw, sizeof(raw)));
	crypt_wipe(raw, sizeof(raw));
	return span_str(*text);
}

/* The bytes behind "whsec_". */
static enum rc
key_of(struct arena *a, struct span text, struct span *key)
{
	const size_t skip = strlen(SECRET_PREFIX);
	enum rc rc;

	if (text.n <= skip ||
	    !span_is((struct span){text.p, skip}, SECRET_PREFIX))
		return RC_INVALID;
	rc = b64_bytes(a, (struct span){text.p + skip, text.n - skip}, key);
	return rc == RC_OK && key->n < SECRET_LEAST ? RC_INVALID : rc;
}

enum rc
webhook_sign(struct ctx *cx, struct span secret, const char *id,
    int64_t seconds, const char *body, const char **out)
{
	uint8_t mac[CRYPT_HASH];
	struct span key;

	if (key_of(cx->arena, secret, &key) != RC_OK)
		return RC_INVALID;
	crypt_hmac(key,
	    span_str(arena_fmt(
		cx->arena, "%s.%lld.%s", id, (long long)seconds, body)),
	    mac);
	*out = arena_fmt(
	    cx->arena, "v1,%s", b64_text(cx->arena, mac, sizeof(mac)));
	return RC_OK;
}

/* ------------------------------------------------------------ saving */

static bool
url_ok(struct ctx *cx, struct edit_error *why, const char *url)
{
	const char *host, *path;
	unsigned port;
	bool https;

	if (!edit_line(why, "url", url, URL_MAX, NEEDED))
		return false;
	if (url_split(cx->arena, url, &https, &host, &port, &path) != RC_OK)
		return edit_fail(why, "url", "not_url");
	/* What a name resolves to is seen when it is called. */
	if (!cx->set->webhook_private_hosts && addr_host_is_closed(host))
		return edit_fail(why, "url", "private_url");
	return true;
}

static const char *
events_of(struct ctx *cx, const struct webhook *w)
{
	struct buf b;
	size_t i;

	buf_init(&b, cx->arena, EVENTS_MAX, EVENTS_MAX);
	for (i = 0; i < HOOK__N; i++)
		if (w->on[i])
			buf_fmt(&b, "%s%s", b.len == 0 ? "" : " ", names[i]);
	return buf_text(&b);
}

struct saving {
	struct webhook *w;
	struct hook_rec r;
	const char *secret;
};

static const char *
audit_detail(struct ctx *cx, const struct saving *s)
{
	const char *host = "", *path;
	unsigned port;
	bool https;

	if (url_split(cx->arena, s->r.url, &https, &host, &port, &path) !=
	    RC_OK)
		host = "";
	return arena_fmt(cx->arena, "host=%s active=%d events=%s", host,
	    s->r.active, s->r.events);
}

static enum rc
save_body(struct ctx *cx, void *arg)
{
	struct saving *s = arg;
	const struct hook_rec *all;
	struct span sealed;
	size_t n;
	enum rc rc;

	s->r.id = s->w->id;
	if (s->w->id != 0) {
		rc = hook_change(cx, &s->r);
	} else {
		if ((rc = hook_list(cx, &all, &n)) != RC_OK)
			return rc;
		if (n >= WEBHOOKS_MAX)
			return RC_DENIED;
		if ((rc = hook_add(cx, &s->r, &s->r.id)) != RC_OK ||
		    (rc = keyring_seal(cx->keys, cx->arena, "webhook", s->r.id,
			 fresh_secret(cx, &s->secret), &sealed)) != RC_OK)
			return rc;
		rc = hook_secret(
		    cx, s->r.id, 1, (struct span){"", 0}, 0, sealed);
	}
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "webhook.save",
	    edit_object(cx, "webhook", s->r.id), audit_detail(cx, s));
}

enum rc
webhook_save(struct ctx *cx, struct webhook *w, struct edit_error *why,
    const char **secret)
{
	struct saving s = {.w = w};
	enum rc rc;

	if (!url_ok(cx, why, w->url) ||
	    !edit_line(why, "note", w->note, LIM_NAME, MAY_BE_EMPTY))
		return RC_INVALID;
	s.r = (struct hook_rec){
	    .url = w->url,
	    .note = edit_text(w->note),
	    .events = events_of(cx, w),
	    .active = w->active,
	    .version = w->version,
	};
	if (s.r.events[0] == '\0') {
		edit_fail(why, "events", "required");
		return RC_INVALID;
	}
	rc = tx_run(cx, save_body, &s);
	if (rc == RC_DENIED) {
		edit_fail(why, "url", "too_many");
		return RC_INVALID;
	}
	if (rc == RC_OK) {
		w->id = s.r.id;
		*secret = s.secret;
	}
	return rc;
}

struct rotation {
	uint64_t id;
	unsigned version;
	const char *secret;
};

static enum rc
rotate_body(struct ctx *cx, void *arg)
{
	struct rotation *r = arg;
	struct hook_secrets old;
	struct span sealed;
	int64_t until = cx->now + WEBHOOK_OLD_SECRET_H * 3600 * US_PER_S;
	enum rc rc;

	if ((rc = hook_secrets(cx, r->id, &old)) != RC_OK ||
	    (rc = keyring_seal(cx->keys, cx->arena, "webhook", r->id,
		 fresh_secret(cx, &r->secret), &sealed)) != RC_OK ||
	    (rc = hook_secret(
		 cx, r->id, r->version, old.secret, until, sealed)) != RC_OK)
		return rc;
	return audit_add(
	    cx, "webhook.rotate", edit_object(cx, "webhook", r->id), "");
}

enum rc
webhook_rotate(
    struct ctx *cx, uint64_t id, unsigned version, const char **secret)
{
	struct rotation r = {.id = id, .version = version};
	enum rc rc = tx_run(cx, rotate_body, &r);

	if (rc == RC_OK)
		*secret = r.secret;
	return rc;
}

static enum rc
remove_body(struct ctx *cx, void *arg)
{
	const struct rotation *r = arg;
	enum rc rc = hook_remove(cx, r->id, r->version);

	if (rc != RC_OK)
		return rc;
	return audit_add(
	    cx, "webhook.remove", edit_object(cx, "webhook", r->id), "");
}

enum rc
webhook_remove(struct ctx *cx, uint64_t id, unsigned version)
{
	struct rotation r = {.id = id, .version = version};

	return tx_run(cx, remove_body, &r);
}

/* ------------------------------------------------------------ the log */

static enum rc
test_body(struct ctx *cx, void *arg)
{
	const uint64_t *id = arg;
	const char *at = time_rfc3339(cx->arena, cx->now), *event_id;
	uint8_t raw[TEST_BYTES];
	enum rc rc;

	crypt_random(raw, sizeof(raw));
	event_id = arena_fmt(
	    cx->arena, "test.%s", hex_text(cx->arena, raw, sizeof(raw)));
	rc = hook_delivery_add(cx, *id, "test", event_id,
	    arena_fmt(cx->arena,
		"{\"id\":\"%s\",\"event\":\"test\",\"created\":\"%s\","
		"\"data\":{}}",
		event_id, at));
	if (rc == RC_OK)
		rc = hook_well(cx, *id);
	if (rc != RC_OK)
		return rc;
	return audit_add(
	    cx, "webhook.test", edit_object(cx, "webhook", *id), "");
}

enum rc
webhook_test(struct ctx *cx, uint64_t id)
{
	struct webhook w;
	enum rc rc = webhook_load(cx, id, &w);

	if (rc == RC_OK && !w.active)
		rc = RC_CONFLICT;
	return rc == RC_OK ? tx_run(cx, test_body, &id) : rc;
}

/* Bytes of a stranger for a page: what is not text is shown as a dot. */
static const char *
as_text(struct ctx *cx, struct span s)
{
	char *t = arena_dup(cx->arena, s.p, s.n);
	size_t i;

	if (utf8_text(s, s.n))
		return t;
	for (i = 0; i < s.n; i++)
		if (t[i] < ' ' || t[i] > '~')
			t[i] = '.';
	return t;
}

enum rc
webhook_log(struct ctx *cx, uint64_t below, uint64_t hook, const char *state,
    unsigned max, const struct webhook_sent **out, size_t *n)
{
	const struct hook_sent *r;
	struct webhook_sent *s;
	size_t i;
	enum rc rc;

	rc = hook_deliveries(
	    cx, below == 0 ? INT64_MAX : below, hook, state, max, &r, n);
	if (rc != RC_OK)
		return rc;
	s = ARENA_ARRAY(cx->arena, *n, struct webhook_sent);
	for (i = 0; i < *n; i++)
		s[i] = (struct webhook_sent){r[i].id, r[i].hook, r[i].event,
		    r[i].event_id, r[i].body, r[i].state, r[i].error,
		    as_text(cx, r[i].response), r[i].attempts, r[i].status,
		    r[i].took_ms, r[i].due, r[i].created, r[i].done};
	*out = s;
	return RC_OK;
}

static enum rc
again_body(struct ctx *cx, void *arg)
{
	const uint64_t *id = arg;
	enum rc rc = hook_redeliver(cx, *id);

	if (rc != RC_OK)
		return rc;
	return audit_add(
	    cx, "webhook.redeliver", edit_object(cx, "delivery", *id), "");
}

enum rc
webhook_redeliver(struct ctx *cx, uint64_t delivery)
{
	return tx_run(cx, again_body, &delivery);
}
