/* SPDX-License-Identifier: Apache-2.0 */
/* EPay V1: what we send, and what we make of the API's answers. */
#include "support/test.h"

#include <stdio.h>

#include "io/crypt.h"
#include "io/httpc.h"
#include "pay/epay.h"
#include "pay/params.h"

#define KEY "WWc3Z2jkK7jhNGPALcGKjHLPK47wRK85"

/* ---- the gateway that answers what a test says */

static struct {
	enum rc rc;
	int status;
	const char *body;
	unsigned calls;
	struct params form;
	const char *method;
	char url[256];
} net;

static enum rc
answer(struct ctx *cx, const struct http_call *call, struct http_answer *out)
{
	(void)cx;
	net.calls++;
	snprintf(net.url, sizeof(net.url), "%s", call->url);
	net.method = call->method;
	params_init(&net.form, ta);
	assert_int_equal(
	    params_read(&net.form, str_eq(call->method, "GET")
				       ? span_str(strchr(call->url, '?') + 1)
				       : call->body),
	    RC_OK);
	memset(out, 0, sizeof(*out));
	out->status = net.status;
	out->body = span_str(net.body);
	return net.rc;
}

static struct ctx
begin(const char *body)
{
	struct ctx cx = {.arena = ta, .keep = ta, .now = 1767240004000000};

	memset(&net, 0, sizeof(net));
	net.status = 200;
	net.body = body;
	http_replace(answer);
	return cx;
}

static const struct pay_account *
account(const char *name, const char *value)
{
	const struct pay_pair pair[] = {{"base_url", "https://pay.example/x/"},
	    {"pid", "1001"}, {"key", KEY}, {"type", "alipay"}, {name, value}};
	struct gateway_config config = {pair, name == NULL ? 4 : 5};
	const struct pay_account *ac;
	struct gateway_error why;

	assert_int_equal(
	    gateway_account(&gateway_epay, ta, &config, &ac, &why), RC_OK);
	return ac;
}

static struct pay_order
order(void)
{
	return (struct pay_order){
	    .order_no = "CS20260101000001",
	    .amount = {1250},
	    .currency = "CNY",
	    .subject = "VIP\xE4\xBC\x9A\xE5\x91\x98",
	    .notify_url = "https://shop.example/pay/notify/e/1",
	    .return_url = "https://shop.example/o/1/return?x=1",
	    .client_ip = "192.0.2.1",
	    .method = "",
	    .provider_ref = "",
	};
}

static void
sent_is(const char *name, const char *value)
{
	const struct span *s = params_get(&net.form, name);

	assert_non_null(s);
	assert_span(*s, value);
}

static void
sign_is_good(struct params *p)
{
	assert_span(*params_get(p, "sign_type"), "MD5");
	assert_span(*params_get(p, "sign"),
	    epay_md5(ta, epay_signed_text(p), SPAN_LIT(KEY), false));
}

static void
submit_is_a_signed_link(void **state)
{
	struct ctx cx = begin("");
	struct pay_order o = order();
	struct pay_opened out;
	struct params p;
	size_t i;

	(void)state;
	assert_int_equal(
	    gateway_open(&gateway_epay, &cx, account(NULL, NULL), &o, &out),
	    RC_OK);
	assert_int_equal(out.show, PAY_LINK);
	assert_int_equal(net.calls, 0);
	assert_true(
	    str_starts(out.url, "https://pay.example/x/submit.php?pid=1001&"));
	params_init(&p, ta);
	assert_int_equal(
	    params_read(&p, span_str(strchr(out.url, '?') + 1)), RC_OK);
	assert_span(*params_get(&p, "money"), "12.50");
	assert_span(*params_get(&p, "type"), "alipay");
	assert_span(*params_get(&p, "name"), o.subject);
	sign_is_good(&p);
	/* the form says the same */
	assert_int_equal(out.n_form, p.n);
	for (i = 0; i < p.n; i++)
		assert_span(
		    *params_get(&p, out.form[i].name), out.form[i].value);
}

