/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The notice mutation matrix for EPay V1: start from a golden notice, change
 * one thing.  An effect exactly for the golden row and its harmless
 * spellings; every other row is refused with the very same answer.
 *
 * Order states (expired, cancelled, refunded, delivered) and another account's
 * orders are not the adapter's business: those rows are in tests/db and
 * tests/http.  The source address decides nothing in this shop.  EPay V1 has
 * no time in its messages: a day more or less changes nothing, and only the
 * order's state stops a replay.
 */
#include "support/test.h"

#include <stdio.h>

#include "io/crypt.h"
#include "pay/epay.h"
#include "pay/verdict.h"

#define KEY "WWc3Z2jkK7jhNGPALcGKjHLPK47wRK85"
#define FORM "Content-Type: application/x-www-form-urlencoded"
#define GOLDEN                                                                 \
	"pid=1001&trade_no=2026010112000351234&out_trade_no=CS20260101000001"  \
	"&type=alipay&name=VIP%E4%BC%9A%E5%91%98&money=10.00"                  \
	"&trade_status=TRADE_SUCCESS"

/* How the notice arrives. */
enum way {
	GET,
	POST,
	PUT,
	JSON,
	MULTIPART,
	NO_TYPE,
	GET_AND_BODY,
	POST_AND_QUERY
};

struct row {
	const char *dimension, *what;
	/* Changes, separated by blanks: "name=raw" sets, "-name" removes,
	 * "+name=raw" adds a second one. */
	const char *before;  /* the gateway signs it like this: genuine */
	const char *after;   /* done to the signed message: tampering */
	const char *signing; /* key of the signer; NULL: ours */
	const char *account; /* our key; NULL: KEY */
	enum way way;
	bool effect;
	enum pay_why why;
};

#include "test_pay_epay_rows.h"

/* One payment, waiting for its money, and how often it was paid. */
struct shop {
	struct pay_expected order;
	bool paid;
	unsigned effects;
};

static const struct pay_expected golden_order = {
    "CS20260101000001", {1000}, "CNY", "", ""};

static void
list_set(struct params *p, const char *name, size_t n, const char *raw)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->v[i].name.n == n &&
		    memcmp(p->v[i].name.p, name, n) == 0) {
			p->v[i].value = span_str(raw);
			return;
		}
	params_span(p, arena_dup(ta, name, n), span_str(raw));
}

static void
list_remove(struct params *p, const char *name)
{
	size_t i, n = 0;

	for (i = 0; i < p->n; i++)
		if (!span_is(p->v[i].name, name))
			p->v[n++] = p->v[i];
	p->n = n;
}

/* What "@WORD" stands for. */
static const char *
special(const char *raw, const char *sign, const char *amp_sign)
{
	char *s = arena_str(ta, sign);

	if (str_eq(raw, "@UPPER")) {
		for (; *s != '\0'; s++)
			*s = chr_upper(*s);
		return s - strlen(sign);
	}
	if (str_eq(raw, "@SHORT"))
		s[strlen(s) - 1] = '\0';
	else if (str_eq(raw, "@LONG"))
		s = arena_fmt(ta, "%s0", sign);
	else if (str_eq(raw, "@PADDED"))
		s = arena_fmt(ta, "%s+", sign);
	else if (str_eq(raw, "@NUL"))
		s = arena_fmt(ta, "%s%%00", sign);
	else if (str_eq(raw, "@AMPKEY"))
		return amp_sign;
	else if (str_eq(raw, "@BIG"))
		return memset(arena_alloc(ta, 10241), 'A', 10240);
	else
		return raw;
	return s;
}

/* The list holds raw (encoded) values: what is sent is what is written in
 * the table. */
static void
change(struct params *p, const char *ops, const char *sign, const char *amp)
{
	struct span rest = span_str(ops), one;

	while (span_cut(&rest, ' ', &one)) {
		const char *op = arena_dup(ta, one.p, one.n);
		const char *eq = strchr(op, '=');

		if (one.n == 0)
			continue;
		if (op[0] == '-')
			list_remove(p, op + 1);
		else if (op[0] == '+' && eq != NULL)
			params_span(p,
			    arena_dup(ta, op + 1, (size_t)(eq - op - 1)),
			    span_str(eq + 1));
		else if (eq != NULL)
			list_set(p, op, (size_t)(eq - op),
			    special(eq + 1, sign, amp));
		else
			fail_msg("bad operation in the table: %s", op);
	}
}

static char *
written(const struct params *p)
{
	struct buf b;
	size_t i;

	buf_init(&b, ta, 4096, 1 << 16);
	for (i = 0; i < p->n; i++) {
		if (i > 0)
			buf_chr(&b, '&');
		buf_add(&b, p->v[i].name.p, p->v[i].name.n);
		buf_chr(&b, '=');
		buf_add(&b, p->v[i].value.p, p->v[i].value.n);
	}
	return arena_str(ta, buf_text(&b));
}

static struct params
split_raw(const char *text)
{
	struct span rest = span_str(text), part, name;
	struct params p;

	params_init(&p, ta);
	while (span_cut(&rest, '&', &part)) {
		span_cut(&part, '=', &name);
		params_span(&p, arena_dup(ta, name.p, name.n), part);
	}
	return p;
}

