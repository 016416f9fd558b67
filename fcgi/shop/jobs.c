/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Background work in bounded steps.  Nothing here needs to be the only one:
 * each step takes its rows under locks or by a conditional UPDATE, and a
 * second machine doing the same finds them taken.
 */
#include "shop/jobs.h"

#include "base/log.h"
#include "base/num.h"
#include "base/time.h"
#include "shop/ask.h"
#include "shop/order_end.h"
#include "shop/settle.h"
#include "shop/shortage.h"
#include "store/hook_delivery.h"
#include "store/lease.h"
#include "store/outbox_read.h"
#include "store/purchase.h"
#include "store/setting.h"
#include "store/shortage.h"
#include "store/tx.h"

#define SOLD_COUNTED "sold_counted_us"

enum {
	EXPIRE_BATCH = 100,
	ASK_BATCH = 20,
	FILL_BATCH = 50,
	KEEP_DONE_DAYS = 30,
	KEEP_REJECT_DAYS = 90,
	ASK_AFTER_END_S = 24 * 3600,
	BEFORE_END_S = 5,
	AFTER_END_S = 60, /* money that was under way when the time ended */
	COUNT_LAG_S = 30
};

/* ------------------------------------------------------------ expiry */

static struct payment_row
as_payment(const struct ask_row *a)
{
	return (struct payment_row){
	    .id = a->payment,
	    .order = a->order,
	    .channel = a->channel,
	    .currency = a->currency,
	    .provider_ref = a->provider_ref,
	    .amount = a->amount,
	};
}

enum rc
jobs_expire(struct ctx *cx, unsigned *did)
{
	const struct due_row *due;
	size_t n, i;
	enum rc rc;

	*did = 0;
	cx->actor = ACTOR_SYSTEM;
	rc = orders_due(cx, EXPIRE_BATCH, &due, &n);
	for (i = 0; rc == RC_OK && i < n; i++) {
		rc = order_expire(cx, due[i].no);
		if (rc == RC_OK)
			(*did)++;
		else if (rc == RC_CONFLICT || rc == RC_NOTFOUND)
			rc = RC_OK; /* paid or given up meanwhile */
	}
	return rc;
}

/* ------------------------------------------------------------ shortage */

enum rc
jobs_fill_short(struct ctx *cx, unsigned *did)
{
	const uint64_t *sku;
	unsigned served;
	size_t n, i;
	enum rc rc;

	*did = 0;
	cx->actor = ACTOR_SYSTEM;
	rc = shortage_fillable(cx, FILL_BATCH, &sku, &n);
	for (i = 0; rc == RC_OK && i < n; i++) {
		rc = shortage_drain(cx, sku[i], &served);
		if (rc == RC_OK)
			*did += served;
	}
	return rc;
}

/* ------------------------------------------------------------ asking back */

/* 10 s, 30 s, 1 min, 2 min, 5 min, then every 10: and once more when the
 * order is about to expire, a minute after it did, and for a day after that,
 * because that is when forgotten money turns up. */
static int64_t
ask_again_at(const struct ctx *cx, const struct ask_row *a)
{
	static const int wait_s[] = {20, 30, 60, 180, 300, 600};
	const unsigned last = sizeof(wait_s) / sizeof(wait_s[0]) - 1;
	unsigned step = a->asked_n < last ? a->asked_n : last;
	int64_t at = cx->now + wait_s[step] * US_PER_S;
	int64_t before_end = a->expires - BEFORE_END_S * US_PER_S;

	if (cx->now < before_end && at > before_end)
		return before_end;
	if (cx->now >= before_end && cx->now < a->expires)
		return a->expires + AFTER_END_S * US_PER_S;
	if (cx->now > a->expires + ASK_AFTER_END_S * US_PER_S)
		return 0; /* never again by itself */
	return at;
}

/* What was asked about and is not paid is closed where its order ends: from
 * then on others may have the cards, so nobody shall pay for them any more.
 * A gateway that cannot, or does not answer, leaves late money to the shop's
 * policy. */
