/* SPDX-License-Identifier: Apache-2.0 */
#include "support/rsakey.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

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
