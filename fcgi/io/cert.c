/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates by OpenSSL.  The clock is the caller's, so that a test can say
 * what time it is and a worker judges a whole request at one moment.
 */
#include "io/cert.h"
#include "io/crypt_int.h"

#include <limits.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "base/hex.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/vec.h"

enum { CERTS_MAX = 64, CERT_TEXT_MAX = 512 * 1024, NAME_MAX_BYTES = 2048 };

struct cert {
	X509 *x;
};

static void
free_cert(void *arg)
{
	struct cert *c = arg;

	X509_free(c->x);
	c->x = NULL;
}

static int
no_passphrase(char *p, int room, int writing, void *arg)
{
	(void)p;
	(void)room;
	(void)writing;
	(void)arg;
	return -1;
}

enum rc
certs_read(
    struct arena *a, struct span pem, const struct cert *const **out, size_t *n)
{
	VEC(const struct cert *) found = {0};
	struct cert *c;
	X509 *x;
	BIO *b;

	ERR_clear_error();
	if (pem.n == 0 || pem.n > CERT_TEXT_MAX)
		return RC_INVALID;
	b = BIO_new_mem_buf(pem.p, (int)pem.n);
	if (b == NULL)
		crypt_die("memory BIO");
	while (found.n <= CERTS_MAX &&
	       (x = PEM_read_bio_X509(b, NULL, no_passphrase, NULL)) != NULL) {
		c = ARENA_NEW(a, struct cert);
		c->x = x;
		arena_defer(a, free_cert, c);
		*VEC_ADD(&found, a) = c;
	}
	BIO_free(b);
	/* "no start line" is the end of the text; anything else is a
	 * certificate that we would silently leave out */
	if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE ||
	    found.n == 0 || found.n > CERTS_MAX) {
		ERR_clear_error();
		return RC_INVALID;
	}
	ERR_clear_error();
	*out = found.v;
	*n = found.n;
	return RC_OK;
}

static bool
add_name(struct buf *b, const X509_NAME_ENTRY *e)
{
	int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(e));
	const char *kind = nid == NID_undef ? NULL : OBJ_nid2sn(nid);
	unsigned char *text = NULL;
	int n;

	n = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(e));
	if (n < 0 || kind == NULL) {
		OPENSSL_free(text);
		return false;
	}
	buf_str(b, kind);
	buf_chr(b, '=');
	buf_add(b, text, (size_t)n);
	OPENSSL_free(text);
	return true;
}

enum rc
cert_issuer(struct arena *a, const struct cert *c, const char **out)
{
	const X509_NAME *name = X509_get_issuer_name(c->x);
	int i = X509_NAME_entry_count(name);
	struct buf b;

	buf_init(&b, a, NAME_MAX_BYTES, NAME_MAX_BYTES);
	while (--i >= 0) {
		if (!add_name(&b, X509_NAME_get_entry(name, i)))
			return RC_INVALID;
		if (i > 0)
			buf_chr(&b, ',');
	}
	if (b.bad || span_has_nul((struct span){b.p, b.len}))
		return RC_INVALID;
	*out = buf_text(&b);
	return b.bad ? RC_INVALID : RC_OK;
}

static char *
serial_text(
    struct arena *a, const struct cert *c, char *(*print)(const BIGNUM *))
{
	BIGNUM *n = ASN1_INTEGER_to_BN(X509_get0_serialNumber(c->x), NULL);
	char *text, *copy;

	if (n == NULL || (text = print(n)) == NULL)
		crypt_die("big number");
	copy = arena_str(a, text);
	OPENSSL_free(text);
	BN_free(n);
	return copy;
}

char *
cert_serial(struct arena *a, const struct cert *c)
{
	return serial_text(a, c, BN_bn2dec);
}

char *
cert_serial_hex(struct arena *a, const struct cert *c)
{
	return serial_text(a, c, BN_bn2hex);
}

enum rc
cert_ends(const struct cert *c, int64_t *us)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;
	bool ok;

	if (epoch == NULL)
		crypt_die("time");
	ok = ASN1_TIME_diff(&days, &seconds, epoch, X509_get0_notAfter(c->x)) ==
	     1;
	ASN1_TIME_free(epoch);
	ERR_clear_error();
	if (!ok)
		return RC_INVALID;
	*us = ((int64_t)days * S_PER_DAY + seconds) * US_PER_S;
	return RC_OK;
}

bool
cert_signed_by_rsa(const struct cert *c)
{
	int nid = X509_get_signature_nid(c->x);

	return nid == NID_sha1WithRSAEncryption ||
	       nid == NID_sha256WithRSAEncryption;
}

enum rc
cert_key(struct arena *a, const struct cert *c, struct rsa_key **out)
{
	unsigned char *der = NULL;
	int n = i2d_X509(c->x, &der);
	enum rc rc;

	if (n <= 0)
		crypt_die("certificate");
	/* through the one reader that judges size and kind of keys */
	rc = rsa_public(a, span_str(b64_text(a, der, (size_t)n)), out);
	OPENSSL_free(der);
	return rc;
}

/* A foreign certificate may hold nonsense in any field; whatever goes wrong
 * in here means "not trusted". */
static bool
verify(X509_STORE_CTX *v, X509_STORE *store, STACK_OF(X509) * chain,
    const struct cert *leaf, const char *host, int64_t now_us)
{
	X509_VERIFY_PARAM *param;

	if (X509_STORE_CTX_init(v, store, leaf->x, chain) != 1)
		return false;
	param = X509_STORE_CTX_get0_param(v);
	X509_VERIFY_PARAM_set_time(param, (time_t)(now_us / US_PER_S));
	X509_VERIFY_PARAM_set_hostflags(
	    param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return X509_VERIFY_PARAM_set1_host(param, host, 0) == 1 &&
	       X509_verify_cert(v) == 1;
}

enum rc
certs_trusted(const struct cert *const *certs, size_t n,
    const struct cert *const *roots, size_t n_roots, const char *host,
    int64_t now_us)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	X509_STORE_CTX *v = X509_STORE_CTX_new();
	X509_STORE *store = X509_STORE_new();
	bool ok = n > 0;
	size_t i;

	if (chain == NULL || v == NULL || store == NULL)
		crypt_die("certificate store");
	ERR_clear_error();
	for (i = 1; i < n; i++)
		ok = ok && sk_X509_push(chain, certs[i]->x) > 0;
	for (i = 0; i < n_roots; i++)
		ok = ok && X509_STORE_add_cert(store, roots[i]->x) == 1;
	if (n_roots == 0)
		ok = ok && X509_STORE_set_default_paths(store) == 1;
	ok = ok && verify(v, store, chain, certs[0], host, now_us);
	X509_STORE_CTX_free(v);
	X509_STORE_free(store);
	sk_X509_free(chain);
	ERR_clear_error();
	return ok ? RC_OK : RC_DENIED;
}
