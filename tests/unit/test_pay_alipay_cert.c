/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alipay with certificates instead of public keys: both numbers are in what is
 * asked, an answer counts only with the certificate that is known, a notice is
 * judged by its key.
 */
#include "support/test.h"

#include "base/hex.h"
#include "base/url.h"
#include "io/crypt.h"
#include "io/httpc.h"
#include "pay/alipay.h"
#include "pay/verdict.h"
#include "support/rsakey.h"

#define NO "CS20260101000001"
#define NOTICE                                                                 \
	"app_id=2021000000000001&notify_id=N1&subject=x"                       \
	"&seller_id=2088000000000001&out_trade_no=" NO                         \
	"&total_amount=10.00&trade_no=T1&trade_status=TRADE_SUCCESS"
#define ANSWER                                                                 \
	"{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" NO       \
	"\",\"trade_no\":\"T1\",\"trade_status\":\"TRADE_SUCCESS\","           \
	"\"total_amount\":\"10.00\"}"

static struct rsakey root, theirs, ours, stranger;
static char root_pem[RSAKEY_PEM], their_pem[RSAKEY_PEM], our_pem[RSAKEY_PEM];
static const char *answer_sn, *asked;
static const struct rsakey *signer;

/* PAYMENTS.md, "Certificate mode": md5 of the issuer's names, last first,
 * and the serial in decimal. */
static const char *
sn(const char *cn, const char *serial)
{
	uint8_t md5[16];

	crypt_md5(
	    span_str(arena_fmt(ta, "CN=%s,O=Test,C=CN%s", cn, serial)), md5);
	return hex_text(ta, md5, sizeof(md5));
}

static const char *
signed_by(const struct rsakey *k, struct span text)
{
	struct rsa_key *key;
	struct span raw;

	assert_int_equal(rsa_private(ta, span_str(k->secret), &key), RC_OK);
	assert_int_equal(rsa_sign(ta, key, text, &raw), RC_OK);
	return b64_text(ta, raw.p, raw.n);
}

static const struct pay_account *
account(void)
{
	const struct pay_pair pair[] = {{"app_id", "2021000000000001"},
	    {"seller_id", "2088000000000001"}, {"private_key", ours.secret},
	    {"app_cert", our_pem}, {"alipay_cert", their_pem},
	    {"root_cert", arena_fmt(ta, "%s%s", root_pem, our_pem)}};
	struct gateway_config config = {pair, 6};
	const struct pay_account *ac;
	struct gateway_error why;

	assert_int_equal(
	    gateway_account(&gateway_alipay, ta, &config, &ac, &why), RC_OK);
	return ac;
}

static struct ctx
now(void)
{
	return (struct ctx){.arena = ta, .keep = ta, .now = 1767240004000000};
}

static void
opening_names_both_certificates(void **state)
{
	const struct pay_order o = {.order_no = NO,
	    .amount = {1000},
	    .currency = "CNY",
	    .subject = "x",
	    .notify_url = "https://shop.example/n",
	    .return_url = "https://shop.example/r",
	    .cancel_url = "https://shop.example/c",
	    .client_ip = "192.0.2.1",
	    .method = "",
	    .provider_ref = "",
	    .expires_us = 1767240904000000};
	struct ctx cx = now();
	struct pay_opened out;

	(void)state;
	assert_int_equal(
	    gateway_open(&gateway_alipay, &cx, account(), &o, &out), RC_OK);
	assert_int_equal(out.show, PAY_LINK);
	assert_non_null(strstr(
	    out.url, arena_fmt(ta, "&app_cert_sn=%s&", sn("Our CA", "4660"))));
	/* of each in the bundle that RSA signed */
	assert_non_null(
	    strstr(out.url, arena_fmt(ta, "&alipay_root_cert_sn=%s_%s&",
				sn("Root", "1"), sn("Our CA", "4660"))));
}

static enum rc
answer(struct ctx *cx, const struct http_call *call, struct http_answer *out)
{
	(void)cx;
	asked = arena_dup(ta, call->body.p, call->body.n);
	memset(out, 0, sizeof(*out));
	out->status = 200;
	out->body = span_str(arena_fmt(ta,
	    "{\"alipay_trade_query_response\":" ANSWER ",\"alipay_cert_sn\":"
	    "\"%s\",\"sign\":\"%s\"}",
	    answer_sn, signed_by(signer, span_str(ANSWER))));
	return RC_OK;
}

