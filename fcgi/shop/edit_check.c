/* SPDX-License-Identifier: Apache-2.0 */
/* Field checks, audit details and the search index, for all editors. */
#include "shop/edit_int.h"

#include <inttypes.h>
#include <string.h>

#include "base/hex.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "io/crypt.h"
#include "io/markdown.h"
#include "shop/words.h"
#include "store/goods_write.h"

enum { SHOWN_MAX = 120 }; /* characters of a value in the audit's detail */

bool
edit_fail(struct edit_error *why, const char *field, const char *reason)
{
	why->field = field;
	why->reason = reason;
	return false;
}

const char *
edit_text(const char *s)
{
	return s != NULL ? s : "";
}

bool
edit_line(struct edit_error *why, const char *field, const char *s, size_t max,
    enum need need)
{
	struct span v = span_str(s);

	if (need == NEEDED && span_trim(v).n == 0)
		return edit_fail(why, field, "required");
	if (!utf8_line(v, SIZE_MAX))
		return edit_fail(why, field, "not_text");
	if (utf8_length(v) > max)
		return edit_fail(why, field, "too_long");
	return true;
}

bool
edit_lines(struct edit_error *why, const char *field, const char *s, size_t max)
{
	struct span v = span_str(s);

	if (v.n > max)
		return edit_fail(why, field, "too_long");
	if (!utf8_text(v, SIZE_MAX))
		return edit_fail(why, field, "not_text");
	return true;
}

bool
edit_slug(struct edit_error *why, const char *slug)
{
	size_t i, n = strlen(slug);

	if (n > LIM_SLUG)
		return edit_fail(why, "slug", "too_long");
	if (n == 0 || slug[0] == '-' || slug[n - 1] == '-')
		return edit_fail(why, "slug", "bad_slug");
	for (i = 0; i < n; i++)
		if (slug[i] != '-' && !chr_digit(slug[i]) &&
		    !(slug[i] >= 'a' && slug[i] <= 'z'))
			return edit_fail(why, "slug", "bad_slug");
	return true;
}

bool
edit_token(struct edit_error *why, const char *field, const char *s,
    const char *extra, size_t max)
{
	if (strlen(s) > max)
		return edit_fail(why, field, "too_long");
	if (*s != '\0' && !str_is_token(s, extra, max))
		return edit_fail(why, field, "not_token");
	return true;
}

bool
edit_choice(struct edit_error *why, const char *field, const char *s,
    const char *choices)
{
	struct span rest = span_str(choices), part;

	while (span_cut(&rest, '|', &part))
		if (span_is(part, s))
			return true;
	return edit_fail(why, field, "not_choice");
}

bool
edit_range(struct edit_error *why, const char *field, int64_t v, int64_t min,
    int64_t max)
{
	if (v < min)
		return edit_fail(why, field, "too_small");
	if (v > max)
		return edit_fail(why, field, "too_big");
	return true;
}

const char *
edit_drawn(struct ctx *cx)
{
	uint8_t raw[8];
	char text[9] = "";

	crypt_random(raw, sizeof(raw));
	b32_text(raw, sizeof(raw), text);
	text[8] = '\0';
	return str_lower(cx->arena, text);
}

/* ---- audit details */

static void
put_value(struct buf *b, const char *s)
{
	struct span rest = span_str(s);
	size_t n = 0;

	while (n < SHOWN_MAX && utf8_next(&rest) >= 0)
		n++;
	buf_chr(b, '"');
	buf_add(b, s, strlen(s) - rest.n);
	buf_str(b, rest.n > 0 ? "\xe2\x80\xa6\"" : "\"");
}

void
diff_text(struct buf *b, const char *field, const char *old, const char *now)
{
	old = edit_text(old);
	now = edit_text(now);
	if (strcmp(old, now) == 0)
		return;
	buf_fmt(b, "%s%s: ", b->len > 0 ? "; " : "", field);
	put_value(b, old);
	buf_str(b, " -> ");
	put_value(b, now);
}

void
diff_int(struct buf *b, const char *field, int64_t old, int64_t now)
{
	if (old != now)
		buf_fmt(b, "%s%s: %" PRId64 " -> %" PRId64,
		    b->len > 0 ? "; " : "", field, old, now);
}

const char *
edit_object(struct ctx *cx, const char *kind, uint64_t id)
{
	return arena_fmt(cx->arena, "%s:%" PRIu64, kind, id);
}

/* ---- texts */

enum rc
markdown_html(struct ctx *cx, const char *md, const char **html)
{
	struct edit_error why;

	if (!edit_lines(&why, "", edit_text(md), LIM_MARKDOWN))
		return RC_INVALID;
	return markdown_render(cx->arena, span_str(md), html);
}

enum rc
edit_reindex(struct ctx *cx, uint64_t product)
{
	const char *const *text;
	struct buf words;
	enum rc rc;
	size_t i, n;

	rc = product_texts(cx, product, &text, &n);
	if (rc != RC_OK)
		return rc;
	buf_init(&words, cx->arena, 4096, 1024 * 1024);
	for (i = 0; i < n; i++)
		words_index(&words, span_str(text[i]));
	return product_words_put(cx, product, buf_text(&words));
}
