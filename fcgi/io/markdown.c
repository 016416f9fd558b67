/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmark-gfm behind one call.  The document is changed as a tree before it is
 * rendered (raw HTML to text, links checked); `rel` is put into the rendered
 * text, where "<a href=" can only be the renderer's own: every '<' of the
 * author is an entity by then.
 */
#include "io/markdown.h"

#include <stdlib.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

bool
markdown_link_ok(const char *url)
{
	static const char *const scheme[] = {"http://", "https://", "mailto:"};
	char head[16];
	size_t i;

	if (url[0] == '#')
		return true;
	if (url[0] == '/')
		return url[1] != '/' && url[1] != '\\';
	for (i = 0; i + 1 < sizeof(head) && url[i] != '\0'; i++)
		head[i] = chr_lower(url[i]);
	head[i] = '\0';
	for (i = 0; i < sizeof(scheme) / sizeof(scheme[0]); i++)
		if (str_starts(head, scheme[i]))
			return true;
	return false;
}

#ifdef HAVE_CMARK

#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>

enum { HEADING_MAX = 6 };

static const char *const extension[] = {"table", "strikethrough", "autolink"};

/* Puts what the author wrote in the place of an HTML node. */
static int
html_to_text(cmark_node *n)
{
	const char *literal = cmark_node_get_literal(n);
	bool block = cmark_node_get_type(n) == CMARK_NODE_HTML_BLOCK;
	cmark_node *text = cmark_node_new(CMARK_NODE_TEXT), *put = text;

	if (text == NULL)
		return 0;
	if (block) {
		put = cmark_node_new(CMARK_NODE_PARAGRAPH);
		if (put == NULL || !cmark_node_append_child(put, text)) {
			cmark_node_free(text);
			return 0;
		}
	}
	if (!cmark_node_set_literal(text, literal != NULL ? literal : "") ||
	    !cmark_node_replace(n, put)) {
		cmark_node_free(put);
		return 0;
	}
	cmark_node_free(n);
	return 1;
}

static int
node_clean(cmark_node *n)
{
	cmark_node_type type = cmark_node_get_type(n);
	const char *url;
	int level;

	if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE)
		return html_to_text(n);
	if (type == CMARK_NODE_HEADING) {
		level = cmark_node_get_heading_level(n);
		return level == HEADING_MAX ||
		       cmark_node_set_heading_level(n, level + 1);
	}
	if (type != CMARK_NODE_LINK && type != CMARK_NODE_IMAGE)
		return 1;
	url = cmark_node_get_url(n);
	if (url != NULL && markdown_link_ok(url) &&
	    (type == CMARK_NODE_LINK || url[0] == '/'))
		return 1;
	return cmark_node_set_url(n, "");
}

static int
tree_clean(cmark_node *root)
{
	cmark_iter *it = cmark_iter_new(root);
	cmark_event_type ev;
	cmark_node *n;
	int ok = it != NULL;

	while (ok && (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		n = cmark_iter_get_node(it);
		/* the iterator has gone past a leaf when it names it, so a
		 * leaf may be replaced; the others are changed in place */
		if (ev == CMARK_EVENT_ENTER)
			ok = node_clean(n);
	}
	cmark_iter_free(it);
	return ok;
}

/* The renderer's text with rel in each link. */
static const char *
with_rel(struct arena *a, const char *html)
{
	static const char mark[] = "<a href=";
	static const char rel[] = "<a rel=\"nofollow noopener noreferrer\" "
				  "href=";
	const char *p;
	struct buf b;

	buf_init(&b, a, strlen(html) + 256, SIZE_MAX / 2);
	while ((p = strstr(html, mark)) != NULL) {
		buf_add(&b, html, (size_t)(p - html));
		buf_str(&b, rel);
		html = p + sizeof(mark) - 1;
	}
	buf_str(&b, html);
	return buf_text(&b);
}

enum rc
markdown_render(struct arena *a, struct span md, const char **html)
{
	cmark_parser *parser;
	cmark_node *root = NULL;
	cmark_syntax_extension *ext;
	char *text = NULL;
	enum rc rc = RC_FAIL;
	size_t i;

	cmark_gfm_core_extensions_ensure_registered();
	parser = cmark_parser_new(CMARK_OPT_DEFAULT);
	if (parser == NULL)
		goto out;
	for (i = 0; i < sizeof(extension) / sizeof(extension[0]); i++) {
		ext = cmark_find_syntax_extension(extension[i]);
		if (ext == NULL ||
		    !cmark_parser_attach_syntax_extension(parser, ext))
			goto out;
	}
	cmark_parser_feed(parser, md.p, md.n);
	root = cmark_parser_finish(parser);
	if (root == NULL || !tree_clean(root))
		goto out;
	text = cmark_render_html(root, CMARK_OPT_DEFAULT,
	    cmark_parser_get_syntax_extensions(parser));
	if (text == NULL)
		goto out;
	*html = with_rel(a, text);
	rc = RC_OK;
out:
	free(text);
	if (root != NULL)
		cmark_node_free(root);
	if (parser != NULL)
		cmark_parser_free(parser);
	return rc;
}

#else /* !HAVE_CMARK */

static void
put_escaped(struct buf *b, struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		switch (s.p[i]) {
		case '<':
			buf_str(b, "&lt;");
			break;
		case '>':
			buf_str(b, "&gt;");
			break;
		case '&':
			buf_str(b, "&amp;");
			break;
		case '"':
			buf_str(b, "&quot;");
			break;
		case '\r':
			break;
		default:
			buf_chr(b, s.p[i]);
			break;
		}
	}
}

enum rc
markdown_render(struct arena *a, struct span md, const char **html)
{
	bool open = false;
	struct span line;
	struct buf b;

	buf_init(&b, a, md.n + 256, SIZE_MAX / 2);
	while (md.n > 0 && span_cut(&md, '\n', &line)) {
		if (span_trim(line).n == 0 || span_is(line, "\r")) {
			if (open)
				buf_str(&b, "</p>\n");
			open = false;
			continue;
		}
		buf_str(&b, open ? "<br />\n" : "<p>");
		put_escaped(&b, line);
		open = true;
	}
	if (open)
		buf_str(&b, "</p>\n");
	*html = buf_text(&b);
	return RC_OK;
}

#endif
