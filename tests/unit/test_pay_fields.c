/* SPDX-License-Identifier: Apache-2.0 */
/* Channel settings: the tables of all gateways, and EPay's values. */
#include "support/test.h"

#include "pay/fields.h"

static const struct pay_pair good[] = {
    {"base_url", "https://pay.example/"},
    {"pid", "1001"},
    {"key", "WWc3Z2jkK7jhNGPALcGKjHLPK47wRK85"},
};

static const char *
refused(const struct gateway *g, const struct pay_pair *pair, size_t n)
{
	struct gateway_config config = {pair, n};
	const struct pay_account *ac;
	struct gateway_error why = {NULL, NULL};

	if (gateway_account(g, ta, &config, &ac, &why) == RC_OK)
		return "ok";
	return arena_fmt(ta, "%s %s", why.field, why.reason);
}

static const char *
with(const char *name, const char *value)
{
	struct pay_pair pair[8];
	size_t n = sizeof(good) / sizeof(good[0]), i;

	memcpy(pair, good, sizeof(good));
	for (i = 0; i < n; i++)
		if (str_eq(pair[i].name, name))
			break;
	pair[i] = (struct pay_pair){name, value};
	return refused(gateway_find("epay"), pair, i == n ? n + 1 : n);
}

static void
epay_values(void **state)
{
	static const struct {
		const char *name, *value, *said;
	} row[] = {
	    {"pid", "1001", "ok"},
	    {"pid", "", "pid required"},
	    {"pid", "10 01", "pid bad_chars"},
	    {"pid", "1001\n", "pid bad_chars"},
	    {"pid", "123456789012345678901234567890123", "pid too_long"},
	    {"key", "", "key required"},
	    {"key", NULL, "key required"},
	    {"key", "                                ", "key bad_chars"},
	    {"key", "WWc3Z2jkK7jhNGPALcGKjHLPK47wRK85 ", "key bad_chars"},
	    {"key", "short", "key too_short"},
	    {"key", "aaaaaaaaaaaaaaaaaaaa", "key sample"},
	    {"key", "Epusdt_Password_XasddaWqe", "key sample"},
	    {"base_url", "http://pay.example/", "base_url not_https"},
	    {"base_url", "https://pay.example", "base_url bad_url"},
	    {"base_url", "https://pay.example/?a=/", "base_url bad_url"},
	    {"base_url", "https://u:p@pay.example/", "base_url bad_url"},
	    {"base_url", "ftp://pay.example/", "base_url bad_url"},
	    {"base_url", "javascript:alert(1)/", "base_url bad_url"},
	    {"open", "submit", "ok"},
	    {"open", "Submit", "open bad_choice"},
	    {"open", "submit|mapi", "open bad_choice"},
	    {"open", "mapi", "type required"},
	    {"allow_http", "maybe", "allow_http bad_bool"},
	    {"kye", "x", "kye unknown"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		assert_string_equal(
		    with(row[i].name, row[i].value), row[i].said);
}

static void
defaults_are_filled_in(void **state)
{
	struct gateway_config in = {good, 3}, out;
	const struct gateway *g = gateway_find("epay");
	struct gateway_error why;

	(void)state;
	assert_int_equal(fields_check(ta, g, &in, &out, &why), RC_OK);
	assert_int_equal(out.n, g->n_fields);
	assert_string_equal(fields_get(&out, "open"), "submit");
	assert_string_equal(fields_get(&out, "type"), "");
	assert_false(fields_yes(&out, "allow_http"));
}

/* What the panel and the vault rely on, for every gateway there is. */
static void
tables_are_sound(void **state)
{
	const struct gateway *g;
	size_t i, f;

	(void)state;
	for (i = 0; (g = gateway_at(i)) != NULL; i++) {
		bool secret = false;

		assert_ptr_equal(gateway_find(g->name), g);
		assert_true(str_is_token(g->name, "_", 20));
		for (f = 0; f < g->n_fields; f++) {
			const struct gateway_field *one = &g->fields[f];

			secret |= field_is_secret(one);
			assert_true(str_is_token(one->name, "_", 30));
			assert_false(str_empty(one->help));
			/* no key comes with the program */
			assert_false(field_is_secret(one) && one->def != NULL);
			/* a key that signs is long enough */
			assert_false(one->kind == FIELD_SECRET &&
				     one->min < PAY_KEY_MIN);
			assert_true(
			    one->kind != FIELD_CHOICE || one->choices != NULL);
		}
		assert_true(secret);
		assert_non_null(g->account);
		assert_non_null(g->open);
		assert_non_null(g->notice);
		assert_true(!(g->can & PAY_CAN_QUERY) || g->query != NULL);
		assert_true(!(g->can & PAY_CAN_REFUND) || g->refund != NULL);
		assert_true(!(g->can & PAY_CAN_REFUND_QUERY) ||
			    g->refund_query != NULL);
		assert_true(!(g->can & PAY_CAN_CLOSE) || g->close != NULL);
		assert_int_equal(
		    gateway_reply(g, ANSWER_ACCEPT)->status / 100, 2);
		assert_true(gateway_reply(g, ANSWER_REJECT)->status >= 400);
		assert_true(gateway_reply(g, ANSWER_LATER)->status >= 500);
		/* an empty configuration is a channel that is off */
		assert_string_not_equal(refused(g, NULL, 0), "ok");
	}
	assert_null(gateway_find("nosuch"));
	assert_null(gateway_find(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(epay_values),
	    TEST(defaults_are_filled_in),
	    TEST(tables_are_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
