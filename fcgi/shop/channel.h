/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels: a merchant's accounts at gateways.  Secrets are sealed in the
 * database and never come back out to a page.
 */
#ifndef KS_SHOP_CHANNEL_H
#define KS_SHOP_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"
#include "pay/gateway.h"
#include "shop/goods_edit.h"

struct channel {
	uint64_t id;
	const char *name, *gateway, *title, *title_en, *device, *currency;
	bool on;
	uint32_t fee_permyriad;
	struct money fee_fixed, min, max;
	bool fee_buyer;
	int sort;
	unsigned version;
	const char *ask_back; /* of a channel loaded alone (policy.h) */
	const struct gateway *gw;
	struct gateway_config config;      /* fields with secrets opened: only
					    * where channel_load() says so */
	const struct pay_account *account; /* parsed once per process and
					    * version; NULL: not usable */
	bool usable; /* on, and all secrets set and not blank or a sample */
};

/* With its account, for payments and notices; by name or by id. */
MUST_CHECK enum rc channel_load(
    struct ctx *cx, const char *name, struct channel *out);
MUST_CHECK enum rc channel_load_id(
    struct ctx *cx, uint64_t id, struct channel *out);
/* For the panel and the quote: usable ones have an account. */
MUST_CHECK enum rc channel_list(
    struct ctx *cx, const struct channel **out, size_t *n);

/* Values of the channel's secret fields, opened: for hiding them in texts that
 * came from outside, and for nothing else. */
MUST_CHECK enum rc channel_secrets(
    struct ctx *cx, uint64_t id, const struct pay_pair **out, size_t *n);

struct channel_field {
	const char *name, *value; /* a secret left "" keeps its old value */
};
/* Creates or changes; field errors in *why. */
MUST_CHECK enum rc channel_save(struct ctx *cx, const struct channel *c,
    const struct channel_field *fields, size_t n, struct edit_error *why);
/* Asks the gateway with these credentials; *said is one line for people. */
MUST_CHECK enum rc channel_test(
    struct ctx *cx, const char *name, const char **said);
/* The channels that this order may be paid with, in the shop's order: usable,
 * for this device, amount and currency.  For the quote and the pay page. */
MUST_CHECK enum rc channel_choices(struct ctx *cx, struct money amount,
    const char *currency, bool mobile, const struct channel **out, size_t *n);
/* The same of rows that have been read. */
struct channel_row;
MUST_CHECK enum rc channel_choose(struct ctx *cx,
    const struct channel_row *rows, size_t n_rows, struct money amount,
    const char *currency, bool mobile, const struct channel **out, size_t *n);
/* The fee that a buyer pays for this amount through it: 0 where the shop
 * pays.  RC_INVALID: overflow. */
MUST_CHECK enum rc channel_fee(
    const struct channel *c, struct money amount, struct money *fee);
/* Where this channel's gateway sends notices for an order. */
const char *channel_notify_url(
    struct ctx *cx, const char *channel, const char *order_no);

#endif
