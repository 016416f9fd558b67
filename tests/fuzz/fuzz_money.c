/* SPDX-License-Identifier: Apache-2.0 */
/* Takes exactly [0-9]+(\.[0-9]{1,d})? that fits, and means what it says. */
#include "fuzz/fuzz.h"

#include "base/num.h"

/* The grammar, and the digits that the amount has in minor units. */
static bool
grammar(struct span in, unsigned decimals, size_t *digits)
{
	size_t i = 0, frac;

	while (i < in.n && chr_digit(in.p[i]))
		i++;
	if (i == 0)
		return false;
	*digits = i + decimals;
	if (i == in.n)
		return true;
	if (in.p[i++] != '.')
		return false;
	frac = in.n - i;
	for (; i < in.n; i++)
		if (!chr_digit(in.p[i]))
			return false;
	return frac >= 1 && frac <= decimals;
}

void
fuzz_money(struct arena *a, struct span in)
{
	struct money m, again;
	size_t digits = 0;
	unsigned d;
	int64_t i;
	uint64_t u;

	for (d = 0; d <= 3; d++) {
		bool ok = grammar(in, d, &digits);
		enum rc rc = money_parse(in, d, &m);

		MUST(ok || rc == RC_INVALID);
		if (ok && digits <= 18)
			MUST(rc == RC_OK);
		if (rc != RC_OK)
			continue;
		MUST(m.minor >= 0);
		MUST(money_parse(span_str(money_text(a, m, d)), d, &again) ==
		     RC_OK);
		MUST(again.minor == m.minor);
	}
	if (num_u64(in, UINT64_MAX, &u) == RC_OK)
		MUST(grammar(in, 0, &digits));
	if (num_i64(in, -100, 100, &i) == RC_OK)
		MUST(i >= -100 && i <= 100);
}
