/* SPDX-License-Identifier: Apache-2.0 */
/* RSA signatures of the vectors, checked with io/crypt.h. */
#include "vector/vector.h"

#include "base/hex.h"
#include "io/crypt.h"

const char *
vec_rsa_over(struct vec *v, struct span text, struct span sign,
    const char *key_path, bool *valid)
{
	const char *pem = vec_pem(v, key_path);
	struct rsa_key *key;
	struct span raw;

	if (pem == NULL || rsa_public(v->a, span_str(pem), &key) != RC_OK)
		return arena_fmt(v->a, "%s cannot be read", key_path);
	*valid = b64_bytes(v->a, sign, &raw) == RC_OK &&
		 rsa_verify(key, text, raw) == RC_OK;
	return NULL;
}

const char *
vec_rsa_request(struct vec *v, struct span text)
{
	const char *sign = json_text(v->j, "signature");
	const char *bad;
	bool valid;

	if ((bad = differ_canonical(v, text)) != NULL)
		return bad;
	if (sign == NULL)
		return NULL;
	bad = vec_rsa_over(v, text, span_str(sign), "public_key", &valid);
	if (bad != NULL)
		return bad;
	return differ_bool(
	    v, "signature_valid", valid, json_flag(v->want, "signature_valid"));
}
