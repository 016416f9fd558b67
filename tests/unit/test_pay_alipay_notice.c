/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The notice mutation matrix for Alipay and for EPay V2, which both sign
 * forms by RSA; see support/matrix.h.  Neither has a shared secret, so the
 * row of the empty key is signed by nobody.
 */
#include "support/test.h"

#include <stdio.h>

#include "base/hex.h"
#include "base/url.h"
#include "io/crypt.h"
#include "pay/alipay.h"
#include "pay/epay.h"
#include "pay/epay2.h"
#include "support/matrix.h"
#include "support/rsakey.h"

static struct rsakey theirs, stranger, ours;
static struct rsa_key *their_key, *strange_key;

/* clang-format off */
static const struct mx_row alipay_row[] = {
{"golden", "as it is", NULL, NULL, NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"secret", "another key", NULL, NULL, NULL, NULL, KEY_WRONG, 0, false, WHY_SIGNATURE},
{"signature", "absent", NULL, NULL, "&sign=", "&sig=", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "empty", NULL, NULL, "&sign=", "&sign=&s=", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "array", NULL, NULL, "&sign=", "&sign[]=", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "not base64", NULL, NULL, "&sign=", "&sign=*", KEY_OURS, 0, false, WHY_SIGNATURE},
{"signature", "extended", NULL, NULL, "&sign=", "&sign=AAAA", KEY_OURS, 0, false, WHY_SIGNATURE},
{"algorithm", "not named", NULL, NULL, "&sign_type=RSA2", "", KEY_OURS, 0, false, WHY_ALGORITHM},
{"algorithm", "RSA with SHA-1", NULL, NULL, "&sign_type=RSA2", "&sign_type=RSA", KEY_OURS, 0, false, WHY_ALGORITHM},
{"algorithm", "MD5", NULL, NULL, "&sign_type=RSA2", "&sign_type=MD5", KEY_OURS, 0, false, WHY_ALGORITHM},
{"algorithm", "lower case", NULL, NULL, "&sign_type=RSA2", "&sign_type=rsa2", KEY_OURS, 0, false, WHY_ALGORITHM},
{"order", "absent", "&out_trade_no=CS20260101000001", "", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"order", "another", "CS20260101000001", "CS20260101000002", NULL, NULL, KEY_OURS, 0, false, WHY_ORDER},
{"order", "swapped in", NULL, NULL, "CS20260101000001", "CS20260101000002", KEY_OURS, 0, false, WHY_SIGNATURE},
{"order", "NUL behind", "CS20260101000001", "CS20260101000001%00", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"order", "SQL", "CS20260101000001", "'--", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"amount", "absent", "&total_amount=10.00", "", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "0", "=10.00", "=0.00", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "negative", "=10.00", "=-10.00", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "one cent less", "=10.00", "=9.99", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "one cent more", "=10.00", "=10.01", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "exponent", "=10.00", "=1e1", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "NaN", "=10.00", "=NaN", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "thousands", "=10.00", "=1,000", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "10", "=10.00", "=10", NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"amount", "changed after signing", "=10.00", "=0.01", "=0.01", "=10.00", KEY_OURS, 0, false, WHY_SIGNATURE},
{"status", "absent", "&trade_status=TRADE_SUCCESS", "", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "lower case", "TRADE_SUCCESS", "trade_success", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "unknown", "TRADE_SUCCESS", "TRADE_PENDING", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "waiting", "TRADE_SUCCESS", "WAIT_BUYER_PAY", NULL, NULL, KEY_OURS, 0, false, WHY_OK},
{"status", "closed", "TRADE_SUCCESS", "TRADE_CLOSED", NULL, NULL, KEY_OURS, 0, false, WHY_OK},
{"status", "finished", "TRADE_SUCCESS", "TRADE_FINISHED", NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"status", "partly refunded", "TRADE_SUCCESS", "TRADE_SUCCESS&refund_fee=1.00", NULL, NULL, KEY_OURS, 0, false, WHY_OK},
{"status", "refund is no amount", "TRADE_SUCCESS", "TRADE_SUCCESS&refund_fee=x", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"merchant", "another app", "2021000000000001", "2021000000000002", NULL, NULL, KEY_OURS, 0, false, WHY_MERCHANT},
{"merchant", "another seller", "2088000000000001", "2088000000000002", NULL, NULL, KEY_OURS, 0, false, WHY_MERCHANT},
{"merchant", "no seller", "&seller_id=2088000000000001", "", NULL, NULL, KEY_OURS, 0, false, WHY_MERCHANT},
{"payment id", "absent", "&trade_no=T1", "", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"time", "a day later", NULL, NULL, NULL, NULL, KEY_OURS, 86400, true, WHY_OK},
{"channel", "GET", NULL, NULL, "POST", "GET", KEY_OURS, 0, false, WHY_METHOD},
{"channel", "JSON", NULL, NULL, "x-www-form-urlencoded", "json", KEY_OURS, 0, false, WHY_SYNTAX},
{"channel", "amount twice", NULL, NULL, "&total_amount=", "&total_amount=0.01&total_amount=", KEY_OURS, 0, false, WHY_DUPLICATE},
{"channel", "an empty field more", NULL, NULL, "&trade_no=", "&x=&trade_no=", KEY_OURS, 0, false, WHY_SIGNATURE},
{"channel", "a signed unknown field", "&trade_no=", "&x=1&trade_no=", NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"channel", "a signed empty field", "&trade_no=", "&x=&trade_no=", NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"encoding", "GBK bytes", "&subject=x", "&subject=%BB%E1", NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"encoding", "broken escape", NULL, NULL, "&subject=x", "&subject=%2", KEY_OURS, 0, false, WHY_SYNTAX},
{"encoding", "case of escapes", "&subject=x", "&subject=%e4%bd%a0", "%e4", "%E4", KEY_OURS, 0, true, WHY_OK},
{"two readings", "a field in the subject", "&subject=x", "&subject=x%26total_amount%3D99", NULL, NULL, KEY_OURS, 0, false, WHY_AMBIGUOUS},
};
static const struct mx_row epay2_row[] = {
{"golden", "as it is", NULL, NULL, NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"secret", "another key", NULL, NULL, NULL, NULL, KEY_WRONG, 0, false, WHY_SIGNATURE},
{"signature", "absent", NULL, NULL, "&sign=", "&sig=", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "empty", NULL, NULL, "&sign=", "&sign=&s=", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "array", NULL, NULL, "&sign=", "&sign[]=", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "not base64", NULL, NULL, "&sign=", "&sign=*", KEY_OURS, 0, false, WHY_SIGNATURE},
{"signature", "extended", NULL, NULL, "&sign=", "&sign=AAAA", KEY_OURS, 0, false, WHY_SIGNATURE},
{"algorithm", "MD5", NULL, NULL, "sign_type=RSA", "sign_type=MD5", KEY_OURS, 0, false, WHY_ALGORITHM},
{"algorithm", "not named", NULL, NULL, "&sign_type=RSA", "", KEY_OURS, 0, true, WHY_OK},
{"algorithm", "its other name", NULL, NULL, "sign_type=RSA", "sign_type=SHA256WithRSA", KEY_OURS, 0, true, WHY_OK},
{"order", "absent", "&out_trade_no=CS20260101000001", "", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"order", "NUL behind", "CS20260101000001", "CS20260101000001%00", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"order", "SQL", "CS20260101000001", "'--", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"order", "another", "CS20260101000001", "CS20260101000002", NULL, NULL, KEY_OURS, 0, false, WHY_ORDER},
{"order", "swapped in", NULL, NULL, "CS20260101000001", "CS20260101000002", KEY_OURS, 0, false, WHY_SIGNATURE},
{"amount", "absent", "&money=10.00", "", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "0", "money=10.00", "money=0.00", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "negative", "money=10.00", "money=-10.00", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "one cent more", "money=10.00", "money=10.01", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "NaN", "money=10.00", "money=NaN", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "thousands", "money=10.00", "money=1,000", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "changed after signing", "money=10.00", "money=0.01", "money=0.01", "money=10.00", KEY_OURS, 0, false, WHY_SIGNATURE},
{"amount", "10", "money=10.00", "money=10", NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"amount", "one cent less", "money=10.00", "money=9.99", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "1e1", "money=10.00", "money=1e1", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "twice", NULL, NULL, "&money=", "&money=1&money=", KEY_OURS, 0, false, WHY_DUPLICATE},
{"status", "absent", "&trade_status=TRADE_SUCCESS", "", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "unknown", "TRADE_SUCCESS", "TRADE_PENDING", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "closed", "TRADE_SUCCESS", "TRADE_CLOSED", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "lower case", "TRADE_SUCCESS", "trade_success", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"merchant", "another", "pid=1001", "pid=1002", NULL, NULL, KEY_OURS, 0, false, WHY_MERCHANT},
{"time", "299 s", NULL, NULL, NULL, NULL, KEY_OURS, 299, true, WHY_OK},
{"time", "300 s", NULL, NULL, NULL, NULL, KEY_OURS, 300, false, WHY_TIME},
{"time", "-300 s", NULL, NULL, NULL, NULL, KEY_OURS, -300, false, WHY_TIME},
{"time", "a day later", NULL, NULL, NULL, NULL, KEY_OURS, 86400, false, WHY_TIME},
{"time", "absent", "&timestamp=1767240004", "", NULL, NULL, KEY_OURS, 0, false, WHY_TIME},
{"time", "not digits", "1767240004", "17672400x4", NULL, NULL, KEY_OURS, 0, false, WHY_TIME},
{"time", "huge", "1767240004", "17672400040000000", NULL, NULL, KEY_OURS, 0, false, WHY_TIME},
{"time", "moved after signing", NULL, NULL, "1767240004", "1767240005", KEY_OURS, 0, false, WHY_SIGNATURE},
{"payment id", "absent", "&trade_no=T1", "", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"channel", "JSON", NULL, NULL, "x-www-form-urlencoded", "json", KEY_OURS, 0, false, WHY_SYNTAX},
{"channel", "an unsigned field more", NULL, NULL, "&trade_no=", "&x=1&trade_no=", KEY_OURS, 0, false, WHY_SIGNATURE},
{"encoding", "GBK bytes", "&name=x", "&name=%BB%E1", NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"encoding", "broken escape", NULL, NULL, "&name=x", "&name=%2", KEY_OURS, 0, false, WHY_SYNTAX},
{"channel", "PUT", NULL, NULL, "POST", "PUT", KEY_OURS, 0, false, WHY_METHOD},
{"two readings", "a field in the name", "&name=x", "&name=x%26money%3D1", NULL, NULL, KEY_OURS, 0, false, WHY_AMBIGUOUS},
};
/* clang-format on */

