/* SPDX-License-Identifier: Apache-2.0 */
/* The notice mutation matrix for the epusdt family, see support/matrix.h. */
#include "support/test.h"

#include <stdio.h>

#include "io/crypt.h"
#include "io/json.h"
#include "pay/epusdt.h"
#include "support/matrix.h"

#define TOKEN "epusdt_share_token_1"
#define GOLDEN                                                                 \
	"{\"trade_id\":\"T2026\",\"order_id\":\"CS20260101000001\","           \
	"\"amount\":28.88,\"actual_amount\":4.25,\"token\":\"TNEns8\","        \
	"\"block_transaction_id\":\"12ef\",\"status\":2}"

/* clang-format off */
static const struct mx_row row[] = {
{"golden", "as it is", NULL, NULL, NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"secret", "wrong", NULL, NULL, NULL, NULL, KEY_WRONG, 0, false, WHY_SIGNATURE},
{"secret", "empty", NULL, NULL, NULL, NULL, KEY_EMPTY, 0, false, WHY_SIGNATURE},
{"signature", "absent", NULL, NULL, "\"signature\"", "\"sig\"", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "true", NULL, NULL, "\"signature\":\"", "\"signature\":true,\"x\":\"", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "0", NULL, NULL, "\"signature\":\"", "\"signature\":0,\"x\":\"", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "null", NULL, NULL, "\"signature\":\"", "\"signature\":null,\"x\":\"", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "empty", NULL, NULL, "\"signature\":\"", "\"signature\":\"\",\"x\":\"", KEY_OURS, 0, false, WHY_UNSIGNED},
{"signature", "list", NULL, NULL, "\"signature\":\"", "\"signature\":[],\"x\":\"", KEY_OURS, 0, false, WHY_SYNTAX},
{"signature", "one digit more", NULL, NULL, "\"}", "0\"}", KEY_OURS, 0, false, WHY_SIGNATURE},
{"order", "absent", "\"order_id\":\"CS20260101000001\",", "", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"order", "another", "CS20260101000001", "CS20260101000002", NULL, NULL, KEY_OURS, 0, false, WHY_ORDER},
{"order", "swapped in", NULL, NULL, "CS20260101000001", "CS20260101000002", KEY_OURS, 0, false, WHY_SIGNATURE},
{"order", "SQL", "CS20260101000001", "CS'--", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"order", "number", "\"CS20260101000001\"", "20260101", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"order", "NUL", "CS20260101000001", "CS20260101000001\\u0000", NULL, NULL, KEY_OURS, 0, false, WHY_SYNTAX},
{"amount", "absent", "\"amount\":28.88,", "", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "0", "28.88", "0", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "negative", "28.88", "-28.88", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "one cent less", "28.88", "28.87", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "one cent more", "28.88", "28.89", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "three decimals", "28.88", "28.881", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "huge", "28.88", "1e308", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "text", "28.88", "\"28.88\"", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "true", "28.88", "true", NULL, NULL, KEY_OURS, 0, false, WHY_AMOUNT},
{"amount", "NaN", "28.88", "NaN", NULL, NULL, KEY_EMPTY, 0, false, WHY_SYNTAX},
{"amount", "the same, longer", "28.88", "28.880", NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"amount", "the same, as a power", "28.88", "2888e-2", NULL, NULL, KEY_OURS, 0, true, WHY_OK},
{"amount", "changed after signing", "28.88", "0.01", "0.01", "28.88", KEY_OURS, 0, false, WHY_SIGNATURE},
{"amount", "twice", NULL, NULL, "{", "{\"amount\":0.01,", KEY_OURS, 0, false, WHY_SYNTAX},
{"status", "absent", ",\"status\":2", "", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "text", "\"status\":2", "\"status\":\"2\"", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "real", "\"status\":2", "\"status\":2.0", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "true", "\"status\":2", "\"status\":true", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "0", "\"status\":2", "\"status\":0", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "7", "\"status\":2", "\"status\":7", NULL, NULL, KEY_OURS, 0, false, WHY_STATUS},
{"status", "waiting", "\"status\":2", "\"status\":1", NULL, NULL, KEY_OURS, 0, false, WHY_OK},
{"status", "expired", "\"status\":2", "\"status\":3", NULL, NULL, KEY_OURS, 0, false, WHY_OK},
{"status", "turned into paid", "\"status\":2", "\"status\":3", "\"status\":3", "\"status\":2", KEY_OURS, 0, false, WHY_SIGNATURE},
{"payment id", "another", "T2026", "T2027", NULL, NULL, KEY_OURS, 0, false, WHY_REF},
{"payment id", "absent", "\"trade_id\":\"T2026\",", "", NULL, NULL, KEY_OURS, 0, false, WHY_FIELD},
{"time", "a day later", NULL, NULL, NULL, NULL, KEY_OURS, 86400, true, WHY_OK},
{"channel", "GET", NULL, NULL, "POST", "GET", KEY_OURS, 0, false, WHY_METHOD},
{"channel", "form", NULL, NULL, "application/json", "application/x-www-form-urlencoded", KEY_OURS, 0, false, WHY_SYNTAX},
{"channel", "multipart", NULL, NULL, "application/json", "multipart/form-data", KEY_OURS, 0, false, WHY_SYNTAX},
{"channel", "a list", NULL, NULL, "{", "[{", KEY_OURS, 0, false, WHY_SYNTAX},
{"channel", "an object inside", "\"status\":2", "\"status\":2,\"x\":{}", NULL, NULL, KEY_OURS, 0, false, WHY_SYNTAX},
{"channel", "an unsigned field more", NULL, NULL, "\"status\":2", "\"status\":2,\"x\":1", KEY_OURS, 0, false, WHY_SIGNATURE},
{"channel", "a null field more", NULL, NULL, "\"status\":2", "\"status\":2,\"x\":null", KEY_OURS, 0, true, WHY_OK},
{"encoding", "byte order mark", NULL, NULL, "{", "\xEF\xBB\xBF{", KEY_OURS, 0, false, WHY_SYNTAX},
{"encoding", "blanks", NULL, NULL, ":28.88,", " : 28.88 ,\n", KEY_OURS, 0, true, WHY_OK},
{"encoding", "escapes", NULL, NULL, "CS2026", "\\u0043S2026", KEY_OURS, 0, true, WHY_OK},
{"encoding", "broken UTF-8", NULL, NULL, "TNEns8", "TNE\xFF", KEY_OURS, 0, false, WHY_SYNTAX},
{"two readings", "a field in another", "TNEns8", "x&trade_id=T2026", NULL, NULL, KEY_OURS, 0, false, WHY_AMBIGUOUS},
};
/* clang-format on */

static void
sign(const char *text, enum mx_key key, struct mx_message *m)
{
	const char *token = key == KEY_OURS    ? TOKEN
			    : key == KEY_WRONG ? "epusdt_share_token_2"
					       : "";
	const struct json *j;
	struct params p;

	m->headers = "Content-Type: application/json\n";
	m->body = text;
	if (json_read(ta, span_str(text), &j) != RC_OK ||
	    epusdt_params(ta, j, &p) != RC_OK)
		return;
	m->body =
	    arena_fmt(ta, "%.*s,\"signature\":\"%s\"}", (int)strlen(text) - 1,
		text, epusdt_md5(ta, epusdt_signed_text(&p), span_str(token)));
}

static struct mx_gateway
golden(void)
{
	static const struct pay_pair pair[] = {
	    {"base_url", "https://pay.example/"}, {"key", TOKEN}};
	struct gateway_config config = {pair, 2};
	struct mx_gateway mx = {
	    .g = &gateway_epusdt,
	    .order = {"CS20260101000001", {2888}, "CNY", "T2026", ""},
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_matrix),
	    TEST(any_cut_any_byte),
	};

	crypt_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