static void
method_overrides_type(void **state)
{
	struct ctx cx = begin("");
	struct pay_order o = order();
	struct pay_opened out;

	(void)state;
	o.method = "wxpay";
	assert_int_equal(
	    gateway_open(&gateway_epay, &cx, account(NULL, NULL), &o, &out),
	    RC_OK);
	assert_non_null(strstr(out.url, "&type=wxpay&"));
}

static void
names_hold_no_border(void **state)
{
	static const struct {
		const char *subject, *sent;
	} row[] = {
	    {"a&b=c", "a b c"},
	    {"x&out_trade_no=Y", "x out_trade_no Y"},
	    {"", "-"},
	    {"\xff", "-"},
	    {"line\nbreak", "line break"},
	    /* cut at 127 bytes, on the border of a character */
	    {"\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A"
	     "\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A"
	     "\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A"
	     "\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A"
	     "\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A"
	     "\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A"
	     "\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A"
	     "\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A"
	     "\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A\xE4\xBC\x9A",
		NULL},
	};
	struct ctx cx = begin("");
	struct pay_order o = order();
	struct pay_opened out;
	struct params p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		o.subject = row[i].subject;
		assert_int_equal(gateway_open(&gateway_epay, &cx,
				     account(NULL, NULL), &o, &out),
		    RC_OK);
		params_init(&p, ta);
		assert_int_equal(
		    params_read(&p, span_str(strchr(out.url, '?') + 1)), RC_OK);
		if (row[i].sent != NULL)
			assert_span(*params_get(&p, "name"), row[i].sent);
		else
			assert_int_equal(params_get(&p, "name")->n, 126);
	}
}

static void
open_is_refused(void **state)
{
	struct ctx cx = begin("");
	struct pay_order o;
	struct pay_opened out;

	(void)state;
	o = order();
	o.amount.minor = 0;
	assert_int_equal(
	    gateway_open(&gateway_epay, &cx, account(NULL, NULL), &o, &out),
	    RC_INVALID);
	o = order();
	o.currency = "USD";
	assert_int_equal(
	    gateway_open(&gateway_epay, &cx, account(NULL, NULL), &o, &out),
	    RC_INVALID);
	o = order();
	o.order_no = "a&b";
	assert_int_equal(
	    gateway_open(&gateway_epay, &cx, account(NULL, NULL), &o, &out),
	    RC_INVALID);
}

static void
mapi_answers(void **state)
{
	static const struct {
		const char *body;
		enum rc rc;
		enum pay_show show;
		const char *url, *qr;
	} row[] = {
	    {"{\"code\":1,\"trade_no\":\"1\",\"payurl\":\"https://p/1\"}",
		RC_OK, PAY_LINK, "https://p/1", ""},
	    {"{\"code\":\"1\",\"qrcode\":\"weixin://wxpay/x\"}", RC_OK, PAY_QR,
		"", "weixin://wxpay/x"},
	    {"{\"code\":1,\"urlscheme\":\"weixin://dl/x\"}", RC_OK, PAY_QR, "",
		"weixin://dl/x"},
	    {"{\"code\":1,\"payurl\":\"javascript:alert(1)\"}", RC_FAIL, 0, "",
		""},
	    {"{\"code\":1}", RC_FAIL, 0, "", ""},
	    {"{\"code\":-1,\"msg\":\"no\"}", RC_FAIL, 0, "", ""},
	    {"{\"code\":true,\"payurl\":\"https://p/1\"}", RC_FAIL, 0, "", ""},
	    {"{\"code\":1,\"code\":1,\"payurl\":\"https://p/1\"}", RC_FAIL, 0,
		"", ""},
	    {"[]", RC_FAIL, 0, "", ""},
	    {"<html>", RC_FAIL, 0, "", ""},
	    {"", RC_FAIL, 0, "", ""},
	};
	const struct pay_account *ac = account("open", "mapi");
	struct pay_order o = order();
	struct pay_opened out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct ctx cx = begin(row[i].body);

		assert_int_equal(
		    gateway_open(&gateway_epay, &cx, ac, &o, &out), row[i].rc);
		assert_string_equal(net.url, "https://pay.example/x/mapi.php");
		sent_is("clientip", "192.0.2.1");
		sent_is("device", "pc");
		sign_is_good(&net.form);
		if (row[i].rc != RC_OK)
			continue;
		assert_int_equal(out.show, row[i].show);
		assert_string_equal(out.url, row[i].url);
		assert_string_equal(out.qr, row[i].qr);
	}
}

