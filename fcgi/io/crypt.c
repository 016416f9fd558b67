/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The primitives: randomness, digests, MACs, key derivation, AES-256-GCM.
 * Keys come in as bytes; which key serves what is decided in keyring.c.
 *
 * OpenSSL 3 looks an algorithm up each time it is named, which costs more
 * than hashing a short text.  So all of them are fetched once, by
 * crypt_init() before fork, and the contexts that can be used again are kept
 * here.  Secrets pass through and do not stay: contexts that held a key are
 * reset, which wipes them.
 */
#include "io/crypt.h"
#include "io/crypt_int.h"

#include "base/bug.h"
#include "base/log.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

/* The process's algorithms: filled once, then only read; the contexts are
 * scratch space of the one thread we have. */
static struct {
	EVP_MD *sha256, *sha1, *md5;
	EVP_MAC *hmac;
	EVP_KDF *hkdf, *scrypt;
	EVP_CIPHER *gcm, *gcm128;
	EVP_MD_CTX *digest;
	EVP_MAC_CTX *hmac256, *hmac1;
	EVP_CIPHER_CTX *cipher;
} ossl;

struct hmac_key {
	EVP_MAC_CTX *keyed;
};

struct wipe {
	void *p;
	size_t n;
};

void
crypt_die(const char *what)
{
	char text[160];

	ERR_error_string_n(ERR_get_error(), text, sizeof(text));
	log_event(LOG_ERROR, "crypt_failed", LF_STR("what", what),
	    LF_STR("openssl", text));
	BUG("OpenSSL cannot do what everything rests on");
}

static void *
need(void *p, const char *what)
{
	if (p == NULL)
		crypt_die(what);
	return p;
}

static EVP_MAC_CTX *
hmac_context(const char *digest)
{
	OSSL_PARAM params[2];
	EVP_MAC_CTX *c;
	char name[8];

	snprintf(name, sizeof(name), "%s", digest);
	c = need(EVP_MAC_CTX_new(ossl.hmac), "HMAC context");
	params[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0);
	params[1] = OSSL_PARAM_construct_end();
	if (EVP_MAC_CTX_set_params(c, params) != 1)
		crypt_die("HMAC digest");
	return c;
}

void
crypt_init(void)
{
	if (ossl.sha256 != NULL)
		return;
	ossl.sha256 = need(EVP_MD_fetch(NULL, "SHA256", NULL), "SHA256");
	ossl.sha1 = need(EVP_MD_fetch(NULL, "SHA1", NULL), "SHA1");
	ossl.md5 = need(EVP_MD_fetch(NULL, "MD5", NULL), "MD5");
	ossl.hmac = need(EVP_MAC_fetch(NULL, "HMAC", NULL), "HMAC");
	ossl.hkdf = need(EVP_KDF_fetch(NULL, "HKDF", NULL), "HKDF");
	ossl.scrypt = need(EVP_KDF_fetch(NULL, "SCRYPT", NULL), "SCRYPT");
	ossl.gcm =
	    need(EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL), "AES-256-GCM");
	ossl.gcm128 =
	    need(EVP_CIPHER_fetch(NULL, "AES-128-GCM", NULL), "AES-128-GCM");
	ossl.digest = need(EVP_MD_CTX_new(), "digest context");
	ossl.cipher = need(EVP_CIPHER_CTX_new(), "cipher context");
	ossl.hmac256 = hmac_context("SHA256");
	ossl.hmac1 = hmac_context("SHA1");
	ERR_clear_error();
}

/* OpenSSL reseeds by itself when it sees a new process id; asking for it
 * does not depend on that (CVE-2019-1549 was such a case). */
void
crypt_child(void)
{
	if (RAND_poll() != 1)
		crypt_die("RAND_poll");
	ERR_clear_error();
}

void
crypt_random(void *p, size_t n)
{
	BUG_ON(n > INT_MAX);
	if (RAND_bytes(p, (int)n) != 1)
		crypt_die("RAND_bytes");
}

