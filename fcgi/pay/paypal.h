/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PayPal Orders v2: paypal.c has the account, opening and refunds,
 * paypal_api.c token, calls and what an order says, paypal_hook.c webhooks.
 */
#ifndef KS_PAY_PAYPAL_H
#define KS_PAY_PAYPAL_H

#include <stdbool.h>

#include "io/cert.h"
#include "pay/ask.h"
#include "pay/gateway.h"

extern const struct gateway gateway_paypal;

/* What an account remembers between requests; rebuilt at any time. */
struct paypal_cache {
	struct arena *arena; /* of its own, emptied when an entry is replaced */
	char *bearer;        /* "Authorization: Bearer ..." */
	int64_t bearer_until_us;
	struct arena *cert_arena;
	const char *cert_url; /* of the chain, or NULL */
	const struct cert *const *chain;
	size_t n_chain;
};

struct paypal {
	const char *base_url; /* of the API, ends with '/' */
	const char *cert_url; /* what every certificate's address begins with */
	const char *cert_name; /* host name in the certificate */
	const char *basic;     /* "Authorization: Basic ..." */
	const char *webhook_id;
	const char *merchant_id;
	const char *brand;
	bool postback; /* let PayPal verify; else we do */
	const struct cert *const *roots;
	size_t n_roots; /* 0: the system's */
	struct paypal_cache *cache;
};

/* ---- paypal_api.c */

/* One call with a token; a stale token is renewed once.  request_id may be
 * NULL. */
MUST_CHECK enum rc paypal_call(struct ctx *cx, const struct paypal *pp,
    const char *method, const char *path, struct span body,
    const char *request_id, struct asked *out);
/* The order by the API, captured if the payer has approved, as a verdict.
 * capture: the id that a message named, or "" for the only one. */
MUST_CHECK enum rc paypal_order(struct ctx *cx, const struct paypal *pp,
    const char *id, const char *capture, struct verdict *v);
/* The capture by the API, for refunds. */
MUST_CHECK enum rc paypal_captured(struct ctx *cx, const struct paypal *pp,
    const char *capture, struct verdict *v);
/* One refund of that capture by the API: its amount, and our number or its
 * own.  What is not complete is nothing to act on.  RC_NOTFOUND: no such. */
MUST_CHECK enum rc paypal_refunded(struct ctx *cx, const struct paypal *pp,
    const char *refund, struct verdict *v);
/* Decimal text in the currency's own minor units. */
const char *paypal_value(struct ctx *cx, struct money m, const char *currency);

/* ---- paypal_hook.c */

/* CRC-32/ISO-HDLC, as in zlib. */
uint32_t paypal_crc32(struct span s);
/* id|time|webhook id|crc */
struct span paypal_signed_text(struct arena *a, const char *id,
    const char *time, const char *webhook_id, struct span body);
void paypal_notice(struct ctx *cx, const struct pay_account *ac,
    const struct pay_request *rq, struct verdict *v);

#endif
