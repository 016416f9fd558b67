/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Admission (admission.h).
 *
 * "Sold out" is decided by rows only.  One request a second and machine asks
 * them; what it was told serves the others for sold_out_ms.  So a card that
 * comes back, from an expired hold or an import, is for sale again everywhere
 * after that time at most, with nobody having to say so.
 */
#include "shop/admission.h"

#include "base/metric.h"
#include "base/time.h"
#include "io/crypt.h"
#include "shop/identity.h"

static const char *const why_name[GATE__N] = {
    [GATE_SOLD_OUT] = "sold_out",
    [GATE_NOT_YET] = "not_yet",
    [GATE_OVER] = "over",
};

static enum gate_why
look(struct ctx *cx, uint64_t sku)
{
	enum gate_why why;

	/* who has just written reads the rows, here as elsewhere */
	if (cx->set->sold_out_ms == 0 || cx->sticky)
		return GATE_FREE;
	why = gate_look(sku, time_mono_us());
	if (why != GATE_FREE)
		metric_add(METRIC_admission_total, why_name[why], 1);
	return why;
}

enum gate_why
admission_view(struct ctx *cx, uint64_t sku)
{
	return look(cx, sku);
}

enum gate_why
admission_order(struct ctx *cx, const struct visitor *v, const char *form_token,
    uint64_t sku, bool *form_ok)
{
	uint8_t key[16];

	*form_ok = form_token_open(cx, v, form_token, key) == RC_OK;
	if (*form_ok && gate_form_marked(key))
		return GATE_FREE;
	return look(cx, sku);
}

bool
admission_form_known(
    struct ctx *cx, const struct visitor *v, const char *form_token)
{
	uint8_t key[16];

	return form_token_open(cx, v, form_token, key) == RC_OK &&
	       gate_form_marked(key);
}

void
admission_begin(struct ctx *cx, const struct visitor *v, const char *form_token)
{
	uint8_t key[16];

	if (form_token_open(cx, v, form_token, key) == RC_OK)
		gate_form_mark(key);
}

void
admission_refused(
    struct ctx *cx, const struct visitor *v, const char *form_token)
{
	uint8_t key[16];

	if (form_token_open(cx, v, form_token, key) == RC_OK)
		gate_form_clear(key);
	/* numbers were drawn, but nothing that he could look for */
	cx->wrote = false;
}

void
admission_placed(uint64_t sku)
{
	gate_clear(sku);
}

void
admission_stock(struct ctx *cx, const struct sku *s)
{
	uint64_t n;

	if (s->kind != SKU_CARD)
		return;
	if (s->stock.display == STOCK_EXACT)
		n = s->stock.n;
	else if (catalogue_free(cx, s->id, &n) != RC_OK)
		return;
	gate_stock_put(s->id, time_mono_us(), n);
}

const char *
admission_word(struct ctx *cx)
{
	return arena_fmt(
	    cx->arena, "k%016llx", (unsigned long long)crypt_random_u64());
}

void
admission_shut(struct ctx *cx, uint64_t sku, enum gate_why why, int64_t until)
{
	int64_t began = time_mono_us(), ms = cx->set->sold_out_ms;

	/* counted from before the rows were read */
	if (cx->deadline != 0)
		began = cx->deadline - cx->set->request_deadline_ms * US_PER_MS;
	if (until != 0 && (until - cx->now) / US_PER_MS < ms)
		ms = (until - cx->now) / US_PER_MS;
	gate_shut(sku, why, began, ms);
}
