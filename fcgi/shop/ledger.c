/* SPDX-License-Identifier: Apache-2.0 */
/* The books for people (ledger.h). */
#include "shop/ledger.h"

#include "base/csv.h"
#include "base/time.h"
#include "base/vec.h"
#include "store/ledger.h"

enum { PIECE = 1000, ROWS_MAX = 400, RESERVE_S = 2 };

const char *const ledger_accounts_const[] = {"receivable", "sales",
    "fee_income", "fees", "refunds", "liability", "correction", NULL};

static struct ledger_query
query_of(const struct ledger_filter *f)
{
	return (struct ledger_query){
	    .from = f->from,
	    .until = f->until,
	    .account = f->account,
	    .max = LEDGER_PAGE + 1,
	    .skip = (f->page - 1) * LEDGER_PAGE,
	};
}

static struct ledger_entry
entry_of(const struct ledger_row *r)
{
	return (struct ledger_entry){
	    .id = r->id,
	    .payment = r->payment,
	    .refund = r->refund,
	    .tx = r->tx,
	    .account = r->account,
	    .currency = r->currency,
	    .channel = r->channel,
	    .no = r->no,
	    .line = r->line,
	    .amount = r->amount,
	    .at = r->at,
	    .balanced = r->tx_sum.minor == 0,
	};
}

/* From the newest entry of the page down: each total is the one above it
 * less what the one above added. */
static enum rc
put_running(struct ctx *cx, const struct ledger_filter *f, const char *currency,
    struct ledger_entry *e, size_t n)
{
	struct money at;
	size_t i;
	enum rc rc;

	for (i = 0; i < n && !str_eq(e[i].currency, currency); i++)
		;
	if (i == n)
		return RC_OK;
	rc =
	    ledger_running_sum(cx, f->account, currency, f->from, e[i].id, &at);
	if (rc != RC_OK)
		return rc;
	for (; i < n; i++) {
		if (!str_eq(e[i].currency, currency))
			continue;
		e[i].running = at;
		e[i].has_running = true;
		if (money_sub(at, e[i].amount, &at) != RC_OK)
			return RC_FAIL;
	}
	return RC_OK;
}

static enum rc
look_entries(struct ctx *cx, const struct ledger_filter *f,
    const char *currency, struct ledger_view *out)
{
	struct ledger_query q = query_of(f);
	const struct ledger_row *rows = NULL;
	struct ledger_entry *e;
	size_t n = 0, i;
	enum rc rc;

	if (f->no[0] != '\0') {
		rc = ledger_rows_of(cx, f->no, LEDGER_PAGE, &rows, &n);
	} else {
		rc = ledger_span(cx, &q);
		if (rc == RC_OK)
			rc = ledger_rows(cx, &q, &rows, &n);
	}
	if (rc != RC_OK && rc != RC_NOTFOUND)
		return rc;
	out->more = n > LEDGER_PAGE;
	out->n = out->more ? LEDGER_PAGE : n;
	e = ARENA_ARRAY(cx->arena, out->n, struct ledger_entry);
	for (i = 0; i < out->n; i++)
		e[i] = entry_of(&rows[i]);
	out->entry = e;
	if (f->no[0] != '\0' || f->account[0] == '\0')
		return RC_OK;
	return put_running(cx, f, currency, e, out->n);
}

/* The accounts of one currency together are zero, or the books are wrong. */
static bool
sums_balanced(const struct ledger_sum *s, size_t n)
{
	struct money all;
	size_t i, k;

	for (i = 0; i < n; i++) {
		all = MONEY(0);
		for (k = 0; k < n; k++)
			if (str_eq(s[k].currency, s[i].currency) &&
			    money_add(all, s[k].balance, &all) != RC_OK)
				return false;
		if (all.minor != 0)
			return false;
	}
	return true;
}

static enum rc
look_sums(
    struct ctx *cx, const struct ledger_filter *f, struct ledger_view *out)
{
	const struct account_sum *a;
	struct ledger_sum *s;
	size_t i;
	enum rc rc;

	rc = ledger_account_sums(cx, f->from, f->until, &a, &out->n_sums);
	if (rc != RC_OK)
		return rc;
	s = ARENA_ARRAY(cx->arena, out->n_sums, struct ledger_sum);
	for (i = 0; i < out->n_sums; i++) {
		s[i] = (struct ledger_sum){
		    .account = a[i].account,
		    .currency = a[i].currency,
		    .n = a[i].n,
		    .debit = a[i].debit,
		    .credit = a[i].credit,
		};
		if (money_sub(a[i].debit, a[i].credit, &s[i].balance) != RC_OK)
			return RC_FAIL;
	}
	out->sum = s;
	out->balanced = sums_balanced(s, out->n_sums);
	return RC_OK;
}

enum rc
ledger_look(struct ctx *cx, const struct ledger_filter *f, const char *currency,
    struct ledger_view *out)
{
	enum rc rc = look_entries(cx, f, currency, out);

	return rc == RC_OK ? look_sums(cx, f, out) : rc;
}

/* ------------------------------------------------------------ export */

static void
put_line(struct ctx *cx, struct buf *b, const struct ledger_row *r)
{
	struct arena *a = cx->arena;

	csv_put(b, time_text(a, r->at, (int)cx->set->zone_minutes), false);
	csv_put(b, r->tx, false);
	csv_put(b, arena_fmt(a, "%u", r->line), false);
	csv_put(b, r->account, false);
	csv_put(
	    b, money_text(a, r->amount, currency_decimals(r->currency)), false);
	csv_put(b, r->currency, false);
	csv_put(b, r->no, false);
	csv_put(b, r->channel, false);
	csv_put(b,
	    r->payment == 0
		? ""
		: arena_fmt(a, "%llu", (unsigned long long)r->payment),
	    false);
	csv_put(b,
	    r->refund == 0
		? ""
		: arena_fmt(a, "%llu", (unsigned long long)r->refund),
	    true);
}

