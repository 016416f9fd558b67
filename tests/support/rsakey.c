/* SPDX-License-Identifier: Apache-2.0 */
#include "support/rsakey.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

static void
take(BIO *b, char pem[RSAKEY_PEM])
{
	int n = BIO_read(b, pem, RSAKEY_PEM - 1);

	pem[n < 0 ? 0 : n] = '\0';
}

void
rsakey_make(struct rsakey *k)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	BIO *b = BIO_new(BIO_s_mem());

	memset(k, 0, sizeof(*k));
	if (key != NULL && b != NULL &&
	    PEM_write_bio_PrivateKey(b, key, NULL, NULL, 0, NULL, NULL) == 1)
		take(b, k->secret);
	if (key != NULL && b != NULL && PEM_write_bio_PUBKEY(b, key) == 1)
		take(b, k->open);
	BIO_free(b);
	EVP_PKEY_free(key);
}

static EVP_PKEY *
secret_of(const struct rsakey *k)
{
	BIO *b = BIO_new_mem_buf(k->secret, -1);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(b, NULL, NULL, NULL);

	BIO_free(b);
	return key;
}

static bool
named(X509_NAME *name, const char *cn)
{
	const char *const part[][2] = {{"C", "CN"}, {"O", "Test"}, {"CN", cn}};
	size_t i;

	for (i = 0; i < 3; i++)
		if (X509_NAME_add_entry_by_txt(name, part[i][0], MBSTRING_UTF8,
			(const unsigned char *)part[i][1], -1, -1, 0) != 1)
			return false;
	return true;
}

void
rsakey_cert(const struct rsakey *whose, const struct rsakey *by, const char *cn,
    long serial, char pem[RSAKEY_PEM])
{
	EVP_PKEY *key = secret_of(whose), *signer = secret_of(by);
	BIO *b = BIO_new(BIO_s_mem());
	X509 *x = X509_new();

	pem[0] = '\0';
	if (named(X509_get_issuer_name(x), cn) &&
	    named(X509_get_subject_name(x), "somebody") &&
	    X509_set_version(x, 2) == 1 &&
	    ASN1_INTEGER_set(X509_get_serialNumber(x), serial) == 1 &&
	    X509_gmtime_adj(X509_getm_notBefore(x), -3600) != NULL &&
	    X509_gmtime_adj(X509_getm_notAfter(x), 3600) != NULL &&
	    X509_set_pubkey(x, key) == 1 &&
	    X509_sign(x, signer, EVP_sha256()) > 0 &&
	    PEM_write_bio_X509(b, x) == 1)
		take(b, pem);
	X509_free(x);
	BIO_free(b);
	EVP_PKEY_free(key);
	EVP_PKEY_free(signer);
}

struct span
gcm_sealed(struct arena *a, const char *key, const char *nonce, const char *aad,
    struct span plain)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	unsigned char *out = arena_alloc(a, plain.n + 16);
	int n = 0, last = 0;
	bool ok;

	ok = EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL,
		 (const unsigned char *)key, (const unsigned char *)nonce) &&
	     EVP_EncryptUpdate(
		 c, NULL, &n, (const unsigned char *)aad, (int)strlen(aad)) &&
	     EVP_EncryptUpdate(
		 c, out, &n, (const unsigned char *)plain.p, (int)plain.n) &&
	     EVP_EncryptFinal_ex(c, out + n, &last) &&
	     EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, 16, out + n + last);
	EVP_CIPHER_CTX_free(c);
	return (struct span){(char *)out, ok ? plain.n + 16 : 0};
}
