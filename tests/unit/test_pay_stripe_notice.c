/* SPDX-License-Identifier: Apache-2.0 */
/* The notice mutation matrix for Stripe, see support/matrix.h. */
#include "support/test.h"

#include <stdio.h>

#include "base/hex.h"
#include "io/crypt.h"
#include "pay/stripe.h"
#include "support/matrix.h"

#define SECRET "whsec_test_secret_share_0001"
#define GOLDEN                                                                 \
	"{\"id\":\"evt_1\",\"object\":\"event\",\"livemode\":false,"           \
	"\"type\":\"checkout.session.completed\",\"data\":{\"object\":{"       \
	"\"id\":\"cs_test_1\",\"object\":\"checkout.session\","                \
	"\"amount_total\":1000,\"client_reference_id\":\"CS20260101000001\","  \
	"\"currency\":\"usd\",\"livemode\":false,\"mode\":\"payment\","        \
	"\"payment_intent\":\"pi_1\",\"payment_status\":\"paid\","             \
	"\"status\":\"complete\"}}}"

/* clang-format off */
static const struct mx_row row[] = {
{"golden", "as it is", NULL, NULL, NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"secret", "wrong", NULL, NULL, NULL, NULL, KEY_WRONG, 0, false, WHY_SIGNATURE},
{"secret", "empty", NULL, NULL, NULL, NULL, KEY_EMPTY, 0, false, WHY_SIGNATURE},
{"signature", "no header", NULL, NULL, "Stripe-Signature", "X-Signature", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "empty", NULL, NULL, "Stripe-Signature: t=", "Stripe-Signature:\nX: t=", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "header twice", NULL, NULL, "Stripe-Signature: ", "Stripe-Signature: t=1,v1=00\nStripe-Signature: ", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "no v1", NULL, NULL, ",v1=", ",v2=", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "v0 only", NULL, NULL, ",v1=", ",v0=", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "no t", NULL, NULL, "t=", "u=", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "two t", NULL, NULL, "t=", "t=1,t=", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "negative t", NULL, NULL, "t=", "t=-", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "plus t", NULL, NULL, "t=", "t=+", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "blank t", NULL, NULL, "t=", "t= ", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "one digit more", NULL, NULL, ",v1=", ",v1=0", KEY_OURS, 0, false, WHY_SIGNATURE},
{"signature", "another v1 first", NULL, NULL, ",v1=", ",v1=00,v1=", KEY_OURS, 0, true, WHY_OK},
{"time", "t moved after signing", NULL, NULL, "t=17672400", "t=17672401", KEY_OURS, 0, false, WHY_SIGNATURE},
{"time", "300 s", NULL, NULL, NULL, NULL, KEY_OURS, 300, true, WHY_OK},
{"time", "301 s", NULL, NULL, NULL, NULL, KEY_OURS, 301, false, WHY_TIME},
{"time", "-301 s", NULL, NULL, NULL, NULL, KEY_OURS, -301, false, WHY_TIME},
{"time", "a day later", NULL, NULL, NULL, NULL, KEY_OURS, 86400, false, WHY_TIME},
{"order", "absent", "\"client_reference_id\":\"CS20260101000001\",", "", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"order", "null", "\"CS20260101000001\"", "null", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"order", "another", "CS20260101000001", "CS20260101000002", NULL, NULL, KEY_OURS, 0, false, WHY_ORDER},
{"order", "another, another session", "cs_test_1", "cs_test_2", NULL, NULL, KEY_OURS, 0, false, WHY_REF},
{"order", "no session id", "\"id\":\"cs_test_1\",", "", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"order", "swapped in", NULL, NULL, "CS20260101000001", "CS20260101000002", KEY_OURS, 0, false, WHY_SIGNATURE},
{"amount", "absent", "\"amount_total\":1000,", "", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "0", "1000", "0", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "negative", "1000", "-1000", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "one less", "1000", "999", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "one more", "1000", "1001", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "real", "1000", "1000.0", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "power", "1000", "1e3", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "text", "1000", "\"1000\"", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "true", "1000", "true", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "over 2^63", "1000", "18446744073709552616", NULL, NULL, KEY_OURS, 0, false, WHY_SYNTAX},
{"amount", "twice", "\"amount_total\":1000", "\"amount_total\":1,\"amount_total\":1000", NULL, NULL, KEY_OURS, 0, false, WHY_SYNTAX},
{"amount", "another currency", "usd", "jpy", NULL, NULL, KEY_OURS, 0, false, WHY_CURRENCY},
{"amount", "no currency", "\"currency\":\"usd\",", "", NULL, NULL, KEY_OURS, 0, false, WHY_CURRENCY},
{"amount", "long currency", "usd", "usdusd", NULL, NULL, KEY_OURS, 0, false, WHY_CURRENCY},
{"status", "unpaid", "\"paid\"", "\"unpaid\"", NULL, NULL, KEY_OURS, 0, false, WHY_OK},
{"status", "nothing to pay", "\"paid\"", "\"no_payment_required\"", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "absent", "\"payment_status\":\"paid\",", "", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "true", "\"paid\"", "true", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "expired, and says paid", "session.completed", "session.expired", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "a subscription", "\"payment\",", "\"subscription\",", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "another event", "checkout.session.completed", "invoice.paid", NULL, NULL, KEY_OURS, 0, false, WHY_OK},
{"status", "a thin event", "\"object\":\"event\"", "\"object\":\"v2.core.event\"", NULL, NULL, KEY_OURS, 0, false, WHY_OK},
{"payment id", "absent", "\"payment_intent\":\"pi_1\",", "", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"environment", "live event", "\"livemode\":false,\"type\"", "\"livemode\":true,\"type\"", NULL, NULL, KEY_OURS, 0, false, WHY_ENVIRONMENT},
{"environment", "live session", "\"livemode\":false,\"mode\"", "\"livemode\":true,\"mode\"", NULL, NULL, KEY_OURS, 0, false, WHY_ENVIRONMENT},
{"environment", "not said", "\"livemode\":false,\"type\"", "\"type\"", NULL, NULL, KEY_OURS, 0, false, WHY_ENVIRONMENT},
{"channel", "GET", NULL, NULL, "POST", "GET", KEY_OURS, 0, false, WHY_METHOD},
{"channel", "one blank more", NULL, NULL, "}}}", "}}} ", KEY_OURS, 0, false, WHY_SIGNATURE},
{"channel", "not JSON", "{\"id\"", "{id", NULL, NULL, KEY_OURS, 0, false, WHY_SYNTAX},
{"channel", "a list", "{\"id\":\"evt_1\"", "[{\"id\":\"evt_1\"", NULL, NULL, KEY_OURS, 0, false, WHY_SYNTAX},
{"encoding", "byte order mark", "{\"id\":\"evt", "\xEF\xBB\xBF{\"id\":\"evt", NULL, NULL, KEY_OURS, 0, false, WHY_SYNTAX},
{"encoding", "broken UTF-8", "evt_1", "evt_\xFF", NULL, NULL, KEY_OURS, 0, false, WHY_SYNTAX},
};
/* clang-format on */