static void
mapi_without_an_answer(void **state)
{
	struct ctx cx = begin("");
	struct pay_order o = order();
	struct pay_opened out;

	(void)state;
	net.rc = RC_BUSY;
	assert_int_equal(
	    gateway_open(&gateway_epay, &cx, account("open", "mapi"), &o, &out),
	    RC_BUSY);
	net.rc = RC_OK;
	net.status = 502;
	net.body = "{\"code\":1,\"payurl\":\"https://p/1\"}";
	assert_int_equal(
	    gateway_open(&gateway_epay, &cx, account("open", "mapi"), &o, &out),
	    RC_FAIL);
}

#define ORDER                                                                  \
	"{\"code\":1,\"trade_no\":\"T1\",\"out_trade_no\":"                    \
	"\"CS20260101000001\",\"pid\":1001,"

static void
query_answers(void **state)
{
	static const struct {
		const char *body;
		enum rc rc;
		enum pay_outcome outcome;
		int64_t minor;
	} row[] = {
	    {ORDER "\"money\":\"12.50\",\"status\":1}", RC_OK, PAY_PAID, 1250},
	    {ORDER "\"money\":12.5,\"status\":\"1\"}", RC_OK, PAY_PAID, 1250},
	    {ORDER "\"money\":12,\"status\":1}", RC_OK, PAY_PAID, 1200},
	    {ORDER "\"money\":\"12.50\",\"status\":0}", RC_OK, PAY_PENDING,
		1250},
	    {ORDER "\"money\":\"12.50\",\"status\":2}", RC_OK, PAY_REFUNDED,
		1250},
	    {ORDER "\"money\":\"12.50\",\"status\":7}", RC_FAIL, 0, 0},
	    {ORDER "\"money\":\"12.50\",\"status\":true}", RC_FAIL, 0, 0},
	    {ORDER "\"money\":\"12.50\"}", RC_FAIL, 0, 0},
	    {ORDER "\"money\":12.505,\"status\":1}", RC_FAIL, 0, 0},
	    {ORDER "\"money\":1e3,\"status\":1}", RC_OK, PAY_PAID, 100000},
	    {ORDER "\"money\":\"1e3\",\"status\":1}", RC_FAIL, 0, 0},
	    {ORDER "\"money\":\"-1\",\"status\":1}", RC_FAIL, 0, 0},
	    /* of another order, of another merchant */
	    {"{\"code\":1,\"trade_no\":\"T1\",\"out_trade_no\":\"X\","
	     "\"pid\":1001,\"money\":\"12.50\",\"status\":1}",
		RC_FAIL, 0, 0},
	    {"{\"code\":1,\"trade_no\":\"T1\",\"out_trade_no\":"
	     "\"CS20260101000001\",\"pid\":1002,\"money\":\"12.50\","
	     "\"status\":1}",
		RC_FAIL, 0, 0},
	    {"{\"code\":-1,\"msg\":\"?\"}", RC_NOTFOUND, 0, 0},
	    {"{\"code\":-3,\"msg\":\"?\"}", RC_FAIL, 0, 0},
	    {"<html>", RC_FAIL, 0, 0},
	};
	struct pay_ref ref = {"CS20260101000001", "", "", {1250}, "CNY"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct ctx cx = begin(row[i].body);
		struct verdict v;

		if (gateway_query(&gateway_epay, &cx, account(NULL, NULL), &ref,
			&v) != row[i].rc)
			fail_msg("%s", row[i].body);
		sent_is("act", "order");
		sent_is("key", KEY);
		/* the reference program looks into the query only */
		assert_string_equal(net.method, "GET");
		if (row[i].rc != RC_OK) {
			assert_int_equal(v.outcome, PAY_REJECT);
			assert_false(v.signature_valid);
			continue;
		}
		assert_int_equal(v.outcome, row[i].outcome);
		assert_int_equal(v.amount.minor, row[i].minor);
		assert_string_equal(v.txn, "T1");
		assert_string_equal(v.currency, "CNY");
	}
}