static enum rc
query(const struct rsakey *by, const char *by_sn)
{
	const struct pay_ref ref = {.order_no = NO,
	    .provider_ref = "",
	    .txn = "",
	    .amount = {1000},
	    .currency = "CNY"};
	struct ctx cx = now();
	struct verdict v;
	enum rc rc;

	signer = by;
	answer_sn = by_sn;
	http_replace(answer);
	rc = gateway_query(&gateway_alipay, &cx, account(), &ref, &v);
	if (rc == RC_OK)
		assert_int_equal(v.outcome, PAY_PAID);
	return rc;
}

static void
answers_are_of_the_known_certificate(void **state)
{
	const char *known = sn("Root", "4097");

	(void)state;
	assert_int_equal(query(&theirs, known), RC_OK);
	assert_non_null(strstr(
	    asked, arena_fmt(ta, "app_cert_sn=%s", sn("Our CA", "4660"))));
	assert_int_not_equal(query(&theirs, sn("Root", "4098")), RC_OK);
	assert_int_not_equal(query(&theirs, ""), RC_OK);
	assert_int_not_equal(query(&stranger, known), RC_OK);
}

/* signed_more: parameters that are in the signed text; more: that are not. */
static enum pay_why
told(const struct rsakey *by, const char *signed_more, const char *more)
{
	static const char *const headers[] = {
	    "Content-Type: application/x-www-form-urlencoded", NULL};
	struct ctx cx = now();
	struct pay_request rq = {"POST", SPAN_LIT(""), {0}, headers};
	struct params p;
	struct verdict v;

	params_init(&p, ta);
	assert_int_equal(
	    params_read(&p, span_str(arena_fmt(ta, NOTICE "%s", signed_more))),
	    RC_OK);
	rq.body = span_str(
	    arena_fmt(ta, NOTICE "%s%s&sign_type=RSA2&sign=%s", signed_more,
		more, url_encoded(ta, signed_by(by, alipay_notice_text(&p)))));
	gateway_notice(&gateway_alipay, &cx, account(), &rq, &v);
	assert_int_equal(v.outcome == PAY_PAID, v.why == WHY_OK);
	return v.why;
}

static void
notices_are_judged_by_its_key(void **state)
{
	const char *number =
	    arena_fmt(ta, "&alipay_cert_sn=%s", sn("Root", "4097"));

	(void)state;
	assert_int_equal(told(&theirs, "", ""), WHY_OK);
	assert_int_equal(told(&theirs, number, ""), WHY_OK);
	assert_int_equal(told(&theirs, "", number), WHY_OK);
	assert_int_equal(told(&theirs, "", "&x=1"), WHY_SIGNATURE);
	assert_int_equal(told(&stranger, "", ""), WHY_SIGNATURE);
	assert_int_equal(told(&stranger, number, ""), WHY_SIGNATURE);
	assert_int_equal(told(&root, "", ""), WHY_SIGNATURE);
}

static void
half_a_set_is_refused(void **state)
{
	static const char *const left_out[] = {"alipay_cert", "root_cert"};
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		const struct pay_pair pair[] = {{"app_id", "2021000000000001"},
		    {"seller_id", "2088000000000001"},
		    {"private_key", ours.secret}, {"app_cert", our_pem},
		    {"alipay_cert", i == 0 ? "" : their_pem},
		    {"root_cert", i == 1 ? "" : root_pem}};
		struct gateway_config config = {pair, 6};
		const struct pay_account *ac;
		struct gateway_error why;

		assert_int_equal(
		    gateway_account(&gateway_alipay, ta, &config, &ac, &why),
		    RC_INVALID);
		assert_string_equal(why.field, left_out[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(opening_names_both_certificates),
	    TEST(answers_are_of_the_known_certificate),
	    TEST(notices_are_judged_by_its_key),
	    TEST(half_a_set_is_refused),
	};

	crypt_init();
	rsakey_make(&root);
	rsakey_make(&theirs);
	rsakey_make(&ours);
	rsakey_make(&stranger);
	rsakey_cert(&root, &root, "Root", 1, root_pem);
	rsakey_cert(&theirs, &root, "Root", 0x1001, their_pem);
	rsakey_cert(&ours, &root, "Our CA", 0x1234, our_pem);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
