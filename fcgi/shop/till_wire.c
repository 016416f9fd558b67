/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of till_wire.h.  Integers are eight bytes, the lowest first; a
 * text is its length and its bytes.  The reader has a sticky error: it reads
 * zeros and empty texts to the end, and the end asks once.
 */
#include "shop/till_wire.h"

#include <string.h>

#include "base/bug.h"
#include "base/limits.h"
#include "pay/verdict.h"

enum { MARK = 0x4b, NUMBER = 8, POSITION_MAX = 512, REASON_MAX = 64 };

/* ------------------------------------------------------------ writing */

static void
put_u64(struct buf *b, uint64_t v)
{
	char p[NUMBER];
	int i;

	for (i = 0; i < NUMBER; i++, v >>= 8)
		p[i] = (char)(unsigned char)v;
	buf_add(b, p, sizeof(p));
}

static void
put_i64(struct buf *b, int64_t v)
{
	put_u64(b, (uint64_t)v);
}

static void
put_span(struct buf *b, struct span s)
{
	put_u64(b, s.n);
	buf_add(b, s.p, s.n);
}

static void
put_str(struct buf *b, const char *s)
{
	put_span(b, span_str(s));
}

static void
put_head(struct buf *b, char kind)
{
	buf_chr(b, MARK);
	buf_chr(b, kind);
}

/* ------------------------------------------------------------ reading */

struct reader {
	struct arena *arena;
	struct span left;
	bool bad;
};

static const char *
take(struct reader *r, size_t n)
{
	const char *p = r->left.p;

	if (r->bad || n > r->left.n) {
		r->bad = true;
		return NULL;
	}
	r->left.p += n;
	r->left.n -= n;
	return p;
}

