/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The notice mutation matrix for WeChat Pay, see support/matrix.h.  The
 * golden text is what is inside: sign() encrypts it and signs the envelope.
 */
#include "support/test.h"

#include <stdio.h>

#include "base/hex.h"
#include "io/crypt.h"
#include "pay/wechatpay.h"
#include "support/matrix.h"
#include "support/rsakey.h"

#define V3_KEY "0123456789abcdefGHIJKLMNOPQRSTUV"
#define KEY_ID "PUB_KEY_ID_0001"

static struct rsakey theirs, stranger, ours;
static struct rsa_key *their_key, *strange_key;

/* clang-format off */
static const struct mx_row row[] = {
{"golden", "as it is", NULL, NULL, NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"secret", "another platform key", NULL, NULL, NULL, NULL, KEY_WRONG, 0, false, WHY_SIGNATURE},
{"secret", "another APIv3 key", NULL, NULL, NULL, NULL, KEY_EMPTY, 0, false, WHY_DECRYPT},
{"signature", "no signature", NULL, NULL, "Wechatpay-Signature: ", "X: ", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "empty", NULL, NULL, "Wechatpay-Signature: ", "Wechatpay-Signature:\nX: ", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "twice", NULL, NULL, "Wechatpay-Signature: ", "Wechatpay-Signature: AAAA\nWechatpay-Signature: ", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "no nonce", NULL, NULL, "Wechatpay-Nonce: ", "X: ", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "no timestamp", NULL, NULL, "Wechatpay-Timestamp: ", "X: ", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "no serial", NULL, NULL, "Wechatpay-Serial: ", "X: ", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "another serial", NULL, NULL, KEY_ID, "PUB_KEY_ID_0002", KEY_OURS, 0, false, WHY_CERT},
{"signature", "serial in lower case", NULL, NULL, KEY_ID, "pub_key_id_0001", KEY_OURS, 0, false, WHY_CERT},
{"signature", "a probe", NULL, NULL, "Signature: ", "Signature: WECHATPAY/SIGNTEST/", KEY_OURS, 0, false, WHY_SIGNATURE},
{"signature", "blanks around it", NULL, NULL, "Wechatpay-Serial: ", "Wechatpay-Serial:   ", KEY_OURS, 0, true, WHY_OK},
{"algorithm", "SHA-1", NULL, NULL, "WECHATPAY2-SHA256-RSA2048", "WECHATPAY2-SHA1-RSA2048", KEY_OURS, 0, false, WHY_ALGORITHM},
{"time", "299 s", NULL, NULL, NULL, NULL, KEY_OURS, 299, true, WHY_OK},
{"time", "300 s", NULL, NULL, NULL, NULL, KEY_OURS, 300, false, WHY_TIME},
{"time", "-300 s", NULL, NULL, NULL, NULL, KEY_OURS, -300, false, WHY_TIME},
{"time", "a day later", NULL, NULL, NULL, NULL, KEY_OURS, 86400, false, WHY_TIME},
{"time", "moved after signing", NULL, NULL, "Timestamp: 1767240004", "Timestamp: 1767240005", KEY_OURS, 0, false, WHY_SIGNATURE},
{"order", "absent", "\"out_trade_no\":\"CS20260101000001\",", "", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"order", "another", "CS20260101000001", "CS20260101000002", NULL, NULL, KEY_OURS, 0, false, WHY_ORDER},
{"order", "SQL", "CS20260101000001", "'--", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"amount", "absent", "\"total\":1000,", "", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "0", "\"total\":1000", "\"total\":0", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "negative", "\"total\":1000", "\"total\":-1000", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "one less", "\"total\":1000", "\"total\":999", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "one more", "\"total\":1000", "\"total\":1001", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "real", "\"total\":1000", "\"total\":1000.0", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "text", "\"total\":1000", "\"total\":\"1000\"", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "true", "\"total\":1000", "\"total\":true", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "payer gave less by a coupon", "\"payer_total\":1000", "\"payer_total\":900", NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"amount", "another currency", "\"currency\":\"CNY\"", "\"currency\":\"USD\"", NULL, NULL, KEY_OURS, 0, false, WHY_CURRENCY},
{"amount", "no currency", ",\"currency\":\"CNY\"", "", NULL, NULL, KEY_OURS, 0, false, WHY_CURRENCY},
{"status", "absent", "\"trade_state\":\"SUCCESS\",", "", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "lower case", "\"SUCCESS\"", "\"success\"", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "true", "\"SUCCESS\"", "true", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "not paid", "\"SUCCESS\"", "\"NOTPAY\"", NULL, NULL, KEY_OURS, 0, false, WHY_OK},
{"status", "closed", "\"SUCCESS\"", "\"CLOSED\"", NULL, NULL, KEY_OURS, 0, false, WHY_OK},
{"merchant", "another", "1900000109", "1900000108", NULL, NULL, KEY_OURS, 0, false, WHY_MERCHANT},
{"merchant", "another app", "wx1", "wx2", NULL, NULL, KEY_OURS, 0, false, WHY_MERCHANT},
{"payment id", "absent", "\"transaction_id\":\"42\",", "", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"channel", "GET", NULL, NULL, "POST", "GET", KEY_OURS, 0, false, WHY_METHOD},
{"channel", "body changed", NULL, NULL, "\"id\":\"EV1\"", "\"id\":\"EV2\"", KEY_OURS, 0, false, WHY_SIGNATURE},
{"channel", "not JSON inside", "{\"mchid\"", "{mchid", NULL, NULL, KEY_OURS, 0, false, WHY_SYNTAX},
{"channel", "a list inside", "{\"mchid\"", "[{\"mchid\"", NULL, NULL, KEY_OURS, 0, false, WHY_SYNTAX},
{"channel", "a name twice inside", "{\"mchid\"", "{\"mchid\":\"x\",\"mchid\"", NULL, NULL, KEY_OURS, 0, false, WHY_SYNTAX},
{"encoding", "broken UTF-8 inside", "OTHERS", "\xFF", NULL, NULL, KEY_OURS, 0, false, WHY_SYNTAX},
};
/* clang-format on */

