/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 4226 appendix D, RFC 6238 appendix B (SHA-1), and the window. */
#include "support/test.h"

#include "base/time.h"
#include "io/crypt.h"
#include "shop/totp.h"

static const struct span rfc = {"12345678901234567890", 20};

static int
setup(void **state)
{
	crypt_init();
	return test_arena_setup(state);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, test_arena_teardown)

static void
rfc4226(void **state)
{
	static const char *const want[] = {"755224", "287082", "359152",
	    "969429", "338314", "254676", "287922", "162583", "399871",
	    "520489"};
	char out[9];
	unsigned i;

	(void)state;
	for (i = 0; i < 10; i++) {
		totp_code(rfc, i, 6, out);
		assert_string_equal(out, want[i]);
	}
}

static void
rfc6238(void **state)
{
	static const struct {
		uint64_t time;
		const char *code;
	} want[] = {
	    {59, "94287082"},
	    {1111111109, "07081804"},
	    {1111111111, "14050471"},
	    {1234567890, "89005924"},
	    {2000000000, "69279037"},
	    {20000000000, "65353130"},
	};
	char out[9];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		totp_code(rfc, want[i].time / TOTP_STEP_S, 8, out);
		assert_string_equal(out, want[i].code);
	}
}

/* A code counts in its own step and the two beside it, once. */
static void
window(void **state)
{
	const int64_t t = INT64_C(1111111110) * US_PER_S; /* step 37037037 */
	uint64_t step = 0;
	char code[9];
	int64_t d;

	(void)state;
	totp_code(rfc, 37037037, 6, code);
	for (d = -90; d <= 90; d += 30) {
		step = 0;
		assert_int_equal(
		    totp_check(rfc, code, t + d * US_PER_S, 0, &step),
		    d >= -30 && d <= 30 ? RC_OK : RC_DENIED);
		assert_int_equal(step, d >= -30 && d <= 30 ? 37037037 : 0);
	}
	assert_int_equal(totp_check(rfc, code, t, 37037036, &step), RC_OK);
	assert_int_equal(totp_check(rfc, code, t, 37037037, &step), RC_DENIED);
	assert_int_equal(totp_check(rfc, "", t, 0, &step), RC_DENIED);
	assert_int_equal(totp_check(rfc, "12345", t, 0, &step), RC_DENIED);
	assert_int_equal(
	    totp_check(rfc, arena_fmt(ta, "%s0", code), t, 0, &step),
	    RC_DENIED);
}

static void
base32(void **state)
{
	uint8_t out[TOTP_SECRET];
	const char *text;
	size_t i;

	(void)state;
	assert_string_equal(totp_base32(ta, SPAN_LIT("foobar")), "MZXW6YTBOI");
	assert_string_equal(
	    totp_base32(ta, rfc), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
	assert_int_equal(
	    totp_secret("gezd gnbv-GY3T QOJQ GEZD GNBV GY3T QOJQ", out), RC_OK);
	assert_memory_equal(out, rfc.p, 20);
	assert_int_equal(totp_secret("GEZDGNBV", out), RC_INVALID);
	assert_int_equal(totp_secret("1", out), RC_INVALID);
	assert_int_equal(totp_secret("", out), RC_INVALID);
	assert_int_equal(
	    totp_secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQA", out), RC_INVALID);
	test_seed();
	for (i = 0; i < 200; i++) {
		uint8_t in[TOTP_SECRET];

		test_bytes(in, sizeof(in));
		text = totp_base32(
		    ta, (struct span){(const char *)in, sizeof(in)});
		assert_int_equal(totp_secret(text, out), RC_OK);
		assert_memory_equal(in, out, sizeof(in));
	}
}

static void
url(void **state)
{
	(void)state;
	assert_string_equal(totp_url(ta, "A&B", "me@x", "GEZD"),
	    "otpauth://totp/A%26B:me%40x?secret=GEZD&issuer=A%26B"
	    "&algorithm=SHA1&digits=6&period=30");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(rfc4226), T(rfc6238), T(window), T(base32), T(url)};

	return cmocka_run_group_tests_name("totp", tests, NULL, NULL);
}
