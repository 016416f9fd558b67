/* SPDX-License-Identifier: Apache-2.0 */
/* Stripe Checkout: sessions, webhooks, refunds. */
#ifndef KS_PAY_STRIPE_H
#define KS_PAY_STRIPE_H

#include "pay/gateway.h"

extern const struct gateway gateway_stripe;

enum { STRIPE_V1_MAX = 8 }; /* signatures of one header */

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

#endif
