/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The claim: cards for orders, in one transaction for many orders.  One
 * caller or a batch from the till: the same function.
 *
 * First the forms that were sent before and the caps on unpaid orders.  Per
 * SKU: SELECT ... FOR UPDATE SKIP LOCKED of as many free cards as the
 * batch wants, dealt out in arrival order, whole orders only; one multi-row
 * INSERT of orders, items and events; one UPDATE that binds the cards; COMMIT.
 * A claim that cannot be served never fails its neighbours.
 */
#ifndef KS_SHOP_CLAIM_H
#define KS_SHOP_CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"
#include "shop/catalogue.h"

struct claim_input {
	const char *name, *label, *value;
};

/* Everything an order row needs, decided before: no pointer into a quote, so
 * that a claim can travel over a socket. */
struct claim {
	char no[25]; /* drawn by the caller */
	uint8_t form_key[16];
	uint64_t product, sku, coupon, channel;
	enum sku_kind kind;
	bool newest; /* deliver the newest cards first */
	unsigned qty, buyer_limit;
	struct money list, tier_off, coupon_off, fee, total, unit, cost;
	char currency[4];
	char contact[192];
	char product_name[512], sku_name[512], sku_code[48]; /* snapshots */
	char lang[9];
	uint8_t contact_hash[16], buyer_hash[32], lookup_hash[32];
	bool has_lookup;
	uint8_t address[16];
	unsigned address_n; /* 4 or 8 (IPv6 /64) */
	int64_t created, expires;
	struct claim_input inputs[10];
	size_t n_inputs;

	/* Of the offer it was priced from, when that was not read for it
	 * (offer.h); 0: it was. */
	uint64_t offer;

	/* Wait for cards that another transaction has locked, instead of
	 * stepping over them: a refusal is then final.  Does not travel. */
	bool wait;

	/* answered: RC_OK; RC_CONFLICT with why; RC_BUSY; RC_FAIL (outcome
	 * unknown: look the order up by no) */
	enum rc rc;
	enum claim_why {
		CLAIM_OK,
		CLAIM_SOLD_OUT,
		CLAIM_TOKEN_USED, /* no is then the order it made */
		CLAIM_COUPON,     /* used up meanwhile */
		CLAIM_LIMIT,
		CLAIM_HOLDS, /* too many unpaid orders */
		CLAIM_STALE, /* the offer is another one by now */
		CLAIM__N
	} why;
	uint64_t order; /* id: drawn by claim_batch() */
};

/* Fills rc of each; returns RC_OK when the batch was committed, even if every
 * claim was refused.  Deadlocks are run again inside (bounded). */
MUST_CHECK enum rc claim_batch(struct ctx *cx, struct claim *claims, size_t n);

/* After a refusal: did the form of c make an order all the same (another
 * copy of the claim was faster)?  Then c is answered with it. */
MUST_CHECK enum rc claim_find(struct ctx *cx, struct claim *c);

#endif
