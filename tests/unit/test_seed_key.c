/* SPDX-License-Identifier: Apache-2.0 */
/* Keys by pattern: each token's letters and length, and no two alike. */
#include "support/test.h"

#include "io/crypt.h"
#include "shop/seed.h"

static const char *
key(const char *pattern)
{
	struct buf b;

	buf_init(&b, ta, 64, 4096);
	assert_int_equal(seed_key(&b, pattern), RC_OK);
	return buf_text(&b);
}

static void
all_of(const char *s, size_t n, const char *letters)
{
	assert_int_equal(strlen(s), n);
	assert_int_equal(strspn(s, letters), n);
}

static void
tokens(void **state)
{
	(void)state;
	assert_string_equal(key("plain"), "plain");
	assert_string_equal(key(""), "");
	all_of(key("{A40}"), 40, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789");
	all_of(key("{a40}"), 40, "abcdefghjkmnpqrstuvwxyz23456789");
	all_of(key("{d9}"), 9, "0123456789");
	all_of(key("{h32}"), 32, "0123456789abcdef");
	all_of(key("{B32}"), 32, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
	assert_int_equal(strlen(key("{p}")), 12);
	assert_null(strstr(key("{p}{p}{p}{p}"), "-"));
	assert_non_null(strstr(key("{u}@x.example"), "@x.example"));
	assert_int_equal(strlen(key("AB{d4}-{A5}{a1}")), 13);
}

static void
bad_patterns(void **state)
{
	static const char *const bad[] = {"{", "{A5", "{}", "{A}", "{x5}",
	    "{A65}", "{A-1}", "a}b{", "{{A5}}"};
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		buf_init(&b, ta, 64, 4096);
		assert_int_equal(seed_key(&b, bad[i]), RC_INVALID);
	}
	buf_init(&b, ta, 4, 8);
	assert_int_equal(seed_key(&b, "{A40}"), RC_INVALID); /* no room */
}

static void
never_alike(void **state)
{
	const char *last = "";
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		const char *k = key("{A16}");

		assert_string_not_equal(k, last);
		last = k;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(tokens), TEST(bad_patterns), TEST(never_alike)};

	crypt_init();
	return cmocka_run_group_tests_name("seed_key", tests, NULL, NULL);
}
