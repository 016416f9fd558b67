/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RSA signatures of gateways: SHA256withRSA, PKCS#1 v1.5 (RFC 8017 section
 * 8.2), which is what they prescribe.
 *
 * Merchants paste keys in every form a gateway's panel hands out: PEM, or the
 * base64 body alone on one line or on many.  All forms end in the same key or
 * in RC_INVALID; nothing asks for a passphrase.
 */
#include "io/crypt.h"
#include "io/crypt_int.h"

#include "base/bug.h"
#include "base/hex.h"

#include <limits.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

enum { KEY_TEXT_MAX = 64 * 1024, BITS_MIN = 2048, BITS_MAX = 8192 };

struct rsa_key {
	EVP_PKEY *pkey;
};

static void
free_key(void *arg)
{
	struct rsa_key *k = arg;

	EVP_PKEY_free(k->pkey);
	k->pkey = NULL;
}

/* Takes pkey over. */
static enum rc
keep_key(struct arena *a, EVP_PKEY *pkey, struct rsa_key **out)
{
	struct rsa_key *k;
	int bits;

	ERR_clear_error();
	if (pkey == NULL)
		return RC_INVALID;
	bits = EVP_PKEY_get_bits(pkey);
	if (!EVP_PKEY_is_a(pkey, "RSA") || bits < BITS_MIN || bits > BITS_MAX) {
		EVP_PKEY_free(pkey);
		return RC_INVALID;
	}
	k = ARENA_NEW(a, struct rsa_key);
	k->pkey = pkey;
	arena_defer(a, free_key, k);
	*out = k;
	return RC_OK;
}

/* The default would ask at the terminal. */
static int
no_passphrase(char *p, int room, int writing, void *arg)
{
	(void)p;
	(void)room;
	(void)writing;
	(void)arg;
	return -1;
}

static bool
is_pem(struct span s)
{
	static const char armour[] = "-----BEGIN ";

	return s.n > sizeof(armour) &&
	       memmem(s.p, s.n, armour, sizeof(armour) - 1) != NULL;
}

/* Base64 with any blanks in it, as DER. */
static enum rc
bare_der(struct arena *a, struct span text, struct span *out)
{
	char *p = arena_alloc(a, text.n);
	size_t i, n = 0;

	crypt_wipe_later(a, p, text.n);
	for (i = 0; i < text.n; i++)
		if (!chr_space(text.p[i]))
			p[n++] = text.p[i];
	if (b64_bytes(a, (struct span){p, n}, out) != RC_OK || out->n == 0)
		return RC_INVALID;
	crypt_wipe_later(a, (void *)(uintptr_t)out->p, out->n);
	return RC_OK;
}

static EVP_PKEY *
key_of_cert(X509 *cert)
{
	EVP_PKEY *k = cert == NULL ? NULL : X509_get_pubkey(cert);

	X509_free(cert);
	return k;
}

static EVP_PKEY *
public_pem(struct span s)
{
	EVP_PKEY *k;
	BIO *b;

	b = BIO_new_mem_buf(s.p, (int)s.n);
	if (b == NULL)
		return NULL;
	k = PEM_read_bio_PUBKEY(b, NULL, no_passphrase, NULL);
	if (k == NULL && BIO_reset(b) == 1)
		k = key_of_cert(
		    PEM_read_bio_X509(b, NULL, no_passphrase, NULL));
	BIO_free(b);
	return k;
}

static EVP_PKEY *
public_der(struct span s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	EVP_PKEY *k;

	k = d2i_PUBKEY(NULL, &p, (long)s.n);
	if (k != NULL)
		return k;
	p = (const unsigned char *)s.p;
	return key_of_cert(d2i_X509(NULL, &p, (long)s.n));
}

enum rc
rsa_public(struct arena *a, struct span pem, struct rsa_key **out)
{
	struct span der;

	ERR_clear_error();
	if (pem.n == 0 || pem.n > KEY_TEXT_MAX)
		return RC_INVALID;
	if (is_pem(pem))
		return keep_key(a, public_pem(pem), out);
	if (bare_der(a, pem, &der) != RC_OK)
		return RC_INVALID;
	return keep_key(a, public_der(der), out);
}

static EVP_PKEY *
private_pem(struct span s)
{
	EVP_PKEY *k;
	BIO *b;

	b = BIO_new_mem_buf(s.p, (int)s.n);
	if (b == NULL)
		return NULL;
	k = PEM_read_bio_PrivateKey(b, NULL, no_passphrase, NULL);
	BIO_free(b);
	return k;
}

enum rc
rsa_private(struct arena *a, struct span pem, struct rsa_key **out)
{
	const unsigned char *p;
	struct span der;

	ERR_clear_error();
	if (pem.n == 0 || pem.n > KEY_TEXT_MAX)
		return RC_INVALID;
	if (is_pem(pem))
		return keep_key(a, private_pem(pem), out);
	if (bare_der(a, pem, &der) != RC_OK)
		return RC_INVALID;
	p = (const unsigned char *)der.p;
	return keep_key(a, d2i_AutoPrivateKey(NULL, &p, (long)der.n), out);
}

enum rc
rsa_verify(const struct rsa_key *k, struct span text, struct span signature)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	int ok;

	if (c == NULL)
		crypt_die("digest context");
	ERR_clear_error();
	ok = EVP_DigestVerifyInit_ex(
		 c, NULL, "SHA256", NULL, NULL, k->pkey, NULL) == 1 &&
	     EVP_DigestVerify(c, (const unsigned char *)signature.p,
		 signature.n, (const unsigned char *)text.p, text.n) == 1;
	EVP_MD_CTX_free(c);
	ERR_clear_error();
	return ok ? RC_OK : RC_DENIED;
}

enum rc
rsa_sign(struct arena *a, const struct rsa_key *k, struct span text,
    struct span *signature)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	size_t n = 0;
	uint8_t *p;
	bool ok;

	if (c == NULL)
		crypt_die("digest context");
	ERR_clear_error();
	n = (size_t)EVP_PKEY_get_size(k->pkey);
	p = arena_alloc(a, n);
	ok = EVP_DigestSignInit_ex(
		 c, NULL, "SHA256", NULL, NULL, k->pkey, NULL) == 1 &&
	     EVP_DigestSign(c, p, &n, (const unsigned char *)text.p, text.n) ==
		 1;
	EVP_MD_CTX_free(c);
	ERR_clear_error();
	if (!ok)
		return RC_FAIL; /* a public key, for one */
	signature->p = (char *)p;
	signature->n = n;
	return RC_OK;
}
