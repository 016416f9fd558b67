/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Taking a statement in and comparing it (statement.h).  Lines are matched as
 * they come, chunk by chunk, under the lock of their statement; money moves
 * at the end only: fees when all of it could be read, payments when a person
 * says so.
 */
#include "shop/statement.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "pay/verdict.h"
#include "shop/audit.h"
#include "shop/channel.h"
#include "shop/settle.h"
#include "store/money.h"
#include "store/order.h"
#include "store/statement.h"
#include "store/tx.h"

enum {
	FEES_AT_ONCE = 200,
	LINES_MAX = 20000,
	HEADINGS_MAX = 1000,
	HEADING_MAX = 60
};

static const char *
object_of(struct ctx *cx, uint64_t id)
{
	return arena_fmt(cx->arena, "statement:%llu", (unsigned long long)id);
}

/* ------------------------------------------------------------ opening */

struct opening {
	struct statement_rec rec;
	uint64_t id;
};

static enum rc
open_body(struct ctx *cx, void *arg)
{
	struct opening *o = arg;
	enum rc rc = statement_rec_add(cx, &o->rec, &o->id);

	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "statement.open", object_of(cx, o->id),
	    arena_fmt(
		cx->arena, "format=%s name=%s", o->rec.format, o->rec.name));
}

/* One after the other, tabs between. */
static const char *
join_headings(struct ctx *cx, const char *const *heading)
{
	struct buf b;
	size_t i;

	buf_init(&b, cx->arena, 128, HEADINGS_MAX);
	for (i = 0; i < COL__N; i++) {
		if (i != 0)
			buf_chr(&b, '\t');
		if (!str_empty(heading[i]) &&
		    utf8_line(span_str(heading[i]), HEADING_MAX))
			buf_str(&b, heading[i]);
	}
	return buf_text(&b);
}

static void
split_headings(struct ctx *cx, const char *text, struct statement_reader *r)
{
	struct span rest = span_str(text), one;
	size_t i;

	for (i = 0; i < COL__N && span_cut(&rest, '\t', &one); i++)
		r->heading[i] = arena_dup(cx->arena, one.p, one.n);
}

enum rc
statement_open(struct ctx *cx, const struct statement_opening *o, uint64_t *id)
{
	struct opening w = {
	    .rec =
		{
		    .channel = o->channel,
		    .name = o->name,
		    .format = o->format,
		    .from = o->from,
		    .until = o->until,
		    .headings = join_headings(cx, o->heading),
		},
	};
	struct channel c;
	enum rc rc;

	if (!statement_format_ok(o->format) || o->from >= o->until ||
	    !utf8_line(span_str(o->name), LIM_NAME))
		return RC_INVALID;
	rc = channel_load_id(cx, o->channel, &c);
	if (rc == RC_OK)
		rc = tx_run(cx, open_body, &w);
	if (rc == RC_OK)
		*id = w.id;
	return rc;
}

/* ------------------------------------------------------------ chunks */

struct chunk {
	uint64_t id;
	unsigned seq;
	struct span text;
};

static const struct {
	const char *kind, *result;
} as[] = {
    [STATEMENT_PAYMENT] = {"payment", "new"},
    [STATEMENT_REFUND] = {"refund", "new"},
    [STATEMENT_OTHER] = {"other", "other"},
    [STATEMENT_BAD] = {"bad", "bad"},
};

static enum rc
store_lines(struct ctx *cx, const struct statement_rec *s,
    const struct statement_line *in, size_t n, unsigned *bad)
{
	struct statement_rec_line *l =
	    ARENA_ARRAY(cx->arena, n, struct statement_rec_line);
	size_t i;

	*bad = 0;
	for (i = 0; i < n; i++) {
		*bad += in[i].kind == STATEMENT_BAD;
		l[i] = (struct statement_rec_line){
		    .line = in[i].line,
		    .kind = as[in[i].kind].kind,
		    .result = as[in[i].kind].result,
		    .state = "closed",
		    .txn = in[i].txn,
		    .order_no = in[i].order_no,
		    .at = in[i].at,
		    .amount = in[i].amount,
		    .fee = in[i].fee,
		    .currency = in[i].currency,
		    .note = in[i].why,
		};
	}
	return n == 0 ? RC_OK
		      : statement_rec_lines_add(cx, s->id, s->channel, l, n);
}

