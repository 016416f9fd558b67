/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proofs of a browser (proof.h).  They are only gathered here; shop/order.c
 * decides whether they are any good.
 */
#include "web/proof.h"

#include <string.h>

#include "base/limits.h"
#include "shop/known.h"
#include "web/grant.h"
#include "web/request.h"
#include "web/response.h"
#include "web/web.h"

/* ?t= of a mailed link; NULL: none, or nothing that could be a token. */
static const char *
link_token(struct response *rs)
{
	struct span raw = field_raw(rs->rq->query, "t");
	const char *t = arena_dup(rs->cx->arena, raw.p, raw.n);

	return str_is_token(t, "-_", LIM_TXN) ? t : NULL;
}

struct order_proof
proof_of(struct response *rs, const char *no)
{
	const char *token = link_token(rs);

	return (struct order_proof){
	    .visitor = rs->rq->visitor,
	    .link_token = token != NULL ? token : grant_find(rs, no),
	};
}

enum rc
proof_open(struct ctx *cx, struct response *rs, const struct order **out)
{
	const char *no = path_param(rs->rq, "no");
	struct order_proof proof;
	enum rc rc;

	if (!order_number_ok(no))
		return RC_NOTFOUND;
	if (!known_maybe(cx, rs->web->known, KNOWN_ORDER, no))
		return RC_NOTFOUND;
	proof = proof_of(rs, no);
	rc = order_open(cx, no, &proof, out);
	if (rc == RC_OK && link_token(rs) != NULL)
		grant_keep(rs, no, (*out)->link_token);
	return rc;
}

const char *
proof_typed_no(struct arena *a, const char *text)
{
	size_t n = strlen(text), i, at = 0;
	char *no = arena_alloc(a, n + 1);

	for (i = 0; i < n; i++) {
		if (!chr_space(text[i]) && text[i] != '-')
			no[at++] = chr_upper(text[i]);
	}
	return no;
}
