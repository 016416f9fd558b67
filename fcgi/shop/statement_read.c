/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements as lines (statement_read.h).
 *
 * The tricky part is what surrounds the records: remarks above (Alipay's
 * '#'), sums below (WeChat Pay), marks before each value that keep
 * spreadsheets from eating long numbers ('`' and a tab).
 */
#include "shop/statement_read.h"

#include <string.h>

#include "base/csv.h"
#include "base/gb18030.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"

enum { HEAD_WITHIN = 30, AT_MAX = 40, ORDER_MAX = 64 };
enum { EXACT = 6, MILLION = 1000000 };

struct format {
	const char *name;
	/* headings, any of them, with '|' between; NULL: has none */
	const char *heading[COL__N];
	/* words in the type's column, a part of it is enough; NULL: by sign */
	const char *payment, *refund;
	const char *good;   /* status of what counts; NULL: any */
	const char *footer; /* first field of the sums at the end */
};

/* clang-format off */
static const struct format formats[] = {
	{ "alipay", /* trade bill of alipay.data.dataservice.bill.downloadurl.query */
	  { [COL_ORDER] = "商户订单号", [COL_TXN] = "支付宝交易号",
	    [COL_AMOUNT] = "订单金额（元）|订单金额(元)",
	    [COL_FEE] = "服务费（元）|服务费(元)",
	    [COL_TIME] = "完成时间", [COL_TYPE] = "业务类型" },
	  "交易", "退款", NULL, NULL },
	{ "wechatpay", /* tradebill, type ALL, of API v3 */
	  { [COL_ORDER] = "商户订单号", [COL_TXN] = "微信订单号",
	    [COL_AMOUNT] = "订单金额|应结订单金额|总金额",
	    [COL_REFUND] = "申请退款金额|退款金额", [COL_FEE] = "手续费",
	    [COL_CURRENCY] = "货币种类", [COL_TIME] = "交易时间",
	    [COL_TYPE] = "交易状态" },
	  "SUCCESS", "REFUND", NULL, "总交易单数" },
	{ "stripe", /* itemised balance change report */
	  { [COL_ORDER] = "payment_metadata[order_no]|metadata[order_no]|client_reference_id",
	    [COL_TXN] = "payment_intent_id|payment_intent", [COL_AMOUNT] = "gross",
	    [COL_FEE] = "fee", [COL_CURRENCY] = "currency",
	    [COL_TIME] = "created_utc|created", [COL_TYPE] = "reporting_category" },
	  "charge|payment", "refund", NULL, NULL },
	{ "paypal", /* activity download */
	  { [COL_ORDER] = "Invoice Number|Invoice ID|Custom Number",
	    [COL_TXN] = "Transaction ID", [COL_AMOUNT] = "Gross",
	    [COL_FEE] = "Fee|Fees", [COL_CURRENCY] = "Currency",
	    [COL_TIME] = "Date", [COL_TYPE] = "Type", [COL_STATUS] = "Status",
	    [COL_PARENT] = "Reference Txn ID" },
	  "Payment", "Refund|Reversal", "Completed", NULL },
	{ "generic",
	  { [COL_ORDER] = "order_no", [COL_TXN] = "txn|transaction_id|trade_no",
	    [COL_AMOUNT] = "amount|money", [COL_CURRENCY] = "currency",
	    [COL_FEE] = "fee", [COL_TIME] = "time|date", [COL_TYPE] = "type",
	    [COL_STATUS] = NULL },
	  "payment|charge|paid|sale|交易|支付|收入|SUCCESS", "refund|REFUND|退款",
	  NULL, NULL },
};
/* clang-format on */

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

const char *
statement_format_at(size_t i)
{
	return i < FORMATS ? formats[i].name : NULL;
}

static const struct format *
format_of(const char *name)
{
	size_t i;

	for (i = 0; i < FORMATS; i++)
		if (str_eq(formats[i].name, name))
			return &formats[i];
	return NULL;
}

bool
statement_format_ok(const char *name)
{
	return format_of(name) != NULL;
}

