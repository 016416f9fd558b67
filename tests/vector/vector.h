/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vector_run: plays gateway vector files against the adapters.  The format is
 * in tests/vectors/README.md.
 *
 * A check returns NULL when the vector holds, else the first difference as
 * one line of text in the arena.
 */
#ifndef KS_TESTS_VECTOR_H
#define KS_TESTS_VECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "io/ctx.h"
#include "io/httpc.h"
#include "io/json.h"
#include "pay/gateway.h"
#include "pay/params.h"

struct vec {
	struct ctx *cx;
	struct arena *a; /* this vector's, = cx->arena */
	const char *dir; /* folder of the file: keys are relative to it */
	const char *kind;
	const struct json *j;    /* the file */
	const struct json *in;   /* j.input */
	const struct json *want; /* j.expect */
};

typedef const char *(*vec_fn)(struct vec *v);

/* kinds.c: NULL when there is no such kind. */
vec_fn vec_kind(const char *kind);

/* file.c */
enum rc vec_slurp(struct arena *a, const char *path, struct span *out);
/* The file at path into v, whose cx and a are set; every field is known and
 * of its type. */
const char *vec_read(struct vec *v, const char *path);
/* A file named in the vector, "keys/x.pem". */
enum rc vec_file(struct vec *v, const char *name, struct span *out);
/* name and name_base64 of the file's top level; false: neither is there. */
bool vec_bytes(struct vec *v, const char *name, struct span *out);
/* input.body_base64; empty when absent.  RC_INVALID: not base64. */
enum rc vec_body(struct vec *v, struct span *out);
/* input.headers as "name: value" lines. */
const char *const *vec_headers(struct vec *v);

/* The text of a key file named by a member of the input, or NULL. */
const char *vec_pem(struct vec *v, const char *path);
/* input.params as parameters, in their order. */
struct params vec_params(struct vec *v);

/* key.c: PEM of a fresh RSA key, the same for the whole run. */
const char *vec_private_key(void);

/* differ.c */
const char *differ_text(
    struct vec *v, const char *what, struct span got, struct span want);
const char *differ_bool(struct vec *v, const char *what, bool got, bool want);
/* canonical against what the program built. */
const char *differ_canonical(struct vec *v, struct span got);

/* notify.c: all kinds that end in _notify. */
const char *vec_notify(struct vec *v);

/* What a delivery is made of.  From begin to end the clock stands where the
 * vector has it, and vec_gateway() answers calls of the adapter. */
struct vec_delivery {
	const struct gateway *gateway;
	const struct pay_account *account; /* NULL: the channel is off */
	struct pay_request request;
};
const char *vec_delivery_begin(struct vec *v, struct vec_delivery *d);
void vec_delivery_end(void);
enum rc vec_gateway(
    struct ctx *cx, const struct http_call *call, struct http_answer *out);

/* One file per provider. */
struct vec_provider {
	const char *kind;    /* "epay_v1_notify" */
	const char *gateway; /* the channel's */
	/* input.merchant -> the channel's settings */
	struct gateway_config (*config)(struct vec *v);
	/* outgoing calls; NULL: every call answers 500 */
	enum rc (*http)(struct vec *v, const char *method, const char *url,
	    int *status, struct span *body);
};
extern const struct vec_provider vec_alipay, vec_epay_v1, vec_epay_v2,
    vec_epusdt, vec_paypal, vec_stripe, vec_wechatpay;

const char *vec_alipay_cert_sn(struct vec *v);
const char *vec_alipay_request(struct vec *v);
const char *vec_alipay_response(struct vec *v);
const char *vec_alipay_return(struct vec *v);
const char *vec_epay_v1_request(struct vec *v);
const char *vec_epay_v2_request(struct vec *v);
const char *vec_epay_v2_response(struct vec *v);
const char *vec_epusdt_request(struct vec *v);
const char *vec_paypal_crc32(struct vec *v);
const char *vec_paypal_signature(struct vec *v);
const char *vec_stripe_header_parse(struct vec *v);
const char *vec_wechatpay_gcm(struct vec *v);
const char *vec_wechatpay_request(struct vec *v);
const char *vec_wechatpay_response(struct vec *v);
const char *vec_wechatpay_rsa_verify(struct vec *v);

/* rsa.c: the file's signature over its canonical text, as text was built,
 * under the key that a member of the input names. */
const char *vec_rsa_over(struct vec *v, struct span text, struct span sign,
    const char *key_path, bool *valid);
/* For the *_request kinds: canonical, then the stored signature. */
const char *vec_rsa_request(struct vec *v, struct span text);

#endif
