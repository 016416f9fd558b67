/* SPDX-License-Identifier: Apache-2.0 */
/* Tickets of a sale (ticket.h). */
#include "shop/ticket.h"

#include "base/gate.h"
#include "base/limits.h"
#include "base/metric.h"
#include "base/time.h"
#include "base/turn.h"
#include "store/tickets.h"

enum { GOOD_S = 5 /* then it is counted anew */ };

bool
ticket_take(struct ctx *cx, uint64_t sku, uint64_t qty, struct ticket *t)
{
	*t = (struct ticket){.sku = sku, .kind = TICKET_UNUSED};
	if (cx->cache == NULL || turn_rate(sku) == 0 || qty == 0 ||
	    qty > LIM_QTY)
		return true;
	t->qty = (unsigned)qty;
	switch (tickets_take(cx, sku, t->qty)) {
	case RC_OK:
		t->kind = TICKET_HELD;
		return true;
	case RC_CONFLICT:
		t->kind = TICKET_PROBE;
		if (gate_probe(sku, time_mono_us()))
			return true;
		metric_add(METRIC_admission_total, "ticket", 1);
		return false;
	default:
		t->kind = TICKET_UNKNOWN;
		return true;
	}
}

void
ticket_count(struct ctx *cx, struct ticket *t, uint64_t free)
{
	uint64_t rest = free > t->qty ? free - t->qty : 0;

	if (t->kind == TICKET_UNKNOWN &&
	    tickets_start(cx, t->sku, rest, GOOD_S) && free >= t->qty)
		t->kind = TICKET_HELD;
}

void
ticket_done(struct ctx *cx, const struct ticket *t, bool placed)
{
	if (t->kind == TICKET_HELD && !placed)
		tickets_give(cx, t->sku, t->qty);
	/* it said "none left" and there was one: let it be counted anew */
	if (t->kind == TICKET_PROBE && placed)
		tickets_end(cx, t->sku);
}
