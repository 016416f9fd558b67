/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels.  Reading a row is cheap; opening its secrets and parsing its keys
 * is not, so the parsed account stays with the process until the row's
 * version changes.  Saving one is in channel_save.c.
 */
#include "shop/channel.h"

#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/url.h"
#include "io/crypt.h"
#include "pay/fields.h"
#include "shop/channel_int.h"

enum { KEPT = 64, ARENA_FIRST = 4096, ARENA_CAP = 1024 * 1024 };

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
read_settings(struct arena *a, struct span text, channel_pairs *out)
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

enum rc
channel_settings(struct ctx *cx, struct arena *a, const struct channel_row *r,
    channel_pairs *out)
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
	channel_pairs p = {0};
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

struct gateway_config
channel_config(const channel_pairs *p)
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
	channel_pairs p = {0};

	if (channel_settings(cx, a, r, &p) != RC_OK)
		return NULL;
	config = channel_config(&p);
	if (gateway_account(g, a, &config, &account, &why) == RC_OK) {
		if (r->fetched != NULL && gateway_with_keys(g, a, account,
					      r->fetched, &account) != RC_OK)
			log_event(LOG_ERROR, "fetched_keys",
			    LF_STR("channel", r->name));
		return account;
	}
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
	/* what this request has seen before it keeps to its end */
	if (k->arena != NULL)
		arena_defer_free(cx->arena, k->arena);
	k->arena = arena_new(ARENA_FIRST, ARENA_CAP);
	k->id = r->id;
	k->version = r->version;
	k->account = parse_account(cx, g, r, k->arena);
	return k->account;
}

enum rc
channel_of_row(struct ctx *cx, const struct channel_row *r, struct channel *out)
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
	return rc == RC_OK ? channel_of_row(cx, &r, out) : rc;
}

enum rc
channel_load_id(struct ctx *cx, uint64_t id, struct channel *out)
{
	struct channel_row r;
	enum rc rc;

	rc = channel_row_by_id(cx, id, &r);
	return rc == RC_OK ? channel_of_row(cx, &r, out) : rc;
}

/* What a page may show: a secret field only says whether it is set. */
static struct gateway_config
shown(struct ctx *cx, const struct channel *c, const struct channel_row *r)
{
	struct gateway_config all;
	struct pay_pair *show;
	channel_pairs p = {0};
	size_t i;

	if (channel_settings(cx, cx->arena, r, &p) != RC_OK)
		p.n = 0;
	all = channel_config(&p);
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
		if (channel_of_row(cx, &rows[i], &list[*n]) != RC_OK)
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
	size_t n_rows;
	enum rc rc = channel_rows(cx, &rows, &n_rows);

	return rc == RC_OK ? channel_choose(cx, rows, n_rows, amount, currency,
				 mobile, out, n)
			   : rc;
}

enum rc
channel_choose(struct ctx *cx, const struct channel_row *rows, size_t n_rows,
    struct money amount, const char *currency, bool mobile,
    const struct channel **out, size_t *n)
{
	struct channel *list = ARENA_ARRAY(cx->arena, n_rows, struct channel);
	size_t i;

	*n = 0;
	for (i = 0; i < n_rows; i++) {
		if (channel_of_row(cx, &rows[i], &list[*n]) == RC_OK &&
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

/* ------------------------------------------------------------ trying */

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
