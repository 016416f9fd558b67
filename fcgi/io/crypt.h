/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenSSL and libargon2.  Algorithms are fetched once per process
 * (crypt_init, before fork); keys come from the key file and are derived by
 * HKDF-SHA256 with a label, so no key serves two purposes.
 */
#ifndef KS_IO_CRYPT_H
#define KS_IO_CRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"

enum { CRYPT_HASH = 32, CRYPT_NONCE = 12, CRYPT_TAG = 16, CRYPT_KEY = 32 };

/* Fetches algorithms; ends the process when OpenSSL cannot. */
void crypt_init(void);
/* In each child after fork. */
void crypt_child(void);

/* From the system's generator; ends the process when it fails. */
void crypt_random(void *p, size_t n);
uint64_t crypt_random_u64(void);
/* Same bytes?  Constant time for equal lengths. */
bool crypt_equal(struct span a, struct span b);
void crypt_wipe(void *p, size_t n);

void crypt_sha256(struct span in, uint8_t out[CRYPT_HASH]);
void crypt_md5(struct span in, uint8_t out[16]);  /* gateways only */
void crypt_sha1(struct span in, uint8_t out[20]); /* TOTP, imports only */
void crypt_hmac(struct span key, struct span in, uint8_t out[CRYPT_HASH]);
void crypt_hmac_sha1(struct span key, struct span in, uint8_t out[20]);

/* ---- the key file: mode 0600, text lines
 *   mac   <hex 64>             one root for MACs and derived keys
 *   card  <id> <hex 64>        card keys; the highest id encrypts
 * RC_INVALID with *why on a bad file, a sample key, or a wrong mode. */
struct keyring;
MUST_CHECK enum rc keyring_load(struct arena *keep, const char *file,
    const struct keyring **out, const char **why);
/* Creates the file (O_EXCL), adds a card key to it, or takes one out, which
 * cannot be the newest; a change is written anew, fsync, rename.  Only when a
 * key is taken out are the bytes of the file of before overwritten. */
MUST_CHECK enum rc keyring_create(const char *file, const char **why);
MUST_CHECK enum rc keyring_add_card_key(const char *file, const char **why);
MUST_CHECK enum rc keyring_drop_card_key(
    const char *file, uint32_t id, const char **why);
/* Takes on the file's card keys where it has changed since; false: it has
 * not, or is no good. */
bool keyring_refresh(const struct keyring *k);
/* A key for one purpose, derived on first use and kept for the process. */
struct span keyring_key(const struct keyring *k, const char *label);
/* HMAC-SHA256 under keyring_key(label) over the parts, each preceded by its
 * length, so that no two lists of parts collide. */
void keyring_mac(const struct keyring *k, const char *label,
    const struct span *parts, size_t n, uint8_t out[CRYPT_HASH]);
uint32_t keyring_card_key_id(const struct keyring *k); /* the newest */
bool keyring_has_card_key(const struct keyring *k, uint32_t id);

/* AES-256-GCM.  out: nonce(12) || ciphertext || tag(16); in the arena. */
MUST_CHECK enum rc crypt_seal(struct arena *a, struct span key, struct span aad,
    struct span plain, struct span *out);
/* RC_INVALID: wrong key, AAD or bytes.  The plain text is wiped at the end
 * of the arena's life. */
MUST_CHECK enum rc crypt_open(struct arena *a, struct span key, struct span aad,
    struct span sealed, struct span *out);
/* Cards: AAD = card id, 8 bytes big-endian; key by id.  RC_NOTFOUND: no such
 * key in the ring, nor in the file by now. */
MUST_CHECK enum rc keyring_seal_card(const struct keyring *k, struct arena *a,
    uint64_t card, struct span plain, struct span *out);
MUST_CHECK enum rc keyring_open_card(const struct keyring *k, struct arena *a,
    uint64_t card, uint32_t key_id, struct span sealed, struct span *out);
/* Other secrets at rest (channel credentials, TOTP seeds): label names the
 * purpose, id the row. */
MUST_CHECK enum rc keyring_seal(const struct keyring *k, struct arena *a,
    const char *label, uint64_t id, struct span plain, struct span *out);
MUST_CHECK enum rc keyring_open(const struct keyring *k, struct arena *a,
    const char *label, uint64_t id, struct span sealed, struct span *out);

/* ---- passwords of staff: PHC strings, argon2id (m=19456 t=2 p=1), or scrypt
 * where libargon2 is not built in. */
MUST_CHECK enum rc crypt_password_hash(
    struct arena *a, struct span password, const char **phc);
/* RC_DENIED: wrong.  *rehash: right, but with old parameters. */
MUST_CHECK enum rc crypt_password_check(
    struct span password, const char *phc, bool *rehash);

/* ---- RSA and AES-GCM for gateways.  Keys are parsed once: keep them. */
struct rsa_key;
/* PEM, or base64 DER without armour; public: SPKI or a certificate; private:
 * PKCS#8 or PKCS#1. */
MUST_CHECK enum rc rsa_public(
    struct arena *a, struct span pem, struct rsa_key **out);
MUST_CHECK enum rc rsa_private(
    struct arena *a, struct span pem, struct rsa_key **out);
/* SHA256withRSA, PKCS#1 v1.5.  RC_DENIED: does not verify. */
MUST_CHECK enum rc rsa_verify(
    const struct rsa_key *k, struct span text, struct span signature);
MUST_CHECK enum rc rsa_sign(struct arena *a, const struct rsa_key *k,
    struct span text, struct span *signature);
/* A key of 32 bytes, or of 16 (AES-128-GCM); ours are always of 32. */
MUST_CHECK enum rc crypt_gcm_open(struct arena *a, struct span key,
    struct span nonce, struct span aad, struct span sealed, struct span *out);

#endif
