/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels.  Reading a row is cheap; opening its secrets and parsing its keys
 * is not, so the parsed account stays with the process until the row's
 * version changes.  Which settings a channel has is the gateway's table.
 */
#include "shop/channel.h"

#include <string.h>

#include "base/buf.h"
#include "base/bug.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/url.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "io/crypt.h"
#include "pay/fields.h"
#include "shop/audit.h"
#include "store/money.h"
#include "store/tx.h"

enum {
	KEPT = 64,
	SETTINGS_MAX = 15000,
	ARENA_FIRST = 4096,
	ARENA_CAP = 1024 * 1024
};

struct kept { /* a parsed account */
	uint64_t id;
	unsigned version;
	struct arena *arena;
	const struct pay_account *account;
};
static struct kept kept[KEPT];

/* ------------------------------------------------------------ settings text
 * One "name=value" a line, values percent-encoded: a PEM has line breaks. */

static void
put_setting(struct buf *b, const char *name, const char *value)
{
	buf_str(b, name);
	buf_chr(b, '=');
	url_encode(b, span_str(value));
	buf_chr(b, '\n');
}

typedef VEC(struct pay_pair) pairs;

static void
read_settings(struct arena *a, struct span text, pairs *out)
{
	struct span line, name, value;
	struct pay_pair *p;

	while (text.n != 0 && span_cut(&text, '\n', &line)) {
		if (line.n == 0 || !span_cut(&line, '=', &name) ||
		    url_decode(a, line, false, &value) != RC_OK)
			continue;
		p = VEC_ADD(out, a);
		p->name = arena_dup(a, name.p, name.n);
		p->value = arena_dup(a, value.p, value.n);
	}
}

static enum rc
open_settings(
    struct ctx *cx, struct arena *a, const struct channel_row *r, pairs *out)
{
	struct span plain;
	enum rc rc;

	read_settings(a, span_str(r->options), out);
	if (r->secrets.n == 0)
		return RC_OK;
	rc = keyring_open(cx->keys, a, "channel", r->id, r->secrets, &plain);
	if (rc == RC_OK)
		read_settings(a, plain, out);
	else
		log_event(LOG_ERROR, "channel_secrets",
		    LF_STR("channel", r->name), LF_STR("rc", rc_name(rc)));
	return rc;
}

enum rc
channel_secrets(
    struct ctx *cx, uint64_t id, const struct pay_pair **out, size_t *n)
{
	struct channel_row r;
	struct span plain;
	pairs p = {0};
	enum rc rc;

	rc = channel_row_by_id(cx, id, &r);
	if (rc == RC_OK && r.secrets.n != 0)
		rc = keyring_open(
		    cx->keys, cx->arena, "channel", r.id, r.secrets, &plain);
	if (rc != RC_OK)
		return rc;
	if (r.secrets.n != 0)
		read_settings(cx->arena, plain, &p);
	*out = p.v;
	*n = p.n;
	return RC_OK;
}

static struct gateway_config
config_of(const pairs *p)
{
	return (struct gateway_config){p->v, p->n};
}

/* ------------------------------------------------------------ accounts */

static const struct pay_account *
parse_account(struct ctx *cx, const struct gateway *g,
    const struct channel_row *r, struct arena *a)
{
	const struct pay_account *account = NULL;
	struct gateway_config config;
	struct gateway_error why;
	pairs p = {0};

	if (open_settings(cx, a, r, &p) != RC_OK)
		return NULL;
	config = config_of(&p);
	if (gateway_account(g, a, &config, &account, &why) == RC_OK)
		return account;
	log_event(LOG_WARN, "channel_off", LF_STR("channel", r->name),
	    LF_STR("field", why.field), LF_STR("why", why.reason));
	return NULL;
}

static const struct pay_account *
account_of(struct ctx *cx, const struct gateway *g, const struct channel_row *r)
{
	struct kept *k = &kept[r->id % KEPT];

	if (k->id == r->id && k->version == r->version)
		return k->account;
	if (k->arena != NULL)
		arena_free(k->arena);
	k->arena = arena_new(ARENA_FIRST, ARENA_CAP);
	k->id = r->id;
	k->version = r->version;
	k->account = parse_account(cx, g, r, k->arena);
	return k->account;
}

static enum rc
fill(struct ctx *cx, const struct channel_row *r, struct channel *out)
{
	const struct gateway *g = gateway_find(r->gateway);

	if (g == NULL)
		return RC_NOTFOUND; /* of a build with more gateways */
	*out = (struct channel){
	    .id = r->id,
	    .name = r->name,
	    .gateway = r->gateway,
	    .title = r->title,
	    .title_en = r->title_en,
	    .device = r->device,
	    .currency = r->currency,
	    .on = str_eq(r->state, "on"),
	    .fee_permyriad = r->fee_permyriad,
	    .fee_fixed = r->fee_fixed,
	    .min = r->min,
	    .max = r->max,
	    .fee_buyer = str_eq(r->fee_payer, "buyer"),
	    .sort = r->sort,
	    .version = r->version,
	    .ask_back = r->ask_back,
	    .gw = g,
	};
	/* A channel that was switched off still hears of money that was on
	 * its way: off means no new payments. */
	out->account = account_of(cx, g, r);
	out->usable = out->on && out->account != NULL;
	return RC_OK;
}

enum rc
channel_load(struct ctx *cx, const char *name, struct channel *out)
{
	struct channel_row r;
	enum rc rc;

	if (!str_is_token(name, "-_", LIM_CHANNEL))
		return RC_NOTFOUND;
	rc = channel_row_by_name(cx, name, &r);
	return rc == RC_OK ? fill(cx, &r, out) : rc;
}

