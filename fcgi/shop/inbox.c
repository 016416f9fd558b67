/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inbox for the panel (inbox.h).  A replay is no path of its own: the
 * stored bytes go the way of a notice that has just come, so what is applied
 * once stays applied once, however often somebody presses the button.
 */
#include "shop/inbox.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "shop/audit.h"
#include "shop/channel.h"
#include "shop/settle.h"
#include "store/inbox.h"
#include "store/tx.h"

enum {
	SHOWN = 8192,       /* bytes of one part */
	SAMPLE_SHOWN = 400, /* of a refused one */
	REJECTS = 60,
	REJECT_DAYS = 30,
	SECRET_MIN = 8 /* shorter texts hide nothing but words */
};

static struct notice_brief
brief_of(const struct inbox_row *r)
{
	return (struct notice_brief){
	    .id = r->id,
	    .state = r->state,
	    .reason = r->reason,
	    .source = r->source,
	    .txn = r->txn,
	    .currency = r->currency,
	    .channel = r->channel,
	    .no = r->no,
	    .amount = r->amount,
	    .received = r->received,
	    .repeats = r->repeats,
	};
}

enum rc
inbox_list(struct ctx *cx, const struct notice_filter *f,
    const struct notice_brief **out, size_t *n, bool *more)
{
	const struct inbox_query q = {
	    .state = f->state,
	    .channel = f->channel,
	    .no = f->no,
	    .max = INBOX_PAGE + 1,
	    .skip = (f->page - 1) * INBOX_PAGE,
	};
	const struct inbox_row *rows;
	struct notice_brief *list;
	size_t i;
	enum rc rc;

	rc = inbox_rows(cx, &q, &rows, n);
	if (rc != RC_OK)
		return rc;
	*more = *n > INBOX_PAGE;
	if (*more)
		*n = INBOX_PAGE;
	list = ARENA_ARRAY(cx->arena, *n, struct notice_brief);
	for (i = 0; i < *n; i++)
		list[i] = brief_of(&rows[i]);
	*out = list;
	return RC_OK;
}

enum rc
inbox_waits(struct ctx *cx, struct inbox_wait *out)
{
	const struct inbox_count *c;
	size_t n, i;
	enum rc rc = inbox_waiting(cx, &c, &n);

	if (rc != RC_OK)
		return rc;
	memset(out, 0, sizeof(*out));
	for (i = 0; i < n; i++) {
		if (str_eq(c[i].state, "held"))
			out->held = c[i].n;
		else if (str_eq(c[i].state, "failed"))
			out->failed = c[i].n;
		else
			out->received = c[i].n;
	}
	return RC_OK;
}

enum rc
inbox_refused(struct ctx *cx, const struct notice_reject **out, size_t *n)
{
	const struct reject_row *rows;
	struct notice_reject *list;
	bool cut = false;
	size_t i;
	enum rc rc;

	rc = inbox_rejects(cx, cx->now - REJECT_DAYS * S_PER_DAY * US_PER_S,
	    REJECTS, &rows, n);
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(cx->arena, *n, struct notice_reject);
	for (i = 0; i < *n; i++)
		list[i] = (struct notice_reject){
		    .channel = rows[i].channel,
		    .reason = rows[i].reason,
		    .from = rows[i].from,
		    .n = rows[i].n,
		    .first = rows[i].first,
		    .last = rows[i].last,
		    .sample = inbox_readable(
			cx->arena, rows[i].sample, SAMPLE_SHOWN, NULL, 0, &cut),
		};
	*out = list;
	return RC_OK;
}

/* ------------------------------------------------------------ bytes as text */

/* The secret that stands at the beginning of bytes, or 0. */
static size_t
secret_here(struct span bytes, const char *const *hide, size_t n_hide)
{
	size_t i, n;

	for (i = 0; i < n_hide; i++) {
		n = strlen(hide[i]);
		if (n >= SECRET_MIN && n <= bytes.n &&
		    span_eq((struct span){bytes.p, n}, span_str(hide[i])))
			return n;
	}
	return 0;
}