static enum rc
export_of_order(struct ctx *cx, struct ledger_export *x, struct buf *out)
{
	const struct ledger_row *rows;
	size_t n;
	enum rc rc = ledger_rows_of(cx, x->f.no, PIECE, &rows, &n);

	while (rc == RC_OK && n-- > 0)
		put_line(cx, out, &rows[n]);
	return rc == RC_OK ? RC_NOTFOUND : rc;
}

static enum rc
export_begin(struct ctx *cx, struct ledger_export *x, struct buf *out)
{
	struct ledger_query q = query_of(&x->f);
	enum rc rc;

	x->begun = true;
	buf_str(out, CSV_BOM "time,transaction,line,account,amount,currency,"
			     "order,channel,payment,refund\r\n");
	if (x->f.no[0] != '\0')
		return export_of_order(cx, x, out);
	rc = ledger_span(cx, &q);
	if (rc != RC_OK)
		return rc;
	x->after = q.first - 1;
	x->last = q.last;
	return RC_OK;
}

enum rc
ledger_export_next(struct ctx *cx, void *arg, struct buf *out)
{
	struct ledger_export *x = arg;
	struct ledger_query q = query_of(&x->f);
	const struct ledger_row *rows;
	size_t n, i;
	enum rc rc;

	if (!x->begun)
		return export_begin(cx, x, out);
	/* cut off in time, and said: a file that ends early looks whole */
	if (cx->deadline != 0 &&
	    time_mono_us() > cx->deadline - RESERVE_S * US_PER_S) {
		csv_put(
		    out, "more entries follow: choose a shorter period", true);
		return RC_NOTFOUND;
	}
	q.first = x->after;
	q.last = x->last;
	q.max = PIECE;
	rc = ledger_rows_after(cx, &q, &rows, &n);
	if (rc != RC_OK)
		return rc;
	for (i = 0; i < n; i++)
		put_line(cx, out, &rows[i]);
	if (n < PIECE)
		return RC_NOTFOUND;
	x->after = rows[n - 1].id;
	return RC_OK;
}

/* ------------------------------------------------------------ finance */

typedef VEC(struct finance_line) lines;
typedef VEC(int64_t) keys;

static struct finance_line *
line_of(struct ctx *cx, lines *v, keys *k, int64_t key, const char *name)
{
	struct finance_line *l;
	size_t i;

	for (i = 0; i < v->n; i++)
		if (k->v[i] == key)
			return &v->v[i];
	*VEC_ADD(k, cx->arena) = key;
	l = VEC_ADD(v, cx->arena);
	*l = (struct finance_line){.name = name};
	return l;
}

static enum rc
add_up(struct finance_line *to, const struct finance_line *l)
{
	to->orders += l->orders;
	if (money_add(to->revenue, l->revenue, &to->revenue) != RC_OK ||
	    money_add(to->fees, l->fees, &to->fees) != RC_OK ||
	    money_add(to->refunds, l->refunds, &to->refunds) != RC_OK ||
	    money_add(to->cost, l->cost, &to->cost) != RC_OK ||
	    money_add(to->profit, l->profit, &to->profit) != RC_OK)
		return RC_FAIL;
	return RC_OK;
}

static enum rc
put_profit(struct finance_line *l)
{
	if (money_sub(l->revenue, l->fees, &l->profit) != RC_OK ||
	    money_sub(l->profit, l->refunds, &l->profit) != RC_OK ||
	    money_sub(l->profit, l->cost, &l->profit) != RC_OK)
		return RC_FAIL;
	return RC_OK;
}

static enum rc
gather(struct ctx *cx, const struct finance_query *q, lines *v, keys *k)
{
	const struct finance_money *m;
	const struct finance_cost *c;
	struct finance_line *l;
	size_t n_m, n_c, i;
	enum rc rc;

	if ((rc = finance_money_rows(cx, q, &m, &n_m)) != RC_OK ||
	    (rc = finance_cost_rows(cx, q, &c, &n_c)) != RC_OK)
		return rc;
	for (i = 0; i < n_m; i++) {
		l = line_of(cx, v, k, m[i].key, m[i].name);
		l->revenue = m[i].revenue;
		l->fees = m[i].fees;
		l->refunds = m[i].refunds;
	}
	for (i = 0; i < n_c; i++) {
		l = line_of(cx, v, k, c[i].key, c[i].name);
		l->cost = c[i].cost;
		l->orders = c[i].orders;
	}
	return RC_OK;
}

enum rc
finance_look(struct ctx *cx, enum finance_kind kind, const char *currency,
    int64_t from, int64_t until, const struct finance_line **out, size_t *n,
    struct finance_line *total)
{
	const struct finance_query q = {
	    .by = (enum finance_by)kind,
	    .currency = currency,
	    .from = from,
	    .until = until,
	    .zone_us = cx->set->zone_minutes * 60 * US_PER_S,
	    .day_us = S_PER_DAY * US_PER_S,
	    .max = ROWS_MAX,
	};
	lines v = {0};
	keys k = {0};
	size_t i;
	enum rc rc = gather(cx, &q, &v, &k);

	*total = (struct finance_line){.name = ""};
	for (i = 0; rc == RC_OK && i < v.n; i++) {
		if (kind == FINANCE_OF_DAY)
			v.v[i].day = k.v[i] * q.day_us - q.zone_us;
		rc = put_profit(&v.v[i]);
		if (rc == RC_OK)
			rc = add_up(total, &v.v[i]);
	}
	*out = v.v;
	*n = v.n;
	return rc;
}
