/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Serving the line.  The list is read without locks and each order is locked
 * and looked at again before it is served, so two fillers wait for each other
 * at the first order and never serve out of turn.  Cards are locked after
 * orders, and stepping over locked ones, so no circle can form.
 */
#include "shop/shortage.h"

#include "base/str.h"
#include "shop/deliver.h"
#include "shop/event.h"
#include "shop/policy.h"
#include "store/purchase.h"
#include "store/shortage.h"
#include "store/tx.h"

enum rc
shortage_prepare(struct ctx *cx)
{
	return deliver_prepare(cx);
}

/* RC_NOTFOUND: there is nothing (more) to give. */
static enum rc
serve(struct ctx *cx, const char *no, bool part, unsigned *served)
{
	struct order_story story;
	struct order_row o;
	bool complete;
	enum rc rc;

	rc = order_lock(cx, no, &o);
	if (rc != RC_OK)
		return rc;
	if (o.kept || !str_eq(o.state, order_state_name(ORDER_SHORT)))
		return RC_OK; /* served or refunded meanwhile */
	story_begin(&story, &o);
	rc = deliver_owed(cx, &story, "filled", part, &complete);
	if (rc == RC_OK)
		rc = story_write(cx, &story);
	if (rc != RC_OK)
		return rc;
	(*served)++;
	return complete ? RC_OK : RC_NOTFOUND;
}

enum rc
shortage_fill(struct ctx *cx, uint64_t sku, unsigned *served)
{
	const char *const *no;
	enum actor_kind actor = cx->actor;
	uint64_t staff = cx->staff;
	struct policy policy;
	unsigned did = 0;
	size_t n, i;
	enum rc rc;

	if (served != NULL)
		*served = 0;
	rc = shortage_line(cx, sku, SHORTAGE_BATCH, &no, &n);
	if (rc != RC_OK || n == 0)
		return rc;
	rc = policy_load(cx, &policy);
	cx->actor = ACTOR_SYSTEM; /* whoever brought the cards */
	cx->staff = 0;
	for (i = 0; rc == RC_OK && i < n && deliver_ready(); i++)
		rc = serve(cx, no[i], policy.partial, &did);
	cx->actor = actor;
	cx->staff = staff;
	if (served != NULL)
		*served = did;
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
shortage_fill_order(struct ctx *cx, uint64_t order)
{
	const struct item_row *items;
	size_t n, i;
	enum rc rc;

	rc = order_items_of(cx, order, &items, &n);
	for (i = 0; rc == RC_OK && i < n; i++)
		rc = shortage_fill(cx, items[i].sku, NULL);
	return rc;
}

struct drain {
	uint64_t sku;
	unsigned served;
};

static enum rc
drain_body(struct ctx *cx, void *arg)
{
	struct drain *d = arg;

	return shortage_fill(cx, d->sku, &d->served);
}

enum rc
shortage_drain(struct ctx *cx, uint64_t sku, unsigned *served)
{
	struct drain d = {.sku = sku};
	enum rc rc;

	*served = 0;
	do {
		rc = shortage_prepare(cx);
		if (rc == RC_OK)
			rc = tx_run(cx, drain_body, &d);
		if (rc == RC_OK)
			*served += d.served;
	} while (rc == RC_OK && d.served != 0);
	return rc;
}
