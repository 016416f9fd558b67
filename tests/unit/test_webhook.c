/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pieces of webhooks that need no database: the signature, the list of
 * events, waits between attempts.
 */
#include "support/test.h"

#include "base/settings.h"
#include "base/time.h"
#include "io/crypt.h"
#include "shop/backoff.h"
#include "shop/webhook.h"

static struct ctx cx;
static struct arena *keep;

/* The example of the Standard Webhooks specification. */
static void
signature_as_the_standard_has_it(void **state)
{
	const char *out = NULL;

	(void)state;
	cx.arena = ta;
	assert_int_equal(webhook_sign(&cx,
			     SPAN_LIT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
			     "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
			     "{\"test\": 2432232314}", &out),
	    RC_OK);
	assert_string_equal(
	    out, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void
no_secret_signs_nothing(void **state)
{
	static const char *const bad[] = {"", "whsec_", "whsec_AAAA",
	    "whsec_****************************************",
	    "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec"};
	const char *out;
	size_t i;

	(void)state;
	cx.arena = ta;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    webhook_sign(&cx, span_str(bad[i]), "id", 1, "x", &out),
		    RC_INVALID);
}

static void
events_are_whole_words(void **state)
{
	const char *all = "order.paid stock.low";
	size_t i, k;

	(void)state;
	assert_true(hook_wants(all, "order.paid"));
	assert_true(hook_wants(all, "stock.low"));
	assert_false(hook_wants(all, "order"));
	assert_false(hook_wants(all, "order.pai"));
	assert_false(hook_wants(all, "order.paid stock.low"));
	assert_false(hook_wants("", "order.paid"));
	for (i = 0; i < HOOK__N; i++)
		for (k = 0; k < i; k++)
			assert_string_not_equal(
			    hook_event_name((enum hook_event)i),
			    hook_event_name((enum hook_event)k));
}

static void
waits_double_to_a_limit(void **state)
{
	int64_t wait, least = 10;
	unsigned failed;

	(void)state;
	for (failed = 0; failed < 40; failed++) {
		wait = backoff_at(0, failed, 10, 600);
		assert_true(wait >= least * US_PER_S);
		assert_true(wait <= least * US_PER_S * 5 / 4);
		least = least * 2 > 600 ? 600 : least * 2;
	}
	/* the last attempt of a message is some two days after the first */
	for (wait = 0, failed = 0; failed + 1 < BACKOFF_ATTEMPTS; failed++)
		wait =
		    backoff_at(wait, failed, BACKOFF_FIRST_S, BACKOFF_MOST_S);
	assert_true(wait > 2 * S_PER_DAY * US_PER_S);
	assert_true(wait < 3 * S_PER_DAY * US_PER_S);
}

static int
setup(void **state)
{
	(void)state;
	crypt_init();
	keep = arena_new(64 * 1024, 8 << 20);
	ctx_init(&cx, keep, settings_defaults(keep));
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(keep);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(signature_as_the_standard_has_it),
	    TEST(no_secret_signs_nothing),
	    TEST(events_are_whole_words),
	    TEST(waits_double_to_a_limit),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