static void
sign_form(const char *text, enum mx_key key, struct mx_message *m,
    struct span (*canonical)(struct params *), const char *type)
{
	const struct rsa_key *secret =
	    key == KEY_OURS ? their_key : strange_key;
	struct params p;
	struct span raw;

	params_init(&p, ta);
	assert_int_equal(params_read(&p, span_str(text)), RC_OK);
	assert_int_equal(rsa_sign(ta, secret, canonical(&p), &raw), RC_OK);
	m->headers = "Content-Type: application/x-www-form-urlencoded\n";
	m->body = arena_fmt(ta, "%s&sign_type=%s&sign=%s", text, type,
	    url_encoded(ta, b64_text(ta, raw.p, raw.n)));
}

static void
sign_alipay(const char *text, enum mx_key key, struct mx_message *m)
{
	sign_form(text, key, m, alipay_notice_text, "RSA2");
}

static void
sign_epay2(const char *text, enum mx_key key, struct mx_message *m)
{
	sign_form(text, key, m, epay_signed_text, "RSA");
}

static struct mx_gateway
alipay(void)
{
	struct pay_pair pair[] = {{"app_id", "2021000000000001"},
	    {"seller_id", "2088000000000001"}, {"private_key", ours.secret},
	    {"public_key", theirs.open}};
	struct gateway_config config = {pair, 4};
	struct mx_gateway mx = {
	    .g = &gateway_alipay,
	    .order = {"CS20260101000001", {1000}, "CNY", "", ""},
	    .now_us = 1767240004000000,
	    .golden = "app_id=2021000000000001&notify_id=N1&subject=x"
		      "&seller_id=2088000000000001"
		      "&out_trade_no=CS20260101000001&total_amount=10.00"
		      "&body=&trade_no=T1&trade_status=TRADE_SUCCESS",
	    .sign = sign_alipay,
	};
	struct gateway_error why;

	assert_int_equal(
	    gateway_account(mx.g, ta, &config, &mx.account, &why), RC_OK);
	return mx;
}

