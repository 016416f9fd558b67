/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Alipay signs.  Three texts that look alike and differ: a request
 * keeps sign_type and drops empty values, a notice drops sign_type and keeps
 * empty values, an answer is the raw bytes of one JSON node.
 */
#include "pay/alipay.h"

#include <string.h>

#include "base/hex.h"
#include "base/limits.h"

static const char *const only_sign[] = {"sign", NULL};
static const char *const sign_and_type[] = {"sign", "sign_type", NULL};

struct span
alipay_request_text(struct params *p)
{
	return params_join(p, only_sign, false);
}

struct span
alipay_notice_text(struct params *p)
{
	return params_join(p, sign_and_type, true);
}

enum rc
alipay_verify(struct arena *a, struct span text, const struct span *sign,
    const struct rsa_key *key)
{
	struct span raw;

	if (sign == NULL || sign->n == 0 || b64_bytes(a, *sign, &raw) != RC_OK)
		return RC_DENIED;
	return rsa_verify(key, text, raw);
}

/* Behind the text that begins at s[at] == '"'; s.n when it does not end. */
static size_t
skip_text(struct span s, size_t at)
{
	for (at++; at < s.n; at++) {
		if (s.p[at] == '\\')
			at++;
		else if (s.p[at] == '"')
			return at + 1;
	}
	return s.n;
}

static size_t
skip_blank(struct span s, size_t at)
{
	while (at < s.n && chr_space(s.p[at]))
		at++;
	return at;
}

/* Behind the object that begins at s[at] == '{'; 0 when it does not end. */
static size_t
skip_object(struct span s, size_t at)
{
	size_t depth = 0;

	while (at < s.n) {
		if (s.p[at] == '"') {
			at = skip_text(s, at);
			continue;
		}
		if (s.p[at] == '{')
			depth++;
		else if (s.p[at] == '}' && --depth == 0)
			return at + 1;
		at++;
	}
	return 0;
}

/* Is s[at] the name of a member of the outermost object? */
static bool
is_name(struct span s, size_t at, size_t end, const char *name)
{
	size_t n = strlen(name);

	return end - at == n + 2 && memcmp(s.p + at + 1, name, n) == 0;
}

/* The body has been read as JSON before, so it is well-formed and has no
 * name twice; this only finds the place. */
enum rc
alipay_node(struct span body, const char *name, struct span *out)
{
	size_t at = skip_blank(body, 0), depth = 0, end, colon;

	while (at < body.n) {
		if (body.p[at] != '"') {
			depth += body.p[at] == '{' || body.p[at] == '[';
			depth -= (body.p[at] == '}' || body.p[at] == ']') &&
				 depth > 0;
			at++;
			continue;
		}
		end = skip_text(body, at);
		colon = skip_blank(body, end);
		if (depth == 1 && colon < body.n && body.p[colon] == ':' &&
		    is_name(body, at, end, name)) {
			at = skip_blank(body, colon + 1);
			end = at < body.n && body.p[at] == '{'
				  ? skip_object(body, at)
				  : 0;
			*out = (struct span){body.p + at, end - at};
			return end == 0 ? RC_NOTFOUND : RC_OK;
		}
		at = end;
	}
	return RC_NOTFOUND;
}

const char *
alipay_url(struct arena *a, const char *base_url, const struct params *p,
    const char *sign)
{
	struct params all;
	struct buf b;
	size_t i;

	/* a list of its own: the caller's has no sign in it */
	params_init(&all, a);
	for (i = 0; i < p->n; i++)
		if (p->v[i].value.n != 0)
			params_span(&all,
			    arena_dup(a, p->v[i].name.p, p->v[i].name.n),
			    p->v[i].value);
	params_add(&all, "sign", sign);
	buf_init(&b, a, LIM_QUERY, LIM_BODY_FORM);
	buf_str(&b, base_url);
	buf_str(&b, "gateway.do?");
	params_encode(&b, &all);
	return b.bad ? "" : buf_text(&b);
}

/* ---- certificates */

enum rc
alipay_cert_sn(
    struct arena *a, const struct cert *c, const char **text, const char **sn)
{
	const char *issuer;
	uint8_t digest[16];
	enum rc rc;

	if ((rc = cert_issuer(a, c, &issuer)) != RC_OK)
		return rc;
	*text = arena_fmt(a, "%s%s", issuer, cert_serial(a, c));
	crypt_md5(span_str(*text), digest);
	*sn = hex_text(a, digest, sizeof(digest));
	return RC_OK;
}

enum rc
alipay_root_sn(struct arena *a, struct span pem, const char **sn)
{
	const struct cert *const *certs;
	const char *text, *one;
	struct buf b;
	size_t n, i;

	if (certs_read(a, pem, &certs, &n) != RC_OK)
		return RC_INVALID;
	buf_init(&b, a, PAY_URL, PAY_PEM);
	for (i = 0; i < n; i++) {
		/* the bundle holds SM2 roots too; they do not count */
		if (!cert_signed_by_rsa(certs[i]) ||
		    alipay_cert_sn(a, certs[i], &text, &one) != RC_OK)
			continue;
		if (b.len > 0)
			buf_chr(&b, '_');
		buf_str(&b, one);
	}
	*sn = buf_text(&b);
	return b.len == 0 || b.bad ? RC_INVALID : RC_OK;
}
