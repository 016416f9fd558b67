/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Markdown to HTML, by cmark-gfm: CommonMark with tables, strikethrough and
 * bare links.  What comes out holds only elements of the renderer:
 *
 *   raw HTML        is shown as the text it is
 *   links           http, https, mailto, "/…" and "#…"; others lose their
 *                   address.  All get rel="nofollow noopener noreferrer".
 *   pictures        from this site only ("/…"): others would tell a third
 *                   party who looks at the page
 *   headings        one level down: the page has its own first one
 *
 * Built without cmark-gfm: paragraphs and line breaks, all else as text.
 *
 * Rendered when a text is saved, never for a visitor: the library has had
 * inputs that cost it quadratic time, so the length is the caller's to cap.
 */
#ifndef KS_IO_MARKDOWN_H
#define KS_IO_MARKDOWN_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"

/* md is valid UTF-8 without NUL.  RC_FAIL: the library gave up. */
MUST_CHECK enum rc markdown_render(
    struct arena *a, struct span md, const char **html);

/* May such an address stand in a link?  For tests. */
bool markdown_link_ok(const char *url);

#endif
