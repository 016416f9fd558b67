/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The payment notice, from raw bytes to the gateway's word.  Steps S1 to S7
 * touch no order, card or money; S8 to S12 are settle_batch(); S13 is here
 * again.  All refusals look alike from outside; inside they are counted, one
 * row a channel, reason and day, so that a storm of forgeries fills nothing.
 * Before anything is judged the bytes stand in the process's slot, and what
 * the order's own message was is kept with what came of it (settle.c).
 */
#include "shop/settle.h"

#include <string.h>

#include "base/buf.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/time.h"
#include "io/crypt.h"
#include "shop/ask.h"
#include "shop/channel_keys.h"
#include "shop/notice_slot.h"
#include "shop/recent.h"
#include "shop/settle_int.h"
#include "shop/till.h"
#include "store/tx.h"

enum { HEADERS_MAX = 8192, REJECT_SLOTS = 64 };

/* Refusals are written once a second for each channel and reason, with how
 * many there were: 2,000 forgeries a second must not become 2,000 commits. */
struct reject_slot {
	uint64_t channel;
	enum pay_why why;
	uint64_t waiting;
	int64_t written; /* monotonic us */
};
static struct reject_slot reject_slot[REJECT_SLOTS];

static struct reject_slot *
slot_of(uint64_t channel, enum pay_why why)
{
	struct reject_slot *s =
	    &reject_slot[(channel * WHY__N + why) % REJECT_SLOTS];

	if (s->channel != channel || s->why != why)
		*s = (struct reject_slot){.channel = channel, .why = why};
	return s;
}

static void
count_reject(struct ctx *cx, const struct channel *ch, enum pay_why why,
    const struct notice_request *rq)
{
	struct reject_slot *s = slot_of(ch->id, why);
	int64_t now = time_mono_us();

	s->waiting++;
	if (s->written != 0 && now - s->written < US_PER_S)
		return;
	if (notice_reject_count(cx, ch->id, pay_why_name(why), s->waiting,
		rq->body.n != 0 ? rq->body : rq->query) == RC_OK) {
		s->waiting = 0;
		s->written = now;
	}
	if (why == WHY_CERT)
		channel_keys_missed(cx, ch);
}

static void
say(struct notice_reply *out, const struct gateway *g, enum pay_answer answer,
    const char *verdict, const char *reason)
{
	const struct pay_reply *r = gateway_reply(g, answer);

	out->status = r->status;
	out->content_type = r->type;
	out->body = span_str(r->body);
	out->verdict = verdict;
	out->reason = reason == NULL ? "" : reason;
}

static struct span
headers_text(struct ctx *cx, const struct notice_request *rq)
{
	struct buf b;
	size_t i;

	buf_init(&b, cx->arena, 512, HEADERS_MAX);
	if (!str_empty(rq->order_no))
		buf_fmt(&b, NOTICE_ORDER "%s\n", rq->order_no);
	for (i = 0; rq->headers != NULL && rq->headers[i] != NULL; i++) {
		buf_str(&b, rq->headers[i]);
		buf_chr(&b, '\n');
	}
	return (struct span){b.p, b.len};
}

/* S2: the order number in the URL, else what the message says: a hint that
 * the comparison under the lock proves or refuses. */
static enum rc
which_order(struct ctx *cx, const struct channel *ch,
    const struct notice_request *rq, const struct verdict *v, const char **no)
{
	if (!str_empty(rq->order_no)) {
		*no = rq->order_no;
		return RC_OK;
	}
	switch (verdict_hint(v)) {
	case HINT_ORDER_NO:
		*no = v->order_no;
		return RC_OK;
	case HINT_REF:
		return order_no_by_ref(cx, ch->id, v->provider_ref, no);
	case HINT_TXN:
		return order_no_by_txn(cx, ch->id, v->txn, no);
	case HINT_NONE:
		break;
	}
	return RC_NOTFOUND;
}

/* What could not be settled now is kept, so that it can be replayed even if
 * the gateway never repeats it. */
struct kept {
	const struct paid *p;
	const char *state, *reason;
};

