/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A private key of the merchant's, made once per run: the vectors hold public
 * halves only, and an account without a private key cannot be set up.
 */
#include "vector/vector.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

enum { KEY_BITS = 2048, KEY_PEM = 4096 };

const char *
vec_private_key(void)
{
	static char pem[KEY_PEM];
	EVP_PKEY *key;
	BIO *b;
	int n;

	if (pem[0] != '\0')
		return pem;
	key = EVP_RSA_gen(KEY_BITS);
	b = BIO_new(BIO_s_mem());
	if (key != NULL && b != NULL &&
	    PEM_write_bio_PrivateKey(b, key, NULL, NULL, 0, NULL, NULL) == 1) {
		n = BIO_read(b, pem, KEY_PEM - 1);
		pem[n < 0 ? 0 : n] = '\0';
	}
	BIO_free(b);
	EVP_PKEY_free(key);
	return pem;
}
