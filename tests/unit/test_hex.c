/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "base/hex.h"

static void
hex(void **state)
{
	unsigned char out[3];

	(void)state;
	assert_string_equal(hex_text(ta, "\x00\xab\xff", 3), "00abff");
	assert_string_equal(hex_text(ta, "", 0), "");
	assert_int_equal(hex_bytes(SPAN_LIT("9a9f9A"), out, 3), RC_OK);
	assert_memory_equal(out, "\x9a\x9f\x9a", 3);
	assert_int_equal(hex_bytes(SPAN_LIT("00aBFf"), out, 3), RC_OK);
	assert_memory_equal(out, "\x00\xab\xff", 3);
	assert_int_equal(hex_bytes(SPAN_LIT("00aBF"), out, 3), RC_INVALID);
	assert_int_equal(hex_bytes(SPAN_LIT("00aBFf0"), out, 3), RC_INVALID);
	assert_int_equal(hex_bytes(SPAN_LIT("00aBFf00"), out, 3), RC_INVALID);
	assert_int_equal(hex_bytes(SPAN_LIT("00aBFg"), out, 3), RC_INVALID);
	assert_int_equal(hex_bytes(SPAN_LIT(" 0aBFf"), out, 3), RC_INVALID);
	assert_int_equal(hex_bytes(SPAN_LIT(""), out, 0), RC_OK);
}

/* RFC 4648 section 10. */
static void
base64_vectors(void **state)
{
	static const char *const row[][2] = {{"", ""}, {"f", "Zg=="},
	    {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
	    {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
	struct span out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		assert_string_equal(
		    b64_text(ta, row[i][0], strlen(row[i][0])), row[i][1]);
		assert_int_equal(
		    b64_bytes(ta, span_str(row[i][1]), &out), RC_OK);
		assert_span(out, row[i][0]);
	}
	assert_string_equal(b64_text(ta, "\xfb\xff\xfe", 3), "+//+");
	assert_string_equal(b64url_text(ta, "\xfb\xff\xfe", 3), "-__-");
	assert_string_equal(b64url_text(ta, "f", 1), "Zg");
}

static void
base64_is_canonical(void **state)
{
	static const char *const bad[] = {"Z", "Zg",
	    "Zg=", "Zg===", "====", "=", "Zh==" /* stray bits */,
	    "Zm9=", "Zm9v\n", " Zm9v", "Zm 9v", "Zm-_",
	    "Zg==Zg==", "Z===", "Zm9vY===", "Zm9v="};
	static const char *const bad_url[] = {
	    "Z", "Zg==", "Zh", "Zm9", "+//+", "Zm9v ", "Zm9vY"};
	struct span out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (b64_bytes(ta, span_str(bad[i]), &out) != RC_INVALID)
			fail_msg("base64 took %s", bad[i]);
	for (i = 0; i < sizeof(bad_url) / sizeof(bad_url[0]); i++)
		if (b64url_bytes(ta, span_str(bad_url[i]), &out) != RC_INVALID)
			fail_msg("base64url took %s", bad_url[i]);
}

static void
base64_round_trips(void **state)
{
	unsigned char in[100];
	struct span out;
	size_t n, round;

	(void)state;
	for (round = 0; round < 5000; round++) {
		n = (size_t)test_below(sizeof(in) + 1);
		test_bytes(in, n);
		assert_int_equal(
		    b64_bytes(ta, span_str(b64_text(ta, in, n)), &out), RC_OK);
		assert_int_equal(out.n, n);
		assert_memory_equal(out.p, in, n);
		assert_int_equal(
		    b64url_bytes(ta, span_str(b64url_text(ta, in, n)), &out),
		    RC_OK);
		assert_int_equal(out.n, n);
		assert_memory_equal(out.p, in, n);
		arena_reset(ta);
	}
}

/* Any text that decodes is the text of what it decodes to. */
static void
base64_has_one_spelling(void **state)
{
	static const char likely[] = "ABab01+/-_=\n";
	char in[9];
	struct span out;
	size_t n, i;
	int round;

	(void)state;
	for (round = 0; round < 200000; round++) {
		n = (size_t)test_below(sizeof(in));
		for (i = 0; i < n; i++)
			in[i] = likely[test_below(sizeof(likely) - 1)];
		in[n] = '\0';
		if (b64_bytes(ta, (struct span){in, n}, &out) == RC_OK)
			assert_string_equal(b64_text(ta, out.p, out.n), in);
		if (b64url_bytes(ta, (struct span){in, n}, &out) == RC_OK)
			assert_string_equal(b64url_text(ta, out.p, out.n), in);
		arena_reset(ta);
	}
}

static void
base32(void **state)
{
	uint8_t in[256];
	char out[257] = "";
	size_t i;

	(void)state;
	for (i = 0; i < 256; i++)
		in[i] = (uint8_t)i;
	b32_text(in, 256, out);
	assert_memory_equal(out, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 32);
	assert_memory_equal(out, out + 224, 32);
	assert_null(strpbrk(out, "ILOU"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(hex),
	    TEST(base64_vectors),
	    TEST(base64_is_canonical),
	    TEST(base64_round_trips),
	    TEST(base64_has_one_spelling),
	    TEST(base32),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
