/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever the keys are, what was added is never denied: not at once, and not
 * when the filter is far too full. */
#include "fuzz/fuzz.h"

#include "base/bloom.h"

void
fuzz_bloom(struct arena *a, struct span in)
{
	struct bloom *b = bloom_open(in.n % 8, in.n);
	struct span rest = in, key;

	(void)a;
	MUST(b != NULL);
	while (rest.n != 0 && span_cut(&rest, '\n', &key)) {
		bloom_add(b, key);
		MUST(bloom_maybe(b, key));
	}
	rest = in;
	while (rest.n != 0 && span_cut(&rest, '\n', &key))
		MUST(bloom_maybe(b, key));
	bloom_close(b);
}
