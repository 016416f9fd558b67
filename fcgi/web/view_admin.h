/* SPDX-License-Identifier: Apache-2.0 */
/* The panel's structs as template data, one function per template; each says
 * in its template what it fills. */
#ifndef KS_WEB_VIEW_ADMIN_H
#define KS_WEB_VIEW_ADMIN_H

#include "shop/channel.h"
#include "shop/desk.h"
#include "shop/desk_queue.h"
#include "shop/stock.h"
#include "web/response.h"

/* Title and the marked entry of the navigation. */
void view_panel(struct response *rs, const char *nav, const char *title);
/* "2026-01-31 12:00" in the shop's zone; "" for 0. */
const char *view_when(struct response *rs, int64_t us);

void view_desk(struct response *rs, const struct desk *d); /* admin/desk.cs */

struct orders_view {
	const struct desk_filter *filter;
	const struct desk_row *rows;
	size_t n;
	struct desk_sum sum;
	const struct channel *channels;
	size_t n_channels;
};
void view_admin_orders(struct response *rs, const struct orders_view *v);
void view_admin_order(struct response *rs, const struct desk_order *d);

/* view_admin_queue.c: admin/queue.cs, and the tabs of admin/part_queues.cs
 * (on: the queue that is shown, or -1: the list of all orders) */
void view_queue(struct response *rs, enum desk_queue q,
    const struct desk_waiting *rows, size_t n);
void view_queues(struct response *rs, const uint64_t counts[QUEUE__N], int on);

/* view_admin_stock.c */
void view_import(
    struct response *rs, const struct sku_row *skus, size_t n, uint64_t chosen);
void view_batches(struct response *rs, const struct batch *list, size_t n);
void view_batch(struct response *rs, const struct batch *b);
void view_cards(struct response *rs, const struct card_filter *f,
    const struct card_row *cards, size_t n, const struct sku_row *skus,
    size_t n_skus);
void view_card(struct response *rs, const struct card_row *card);

#endif
