/* SPDX-License-Identifier: Apache-2.0 */
/* parse(write(parse(x))) == parse(x), within the limits. */
#include "fuzz/fuzz.h"

#include "base/limits.h"
#include "web/form.h"

void
fuzz_form(struct arena *a, struct span in)
{
	struct form f, again;
	struct buf b;
	size_t i;

	if (form_parse(a, in, &f) != RC_OK)
		return;
	MUST(f.n <= LIM_PARAMS);
	buf_init(&b, a, 64, 3 * in.n + 2 * LIM_PARAMS);
	form_write(&b, &f);
	MUST(!b.bad);
	MUST(form_parse(a, (struct span){b.p, b.len}, &again) == RC_OK);
	MUST(again.n == f.n);
	for (i = 0; i < f.n; i++) {
		MUST(f.v[i].name.n <= LIM_PARAM_NAME);
		MUST(f.v[i].name.p[f.v[i].name.n] == '\0');
		MUST(f.v[i].value.p[f.v[i].value.n] == '\0');
		MUST(span_eq(f.v[i].name, again.v[i].name));
		MUST(span_eq(f.v[i].value, again.v[i].value));
	}
}
