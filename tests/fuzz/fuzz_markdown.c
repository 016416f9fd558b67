/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever an author writes, only the renderer's own elements come out, each
 * link has rel and an address that is allowed. */
#include "fuzz/fuzz.h"

#include "base/utf8.h"
#include "io/markdown.h"

static const char *const element[] = {"p", "h2", "h3", "h4", "h5", "h6", "em",
    "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "br",
    "a", "img", "table", "thead", "tbody", "tr", "th", "td", "input"};

static void
must_be_ours(const char *tag)
{
	size_t i, n;

	tag += *tag == '/';
	n = strcspn(tag, " />");
	for (i = 0; i < sizeof(element) / sizeof(element[0]); i++)
		if (strlen(element[i]) == n && memcmp(element[i], tag, n) == 0)
			return;
	abort();
}

void
fuzz_markdown(struct arena *a, struct span in)
{
	static const char rel[] =
	    "<a rel=\"nofollow noopener noreferrer\" href=\"";
	const char *html, *p, *end;

	if (in.n > 8192 || span_has_nul(in) || !utf8_valid(in))
		return;
	MUST(markdown_render(a, in, &html) == RC_OK);
	for (p = html; (p = strchr(p, '<')) != NULL; p++) {
		must_be_ours(p + 1);
		MUST(strncmp(p, "<img src=\"", 10) != 0 || p[10] == '/' ||
		     p[10] == '"');
		if (strncmp(p, "<a ", 3) != 0)
			continue;
		MUST(strncmp(p, rel, sizeof(rel) - 1) == 0);
		end = strchr(p + sizeof(rel) - 1, '"');
		MUST(end != NULL);
		MUST(end == p + sizeof(rel) - 1 ||
		     markdown_link_ok(p + sizeof(rel) - 1));
	}
}
