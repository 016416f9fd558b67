/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The waiting room (queue.h).
 *
 * A number is drawn once and travels in a cookie, so asking again keeps the
 * place.  Whoever throws cookies away draws anew and stands at the end; what
 * one network may draw a minute is limited, or one script could make the
 * queue endless for all.
 */
#include "web/queue.h"

#include "base/limits.h"
#include "base/metric.h"
#include "base/time.h"
#include "shop/admission.h"
#include "shop/queue.h"
#include "web/field.h"
#include "web/resend.h"
#include "web/response.h"
#include "web/session.h"
#include "web/view_shop.h"
#include "web/web.h"

enum {
	COOKIES = 4, /* so many sales at a time in one browser */
	ASK_MIN_S = 2,
	ASK_MAX_S = 20,
	COOKIE_S = 3600
};

static const char *
cookie_name(struct response *rs, uint64_t sku)
{
	return arena_fmt(
	    rs->cx->arena, "%s%u", COOKIE_TURN, (unsigned)(sku % COOKIES));
}

/* His turn, old or new; false: his network may draw no more now. */
static bool
turn_of(struct response *rs, uint64_t sku, struct turn *out)
{
	struct ctx *cx = rs->cx;
	const struct visitor *v = session_visitor(rs);
	struct span had;

	if (session_find(cx, rs->rq, cookie_name(rs, sku), &had) &&
	    queue_token_read(cx, v, sku, had, out))
		return true;
	if (!rate_take(rs->web->rate, RATE_TURN, rs->rq->network,
		(uint64_t)cx->set->rate_turn, time_mono_us() / US_PER_MS,
		&rs->retry_s)) {
		metric_add(METRIC_rate_limited_total, "turn", 1);
		return false;
	}
	*out = turn_take(sku, cx->now);
	response_cookie(
	    rs, cookie_name(rs, sku), queue_token(cx, v, sku, *out), COOKIE_S);
	return true;
}

static unsigned
ask_again_s(const struct ctx *cx, struct turn t)
{
	int64_t s = (t.at - cx->now + US_PER_S - 1) / US_PER_S;

	return s < ASK_MIN_S   ? ASK_MIN_S
	       : s > ASK_MAX_S ? ASK_MAX_S
			       : (unsigned)s;
}

static enum rc
wait_here(struct response *rs, uint64_t sku, struct turn t, bool form)
{
	struct tnode *n = tnode_child(rs->data, "Queue");
	unsigned again = ask_again_s(rs->cx, t);

	metric_add(METRIC_admission_total, "queue", 1);
	view_title(rs, response_text(rs, "queue.title"));
	tnode_bool(rs->data, "Page.NoIndex", true);
	tnode_int(n, "Number", (int64_t)t.number);
	tnode_int(n, "Place", (int64_t)queue_place(rs->cx, sku, t));
	tnode_int(n, "Wait", (t.at - rs->cx->now) / US_PER_S + 1);
	tnode_int(n, "Again", again);
	tnode_bool(n, "Form", form);
	rs->retry_s = again;
	if (form) {
		resend_fields(rs, n, NULL);
		rs->status = HTTP_TOO_MANY;
	} else {
		response_header(
		    rs, "Refresh", arena_fmt(rs->cx->arena, "%u", again));
	}
	return respond_page(rs, "page/queue.cs");
}

static enum rc
pass(struct response *rs, const struct fields *in, bool form)
{
	struct turn t;
	uint64_t sku;

	if (num_u64(field_raw(in, "sku"), UINT64_MAX, &sku) != RC_OK ||
	    turn_rate(sku) == 0)
		return RC_NOTFOUND;
	if (!turn_of(rs, sku, &t)) {
		reply_error(rs, HTTP_TOO_MANY);
		return RC_OK;
	}
	return t.at <= rs->cx->now ? RC_NOTFOUND : wait_here(rs, sku, t, form);
}

enum rc
queue_checkout(struct response *rs)
{
	return pass(rs, rs->rq->query, false);
}

enum rc
queue_order(struct response *rs)
{
	struct span token = field_raw(rs->rq->form, "form_token");

	if (admission_form_known(rs->cx, rs->rq->visitor,
		arena_dup(rs->cx->arena, token.p, token.n)))
		return RC_NOTFOUND;
	return pass(rs, rs->rq->form, true);
}

enum rc
queue_moment(struct response *rs, uint64_t sku)
{
	struct turn t;

	if (!turn_of(rs, sku, &t)) {
		reply_error(rs, HTTP_TOO_MANY);
		return RC_OK;
	}
	t.at = rs->cx->now + 1;
	return wait_here(rs, sku, t, true);
}
