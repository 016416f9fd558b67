/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "io/crypt.h"
#include "io/crypt_int.h"

#define ROOT "8d3c7a10b2f4e65907d1c8a3fe2b49650c17d88e3a5b60f1942e7cd3b8a4f016"
#define CARD1 "11c4e9a27f830b5d6e92f1047ab8c35de0167f98b24a3c5d6e8f90a1b2c3d4e5"
#define CARD2 "a0b7c6d5e4f30211ffeeddccbb01020304050607080910111213aabbccddeeff"
#define GOOD "mac " ROOT "\ncard 1 " CARD1 "\n"

static const struct keyring *
load(const char *text)
{
	const struct keyring *k = NULL;
	const char *why = NULL;

	assert_int_equal(
	    keyring_load(ta, test_file("keys", text, 0600), &k, &why), RC_OK);
	assert_non_null(k);
	return k;
}

static void
refuse(const char *text, unsigned mode, const char *reason)
{
	const struct keyring *k = NULL;
	const char *why = NULL;

	assert_int_equal(
	    keyring_load(ta, test_file("bad", text, mode), &k, &why),
	    RC_INVALID);
	assert_null(k);
	assert_non_null(why);
	if (strstr(why, reason) == NULL)
		fail_msg("wanted %s, got %s", reason, why);
	/* No byte of a key in a message. */
	assert_null(strstr(why, "8d3c7a"));
}

static void
reads(void **state)
{
	const struct keyring *k;

	(void)state;
	k = load("# ours\n\n  mac   " ROOT "  \r\n"
		 "card 1 " CARD1 "\ncard 7 " CARD2);
	assert_int_equal(keyring_card_key_id(k), 7);
}

static void
bad_files(void **state)
{
	(void)state;
	refuse(GOOD, 0640, "others can read it");
	refuse(GOOD, 0604, "others can read it");
	refuse("", 0600, "no line `mac`");
	refuse("mac " ROOT "\n", 0600, "no line `card`");
	refuse("card 1 " CARD1 "\n", 0600, "no line `mac`");
	refuse(GOOD "mac " ROOT "\n", 0600, ":3: mac stands here twice");
	refuse(GOOD "card 1 " CARD2 "\n", 0600, ":3: two card keys");
	refuse(GOOD "card 0 " CARD2 "\n", 0600, ":3: card: wants a number");
	refuse(GOOD "card x " CARD2 "\n", 0600, ":3: card: wants a number");
	refuse(GOOD "card 4294967296 " CARD2 "\n", 0600, ":3: card: wants");
	refuse(GOOD "card 2 " CARD2 "0\n", 0600, ":3: a key is 64 hex");
	refuse(GOOD "card 2\n", 0600, ":3: a key is 64 hex");
	refuse(GOOD "cards 2 " CARD2 "\n", 0600, ":3: neither mac nor card");
	refuse("mac 000102030405060708090a0b0c0d0e0f"
	       "101112131415161718191a1b1c1d1e1f\ncard 1 " CARD1,
	    0600, ":1: this is a sample key");
	refuse("mac " ROOT "\ncard 1 0000000000000000000000000000000000000000"
	       "000000000000000000000000\n",
	    0600, ":2: this is a sample key");
	refuse("mac " ROOT "\ncard 1 00112233445566778899aabbccddeeff"
	       "102132435465768798a9bacbdcedfe0f\n",
	    0600, ":2: this is a sample key");
}

static void
no_file(void **state)
{
	const struct keyring *k = NULL;
	const char *why = NULL;

	(void)state;
	assert_int_equal(
	    keyring_load(ta, arena_fmt(ta, "%s/none", test_dir()), &k, &why),
	    RC_INVALID);
	assert_non_null(strstr(why, "No such file"));
	assert_int_equal(keyring_load(ta, test_dir(), &k, &why), RC_INVALID);
	assert_non_null(strstr(why, "not a file"));
}

