/* SPDX-License-Identifier: Apache-2.0 */
/* Index words and queries hold our own letters only, and what is indexed is
 * found: each pair of neighbours of the query stands in the index. */
#include "fuzz/fuzz.h"

#include "base/utf8.h"
#include "shop/words.h"

static void
only(const char *s, const char *letters)
{
	MUST(strspn(s, letters) == strlen(s));
}

#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789 "

void
fuzz_words(struct arena *a, struct span in)
{
	const char *index, *query, *p;
	struct buf b;
	size_t n;

	if (in.n > 4096)
		return;
	buf_init(&b, a, 1024, 1024 * 1024);
	words_index(&b, in);
	index = buf_text(&b);
	query = words_query(a, in);
	MUST(!b.bad);
	only(index, LETTERS);
	only(query, LETTERS "+*\"");
	MUST(utf8_valid(in) || (*index == '\0' && *query == '\0'));
	MUST((*index == '\0') == (*query == '\0'));
	/* every word of the query begins a word of the index */
	for (p = query; *p != '\0'; p += n) {
		p += strspn(p, "+*\" ");
		n = strcspn(p, "+*\" ");
		if (n == 0)
			break;
		MUST(strstr(index, arena_fmt(a, "%.*s", (int)n, p)) != NULL);
	}
}