uint64_t
crypt_random_u64(void)
{
	uint64_t v;

	crypt_random(&v, sizeof(v));
	return v;
}

bool
crypt_equal(struct span a, struct span b)
{
	if (a.n != b.n)
		return false;
	return a.n == 0 || CRYPTO_memcmp(a.p, b.p, a.n) == 0;
}

void
crypt_wipe(void *p, size_t n)
{
	if (p != NULL && n != 0)
		OPENSSL_cleanse(p, n);
}

static void
wipe_now(void *arg)
{
	struct wipe *w = arg;

	crypt_wipe(w->p, w->n);
}

void
crypt_wipe_later(struct arena *a, void *p, size_t n)
{
	struct wipe *w = ARENA_NEW(a, struct wipe);

	w->p = p;
	w->n = n;
	arena_defer(a, wipe_now, w);
}

void
crypt_be64(uint64_t v, uint8_t out[8])
{
	int i;

	for (i = 7; i >= 0; i--) {
		out[i] = (uint8_t)(v & 0xff);
		v >>= 8;
	}
}

static void
digest(const EVP_MD *md, struct span in, uint8_t *out)
{
	BUG_ON(md == NULL); /* crypt_init() was not called */
	if (EVP_DigestInit_ex2(ossl.digest, md, NULL) != 1 ||
	    EVP_DigestUpdate(ossl.digest, in.p, in.n) != 1 ||
	    EVP_DigestFinal_ex(ossl.digest, out, NULL) != 1)
		crypt_die("digest");
}

void
crypt_sha256(struct span in, uint8_t out[CRYPT_HASH])
{
	digest(ossl.sha256, in, out);
}

void
crypt_md5(struct span in, uint8_t out[16])
{
	digest(ossl.md5, in, out);
}

void
crypt_sha1(struct span in, uint8_t out[20])
{
	digest(ossl.sha1, in, out);
}

/* OpenSSL takes a NULL key for "the key of last time": an empty one must
 * still point somewhere. */
static const unsigned char *
key_bytes(struct span key)
{
	return (const unsigned char *)(key.n == 0 ? "" : key.p);
}

/* On a copy, so that the key does not stay in the template. */
static void
hmac_once(EVP_MAC_CTX *tmpl, struct span key, struct span in, uint8_t *out,
    size_t room)
{
	EVP_MAC_CTX *c;
	size_t n;

	BUG_ON(tmpl == NULL); /* crypt_init() was not called */
	c = need(EVP_MAC_CTX_dup(tmpl), "HMAC context");
	if (EVP_MAC_init(c, key_bytes(key), key.n, NULL) != 1 ||
	    EVP_MAC_update(c, (const unsigned char *)in.p, in.n) != 1 ||
	    EVP_MAC_final(c, out, &n, room) != 1)
		crypt_die("HMAC");
	EVP_MAC_CTX_free(c);
}

void
crypt_hmac(struct span key, struct span in, uint8_t out[CRYPT_HASH])
{
	hmac_once(ossl.hmac256, key, in, out, CRYPT_HASH);
}

void
crypt_hmac_sha1(struct span key, struct span in, uint8_t out[20])
{
	hmac_once(ossl.hmac1, key, in, out, 20);
}

struct hmac_key *
hmac_key_open(struct span key)
{
	struct hmac_key *k;

	BUG_ON(ossl.hmac256 == NULL);
	k = need(OPENSSL_zalloc(sizeof(*k)), "memory");
	k->keyed = need(EVP_MAC_CTX_dup(ossl.hmac256), "HMAC context");
	if (EVP_MAC_init(k->keyed, key_bytes(key), key.n, NULL) != 1)
		crypt_die("HMAC key");
	return k;
}

void
hmac_key_close(struct hmac_key *k)
{
	if (k == NULL)
		return;
	EVP_MAC_CTX_free(k->keyed);
	OPENSSL_free(k);
}

