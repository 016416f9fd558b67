/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WeChat Pay's platform certificates: GET /v3/certificates gives all that are
 * in use, each encrypted under the APIv3 key.  A shop that has only public
 * keys asks for none.
 *
 * The answer is signed like any other, but perhaps by a certificate that is
 * only inside it.  Then that one counts: who could encrypt it has the APIv3
 * key, and the signature with its time tells that the answer is not an old
 * one.  One part that is wrong and nothing of the answer is used.
 */
#include "pay/wechatpay.h"

#include <string.h>

#include "base/hex.h"
#include "base/time.h"
#include "base/vec.h"
#include "io/cert.h"
#include "pay/fields.h"

enum {
	FETCHED_MAX = 8, /* of an answer, and kept of the ones before */
	PEM_MAX = 3500,  /* bytes of one certificate */
	TEXT_FIRST = 4096,
	TEXT_MAX = 2 * FETCHED_MAX * (PEM_MAX + PAY_WORD + 2)
};

/* Of what is known and of what came with an answer. */
typedef VEC(struct wechat_key) wechat_key_list;

static const struct wechatpay *
wechat_of(const struct pay_account *ac)
{
	return (const struct wechatpay *)(const void *)ac;
}

static bool
has_certificates(const struct wechatpay *w)
{
	size_t i;

	for (i = 0; i < w->n_keys; i++)
		if (w->keys[i].ends_us != 0)
			return true;
	return false;
}

/* ---- one certificate */

static enum rc
opened(struct arena *a, const struct wechatpay *w, const struct json *j,
    struct span *pem)
{
	const char *nonce = json_text(j, "encrypt_certificate.nonce");
	const char *aad = json_text(j, "encrypt_certificate.associated_data");
	const char *cipher = json_text(j, "encrypt_certificate.ciphertext");
	struct span sealed;

	if (!str_eq(json_text(j, "encrypt_certificate.algorithm"),
		"AEAD_AES_256_GCM") ||
	    nonce == NULL || strlen(nonce) != CRYPT_NONCE || cipher == NULL ||
	    b64_bytes(a, span_str(cipher), &sealed) != RC_OK)
		return RC_INVALID;
	return crypt_gcm_open(a, w->v3_key, span_str(nonce),
	    span_str(aad == NULL ? "" : aad), sealed, pem);
}

/* One item of "data".  It is named by its own serial, and the item says the
 * same. */
static enum rc
read_item(struct arena *a, const struct wechatpay *w, const struct json *j,
    struct wechat_key *out)
{
	const struct cert *const *certs;
	size_t n;

	if (opened(a, w, j, &out->pem) != RC_OK)
		return RC_DENIED;
	out->pem = span_trim(out->pem);
	/* nothing before it: that would be its name where it is kept */
	if (out->pem.n > PEM_MAX || span_has_nul(out->pem) ||
	    !str_starts(arena_dup(a, out->pem.p, out->pem.n), "-----BEGIN ") ||
	    certs_read(a, out->pem, &certs, &n) != RC_OK || n != 1 ||
	    cert_ends(certs[0], &out->ends_us) != RC_OK ||
	    cert_key(a, certs[0], &out->key) != RC_OK)
		return RC_DENIED;
	out->id = cert_serial_hex(a, certs[0]);
	return str_eq(json_text(j, "serial_no"), out->id) ? RC_OK : RC_DENIED;
}

static enum rc
read_items(struct arena *a, const struct wechatpay *w, struct span body,
    wechat_key_list *out)
{
	const struct json *j, *list;
	size_t i, n;

	if (json_read(a, body, &j) != RC_OK ||
	    (list = json_at(j, "data")) == NULL ||
	    json_kind(list) != JSON_T_LIST)
		return RC_DENIED;
	n = json_count(list);
	if (n == 0 || n > FETCHED_MAX)
		return RC_DENIED;
	for (i = 0; i < n; i++) {
		const struct json *item =
		    json_at(list, arena_fmt(a, "%u", (unsigned)i));

		if (read_item(a, w, item, VEC_ADD(out, a)) != RC_OK)
			return RC_DENIED;
	}
	return RC_OK;
}

/* ---- an answer */

/* By a key that is known, or by one that only the holder of the APIv3 key
 * can have put into the answer. */