/* The gateway's side: signs what its row says. */
static char *
message(const struct row *r)
{
	const char *key = r->signing == NULL ? KEY : r->signing;
	struct params raw = split_raw(GOLDEN), decoded;
	const char *sign, *amp;

	change(&raw, r->before, "", "");
	params_init(&decoded, ta);
	assert_int_equal(params_read(&decoded, span_str(written(&raw))), RC_OK);
	sign = epay_md5(ta, epay_signed_text(&decoded), span_str(key), false);
	amp = epay_md5(ta, epay_signed_text(&decoded), span_str(key), true);
	params_span(&raw, "sign", span_str(sign));
	params_span(&raw, "sign_type", SPAN_LIT("MD5"));
	change(&raw, r->after, sign, amp);
	return written(&raw);
}

static struct pay_request
arrives(enum way way, const char *text)
{
	static const char *const form[] = {FORM, NULL};
	static const char *const json[] = {
	    "content-type: application/json", NULL};
	static const char *const multi[] = {
	    "Content-Type: multipart/form-data; boundary=x", NULL};
	struct span s = span_str(text), none = SPAN_LIT("");

	switch (way) {
	case POST:
		return (struct pay_request){"POST", none, s, form};
	case PUT:
		return (struct pay_request){"PUT", s, none, NULL};
	case JSON:
		return (struct pay_request){"POST", none, s, json};
	case MULTIPART:
		return (struct pay_request){"POST", none, s, multi};
	case NO_TYPE:
		return (struct pay_request){"POST", none, s, NULL};
	case GET_AND_BODY:
		return (struct pay_request){
		    "GET", s, SPAN_LIT("money=0.01"), form};
	case POST_AND_QUERY:
		return (struct pay_request){
		    "POST", SPAN_LIT("money=0.01"), s, form};
	case GET:
		break;
	}
	return (struct pay_request){"GET", s, none, NULL};
}

static const struct pay_account *
account(const char *key)
{
	const struct pay_pair pair[] = {
	    {"base_url", "https://pay.example/"},
	    {"pid", "1001"},
	    {"key", key},
	};
	struct gateway_config config = {pair, 3};
	const struct pay_account *ac;
	struct gateway_error why;

	if (gateway_account(&gateway_epay, ta, &config, &ac, &why) != RC_OK)
		return NULL;
	return ac;
}

/* The shop's side in six lines; returns the answer. */
static const struct pay_reply *
receive(struct shop *shop, const struct pay_account *ac,
    const struct pay_request *rq, enum pay_why *why)
{
	struct ctx cx = {.arena = ta, .keep = ta, .now = 1767240004000000};
	const struct pay_expected *e = NULL;
	struct verdict v;

	gateway_notice(&gateway_epay, &cx, ac, rq, &v);
	if (str_eq(v.order_no, shop->order.order_no))
		e = &shop->order;
	*why = verdict_compare(&gateway_epay, &v, e);
	if (*why == WHY_OK && v.outcome == PAY_PAID && !shop->paid) {
		shop->paid = true;
		shop->effects++;
	}
	return gateway_reply(&gateway_epay, verdict_answer(&v, *why));
}

static void
one_row(const struct row *r)
{
	const struct pay_account *ac =
	    account(r->account == NULL ? KEY : r->account);
	struct pay_request rq = arrives(r->way, message(r));
	struct shop shop = {.order = golden_order};
	const struct pay_reply *reply;
	enum pay_why why;
	int i;

	/* three times: a repeat of the golden row has no second effect, and
	 * a refused message stays refused */
	for (i = 0; i < 3; i++) {
		reply = receive(&shop, ac, &rq, &why);
		if (why != r->why)
			fail_msg("%s, %s: %s instead of %s", r->dimension,
			    r->what, pay_why_name(why), pay_why_name(r->why));
		if (shop.effects != (r->effect ? 1 : 0))
			fail_msg("%s, %s: %u effects", r->dimension, r->what,
			    shop.effects);
		assert_ptr_equal(
		    reply, gateway_reply(&gateway_epay,
			       r->effect ? ANSWER_ACCEPT : ANSWER_REJECT));
	}
}

static void
the_matrix(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		one_row(&row[i]);
		arena_reset(ta);
	}
}

/* T-CB-2: without any one of them nothing happens, whatever else is right. */
static void
each_parameter_is_needed(void **state)
{
	static const char *const name[] = {"pid", "trade_no", "out_trade_no",
	    "type", "name", "money", "trade_status", "sign"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		struct row r = {"absent", name[i], "",
		    arena_fmt(ta, "-%s", name[i]), NULL, NULL, GET, false,
		    str_eq(name[i], "sign") ? WHY_UNSIGNED : WHY_SIGNATURE};

		one_row(&r);
	}
}

