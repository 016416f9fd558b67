/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writing side of the outbox.  Reading it is the jobs' business.
 */
#include "store/outbox.h"

#include <inttypes.h>

#include "base/bug.h"
#include "io/db.h"
#include "store/stmt.gen.h"

static enum rc
add(struct ctx *cx, const char *kind, uint64_t object, const char *dedupe,
    const char *payload, uint64_t *affected)
{
	BUG_ON(cx->tx_depth == 0);
	return DB_EXEC(cx, STMT_outbox_add, affected, DV_U64(cx->merchant),
	    DV_STR(kind), DV_U64(object), DV_STR(dedupe), DV_STR(payload),
	    DV_I64(cx->now), DV_I64(cx->now));
}

enum rc
outbox_add(struct ctx *cx, const char *kind, uint64_t object,
    const char *dedupe, const char *payload)
{
	uint64_t affected; /* 0: it is there */

	return add(cx, kind, object, dedupe, payload, &affected);
}

enum rc
outbox_add_new(struct ctx *cx, const char *kind, uint64_t object,
    const char *dedupe, const char *payload)
{
	uint64_t affected = 0;
	enum rc rc = add(cx, kind, object, dedupe, payload, &affected);

	return rc == RC_OK && affected != 1 ? RC_CONFLICT : rc;
}

enum rc
outbox_catalogue(struct ctx *cx, uint64_t product)
{
	/* the request id makes the cause: many edits of one request to one
	 * product are one invalidation */
	return outbox_add(cx, OUTBOX_CATALOGUE, product,
	    arena_fmt(cx->arena, "cat:%" PRIu64 ":%s", product, cx->request_id),
	    "");
}

enum rc
outbox_order_event(struct ctx *cx, uint64_t order, unsigned event)
{
	uint64_t affected;

	BUG_ON(cx->tx_depth == 0);
	return DB_EXEC(cx, STMT_outbox_order_event, &affected, DV_U64(order),
	    DV_STR(arena_fmt(cx->arena, "event:%" PRIu64 ":%u", order, event)),
	    DV_I64(cx->now), DV_I64(cx->now), DV_U64(cx->merchant));
}