void
statement_begin(struct statement_reader *r)
{
	size_t i;

	for (i = 0; i < COL__N; i++)
		r->column[i] = -1;
	r->headed = r->ended = false;
	r->separator = ',';
	r->line = 0;
}

/* ------------------------------------------------------------ state as text */

const char *
statement_state(struct arena *a, const struct statement_reader *r)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, STATEMENT_STATE, STATEMENT_STATE);
	buf_fmt(&b, "%u %d %d %d", r->line, r->headed, r->ended, r->separator);
	for (i = 0; i < COL__N; i++)
		buf_fmt(&b, " %d", r->column[i]);
	return buf_text(&b);
}

enum rc
statement_resume(struct statement_reader *r, const char *state)
{
	int64_t v[4 + COL__N];
	struct span rest = span_str(state), one;
	size_t n = 0, i;

	statement_begin(r);
	if (str_empty(state))
		return RC_OK;
	while (n < 4 + COL__N && span_cut(&rest, ' ', &one))
		if (num_i64(one, -1, UINT32_MAX, &v[n++]) != RC_OK)
			return RC_INVALID;
	if (n != 4 + COL__N || v[0] < 0)
		return RC_INVALID;
	r->line = (unsigned)v[0];
	r->headed = v[1] == 1;
	r->ended = v[2] == 1;
	r->separator = (char)v[3];
	for (i = 0; i < COL__N; i++) {
		if (v[4 + i] >= CSV_FIELDS)
			return RC_INVALID;
		r->column[i] = (int)v[4 + i];
	}
	return RC_OK;
}

/* ------------------------------------------------------------ one value */

/* "`2026..." and "2026...\t": marks that keep spreadsheets away. */
static struct span
bare(struct span s)
{
	s = span_trim(s);
	while (s.n != 0 && (s.p[0] == '`' || s.p[0] == '\''))
		s = (struct span){s.p + 1, s.n - 1};
	return span_trim(s);
}

static bool
one_of(struct span s, const char *words)
{
	struct span rest = span_str(words), w;

	while (words != NULL && span_cut(&rest, '|', &w))
		if (span_eq(s, w))
			return true;
	return false;
}

/* Any of the words stands in s. */
static bool
holds(struct span s, const char *words)
{
	struct span rest = span_str(words), w;
	size_t i;

	while (words != NULL && span_cut(&rest, '|', &w))
		for (i = 0; i + w.n <= s.n; i++)
			if (memcmp(s.p + i, w.p, w.n) == 0)
				return true;
	return false;
}

/* "1,234.56" to "1234.56"; a comma elsewhere stays and is refused. */
static struct span
ungrouped(struct arena *a, struct span s)
{
	char *to = arena_alloc(a, s.n + 1);
	size_t i, n = 0, since = 0;
	bool any = false;

	for (i = 0; i < s.n && s.p[i] != '.'; i++) {
		if (s.p[i] != ',') {
			to[n++] = s.p[i];
			since++;
			continue;
		}
		if (since == 0 || since > 3 || (any && since != 3))
			return s;
		any = true;
		since = 0;
	}
	if (any && since != 3)
		return s;
	for (; i < s.n; i++)
		to[n++] = s.p[i];
	return (struct span){to, n};
}

/* [0-9]+(\.[0-9]{1,6})? in millionths. */
static bool
millionths(struct span s, int64_t *out)
{
	struct span whole;
	uint64_t n, part = 0;
	size_t i;

	(void)span_cut(&s, '.', &whole);
	if (num_u64(whole, (uint64_t)(INT64_MAX / MILLION - 1), &n) != RC_OK)
		return false;
	if (s.p != NULL && s.n == 0)
		return false; /* "1." */
	if (s.n > EXACT || (s.n != 0 && num_u64(s, MILLION, &part) != RC_OK))
		return false;
	for (i = s.n; s.n != 0 && i < EXACT; i++)
		part *= 10;
	*out = (int64_t)(n * MILLION + part);
	return true;
}