static uint64_t
get_u64(struct reader *r)
{
	const char *p = take(r, NUMBER);
	uint64_t v = 0;
	int i;

	for (i = NUMBER - 1; p != NULL && i >= 0; i--)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

/* A number below limit. */
static unsigned
get_below(struct reader *r, uint64_t limit)
{
	uint64_t v = get_u64(r);

	if (v < limit)
		return (unsigned)v;
	r->bad = true;
	return 0;
}

static struct money
get_money(struct reader *r)
{
	return MONEY((int64_t)get_u64(r));
}

static struct span
get_span(struct reader *r, size_t max)
{
	uint64_t n = get_u64(r);
	const char *p = n <= max ? take(r, (size_t)n) : NULL;

	if (p == NULL) {
		r->bad = true;
		return SPAN_LIT("");
	}
	return (struct span){arena_dup(r->arena, p, (size_t)n), (size_t)n};
}

/* A text, without a NUL inside. */
static const char *
get_str(struct reader *r, size_t max)
{
	struct span s = get_span(r, max);

	if (span_has_nul(s))
		r->bad = true;
	return r->bad ? "" : s.p;
}

/* The same into a field of size bytes. */
static void
get_text(struct reader *r, char *to, size_t size)
{
	const char *s = get_str(r, size - 1);

	memcpy(to, s, strlen(s) + 1);
}

static void
get_raw(struct reader *r, void *to, size_t n)
{
	const char *p = take(r, n);

	if (p != NULL)
		memcpy(to, p, n);
}

static struct reader
reader(struct arena *a, struct span in, char kind)
{
	struct reader r = {.arena = a, .left = in};
	const char *p = take(&r, 2);

	r.bad = p == NULL || p[0] != MARK || p[1] != kind;
	return r;
}

static enum rc
done(const struct reader *r)
{
	return r->bad || r->left.n != 0 ? RC_INVALID : RC_OK;
}

/* ------------------------------------------------------------ questions */

enum rc
till_look(struct span in, enum till_kind *kind, int64_t *until)
{
	struct reader r = {.left = in};
	const char *p = take(&r, 2);

	if (p == NULL || p[0] != MARK || (p[1] != 'c' && p[1] != 'p'))
		return RC_INVALID;
	*kind = p[1] == 'c' ? TILL_CLAIM : TILL_PAID;
	*until = (int64_t)get_u64(&r);
	return r.bad ? RC_INVALID : RC_OK;
}

void
till_put_claim(struct buf *b, int64_t until, const struct claim *c)
{
	size_t i;

	put_head(b, 'c');
	put_i64(b, until);
	put_str(b, c->no);
	buf_add(b, c->form_key, sizeof(c->form_key));
	put_u64(b, c->product);
	put_u64(b, c->sku);
	put_u64(b, c->coupon);
	put_u64(b, c->channel);
	put_u64(b, c->kind);
	put_u64(b, c->newest);
	put_u64(b, c->qty);
	put_u64(b, c->buyer_limit);
	put_i64(b, c->list.minor);
	put_i64(b, c->tier_off.minor);
	put_i64(b, c->coupon_off.minor);
	put_i64(b, c->fee.minor);
	put_i64(b, c->total.minor);
	put_i64(b, c->unit.minor);
	put_i64(b, c->cost.minor);
	put_str(b, c->currency);
	put_str(b, c->contact);
	put_str(b, c->product_name);
	put_str(b, c->sku_name);
	put_str(b, c->sku_code);
	put_str(b, c->lang);
	buf_add(b, c->contact_hash, sizeof(c->contact_hash));
	buf_add(b, c->buyer_hash, sizeof(c->buyer_hash));
	buf_add(b, c->lookup_hash, sizeof(c->lookup_hash));
	put_u64(b, c->has_lookup);
	buf_add(b, c->address, sizeof(c->address));
	put_u64(b, c->address_n);
	put_i64(b, c->created);
	put_i64(b, c->expires);
	put_u64(b, c->offer);
	put_u64(b, c->n_inputs);
	for (i = 0; i < c->n_inputs; i++) {
		put_str(b, c->inputs[i].name);
		put_str(b, c->inputs[i].label);
		put_str(b, c->inputs[i].value);
	}
}

static void
get_inputs(struct reader *r, struct claim *c)
{
	size_t i;

	c->n_inputs = get_below(r, LIM_INPUTS + 1);
	for (i = 0; i < c->n_inputs; i++) {
		c->inputs[i].name = get_str(r, LIM_PARAM_NAME);
		/* characters of up to four bytes */
		c->inputs[i].label = get_str(r, 4 * LIM_NAME);
		c->inputs[i].value = get_str(r, 4 * LIM_INPUT_VALUE);
	}
}

enum rc
till_get_claim(struct arena *a, struct span in, struct claim *c)
{
	struct reader r = reader(a, in, 'c');

	_Static_assert(sizeof(c->inputs) / sizeof(c->inputs[0]) == LIM_INPUTS,
	    "inputs of a claim");
	memset(c, 0, sizeof(*c));
	(void)get_u64(&r); /* until: till_look() */
	get_text(&r, c->no, sizeof(c->no));
	get_raw(&r, c->form_key, sizeof(c->form_key));
	c->product = get_u64(&r);
	c->sku = get_u64(&r);
	c->coupon = get_u64(&r);
	c->channel = get_u64(&r);
	c->kind = (enum sku_kind)get_below(&r, SKU_MANUAL + 1);
	c->newest = get_below(&r, 2) != 0;
	c->qty = get_below(&r, LIM_QTY + 1);
	c->buyer_limit = get_below(&r, UINT32_MAX);
	c->list = get_money(&r);
	c->tier_off = get_money(&r);
	c->coupon_off = get_money(&r);
	c->fee = get_money(&r);
	c->total = get_money(&r);
	c->unit = get_money(&r);
	c->cost = get_money(&r);
	get_text(&r, c->currency, sizeof(c->currency));
	get_text(&r, c->contact, sizeof(c->contact));
	get_text(&r, c->product_name, sizeof(c->product_name));
	get_text(&r, c->sku_name, sizeof(c->sku_name));
	get_text(&r, c->sku_code, sizeof(c->sku_code));
	get_text(&r, c->lang, sizeof(c->lang));
	get_raw(&r, c->contact_hash, sizeof(c->contact_hash));
	get_raw(&r, c->buyer_hash, sizeof(c->buyer_hash));
	get_raw(&r, c->lookup_hash, sizeof(c->lookup_hash));
	c->has_lookup = get_below(&r, 2) != 0;
	get_raw(&r, c->address, sizeof(c->address));
	c->address_n = get_below(&r, sizeof(c->address) + 1);
	c->created = (int64_t)get_u64(&r);
	c->expires = (int64_t)get_u64(&r);
	c->offer = get_u64(&r);
	get_inputs(&r, c);
	if (c->qty == 0 || strlen(c->no) != LIM_ORDER_NO)
		r.bad = true;
	return done(&r);
}

void
till_put_paid(struct buf *b, int64_t until, const struct paid *p)
{
	const struct verdict *v = p->verdict;

	BUG_ON(v == NULL || p->gateway == NULL || p->detail != NULL);
	put_head(b, 'p');
	put_i64(b, until);
	put_u64(b, p->source);
	put_u64(b, p->channel);
	put_str(b, p->order_no);
	put_str(b, p->gateway->name);
	put_u64(b, v->outcome);
	put_u64(b, v->why);
	put_u64(b, v->signature_valid);
	put_str(b, v->order_no);
	put_str(b, v->provider_ref);
	put_str(b, v->txn);
	put_str(b, v->event_id);
	put_u64(b, v->has_amount);
	put_i64(b, v->amount.minor);
	put_str(b, v->currency);
	put_i64(b, v->refunded.minor);
	put_i64(b, v->refund.minor);
	put_str(b, v->refund_no);
	put_str(b, p->txn);
	put_str(b, p->method);
	put_u64(b, p->judged_by);
	put_span(b, p->query);
	put_span(b, p->headers);
	put_span(b, p->body);
}

static void
get_verdict(struct reader *r, struct verdict *v)
{
	enum { TEXT = 512 };

	verdict_init(v);
	v->outcome = (enum pay_outcome)get_below(r, PAY_OUTCOME__N);
	v->why = (enum pay_why)get_below(r, WHY__N);
	v->signature_valid = get_below(r, 2) != 0;
	v->order_no = get_str(r, TEXT);
	v->provider_ref = get_str(r, TEXT);
	v->txn = get_str(r, TEXT);
	v->event_id = get_str(r, TEXT);
	v->has_amount = get_below(r, 2) != 0;
	v->amount = get_money(r);
	get_text(r, v->currency, sizeof(v->currency));
	v->refunded = get_money(r);
	v->refund = get_money(r);
	v->refund_no = get_str(r, TEXT);
}

enum rc
till_get_paid(struct arena *a, struct span in, struct paid *p)
{
	struct verdict *v = ARENA_NEW(a, struct verdict);
	struct reader r = reader(a, in, 'p');
	const char *gateway;

	memset(p, 0, sizeof(*p));
	(void)get_u64(&r); /* until */
	p->source = (enum settle_source)get_below(&r, SETTLE_STATEMENT + 1);
	p->channel = get_u64(&r);
	p->order_no = get_str(&r, LIM_PARAM_NAME);
	gateway = get_str(&r, LIM_PARAM_NAME);
	get_verdict(&r, v);
	p->txn = get_str(&r, LIM_QUERY);
	p->method = get_str(&r, LIM_PARAM_NAME);
	p->judged_by = get_u64(&r);
	p->query = get_span(&r, LIM_QUERY);
	p->headers = get_span(&r, LIM_QUERY);
	p->body = get_span(&r, LIM_BODY_NOTICE);
	if (done(&r) != RC_OK)
		return RC_INVALID;
	p->verdict = v;
	p->gateway = gateway_find(gateway);
	return p->gateway != NULL ? RC_OK : RC_NOTFOUND;
}

/* ------------------------------------------------------------ answers */

void
till_put_refusal(struct buf *b)
{
	put_head(b, 'n');
}

static bool
is_refusal(struct span in)
{
	return in.n == 2 && in.p[0] == MARK && in.p[1] == 'n';
}

void
till_put_claimed(struct buf *b, const struct claim *c, const char *position)
{
	put_head(b, 'C');
	put_u64(b, c->rc);
	put_u64(b, c->why);
	put_str(b, c->no);
	put_u64(b, c->order);
	put_str(b, position);
}

enum rc
till_get_claimed(
    struct arena *a, struct span in, struct claim *c, const char **position)
{
	struct reader r = reader(a, in, 'C');
	enum rc rc = (enum rc)get_below(&r, RC__N);
	enum claim_why why = (enum claim_why)get_below(&r, CLAIM__N);
	const char *no = get_str(&r, sizeof(c->no) - 1);
	uint64_t order = get_u64(&r);
	const char *where = get_str(&r, POSITION_MAX);

	if (is_refusal(in))
		return RC_NOTFOUND;
	if (strlen(no) != LIM_ORDER_NO || done(&r) != RC_OK)
		return RC_INVALID;
	c->rc = rc;
	c->why = why;
	memcpy(c->no, no, sizeof(c->no));
	c->order = order;
	*position = where;
	return RC_OK;
}

void
till_put_settled(struct buf *b, const struct paid *p, const char *position)
{
	put_head(b, 'P');
	put_u64(b, p->rc);
	put_u64(b, (uint64_t)p->why);
	put_u64(b, p->stale);
	put_str(b, p->reason);
	put_str(b, position);
}

enum rc
till_get_settled(
    struct arena *a, struct span in, struct paid *p, const char **position)
{
	struct reader r = reader(a, in, 'P');
	enum rc rc = (enum rc)get_below(&r, RC__N);
	int why = (int)get_below(&r, WHY__N);
	bool stale = get_below(&r, 2) != 0;
	const char *reason = get_str(&r, REASON_MAX);
	const char *where = get_str(&r, POSITION_MAX);

	if (is_refusal(in))
		return RC_NOTFOUND;
	if (done(&r) != RC_OK)
		return RC_INVALID;
	p->rc = rc;
	p->why = why;
	p->stale = stale;
	p->reason = reason;
	*position = where;
	return RC_OK;
}