static bool
readable(int32_t cp, struct span ch)
{
	return cp >= 0 && (cp == '\n' || utf8_line(ch, 1));
}

const char *
inbox_readable(struct arena *a, struct span bytes, size_t max,
    const char *const *hide, size_t n_hide, bool *cut)
{
	struct span rest = bytes, ch;
	struct buf b;
	int32_t cp;
	size_t n;

	buf_init(&b, a, bytes.n < max ? bytes.n + 1 : max, max * 4 + 8);
	while (rest.n != 0 && (size_t)(rest.p - bytes.p) < max) {
		n = secret_here(rest, hide, n_hide);
		if (n != 0) {
			buf_str(&b, "***");
			rest = (struct span){rest.p + n, rest.n - n};
			continue;
		}
		ch = rest;
		cp = utf8_any(&rest);
		ch.n -= rest.n;
		if (readable(cp, ch))
			buf_add(&b, ch.p, ch.n);
		else
			for (n = 0; n < ch.n; n++)
				buf_fmt(&b, "\\x%02x", (unsigned char)ch.p[n]);
	}
	*cut = *cut || rest.n != 0;
	return buf_text(&b);
}

/* Headers that hold what a gateway, or a proxy of ours, proves itself by. */
static struct span
harmless_headers(struct ctx *cx, struct span text)
{
	static const char *const hidden[] = {
	    "authorization:", "cookie:", "proxy-authorization:"};
	struct span line;
	struct buf b;
	size_t i;

	buf_init(&b, cx->arena, text.n + 1, text.n + LIM_QUERY);
	while (text.n != 0 && span_cut(&text, '\n', &line)) {
		for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
			if (line.n > strlen(hidden[i]) &&
			    span_eq((struct span){line.p, strlen(hidden[i])},
				span_str(hidden[i])))
				line =
				    (struct span){hidden[i], strlen(hidden[i])};
		buf_add(&b, line.p, line.n);
		if (line.n != 0)
			buf_chr(&b, '\n');
	}
	return (struct span){b.p, b.len};
}

typedef VEC(const char *) texts;

/* Lists and PEM count line by line: a key may come with other breaks. */
static void
secrets_of(struct ctx *cx, uint64_t channel, texts *out)
{
	const struct pay_pair *v;
	struct span rest, line;
	size_t n, i;

	if (channel_secrets(cx, channel, &v, &n) != RC_OK)
		return;
	for (i = 0; i < n; i++) {
		rest = span_str(v[i].value);
		while (rest.n != 0 && span_cut(&rest, '\n', &line))
			*VEC_ADD(out, cx->arena) =
			    arena_dup(cx->arena, line.p, line.n);
	}
}

enum rc
inbox_one(struct ctx *cx, uint64_t id, struct notice_full *out)
{
	struct inbox_one r;
	texts secrets = {0};
	bool cut = false;
	enum rc rc;

	rc = inbox_get(cx, id, &r);
	if (rc != RC_OK)
		return rc;
	secrets_of(cx, r.channel_id, &secrets);
	*out = (struct notice_full){
	    .n = brief_of(&r.row),
	    .applied = r.applied,
	    .method = r.method,
	    .query = inbox_readable(
		cx->arena, r.query, SHOWN, secrets.v, secrets.n, &cut),
	    .headers =
		inbox_readable(cx->arena, harmless_headers(cx, r.headers),
		    SHOWN, secrets.v, secrets.n, &cut),
	    .body = inbox_readable(
		cx->arena, r.body, SHOWN, secrets.v, secrets.n, &cut),
	    .replay = str_eq(r.method, "GET") || str_eq(r.method, "POST"),
	    .waits = str_eq(r.row.state, "held") ||
		     str_eq(r.row.state, "failed") ||
		     str_eq(r.row.state, "received"),
	};
	out->cut = cut;
	return RC_OK;
}

/* ------------------------------------------------------------ acts */

struct act {
	uint64_t id;
	const char *action, *detail;
	bool close;
};

