/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parameter lists as the gateways sign them.  Not web/form.c: there the
 * question is what a buyer meant, here it is which bytes were signed.
 */
#include "pay/params.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/url.h"
#include "base/vec.h"

void
params_init(struct params *p, struct arena *a)
{
	memset(p, 0, sizeof(*p));
	p->arena = a;
}

static const struct param *
find(const struct params *p, struct span name)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (span_eq(p->v[i].name, name))
			return &p->v[i];
	return NULL;
}

void
params_span(struct params *p, const char *name, struct span value)
{
	struct param *one = VEC_ADD(p, p->arena);

	one->name = span_str(name);
	one->value = value;
}

void
params_add(struct params *p, const char *name, const char *value)
{
	params_span(p, name, span_str(value));
}

static enum rc
read_one(struct params *p, struct span part)
{
	struct param one = {0};
	struct param *slot;
	struct span name;
	enum rc rc;

	/* after the cut, part is what stands behind the first '=' */
	if (!span_cut(&part, '=', &name))
		return RC_INVALID;
	if ((rc = url_decode(p->arena, name, true, &one.name)) != RC_OK ||
	    (rc = url_decode(p->arena, part, true, &one.value)) != RC_OK)
		return rc;
	if (one.name.n == 0 || one.name.n > LIM_PARAM_NAME ||
	    one.value.n > LIM_PARAM_VALUE)
		return RC_INVALID;
	if (find(p, one.name) != NULL)
		return RC_CONFLICT;
	slot = VEC_ADD(p, p->arena);
	*slot = one;
	return RC_OK;
}

enum rc
params_read(struct params *p, struct span raw)
{
	struct span part;
	enum rc rc;

	while (span_cut(&raw, '&', &part)) {
		if (part.n == 0)
			continue;
		if (p->n == LIM_PARAMS)
			return RC_INVALID;
		if ((rc = read_one(p, part)) != RC_OK)
			return rc;
	}
	return RC_OK;
}

const struct span *
params_get(const struct params *p, const char *name)
{
	const struct param *one = find(p, span_str(name));

	return one == NULL ? NULL : &one->value;
}

const char *
params_text(const struct params *p, const char *name, size_t max)
{
	const struct span *s = params_get(p, name);

	if (s == NULL)
		return "";
	if (s->n > max || span_has_nul(*s))
		return NULL;
	return arena_dup(p->arena, s->p, s->n);
}

static int
by_name(const void *a, const void *b)
{
	const struct param *const *x = a;
	const struct param *const *y = b;
	size_t n = (*x)->name.n < (*y)->name.n ? (*x)->name.n : (*y)->name.n;
	int c = memcmp((*x)->name.p, (*y)->name.p, n);

	if (c != 0)
		return c;
	return ((*x)->name.n > (*y)->name.n) - ((*x)->name.n < (*y)->name.n);
}

static bool
among(struct span name, const char *const *list)
{
	for (; list != NULL && *list != NULL; list++)
		if (span_is(name, *list))
			return true;
	return false;
}

struct span
params_join(struct params *p, const char *const *skip, bool keep_empty)
{
	const struct param **sorted =
	    ARENA_ARRAY(p->arena, p->n, const struct param *);
	size_t i, n = 0, room = 1;
	struct buf b;

	for (i = 0; i < p->n; i++) {
		if (among(p->v[i].name, skip) ||
		    (p->v[i].value.n == 0 && !keep_empty))
			continue;
		sorted[n++] = &p->v[i];
		room += p->v[i].name.n + p->v[i].value.n + 2;
	}
	/* nothing to sort is nothing for qsort either: base may be NULL */
	if (n > 1)
		qsort(sorted, n, sizeof(sorted[0]), by_name);
	buf_init(&b, p->arena, room, room);
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_chr(&b, '&');
		buf_add(&b, sorted[i]->name.p, sorted[i]->name.n);
		buf_chr(&b, '=');
		buf_add(&b, sorted[i]->value.p, sorted[i]->value.n);
	}
	return (struct span){buf_text(&b), b.len};
}

/* Does s hold '&', then name, then '='? */
static bool
holds(struct span s, const char *name)
{
	size_t n = strlen(name), i;

	for (i = 0; i + n + 2 <= s.n; i++)
		if (s.p[i] == '&' && s.p[i + 1 + n] == '=' &&
		    memcmp(s.p + i + 1, name, n) == 0)
			return true;
	return false;
}

bool
params_ambiguous(const struct params *p, const char *const *names)
{
	const char *const *name;
	size_t i;

	for (i = 0; i < p->n; i++) {
		struct span one = p->v[i].name;

		if (memchr(one.p, '&', one.n) != NULL ||
		    memchr(one.p, '=', one.n) != NULL)
			return true;
		for (name = names; *name != NULL; name++)
			if (holds(p->v[i].value, *name))
				return true;
	}
	return false;
}

void
params_encode(struct buf *b, const struct params *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		if (i > 0)
			buf_chr(b, '&');
		url_encode(b, p->v[i].name);
		buf_chr(b, '=');
		url_encode(b, p->v[i].value);
	}
}

const struct pay_pair *
params_pairs(const struct params *p)
{
	struct pay_pair *pairs = ARENA_ARRAY(p->arena, p->n, struct pay_pair);
	size_t i;

	for (i = 0; i < p->n; i++) {
		const struct param *one = &p->v[i];

		pairs[i].name = arena_dup(p->arena, one->name.p, one->name.n);
		pairs[i].value =
		    arena_dup(p->arena, one->value.p, one->value.n);
	}
	return pairs;
}