static bool
is_theirs(struct arena *a, const struct wechatpay *w,
    const wechat_key_list *fresh, const struct pay_request *said,
    int64_t now_us)
{
	const struct wechatpay new = {
	    .keys = fresh->v, .n_keys = fresh->n, .skew_us = w->skew_us};
	struct span text;
	enum pay_why why = wechat_verify(a, w, said, now_us, &text);

	if (why == WHY_CERT)
		why = wechat_verify(a, &new, said, now_us, &text);
	return why == WHY_OK;
}

static void
put_key(struct buf *b, const struct wechat_key *k)
{
	buf_fmt(b, "%s\n", k->id);
	buf_add(b, k->pem.p, k->pem.n);
	buf_chr(b, '\n');
}

/* Those that were fetched before and have not ended, the newest of them, and
 * the new ones behind. */
static enum rc
put_keys(struct arena *a, const struct wechatpay *w,
    const wechat_key_list *fresh, int64_t now_us, struct pay_keys *out)
{
	const struct wechat_key *check;
	size_t i, n = out->n_new, n_check;
	struct buf b;

	buf_init(&b, a, TEXT_FIRST, TEXT_MAX);
	i = w->n_keys - w->n_typed > FETCHED_MAX ? w->n_keys - FETCHED_MAX
						 : w->n_typed;
	for (; i < w->n_keys; i++)
		if (w->keys[i].ends_us > now_us) {
			put_key(&b, &w->keys[i]);
			n++;
		}
	for (i = 0; i < fresh->n; i++)
		if (wechat_key_of(w, fresh->v[i].id, now_us) == NULL &&
		    fresh->v[i].ends_us > now_us)
			put_key(&b, &fresh->v[i]);
	if (b.bad ||
	    wechat_keys_read(a, (struct span){b.p, b.len}, &check, &n_check) !=
		RC_OK ||
	    n_check != n)
		return RC_DENIED;
	out->text = buf_text(&b);
	return RC_OK;
}

enum rc
wechat_keys_answer(struct arena *a, const struct wechatpay *w,
    const struct pay_request *said, int64_t now_us, struct pay_keys *out)
{
	wechat_key_list fresh = {0};
	size_t i;

	*out = (struct pay_keys){0};
	if (read_items(a, w, said->body, &fresh) != RC_OK ||
	    !is_theirs(a, w, &fresh, said, now_us))
		return RC_DENIED;
	for (i = 0; i < w->n_keys; i++)
		if (w->keys[i].ends_us > out->ends_us)
			out->ends_us = w->keys[i].ends_us;
	for (i = 0; i < fresh.n; i++) {
		if (fresh.v[i].ends_us > out->ends_us)
			out->ends_us = fresh.v[i].ends_us;
		if (wechat_key_of(w, fresh.v[i].id, now_us) == NULL &&
		    fresh.v[i].ends_us > now_us)
			out->n_new++;
	}
	return out->n_new == 0 ? RC_OK : put_keys(a, w, &fresh, now_us, out);
}

/* ---- behind struct gateway */

enum rc
wechat_keys(struct ctx *cx, const struct pay_account *ac, struct pay_keys *out)
{
	const struct wechatpay *w = wechat_of(ac);
	struct pay_request said = {.method = "POST"};
	struct asked answer;

	if (!has_certificates(w))
		return RC_INVALID;
	if (wechat_ask(cx, w, "GET", "v3/certificates", SPAN_LIT(""),
		&answer) != RC_OK)
		return RC_BUSY;
	if (answer.http.status != PAY_HTTP_OK)
		return RC_FAIL;
	said.headers = answer.http.headers;
	said.body = answer.http.body;
	return wechat_keys_answer(cx->arena, w, &said, time_now_us(), out);
}

enum rc
wechat_with_keys(struct arena *keep, const struct pay_account *ac,
    const char *text, const struct pay_account **out)
{
	const struct wechatpay *w = wechat_of(ac);
	struct wechatpay *more = ARENA_NEW(keep, struct wechatpay);
	const struct wechat_key *fetched;
	struct wechat_key *all;
	size_t n;

	/* the keys point into it */
	if (wechat_keys_read(
		keep, span_str(arena_str(keep, text)), &fetched, &n) != RC_OK)
		return RC_INVALID;
	all = ARENA_ARRAY(keep, w->n_keys + n, struct wechat_key);
	memcpy(all, w->keys, w->n_keys * sizeof(*all));
	memcpy(all + w->n_keys, fetched, n * sizeof(*all));
	*more = *w;
	more->keys = all;
	more->n_keys = w->n_keys + n;
	*out = (const struct pay_account *)(const void *)more;
	return RC_OK;
}