static enum rc
act_body(struct ctx *cx, void *arg)
{
	const struct act *a = arg;
	enum rc rc = a->close ? inbox_ignore(cx, a->id) : RC_OK;

	if (rc != RC_OK)
		return rc;
	return audit_add(cx, a->action,
	    arena_fmt(cx->arena, "notice:%llu", (unsigned long long)a->id),
	    a->detail);
}

/* The stored headers: the order's number of the address is the first. */
static const char *const *
stored_headers(struct ctx *cx, struct span text, const char **order_no)
{
	const char **line =
	    ARENA_ARRAY(cx->arena, LIM_HEADERS + 2, const char *);
	struct span one;
	size_t n = 0;

	*order_no = NULL;
	while (n <= LIM_HEADERS && text.n != 0 && span_cut(&text, '\n', &one)) {
		line[n] = arena_dup(cx->arena, one.p, one.n);
		if (str_starts(line[n], NOTICE_ORDER))
			*order_no = line[n] + strlen(NOTICE_ORDER);
		else
			n++;
	}
	line[n] = NULL;
	return line;
}

enum rc
inbox_replay(
    struct ctx *cx, uint64_t id, const char **verdict, const char **reason)
{
	struct act act = {.id = id, .action = "notice.replay"};
	struct notice_request rq = {0};
	struct notice_reply reply;
	struct inbox_one r;
	enum actor_kind actor = cx->actor;
	enum rc rc;

	rc = inbox_get(cx, id, &r);
	if (rc != RC_OK)
		return rc;
	if (!str_eq(r.method, "GET") && !str_eq(r.method, "POST"))
		return RC_CONFLICT;
	/* the row first: nobody moves money without a name */
	act.detail = arena_fmt(
	    cx->arena, "state=%s reason=%s", r.row.state, r.row.reason);
	rc = tx_run(cx, act_body, &act);
	if (rc != RC_OK)
		return rc;
	rq.channel = r.channel_name;
	rq.method = r.method;
	rq.query = r.query;
	rq.body = r.body;
	rq.received = r.row.received;
	rq.headers = stored_headers(cx, r.headers, &rq.order_no);
	settle_again(cx, &rq, &reply);
	cx->actor = actor;
	*verdict = str_eq(reply.reason, "held") ? "held" : reply.verdict;
	*reason = reply.reason;
	return RC_OK;
}

enum rc
inbox_close(struct ctx *cx, uint64_t id, const char *reason)
{
	struct act act = {
	    .id = id,
	    .action = "notice.ignore",
	    .detail = arena_fmt(cx->arena, "reason=%s", reason),
	    .close = true,
	};

	if (str_empty(reason) || !utf8_line(span_str(reason), LIM_REASON))
		return RC_INVALID;
	return tx_run(cx, act_body, &act);
}

/* ------------------------------------------------------------ payments */

enum rc
inbox_payments(struct ctx *cx, const struct payment_filter *f,
    const struct payment_brief **out, size_t *n, bool *more)
{
	const struct payments_query q = {
	    .state = f->state,
	    .role = f->role,
	    .channel = f->channel,
	    .cases = f->cases,
	    .word = f->word,
	    .max = INBOX_PAGE + 1,
	    .skip = (f->page - 1) * INBOX_PAGE,
	};
	const struct payments_row *r;
	struct payment_brief *list;
	size_t i;
	enum rc rc;

	rc = payments_rows(cx, &q, &r, n);
	if (rc != RC_OK)
		return rc;
	*more = *n > INBOX_PAGE;
	if (*more)
		*n = INBOX_PAGE;
	list = ARENA_ARRAY(cx->arena, *n, struct payment_brief);
	for (i = 0; i < *n; i++)
		list[i] = (struct payment_brief){
		    .id = r[i].id,
		    .state = r[i].state,
		    .role = r[i].role,
		    .currency = r[i].currency,
		    .txn = r[i].txn,
		    .ref = r[i].ref,
		    .case_state = r[i].case_state,
		    .channel = r[i].channel,
		    .no = r[i].no,
		    .order_state = r[i].order_state,
		    .amount = r[i].amount,
		    .asked = r[i].asked,
		    .created = r[i].created,
		    .settled = r[i].settled,
		};
	*out = list;
	return RC_OK;
}
