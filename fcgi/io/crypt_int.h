/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What crypt.c offers to its neighbours keyring.c, password.c and rsa.c, and
 * to their tests.  Nobody else includes this.
 */
#ifndef KS_IO_CRYPT_INT_H
#define KS_IO_CRYPT_INT_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* OpenSSL refused something that cannot fail on a sound machine (a missing
 * algorithm, no randomness): one log line, then the process ends. */
__attribute__((noreturn)) void crypt_die(const char *what);

/* HKDF-SHA256, RFC 5869, extract and expand. */
void crypt_hkdf(
    struct span key, struct span salt, struct span info, void *out, size_t n);

/* An HMAC-SHA256 key that is set up once.  Each MAC copies the set-up state
 * instead of hashing the key again. */
struct hmac_key;
struct hmac_key *hmac_key_open(struct span key);
void hmac_key_close(struct hmac_key *k);
/* Over the parts, each preceded by its length as 8 bytes big-endian. */
void hmac_key_parts(const struct hmac_key *k, const struct span *parts,
    size_t n, uint8_t out[32]);

/* scrypt, RFC 7914; N is a power of two. */
void crypt_scrypt(struct span password, struct span salt, uint64_t N,
    uint32_t r, uint32_t p, void *out, size_t n);

/* Wipes n bytes at p when the arena ends. */
void crypt_wipe_later(struct arena *a, void *p, size_t n);
void crypt_be64(uint64_t v, uint8_t out[8]);

#endif