void
hmac_key_parts(const struct hmac_key *k, const struct span *parts, size_t n,
    uint8_t out[CRYPT_HASH])
{
	EVP_MAC_CTX *c;
	uint8_t length[8];
	size_t i, done;
	bool ok = true;

	c = need(EVP_MAC_CTX_dup(k->keyed), "HMAC context");
	for (i = 0; i < n && ok; i++) {
		crypt_be64(parts[i].n, length);
		ok = EVP_MAC_update(c, length, sizeof(length)) == 1 &&
		     EVP_MAC_update(
			 c, (const unsigned char *)parts[i].p, parts[i].n) == 1;
	}
	if (!ok || EVP_MAC_final(c, out, &done, CRYPT_HASH) != 1)
		crypt_die("HMAC");
	EVP_MAC_CTX_free(c);
}

static OSSL_PARAM
octets(const char *name, struct span s)
{
	return OSSL_PARAM_construct_octet_string(
	    name, (void *)(uintptr_t)(s.n == 0 ? "" : s.p), s.n);
}

void
crypt_hkdf(
    struct span key, struct span salt, struct span info, void *out, size_t n)
{
	char md[] = "SHA256";
	OSSL_PARAM params[5];
	EVP_KDF_CTX *c;

	BUG_ON(ossl.hkdf == NULL);
	params[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, md, 0);
	params[1] = octets(OSSL_KDF_PARAM_KEY, key);
	params[2] = octets(OSSL_KDF_PARAM_SALT, salt);
	params[3] = octets(OSSL_KDF_PARAM_INFO, info);
	params[4] = OSSL_PARAM_construct_end();
	c = need(EVP_KDF_CTX_new(ossl.hkdf), "HKDF context");
	if (EVP_KDF_derive(c, out, n, params) != 1)
		crypt_die("HKDF");
	EVP_KDF_CTX_free(c);
}

void
crypt_scrypt(struct span password, struct span salt, uint64_t N, uint32_t r,
    uint32_t p, void *out, size_t n)
{
	/* The default cap of 32 MiB refuses N = 2^17; 128 * N * r bytes are
	 * needed, and a little more. */
	uint64_t maxmem = 256 * N * r + (1 << 20);
	OSSL_PARAM params[7];
	EVP_KDF_CTX *c;

	BUG_ON(ossl.scrypt == NULL);
	params[0] = octets(OSSL_KDF_PARAM_PASSWORD, password);
	params[1] = octets(OSSL_KDF_PARAM_SALT, salt);
	params[2] = OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &N);
	params[3] = OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r);
	params[4] = OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p);
	params[5] =
	    OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &maxmem);
	params[6] = OSSL_PARAM_construct_end();
	c = need(EVP_KDF_CTX_new(ossl.scrypt), "scrypt context");
	if (EVP_KDF_derive(c, out, n, params) != 1)
		crypt_die("scrypt");
	EVP_KDF_CTX_free(c);
}

/* ---- AES-256-GCM */

static bool
gcm_start(struct span key, struct span nonce, struct span aad, int encrypt)
{
	const EVP_CIPHER *aes = key.n == CRYPT_KEY ? ossl.gcm : ossl.gcm128;
	EVP_CIPHER_CTX *c = ossl.cipher;
	int n;

	ERR_clear_error();
	return EVP_CipherInit_ex2(c, aes, NULL, NULL, encrypt, NULL) == 1 &&
	       EVP_CIPHER_CTX_ctrl(
		   c, EVP_CTRL_AEAD_SET_IVLEN, (int)nonce.n, NULL) == 1 &&
	       EVP_CipherInit_ex2(c, NULL, (const unsigned char *)key.p,
		   (const unsigned char *)nonce.p, encrypt, NULL) == 1 &&
	       (aad.n == 0 ||
		   EVP_CipherUpdate(c, NULL, &n, (const unsigned char *)aad.p,
		       (int)aad.n) == 1);
}

