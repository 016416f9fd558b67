/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A QR code as SVG: one white square, one path of dark runs.  Row by row,
 * neighbours joined, which is half the size of one square a module and shows
 * no hairlines between them.  No style and no script: it stands in a page
 * under a strict Content-Security-Policy, and it stays black on white in the
 * dark theme, because scanners want it so.
 */
#include "io/qr.h"

#include "base/buf.h"

#include <stdlib.h>

#include <qrencode.h>

enum { QUIET = 4, TEXT_MAX = 2331 /* version 40, level M, bytes */ };

static void
put_label(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++)
		switch (*s) {
		case '&':
			buf_str(b, "&amp;");
			break;
		case '<':
			buf_str(b, "&lt;");
			break;
		case '>':
			buf_str(b, "&gt;");
			break;
		case '"':
			buf_str(b, "&quot;");
			break;
		default:
			buf_chr(b, *s);
		}
}

/* The runs of one row, each as a rectangle one module high. */
static void
put_row(struct buf *b, const unsigned char *row, int n, int y)
{
	int x = 0, start;

	while (x < n) {
		if ((row[x] & 1) == 0) {
			x++;
			continue;
		}
		for (start = x; x < n && (row[x] & 1) != 0; x++)
			;
		buf_fmt(b, "M%d %dh%dv1h-%dz", start + QUIET, y + QUIET,
		    x - start, x - start);
	}
}

static const char *
svg_of(struct arena *a, const QRcode *q, const char *label)
{
	int y, size = q->width + 2 * QUIET;
	struct buf b;

	buf_init(&b, a, 16 * 1024, 512 * 1024);
	buf_str(&b, "<svg class=\"qr-code\" role=\"img\" aria-label=\"");
	put_label(&b, label);
	buf_fmt(&b,
	    "\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
	    "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>"
	    "<path fill=\"#000\" d=\"",
	    size, size, size, size);
	for (y = 0; y < q->width; y++)
		put_row(&b, q->data + y * q->width, q->width, y);
	buf_str(&b, "\"/></svg>");
	return b.bad ? NULL : buf_text(&b);
}

enum rc
qr_svg(struct arena *a, struct span text, const char *label, const char **svg)
{
	const char *s;
	QRcode *q;

	if (text.n == 0 || text.n > TEXT_MAX || span_has_nul(text))
		return RC_INVALID;
	/* Digits and capitals are packed tighter where they occur. */
	q = QRcode_encodeString(
	    arena_dup(a, text.p, text.n), 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	if (q == NULL)
		return RC_INVALID; /* ERANGE: too long for level M */
	s = svg_of(a, q, label);
	QRcode_free(q);
	if (s == NULL)
		return RC_FAIL;
	*svg = s;
	return RC_OK;
}
