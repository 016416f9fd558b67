/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What settle.c, settle_money.c and settle_plain.c share: one message, while it
 * is worked on. Nothing here begins or ends a transaction.
 */
#ifndef KS_SHOP_SETTLE_INT_H
#define KS_SHOP_SETTLE_INT_H

#include "pay/verdict.h"
#include "shop/order_state.h"
#include "shop/policy.h"
#include "shop/settle.h"
#include "store/money.h"
#include "store/purchase.h"

struct settling { /* one message, while it is worked on */
	struct paid *p;
	const struct policy *policy;
	struct notice_row notice;
	struct order_row order;
	enum order_state state; /* as it was read */
	uint64_t payment;       /* the opened one that it is about, or 0 */
	uint64_t booked;        /* the one that has the money now, or 0 */
	struct money opened;    /* its amount */
	struct money amount;    /* that came in */
	const char *currency;
};

/* The same payment found twice is one, however it was learnt: so the key is
 * the outcome and the gateway's id, and only without an id the bytes. */
struct span settle_dedupe(struct ctx *cx, const struct paid *p);

/* What came in, in a transaction that holds the order's lock and the inbox
 * row.  why: WHY_OK, WHY_AMOUNT or WHY_CURRENCY. */
MUST_CHECK enum rc settle_money(
    struct ctx *cx, struct settling *s, enum pay_why why);

/* What came in pays the order, all of it: payment and ledger. */
MUST_CHECK enum rc settle_take_all(struct ctx *cx, struct settling *s);

/* amount and currency; the payment that was opened for this order through
 * this channel, out of those (newest first), and what the comparison says. */
enum pay_why settle_compare(
    struct settling *s, const struct payment_row *rows, size_t n);
/* The inbox row, as if applied. */
void settle_fill_notice(struct ctx *cx, struct settling *s);
/* The lines of the books: applied of the money pays the order. */
void settle_book(struct ctx *cx, const struct settling *s, uint64_t payment,
    struct money applied, struct booking *out);

/* The plain ones of n messages of one channel in one transaction; done[i]:
 * it is settled, and answered.  The others are as they were. */
void settle_plain(struct ctx *cx, struct paid **paid, size_t n, bool *done);

/* The row of the inbox says what came of it. */
MUST_CHECK enum rc settle_conclude(
    struct ctx *cx, struct settling *s, const char *state, const char *reason);

/* The caller's answer: RC_OK, so that the transaction commits, whatever rc is
 * told in p. */
MUST_CHECK enum rc settle_answer(
    struct paid *p, enum rc rc, const char *reason);

#endif
