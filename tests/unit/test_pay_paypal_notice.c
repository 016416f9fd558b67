/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The notice mutation matrix for PayPal, see support/matrix.h.  Every
 * decision rests on what the API says, so a row changes the API's order; the
 * certificate's rules are in the vectors.
 */
#include "support/test.h"

#include <stdio.h>

#include "io/crypt.h"
#include "io/httpc.h"
#include "pay/paypal.h"
#include "support/matrix.h"

#define SIGNATURE "dGhlIGdvb2Qgb25l"
#define EVENT                                                                  \
	"{\"id\":\"WH-1\",\"event_type\":\"PAYMENT.CAPTURE.COMPLETED\","       \
	"\"resource\":{\"id\":\"CAP1\",\"supplementary_data\":"                \
	"{\"related_ids\":{\"order_id\":\"ORD1\"}}}}"
#define ORDER                                                                  \
	"{\"id\":\"ORD1\",\"status\":\"COMPLETED\",\"purchase_units\":[{"      \
	"\"custom_id\":\"CS20260101000001\",\"payee\":{\"merchant_id\":"       \
	"\"MERCH1\"},\"payments\":{\"captures\":[{\"id\":\"CAP1\","            \
	"\"status\":\"COMPLETED\",\"amount\":{\"currency_code\":\"USD\","      \
	"\"value\":\"10.00\"}}]}}]}"

/* What the stubbed API answers for the order; the webhook is always EVENT. */
static const char *api_order;
static const char *verification;
static unsigned fetches;

/* clang-format off */
static const struct mx_row row[] = {
{"golden", "as it is", NULL, NULL, NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"signature", "wrong", NULL, NULL, NULL, NULL, KEY_WRONG, 0, false, WHY_SIGNATURE},
{"signature", "no signature", NULL, NULL, "TRANSMISSION-SIG: ", "X: ", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "empty", NULL, NULL, "TRANSMISSION-SIG: ", "TRANSMISSION-SIG:\nX: ", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "no id", NULL, NULL, "TRANSMISSION-ID: ", "X: ", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "no time", NULL, NULL, "TRANSMISSION-TIME: ", "X: ", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "no certificate", NULL, NULL, "CERT-URL: ", "X: ", KEY_OURS, 0, false, WHY_UNSIGNED},
{"algorithm", "none", NULL, NULL, "SHA256withRSA", "none", KEY_OURS, 0, false, WHY_ALGORITHM},
{"algorithm", "SHA-1", NULL, NULL, "SHA256withRSA", "SHA1withRSA", KEY_OURS, 0, false, WHY_ALGORITHM},
{"order", "absent", "\"custom_id\":\"CS20260101000001\",", "", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"order", "null", "\"CS20260101000001\"", "null", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"amount", "NaN", "10.00", "NaN", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "true", "\"10.00\"", "true", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "blank behind", "10.00", "10.00 ", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "the same, shorter", "10.00", "10", NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"payment id", "absent", "\"id\":\"CAP1\",", "", NULL, NULL, KEY_OURS, 0, false, WHY_OK},
{"status", "absent", "\"status\":\"COMPLETED\",\"amount", "\"amount", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"encoding", "byte order mark", NULL, NULL, "{\"id\"", "\xEF\xBB\xBF{\"id\"", KEY_OURS, 0, false, WHY_SYNTAX},
{"order", "another", "CS20260101000001", "CS20260101000002", NULL, NULL, KEY_OURS, 0, false, WHY_ORDER},
{"order", "SQL", "CS20260101000001", "'--", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"amount", "absent", "\"value\":\"10.00\"", "\"v\":0", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "0", "10.00", "0.00", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "negative", "10.00", "-10.00", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "one cent less", "10.00", "9.99", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "one cent more", "10.00", "10.01", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "exponent", "10.00", "1e1", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "a number", "\"10.00\"", "10.00", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "thousands", "10.00", "1,000.00", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "another currency", "USD", "EUR", NULL, NULL, KEY_OURS, 0, false, WHY_CURRENCY},
{"amount", "a currency without cents", "USD", "JPY", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"status", "pending", "\"status\":\"COMPLETED\",\"amount", "\"status\":\"PENDING\",\"amount", NULL, NULL, KEY_OURS, 0, false, WHY_OK},
{"status", "declined", "\"status\":\"COMPLETED\",\"amount", "\"status\":\"DECLINED\",\"amount", NULL, NULL, KEY_OURS, 0, false, WHY_OK},
{"status", "refunded", "\"status\":\"COMPLETED\",\"amount", "\"status\":\"REFUNDED\",\"amount", NULL, NULL, KEY_OURS, 0, false, WHY_OK},
{"status", "unknown", "\"status\":\"COMPLETED\",\"amount", "\"status\":\"completed\",\"amount", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "another capture", "CAP1", "CAP2", NULL, NULL, KEY_OURS, 0, false, WHY_OK},
{"merchant", "another payee", "MERCH1", "MERCH2", NULL, NULL, KEY_OURS, 0, false, WHY_MERCHANT},
{"merchant", "no payee", "\"payee\":{\"merchant_id\":\"MERCH1\"},", "", NULL, NULL, KEY_OURS, 0, false, WHY_MERCHANT},
{"time", "a day later", NULL, NULL, NULL, NULL, KEY_OURS, 86400, true, WHY_OK},
{"channel", "GET", NULL, NULL, "POST", "GET", KEY_OURS, 0, false, WHY_METHOD},
{"channel", "another event", NULL, NULL, "PAYMENT.CAPTURE.COMPLETED", "CATALOG.PRODUCT.CREATED", KEY_OURS, 0, false, WHY_OK},
{"channel", "not JSON", NULL, NULL, "{\"id\"", "{id", KEY_OURS, 0, false, WHY_SYNTAX},
{"channel", "names no order", NULL, NULL, "\"order_id\"", "\"x\"", KEY_OURS, 0, false, WHY_FIELD},
{"channel", "names a path", NULL, NULL, "\"ORD1\"", "\"ORD1/../x\"", KEY_OURS, 0, false, WHY_FIELD},
};
/* clang-format on */

