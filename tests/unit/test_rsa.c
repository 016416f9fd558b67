/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys in all the forms that merchants paste, made here at run time so that
 * no private key stands in the repository; and one signature that was
 * computed with plain integer arithmetic, not by OpenSSL.
 */
#include "support/test.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/hex.h"
#include "io/crypt.h"

static const char known_key[] =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEArSPLDetBzBLYhIxcM8Zl"
    "HOWZsuNEp3z1IsX6Bj6IVbkVxQ0+cbSCZsdxn4QDABtix7x3w+dtby0mFPySuopi"
    "RrjWt1YrzHWCsBZl/Kp75pOF8JsbxqtVlMRCQe+ZzFrg7eCtfFpTobR+nRX033Lq"
    "eD8St1fDopin5btJsnERfrXYURY65xfVTwZAMnqbPedxD2LMdV01hl1rWO+2taed"
    "LzJQzwXWly6Wd7YbU+6al7mhSXFfAtgeCR+iRfmBo8gCYLvzF1qekvNkmgOmXwna"
    "/1MgKFTgsXWM1QVmwTuBblbBsauuVLa6tf6xpZN9kIMIH7NndmYnW23lbYfN8hKI"
    "hwIDAQAB";
static const char known_text[] = "app_id=2021000&total_amount=12.50";
static const char known_signature[] =
    "652b8afb20bcc71865f6c1f3d1902e0802272c1818457c1a0b30ff0b6664556b"
    "3df3d44e9c5597308610d0c43fbb63a313ae4124704e6179cf9484dacebacdbd"
    "9b1dfcc4fe3dec12d4ab8891f52e904b2af986659bc1390f7b2394b2173988c4"
    "894eaf3ddff40c28034c746660f17035d4866439dc5899eb269f25dabc830091"
    "e0852428abed59c7ec725a455024dd013285232ccaf0b82c1d69b920f2811122"
    "e5ea10ee4a138a0a79c2c02a213dff09823ba04534111ca4d64471a520de2212"
    "3deba1d213dee1edf8fb0134d685d4aaa0bce6d2be239ed10ce7c0ddfbf3c719"
    "4b7055b3f3f2abb77538c4712b5c337c72f76a2b07984b74e0f37d958ba7faeb";

static EVP_PKEY *pkey;

static struct span
bio_text(BIO *b)
{
	char *p;
	long n = BIO_get_mem_data(b, &p);
	char *copy = arena_dup(ta, p, (size_t)n);

	BIO_free(b);
	return (struct span){copy, (size_t)n};
}

static struct span
public_pem(void)
{
	BIO *b = BIO_new(BIO_s_mem());

	assert_int_equal(PEM_write_bio_PUBKEY(b, pkey), 1);
	return bio_text(b);
}

static struct span
private_pem(bool pkcs1)
{
	BIO *b = BIO_new(BIO_s_mem());

	if (pkcs1)
		assert_int_equal(PEM_write_bio_PrivateKey_traditional(
				     b, pkey, NULL, NULL, 0, NULL, NULL),
		    1);
	else
		assert_int_equal(PEM_write_bio_PKCS8PrivateKey(
				     b, pkey, NULL, NULL, 0, NULL, NULL),
		    1);
	return bio_text(b);
}

static struct span
certificate(void)
{
	BIO *b = BIO_new(BIO_s_mem());
	X509 *x = X509_new();

	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(x), 0));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(x), 3600));
	assert_int_equal(X509_set_pubkey(x, pkey), 1);
	assert_true(X509_sign(x, pkey, EVP_sha256()) > 0);
	assert_int_equal(PEM_write_bio_X509(b, x), 1);
	X509_free(x);
	return bio_text(b);
}

/* The body of a PEM text, as panels show it: no armour; on one line, or as
 * it was. */
static struct span
bare(struct span pem, bool one_line)
{
	char *p = arena_alloc(ta, pem.n);
	struct span line;
	size_t n = 0;

	while (span_cut(&pem, '\n', &line) && pem.p != NULL) {
		if (line.n == 0 || line.p[0] == '-') {
			if (pem.n == 0)
				break;
			continue;
		}
		memcpy(p + n, line.p, line.n);
		n += line.n;
		if (!one_line)
			p[n++] = '\n';
		if (pem.n == 0)
			break;
	}
	return (struct span){p, n};
}

