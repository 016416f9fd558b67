/* SPDX-License-Identifier: Apache-2.0 */
/* Today's figures and the list of orders. */
#include "shop/desk.h"

#include "base/limits.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "store/desk.h"
#include "store/refund.h"

enum {
	HOURS = 24,
	HOUR_S = 3600,
	LOW_MAX = 8,
	TOP_MAX = 5,
	TOP_DAYS = 7,
	MONTH_DAYS = 30
};

static enum rc
figures(struct ctx *cx, int64_t from, int64_t until, struct desk_day *out)
{
	struct desk_sums s;
	enum rc rc;

	rc = desk_sums(cx, from, until, &s);
	if (rc != RC_OK)
		return rc;
	*out = (struct desk_day){
	    .orders = s.orders,
	    .paid = s.paid,
	    .delivered = s.delivered,
	    .revenue = s.revenue,
	    .cost = s.cost,
	    .fees = s.fees,
	    .refunds = s.refunds,
	};
	return RC_OK;
}

/* The last 24 hours, the empty ones too, oldest first. */
static enum rc
hours(struct ctx *cx, struct desk *d)
{
	const int64_t hour = HOUR_S * US_PER_S;
	int64_t first = (cx->now / hour - (HOURS - 1)) * hour;
	const struct hour_row *rows;
	struct desk_hour *h;
	size_t n, i, k;
	enum rc rc;

	rc = desk_hours(cx, first, cx->now + 1, &rows, &n);
	if (rc != RC_OK)
		return rc;
	h = ARENA_ARRAY(cx->arena, HOURS, struct desk_hour);
	for (i = 0, k = 0; i < HOURS; i++) {
		h[i].from = first + (int64_t)i * hour;
		if (k < n && rows[k].hour == (uint64_t)(h[i].from / hour)) {
			h[i].paid = rows[k].paid;
			h[i].revenue = rows[k].revenue;
			k++;
		}
	}
	d->hours = h;
	d->n_hours = HOURS;
	return RC_OK;
}

typedef VEC(struct desk_alert) alerts;

static void
alert(
    struct ctx *cx, alerts *v, const char *kind, uint64_t n, const char *detail)
{
	if (n != 0)
		*VEC_ADD(v, cx->arena) = (struct desk_alert){kind, n, detail};
}

static enum rc
gather_alerts(struct ctx *cx, struct desk *d)
{
	uint64_t waiting, by_hand, notices, cases, dead, refunds;
	const struct low_row *low;
	alerts v = {0};
	size_t n, i;
	enum rc rc;

	if ((rc = desk_state_count(cx, "short", &waiting)) != RC_OK ||
	    (rc = desk_state_count(cx, "manual", &by_hand)) != RC_OK ||
	    (rc = desk_alert_counts(cx, &notices, &cases, &dead)) != RC_OK ||
	    (rc = refund_waiting(cx, &refunds)) != RC_OK ||
	    (rc = desk_low_stock(cx, DESK_LOW_BELOW, LOW_MAX, &low, &n)) !=
		RC_OK)
		return rc;
	alert(cx, &v, "short", waiting, "");
	alert(cx, &v, "manual", by_hand, "");
	alert(cx, &v, "refund", refunds, "");
	alert(cx, &v, "open_case", cases, "");
	alert(cx, &v, "held_notice", notices, "");
	alert(cx, &v, "dead_message", dead, "");
	for (i = 0; i < n; i++)
		*VEC_ADD(&v, cx->arena) =
		    (struct desk_alert){"low_stock", low[i].free_n,
			arena_fmt(cx->arena, "%s · %s", low[i].product_name,
			    low[i].sku_code)};
	d->alerts = v.v;
	d->n_alerts = v.n;
	return RC_OK;
}

static enum rc
top(struct ctx *cx, struct desk *d)
{
	const struct top_row *rows;
	struct desk_top *t;
	size_t i;
	enum rc rc;

	rc = desk_top(cx, cx->now - TOP_DAYS * S_PER_DAY * US_PER_S, TOP_MAX,
	    &rows, &d->n_top);
	if (rc != RC_OK)
		return rc;
	t = ARENA_ARRAY(cx->arena, d->n_top, struct desk_top);
	for (i = 0; i < d->n_top; i++) {
		t[i].product_name = rows[i].product_name;
		t[i].sold = rows[i].sold;
		t[i].revenue = rows[i].revenue;
	}
	d->top = t;
	return RC_OK;
}

enum rc
desk_today(struct ctx *cx, const struct desk **out)
{
	struct desk *d = ARENA_NEW(cx->arena, struct desk);
	const int64_t day = S_PER_DAY * US_PER_S;
	int64_t today = time_day_start(cx->now, (int)cx->set->zone_minutes);
	enum rc rc;

	if ((rc = figures(cx, today, today + day, &d->today)) != RC_OK ||
	    (rc = figures(cx, today - day, today, &d->yesterday)) != RC_OK ||
	    (rc = figures(cx, today - (TOP_DAYS - 1) * day, today + day,
		 &d->week)) != RC_OK ||
	    (rc = figures(cx, today - (MONTH_DAYS - 1) * day, today + day,
		 &d->month)) != RC_OK ||
	    (rc = hours(cx, d)) != RC_OK ||
	    (rc = gather_alerts(cx, d)) != RC_OK ||
	    (rc = top(cx, d)) != RC_OK ||
	    (rc = forecast_load(cx, &d->next)) != RC_OK)
		return rc;
	*out = d;
	return RC_OK;
}

static struct desk_query
as_query(const struct desk_filter *f, const struct page *page)
{
	return (struct desk_query){
	    .state = f->state < 0
			 ? ""
			 : order_state_name((enum order_state)f->state),
	    .q = f->q == NULL ? "" : f->q,
	    .product = f->product,
	    .channel = f->channel,
	    .from = f->from,
	    .until = f->until == 0 ? INT64_MAX : f->until,
	    .max = page->per_page,
	    .skip = (page->page - 1) * page->per_page,
	};
}

enum rc
desk_orders(struct ctx *cx, const struct desk_filter *f, struct page *page,
    const struct desk_row **out, size_t *n, struct desk_sum *sum)
{
	struct desk_query q = as_query(f, page);
	const struct desk_order_row *rows;
	struct desk_row *list;
	size_t i;
	enum rc rc;

	if ((rc = desk_order_rows(cx, &q, &rows, n)) != RC_OK ||
	    (rc = desk_order_sum(
		 cx, &q, &sum->orders, &sum->total, &sum->paid)) != RC_OK)
		return rc;
	page->total = sum->orders;
	list = ARENA_ARRAY(cx->arena, *n, struct desk_row);
	for (i = 0; i < *n; i++) {
		list[i].o = (struct order_brief){
		    .no = rows[i].no,
		    .product_name = rows[i].product_name,
		    .currency = rows[i].currency,
		    .qty = rows[i].qty,
		    .total = rows[i].total,
		    .created = rows[i].created,
		};
		list[i].contact = rows[i].contact;
		list[i].channel = rows[i].channel;
		list[i].late = rows[i].late;
		if (order_state_parse(rows[i].state, &list[i].o.state) != RC_OK)
			return RC_FAIL;
	}
	*out = list;
	return RC_OK;
}
