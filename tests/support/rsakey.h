/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What gateways do and the product never does: make RSA keys (at run time: no
 * private key is in the tree), and encrypt under a nonce of their choice.
 */
#ifndef KS_TEST_RSAKEY_H
#define KS_TEST_RSAKEY_H

#include "base/arena.h"
#include "base/str.h"

enum { RSAKEY_PEM = 4096 };

struct rsakey {
	char secret[RSAKEY_PEM]; /* PKCS#8 PEM */
	char open[RSAKEY_PEM];   /* SPKI PEM */
};

/* 2048 bits; both empty when OpenSSL fails. */
void rsakey_make(struct rsakey *k);

/* A certificate of whose's key that by signs; its issuer is C=CN, O=Test,
 * CN=cn, in this order.  Empty when OpenSSL fails. */
void rsakey_cert(const struct rsakey *whose, const struct rsakey *by,
    const char *cn, long serial, char pem[RSAKEY_PEM]);

/* AES-256-GCM: ciphertext and tag; empty when OpenSSL fails. */
struct span gcm_sealed(struct arena *a, const char *key, const char *nonce,
    const char *aad, struct span plain);

#endif