enum rc
crypt_seal(struct arena *a, struct span key, struct span aad, struct span plain,
    struct span *out)
{
	uint8_t *p;
	int n = 0, last = 0;
	bool ok;

	BUG_ON(ossl.gcm == NULL || key.n != CRYPT_KEY);
	if (plain.n > INT_MAX / 2 || aad.n > INT_MAX / 2)
		return RC_INVALID;
	p = arena_alloc(a, CRYPT_NONCE + plain.n + CRYPT_TAG);
	crypt_random(p, CRYPT_NONCE);
	ok = gcm_start(key, (struct span){(char *)p, CRYPT_NONCE}, aad, 1) &&
	     (plain.n == 0 ||
		 EVP_CipherUpdate(ossl.cipher, p + CRYPT_NONCE, &n,
		     (const unsigned char *)plain.p, (int)plain.n) == 1) &&
	     EVP_CipherFinal_ex(ossl.cipher, p + CRYPT_NONCE + n, &last) == 1 &&
	     EVP_CIPHER_CTX_ctrl(ossl.cipher, EVP_CTRL_AEAD_GET_TAG, CRYPT_TAG,
		 p + CRYPT_NONCE + plain.n) == 1;
	(void)EVP_CIPHER_CTX_reset(ossl.cipher); /* wipes the key */
	if (!ok)
		crypt_die("AES-256-GCM");
	out->p = (char *)p;
	out->n = CRYPT_NONCE + plain.n + CRYPT_TAG;
	return RC_OK;
}

enum rc
crypt_gcm_open(struct arena *a, struct span key, struct span nonce,
    struct span aad, struct span sealed, struct span *out)
{
	uint8_t *p, tag[CRYPT_TAG];
	size_t size;
	int n = 0, last = 0;
	bool ok;

	BUG_ON(ossl.gcm == NULL);
	if ((key.n != CRYPT_KEY && key.n != CRYPT_KEY / 2) || nonce.n < 1 ||
	    nonce.n > 16 || sealed.n < CRYPT_TAG || sealed.n > INT_MAX / 2 ||
	    aad.n > INT_MAX / 2)
		return RC_INVALID;
	size = sealed.n - CRYPT_TAG;
	memcpy(tag, sealed.p + size, CRYPT_TAG);
	p = arena_alloc(a, size + 1); /* a NUL behind it, for texts */
	crypt_wipe_later(a, p, size);
	ok = gcm_start(key, nonce, aad, 0) &&
	     (size == 0 ||
		 EVP_CipherUpdate(ossl.cipher, p, &n,
		     (const unsigned char *)sealed.p, (int)size) == 1) &&
	     EVP_CIPHER_CTX_ctrl(
		 ossl.cipher, EVP_CTRL_AEAD_SET_TAG, CRYPT_TAG, tag) == 1 &&
	     EVP_CipherFinal_ex(ossl.cipher, p + n, &last) == 1;
	(void)EVP_CIPHER_CTX_reset(ossl.cipher);
	ERR_clear_error();
	if (!ok) {
		/* Not authentic: nobody may see what came out. */
		crypt_wipe(p, size);
		return RC_INVALID;
	}
	out->p = (char *)p;
	out->n = size;
	return RC_OK;
}

enum rc
crypt_open(struct arena *a, struct span key, struct span aad,
    struct span sealed, struct span *out)
{
	struct span nonce, rest;

	BUG_ON(key.n != CRYPT_KEY);
	if (sealed.n < CRYPT_NONCE + CRYPT_TAG)
		return RC_INVALID;
	nonce = (struct span){sealed.p, CRYPT_NONCE};
	rest = (struct span){sealed.p + CRYPT_NONCE, sealed.n - CRYPT_NONCE};
	return crypt_gcm_open(a, key, nonce, aad, rest, out);
}