static void
close_ended(struct ctx *cx, const struct ask_row *a)
{
	const struct payment_row p = as_payment(a);
	bool pending = str_eq(a->order_state, "pending");
	enum rc rc;

	if ((pending && cx->now < a->expires - BEFORE_END_S * US_PER_S) ||
	    cx->now > a->expires + 2 * AFTER_END_S * US_PER_S)
		return;
	rc = ask_close(cx, a->order_no, &p);
	if (rc != RC_INVALID)
		log_event(LOG_INFO, "closed", LF_STR("order", a->order_no),
		    LF_STR("rc", rc_name(rc)));
}

enum rc
jobs_reconcile(struct ctx *cx, unsigned *did)
{
	const struct ask_row *rows;
	struct payment_row p;
	size_t n, i;
	enum rc rc, asked;

	*did = 0;
	rc = payments_to_ask(cx, ASK_BATCH, &rows, &n);
	for (i = 0; rc == RC_OK && i < n; i++) {
		rc = payment_asked(cx, rows[i].payment, rows[i].asked_n,
		    ask_again_at(cx, &rows[i]));
		if (rc == RC_CONFLICT) {
			rc = RC_OK;
			continue;
		}
		if (rc != RC_OK)
			break;
		p = as_payment(&rows[i]);
		asked = ask_gateway(cx, rows[i].order_no, &p);
		(*did)++;
		if (asked == RC_NOTFOUND)
			close_ended(cx, &rows[i]);
		else if (asked != RC_INVALID)
			log_event(LOG_INFO, "asked",
			    LF_STR("order", rows[i].order_no),
			    LF_STR("rc", rc_name(asked)));
	}
	return rc;
}

enum rc
jobs_notices(struct ctx *cx, unsigned *did)
{
	settle_left(cx, did);
	return RC_OK;
}

/* ------------------------------------------------------------ housekeeping */

enum rc
jobs_heartbeat(struct ctx *cx, unsigned *did)
{
	*did = 0;
	return lease_beat(cx);
}

struct window {
	int64_t after, until;
	unsigned version; /* of the setting that says how far we came */
};

static enum rc
count_body(struct ctx *cx, void *arg)
{
	const struct window *w = arg;
	enum rc rc;

	rc = sold_count(cx, w->after, w->until);
	if (rc != RC_OK)
		return rc;
	/* RC_CONFLICT: another machine counted this window; ours rolls back */
	return setting_put(cx, SOLD_COUNTED,
	    arena_fmt(cx->arena, "%lld", (long long)w->until), w->version, 0);
}

enum rc
jobs_count_sold(struct ctx *cx, unsigned *did)
{
	struct window w = {.until = cx->now - COUNT_LAG_S * US_PER_S};
	struct setting_rec seen = {0};
	enum rc rc;

	*did = 0;
	rc = setting_get(cx, SOLD_COUNTED, &seen);
	if (rc == RC_OK)
		rc = num_i64(span_str(seen.value), 0, INT64_MAX, &w.after);
	if (rc != RC_OK && rc != RC_NOTFOUND)
		return rc;
	w.version = seen.version;
	if (w.until <= w.after)
		return RC_OK;
	rc = tx_run(cx, count_body, &w);
	return rc == RC_CONFLICT ? RC_OK : rc;
}

enum rc
jobs_clean(struct ctx *cx, unsigned *did)
{
	int64_t day = cx->now / (S_PER_DAY * US_PER_S);
	uint64_t a, b, c;
	enum rc rc;

	*did = 0;
	if ((rc = outbox_prune(
		 cx, cx->now - KEEP_DONE_DAYS * S_PER_DAY * US_PER_S, &a)) !=
		RC_OK ||
	    (rc = hook_prune(
		 cx, cx->now - KEEP_DONE_DAYS * S_PER_DAY * US_PER_S, &c)) !=
		RC_OK ||
	    (rc = notice_reject_prune(
		 cx, (unsigned)(day - KEEP_REJECT_DAYS), &b)) != RC_OK)
		return rc;
	*did = (unsigned)(a + b + c);
	return RC_OK;
}
