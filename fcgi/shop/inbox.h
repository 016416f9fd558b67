/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The notice inbox and the payments for the panel: what gateways said, what
 * came of it, and the one thing a person may do about it: let it be judged
 * again, or close it.
 */
#ifndef KS_SHOP_INBOX_H
#define KS_SHOP_INBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

enum { INBOX_PAGE = 50 };

struct notice_brief {
	uint64_t id;
	const char *state, *reason, *source, *txn, *currency, *channel, *no;
	struct money amount;
	int64_t received;
	unsigned repeats;
};
struct notice_filter {
	const char *state; /* "" any */
	uint64_t channel;  /* 0 any */
	const char *no;    /* an order's number, "" any */
	unsigned page;     /* from 1 */
};
/* INBOX_PAGE of them, newest first; *more: there are older ones. */
MUST_CHECK enum rc inbox_list(struct ctx *cx, const struct notice_filter *f,
    const struct notice_brief **out, size_t *n, bool *more);

struct inbox_wait { /* what waits for a person */
	uint64_t received, held, failed;
};
MUST_CHECK enum rc inbox_waits(struct ctx *cx, struct inbox_wait *out);

struct notice_reject { /* refused, by channel, reason and day */
	const char *channel, *reason, *from;
	uint64_t n;
	int64_t first, last;
	const char *sample; /* as inbox_readable() */
};
MUST_CHECK enum rc inbox_refused(
    struct ctx *cx, const struct notice_reject **out, size_t *n);

struct notice_full {
	struct notice_brief n;
	int64_t applied;
	const char *method, *query, *headers, *body; /* readable; "" none */
	bool cut;    /* of one of them only the beginning is shown */
	bool replay; /* its bytes are there */
	bool waits;  /* for a person: may be ignored */
};
MUST_CHECK enum rc inbox_one(
    struct ctx *cx, uint64_t id, struct notice_full *out);

/* Bytes from outside as text for people: what is no printable UTF-8 becomes
 * \xNN, at most max bytes of it, and each text of hide becomes "***".
 * *cut becomes true when that was not all; the caller begins with false. */
const char *inbox_readable(struct arena *a, struct span bytes, size_t max,
    const char *const *hide, size_t n_hide, bool *cut);

/* The same steps as on the day it came, with today's settings; an audit row.
 * *verdict: as struct notice_reply.  RC_CONFLICT: it has no bytes. */
MUST_CHECK enum rc inbox_replay(
    struct ctx *cx, uint64_t id, const char **verdict, const char **reason);
/* Closes it; money it brought stays where it is booked.  RC_CONFLICT: it does
 * not wait for a person. */
MUST_CHECK enum rc inbox_close(struct ctx *cx, uint64_t id, const char *reason);

/* ---- payments */

struct payment_brief {
	uint64_t id;
	const char *state, *role, *currency, *txn, *ref, *case_state, *channel;
	const char *no, *order_state;
	struct money amount;
	unsigned asked; /* queries sent to the gateway */
	int64_t created, settled;
};
struct payment_filter {
	const char *state, *role; /* "" any */
	uint64_t channel;
	bool cases;       /* open cases only */
	const char *word; /* a gateway's id or an order number; "" any */
	unsigned page;
};
MUST_CHECK enum rc inbox_payments(struct ctx *cx,
    const struct payment_filter *f, const struct payment_brief **out, size_t *n,
    bool *more);

#endif
