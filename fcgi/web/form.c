/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over the bytes; time and memory are linear in the input and the
 * number of pairs is bounded before anything is decoded.  No table of names:
 * whoever looks for one walks the pairs, of which there are at most
 * LIM_PARAMS.
 */
#include "web/form.h"

#include "base/limits.h"
#include "base/url.h"

/* Empty pieces do not count: "&&&&" is no pair. */
static size_t
count_pairs(struct span text)
{
	struct span part;
	size_t n = 0;

	while (span_cut(&text, '&', &part))
		n += part.n != 0;
	return n;
}

static enum rc
parse_pair(struct arena *a, struct span part, struct form_pair *out)
{
	struct span name, value = {0};
	enum rc rc;

	(void)span_cut(&part, '=', &name);
	if (part.p != NULL)
		value = part; /* whole: later '='s belong to it */
	if ((rc = url_decode(a, name, true, &out->name)) != RC_OK ||
	    (rc = url_decode(a, value, true, &out->value)) != RC_OK)
		return rc;
	if (out->name.n > LIM_PARAM_NAME || out->value.n > LIM_PARAM_VALUE)
		return RC_INVALID;
	return RC_OK;
}

enum rc
form_parse(struct arena *a, struct span text, struct form *out)
{
	size_t max = count_pairs(text), n = 0;
	struct form_pair *v;
	struct span part;
	enum rc rc;

	if (max > LIM_PARAMS)
		return RC_INVALID;
	v = ARENA_ARRAY(a, max, struct form_pair);
	while (span_cut(&text, '&', &part)) {
		if (part.n == 0)
			continue;
		if ((rc = parse_pair(a, part, &v[n++])) != RC_OK)
			return rc;
	}
	out->v = v;
	out->n = n;
	return RC_OK;
}

size_t
form_find(const struct form *f, const char *name, struct span *out)
{
	size_t i, n = 0;

	*out = (struct span){0};
	for (i = 0; i < f->n; i++)
		if (span_is(f->v[i].name, name) && n++ == 0)
			*out = f->v[i].value;
	return n;
}

void
form_write(struct buf *b, const struct form *f)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (i != 0)
			buf_chr(b, '&');
		url_encode(b, f->v[i].name);
		buf_chr(b, '=');
		url_encode(b, f->v[i].value);
	}
}
