/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keystallctl channel: a merchant's accounts at gateways, from HDF files.
 *
 *   gateway = epay           title = Alipay          (both kept if left out
 *   fee_permyriad = 60       fee_payer = buyer        when the channel is
 *   state = on               ...                      there already)
 *   pid = 1001               every other name is a setting of the gateway
 *
 * The file holds secrets: it is read, never printed.
 */
#include "proc/ctl.h"

#include "base/limits.h"
#include "base/num.h"
#include "base/vec.h"
#include "io/tmpl.h"
#include "shop/catalogue.h"
#include "shop/channel.h"

#include <stdio.h>

enum { FEE_MAX = 10000, SORT_MAX = 1000000 };

static int
list(struct ctl *c)
{
	const struct channel *v;
	size_t i, n;
	enum rc rc = channel_list(c->cx, &v, &n);

	if (rc != RC_OK)
		return ctl_fail(c, rc, "channel list");
	for (i = 0; i < n; i++)
		printf("%-24s %-10s %-4s %s %s\n", v[i].name, v[i].gateway,
		    v[i].on ? "on" : "off",
		    v[i].usable ? "usable" : "incomplete", v[i].title);
	return CTL_OK;
}

/* What the channel is now, or what a new one begins with. */
static enum rc
begin(struct ctx *cx, const char *name, const char *gateway, struct channel *c)
{
	const struct shop_info *shop;
	const struct gateway *g;
	enum rc rc = channel_load(cx, name, c);

	if (rc != RC_NOTFOUND)
		return rc;
	rc = catalogue_shop(cx, &shop);
	if (rc != RC_OK)
		return rc;
	g = gateway == NULL ? NULL : gateway_find(gateway);
	*c = (struct channel){.name = name,
	    .gateway = gateway == NULL ? "" : gateway,
	    .title = g == NULL ? name : g->title,
	    .title_en = "",
	    .device = "all",
	    .currency = shop->currency,
	    .on = true,
	    .fee_buyer = true};
	return RC_OK;
}

static bool
to_number(const char *value, uint64_t max, uint64_t *out)
{
	return num_u64(span_str(value), max, out) == RC_OK;
}

static bool
to_money(const struct channel *c, const char *value, struct money *out)
{
	return money_parse(span_str(value), currency_decimals(c->currency),
		   out) == RC_OK;
}

static bool
one_of(const char *value, const char *yes, const char *no, bool *out)
{
	*out = str_eq(value, yes);
	return *out || str_eq(value, no);
}

/* Names that every channel has.  false: not one of them; *ok: its value is
 * good. */
static bool
common(struct channel *c, const char *name, const char *value, bool *ok)
{
	uint64_t n = 0;

	*ok = true;
	if (str_eq(name, "gateway"))
		c->gateway = value;
	else if (str_eq(name, "title"))
		c->title = value;
	else if (str_eq(name, "title_en"))
		c->title_en = value;
	else if (str_eq(name, "device"))
		c->device = value;
	else if (str_eq(name, "currency"))
		c->currency = value;
	else if (str_eq(name, "state"))
		*ok = one_of(value, "on", "off", &c->on);
	else if (str_eq(name, "fee_payer"))
		*ok = one_of(value, "buyer", "shop", &c->fee_buyer);
	else if (str_eq(name, "fee_fixed"))
		*ok = to_money(c, value, &c->fee_fixed);
	else if (str_eq(name, "min_amount"))
		*ok = to_money(c, value, &c->min);
	else if (str_eq(name, "max_amount"))
		*ok = to_money(c, value, &c->max);
	else if (str_eq(name, "fee_permyriad")) {
		*ok = to_number(value, FEE_MAX, &n);
		c->fee_permyriad = (uint32_t)n;
	} else if (str_eq(name, "sort")) {
		*ok = to_number(value, SORT_MAX, &n);
		c->sort = (int)n;
	} else
		return false;
	return true;
}

static int
set(struct ctl *ctl, const char *name, const char *file)
{
	struct ctx *cx = ctl->cx;
	VEC(struct channel_field) fields = {0};
	struct edit_error why = {0};
	struct channel c;
	struct hdf_doc *doc, *d;
	const char *reason = "";
	enum rc rc;
	bool ok;

	if (hdf_doc_read(cx->arena, file, &doc, &reason) != RC_OK) {
		program_say(ctl->program, "%s", reason);
		return CTL_BAD;
	}
	rc = begin(cx, name, hdf_doc_get(doc, "gateway"), &c);
	if (rc != RC_OK)
		return ctl_fail(ctl, rc, name);
	for (d = hdf_doc_first(doc); d != NULL; d = hdf_doc_next(d)) {
		const char *value = hdf_doc_value(d);

		if (value == NULL)
			value = "";
		if (!common(&c, hdf_doc_name(d), value, &ok))
			*VEC_ADD(&fields, cx->arena) =
			    (struct channel_field){hdf_doc_name(d), value};
		else if (!ok) {
			program_say(ctl->program, "%s: %s: bad value", file,
			    hdf_doc_name(d));
			return CTL_BAD;
		}
	}
	rc = channel_save(cx, &c, fields.v, fields.n, &why);
	if (rc == RC_INVALID && why.field != NULL) {
		program_say(
		    ctl->program, "%s: %s: %s", file, why.field, why.reason);
		return CTL_BAD;
	}
	return rc == RC_OK ? CTL_OK : ctl_fail(ctl, rc, name);
}

static int
test(struct ctl *c, const char *name)
{
	const char *said = "";
	enum rc rc = channel_test(c->cx, name, &said);

	if (rc != RC_OK && *said == '\0')
		return ctl_fail(c, rc, name);
	printf("%s: %s\n", name, said);
	return rc == RC_OK ? CTL_OK : CTL_BAD;
}

int
ctl_channel(struct ctl *c, char **args)
{
	size_t n = ctl_count(args);

	if (n == 1 && str_eq(args[0], "list"))
		return list(c);
	if (n == 3 && str_eq(args[0], "set"))
		return set(c, args[1], args[2]);
	if (n == 2 && str_eq(args[0], "test"))
		return test(c, args[1]);
	return CTL_USAGE;
}