static enum rc
chunk_body(struct ctx *cx, void *arg)
{
	const struct chunk *k = arg;
	const struct statement_line *line;
	struct statement_reader r = {0};
	struct statement_rec s;
	unsigned bad;
	size_t n;
	enum rc rc;

	rc = statement_rec_lock(cx, k->id, &s);
	if (rc != RC_OK)
		return rc;
	if (k->seq + 1 == s.next_chunk)
		return RC_OK; /* its answer was lost */
	if (k->seq != s.next_chunk || !str_eq(s.state, "open"))
		return RC_CONFLICT;
	r.format = s.format;
	r.currency = s.currency;
	split_headings(cx, s.headings, &r);
	if (statement_resume(&r, s.reader) != RC_OK)
		return RC_FAIL;
	statement_read(cx->arena, &r, k->text, &line, &n);
	if (s.lines + n > LINES_MAX)
		return RC_INVALID;
	if ((rc = store_lines(cx, &s, line, n, &bad)) != RC_OK ||
	    (rc = statement_rec_match(cx, k->id)) != RC_OK)
		return rc;
	return statement_rec_took(cx, k->id, k->seq,
	    statement_state(cx->arena, &r), (unsigned)n, bad);
}

enum rc
statement_chunk(struct ctx *cx, uint64_t id, unsigned seq, struct span text)
{
	struct chunk k = {id, seq, text};

	return tx_run(cx, chunk_body, &k);
}

/* ------------------------------------------------------------ comparing */

struct ending {
	uint64_t id;
	bool refused;
};

/* The gateway kept it: it owes us less, and it is a cost. */
static enum rc
book_fees(struct ctx *cx, uint64_t id)
{
	struct booking *b =
	    ARENA_ARRAY(cx->arena, FEES_AT_ONCE, struct booking);
	const struct statement_fee *f;
	size_t n, i;
	enum rc rc;

	do {
		rc = statement_rec_fees(cx, id, FEES_AT_ONCE, &f, &n);
		for (i = 0; rc == RC_OK && i < n; i++)
			b[i] = (struct booking){
			    .ref =
				{
				    .tx = arena_fmt(cx->arena, "fee:%llu",
					(unsigned long long)f[i].payment),
				    .channel = f[i].channel,
				    .order = f[i].order,
				    .currency = f[i].currency,
				},
			    .line = {{"fees", f[i].fee},
				{"receivable", MONEY(-f[i].fee.minor)}},
			    .n = 2,
			};
		if (rc == RC_OK && n != 0)
			rc = ledger_book_all(cx, b, n);
	} while (rc == RC_OK && n == FEES_AT_ONCE);
	return rc;
}

static enum rc
take_over(struct ctx *cx, const struct statement_rec *s, struct ending *e)
{
	struct statement_reader r = {0};
	enum rc rc;

	if (statement_resume(&r, s->reader) != RC_OK)
		return RC_FAIL;
	e->refused = s->bad != 0 || !r.headed || s->lines == 0;
	if (e->refused)
		return statement_rec_drop(cx, e->id);
	rc = statement_rec_absent(cx, e->id, s);
	return rc == RC_OK ? book_fees(cx, e->id) : rc;
}

static enum rc
end_body(struct ctx *cx, void *arg)
{
	struct ending *e = arg;
	struct statement_rec s;
	const char *state;
	enum rc rc;

	rc = statement_rec_lock(cx, e->id, &s);
	if (rc != RC_OK)
		return rc;
	if (!str_eq(s.state, "open"))
		return RC_CONFLICT;
	rc = take_over(cx, &s, e);
	if (rc != RC_OK)
		return rc;
	state = e->refused ? "refused" : "compared";
	rc = statement_rec_end(cx, e->id, state);
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "statement.compare", object_of(cx, e->id), state);
}

/* All or nothing, hence one transaction; LINES_MAX bounds it. */
enum rc
statement_compare(struct ctx *cx, uint64_t id)
{
	struct ending e = {.id = id};
	enum rc rc = tx_run(cx, end_body, &e);

	return rc == RC_OK && e.refused ? RC_INVALID : rc;
}

/* ------------------------------------------------------------ acts */

static bool
reason_ok(const char *s)
{
	return !str_empty(s) && utf8_line(span_str(s), LIM_REASON);
}

struct resolving {
	uint64_t line, payment;
	const char *reason, *action;
};

static enum rc
resolve_body(struct ctx *cx, void *arg)
{
	const struct resolving *v = arg;
	struct statement_rec_line l;
	enum rc rc;

	if ((rc = statement_rec_line_get(cx, v->line, &l)) != RC_OK ||
	    (rc = statement_rec_resolve(cx, v->line, v->reason, v->payment)) !=
		RC_OK)
		return rc;
	return audit_add(cx, v->action, object_of(cx, l.statement),
	    arena_fmt(cx->arena, "line=%u txn=%s reason=%s", l.line, l.txn,
		v->reason));
}

