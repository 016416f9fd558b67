/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node that Alipay signed, found by scanning, is the node that the JSON
 * reader sees: otherwise one thing would be verified and another believed.
 * And numbers print as text without an exponent that reads back.
 */
#include "fuzz/fuzz.h"

#include "io/json.h"
#include "pay/alipay.h"
#include "pay/scalar.h"

static void
same(struct arena *a, const struct json *x, const struct json *y)
{
	const struct json *vx, *vy;
	const char *nx, *ny, *tx, *ty;
	size_t i;

	MUST(json_kind(x) == json_kind(y));
	if (json_kind(x) != JSON_T_OBJECT && json_kind(x) != JSON_T_LIST) {
		tx = scalar_of(a, x);
		ty = scalar_of(a, y);
		MUST(str_eq(tx, ty));
		if (json_kind(x) == JSON_T_REAL && tx != NULL)
			MUST(strtod(tx, NULL) == json_number(x) &&
			     strpbrk(tx, "eE") == NULL);
		return;
	}
	MUST(json_count(x) == json_count(y));
	for (i = 0; json_kind(x) == JSON_T_OBJECT && i < json_count(x); i++) {
		MUST(json_member(x, i, &nx, &vx));
		MUST(json_member(y, i, &ny, &vy));
		MUST(str_eq(nx, ny));
		same(a, vx, vy);
	}
}

void
fuzz_pay_node(struct arena *a, struct span in)
{
	const struct json *all, *seen, *cut;
	struct span node;
	enum rc rc;

	if (json_read(a, in, &all) != RC_OK || json_kind(all) != JSON_T_OBJECT)
		return;
	seen = json_at(all, "n");
	rc = alipay_node(in, "n", &node);
	/* a name that is spelt with escapes is one to the reader and none to
	 * the scanner: then nothing is verified and nothing believed */
	if (rc != RC_OK)
		return;
	MUST(seen != NULL && json_kind(seen) == JSON_T_OBJECT);
	MUST(node.n >= 2 && node.p[0] == '{' && node.p[node.n - 1] == '}');
	MUST(json_read(a, node, &cut) == RC_OK);
	same(a, seen, cut);
}