static struct mx_gateway
epay2(void)
{
	struct pay_pair pair[] = {{"base_url", "https://pay.example/"},
	    {"pid", "1001"}, {"private_key", ours.secret},
	    {"public_key", theirs.open}};
	struct gateway_config config = {pair, 4};
	struct mx_gateway mx = {
	    .g = &gateway_epay2,
	    .order = {"CS20260101000001", {1000}, "CNY", "", ""},
	    .now_us = 1767240004000000,
	    .golden = "pid=1001&trade_no=T1&out_trade_no=CS20260101000001"
		      "&type=alipay&name=x&money=10.00"
		      "&trade_status=TRADE_SUCCESS&timestamp=1767240004",
	    .sign = sign_epay2,
	};
	struct gateway_error why;

	assert_int_equal(
	    gateway_account(mx.g, ta, &config, &mx.account, &why), RC_OK);
	return mx;
}

static void
the_matrix_of_alipay(void **state)
{
	struct mx_gateway mx = alipay();

	(void)state;
	mx_run(&mx, alipay_row, sizeof(alipay_row) / sizeof(alipay_row[0]));
	mx_cut_and_flip(&mx);
}

static void
the_matrix_of_epay2(void **state)
{
	struct mx_gateway mx = epay2();

	(void)state;
	mx_run(&mx, epay2_row, sizeof(epay2_row) / sizeof(epay2_row[0]));
	mx_cut_and_flip(&mx);
}

