/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Money came in.  Every way money can become known ends here: a gateway's
 * notice, the answer to a query, a person marking an order paid, a statement.
 * One transaction: inbox, payment, order state, cards, ledger, outbox, event.
 */
#ifndef KS_SHOP_SETTLE_H
#define KS_SHOP_SETTLE_H

#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

struct notice_request { /* raw, as it came */
	const char *channel;  /* name from the URL */
	const char *order_no; /* from the URL, or NULL */
	const char *method;
	const char *content_type;
	const char *const *headers; /* "name: value", lower-case names, NULL end */
	struct span query, body;
};

struct notice_reply {
	int status;
	const char *content_type;
	struct span body;
	const char *verdict; /* for metrics: applied, repeated, held, ... */
};

/* The thirteen steps of a payment notice.  Always fills out: the gateway's
 * success word only after COMMIT; all rejects read alike. */
void settle_notice(struct ctx *cx, const struct notice_request *rq,
    struct notice_reply *out);

enum settle_source { SETTLE_NOTICE, SETTLE_QUERY, SETTLE_STAFF, SETTLE_STATEMENT };

struct paid { /* a proven payment */
	enum settle_source source;
	uint64_t channel;
	char order_no[25];
	const char *txn; /* the gateway's payment id, or one made by us */
	struct money amount;
	const char *currency;
	struct span raw; /* evidence */
	const char *detail; /* reason and reference of a person */
	/* of a notice, for the inbox; may be empty */
	const char *method;
	struct span query, headers;

	/* answered */
	enum rc rc; /* RC_OK applied; RC_CONFLICT repeated; RC_INVALID held
		     * (amount, currency, state); RC_NOTFOUND no such order */
	const char *reason;
};

/* Same shape as claim_batch(): many settlements, one transaction; one that
 * fails never fails its neighbours. */
MUST_CHECK enum rc settle_batch(struct ctx *cx, struct paid *paid, size_t n);

#endif
