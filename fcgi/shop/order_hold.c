/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hold that is nearly over while its buyer is still paying is lengthened,
 * once.  Only his pay page says that he is: what he does at the gateway is
 * not to be seen from here.  So that nobody keeps cards by keeping a page
 * open, it is never for more than twice the time the order was given, and
 * not for longer than the gateway would take the money.
 */
#include "shop/order_hold.h"

#include "base/log.h"
#include "base/metric.h"
#include "base/time.h"
#include "store/money.h"
#include "store/order.h"
#include "store/tx.h"

enum {
	LATE_S = 60, /* of the hold, or its second half if that is less */
	LAST_S = 10  /* too late: the jobs are closing it at the gateway */
};

/* When the gateway stops taking what is open there; 0: it has not said, or
 * nothing is open and this visit is to open it.  RC_NOTFOUND: nothing is. */
static enum rc
gateway_end(struct ctx *cx, const struct hold *h, int64_t *end)
{
	const struct payment_row *rows;
	bool open = false, never = false;
	size_t n, i;
	enum rc rc;

	*end = 0;
	rc = payments_of(cx, h->order, h->channel, &rows, &n);
	for (i = 0; rc == RC_OK && i < n; i++) {
		if (!str_eq(rows[i].state, "pending"))
			continue;
		open = true;
		never |= rows[i].ends == 0;
		if (rows[i].ends > *end)
			*end = rows[i].ends;
	}
	if (never)
		*end = 0;
	return rc == RC_OK && !open && !h->opening ? RC_NOTFOUND : rc;
}

/* RC_NOTFOUND: not now. */
static enum rc
until_when(struct ctx *cx, const struct hold *h, int64_t *to)
{
	int64_t left = h->expires - cx->now, whole = h->expires - h->created;
	int64_t more = cx->set->hold_extend_s * US_PER_S;
	int64_t late = LATE_S * US_PER_S, end;
	enum rc rc;

	if (late > whole / 2)
		late = whole / 2;
	if (h->extended || more == 0 || left >= late ||
	    left < LAST_S * US_PER_S)
		return RC_NOTFOUND;
	rc = gateway_end(cx, h, &end);
	if (rc != RC_OK)
		return rc;
	*to = h->expires + (more < whole ? more : whole);
	if (end != 0 && *to > end)
		*to = end;
	return *to > h->expires ? RC_OK : RC_NOTFOUND;
}

struct longer {
	const struct hold *h;
	int64_t to;
};

static enum rc
extend_body(struct ctx *cx, void *arg)
{
	const struct longer *l = arg;

	return order_extend(cx, l->h->order, l->to, l->h->expires);
}

int64_t
order_hold_on(struct ctx *cx, const struct hold *h)
{
	struct longer l = {.h = h};

	/* paid meanwhile, extended by another page, or no database: what the
	 * page was to show is still true */
	if (until_when(cx, h, &l.to) != RC_OK ||
	    tx_run(cx, extend_body, &l) != RC_OK)
		return h->expires;
	metric_add(METRIC_holds_extended_total, NULL, 1);
	log_event(LOG_INFO, "hold_extended", LF_STR("order", h->no),
	    LF_INT("s", (l.to - h->expires) / US_PER_S));
	return l.to;
}
