/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The comparison of a message with a payment.  Kept apart from the adapters
 * so that no protocol can have its own idea of "equal", and from shop/ so
 * that the vectors run through the very same code.
 */
#include "pay/verdict.h"

#include <string.h>

static const char *const why_name[WHY__N] = {
    [WHY_OK] = "ok",
    [WHY_OFF] = "off",
    [WHY_METHOD] = "method",
    [WHY_SYNTAX] = "syntax",
    [WHY_DUPLICATE] = "duplicate",
    [WHY_AMBIGUOUS] = "ambiguous",
    [WHY_FIELD] = "field",
    [WHY_UNSIGNED] = "unsigned",
    [WHY_ALGORITHM] = "algorithm",
    [WHY_SIGNATURE] = "signature",
    [WHY_CERT] = "cert",
    [WHY_TIME] = "time",
    [WHY_DECRYPT] = "decrypt",
    [WHY_MERCHANT] = "merchant",
    [WHY_ENVIRONMENT] = "environment",
    [WHY_STATUS] = "status",
    [WHY_ORDER] = "order",
    [WHY_REF] = "ref",
    [WHY_CURRENCY] = "currency",
    [WHY_AMOUNT] = "amount",
    [WHY_UPSTREAM] = "upstream",
};

static const char *const outcome_name[PAY_OUTCOME__N] = {
    [PAY_REJECT] = "reject",
    [PAY_LATER] = "later",
    [PAY_IGNORE] = "ignore",
    [PAY_PENDING] = "pending",
    [PAY_PAID] = "paid",
    [PAY_FAILED] = "failed",
    [PAY_CLOSED] = "closed",
    [PAY_REFUNDED] = "refunded",
    [PAY_PART_REFUNDED] = "part_refunded",
};

void
verdict_init(struct verdict *v)
{
	memset(v, 0, sizeof(*v));
	v->outcome = PAY_REJECT;
	v->why = WHY_SYNTAX;
	v->order_no = v->provider_ref = v->txn = "";
	v->event_id = v->refund_no = "";
}

void
verdict_reject(struct verdict *v, enum pay_why why)
{
	v->outcome = PAY_REJECT;
	v->why = why;
}

enum pay_hint
verdict_hint(const struct verdict *v)
{
	if (!str_empty(v->order_no))
		return HINT_ORDER_NO;
	if (!str_empty(v->provider_ref))
		return HINT_REF;
	return str_empty(v->txn) ? HINT_NONE : HINT_TXN;
}

/* Both known and different, or one side missing where it binds. */
static bool
ref_differs(const char *said, const char *saved, bool binds)
{
	if (str_empty(said) || str_empty(saved))
		return binds;
	return !str_eq(said, saved);
}

static bool
about_this(const struct gateway *g, const struct verdict *v,
    const struct pay_expected *e)
{
	/* A refund names the money it takes back and perhaps nothing else. */
	if (v->outcome == PAY_REFUNDED || v->outcome == PAY_PART_REFUNDED) {
		if (verdict_hint(v) == HINT_TXN)
			return str_eq(v->txn, e->txn);
		return !ref_differs(v->provider_ref, e->provider_ref, false);
	}
	return !ref_differs(
	    v->provider_ref, e->provider_ref, g->can & PAY_REF_BINDS);
}

enum pay_why
verdict_compare(const struct gateway *g, const struct verdict *v,
    const struct pay_expected *e)
{
	if (v->outcome == PAY_REJECT || v->outcome == PAY_LATER)
		return v->why;
	if (v->outcome == PAY_IGNORE)
		return WHY_OK;
	if (e == NULL || verdict_hint(v) == HINT_NONE)
		return WHY_ORDER;
	if (!str_empty(v->order_no) && !str_eq(v->order_no, e->order_no))
		return WHY_ORDER;
	if (!about_this(g, v, e))
		return WHY_REF;
	if (v->outcome == PAY_PAID && !v->has_amount)
		return WHY_AMOUNT;
	if (!v->has_amount)
		return WHY_OK;
	if (!str_eq(v->currency, e->currency))
		return WHY_CURRENCY;
	return money_cmp(v->amount, e->amount) == 0 ? WHY_OK : WHY_AMOUNT;
}

enum pay_answer
verdict_answer(const struct verdict *v, enum pay_why why)
{
	if (v->outcome == PAY_LATER)
		return ANSWER_LATER;
	return why == WHY_OK ? ANSWER_ACCEPT : ANSWER_REJECT;
}

const char *
pay_why_name(enum pay_why why)
{
	return why_name[why];
}

const char *
pay_outcome_name(enum pay_outcome out)
{
	return outcome_name[out];
}
