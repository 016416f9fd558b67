/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making and listing coupons.  A drawn code has 60 bits of the system's
 * generator behind its prefix, so trying codes finds none.
 */
#include "shop/coupon.h"

#include <inttypes.h>
#include <string.h>

#include "base/hex.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "io/crypt.h"
#include "shop/audit.h"
#include "shop/edit_int.h"
#include "store/coupon_panel.h"
#include "store/tx.h"

enum {
	DRAWN = 12, /* characters of five random bits each */
	PREFIX_MAX = 20,
	BATCH_NAME_MAX = 40,
	NOTE_MAX = 200,
	WHOLE = 10000, /* 100 percent */
	SCOPES_MAX = 500,
	BATCHES_SHOWN = 50,
	EXPORT_AT_ONCE = 1000,
	USES_MOST = 1000000
};

/* ------------------------------------------------------------ making */

static const char *
upper(struct ctx *cx, const char *s)
{
	char *t = arena_str(cx->arena, s);
	size_t i;

	for (i = 0; t[i] != '\0'; i++)
		t[i] = chr_upper(t[i]);
	return t;
}

static const char *
drawn(struct ctx *cx, const char *prefix)
{
	uint8_t raw[DRAWN];
	char text[DRAWN + 1];

	crypt_random(raw, sizeof(raw));
	b32_text(raw, sizeof(raw), text);
	text[DRAWN] = '\0';
	return arena_fmt(cx->arena, "%s%s", prefix, text);
}

/* "p12" or "s34"; it need not exist: a coupon for what is gone fits nothing. */
static bool
scope_ok(struct edit_error *why, const char *s, struct coupon_new *out)
{
	uint64_t id = 0;

	if (str_empty(s))
		return true;
	if ((s[0] != 'p' && s[0] != 's') ||
	    num_u64(span_str(s + 1), INT64_MAX, &id) != RC_OK || id == 0)
		return edit_fail(why, "scope", "not_choice");
	*(s[0] == 'p' ? &out->product : &out->sku) = id;
	return true;
}

static bool
terms_ok(struct edit_error *why, const struct coupon_edit *c)
{
	bool percent = str_eq(c->kind, "percent");

	return edit_choice(why, "kind", c->kind, "fixed|percent") &&
	       edit_range(why, "value", c->value, 1,
		   percent ? WHOLE : LIM_PRICE_MINOR) &&
	       edit_range(why, "min", c->min.minor, 0, LIM_PRICE_MINOR) &&
	       edit_range(why, "cap", c->cap.minor, 0, LIM_PRICE_MINOR) &&
	       (percent || c->cap.minor == 0 ||
		   edit_fail(why, "cap", "cap_fixed")) &&
	       edit_range(why, "uses_max", c->uses_max, 0, USES_MOST) &&
	       edit_range(why, "per_contact", c->per_contact, 0, USES_MOST) &&
	       (c->until == 0 || c->until > c->from ||
		   edit_fail(why, "until", "bad_window"));
}

static bool
names_ok(struct edit_error *why, const struct coupon_edit *c)
{
	if (!edit_range(why, "count", c->count, 1, COUPON_BATCH_MAX) ||
	    !edit_line(why, "note", c->note, NOTE_MAX, MAY_BE_EMPTY) ||
	    !edit_token(why, "code", c->code, "-_", LIM_COUPON) ||
	    !edit_token(why, "prefix", c->prefix, "-_", PREFIX_MAX))
		return false;
	if (c->count == 1)
		return true;
	if (!str_empty(c->code))
		return edit_fail(why, "code", "code_for_many");
	return edit_line(why, "batch", c->batch, BATCH_NAME_MAX, NEEDED);
}

struct making {
	struct coupon_new row;
	const struct coupon_edit *c;
	const char *batch;
};

