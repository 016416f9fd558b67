/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages of a list (pager.h): first, last, and the neighbours of this one.
 */
#include "web/pager.h"

#include "web/response.h"

size_t
pager_numbers(unsigned here, unsigned last, unsigned out[PAGER_MAX])
{
	unsigned from = here > 3 ? here - 2 : 2;
	unsigned to = here + 2 < last ? here + 2 : last - 1;
	size_t n = 0;

	if (last < 2)
		return 0;
	out[n++] = 1;
	/* a gap of one page is that page */
	if (from == 3)
		from = 2;
	if (to + 2 == last)
		to = last - 1;
	if (from > 2)
		out[n++] = 0;
	for (; from <= to; from++)
		out[n++] = from;
	if (to + 1 < last)
		out[n++] = 0;
	out[n++] = last;
	return n;
}

unsigned
pager_last(uint64_t total, unsigned per_page)
{
	uint64_t n = (total + per_page - 1) / per_page;

	if (n == 0)
		return 1;
	return n > UINT32_MAX ? UINT32_MAX : (unsigned)n;
}

void
pager_show(struct response *rs, const char *base, unsigned here, unsigned last)
{
	struct tnode *top = tnode_child(rs->data, "Pager"), *page;
	unsigned numbers[PAGER_MAX];
	size_t n = pager_numbers(here, last, numbers), i;

	for (i = 0; i < n; i++) {
		page = tnode_item(top, "Pages");
		if (numbers[i] == 0) {
			tnode_bool(page, "Gap", true);
			continue;
		}
		tnode_int(page, "N", numbers[i]);
		if (numbers[i] == here)
			tnode_bool(page, "Here", true);
		else
			tnode_fmt(page, "Url", "%s%u", base, numbers[i]);
	}
	if (n != 0 && here > 1)
		tnode_fmt(top, "Prev", "%s%u", base, here - 1);
	if (n != 0 && here < last)
		tnode_fmt(top, "Next", "%s%u", base, here + 1);
}
