/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a unit of database work to a definite end.
 *
 * Only what is certainly undone is run again: RC_BUSY before COMMIT was sent.
 * ROLLBACK is always sent, because after a lock-wait timeout InnoDB undoes
 * the statement and keeps the transaction.  The pause between attempts is
 * drawn, or the two sides of a deadlock would meet again.
 */
#include "store/tx.h"

#include <poll.h>

#include "base/bug.h"
#include "base/metric.h"
#include "base/time.h"
#include "io/db.h"

enum { ATTEMPTS = 3, PAUSE_MIN_MS = 4, PAUSE_MAX_MS = 24 };

static void
pause_before(int attempt)
{
	uint64_t z = (uint64_t)time_mono_us() * UINT64_C(0x9e3779b97f4a7c15);
	int span = (PAUSE_MAX_MS - PAUSE_MIN_MS) * attempt;

	/* the clock's microseconds, mixed: no secret, only out of step */
	poll(NULL, 0, PAUSE_MIN_MS + (int)((z >> 33) % (uint64_t)span));
}

/* One attempt; *sent: COMMIT was, so the result is final. */
static enum rc
attempt_one(struct ctx *cx, tx_body *body, void *arg, bool *sent)
{
	enum rc rc = db_begin(cx);

	*sent = false;
	if (rc != RC_OK)
		return rc;
	cx->tx_depth++;
	rc = body(cx, arg);
	cx->tx_depth--;
	if (rc != RC_OK) {
		db_rollback(cx);
		return rc;
	}
	*sent = true;
	return db_commit(cx);
}

static enum rc
run(struct ctx *cx, tx_body *body, void *arg, int attempts)
{
	bool sent;
	enum rc rc;
	int i;

	BUG_ON(cx->tx_depth != 0);
	for (i = 1;; i++) {
		rc = attempt_one(cx, body, arg, &sent);
		if (rc != RC_BUSY || sent || i >= attempts)
			return rc;
		if (cx->deadline != 0 && time_mono_us() >= cx->deadline)
			return rc;
		metric_add(METRIC_sql_retries_total, NULL, 1);
		pause_before(i);
	}
}

enum rc
tx_run(struct ctx *cx, tx_body *body, void *arg)
{
	return run(cx, body, arg, ATTEMPTS);
}

enum rc
tx_once(struct ctx *cx, tx_body *body, void *arg)
{
	return run(cx, body, arg, 1);
}