static void
known_answer(void **state)
{
	struct span sig, key = span_str(known_key);
	char *text = arena_str(ta, known_text);
	struct rsa_key *k;
	char *p;

	(void)state;
	p = arena_alloc(ta, 256);
	assert_int_equal(hex_bytes(span_str(known_signature), p, 256), RC_OK);
	sig = (struct span){p, 256};
	assert_int_equal(rsa_public(ta, key, &k), RC_OK);
	assert_int_equal(rsa_verify(k, span_str(text), sig), RC_OK);
	text[0] ^= 1;
	assert_int_equal(rsa_verify(k, span_str(text), sig), RC_DENIED);
	text[0] ^= 1;
	p[255] ^= 1;
	assert_int_equal(rsa_verify(k, span_str(text), sig), RC_DENIED);
	p[255] ^= 1;
	assert_int_equal(
	    rsa_verify(k, span_str(text), (struct span){p, 255}), RC_DENIED);
	assert_int_equal(
	    rsa_verify(k, span_str(text), SPAN_LIT("")), RC_DENIED);
	assert_int_equal(rsa_verify(k, span_str(text), sig), RC_OK);
}

static void
all_forms(void **state)
{
	struct span pub[5], priv[6], sig;
	struct rsa_key *kpub, *kpriv;
	size_t i, j;

	(void)state;
	pub[0] = public_pem();
	pub[1] = bare(pub[0], true);
	pub[2] = bare(pub[0], false);
	pub[3] = certificate();
	pub[4] = bare(pub[3], true);
	priv[0] = private_pem(false);
	priv[1] = bare(priv[0], true);
	priv[2] = bare(priv[0], false);
	priv[3] = private_pem(true);
	priv[4] = bare(priv[3], true);
	priv[5] = bare(priv[3], false);
	for (i = 0; i < 6; i++) {
		assert_int_equal(rsa_private(ta, priv[i], &kpriv), RC_OK);
		assert_int_equal(
		    rsa_sign(ta, kpriv, SPAN_LIT("text"), &sig), RC_OK);
		assert_int_equal(sig.n, 256);
		for (j = 0; j < 5; j++) {
			assert_int_equal(rsa_public(ta, pub[j], &kpub), RC_OK);
			assert_int_equal(
			    rsa_verify(kpub, SPAN_LIT("text"), sig), RC_OK);
			assert_int_equal(
			    rsa_verify(kpub, SPAN_LIT("texu"), sig), RC_DENIED);
		}
	}
	/* A public key cannot sign and a private one is no public one. */
	assert_int_equal(rsa_public(ta, pub[0], &kpub), RC_OK);
	assert_int_equal(rsa_sign(ta, kpub, SPAN_LIT("text"), &sig), RC_FAIL);
	assert_int_equal(rsa_public(ta, priv[0], &kpub), RC_INVALID);
	assert_int_equal(rsa_private(ta, pub[0], &kpriv), RC_INVALID);
}

static void
not_keys(void **state)
{
	static const char *const bad[] = {"", " ", "x", "AAAA", "%%%",
	    "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
	    "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
	    "-----BEGIN "};
	struct rsa_key *k;
	EVP_PKEY *small;
	BIO *b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    rsa_public(ta, span_str(bad[i]), &k), RC_INVALID);
		assert_int_equal(
		    rsa_private(ta, span_str(bad[i]), &k), RC_INVALID);
	}
	/* Too short, and not RSA at all. */
	small = EVP_RSA_gen(1024);
	b = BIO_new(BIO_s_mem());
	assert_int_equal(PEM_write_bio_PUBKEY(b, small), 1);
	assert_int_equal(rsa_public(ta, bio_text(b), &k), RC_INVALID);
	EVP_PKEY_free(small);
	small = EVP_EC_gen("P-256");
	b = BIO_new(BIO_s_mem());
	assert_int_equal(PEM_write_bio_PUBKEY(b, small), 1);
	assert_int_equal(rsa_public(ta, bio_text(b), &k), RC_INVALID);
	EVP_PKEY_free(small);
}

/* A key with a passphrase is refused, not asked about at the terminal. */
static void
encrypted_key(void **state)
{
	unsigned char pw[] = "secret";
	BIO *b = BIO_new(BIO_s_mem());
	struct rsa_key *k;

	(void)state;
	assert_int_equal(PEM_write_bio_PKCS8PrivateKey(b, pkey,
			     EVP_aes_256_cbc(), (char *)pw, 6, NULL, NULL),
	    1);
	assert_int_equal(rsa_private(ta, bio_text(b), &k), RC_INVALID);
}

static int
setup(void **state)
{
	(void)state;
	crypt_init();
	pkey = EVP_RSA_gen(2048);
	return pkey == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	EVP_PKEY_free(pkey);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(known_answer),
	    TEST(all_forms),
	    TEST(not_keys),
	    TEST(encrypted_key),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
