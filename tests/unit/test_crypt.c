/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The primitives against published vectors: FIPS 180-4, RFC 1321, RFC 2202,
 * RFC 4231, RFC 5869, RFC 7914, and the AES-256-GCM cases of the GCM
 * specification (McGrew and Viega, cases 13-16).
 */
#include "support/test.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/time.h"
#include "io/crypt.h"
#include "io/crypt_int.h"

static struct span
unhex(const char *hex)
{
	size_t n = strlen(hex) / 2;
	char *p = arena_alloc(ta, n + 1);

	assert_int_equal(hex_bytes(span_str(hex), p, n), RC_OK);
	return (struct span){p, n};
}

static struct span
repeat(int byte, size_t n)
{
	char *p = arena_alloc(ta, n);

	memset(p, byte, n);
	return (struct span){p, n};
}

#define assert_hex(p, n, hex) assert_string_equal(hex_text(ta, p, n), hex)

static void
digests(void **state)
{
	uint8_t h[32];

	(void)state;
	crypt_sha256(SPAN_LIT("abc"), h);
	assert_hex(h, 32,
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	crypt_sha256(SPAN_LIT(""), h);
	assert_hex(h, 32,
	    "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
	crypt_md5(SPAN_LIT("message digest"), h);
	assert_hex(h, 16, "f96b697d7cb7938d525a2f31aaf161d0");
	crypt_sha1(SPAN_LIT("abc"), h);
	assert_hex(h, 20, "a9993e364706816aba3e25717850c26c9cd0d89d");
}

/* RFC 4231 sections 4.2 to 4.8; case 5 is about truncation. */
static void
hmac_sha256(void **state)
{
	static const struct {
		const char *key, *text, *mac;
		int key_byte, key_n, text_byte, text_n;
	} t[] = {
	    {.key_byte = 0x0b,
		.key_n = 20,
		.text = "4869205468657265",
		.mac = "b0344c61d8db38535ca8afceaf0bf12b"
		       "881dc200c9833da726e9376c2e32cff7"},
	    {.key = "4a656665",
		.text =
		    "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
		.mac = "5bdcc146bf60754e6a042426089575c7"
		       "5a003f089d2739839dec58b964ec3843"},
	    {.key_byte = 0xaa,
		.key_n = 20,
		.text_byte = 0xdd,
		.text_n = 50,
		.mac = "773ea91e36800e46854db8ebd09181a7"
		       "2959098b3ef8c122d9635514ced565fe"},
	    {.key = "0102030405060708090a0b0c0d0e0f10111213141516171819",
		.text_byte = 0xcd,
		.text_n = 50,
		.mac = "82558a389a443c0ea4cc819899f2083a"
		       "85f0faa3e578f8077a2e3ff46729665b"},
	    {.key_byte = 0xaa,
		.key_n = 131,
		.text = "54657374205573696e67204c61726765"
			"72205468616e20426c6f636b2d53697a"
			"65204b6579202d2048617368204b6579"
			"204669727374",
		.mac = "60e431591ee0b67f0d8a26aacbf5b77f"
		       "8e0bc6213728c5140546040f0ee37f54"},
	};
	uint8_t mac[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		crypt_hmac(t[i].key ? unhex(t[i].key)
				    : repeat(t[i].key_byte, (size_t)t[i].key_n),
		    t[i].text ? unhex(t[i].text)
			      : repeat(t[i].text_byte, (size_t)t[i].text_n),
		    mac);
		assert_hex(mac, 32, t[i].mac);
	}
	/* An empty key is a key, not "the key of last time". */
	crypt_hmac(SPAN_LIT(""), SPAN_LIT(""), mac);
	assert_hex(mac, 32,
	    "b613679a0814d9ec772f95d778c35fc5"
	    "ff1697c493715653c6c712144292c5ad");
}

/* RFC 2202 section 3, cases 1 and 2. */
static void
hmac_sha1(void **state)
{
	uint8_t mac[20];

	(void)state;
	crypt_hmac_sha1(repeat(0x0b, 20), SPAN_LIT("Hi There"), mac);
	assert_hex(mac, 20, "b617318655057264e28bc0b6fb378c8ef146be00");
	crypt_hmac_sha1(
	    SPAN_LIT("Jefe"), SPAN_LIT("what do ya want for nothing?"), mac);
	assert_hex(mac, 20, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

/* RFC 5869 appendix A.1 to A.3. */
static void
hkdf(void **state)
{
	char *ikm = arena_alloc(ta, 80), *salt = arena_alloc(ta, 80);
	char *info = arena_alloc(ta, 80);
	uint8_t out[82];
	int i;

	(void)state;
	crypt_hkdf(repeat(0x0b, 22), unhex("000102030405060708090a0b0c"),
	    unhex("f0f1f2f3f4f5f6f7f8f9"), out, 42);
	assert_hex(out, 42,
	    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
	    "34007208d5b887185865");
	for (i = 0; i < 80; i++) {
		ikm[i] = (char)i;
		salt[i] = (char)(0x60 + i);
		info[i] = (char)(0xb0 + i);
	}
	crypt_hkdf((struct span){ikm, 80}, (struct span){salt, 80},
	    (struct span){info, 80}, out, 82);
	assert_hex(out, 82,
	    "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
	    "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
	    "cc30c58179ec3e87c14c01d5c1f3434f1d87");
	crypt_hkdf(repeat(0x0b, 22), SPAN_LIT(""), SPAN_LIT(""), out, 42);
	assert_hex(out, 42,
	    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
	    "9d201395faa4b61a96c8");
}

/* RFC 7914 section 12. */
static void
scrypt(void **state)
{
	uint8_t out[64];

	(void)state;
	crypt_scrypt(SPAN_LIT("password"), SPAN_LIT("NaCl"), 1024, 8, 16, out,
	    sizeof(out));
	assert_hex(out, 64,
	    "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
	    "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
}

#define KEY4 "feffe9928665731c6d6a8f9467308308"
#define PLAIN4                                                                 \
	"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"     \
	"1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
#define SEALED4                                                                \
	"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"     \
	"8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
#define AAD4 "feedfacedeadbeeffeedfacedeadbeefabaddad2"

static void
gcm_vectors(void **state)
{
	static const char zero[] = "00000000000000000000000000000000";
	static const struct {
		const char *key, *nonce, *aad, *plain, *sealed;
	} t[] = {
	    /* 13, 14 */
	    {zero, "000000000000000000000000", "", "",
		"530f8afbc74536b9a963b4f1c4cb738b"},
	    {zero, "000000000000000000000000", "", zero,
		"cea7403d4d606b6e074ec5d3baf39d18"
		"d0d1c8a799996bf0265b98b5d48ab919"},
	    /* 16, and 17 with a nonce of 8 bytes */
	    {KEY4, "cafebabefacedbaddecaf888", AAD4, PLAIN4,
		SEALED4 "76fc6ece0f4e1768cddf8853bb2d551b"},
	    {KEY4, "cafebabefacedbad", AAD4, PLAIN4,
		"c3762df1ca787d32ae47c13bf19844cbaf1ae14d0b976afac52ff7d79bba9"
		"de0feb582d33934a4f0954cc2363bc73f7862ac430e64abe499f47c9b1f"
		"3a337dbf46a792c45e454913fe2ea8f2"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		char *key = arena_fmt(ta, "%s%s", t[i].key, t[i].key);
		struct span want = unhex(t[i].plain), out;

		assert_int_equal(
		    crypt_gcm_open(ta, unhex(key), unhex(t[i].nonce),
			unhex(t[i].aad), unhex(t[i].sealed), &out),
		    RC_OK);
		assert_int_equal(out.n, want.n);
		assert_memory_equal(out.p, want.p, want.n);
	}
}

static void
sealed_opens_and_only_whole(void **state)
{
	struct span key = repeat('k', CRYPT_KEY), out, sealed;
	struct span plain = SPAN_LIT("ABCD-EFGH"), aad = SPAN_LIT("aad");
	char *p;
	size_t i;

	(void)state;
	assert_int_equal(crypt_seal(ta, key, aad, plain, &sealed), RC_OK);
	assert_int_equal(sealed.n, plain.n + CRYPT_NONCE + CRYPT_TAG);
	assert_int_equal(crypt_open(ta, key, aad, sealed, &out), RC_OK);
	assert_span(out, "ABCD-EFGH");
	assert_int_equal(out.p[out.n], 0);

	p = arena_dup(ta, sealed.p, sealed.n);
	for (i = 0; i < sealed.n; i++) { /* any bit of any byte counts */
		p[i] ^= (char)(1 << (i % 8));
		assert_int_equal(
		    crypt_open(ta, key, aad, (struct span){p, sealed.n}, &out),
		    RC_INVALID);
		p[i] ^= (char)(1 << (i % 8));
	}
	for (i = 0; i < sealed.n; i++)
		assert_int_equal(
		    crypt_open(ta, key, aad, (struct span){p, i}, &out),
		    RC_INVALID);
	assert_int_equal(
	    crypt_open(ta, key, SPAN_LIT("aae"), sealed, &out), RC_INVALID);
	assert_int_equal(
	    crypt_open(ta, repeat('l', CRYPT_KEY), aad, sealed, &out),
	    RC_INVALID);
	assert_int_equal(crypt_open(ta, key, aad, sealed, &out), RC_OK);
	/* Two seals of one text share nothing. */
	p = arena_dup(ta, sealed.p, sealed.n);
	assert_int_equal(crypt_seal(ta, key, aad, plain, &sealed), RC_OK);
	assert_memory_not_equal(p, sealed.p, CRYPT_NONCE);
	assert_memory_not_equal(
	    p + CRYPT_NONCE, sealed.p + CRYPT_NONCE, plain.n);
	/* Empty text is text. */
	assert_int_equal(
	    crypt_seal(ta, key, aad, SPAN_LIT(""), &sealed), RC_OK);
	assert_int_equal(crypt_open(ta, key, aad, sealed, &out), RC_OK);
	assert_int_equal(out.n, 0);
}

static void
equal(void **state)
{
	(void)state;
	assert_true(crypt_equal(SPAN_LIT(""), SPAN_LIT("")));
	assert_true(crypt_equal(SPAN_LIT("abc"), SPAN_LIT("abc")));
	assert_false(crypt_equal(SPAN_LIT("abc"), SPAN_LIT("abd")));
	assert_false(crypt_equal(SPAN_LIT("abc"), SPAN_LIT("abcd")));
}

/* Lists of parts that join to the same bytes have different MACs. */
static void
parts_do_not_collide(void **state)
{
	struct hmac_key *k = hmac_key_open(SPAN_LIT("key"));
	struct span one[2] = {SPAN_LIT("ab"), SPAN_LIT("c")};
	struct span two[2] = {SPAN_LIT("a"), SPAN_LIT("bc")};
	struct span three[3] = {SPAN_LIT("ab"), SPAN_LIT("c"), SPAN_LIT("")};
	uint8_t a[32], b[32], c[32], again[32], plain[32];

	(void)state;
	hmac_key_parts(k, one, 2, a);
	hmac_key_parts(k, two, 2, b);
	hmac_key_parts(k, three, 3, c);
	hmac_key_parts(k, one, 2, again);
	assert_memory_not_equal(a, b, 32);
	assert_memory_not_equal(a, c, 32);
	assert_memory_equal(a, again, 32); /* the template is not used up */
	crypt_hmac(SPAN_LIT("key"),
	    unhex("0000000000000002"
		  "6162"
		  "0000000000000001"
		  "63"),
	    plain);
	assert_memory_equal(a, plain, 32);
	hmac_key_close(k);
}

enum { CHILDREN = 8, DRAWS = 2000 };

/* T-RND: children forked together draw different numbers (O2). */
static void
children_draw_apart(void **state)
{
	uint64_t *v = arena_array(ta, CHILDREN * DRAWS, sizeof(*v));
	int fd[2], i, j, status;
	size_t n, got = 0;
	ssize_t r;
	pid_t pid;

	(void)state;
	(void)crypt_random_u64(); /* the parent's generator is running */
	assert_int_equal(pipe(fd), 0);
	for (i = 0; i < CHILDREN; i++) {
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			crypt_child();
			for (j = 0; j < DRAWS; j += 100) {
				uint64_t draw[100];

				crypt_random(draw, sizeof(draw));
				if (write(fd[1], draw, sizeof(draw)) !=
				    (ssize_t)sizeof(draw))
					_exit(1);
			}
			_exit(0);
		}
	}
	(void)close(fd[1]);
	n = CHILDREN * DRAWS * sizeof(*v);
	while ((r = read(fd[0], (char *)v + got, n - got)) > 0)
		got += (size_t)r;
	(void)close(fd[0]);
	for (i = 0; i < CHILDREN; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(got, n);
	for (i = 0; i < CHILDREN; i++) /* first draws would be the same */
		for (j = 0; j < i; j++)
			assert_true(v[i * 100] != v[j * 100]);
	for (i = 1; i < CHILDREN * DRAWS; i++)
		assert_true(v[i] != v[0]);
}

/* O1: what fetching once and copying keyed contexts is for.  The bound is
 * loose (sanitizers, a busy machine); the figure is printed. */
static void
a_mac_is_cheap(void **state)
{
	struct hmac_key *k = hmac_key_open(repeat('k', 32));
	struct span part[2] = {SPAN_LIT("order"), SPAN_LIT("0123456789")};
	int64_t start, per;
	uint8_t mac[32];
	int i;

	(void)state;
	start = time_mono_us();
	for (i = 0; i < 20000; i++)
		hmac_key_parts(k, part, 2, mac);
	per = (time_mono_us() - start) * 1000 / 20000;
	printf("# one MAC: %lld ns\n", (long long)per);
	assert_true(per < 500000); /* parsing a key each time is more */
	hmac_key_close(k);
}

static int
setup(void **state)
{
	(void)state;
	crypt_init();
	crypt_init(); /* twice is once */
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(digests),
	    TEST(hmac_sha256),
	    TEST(hmac_sha1),
	    TEST(hkdf),
	    TEST(scrypt),
	    TEST(gcm_vectors),
	    TEST(sealed_opens_and_only_whole),
	    TEST(equal),
	    TEST(parts_do_not_collide),
	    TEST(children_draw_apart),
	    TEST(a_mac_is_cheap),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
