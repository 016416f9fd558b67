/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "support/matrix.h"

#include <stdio.h>

struct shop {
	bool paid;
	unsigned effects;
};

/* The first `from` in text becomes `to`; NULL when it is not there. */
static const char *
swap(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	if (at == NULL)
		return NULL;
	return arena_fmt(
	    ta, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void
tamper(const struct mx_row *r, struct mx_message *m)
{
	const char **part[] = {&m->body, &m->query, &m->headers, &m->method};
	const char *changed;
	size_t i;

	if (r->after == NULL)
		return;
	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		changed = swap(*part[i], r->after, r->after_to);
		if (changed == NULL)
			continue;
		*part[i] = changed;
		return;
	}
	fail_msg("%s, %s: \"%s\" is not in the message", r->dimension, r->what,
	    r->after);
}

static struct pay_request
request(const struct mx_message *m)
{
	struct span rest = span_str(m->headers), line;
	const char **lines = ARENA_ARRAY(ta, 32, const char *);
	size_t n = 0;

	while (span_cut(&rest, '\n', &line) && n < 31)
		if (line.n > 0)
			lines[n++] = arena_dup(ta, line.p, line.n);
	return (struct pay_request){
	    m->method, span_str(m->query), span_str(m->body), lines};
}

static const struct pay_reply *
receive(const struct mx_gateway *mx, const struct mx_row *r,
    const struct pay_request *rq, struct shop *shop, enum pay_why *why)
{
	struct ctx cx = {
	    .arena = ta, .keep = ta, .now = mx->now_us + r->clock_s * 1000000};
	const struct pay_expected *e = NULL;
	struct verdict v;

	gateway_notice(mx->g, &cx, mx->account, rq, &v);
	if (str_eq(v.order_no, mx->order.order_no))
		e = &mx->order;
	*why = verdict_compare(mx->g, &v, e);
	if (*why == WHY_OK && v.outcome == PAY_PAID && !shop->paid) {
		shop->paid = true;
		shop->effects++;
	}
	return gateway_reply(mx->g, verdict_answer(&v, *why));
}

static void
one_row(const struct mx_gateway *mx, const struct mx_row *r)
{
	const char *text = mx->golden;
	struct mx_message m = {"POST", "", "", ""};
	struct pay_request rq;
	struct shop shop = {false, 0};
	const struct pay_reply *reply;
	enum pay_why why;
	int i;

	if (r->from != NULL && (text = swap(text, r->from, r->to)) == NULL)
		fail_msg("%s, %s: \"%s\" is not in the golden message",
		    r->dimension, r->what, r->from);
	mx->sign(text, r->key, &m);
	tamper(r, &m);
	rq = request(&m);
	for (i = 0; i < 3; i++) {
		reply = receive(mx, r, &rq, &shop, &why);
		if (why != r->why)
			fail_msg("%s, %s: %s instead of %s", r->dimension,
			    r->what, pay_why_name(why), pay_why_name(r->why));
		if (shop.effects != (r->effect ? 1U : 0U))
			fail_msg("%s, %s: %u effects", r->dimension, r->what,
			    shop.effects);
		assert_ptr_equal(
		    reply, gateway_reply(mx->g,
			       why == WHY_OK ? ANSWER_ACCEPT : ANSWER_REJECT));
	}
}

void
mx_run(const struct mx_gateway *mx, const struct mx_row *row, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		one_row(mx, &row[i]);
}

static void
still_golden(const struct mx_gateway *mx, const struct pay_request *rq)
{
	struct ctx cx = {.arena = ta, .keep = ta, .now = mx->now_us};
	struct verdict v;

	gateway_notice(mx->g, &cx, mx->account, rq, &v);
	if (v.outcome != PAY_PAID)
		return;
	assert_string_equal(v.order_no, mx->order.order_no);
	assert_int_equal(v.amount.minor, mx->order.amount.minor);
	assert_string_equal(v.currency, mx->order.currency);
}

void
mx_cut_and_flip(const struct mx_gateway *mx)
{
	struct mx_message m = {"POST", "", "", ""};
	struct pay_request rq;
	struct span *part;
	struct span whole;
	size_t i;

	test_seed();
	mx->sign(mx->golden, KEY_OURS, &m);
	rq = request(&m);
	part = rq.body.n > 0 ? &rq.body : &rq.query;
	whole = *part;
	for (i = 0; i < whole.n; i += 1 + i / 64) {
		part->n = i;
		still_golden(mx, &rq);
	}
	for (i = 0; i < 300; i++) {
		char *mutant = arena_dup(ta, whole.p, whole.n);

		mutant[test_below(whole.n)] = (char)test_below(256);
		*part = (struct span){mutant, whole.n};
		still_golden(mx, &rq);
	}
}