/* A genuine notice about another payment than the one it is compared with. */
static void
the_payment_differs(void **state)
{
	const struct row r = {
	    "golden", "", "", "", NULL, NULL, GET, true, WHY_OK};
	const struct {
		struct pay_expected order;
		enum pay_why why;
	} other[] = {
	    {{"CS20260101000001", {1001}, "CNY", "", ""}, WHY_AMOUNT},
	    {{"CS20260101000001", {999}, "CNY", "", ""}, WHY_AMOUNT},
	    {{"CS20260101000001", {1000}, "USD", "", ""}, WHY_CURRENCY},
	    {{"CS20260101000001", {1000}, "cny", "", ""}, WHY_CURRENCY},
	    {{"CS20260101000002", {1000}, "CNY", "", ""}, WHY_ORDER},
	    /* of another channel, so not found through this one */
	    {{"", {1000}, "CNY", "", ""}, WHY_ORDER},
	};
	struct pay_request rq = arrives(GET, message(&r));
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		struct shop shop = {.order = other[i].order};
		enum pay_why why;

		assert_ptr_equal(receive(&shop, account(KEY), &rq, &why),
		    gateway_reply(&gateway_epay, ANSWER_REJECT));
		assert_int_equal(why, other[i].why);
		assert_int_equal(shop.effects, 0);
	}
}

static void
fifty_times(void **state)
{
	const struct row r = {
	    "golden", "", "", "", NULL, NULL, GET, true, WHY_OK};
	struct pay_request rq = arrives(GET, message(&r));
	struct shop shop = {.order = golden_order};
	enum pay_why why;
	int i;

	(void)state;
	for (i = 0; i < 50; i++)
		assert_string_equal(
		    receive(&shop, account(KEY), &rq, &why)->body, "success");
	assert_int_equal(shop.effects, 1);
}

static void
paid_then_failed(void **state)
{
	const struct row good = {"", "", "", "", NULL, NULL, GET, true, WHY_OK};
	const struct row bad = {"", "", "trade_status=TRADE_CLOSED", "", NULL,
	    NULL, GET, false, WHY_STATUS};
	struct pay_request first = arrives(GET, message(&good));
	struct pay_request then = arrives(GET, message(&bad));
	struct shop shop = {.order = golden_order};
	enum pay_why why;

	(void)state;
	receive(&shop, account(KEY), &first, &why);
	assert_string_equal(
	    receive(&shop, account(KEY), &then, &why)->body, "fail");
	assert_true(shop.paid);
	assert_int_equal(shop.effects, 1);
}

/* Cut anywhere, or with any one byte changed, it is never accepted for
 * another amount or order: an accepted mutant says what the golden one says. */
static void
any_cut_any_byte(void **state)
{
	const struct row r = {
	    "golden", "", "", "", NULL, NULL, GET, true, WHY_OK};
	const char *text = message(&r);
	const struct pay_account *ac = account(KEY);
	size_t n = strlen(text), i;
	struct ctx cx = {.arena = ta, .keep = ta};
	struct pay_request rq = {"GET", {0}, {0}, NULL};
	struct verdict v;

	(void)state;
	test_seed();
	for (i = 0; i < n; i++) {
		rq.query = (struct span){text, i};
		gateway_notice(&gateway_epay, &cx, ac, &rq, &v);
		/* only sign_type=MD5 may be missing */
		if (v.outcome != PAY_REJECT)
			assert_true(n - i <= strlen("&sign_type=MD5"));
	}
	for (i = 0; i < 4000; i++) {
		char *mutant = arena_str(ta, text);
		size_t at = (size_t)test_below(n);

		mutant[at] = (char)test_below(256);
		rq.query = (struct span){mutant, n};
		gateway_notice(&gateway_epay, &cx, ac, &rq, &v);
		if (v.outcome == PAY_REJECT)
			continue;
		assert_int_equal(v.outcome, PAY_PAID);
		assert_int_equal(v.amount.minor, 1000);
		assert_string_equal(v.order_no, "CS20260101000001");
		assert_string_equal(v.txn, "2026010112000351234");
	}
}

static void
the_amp_dialect(void **state)
{
	const struct row plain = {"", "", "", "", NULL, NULL, GET, false, 0};
	const struct row amp = {
	    "", "", "", "sign=@AMPKEY", NULL, NULL, GET, true, 0};
	const struct pay_pair pair[] = {{"base_url", "https://pay.example/"},
	    {"pid", "1001"}, {"key", KEY}, {"key_join", "amp"}};
	struct gateway_config config = {pair, 4};
	struct shop shop = {.order = golden_order};
	const struct pay_account *ac;
	struct gateway_error error;
	struct pay_request rq;
	enum pay_why why;

	(void)state;
	assert_int_equal(
	    gateway_account(&gateway_epay, ta, &config, &ac, &error), RC_OK);
	rq = arrives(GET, message(&plain));
	receive(&shop, ac, &rq, &why);
	assert_int_equal(why, WHY_SIGNATURE);
	rq = arrives(GET, message(&amp));
	receive(&shop, ac, &rq, &why);
	assert_int_equal(why, WHY_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_matrix),
	    TEST(each_parameter_is_needed),
	    TEST(the_payment_differs),
	    TEST(fifty_times),
	    TEST(paid_then_failed),
	    TEST(any_cut_any_byte),
	    TEST(the_amp_dialect),
	};

	crypt_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
