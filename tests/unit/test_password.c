/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "io/crypt.h"

#define PW SPAN_LIT("correct horse battery")

static enum rc
check(const char *phc, const char *password, bool *rehash)
{
	return crypt_password_check(span_str(password), phc, rehash);
}

static void
hash_and_check(void **state)
{
	const char *one, *two;
	bool rehash = true;

	(void)state;
	assert_int_equal(crypt_password_hash(ta, PW, &one), RC_OK);
	assert_int_equal(crypt_password_hash(ta, PW, &two), RC_OK);
	assert_string_not_equal(one, two); /* a salt each */
#ifdef HAVE_ARGON2
	assert_true(str_starts(one, "$argon2id$v=19$m=19456,t=2,p=1$"));
#else
	assert_true(str_starts(one, "$scrypt$ln=17,r=8,p=1$"));
#endif
	assert_int_equal(crypt_password_check(PW, one, &rehash), RC_OK);
	assert_false(rehash);
	assert_int_equal(
	    check(one, "correct horse batterz", &rehash), RC_DENIED);
	assert_int_equal(check(one, "", &rehash), RC_DENIED);
	/* A NUL is a byte like others: no prefix logs in. */
	assert_int_equal(
	    crypt_password_check(
		SPAN_LIT("correct horse battery\0x"), one, &rehash),
	    RC_DENIED);
}

#ifdef HAVE_ARGON2
/* From the reference implementation's own test: version 0x13, 2 passes, 256
 * KiB, "password", "somesalt". */
static void
argon2_vector(void **state)
{
	static const char phc[] =
	    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ"
	    "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
	bool rehash = false;

	(void)state;
	assert_int_equal(check(phc, "password", &rehash), RC_OK);
	assert_true(rehash); /* old parameters */
	assert_int_equal(check(phc, "passwore", &rehash), RC_DENIED);
}
#endif

/* Computed by Python's hashlib.scrypt. */
static void
scrypt_vector(void **state)
{
	static const char phc[] = "$scrypt$ln=10,r=8,p=4$TmFDbE5hQ2w$D5XD+v"
				  "HpjgXM6Pi3lBteoOQjF8nsUPYPhRU9w5cz1Is";
	bool rehash = false;

	(void)state;
	assert_int_equal(check(phc, "password", &rehash), RC_OK);
	assert_true(rehash);
	assert_int_equal(check(phc, "Password", &rehash), RC_DENIED);
}

static void
unreadable(void **state)
{
	static const char *const bad[] = {
	    "",
	    "plain",
	    "$2y$10$abcdefghijklmnopqrstuv",
	    "$argon2id$",
	    "$argon2id$v=19$m=0,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR",
	    /* parameters that would eat the machine */
	    "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ"
	    "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
	    "$argon2id$v=19$m=256,t=4000000,p=1$c29tZXNhbHQ"
	    "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
	    "$scrypt$ln=31,r=8,p=1$c29tZXNhbHQ$AAAA",
	    "$scrypt$ln=20,r=32,p=1$c29tZXNhbHQ$AAAA",
	    "$scrypt$ln=10,r=8,p=1$c29tZXNhbHQ$AAAA",
	    "$scrypt$ln=10,r=8$c29tZXNhbHQ$AAAA",
	    "$scrypt$ln=10,r=8,p=1$c29tZXNhbHQ",
	    "$scrypt$",
	};
	bool rehash;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(check(bad[i], "password", &rehash), RC_FAIL);
}

static int
setup(void **state)
{
	(void)state;
	crypt_init();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(hash_and_check),
#ifdef HAVE_ARGON2
	    TEST(argon2_vector),
#endif
	    TEST(scrypt_vector),
	    TEST(unreadable),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