enum rc
statement_resolve(
    struct ctx *cx, uint64_t line, const char *reason, uint64_t *statement)
{
	struct resolving v = {
	    .line = line, .reason = reason, .action = "statement.resolve"};
	struct statement_rec_line l;
	enum rc rc = statement_rec_line_get(cx, line, &l);

	if (rc != RC_OK)
		return rc;
	*statement = l.statement;
	return reason_ok(reason) ? tx_run(cx, resolve_body, &v) : RC_INVALID;
}

static bool
may_apply(const char *kind, const char *result, const char *no)
{
	return str_eq(kind, "payment") && str_eq(result, "missing") &&
	       !str_empty(no);
}

/* What was opened for the order: the id that binds, which a statement does
 * not name. */
static enum rc
opened_ref(struct ctx *cx, const char *no, uint64_t channel, const char **ref)
{
	const struct payment_row *rows;
	struct order_full o;
	size_t n;
	enum rc rc;

	rc = order_by_no(cx, no, &o);
	if (rc == RC_OK)
		rc = payments_of(cx, o.id, channel, &rows, &n);
	if (rc == RC_OK)
		*ref = n == 0 ? "" : rows[0].provider_ref;
	return rc;
}

static enum rc
settle_line(struct ctx *cx, const struct statement_rec_line *l,
    const char *reason, struct paid *p)
{
	struct channel c;
	struct verdict v;
	enum rc rc;

	verdict_init(&v);
	v.outcome = PAY_PAID;
	v.why = WHY_OK;
	v.signature_valid = true; /* a person stands for the file */
	v.order_no = l->no;
	v.txn = l->txn;
	v.has_amount = true;
	v.amount = l->amount;
	memcpy(v.currency, l->currency, strlen(l->currency) + 1);
	if ((rc = channel_load_id(cx, l->channel, &c)) != RC_OK ||
	    (rc = opened_ref(cx, l->no, l->channel, &v.provider_ref)) != RC_OK)
		return rc;
	*p = (struct paid){
	    .source = SETTLE_STATEMENT,
	    .channel = l->channel,
	    .order_no = l->no,
	    .gateway = c.gw,
	    .verdict = &v,
	    .txn = l->txn,
	    .detail = reason,
	    .method = "FILE",
	    .body = span_str(arena_fmt(cx->arena,
		"statement=%llu line=%u txn=%s amount=%lld %s",
		(unsigned long long)l->statement, l->line, l->txn,
		(long long)l->amount.minor, l->currency)),
	};
	return settle_batch(cx, p, 1);
}

static enum rc
tried_body(struct ctx *cx, void *arg)
{
	const struct statement_rec_line *l = arg;

	return audit_add(cx, "statement.apply", object_of(cx, l->statement),
	    arena_fmt(
		cx->arena, "line=%u order=%s txn=%s", l->line, l->no, l->txn));
}

enum rc
statement_apply(struct ctx *cx, uint64_t line, const char *reason,
    uint64_t *statement, const char **said)
{
	struct resolving v = {
	    .line = line, .reason = reason, .action = "statement.applied"};
	struct statement_rec_line l;
	struct payment_row known;
	struct paid p;
	enum rc rc = statement_rec_line_get(cx, line, &l);

	if (rc != RC_OK)
		return rc;
	*statement = l.statement;
	if (!reason_ok(reason))
		return RC_INVALID;
	if (!str_eq(l.state, "open") || !may_apply(l.kind, l.result, l.no))
		return RC_CONFLICT;
	/* the audit row first: nobody moves money without a name */
	rc = tx_run(cx, tried_body, &l);
	if (rc == RC_OK)
		rc = settle_line(cx, &l, reason, &p);
	if (rc != RC_OK)
		return rc;
	*said = p.rc == RC_OK         ? "applied"
		: p.rc == RC_CONFLICT ? "repeated"
		: p.rc == RC_INVALID  ? "held"
		: p.rc == RC_DENIED   ? "rejected"
				      : "failed";
	if (p.rc != RC_OK && p.rc != RC_CONFLICT && p.rc != RC_INVALID)
		return RC_OK;
	if (payment_by_txn(cx, l.channel, l.txn, &known) == RC_OK)
		v.payment = known.id;
	return tx_run(cx, resolve_body, &v);
}
