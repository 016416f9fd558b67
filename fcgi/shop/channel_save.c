/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Saving a channel: what was typed over what was there, checked by the
 * gateway itself before anything is written.  Which settings there are is the
 * gateway's table.
 */
#include "shop/channel_int.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/url.h"
#include "base/utf8.h"
#include "io/crypt.h"
#include "pay/fields.h"
#include "shop/audit.h"
#include "store/tx.h"

enum { SETTINGS_MAX = 15000 };

static void
put_setting(struct buf *b, const char *name, const char *value)
{
	buf_str(b, name);
	buf_chr(b, '=');
	url_encode(b, span_str(value));
	buf_chr(b, '\n');
}

struct saving {
	struct channel_row row;
	struct span secrets_text; /* plain, to be sealed under the row's id */
	bool forget;              /* what was fetched by other settings */
};

static enum rc
bad(struct edit_error *why, const char *field, const char *reason)
{
	why->field = field;
	why->reason = reason;
	return RC_INVALID;
}

static const char *
given(const struct channel_field *f, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (str_eq(f[i].name, name))
			return f[i].value;
	}
	return NULL;
}

/* Old values, overlaid by what was given; an empty secret keeps the old. */
static enum rc
merge(struct ctx *cx, const struct gateway *g, const struct channel_row *old,
    const struct channel_field *f, size_t n, channel_pairs *out)
{
	struct gateway_config before = {0};
	struct pay_pair *p;
	const char *value;
	channel_pairs stored = {0};
	size_t i;
	enum rc rc;

	if (old != NULL) {
		rc = channel_settings(cx, cx->arena, old, &stored);
		if (rc != RC_OK)
			return rc;
		before = channel_config(&stored);
	}
	for (i = 0; i < g->n_fields; i++) {
		value = given(f, n, g->fields[i].name);
		if (value == NULL ||
		    (field_is_secret(&g->fields[i]) && value[0] == '\0'))
			value = fields_get(&before, g->fields[i].name);
		if (value[0] == '\0')
			continue;
		p = VEC_ADD(out, cx->arena);
		p->name = g->fields[i].name;
		p->value = value;
	}
	return RC_OK;
}

static enum rc
unknown_field(const struct gateway *g, const struct channel_field *f, size_t n,
    struct edit_error *why)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < g->n_fields; k++) {
			if (str_eq(f[i].name, g->fields[k].name))
				break;
		}
		if (k == g->n_fields)
			return bad(why, f[i].name, "unknown");
	}
	return RC_OK;
}

static void
split_settings(struct ctx *cx, const struct gateway *g,
    const channel_pairs *all, struct saving *s)
{
	struct gateway_config config = channel_config(all);
	struct buf plain, secret;
	size_t i;

	buf_init(&plain, cx->arena, 512, SETTINGS_MAX);
	buf_init(&secret, cx->arena, 512, SETTINGS_MAX);
	for (i = 0; i < g->n_fields; i++) {
		const char *name = g->fields[i].name;
		const char *value = fields_get(&config, name);

		if (value[0] != '\0')
			put_setting(
			    field_is_secret(&g->fields[i]) ? &secret : &plain,
			    name, value);
	}
	s->row.options = buf_text(&plain);
	s->secrets_text = span_str(buf_text(&secret));
}

