/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a verdict to a decision, without knowing where orders live: the
 * comparison of a message with the payment it claims to be about.  Pure
 * functions; shop/ and tests/vector_run use the same ones.
 */
#ifndef KS_PAY_VERDICT_H
#define KS_PAY_VERDICT_H

#include "pay/gateway.h"

/* The payment as the shop opened it. */
struct pay_expected {
	const char *order_no;
	struct money amount;
	const char *currency;
	const char *provider_ref; /* saved at opening, or "" */
	const char *txn;          /* of the money received, or "" */
};

void verdict_init(struct verdict *v);
/* Fills in a refusal and returns, so that a reader can end with it. */
void verdict_reject(struct verdict *v, enum pay_why why);

/* Which key finds the payment: the order number, else the id given at
 * opening, else the id of the money.  All are hints of the sender. */
enum pay_hint { HINT_NONE, HINT_ORDER_NO, HINT_REF, HINT_TXN };
enum pay_hint verdict_hint(const struct verdict *v);

/* WHY_OK: this genuine message is about this payment, and if it says paid,
 * amount and currency are equal to the last unit.  e = NULL: no such payment
 * through this channel (WHY_ORDER).  WHY_AMOUNT and WHY_CURRENCY on a
 * genuine PAY_PAID mean that other money came in: a case for a person. */
enum pay_why verdict_compare(const struct gateway *g, const struct verdict *v,
    const struct pay_expected *e);

/* What to answer when the comparison gave why: rejects alike, repeats like
 * the first time. */
enum pay_answer verdict_answer(const struct verdict *v, enum pay_why why);

const char *pay_why_name(enum pay_why why);         /* "amount" */
const char *pay_outcome_name(enum pay_outcome out); /* "paid" */

#endif
