/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders as their buyers see them.  Primary reads.  Knowing a number or an
 * address shows nothing: every function takes the proof.
 */
#ifndef KS_SHOP_ORDER_H
#define KS_SHOP_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"
#include "shop/checkout.h"
#include "shop/order_state.h"
#include "shop/price.h"

struct order_item {
	uint64_t id, product, sku;
	const char *product_name, *sku_name, *sku_code;
	const char *product_slug; /* "" when it is gone */
	unsigned qty, delivered;
	struct money price;
	const char *card_format;
	const char *guide_html; /* instructions, shown once delivered */
};

struct order_card {
	uint64_t id, item;
	struct span text;          /* plain; wiped with the arena */
	const struct span *fields; /* cut at "----"; n_fields = 1: no parts */
	const char *const *labels; /* from card_format; "" where none */
	size_t n_fields;
};

struct order_input_value {
	const char *label, *value;
};

struct order_event_view {
	int64_t at;
	const char *kind, *detail;
	enum order_state to;
	const char *actor; /* panel only */
};

struct order {
	uint64_t id;
	const char *no;
	enum order_state state;
	const char *currency, *contact, *lang;
	struct money list, tier_off, coupon_off, fee, total, paid, refunded;
	uint64_t channel;
	const char *channel_name, *channel_title;
	bool late, has_lookup;
	bool extended; /* its hold was lengthened */
	bool kept;     /* by a policy: a person decides about it */
	int64_t created, expires, paid_at, delivered_at;
	unsigned qty, delivered;
	const struct order_item *items;
	size_t n_items;
	const struct order_input_value *inputs;
	size_t n_inputs;
	const char *link_token; /* of the mailed link: a proof that web/ may
				 * leave in this browser */
	unsigned short_place;   /* place in the shortage queue, 1-based; or 0 */
	struct money returning; /* of its own money, by refunds under way */
};

/* Its goods are the buyer's to look at: not when all of its money went back,
 * or is about to. */
bool order_shows_goods(const struct order *o);

/* How somebody proves that an order is theirs; any one suffices. */
struct order_proof {
	const struct visitor *visitor; /* cookie of the browser that ordered */
	const char *password;          /* lookup password, or NULL */
	const char *link_token;        /* ?t= of the mail, or NULL */
};

/* RC_NOTFOUND: no such order, or no proof: the same answer, the same work. */
MUST_CHECK enum rc order_open(struct ctx *cx, const char *no,
    const struct order_proof *proof, const struct order **out);
/* For status.json, same proof.  Who asks is on a page that waits, so the hold
 * may be lengthened (order_hold.h). */
MUST_CHECK enum rc order_status(struct ctx *cx, const char *no,
    const struct order_proof *proof, enum order_state *state,
    unsigned *delivered, int64_t *expires);
/* Cards of a delivered order, decrypted: from is 0-based.  Notes the first
 * look.  None once they are void. */
MUST_CHECK enum rc order_cards(struct ctx *cx, const struct order *o,
    size_t from, size_t max, const struct order_card **out, size_t *n);
MUST_CHECK enum rc order_timeline(struct ctx *cx, const struct order *o,
    const struct order_event_view **out, size_t *n);

struct order_brief {
	const char *no, *product_name, *currency;
	enum order_state state;
	unsigned qty;
	struct money total;
	int64_t created;
};
/* This browser's orders, newest first, at most LIM_ORDERS_LISTED. */
MUST_CHECK enum rc order_of_visitor(struct ctx *cx, const struct visitor *v,
    const struct order_brief **out, size_t *n);

/* The buyer gives up an unpaid order: cards and coupon go back at once.
 * RC_CONFLICT: it is not pending any more. */
MUST_CHECK enum rc order_cancel(struct ctx *cx, const struct order *o);
/* Sends the mail with the link again (through the outbox); RC_CONFLICT:
 * too soon. */
MUST_CHECK enum rc order_resend(struct ctx *cx, const struct order *o);

/* The token of the mailed link, base64url. */
const char *order_link_token(struct ctx *cx, const char *no, unsigned epoch);
/* 24 characters: YYMMDD, shard, 16 random Crockford base32. */
void order_number(struct ctx *cx, char out[25]);
bool order_number_ok(const char *no);

/* ---- paying */
struct pay_view {
	const struct order *order;
	const struct channel_choice *channels;
	size_t n_channels;
	const char *link;        /* where the browser goes, or NULL */
	const char *form_action; /* auto-submitted form instead, or NULL */
	const struct checkout_input *form_fields;
	size_t n_form_fields;
	const char *qr_text; /* to draw, or NULL */
	bool free;           /* nothing to pay */
};
/* Opens (or finds) the payment at the order's gateway; out->order is the order
 * with its hold as it is then.  The gateway is asked outside any transaction,
 * with a deadline.  RC_CONFLICT: the order is not
 * pending any more (show the order).  RC_BUSY: the gateway does not answer. */
MUST_CHECK enum rc order_pay(
    struct ctx *cx, const struct order *o, struct pay_view *out);
/* The buyer chooses another channel of the quote; price fees follow.
 * RC_INVALID: not usable. */
MUST_CHECK enum rc order_set_channel(
    struct ctx *cx, const struct order *o, const char *channel);
/* The browser is back from the gateway: asks the gateway once (display and
 * speed only; the answer is settled like any other). */
void order_returned(struct ctx *cx, const struct order *o);

#endif