static void
query_by_signature(void **state)
{
	struct ctx cx = begin("{\"code\":-1}");
	struct pay_ref ref = {"CS20260101000001", "", "", {1250}, "CNY"};
	struct verdict v;

	(void)state;
	assert_int_equal(gateway_query(&gateway_epay, &cx,
			     account("api_auth", "sign"), &ref, &v),
	    RC_NOTFOUND);
	assert_null(params_get(&net.form, "key"));
	sign_is_good(&net.form);
}

static void
refund_answers(void **state)
{
	static const struct {
		enum rc rc;
		int status;
		const char *body;
		enum refund_state state;
	} row[] = {
	    {RC_OK, 200, "{\"code\":1,\"msg\":\"ok\"}", REFUND_DONE},
	    {RC_OK, 200, "{\"code\":0}", REFUND_DONE},
	    {RC_OK, 200, "{\"code\":-1,\"msg\":\"no\"}", REFUND_REFUSED},
	    /* the money may have moved: nobody knows */
	    {RC_OK, 500, "{\"code\":-1}", REFUND_UNCLEAR},
	    {RC_OK, 200, "<html>", REFUND_UNCLEAR},
	    {RC_OK, 200, "", REFUND_UNCLEAR},
	    {RC_BUSY, 0, "", REFUND_UNCLEAR},
	    {RC_FAIL, 0, "", REFUND_UNCLEAR},
	    /* never left the house */
	    {RC_DENIED, 0, "", REFUND_REFUSED},
	};
	struct pay_refund rf = {
	    .of = {"CS20260101000001", "", "T1", {1250}, "CNY"},
	    .refund_no = "R1",
	    .amount = {250},
	    .reason = "x",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct ctx cx = begin(row[i].body);
		struct pay_refunded out;

		net.rc = row[i].rc;
		net.status = row[i].status;
		assert_int_equal(gateway_refund(&gateway_epay, &cx,
				     account(NULL, NULL), &rf, &out),
		    RC_OK);
		assert_int_equal(out.state, row[i].state);
		assert_int_equal(net.calls, 1);
		sent_is("money", "2.50");
		sent_is("trade_no", "T1");
		/* the key stays out of the address */
		assert_string_equal(net.method, "POST");
		assert_string_equal(
		    net.url, "https://pay.example/x/api.php?act=refund");
	}
}

static void
refund_of_too_much(void **state)
{
	struct ctx cx = begin("{\"code\":1}");
	struct pay_refund rf = {
	    .of = {"CS20260101000001", "", "T1", {1250}, "CNY"},
	    .refund_no = "R1",
	    .amount = {1251},
	};
	struct pay_refunded out;

	(void)state;
	assert_int_equal(
	    gateway_refund(&gateway_epay, &cx, account(NULL, NULL), &rf, &out),
	    RC_INVALID);
	rf.amount.minor = 0;
	assert_int_equal(
	    gateway_refund(&gateway_epay, &cx, account(NULL, NULL), &rf, &out),
	    RC_INVALID);
	assert_int_equal(net.calls, 0);
}

static void
no_close_in_this_protocol(void **state)
{
	struct ctx cx = begin("");
	struct pay_ref ref = {"CS20260101000001", "", "", {1250}, "CNY"};

	(void)state;
	assert_int_equal(
	    gateway_close(&gateway_epay, &cx, account(NULL, NULL), &ref),
	    RC_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(submit_is_a_signed_link),
	    TEST(method_overrides_type),
	    TEST(names_hold_no_border),
	    TEST(open_is_refused),
	    TEST(mapi_answers),
	    TEST(mapi_without_an_answer),
	    TEST(query_answers),
	    TEST(query_by_signature),
	    TEST(refund_answers),
	    TEST(refund_of_too_much),
	    TEST(no_close_in_this_protocol),
	};

	crypt_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
