/* SPDX-License-Identifier: Apache-2.0 */
/* Statements and their differences, to look at (statement.h). */
#include "shop/statement.h"

#include <string.h>

#include "store/statement.h"

static struct statement_info
info_of(const struct statement_rec *r)
{
	return (struct statement_info){
	    .id = r->id,
	    .name = r->name,
	    .format = r->format,
	    .state = r->state,
	    .channel = r->channel_title,
	    .from = r->from,
	    .until = r->until,
	    .created = r->created,
	    .next_chunk = r->next_chunk,
	    .lines = r->lines,
	    .bad = r->bad,
	    .open = r->open,
	};
}

enum rc
statement_get(struct ctx *cx, uint64_t id, struct statement_info *out)
{
	struct statement_rec r;
	enum rc rc = statement_rec_get(cx, id, &r);

	if (rc == RC_OK)
		*out = info_of(&r);
	return rc;
}

enum rc
statement_list(struct ctx *cx, unsigned page, const struct statement_info **out,
    size_t *n, bool *more)
{
	const struct statement_rec *r;
	struct statement_info *list;
	size_t i;
	enum rc rc;

	rc = statement_rec_list(
	    cx, STATEMENT_PAGE + 1, (page - 1) * STATEMENT_PAGE, &r, n);
	if (rc != RC_OK)
		return rc;
	*more = *n > STATEMENT_PAGE;
	if (*more)
		*n = STATEMENT_PAGE;
	list = ARENA_ARRAY(cx->arena, *n, struct statement_info);
	for (i = 0; i < *n; i++)
		list[i] = info_of(&r[i]);
	*out = list;
	return RC_OK;
}

enum rc
statement_differences(struct ctx *cx, uint64_t id, const char *state,
    const char *result, unsigned page, const struct statement_difference **out,
    size_t *n, bool *more)
{
	const struct statement_rec_line *l;
	struct statement_difference *list;
	size_t i;
	enum rc rc;

	rc = statement_rec_lines(cx, id, state, result, STATEMENT_PAGE + 1,
	    (page - 1) * STATEMENT_PAGE, &l, n);
	if (rc != RC_OK)
		return rc;
	*more = *n > STATEMENT_PAGE;
	if (*more)
		*n = STATEMENT_PAGE;
	list = ARENA_ARRAY(cx->arena, *n, struct statement_difference);
	for (i = 0; i < *n; i++)
		list[i] = (struct statement_difference){
		    .id = l[i].id,
		    .line = l[i].line,
		    .kind = l[i].kind,
		    .result = l[i].result,
		    .txn = l[i].txn,
		    .order_no = l[i].order_no,
		    .at = l[i].at,
		    .currency = l[i].currency,
		    .note = l[i].note,
		    .no = l[i].no,
		    .amount = l[i].amount,
		    .fee = l[i].fee,
		    .ours = l[i].ours,
		    .our_currency = l[i].our_currency,
		    .can_apply =
			str_eq(state, "open") && str_eq(l[i].kind, "payment") &&
			str_eq(l[i].result, "missing") && l[i].no[0] != '\0',
		};
	*out = list;
	return RC_OK;
}

enum rc
statement_tally(struct ctx *cx, uint64_t id, struct statement_tally *out)
{
	const struct statement_count *c;
	size_t n, i, k;
	struct {
		const char *name;
		uint64_t *to;
	} by[] = {
	    {"same", &out->same},
	    {"missing", &out->missing},
	    {"amount", &out->amount},
	    {"state", &out->state},
	    {"absent", &out->absent},
	    {"other", &out->other},
	    {"bad", &out->bad},
	};
	enum rc rc = statement_rec_counts(cx, id, &c, &n);

	if (rc != RC_OK)
		return rc;
	memset(out, 0, sizeof(*out));
	for (i = 0; i < n; i++) {
		for (k = 0; k < sizeof(by) / sizeof(by[0]); k++)
			if (str_eq(by[k].name, c[i].result))
				*by[k].to += c[i].n;
		if (str_eq(c[i].state, "open"))
			out->open += c[i].n;
		else if (str_eq(c[i].state, "resolved"))
			out->resolved += c[i].n;
	}
	return RC_OK;
}
