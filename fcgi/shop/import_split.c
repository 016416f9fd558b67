/* SPDX-License-Identifier: Apache-2.0 */
/* Cutting a chunk of text into lines that can be cards. */
#include "shop/import.h"

#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"

static void
line_add(struct import_lines *out, struct span line)
{
	out->lines++;
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	line = span_trim(line);
	if (line.n == 0)
		out->blank++;
	else if (line.n > LIM_CARD || !utf8_text(line, LIM_CARD))
		out->bad++;
	else
		out->v[out->n++].text = line;
}

void
import_split(
    struct arena *a, struct span text, bool first, struct import_lines *out)
{
	struct span part;
	size_t i, n = 1;

	memset(out, 0, sizeof(*out));
	if (first && text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0) {
		text.p += 3;
		text.n -= 3;
	}
	for (i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	out->v = ARENA_ARRAY(a, n, struct import_line);
	/* what stands behind the last LF is a line only if it is not empty */
	while (text.n > 0 && span_cut(&text, '\n', &part))
		line_add(out, part);
}
