/* SPDX-License-Identifier: Apache-2.0 */
/* Views of the work queues (view_admin.h). */
#include "web/view_admin.h"

#include "base/time.h"
#include "web/view_shop.h"

void
view_queues(struct response *rs, const uint64_t counts[QUEUE__N], int on)
{
	struct tnode *n;
	int q;

	for (q = 0; q < QUEUE__N; q++) {
		n = tnode_item(rs->data, "Queues");
		tnode_set(n, "Name", desk_queue_name((enum desk_queue)q));
		tnode_int(n, "N", (int64_t)counts[q]);
		tnode_bool(n, "On", q == on);
	}
}

void
view_queue(struct response *rs, enum desk_queue q,
    const struct desk_waiting *rows, size_t n_rows)
{
	struct tnode *n;
	size_t i;

	view_panel(rs, "orders",
	    response_text(
		rs, arena_fmt(rs->cx->arena, "queue.%s", desk_queue_name(q))));
	tnode_set(rs->data, "Queue", desk_queue_name(q));
	for (i = 0; i < n_rows; i++) {
		const struct desk_waiting *w = &rows[i];

		n = tnode_item(rs->data, "Orders");
		tnode_set(n, "No", w->no);
		tnode_set(n, "State", order_state_name(w->state));
		tnode_set(n, "Product", w->product_name);
		tnode_set(n, "Sku", w->sku_name);
		tnode_int(n, "Qty", w->qty);
		tnode_int(n, "Missing", w->missing);
		tnode_int(n, "Stock", w->stock);
		tnode_set(n, "Contact", w->contact);
		tnode_set(n, "Note", w->note);
		tnode_set(
		    n, "Paid", money_show(rs->cx->arena, w->paid, w->currency));
		tnode_set(n, "At", view_when(rs, w->paid_at));
		tnode_bool(n, "Late", w->late);
		tnode_bool(n, "CanDeliver", w->can_deliver);
	}
}