static enum rc
answer(struct ctx *cx, const struct http_call *call, struct http_answer *out)
{
	const char *body = "{}";

	(void)cx;
	fetches++;
	memset(out, 0, sizeof(*out));
	out->status = 200;
	if (strstr(call->url, "/v1/oauth2/token") != NULL)
		body = "{\"access_token\":\"A21\",\"expires_in\":30000}";
	else if (strstr(call->url, "/verify-webhook-signature") != NULL)
		body = verification;
	else if (strstr(call->url, "/v2/checkout/orders/ORD1") != NULL &&
		 str_eq(call->method, "GET"))
		body = api_order;
	else
		out->status = 500;
	out->body = span_str(body);
	return RC_OK;
}

static void
sign(const char *text, enum mx_key key, struct mx_message *m)
{
	api_order = text;
	verification = key == KEY_OURS
			   ? "{\"verification_status\":\"SUCCESS\"}"
			   : "{\"verification_status\":\"FAILURE\"}";
	m->headers = "Content-Type: application/json\n"
		     "PAYPAL-TRANSMISSION-ID: id-1\n"
		     "PAYPAL-TRANSMISSION-TIME: 2026-01-01T04:00:03Z\n"
		     "PAYPAL-TRANSMISSION-SIG: " SIGNATURE "\n"
		     "PAYPAL-CERT-URL: https://api.paypal.com/c\n"
		     "PAYPAL-AUTH-ALGO: SHA256withRSA\n";
	m->body = EVENT;
}

static const struct pay_account *
account(const char *verify)
{
	struct pay_pair pair[] = {{"client_id", "client-id"},
	    {"client_secret", "client-secret-000"}, {"webhook_id", "W1"},
	    {"merchant_id", "MERCH1"}, {"verify", verify}};
	struct gateway_config config = {pair, 5};
	const struct pay_account *ac;
	struct gateway_error why;

	assert_int_equal(
	    gateway_account(&gateway_paypal, ta, &config, &ac, &why), RC_OK);
	return ac;
}