static enum rc
make_body(struct ctx *cx, void *arg)
{
	const struct making *m = arg;
	size_t n = m->c->count, i;
	const char **codes = ARENA_ARRAY(cx->arena, n, const char *);
	const char *prefix = upper(cx, edit_text(m->c->prefix));
	enum rc rc;

	for (i = 0; i < n; i++)
		codes[i] = str_empty(m->c->code) ? drawn(cx, prefix)
						 : upper(cx, m->c->code);
	rc = coupon_add_many(cx, &m->row, m->batch, codes, n);
	if (rc != RC_OK)
		return rc;
	/* the terms, not the codes: who reads the log must not spend them */
	return audit_add(cx, "coupon.create",
	    arena_fmt(cx->arena, "coupon:%s",
		n > 1                    ? m->batch
		: m->row.note[0] != '\0' ? m->row.note
					 : "-"),
	    arena_fmt(cx->arena,
		"count=%zu kind=%s value=%" PRId64 " min=%" PRId64
		" cap=%" PRId64 " scope=%s uses=%u per_contact=%u",
		n, m->row.kind, m->row.value, m->row.min.minor,
		m->row.cap.minor, edit_text(m->c->scope), m->row.uses_max,
		m->row.per_contact));
}

enum rc
coupon_create(
    struct ctx *cx, const struct coupon_edit *c, struct edit_error *why)
{
	struct making m = {.c = c};
	enum rc rc;

	m.row = (struct coupon_new){
	    .kind = c->kind,
	    .note = edit_text(c->note),
	    .value = c->value,
	    .min = c->min,
	    .cap = c->cap,
	    .uses_max = c->uses_max,
	    .per_contact = c->per_contact,
	    .from = c->from,
	    .until = c->until,
	};
	if (!terms_ok(why, c) || !names_ok(why, c) ||
	    !scope_ok(why, c->scope, &m.row))
		return RC_INVALID;
	m.batch = c->count > 1 ? c->batch : "";
	rc = tx_run(cx, make_body, &m);
	if (rc == RC_CONFLICT && str_empty(c->code))
		rc = tx_run(cx, make_body, &m); /* drawn twice: once more */
	if (rc == RC_CONFLICT) {
		edit_fail(why, "code", "taken");
		return RC_INVALID;
	}
	return rc;
}

/* ------------------------------------------------------------ lists */

enum rc
coupon_list(struct ctx *cx, uint64_t below, const char *batch, const char *code,
    unsigned max, const struct coupon **out, size_t *n)
{
	const struct coupon_row *r;
	struct coupon *c;
	size_t i;
	enum rc rc;

	if (!str_empty(code))
		code = upper(cx, code);
	rc = coupon_rows(
	    cx, below == 0 ? INT64_MAX : below, batch, code, max, &r, n);
	if (rc != RC_OK)
		return rc;
	c = ARENA_ARRAY(cx->arena, *n, struct coupon);
	for (i = 0; i < *n; i++)
		c[i] = (struct coupon){r[i].id, r[i].code, r[i].batch,
		    r[i].kind, r[i].note, r[i].product_name, r[i].sku_name,
		    r[i].value, r[i].min, r[i].cap, r[i].uses_max, r[i].uses,
		    r[i].per_contact, r[i].from, r[i].until, r[i].created,
		    r[i].active};
	*out = c;
	return RC_OK;
}

enum rc
coupon_batch_list(struct ctx *cx, const struct coupon_batch **out, size_t *n)
{
	const struct coupon_batch_row *r;
	struct coupon_batch *b;
	size_t i;
	enum rc rc = coupon_batches(cx, BATCHES_SHOWN, &r, n);

	if (rc != RC_OK)
		return rc;
	b = ARENA_ARRAY(cx->arena, *n, struct coupon_batch);
	for (i = 0; i < *n; i++)
		b[i] = (struct coupon_batch){
		    r[i].name, r[i].codes, r[i].uses, r[i].active};
	*out = b;
	return RC_OK;
}

