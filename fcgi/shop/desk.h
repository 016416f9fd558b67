/* SPDX-License-Identifier: Apache-2.0 */
/* The merchant's desk: orders, money and today's figures.  Lists may come
 * from a replica, one order and its money from the primary. */
#ifndef KS_SHOP_DESK_H
#define KS_SHOP_DESK_H

#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"
#include "shop/forecast.h"
#include "shop/order.h"

/* A SKU with fewer free cards is low. */
enum { DESK_LOW_BELOW = 10 };

struct desk_day { /* from the start of the shop's day */
	uint64_t orders, paid, delivered, expired, visitors;
	struct money revenue, cost, fees, refunds;
};
struct desk_alert {
	const char *kind; /* short, manual, refund, low_stock, held_notice,
			   * failed_mail, dead_message, open_case */
	uint64_t n;
	const char *detail;
};
struct desk_hour {
	int64_t from;
	uint64_t orders, paid;
	struct money revenue;
};
struct desk_top {
	const char *product_name;
	uint64_t sold;
	struct money revenue;
};
struct desk {
	struct desk_day today, yesterday, week, month;
	const struct desk_hour *hours; /* the last 24 */
	size_t n_hours;
	const struct desk_alert *alerts;
	size_t n_alerts;
	const struct desk_top *top; /* of 7 days */
	size_t n_top;
	struct forecast next; /* the hour to come */
};
MUST_CHECK enum rc desk_today(struct ctx *cx, const struct desk **out);

struct desk_filter {
	int state; /* enum order_state, or -1 */
	const char
	    *q; /* order number, contact or txn: exact; prefix of a number */
	uint64_t product, channel;
	int64_t from, until; /* created; 0: open */
};
struct desk_row {
	struct order_brief o;
	const char *contact, *channel;
	bool late;
};
struct desk_sum {
	uint64_t orders;
	struct money total, paid;
};
MUST_CHECK enum rc desk_orders(struct ctx *cx, const struct desk_filter *f,
    struct page *page, const struct desk_row **out, size_t *n,
    struct desk_sum *sum);

struct desk_payment {
	uint64_t id;
	const char *channel, *state, *role, *txn, *currency, *case_state;
	struct money amount;
	int64_t created, settled;
};
struct desk_mail {
	const char *kind, *state, *error;
	int64_t created, done;
	unsigned attempts;
};
struct desk_delivery {
	uint64_t card;
	int64_t at, seen;
};
struct desk_order {
	const struct order *o;
	const char *address;
	const struct order_event_view *events;
	size_t n_events;
	const struct desk_payment *payments;
	size_t n_payments;
	const struct desk_mail *mails;
	size_t n_mails;
	const struct desk_delivery *deliveries;
	size_t n_deliveries;
};
MUST_CHECK enum rc desk_order(
    struct ctx *cx, const char *no, struct desk_order *out);

/* A person did it; each with a reason, an event and an audit row. */
MUST_CHECK enum rc desk_mark_paid(
    struct ctx *cx, const char *no, const char *reference, const char *reason);
MUST_CHECK enum rc desk_cancel(
    struct ctx *cx, const char *no, const char *reason);
MUST_CHECK enum rc desk_resend(struct ctx *cx, const char *no);
/* Hands over goods of a manual (or short) order: text is sealed like a card. */
MUST_CHECK enum rc desk_hand_over(
    struct ctx *cx, const char *no, const char *text);

#endif
