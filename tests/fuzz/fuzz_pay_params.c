/* SPDX-License-Identifier: Apache-2.0 */
/* parse(write(parse(x))) == parse(x); and where params_ambiguous() says that
 * there is one reading, reading the joined text again gives the same vital
 * fields. */
#include "fuzz/fuzz.h"

#include "base/limits.h"
#include "pay/params.h"

static const char *const vital[] = {"m", "n", NULL};

/* "k=v&k=v" raw, as a reader would split it who sees only the text. */
static bool
split_again(struct arena *a, struct span text, struct params *out)
{
	struct span part, name;

	params_init(out, a);
	while (span_cut(&text, '&', &part)) {
		/* what is joined has a '=' in each part */
		if (part.n == 0 || memchr(part.p, '=', part.n) == NULL ||
		    !span_cut(&part, '=', &name))
			return false;
		params_span(out, "", part);
		out->v[out->n - 1].name = name; /* may hold a NUL */
	}
	return true;
}

static void
one_reading(struct arena *a, struct params *p)
{
	const struct span *was, *is;
	struct params again;
	size_t i;

	if (params_ambiguous(p, vital) ||
	    !split_again(a, params_join(p, NULL, true), &again))
		return;
	for (i = 0; vital[i] != NULL; i++) {
		was = params_get(p, vital[i]);
		is = params_get(&again, vital[i]);
		MUST((was == NULL) == (is == NULL));
		/* a vital field with a border in it is refused by its own
		 * syntax */
		if (was != NULL && memchr(was->p, '&', was->n + 1) == NULL)
			MUST(span_eq(*was, *is));
	}
}

void
fuzz_pay_params(struct arena *a, struct span in)
{
	struct params p, again;
	struct buf b;
	size_t i;

	params_init(&p, a);
	if (params_read(&p, in) != RC_OK)
		return;
	MUST(p.n <= LIM_PARAMS);
	buf_init(&b, a, 64, 3 * in.n + 2 * LIM_PARAMS);
	params_encode(&b, &p);
	MUST(!b.bad);
	params_init(&again, a);
	MUST(params_read(&again, (struct span){b.p, b.len}) == RC_OK);
	MUST(again.n == p.n);
	for (i = 0; i < p.n; i++) {
		MUST(span_eq(p.v[i].name, again.v[i].name));
		MUST(span_eq(p.v[i].value, again.v[i].value));
	}
	MUST(span_eq(
	    params_join(&p, NULL, true), params_join(&again, NULL, true)));
	one_reading(a, &p);
}