/* A decimal with a sign perhaps, and with more digits than the currency has:
 * those are zeros, or (fees) rounded half up. */
static bool
decimal(struct arena *a, struct span s, unsigned decimals, bool rounds,
    bool *minus, struct money *out)
{
	int64_t exact, cut = 1;
	unsigned i;

	s = ungrouped(a, bare(s));
	*minus = s.n != 0 && s.p[0] == '-';
	if (s.n != 0 && (s.p[0] == '-' || s.p[0] == '+'))
		s = (struct span){s.p + 1, s.n - 1};
	if (!millionths(s, &exact))
		return false;
	for (i = decimals; i < EXACT; i++)
		cut *= 10;
	if (!rounds && exact % cut != 0)
		return false;
	out->minor = (exact + cut / 2) / cut;
	return true;
}

/* ------------------------------------------------------------ one record */

static struct span
value(const struct statement_reader *r, const struct csv_record *c,
    enum statement_column col)
{
	int i = r->column[col];

	if (i < 0 || (size_t)i >= c->n)
		return (struct span){"", 0};
	return bare(c->field[i]);
}

static const char *
headings(const struct statement_reader *r, const struct format *f, size_t col)
{
	return str_empty(r->heading[col]) ? f->heading[col] : r->heading[col];
}

/* The line that names an amount and an id or an order is the headings'. */
static bool
take_headings(struct statement_reader *r, const struct format *f,
    const struct csv_record *c)
{
	int found[COL__N];
	size_t col, i;

	for (col = 0; col < COL__N; col++) {
		found[col] = -1;
		for (i = 0; i < c->n && found[col] < 0; i++)
			if (one_of(bare(c->field[i]), headings(r, f, col)))
				found[col] = (int)i;
	}
	if (found[COL_AMOUNT] < 0 || found[COL_TXN] < 0)
		return false;
	memcpy(r->column, found, sizeof(found));
	r->headed = true;
	return true;
}

static const char *
text_of(struct arena *a, struct span s, size_t max)
{
	return s.n == 0 || !utf8_line(s, max) ? "" : arena_dup(a, s.p, s.n);
}

static enum statement_kind
kind_of(const struct statement_reader *r, const struct format *f,
    const struct csv_record *c, bool minus)
{
	struct span type = value(r, c, COL_TYPE);

	if (f->good != NULL && r->column[COL_STATUS] >= 0 &&
	    !one_of(value(r, c, COL_STATUS), f->good))
		return STATEMENT_OTHER;
	if (r->column[COL_TYPE] < 0)
		return minus ? STATEMENT_REFUND : STATEMENT_PAYMENT;
	if (holds(type, f->refund))
		return STATEMENT_REFUND;
	if (holds(type, f->payment) && !minus)
		return STATEMENT_PAYMENT;
	return STATEMENT_OTHER;
}

static bool
take_currency(const struct statement_reader *r, const struct csv_record *c,
    struct statement_line *l)
{
	struct span s = value(r, c, COL_CURRENCY);
	size_t i;

	if (s.n == 0)
		s = span_str(r->currency);
	if (s.n != 3)
		return false;
	for (i = 0; i < 3; i++) {
		if (!chr_alpha(s.p[i]))
			return false;
		l->currency[i] = chr_upper(s.p[i]);
	}
	return true;
}

/* NULL: it is in l.  Else what is wrong with it. */
static const char *
take_record(struct arena *a, const struct statement_reader *r,
    const struct format *f, const struct csv_record *c,
    struct statement_line *l)
{
	unsigned decimals;
	bool minus = false, dummy;