static void
create_and_add(void **state)
{
	const char *file = arena_fmt(ta, "%s/made", test_dir()), *why = NULL;
	const struct keyring *k, *k2;
	struct span sealed, out;
	struct stat st;

	(void)state;
	assert_int_equal(keyring_create(file, &why), RC_OK);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(keyring_create(file, &why), RC_CONFLICT);
	assert_int_equal(keyring_load(ta, file, &k, &why), RC_OK);
	assert_int_equal(keyring_card_key_id(k), 1);
	assert_int_equal(
	    keyring_seal_card(k, ta, 5, SPAN_LIT("old"), &sealed), RC_OK);

	assert_int_equal(keyring_add_card_key(file, &why), RC_OK);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(keyring_load(ta, file, &k2, &why), RC_OK);
	assert_int_equal(keyring_card_key_id(k2), 2);
	/* The old card opens under its old key, two versions are live. */
	assert_int_equal(keyring_open_card(k2, ta, 5, 1, sealed, &out), RC_OK);
	assert_span(out, "old");
	assert_int_equal(
	    keyring_seal_card(k2, ta, 5, SPAN_LIT("new"), &sealed), RC_OK);
	assert_int_equal(keyring_open_card(k2, ta, 5, 2, sealed, &out), RC_OK);
	assert_span(out, "new");
	assert_int_equal(
	    keyring_open_card(k2, ta, 5, 1, sealed, &out), RC_INVALID);
	/* The ring of before takes the new key up when it meets it. */
	assert_int_equal(keyring_card_key_id(k), 1);
	assert_int_equal(keyring_open_card(k, ta, 5, 2, sealed, &out), RC_OK);
	assert_span(out, "new");
	assert_int_equal(keyring_card_key_id(k), 2);
	assert_int_equal(
	    keyring_open_card(k, ta, 5, 3, sealed, &out), RC_NOTFOUND);
	/* Labels do not change when a card key is added. */
	assert_true(
	    crypt_equal(keyring_key(k, "csrf"), keyring_key(k2, "csrf")));
}

static void
add_keeps_a_bad_file(void **state)
{
	const char *file = test_file("broken", "mac 12\n", 0600), *why = NULL;
	char text[16] = {0};
	FILE *f;

	(void)state;
	assert_int_equal(keyring_add_card_key(file, &why), RC_INVALID);
	assert_non_null(why);
	f = fopen(file, "r");
	assert_non_null(f);
	assert_int_equal(fread(text, 1, sizeof(text), f), 7);
	(void)fclose(f);
	assert_string_equal(text, "mac 12\n");
}

static const char *
text_of(const char *file)
{
	char text[1024] = {0};
	FILE *f = fopen(file, "r");

	assert_non_null(f);
	assert_int_not_equal(fread(text, 1, sizeof(text) - 1, f), 0);
	(void)fclose(f);
	return arena_str(ta, text);
}

/* Only its line goes; the mode stays; who had the old file open finds no key
 * in it any more. */
static void
a_key_is_dropped(void **state)
{
	static const char text[] = "# ours\n mac " ROOT "\n  card   1 " CARD1
				   "\r\n# card 1 is old\ncard 11 " CARD2;
	const char *file = test_file("drop", text, 0600), *why = NULL;
	FILE *old = fopen(file, "r");
	char left[sizeof(text)];
	struct stat st;
	size_t i;

	(void)state;
	assert_int_equal(chmod(file, 0400), 0);
	assert_int_equal(keyring_drop_card_key(file, 1, &why), RC_OK);
	assert_string_equal(text_of(file),
	    "# ours\n mac " ROOT "\n# card 1 is old\ncard 11 " CARD2);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0400);
	assert_non_null(old);
	assert_int_equal(fread(left, 1, sizeof(left), old), sizeof(text) - 1);
	(void)fclose(old);
	for (i = 0; i < sizeof(text) - 1; i++)
		assert_int_equal(left[i], 0);
}

static void
not_dropped(const char *file, uint32_t id, const char *reason)
{
	const char *before = text_of(file), *why = NULL;

	assert_int_not_equal(keyring_drop_card_key(file, id, &why), RC_OK);
	assert_non_null(why);
	if (strstr(why, reason) == NULL)
		fail_msg("wanted %s, got %s", reason, why);
	assert_string_equal(text_of(file), before);
}

static void
a_key_stays(void **state)
{
	const char *file = test_file("stay", GOOD "card 2 " CARD2 "\n", 0600);
	const char *other = arena_fmt(ta, "%s/other", test_dir());
	const char *fresh = arena_fmt(ta, "%s.new", file);

	(void)state;
	not_dropped(file, 2, "newest");
	not_dropped(file, 3, "no card key");
	assert_int_equal(link(file, other), 0);
	not_dropped(file, 1, "hard link");
	assert_int_equal(unlink(other), 0);
	/* somebody else is changing it */
	assert_int_equal(link(file, fresh), 0);
	not_dropped(file, 1, "being changed");
	assert_int_equal(unlink(fresh), 0);
	assert_int_equal(access(fresh, F_OK), -1);
	assert_int_equal(
	    keyring_drop_card_key(file, 1, &(const char *){NULL}), RC_OK);
}