static void
sign(const char *text, enum mx_key key, struct mx_message *m)
{
	const char *secret = key == KEY_OURS    ? SECRET
			     : key == KEY_WRONG ? "whsec_test_secret_share_2"
						: "";
	const char *signed_text = arena_fmt(ta, "1767240004.%s", text);
	uint8_t mac[CRYPT_HASH];

	crypt_hmac(span_str(secret), span_str(signed_text), mac);
	m->headers = arena_fmt(ta,
	    "Content-Type: application/json\n"
	    "Stripe-Signature: t=1767240004,v1=%s\n",
	    hex_text(ta, mac, sizeof(mac)));
	m->body = text;
}

static struct mx_gateway
golden(void)
{
	static const struct pay_pair pair[] = {{"mode", "test"},
	    {"secret_key", "sk_test_0000000000"}, {"webhook_secrets", SECRET}};
	struct gateway_config config = {pair, 3};
	struct mx_gateway mx = {
	    .g = &gateway_stripe,
	    .order = {"CS20260101000001", {1000}, "USD", "cs_test_1", ""},
	    .now_us = 1767240004000000,
	    .golden = GOLDEN,
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
}

static void
any_cut_any_byte(void **state)
{
	struct mx_gateway mx = golden();

	(void)state;
	mx_cut_and_flip(&mx);
}

/* An order whose session id was never saved is paid by nobody. */
static void
the_session_must_be_known(void **state)
{
	struct mx_gateway mx = golden();
	const struct mx_row r = {"ref", "none saved", NULL, NULL, NULL, NULL,
	    KEY_OURS, 0, false, WHY_REF};

	(void)state;
	mx.order.provider_ref = "";
	mx_run(&mx, &r, 1);
}

static const char *
refused(const char *name, const char *value)
{
	struct pay_pair pair[] = {{"mode", "test"},
	    {"secret_key", "sk_test_0000000000"}, {"webhook_secrets", SECRET}};
	struct gateway_config config = {pair, 3};
	const struct pay_account *ac;
	struct gateway_error why;
	size_t i;

	for (i = 0; i < 3; i++)
		if (str_eq(pair[i].name, name))
			pair[i].value = value;
	if (gateway_account(&gateway_stripe, ta, &config, &ac, &why) == RC_OK)
		return "ok";
	return arena_fmt(ta, "%s %s", why.field, why.reason);
}

static void
keys_of_one_world(void **state)
{
	(void)state;
	assert_string_equal(refused("mode", "test"), "ok");
	assert_string_equal(refused("mode", "live"), "secret_key bad_key");
	assert_string_equal(
	    refused("secret_key", "sk_live_0000000000"), "secret_key bad_key");
	assert_string_equal(
	    refused("secret_key", "pk_test_0000000000"), "secret_key bad_key");
	assert_string_equal(
	    refused("webhook_secrets", ""), "webhook_secrets required");
	assert_string_equal(refused("webhook_secrets", SECRET "\nshort"),
	    "webhook_secrets bad_key");
	assert_string_equal(
	    refused("webhook_secrets", SECRET "\r\n" SECRET "2\n"), "ok");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_matrix),
	    TEST(any_cut_any_byte),
	    TEST(the_session_must_be_known),
	    TEST(keys_of_one_world),
	};

	crypt_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