static void
sign(const char *text, enum mx_key key, struct mx_message *m)
{
	const struct rsa_key *secret =
	    key == KEY_WRONG ? strange_key : their_key;
	const char *v3 =
	    key == KEY_EMPTY ? "another-key-another-key-another0" : V3_KEY;
	const char *over;
	struct span raw, cipher;
	struct buf b;

	cipher =
	    gcm_sealed(ta, v3, "twelve-bytes", "transaction", span_str(text));
	buf_init(&b, ta, 4096, 1 << 16);
	buf_str(&b, "{\"id\":\"EV1\",\"event_type\":\"TRANSACTION.SUCCESS\","
		    "\"resource\":{\"algorithm\":\"AEAD_AES_256_GCM\","
		    "\"associated_data\":\"transaction\",\"ciphertext\":");
	json_put_text(&b, span_str(b64_text(ta, cipher.p, cipher.n)));
	buf_str(&b, ",\"nonce\":\"twelve-bytes\"}}");
	m->body = buf_text(&b);
	over = arena_fmt(ta, "1767240004\nNONCE\n%s\n", m->body);
	assert_int_equal(rsa_sign(ta, secret, span_str(over), &raw), RC_OK);
	m->headers = arena_fmt(ta,
	    "Content-Type: application/json\n"
	    "Wechatpay-Timestamp: 1767240004\n"
	    "Wechatpay-Nonce: NONCE\n"
	    "Wechatpay-Serial: " KEY_ID "\n"
	    "Wechatpay-Signature-Type: WECHATPAY2-SHA256-RSA2048\n"
	    "Wechatpay-Signature: %s\n",
	    b64_text(ta, raw.p, raw.n));
}

static struct mx_gateway
golden(void)
{
	struct pay_pair pair[] = {{"mchid", "1900000109"}, {"appid", "wx1"},
	    {"merchant_serial", "1DDE55AD"}, {"private_key", ours.secret},
	    {"apiv3_key", V3_KEY},
	    {"platform_keys", arena_fmt(ta, KEY_ID "\n%s\nPUB_KEY_ID_0003\n%s",
				  theirs.open, ours.open)}};
	struct gateway_config config = {pair, 6};
	struct mx_gateway mx = {
	    .g = &gateway_wechatpay,
	    .order = {"CS20260101000001", {1000}, "CNY", "", ""},
	    .now_us = 1767240004000000,
	    .golden = "{\"mchid\":\"1900000109\",\"appid\":\"wx1\","
		      "\"out_trade_no\":\"CS20260101000001\","
		      "\"transaction_id\":\"42\",\"trade_state\":\"SUCCESS\","
		      "\"bank_type\":\"OTHERS\",\"amount\":{\"total\":1000,"
		      "\"payer_total\":1000,\"currency\":\"CNY\"}}",
	    .sign = sign,
	};
	struct gateway_error why;

	assert_int_equal(
	    gateway_account(mx.g, ta, &config, &mx.account, &why), RC_OK);
	return mx;
}

static void
the_matrix(void **state)
{
	struct mx_gateway mx = golden();

	(void)state;
	mx_run(&mx, row, sizeof(row) / sizeof(row[0]));
	mx_cut_and_flip(&mx);
}

static void
keys_are_read_with_their_ids(void **state)
{
	const struct wechat_key *keys;
	size_t n;

	(void)state;
	assert_int_equal(
	    wechat_keys_read(ta,
		span_str(arena_fmt(ta, "\r\n A_1 \r\n%s\n\nB_2\n%s\n",
		    theirs.open, ours.open)),
		&keys, &n),
	    RC_OK);
	assert_int_equal(n, 2);
	assert_string_equal(keys[0].id, "A_1");
	assert_string_equal(keys[1].id, "B_2");
	/* a public key without an id could be anybody's */
	assert_int_equal(
	    wechat_keys_read(ta, span_str(theirs.open), &keys, &n), RC_INVALID);
	assert_int_equal(
	    wechat_keys_read(
		ta, SPAN_LIT("A_1\n-----BEGIN PUBLIC KEY-----\n"), &keys, &n),
	    RC_INVALID);
	assert_int_equal(
	    wechat_keys_read(ta, SPAN_LIT(""), &keys, &n), RC_INVALID);
}

int
main(void)
{
	struct arena *keep = arena_new(1 << 16, 1 << 24);
	const struct CMUnitTest tests[] = {
	    TEST(the_matrix),
	    TEST(keys_are_read_with_their_ids),
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
