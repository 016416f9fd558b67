/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alipay open platform (gateway.do, RSA2): alipay.c has the account, opening
 * and notices, alipay_api.c the calls, alipay_sign.c what is signed.
 */
#ifndef KS_PAY_ALIPAY_H
#define KS_PAY_ALIPAY_H

#include <stdbool.h>

#include "io/cert.h"
#include "io/crypt.h"
#include "io/json.h"
#include "pay/gateway.h"
#include "pay/params.h"

extern const struct gateway gateway_alipay;

struct alipay {
	const char *base_url; /* ends with '/' */
	const char *app_id;
	const char *seller_id;
	const char *product;      /* auto, page, wap, precreate */
	struct rsa_key *ours;     /* signs what we send */
	struct rsa_key *theirs;   /* Alipay's, not the app's public half */
	const char *app_cert_sn;  /* "" without certificates */
	const char *root_cert_sn; /* "" */
	const char *their_cert_sn;
};

/* ---- alipay_sign.c */

/* Of a request: all but sign; empty values left out. */
struct span alipay_request_text(struct params *p);
/* Of a notice or a browser's return: all but sign and sign_type; empty values
 * stay. */
struct span alipay_notice_text(struct params *p);
/* Against the base64 text in the parameter sign.  RC_DENIED: absent, not
 * base64, or wrong. */
MUST_CHECK enum rc alipay_verify(struct arena *a, struct span text,
    const struct span *sign, const struct rsa_key *key);
/* The raw bytes of the object behind the top-level name of an answer, from
 * '{' to its '}': what Alipay signed.  RC_NOTFOUND: there is none. */
MUST_CHECK enum rc alipay_node(
    struct span body, const char *name, struct span *out);
/* gateway.do with all parameters and sign in the query. */
const char *alipay_url(struct arena *a, const char *base_url,
    const struct params *p, const char *sign);
/* md5(issuer + serial), and the same of each RSA certificate of a bundle
 * joined by '_'.  RC_INVALID: no such certificate. */
MUST_CHECK enum rc alipay_cert_sn(
    struct arena *a, const struct cert *c, const char **text, const char **sn);
MUST_CHECK enum rc alipay_root_sn(
    struct arena *a, struct span pem, const char **sn);

/* ---- alipay_api.c */

/* All parameters of a call, without sign; biz is the JSON text. */
void alipay_call_params(struct ctx *cx, const struct alipay *al,
    const char *method, struct span biz, struct params *p);
MUST_CHECK enum rc alipay_sign(struct ctx *cx, const struct alipay *al,
    struct params *p, const char **sign);
/* One verified answer: *out is the method's node, good or not (see code). */
MUST_CHECK enum rc alipay_call(struct ctx *cx, const struct alipay *al,
    const char *method, struct params *p, const struct json **out);
enum rc alipay_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_ref *ref, struct verdict *v);
enum rc alipay_refund(struct ctx *cx, const struct pay_account *ac,
    const struct pay_refund *rf, struct pay_refunded *out);
enum rc alipay_refund_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_refund *rf, struct pay_refunded *out);
enum rc alipay_close(
    struct ctx *cx, const struct pay_account *ac, const struct pay_ref *ref);
/* The gateway's words for people. */
const char *alipay_said(struct ctx *cx, const struct json *j);
/* trade_status, with what has been refunded -> outcome; PAY_REJECT: none. */
enum pay_outcome alipay_outcome(
    const char *status, struct money paid, struct money refunded);

#endif
