/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever comes over the till's socket: what is read fits its fields, and
 * written again it reads the same. */
#include "fuzz/fuzz.h"

#include "base/limits.h"
#include "io/frame.h"
#include "pay/verdict.h"
#include "shop/till_wire.h"

static void
claim(struct arena *a, struct span in, int64_t until)
{
	struct claim c, again;
	struct buf b;

	if (till_get_claim(a, in, &c) != RC_OK)
		return;
	MUST(strlen(c.no) == LIM_ORDER_NO);
	MUST(strlen(c.contact) < sizeof(c.contact));
	MUST(c.qty >= 1 && c.qty <= LIM_QTY);
	MUST(c.n_inputs <= LIM_INPUTS);
	buf_init(&b, a, 2048, 2 * FRAME_MAX);
	till_put_claim(&b, until, &c);
	MUST(span_eq((struct span){b.p, b.len}, in));
	MUST(till_get_claim(a, (struct span){b.p, b.len}, &again) == RC_OK);
}

static void
paid(struct arena *a, struct span in, int64_t until)
{
	struct paid p;
	struct buf b;

	if (till_get_paid(a, in, &p) != RC_OK)
		return;
	MUST(p.verdict->outcome < PAY_OUTCOME__N);
	buf_init(&b, a, 2048, 256 * 1024);
	till_put_paid(&b, until, &p);
	MUST(span_eq((struct span){b.p, b.len}, in));
}

void
fuzz_till(struct arena *a, struct span in)
{
	const char *position = "";
	struct paid p = {0};
	struct claim c = {0};
	enum till_kind kind;
	int64_t until;

	if (till_look(in, &kind, &until) == RC_OK) {
		claim(a, in, until);
		paid(a, in, until);
	}
	if (till_get_claimed(a, in, &c, &position) == RC_OK)
		MUST(c.why < CLAIM__N && strlen(c.no) == LIM_ORDER_NO);
	if (till_get_settled(a, in, &p, &position) == RC_OK)
		MUST(p.why >= 0 && p.why < WHY__N);
}