static void
answers_are_cut_out(void **state)
{
	static const struct {
		const char *body, *node;
	} row[] = {
	    {"{\"n\":{\"a\":1},\"sign\":\"x\"}", "{\"a\":1}"},
	    {" { \"sign\" : \"x\" , \"n\" : {\"a\":{}} } ", "{\"a\":{}}"},
	    {"{\"x\":{\"n\":{\"b\":2}},\"n\":{\"a\":1}}", "{\"a\":1}"},
	    {"{\"x\":\"\\\"n\\\":{}\",\"n\":{\"a\":\"}\"}}", "{\"a\":\"}\"}"},
	    {"{\"n\":{\"a\":\"\\\\\"},\"b\":\"}\"}", "{\"a\":\"\\\\\"}"},
	    {"{\"x\":[{\"n\":{}}],\"n\":{\"a\":1}}", "{\"a\":1}"},
	    {"{\"n\":1}", NULL},
	    {"{\"n\":\"{}\"}", NULL},
	    {"{\"n\":{\"a\":1", NULL},
	    {"{\"x\":{\"n\":{}}}", NULL},
	    {"", NULL},
	};
	struct span node;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		enum rc rc = alipay_node(span_str(row[i].body), "n", &node);

		assert_int_equal(rc, row[i].node == NULL ? RC_NOTFOUND : RC_OK);
		if (rc == RC_OK)
			assert_span(node, row[i].node);
	}
}

int
main(void)
{
	struct arena *keep = arena_new(1 << 16, 1 << 24);
	const struct CMUnitTest tests[] = {
	    TEST(the_matrix_of_alipay),
	    TEST(the_matrix_of_epay2),
	    TEST(answers_are_cut_out),
	};
	int rc;

	crypt_init();
	rsakey_make(&theirs);
	rsakey_make(&stranger);
	rsakey_make(&ours);
	/* parsing costs more than signing, so once for all rows */
	if (rsa_private(keep, span_str(theirs.secret), &their_key) != RC_OK ||
	    rsa_private(keep, span_str(stranger.secret), &strange_key) != RC_OK)
		return 1;
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(keep);
	return rc;
}
