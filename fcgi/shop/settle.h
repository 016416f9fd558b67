/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Money came in.  Every way money can become known ends here: a gateway's
 * notice, the answer to a query, a person marking an order paid, a statement.
 * One transaction: inbox, payment, order state, cards, ledger, outbox, event.
 */
#ifndef KS_SHOP_SETTLE_H
#define KS_SHOP_SETTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

struct notice_request {       /* raw, as it came */
	const char *channel;  /* name from the URL */
	const char *order_no; /* from the URL, or NULL */
	const char *method;
	const char *content_type;
	const char *const
	    *headers; /* "name: value", lower-case names, NULL end */
	struct span query, body;
	int64_t received; /* when it came, for its time window; 0: now */
};

struct notice_reply {
	enum rc rc; /* RC_OK: the fields below; RC_NOTFOUND: no such channel;
		     * RC_BUSY, RC_FAIL: the database is away */
	int status;
	const char *content_type;
	struct span body;
	const char *verdict; /* for metrics: applied, repeated, held, ... */
	const char *reason;  /* for the panel: why it is that; or "" */
};

/* The thirteen steps of a payment notice.  Always fills out: the gateway's
 * success word only after COMMIT; all rejects read alike. */
void settle_notice(
    struct ctx *cx, const struct notice_request *rq, struct notice_reply *out);
/* The same for one that is stored already: it was held, failed, or left by a
 * process that died.  As often as one likes: the effect is there once. */
void settle_again(
    struct ctx *cx, const struct notice_request *rq, struct notice_reply *out);
/* Works on notices that dead processes of this machine have left. */
void settle_left(struct ctx *cx, unsigned *did);
/* How the order's number of the address stands among the stored headers. */
#define NOTICE_ORDER ":order: "

enum settle_source {
	SETTLE_NOTICE,
	SETTLE_QUERY,
	SETTLE_STAFF,
	SETTLE_STATEMENT
};

struct gateway;
struct verdict;

struct paid { /* what a gateway, or a person, says about a payment */
	enum settle_source source;
	uint64_t channel;
	const char *order_no;
	/* A gateway's word: the verdict is compared with the locked rows.
	 * NULL: a person says that the whole amount came in. */
	const struct gateway *gateway;
	const struct verdict *verdict;
	const char *txn;    /* the gateway's payment id, or a person's
			     * reference */
	const char *detail; /* the person's reason; or NULL */
	/* evidence for the inbox: raw bytes */
	const char *method;
	struct span query, headers, body;

	/* Of the channel's row that it was judged by, when that was not
	 * read for it (recent.h); 0: it was. */
	uint64_t judged_by;

	/* answered */
	bool stale; /* that row is another one by now: judge it again */
	enum rc rc; /* RC_OK: applied, or noted where nothing is to be done.
		     * RC_CONFLICT: repeated.  RC_INVALID: held for a person.
		     * RC_DENIED: refused, not of this order.
		     * RC_BUSY, RC_FAIL: not applied; shall come again. */
	const char *reason;
	int why; /* enum pay_why of the comparison */
};

/* Same shape as claim_batch(): many settlements, one transaction; one that
 * fails never fails its neighbours. */
MUST_CHECK enum rc settle_batch(struct ctx *cx, struct paid *paid, size_t n);

#endif