enum rc
channel_load_id(struct ctx *cx, uint64_t id, struct channel *out)
{
	struct channel_row r;
	enum rc rc;

	rc = channel_row_by_id(cx, id, &r);
	return rc == RC_OK ? fill(cx, &r, out) : rc;
}

/* What a page may show: a secret field only says whether it is set. */
static struct gateway_config
shown(struct ctx *cx, const struct channel *c, const struct channel_row *r)
{
	struct gateway_config all;
	struct pay_pair *show;
	pairs p = {0};
	size_t i;

	if (open_settings(cx, cx->arena, r, &p) != RC_OK)
		p.n = 0;
	all = config_of(&p);
	show = ARENA_ARRAY(cx->arena, c->gw->n_fields, struct pay_pair);
	for (i = 0; i < c->gw->n_fields; i++) {
		show[i].name = c->gw->fields[i].name;
		show[i].value = fields_get(&all, show[i].name);
		if (field_is_secret(&c->gw->fields[i]) &&
		    !str_empty(show[i].value))
			show[i].value = "set";
	}
	return (struct gateway_config){show, c->gw->n_fields};
}

enum rc
channel_list(struct ctx *cx, const struct channel **out, size_t *n)
{
	const struct channel_row *rows;
	struct channel *list;
	size_t rows_n, i;
	enum rc rc;

	rc = channel_rows(cx, &rows, &rows_n);
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows_n, struct channel);
	*n = 0;
	for (i = 0; i < rows_n; i++) {
		if (fill(cx, &rows[i], &list[*n]) != RC_OK)
			continue;
		list[*n].config = shown(cx, &list[*n], &rows[i]);
		(*n)++;
	}
	*out = list;
	return RC_OK;
}

/* ------------------------------------------------------------ paying */

static bool
fits(const struct channel *c, struct money amount, const char *currency,
    bool mobile)
{
	if (!c->on || c->account == NULL || !str_eq(c->currency, currency))
		return false;
	if (!str_eq(c->device, "all") && str_eq(c->device, "mobile") != mobile)
		return false;
	return money_cmp(amount, c->min) >= 0 &&
	       (c->max.minor == 0 || money_cmp(amount, c->max) <= 0);
}

enum rc
channel_choices(struct ctx *cx, struct money amount, const char *currency,
    bool mobile, const struct channel **out, size_t *n)
{
	const struct channel_row *rows;
	struct channel *list;
	size_t rows_n, i;
	enum rc rc;

	rc = channel_rows(cx, &rows, &rows_n);
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, rows_n, struct channel);
	*n = 0;
	for (i = 0; i < rows_n; i++) {
		if (fill(cx, &rows[i], &list[*n]) == RC_OK &&
		    fits(&list[*n], amount, currency, mobile))
			(*n)++;
	}
	*out = list;
	return RC_OK;
}

enum rc
channel_fee(const struct channel *c, struct money amount, struct money *fee)
{
	enum rc rc;

	*fee = MONEY(0);
	if (!c->fee_buyer || amount.minor == 0)
		return RC_OK;
	rc = money_rate(amount, c->fee_permyriad, fee);
	return rc == RC_OK ? money_add(*fee, c->fee_fixed, fee) : rc;
}

const char *
channel_notify_url(struct ctx *cx, const char *channel, const char *order_no)
{
	return arena_fmt(cx->arena, "%s/pay/notify/%s/%s", cx->set->site_url,
	    channel, order_no);
}

/* ------------------------------------------------------------ saving */

struct saving {
	struct channel_row row;
	struct span secrets_text; /* plain, to be sealed under the row's id */
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
    const struct channel_field *f, size_t n, pairs *out)
{
	struct gateway_config before = {0};
	struct pay_pair *p;
	const char *value;
	pairs stored = {0};
	size_t i;
	enum rc rc;

	if (old != NULL) {
		rc = open_settings(cx, cx->arena, old, &stored);
		if (rc != RC_OK)
			return rc;
		before = config_of(&stored);
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
split_settings(
    struct ctx *cx, const struct gateway *g, const pairs *all, struct saving *s)
{
	struct gateway_config config = config_of(all);
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
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "channel.save",
	    arena_fmt(cx->arena, "channel:%s", s->row.name),
	    arena_fmt(cx->arena, "gateway=%s state=%s", s->row.gateway,
		s->row.state));
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
	pairs all = {0};
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
	config = config_of(&all);
	if (gateway_account(g, cx->arena, &config, &account, &bad_setting) !=
	    RC_OK)
		return bad(why, bad_setting.field, bad_setting.reason);
	fill_row(c, &s.row);
	split_settings(cx, g, &all, &s);
	return tx_run(cx, save_body, &s);
}

enum rc
channel_test(struct ctx *cx, const char *name, const char **said)
{
	const struct pay_ref nobody = {
	    .order_no = "000000000000000000000000",
	    .provider_ref = "",
	    .txn = "",
	    .currency = "",
	};
	struct channel c;
	struct verdict v;
	enum rc rc;

	rc = channel_load(cx, name, &c);
	if (rc != RC_OK)
		return rc;
	if (c.account == NULL) {
		*said = "off: a setting is missing or wrong";
		return RC_INVALID;
	}
	if (!(c.gw->can & PAY_CAN_QUERY)) {
		*said = "settings are complete; this gateway cannot be asked";
		return RC_OK;
	}
	rc = gateway_query(c.gw, cx, c.account, &nobody, &v);
	*said = rc == RC_OK || rc == RC_NOTFOUND
		    ? "the gateway answers"
		    : "the gateway does not answer as expected";
	return rc == RC_NOTFOUND ? RC_OK : rc;
}