/* Each product, and each of its SKUs where it has several. */
enum rc
coupon_scope_list(struct ctx *cx, const struct coupon_scope **out, size_t *n)
{
	VEC(struct coupon_scope) v = {0};
	const struct scope_row *r;
	size_t rows, i;
	enum rc rc = coupon_scopes(cx, SCOPES_MAX, &r, &rows);

	for (i = 0; rc == RC_OK && i < rows; i++) {
		bool head = i == 0 || r[i - 1].product != r[i].product;
		bool alone =
		    head && (i + 1 == rows || r[i + 1].product != r[i].product);

		if (head)
			*VEC_ADD(&v, cx->arena) = (struct coupon_scope){
			    arena_fmt(cx->arena, "p%" PRIu64, r[i].product),
			    r[i].product_name};
		if (!alone)
			*VEC_ADD(&v, cx->arena) = (struct coupon_scope){
			    arena_fmt(cx->arena, "s%" PRIu64, r[i].sku),
			    arena_fmt(cx->arena, "%s \xc2\xb7 %s (%s)",
				r[i].product_name, r[i].sku_name,
				r[i].sku_code)};
	}
	if (rc == RC_OK) {
		*out = v.v;
		*n = v.n;
	}
	return rc;
}

/* ------------------------------------------------------------ on and off */

struct switching {
	uint64_t id;
	const char *batch;
	bool active;
};

static enum rc
switch_body(struct ctx *cx, void *arg)
{
	const struct switching *s = arg;
	uint64_t n = 1;
	enum rc rc;

	if (s->batch != NULL)
		rc = coupon_switch_batch(cx, s->batch, s->active, &n);
	else
		rc = coupon_switch(cx, s->id, s->active);
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, s->active ? "coupon.on" : "coupon.off",
	    s->batch != NULL ? arena_fmt(cx->arena, "coupon:%s", s->batch)
			     : edit_object(cx, "coupon", s->id),
	    arena_fmt(cx->arena, "count=%" PRIu64, n));
}

enum rc
coupon_set_active(struct ctx *cx, uint64_t id, bool active)
{
	struct switching s = {.id = id, .active = active};

	return tx_run(cx, switch_body, &s);
}

enum rc
coupon_set_batch_active(struct ctx *cx, const char *batch, bool active)
{
	struct switching s = {.batch = batch, .active = active};

	return str_empty(batch) ? RC_NOTFOUND : tx_run(cx, switch_body, &s);
}

/* ------------------------------------------------------------ CSV */

static enum rc
export_body(struct ctx *cx, void *arg)
{
	const char *batch = arg;

	return audit_add(
	    cx, "coupon.export", arena_fmt(cx->arena, "coupon:%s", batch), "");
}

/* A field that begins like a formula gets a quote in front of it, because
 * that is how spreadsheets read it as text. */
static void
put_field(struct buf *b, const char *s)
{
	buf_chr(b, '"');
	if (s[0] != '\0' && strchr("=+-@\t\r", s[0]) != NULL)
		buf_chr(b, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '"')
			buf_chr(b, '"');
		buf_chr(b, *s);
	}
	buf_chr(b, '"');
}

enum rc
coupon_export(struct ctx *cx, const char *batch, struct buf *out)
{
	const struct coupon *c;
	uint64_t below = 0;
	size_t n = EXPORT_AT_ONCE, i, all = 0;
	enum rc rc;

	if (str_empty(batch))
		return RC_NOTFOUND;
	rc = tx_run(cx, export_body, (void *)(uintptr_t)batch);
	if (rc != RC_OK)
		return rc;
	buf_str(out, "\xef\xbb\xbf"
		     "code,uses,uses_max,active,note\r\n");
	while (n == EXPORT_AT_ONCE) {
		rc = coupon_list(cx, below, batch, "", EXPORT_AT_ONCE, &c, &n);
		if (rc != RC_OK)
			return rc;
		all += n;
		if (all > COUPON_EXPORT_MAX)
			return RC_INVALID;
		for (i = 0; i < n; i++) {
			put_field(out, c[i].code);
			buf_fmt(out, ",%u,%u,%d,", c[i].uses, c[i].uses_max,
			    c[i].active);
			put_field(out, c[i].note);
			buf_str(out, "\r\n");
			below = c[i].id;
		}
	}
	if (all == 0)
		return RC_NOTFOUND;
	return out->bad ? RC_INVALID : RC_OK;
}