static enum rc
keep_body(struct ctx *cx, void *arg)
{
	const struct kept *k = arg;
	const struct paid *p = k->p;
	struct notice_row n = {
	    .channel = p->channel,
	    .state = k->state,
	    .reason = k->reason,
	    .source = "notice",
	    .txn = p->txn,
	    .currency = p->verdict == NULL ? "" : p->verdict->currency,
	    .amount = p->verdict == NULL ? MONEY(0) : p->verdict->amount,
	    .dedupe = settle_dedupe(cx, p),
	};
	bool fresh;
	enum rc rc;

	crypt_sha256(p->body.n != 0 ? p->body : p->query, n.body_hash);
	rc = notice_add(cx, &n, &fresh);
	if (rc != RC_OK || !fresh)
		return rc;
	return notice_raw_add(
	    cx, p->channel, n.dedupe, p->method, p->query, p->headers, p->body);
}

static void
keep(
    struct ctx *cx, const struct paid *p, const char *state, const char *reason)
{
	struct kept k = {p, state, reason};

	if (tx_run(cx, keep_body, &k) != RC_OK)
		log_event(
		    LOG_WARN, "notice_not_kept", LF_STR("order", p->order_no));
}

/* Much money is delivered only when the gateway, asked by us, says the same.
 * Until then the message is kept, the gateway shall send it again, and the
 * jobs ask too: whoever hears it first settles it.  False: not now. */
static bool
confirmed(struct ctx *cx, const struct channel *ch, const struct paid *p)
{
	enum ask_said said;
	enum rc rc;

	rc = ask_confirm(cx, ch, p->order_no, p->verdict, &said);
	if (rc != RC_OK)
		said = ASK_UNCLEAR;
	if (said == ASK_NOT_NEEDED || said == ASK_CONFIRMED)
		return true;
	log_event(LOG_WARN, "notice_unconfirmed", LF_STR("channel", ch->name),
	    LF_STR("order", p->order_no),
	    LF_STR("said", said == ASK_DENIED ? "no" : "unclear"));
	if (said == ASK_DENIED)
		keep(cx, p, "held", "unconfirmed");
	else
		keep(cx, p, "failed", "unclear");
	return false;
}

/* A notice on its way, and by which row of its channel it is judged. */
struct judging {
	const struct notice_request *rq;
	struct channel ch;
	struct verdict v;
	uint64_t by; /* 0: one that was read for it */
};

/* What came of it.  JUDGED_OLD and JUDGED_STALE: nothing was done or said. */
enum judged {
	JUDGED,
	JUDGED_OLD,  /* not money, says a row that may be too old for that */
	JUDGED_STALE /* the row is another one by now */
};

static enum judged
settle_and_say(struct ctx *cx, const struct judging *j, const char *no,
    struct notice_reply *out)
{
	const struct notice_request *rq = j->rq;
	const struct channel *ch = &j->ch;
	const struct verdict *v = &j->v;
	struct paid p = {
	    .source = SETTLE_NOTICE,
	    .channel = ch->id,
	    .order_no = no,
	    .gateway = ch->gw,
	    .verdict = v,
	    .txn = v->txn,
	    .method = rq->method,
	    .query = rq->query,
	    .headers = headers_text(cx, rq),
	    .body = rq->body,
	    .judged_by = j->by,
	};

	if (!confirmed(cx, ch, &p)) {
		say(out, ch->gw, ANSWER_LATER, "unconfirmed", "unconfirmed");
		return JUDGED;
	}
	if (till_settle(cx, &p) != RC_OK)
		p.rc = RC_BUSY;
	if (p.stale)
		return JUDGED_STALE;
	log_event(p.rc == RC_OK ? LOG_INFO : LOG_WARN, "notice",
	    LF_STR("channel", ch->name), LF_STR("order", no),
	    LF_STR("rc", rc_name(p.rc)), LF_STR("reason", p.reason));
	switch (p.rc) {
	case RC_OK:
		say(out, ch->gw, ANSWER_ACCEPT, "applied", p.reason);
		break;
	case RC_CONFLICT:
		say(out, ch->gw, verdict_answer(v, (enum pay_why)p.why),
		    "repeated", p.reason);
		break;
	case RC_INVALID:
		say(out, ch->gw, verdict_answer(v, (enum pay_why)p.why), "held",
		    p.reason);
		break;
	case RC_DENIED:
		count_reject(cx, ch, (enum pay_why)p.why, rq);
		say(out, ch->gw, ANSWER_REJECT, "rejected",
		    pay_why_name((enum pay_why)p.why));
		break;
	default:
		keep(cx, &p, "failed", rc_name(p.rc));
		say(out, ch->gw, ANSWER_LATER, "failed", rc_name(p.rc));
	}
	return JUDGED;
}