static void
the_matrix(void **state)
{
	struct mx_gateway mx = {
	    .g = &gateway_paypal,
	    .account = account("postback"),
	    .order = {"CS20260101000001", {1000}, "USD", "ORD1", ""},
	    .now_us = 1767240004000000,
	    .golden = ORDER,
	    .sign = sign,
	};

	(void)state;
	http_replace(answer);
	mx_run(&mx, row, sizeof(row) / sizeof(row[0]));
	mx_cut_and_flip(&mx);
}

/* Whatever the address of the certificate is, a foreign one is not fetched. */
static void
foreign_certificates_are_not_fetched(void **state)
{
	static const char *const url[] = {
	    "http://api.paypal.com/v1/notifications/certs/C",
	    "https://api.paypal.com:443/v1/notifications/certs/C",
	    "https://api.paypal.com:8443/v1/notifications/certs/C",
	    "https://user@api.paypal.com/v1/notifications/certs/C",
	    "https://api.paypal.com.evil.example/v1/notifications/certs/C",
	    "https://evilpaypal.com/v1/notifications/certs/C",
	    "https://API.PAYPAL.COM/v1/notifications/certs/C",
	    "https://api.paypal.com/v1/notifications/certs/",
	    "https://api.paypal.com/v1/notifications/certs/../x",
	    "https://api.paypal.com/v1/notifications/certs/C?x=1",
	    "https://api.paypal.com/v1/notifications/certs/C#x",
	    "https://api.paypal.com/v1/notifications/certs/C%2e",
	    "https://api.paypal.com/v1/notifications/other/C",
	    "https://api.sandbox.paypal.com/v1/notifications/certs/C",
	    "file:///etc/passwd",
	    "https://api.paypal.com\\@evil.example/v1/notifications/certs/C",
	};
	const struct pay_account *ac = account("offline");
	struct ctx cx = {.arena = ta, .keep = ta, .now = 1767240004000000};
	struct verdict v;
	size_t i;

	(void)state;
	http_replace(answer);
	for (i = 0; i < sizeof(url) / sizeof(url[0]); i++) {
		const char *const headers[] = {"PAYPAL-TRANSMISSION-ID: i",
		    "PAYPAL-TRANSMISSION-TIME: t",
		    "PAYPAL-TRANSMISSION-SIG: " SIGNATURE,
		    "PAYPAL-AUTH-ALGO: SHA256withRSA",
		    arena_fmt(ta, "PAYPAL-CERT-URL: %s", url[i]), NULL};
		struct pay_request rq = {
		    "POST", SPAN_LIT(""), SPAN_LIT(EVENT), headers};

		fetches = 0;
		gateway_notice(&gateway_paypal, &cx, ac, &rq, &v);
		assert_int_equal(v.outcome, PAY_REJECT);
		assert_int_equal(v.why, WHY_CERT);
		assert_int_equal(fetches, 0);
	}
}

/* When the API cannot be asked, PayPal shall send it again. */
static void
no_answer_means_later(void **state)
{
	struct mx_message m = {"POST", "", "", ""};
	const struct pay_account *ac = account("postback");
	struct ctx cx = {.arena = ta, .keep = ta, .now = 1767240004000000};
	const char *const headers[] = {"PAYPAL-TRANSMISSION-ID: i",
	    "PAYPAL-TRANSMISSION-TIME: t",
	    "PAYPAL-TRANSMISSION-SIG: " SIGNATURE,
	    "PAYPAL-AUTH-ALGO: SHA256withRSA", "PAYPAL-CERT-URL: x", NULL};
	struct pay_request rq = {
	    "POST", SPAN_LIT(""), SPAN_LIT(EVENT), headers};
	struct verdict v;

	(void)state;
	http_replace(answer);
	sign("not JSON", KEY_OURS, &m);
	gateway_notice(&gateway_paypal, &cx, ac, &rq, &v);
	assert_int_equal(v.outcome, PAY_LATER);
	assert_int_equal(verdict_answer(&v, v.why), ANSWER_LATER);
	sign(ORDER, KEY_OURS, &m);
	verification = "<html>";
	gateway_notice(&gateway_paypal, &cx, ac, &rq, &v);
	assert_int_equal(v.outcome, PAY_REJECT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_matrix),
	    TEST(foreign_certificates_are_not_fetched),
	    TEST(no_answer_means_later),
	};

	crypt_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
