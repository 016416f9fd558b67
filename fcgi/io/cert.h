/* SPDX-License-Identifier: Apache-2.0 */
/*
 * X.509 certificates of gateways: reading, naming, and the chain to a trusted
 * root.  For TLS see io/httpc.h; this is for certificates that come inside
 * messages.
 */
#ifndef KS_IO_CERT_H
#define KS_IO_CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/crypt.h"

struct cert;

/* All certificates of a PEM text, in their order; freed with the arena.
 * RC_INVALID: none, more than 64, or one that cannot be parsed. */
MUST_CHECK enum rc certs_read(struct arena *a, struct span pem,
    const struct cert *const **out, size_t *n);
/* "CN=..,OU=..,O=..,C=..": the issuer's names in reverse order of the
 * certificate, joined by commas, raw UTF-8.  RC_INVALID: not text. */
MUST_CHECK enum rc cert_issuer(
    struct arena *a, const struct cert *c, const char **out);
char *cert_serial(struct arena *a, const struct cert *c);     /* decimal */
char *cert_serial_hex(struct arena *a, const struct cert *c); /* upper case */
/* The end of its validity.  RC_INVALID: not a time. */
MUST_CHECK enum rc cert_ends(const struct cert *c, int64_t *us);
/* Signed by RSA with SHA-1 or SHA-256? */
bool cert_signed_by_rsa(const struct cert *c);
MUST_CHECK enum rc cert_key(
    struct arena *a, const struct cert *c, struct rsa_key **out);
/* certs[0] leads over certs[1..] to one of roots (n_roots = 0: the system's),
 * all valid at now_us, and is issued for the host name.  RC_DENIED: no. */
MUST_CHECK enum rc certs_trusted(const struct cert *const *certs, size_t n,
    const struct cert *const *roots, size_t n_roots, const char *host,
    int64_t now_us);

#endif