static bool
is_money(const struct verdict *v)
{
	return v->outcome != PAY_LATER && v->outcome != PAY_IGNORE &&
	       v->outcome != PAY_REJECT;
}

/* What is not about an order. */
static void
say_of_no_order(
    struct ctx *cx, const struct judging *j, struct notice_reply *out)
{
	const struct gateway *g = j->ch.gw;
	const struct verdict *v = &j->v;

	if (v->outcome == PAY_IGNORE) {
		say(out, g, ANSWER_ACCEPT, "ignored", "");
		return;
	}
	count_reject(cx, &j->ch, v->why, j->rq);
	/* later: not known to be genuine: counted, never stored */
	if (v->outcome == PAY_LATER)
		say(out, g, ANSWER_LATER, "later", pay_why_name(v->why));
	else
		say(out, g, ANSWER_REJECT, "rejected", pay_why_name(v->why));
}

static enum judged
judge_and_say(struct ctx *cx, struct judging *j, struct notice_reply *out)
{
	const char *no = NULL;
	enum rc rc;

	if (!is_money(&j->v)) {
		say_of_no_order(cx, j, out);
		return JUDGED;
	}
	rc = which_order(cx, &j->ch, j->rq, &j->v, &no);
	if (rc == RC_OK)
		return settle_and_say(cx, j, no, out);
	if (rc != RC_NOTFOUND) {
		say(out, j->ch.gw, ANSWER_LATER, "failed", rc_name(rc));
		return JUDGED;
	}
	j->v.outcome = PAY_REJECT;
	j->v.why = WHY_ORDER;
	say_of_no_order(cx, j, out);
	return JUDGED;
}

static enum judged
judge(struct ctx *cx, const struct notice_request *rq, int64_t row_age_ms,
    struct notice_reply *out)
{
	const struct pay_request raw = {
	    .method = rq->method,
	    .query = rq->query,
	    .body = rq->body,
	    .headers = rq->headers,
	};
	int64_t now = cx->now;
	struct judging j = {.rq = rq};
	enum rc rc;

	rc = recent_channel(cx, rq->channel, row_age_ms, &j.ch, &j.by);
	if (rc != RC_OK) {
		out->rc = rc;
		out->verdict = "no_channel";
		out->reason = rc_name(rc);
		return JUDGED;
	}
	/* an old notice is as genuine as on the day when it came */
	if (rq->received != 0)
		cx->now = rq->received;
	gateway_notice(j.ch.gw, cx, j.ch.account, &raw, &j.v);
	cx->now = now;
	if (j.by != 0 && row_age_ms > RECENT_REFUSE_MS && !is_money(&j.v))
		return JUDGED_OLD;
	return judge_and_say(cx, &j, out);
}

void
settle_again(
    struct ctx *cx, const struct notice_request *rq, struct notice_reply *out)
{
	enum judged judged;

	cx->actor = ACTOR_GATEWAY;
	memset(out, 0, sizeof(*out));
	judged = judge(cx, rq, RECENT_MS, out);
	if (judged == JUDGED_OLD)
		judged = judge(cx, rq, RECENT_REFUSE_MS, out);
	if (judged == JUDGED_STALE)
		(void)judge(cx, rq, 0, out);
}

void
settle_notice(
    struct ctx *cx, const struct notice_request *rq, struct notice_reply *out)
{
	unsigned left;

	if (slot_first())
		settle_left(cx, &left);
	slot_begin(cx, rq);
	settle_again(cx, rq, out);
	slot_end();
}

/* ------------------------------------------------------------ left behind */

static void
work_again(struct ctx *cx, const struct notice_request *rq)
{
	struct notice_reply out;

	settle_again(cx, rq, &out);
	log_event(LOG_WARN, "notice_recovered", LF_STR("channel", rq->channel),
	    LF_STR("verdict", out.verdict), LF_STR("reason", out.reason));
}

/* It has ended two processes: a person shall look at it. */
static void
give_up(struct ctx *cx, const struct notice_request *rq)
{
	struct channel_row c;
	struct paid p = {
	    .order_no = rq->order_no,
	    .txn = "",
	    .method = rq->method,
	    .query = rq->query,
	    .headers = headers_text(cx, rq),
	    .body = rq->body,
	};

	if (channel_row_by_name(cx, rq->channel, &c) != RC_OK)
		return;
	p.channel = c.id;
	keep(cx, &p, "failed", "crash");
}

void
settle_left(struct ctx *cx, unsigned *did)
{
	slot_recover(cx, work_again, give_up, did);
}
