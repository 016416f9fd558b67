/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work before an order (work.h).
 *
 * Who is turned away gets his form back as hidden fields: showing the checkout
 * again would ask the database for each request of a script that solves
 * nothing.  His form token stays what it is while it is good, so a form that
 * has made its order finds that one and not a second.
 */
#include "web/work.h"

#include "base/metric.h"
#include "base/time.h"
#include "shop/admission.h"
#include "web/field.h"
#include "web/resend.h"
#include "web/response.h"
#include "web/session.h"
#include "web/view_shop.h"
#include "web/web.h"

enum { PER_MINUTE = 60 };

static struct work_form
form_of(struct response *rs, uint64_t sku)
{
	struct span token = field_raw(rs->rq->form, "form_token");

	return (struct work_form){.visitor = rs->rq->visitor,
	    .token = arena_dup(rs->cx->arena, token.p, token.n),
	    .sku = sku};
}

/* wait_s: until waiting counts.  Without script there is no more to say. */
static void
show_wait(struct response *rs, struct tnode *n, unsigned wait_s)
{
	tnode_int(n, "Wait", wait_s);
	tnode_set(n, "Noscript",
	    wait_s == 0 ? response_text(rs, "work.waited")
			: view_fill(rs, "work.noscript",
			      arena_fmt(rs->cx->arena, "%u", wait_s)));
}

const char *
work_show(struct response *rs, uint64_t sku, enum work_level level)
{
	struct ctx *cx = rs->cx;
	struct work_form f = form_of(rs, sku);
	struct span sent = field_raw(rs->rq->form, "work"), challenge;
	struct tnode *n = tnode_child(rs->data, "Work");
	enum work_verdict v;
	unsigned wait_s;

	v = work_check(cx, &f, level, sent, &wait_s);
	if (v == WORK_FORM) {
		f.visitor = session_visitor(rs);
		f.token = checkout_form_token(cx, f.visitor);
	}
	if (v == WORK_DONE) {
		tnode_span(n, "Value", sent);
	} else if (work_is_good(v)) {
		span_cut(&sent, '.', &challenge);
		tnode_span(n, "Value", challenge);
	} else {
		tnode_set(n, "Value", work_challenge(cx, &f, level));
	}
	tnode_int(n, "Bits", work_bits(cx, level));
	show_wait(rs, n, v == WORK_DONE ? 0 : wait_s);
	return f.token;
}

/* One such order a network in the time that one waits. */
static bool
may_wait(struct response *rs, unsigned *wait_s)
{
	uint64_t per_minute = PER_MINUTE / (uint64_t)rs->cx->set->work_wait_s;

	return rate_take(rs->web->rate, RATE_WAITED, rs->rq->network,
	    per_minute == 0 ? 1 : per_minute, time_mono_us() / US_PER_MS,
	    wait_s);
}

static enum rc
refuse(struct response *rs, uint64_t sku, enum work_level level,
    enum work_verdict v, unsigned wait_s)
{
	struct tnode *n = tnode_child(rs->data, "Work");
	const char *why = v == WORK_WAITED ? "crowded" : work_verdict_name[v];

	metric_add(METRIC_work_total, why, 1);
	view_title(rs, response_text(rs, "work.title"));
	tnode_bool(rs->data, "Page.NoIndex", true);
	resend_fields(rs, n, "work");
	tnode_set(n, "FormToken", work_show(rs, sku, level));
	if (v == WORK_EARLY || v == WORK_WAITED) {
		rs->status = HTTP_TOO_MANY;
		rs->retry_s = wait_s;
		show_wait(rs, n, wait_s);
		tnode_set(n, "Why", why);
	} else {
		rs->status = HTTP_INVALID;
		tnode_set(n, "Why", "anew");
	}
	return respond_page(rs, "page/work.cs");
}

enum rc
work_ask(struct response *rs, uint64_t sku, enum work_level level,
    enum work_level *passed)
{
	struct work_form f = form_of(rs, sku);
	enum work_verdict v;
	unsigned wait_s;

	if (level <= *passed ||
	    admission_form_known(rs->cx, f.visitor, f.token))
		return RC_NOTFOUND;
	v = work_check(
	    rs->cx, &f, level, field_raw(rs->rq->form, "work"), &wait_s);
	if (v != WORK_DONE && (v != WORK_WAITED || !may_wait(rs, &wait_s)))
		return refuse(rs, sku, level, v, wait_s);
	metric_add(METRIC_work_total, work_verdict_name[v], 1);
	*passed = level;
	return RC_NOTFOUND;
}

enum rc
work_order(struct response *rs, enum work_level *passed)
{
	enum work_level level;
	uint64_t sku;

	if (num_u64(field_raw(rs->rq->form, "sku"), UINT64_MAX, &sku) !=
		RC_OK ||
	    !work_known(sku, &level))
		return RC_NOTFOUND;
	return work_ask(rs, sku, level, passed);
}
