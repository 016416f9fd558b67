/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WeChat Pay API v3: wechatpay.c has the account, opening and notices,
 * wechatpay_api.c signatures and calls, wechatpay_cert.c the platform's
 * certificates.
 */
#ifndef KS_PAY_WECHATPAY_H
#define KS_PAY_WECHATPAY_H

#include <stdbool.h>

#include "io/crypt.h"
#include "io/json.h"
#include "pay/ask.h"
#include "pay/gateway.h"

extern const struct gateway gateway_wechatpay;

/* A key of the platform's under the name that messages give it: a
 * certificate's serial, or PUB_KEY_ID_... */
struct wechat_key {
	const char *id;
	struct rsa_key *key;
	int64_t ends_us; /* of a certificate; 0: a public key, it has no end */
	struct span pem;
};

struct wechatpay {
	const char *base_url; /* ends with '/' */
	const char *mchid, *appid, *serial;
	const char *product; /* auto, native, h5 */
	struct rsa_key *ours;
	struct span v3_key;            /* 32 bytes */
	const struct wechat_key *keys; /* the settings' first */
	size_t n_keys, n_typed;
	int64_t skew_us;
};

/* Keys and certificates in PEM, each after a line with its id; a certificate
 * without one goes by its serial. */
MUST_CHECK enum rc wechat_keys_read(struct arena *a, struct span text,
    const struct wechat_key **out, size_t *n);

/* METHOD LF path LF timestamp LF nonce LF body LF */
struct span wechat_request_text(struct arena *a, const char *method,
    const char *path, int64_t stamp, const char *nonce, struct span body);
const char *wechat_authorization(struct arena *a, const char *mchid,
    const char *serial, int64_t stamp, const char *nonce, const char *sign);
/* The key of this name that has not ended, or NULL. */
const struct wechat_key *wechat_key_of(
    const struct wechatpay *w, const char *id, int64_t now_us);
/* timestamp LF nonce LF body LF, of a notice or an answer.  Fills *text when
 * it can be built.  WHY_OK: signed by a key of the account, and near now_us;
 * WHY_TIME when only the time is wrong. */
enum pay_why wechat_verify(struct arena *a, const struct wechatpay *w,
    const struct pay_request *rq, int64_t now_us, struct span *text);

enum rc wechat_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_ref *ref, struct verdict *v);
enum rc wechat_refund(struct ctx *cx, const struct pay_account *ac,
    const struct pay_refund *rf, struct pay_refunded *out);
enum rc wechat_refund_query(struct ctx *cx, const struct pay_account *ac,
    const struct pay_refund *rf, struct pay_refunded *out);
enum rc wechat_close(
    struct ctx *cx, const struct pay_account *ac, const struct pay_ref *ref);

/* One signed call; path starts with "v3/".  RC_OK: *status is the answer's,
 * and a 2xx one was signed by the platform; *out is NULL without a body. */
MUST_CHECK enum rc wechat_call(struct ctx *cx, const struct wechatpay *w,
    const char *method, const char *path, struct span body, int *status,
    const struct json **out);
/* The same without judging the answer. */
MUST_CHECK enum rc wechat_ask(struct ctx *cx, const struct wechatpay *w,
    const char *method, const char *path, struct span body, struct asked *out);
/* The transaction object of a notice or of a query, into *v. */
enum pay_why wechat_transaction(struct ctx *cx, const struct wechatpay *w,
    const struct json *j, struct verdict *v);

/* gateway_keys() and gateway_with_keys(). */
enum rc wechat_keys(
    struct ctx *cx, const struct pay_account *ac, struct pay_keys *out);
enum rc wechat_with_keys(struct arena *keep, const struct pay_account *ac,
    const char *text, const struct pay_account **out);
/* What an answer of 200 to GET /v3/certificates brings. */
MUST_CHECK enum rc wechat_keys_answer(struct arena *a,
    const struct wechatpay *w, const struct pay_request *said, int64_t now_us,
    struct pay_keys *out);

#endif