	if (c->n < (size_t)r->column[COL_AMOUNT] + 1 ||
	    c->n < (size_t)r->column[COL_TXN] + 1)
		return "columns";
	if (!take_currency(r, c, l))
		return "currency";
	decimals = currency_decimals(l->currency);
	l->order_no = text_of(a, value(r, c, COL_ORDER), ORDER_MAX);
	l->at = text_of(a, value(r, c, COL_TIME), AT_MAX);
	if (!decimal(a, value(r, c, COL_AMOUNT), decimals, false, &minus,
		&l->amount))
		return "amount";
	l->kind = kind_of(r, f, c, minus);
	if (l->kind == STATEMENT_OTHER)
		return NULL;
	if (l->kind == STATEMENT_REFUND && value(r, c, COL_REFUND).n != 0 &&
	    !decimal(a, value(r, c, COL_REFUND), decimals, false, &minus,
		&l->amount))
		return "amount";
	if (l->amount.minor <= 0)
		return "amount";
	if (value(r, c, COL_FEE).n != 0 &&
	    !decimal(a, value(r, c, COL_FEE), decimals, true, &dummy, &l->fee))
		return "fee";
	l->txn = text_of(a, value(r, c, COL_TXN), LIM_TXN);
	if (l->kind == STATEMENT_REFUND && value(r, c, COL_PARENT).n != 0)
		l->txn = text_of(a, value(r, c, COL_PARENT), LIM_TXN);
	if (!str_is_token(l->txn, "-_.:/", LIM_TXN))
		return "txn";
	if (*l->order_no != '\0' &&
	    !str_is_token(l->order_no, "-_.:/", ORDER_MAX))
		l->order_no = ""; /* other people's numbers: only a hint */
	return NULL;
}

typedef VEC(struct statement_line) lines;

static bool
says_nothing(const struct csv_record *c)
{
	struct span first = bare(c->field[0]);
	size_t i;

	if (first.n != 0 && first.p[0] == '#')
		return true;
	for (i = 0; i < c->n; i++)
		if (bare(c->field[i]).n != 0)
			return false;
	return true;
}

static void
read_record(struct arena *a, struct statement_reader *r, const struct format *f,
    const struct csv_record *c, unsigned at, lines *v)
{
	struct statement_line l = {
	    .line = at, .txn = "", .order_no = "", .at = "", .why = ""};

	if (says_nothing(c) || r->ended)
		return;
	if (!r->headed) {
		if (take_headings(r, f, c) || at < HEAD_WITHIN)
			return;
		l.why = "headings";
	} else if (f->footer != NULL && one_of(bare(c->field[0]), f->footer)) {
		r->ended = true;
		return;
	} else {
		l.why = take_record(a, r, f, c, &l);
	}
	if (l.why != NULL) {
		l.kind = STATEMENT_BAD;
		l.amount = l.fee = MONEY(0);
	} else {
		l.why = "";
	}
	*VEC_ADD(v, a) = l;
}

static struct span
as_utf8(struct arena *a, struct span text)
{
	struct span out;

	if (!utf8_valid(text) && gb18030_text(a, text, &out) == RC_OK)
		return out;
	return text;
}

void
statement_read(struct arena *a, struct statement_reader *r, struct span text,
    const struct statement_line **out, size_t *n)
{
	const struct format *f = format_of(r->format);
	struct span rest = as_utf8(a, text);
	struct csv_record c;
	lines v = {0};
	unsigned at;
	enum rc rc;

	if (r->line == 0 && rest.n >= 3 && memcmp(rest.p, CSV_BOM, 3) == 0)
		rest = (struct span){rest.p + 3, rest.n - 3};
	while (f != NULL) {
		if (!r->headed) {
			struct span all = rest, line;

			if (span_cut(&all, '\n', &line))
				r->separator = csv_separator(line);
		}
		rc = csv_next(a, &rest, r->separator, &c);
		if (rc == RC_NOTFOUND)
			break;
		at = r->line + 1;
		r->line += c.lines;
		if (rc == RC_OK)
			read_record(a, r, f, &c, at, &v);
		else if (!r->ended)
			*VEC_ADD(&v, a) = (struct statement_line){.line = at,
			    .kind = STATEMENT_BAD,
			    .txn = "",
			    .order_no = "",
			    .at = "",
			    .why = "quotes"};
	}
	*out = v.v;
	*n = v.n;
}
