/* SPDX-License-Identifier: Apache-2.0 */
/* Refunds for who looks at them: lists, one, and what may go back. */
#include "shop/refund.h"

#include "base/str.h"
#include "shop/refund_int.h"

static enum rc
parse_state(const char *name, enum refund_is *out)
{
	int i;

	for (i = 0; i < REFUND_IS__N; i++) {
		if (str_eq(name, refund_is_name((enum refund_is)i))) {
			*out = (enum refund_is)i;
			return RC_OK;
		}
	}
	return RC_FAIL;
}

static enum rc
show(struct ctx *cx, const struct refund_row *rows, size_t n,
    const struct refund **out)
{
	struct refund *list = ARENA_ARRAY(cx->arena, n, struct refund);
	size_t i;
	enum rc rc = RC_OK;

	for (i = 0; rc == RC_OK && i < n; i++) {
		list[i] = (struct refund){
		    .no = rows[i].no,
		    .order_no = rows[i].order_no,
		    .currency = rows[i].currency,
		    .reason = rows[i].reason,
		    .answer = rows[i].answer,
		    .reference = rows[i].provider_ref,
		    .how = rows[i].how,
		    .channel = rows[i].channel_title,
		    .role = rows[i].role,
		    .staff = rows[i].staff_name,
		    .second = rows[i].second_name,
		    .amount = rows[i].amount,
		    .asked_n = rows[i].asked_n,
		    .created = rows[i].created,
		    .done = rows[i].done,
		    .next_ask = rows[i].next_ask,
		    .mine = cx->actor == ACTOR_STAFF && rows[i].staff != 0 &&
			    rows[i].staff == cx->staff,
		};
		rc = parse_state(rows[i].state, &list[i].state);
	}
	*out = list;
	return rc;
}

enum rc
refund_list(struct ctx *cx, int state, struct page *page,
    const struct refund **out, size_t *n, uint64_t counts[REFUND_IS__N])
{
	const struct refund_count *count;
	const struct refund_row *rows;
	enum refund_is is;
	size_t i, n_counts;
	enum rc rc;

	rc = refund_state_counts(cx, &count, &n_counts);
	if (rc != RC_OK)
		return rc;
	page->total = 0;
	for (i = 0; i < REFUND_IS__N; i++)
		counts[i] = 0;
	for (i = 0; i < n_counts; i++) {
		if ((rc = parse_state(count[i].state, &is)) != RC_OK)
			return rc;
		counts[is] = count[i].n;
		if (state < 0 || state == (int)is)
			page->total += count[i].n;
	}
	rc = refund_rows(cx,
	    state < 0 ? "" : refund_is_name((enum refund_is)state),
	    page->per_page, (page->page - 1) * page->per_page, &rows, n);
	return rc == RC_OK ? show(cx, rows, *n, out) : rc;
}

enum rc
refund_load(struct ctx *cx, const char *no, const struct refund **out)
{
	struct refund_row row;
	enum rc rc;

	rc = refund_row_get(cx, no, &row);
	return rc == RC_OK ? show(cx, &row, 1, out) : rc;
}

enum rc
refunds_of(struct ctx *cx, uint64_t order, const struct refund **out, size_t *n)
{
	const struct refund_row *rows;
	enum rc rc;

	rc = refund_rows_of_order(cx, order, &rows, n);
	return rc == RC_OK ? show(cx, rows, *n, out) : rc;
}

enum rc
refund_sources(
    struct ctx *cx, uint64_t order, const struct refund_source **out, size_t *n)
{
	const struct refund_payment *rows;
	const struct gateway *g;
	struct refund_source *list;
	size_t count, i;
	enum rc rc;

	rc = refund_payments(cx, order, &rows, &count);
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, count, struct refund_source);
	for (i = 0, *n = 0; i < count; i++) {
		if (refund_left(&rows[i]).minor <= 0)
			continue;
		g = gateway_find(rows[i].gateway);
		list[(*n)++] = (struct refund_source){
		    .payment = rows[i].id,
		    .role = rows[i].role,
		    .channel = rows[i].channel_title,
		    .txn = rows[i].txn,
		    .currency = rows[i].currency,
		    .amount = rows[i].amount,
		    .left = refund_left(&rows[i]),
		    .gateway = g != NULL && (g->can & PAY_CAN_REFUND) != 0,
		    .busy = rows[i].live_n != 0,
		};
	}
	*out = list;
	return RC_OK;
}
