/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stripe Checkout: stripe.c has the account, sessions and refunds,
 * stripe_hook.c webhooks.
 */
#ifndef KS_PAY_STRIPE_H
#define KS_PAY_STRIPE_H

#include "pay/ask.h"
#include "pay/gateway.h"

extern const struct gateway gateway_stripe;

enum {
	STRIPE_V1_MAX = 8, /* signatures of one header */
	STRIPE_SECRETS = 4
};

struct stripe {
	const char *base_url; /* ends with '/' */
	const char *bearer;   /* a whole header */
	struct span secret[STRIPE_SECRETS];
	size_t n_secrets;
	int64_t skew_s;
	bool live;
};

struct stripe_signature {
	int64_t t;
	struct span t_text;
	struct span v1[STRIPE_V1_MAX];
	size_t n;
};

/* "t=1492774577,v1=...,v0=...": exactly one t of digits, one v1 or more,
 * other schemes ignored.  RC_INVALID otherwise. */
MUST_CHECK enum rc stripe_header(
    const char *header, struct stripe_signature *out);
/* t "." body */
struct span stripe_signed_text(
    struct arena *a, const struct stripe_signature *s, struct span body);

/* A checkout session -> verdict, from a webhook or from a query. */
enum pay_why stripe_session(struct ctx *cx, const struct stripe *s,
    const struct json *j, struct verdict *v);
/* An id of theirs, or "". */
const char *stripe_token(
    struct ctx *cx, const struct json *j, const char *path);
void stripe_notice(struct ctx *cx, const struct pay_account *ac,
    const struct pay_request *rq, struct verdict *v);

#endif