static enum rc
check_common(const struct channel *c, struct edit_error *why)
{
	if (!str_is_token(c->name, "-_", LIM_CHANNEL))
		return bad(why, "name", "bad_slug");
	if (str_empty(c->title) || !utf8_line(span_str(c->title), 60))
		return bad(why, "title", "required");
	if (!utf8_line(span_str(c->title_en), 60))
		return bad(why, "title_en", "too_long");
	if (strlen(c->currency) != 3 ||
	    strspn(c->currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
		return bad(why, "currency", "bad_chars");
	if (!str_eq(c->device, "all") && !str_eq(c->device, "pc") &&
	    !str_eq(c->device, "mobile"))
		return bad(why, "device", "bad_choice");
	if (c->fee_permyriad > 5000)
		return bad(why, "fee", "bad_number");
	if (c->fee_fixed.minor < 0 || c->min.minor < 0 || c->max.minor < 0)
		return bad(why, "fee_fixed", "bad_number");
	if (c->max.minor != 0 && c->max.minor < c->min.minor)
		return bad(why, "max", "too_small");
	return RC_OK;
}

static enum rc
save_body(struct ctx *cx, void *arg)
{
	struct saving *s = arg;
	struct span sealed;
	enum rc rc;

	rc = s->row.id == 0 ? channel_row_add(cx, &s->row, &s->row.id)
			    : channel_row_change(cx, &s->row);
	if (rc != RC_OK)
		return rc;
	rc = keyring_seal(cx->keys, cx->arena, "channel", s->row.id,
	    s->secrets_text, &sealed);
	if (rc == RC_OK)
		rc = channel_row_secrets(cx, s->row.id, sealed);
	if (rc == RC_OK && s->forget)
		rc = keys_forget(cx, s->row.id);
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "channel.save",
	    arena_fmt(cx->arena, "channel:%s", s->row.name),
	    arena_fmt(cx->arena, "gateway=%s state=%s", s->row.gateway,
		s->row.state));
}

/* Keys that were fetched from another address, or under another key, are not
 * this account's.  A secret that is typed is taken for another one. */
static bool
settings_differ(const struct gateway *g, const struct channel_row *old,
    const struct channel_row *now, const struct channel_field *f, size_t n)
{
	const char *value;
	size_t i;

	for (i = 0; i < g->n_fields; i++) {
		value = given(f, n, g->fields[i].name);
		if (field_is_secret(&g->fields[i]) && !str_empty(value))
			return true;
	}
	return !str_eq(old->options, now->options);
}

static void
fill_row(const struct channel *c, struct channel_row *r)
{
	r->name = c->name;
	r->gateway = c->gateway;
	r->title = c->title;
	r->title_en = str_empty(c->title_en) ? "" : c->title_en;
	r->state = c->on ? "on" : "off";
	r->device = c->device;
	r->currency = c->currency;
	r->fee_permyriad = c->fee_permyriad;
	r->fee_fixed = c->fee_fixed;
	r->fee_payer = c->fee_buyer ? "buyer" : "shop";
	r->min = c->min;
	r->max = c->max;
	r->sort = c->sort;
}

enum rc
channel_save(struct ctx *cx, const struct channel *c,
    const struct channel_field *fields, size_t n, struct edit_error *why)
{
	const struct gateway *g = gateway_find(c->gateway);
	const struct pay_account *account;
	struct gateway_config config;
	struct gateway_error bad_setting;
	struct channel_row old;
	struct saving s = {0};
	channel_pairs all = {0};
	enum rc rc;

	if (g == NULL)
		return bad(why, "gateway", "unknown");
	if ((rc = check_common(c, why)) != RC_OK ||
	    (rc = unknown_field(g, fields, n, why)) != RC_OK)
		return rc;
	rc = channel_row_by_name(cx, c->name, &old);
	if (rc != RC_OK && rc != RC_NOTFOUND)
		return rc;
	if (rc == RC_OK) {
		if (!str_eq(old.gateway, c->gateway))
			return bad(why, "gateway", "fixed");
		s.row.id = old.id;
		s.row.version = c->version != 0 ? c->version : old.version;
	}
	rc = merge(cx, g, rc == RC_OK ? &old : NULL, fields, n, &all);
	if (rc != RC_OK)
		return rc;
	config = channel_config(&all);
	if (gateway_account(g, cx->arena, &config, &account, &bad_setting) !=
	    RC_OK)
		return bad(why, bad_setting.field, bad_setting.reason);
	fill_row(c, &s.row);
	split_settings(cx, g, &all, &s);
	s.forget = s.row.id != 0 && settings_differ(g, &old, &s.row, fields, n);
	return tx_run(cx, save_body, &s);
}