/* A link in place of the file: what it points to is changed. */
static void
a_link_is_followed(void **state)
{
	const char *file = test_file("real", GOOD "card 2 " CARD2 "\n", 0600);
	const char *name = arena_fmt(ta, "%s/link", test_dir()), *why = NULL;
	struct stat st;

	(void)state;
	assert_int_equal(symlink(file, name), 0);
	assert_int_equal(keyring_drop_card_key(name, 1, &why), RC_OK);
	assert_string_equal(text_of(file), "mac " ROOT "\ncard 2 " CARD2 "\n");
	assert_int_equal(lstat(name, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(keyring_add_card_key(name, &why), RC_OK);
	assert_non_null(strstr(text_of(file), "card 3 "));
}

/* A file that is no good, or of another shop, changes nothing. */
static void
a_bad_file_is_not_taken_up(void **state)
{
	const struct keyring *k = load(GOOD);
	struct span sealed, out;

	(void)state;
	assert_false(keyring_refresh(k)); /* as it was */
	assert_int_equal(
	    keyring_seal_card(k, ta, 5, SPAN_LIT("x"), &sealed), RC_OK);
	(void)test_file("keys", "mac 12\n", 0600);
	assert_false(keyring_refresh(k));
	(void)test_file("keys", "mac " CARD2 "\ncard 2 " CARD1 "\n", 0600);
	assert_false(keyring_refresh(k));
	assert_int_equal(keyring_card_key_id(k), 1);
	assert_int_equal(keyring_open_card(k, ta, 5, 1, sealed, &out), RC_OK);
}

static void
a_card_is_its_id(void **state)
{
	const struct keyring *k = load(GOOD);
	struct span sealed, out;

	(void)state;
	assert_int_equal(
	    keyring_seal_card(k, ta, 77, SPAN_LIT("K-1"), &sealed), RC_OK);
	assert_int_equal(keyring_open_card(k, ta, 77, 1, sealed, &out), RC_OK);
	assert_span(out, "K-1");
	/* A row copied over another row does not open. */
	assert_int_equal(
	    keyring_open_card(k, ta, 78, 1, sealed, &out), RC_INVALID);
}

static void
labels_are_apart(void **state)
{
	const struct keyring *k = load(GOOD);
	struct span a = keyring_key(k, "csrf"), b = keyring_key(k, "visitor");
	struct span again = keyring_key(k, "csrf"), sealed, out;
	struct span part = SPAN_LIT("x");
	uint8_t want[32], one[32], two[32];

	(void)state;
	assert_int_equal(a.n, CRYPT_KEY);
	assert_ptr_equal(a.p, again.p); /* derived once */
	assert_false(crypt_equal(a, b));
	keyring_mac(k, "csrf", &part, 1, one);
	keyring_mac(k, "visitor", &part, 1, two);
	assert_memory_not_equal(one, two, 32);
	crypt_hmac(a, (struct span){"\0\0\0\0\0\0\0\1x", 9}, want);
	assert_memory_equal(one, want, 32);

	assert_int_equal(
	    keyring_seal(k, ta, "channel", 3, SPAN_LIT("pid"), &sealed), RC_OK);
	assert_int_equal(
	    keyring_open(k, ta, "channel", 3, sealed, &out), RC_OK);
	assert_span(out, "pid");
	assert_int_equal(
	    keyring_open(k, ta, "channel", 4, sealed, &out), RC_INVALID);
	assert_int_equal(
	    keyring_open(k, ta, "totp", 3, sealed, &out), RC_INVALID);
	/* ... and sealing under a label is not using its MAC key. */
	assert_int_equal(
	    crypt_open(ta, keyring_key(k, "channel"),
		(struct span){"\0\0\0\0\0\0\0\3", 8}, sealed, &out),
	    RC_INVALID);
}

/* HKDF-SHA256(root, "keystall", "key/csrf"), computed apart from this
 * program: a change of derivation would orphan every stored token. */
static void
derivation_is_fixed(void **state)
{
	const struct keyring *k = load(GOOD);

	(void)state;
	assert_string_equal(hex_text(ta, keyring_key(k, "csrf").p, CRYPT_KEY),
	    "087f33bc9b95e63a93c60dc6e8babf1e33bc866c9e035ac3bdf04afd8a1ec6d1");
}

static void
too_many_labels(void *arg)
{
	const struct keyring *k = arg;
	char name[16];
	int i;

	for (i = 0; i < 65; i++) {
		(void)snprintf(name, sizeof(name), "l%d", i);
		(void)keyring_key(k, name);
	}
}

static void
labels_are_not_data(void **state)
{
	(void)state;
	assert_true(
	    test_aborts(too_many_labels, (void *)(uintptr_t)load(GOOD)));
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
	    TEST(reads),
	    TEST(bad_files),
	    TEST(no_file),
	    TEST(create_and_add),
	    TEST(add_keeps_a_bad_file),
	    TEST(a_key_is_dropped),
	    TEST(a_key_stays),
	    TEST(a_link_is_followed),
	    TEST(a_bad_file_is_not_taken_up),
	    TEST(a_card_is_its_id),
	    TEST(labels_are_apart),
	    TEST(derivation_is_fixed),
	    TEST(labels_are_not_data),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
