/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of any length through the same chunks as the panel's: read a buffer,
 * put its whole lines, keep the rest.  Memory does not grow with the file; the
 * chunk's arena is emptied each time.
 *
 * The batch is committed from its first chunk on, so a million cards are
 * written once, not staged and then moved; import_undo() takes it back.
 */
#include "shop/import.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "io/crypt.h"
#include "shop/stock.h"

enum { BUFFER = 160 * 1024 };

struct reader {
	int fd;
	char *buf;
	size_t n; /* bytes in it */
	bool end;
	bool skip; /* inside a line that is too long for the buffer */
};

/* Fills the buffer.  RC_INVALID: the file cannot be read. */
static enum rc
reader_fill(struct reader *r)
{
	ssize_t got;

	while (!r->end && r->n < BUFFER) {
		got = read(r->fd, r->buf + r->n, BUFFER - r->n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			log_event(LOG_ERROR, "import_read",
			    LF_STR("why", strerror(errno)));
			return RC_INVALID;
		}
		r->end = got == 0;
		r->n += (size_t)got;
	}
	return RC_OK;
}

static void
reader_drop(struct reader *r, size_t n)
{
	memmove(r->buf, r->buf + n, r->n - n);
	r->n -= n;
}

/* Whole lines at the front of the buffer.  A line longer than the buffer
 * counts as one bad line: its first part is handed out, which is far above
 * LIM_CARD, and the rest skipped. */
static struct span
reader_lines(struct reader *r)
{
	size_t n = r->n;

	if (r->skip) {
		for (n = 0; n < r->n && r->buf[n] != '\n'; n++)
			;
		r->skip = n == r->n;
		reader_drop(r, r->skip ? n : n + 1);
		n = r->n;
	}
	if (!r->end) {
		while (n > 0 && r->buf[n - 1] != '\n')
			n--;
		if (n == 0 && r->n == BUFFER) {
			r->skip = true;
			n = r->n;
		}
	}
	return (struct span){r->buf, n};
}

static enum rc
put_all(struct ctx *cx, struct reader *r, uint64_t batch)
{
	struct arena *own = arena_new(256 * 1024, 256 * 1024 * 1024);
	unsigned seq = 0;
	struct span lines;
	enum rc rc = RC_OK;

	while (rc == RC_OK && (rc = reader_fill(r)) == RC_OK && r->n > 0) {
		lines = reader_lines(r);
		if (lines.n == 0)
			continue;
		rc = import_put(cx, own, batch, "committed", seq++, lines);
		reader_drop(r, lines.n);
	}
	arena_free(own);
	return rc;
}

enum rc
import_file(struct ctx *cx, const char *sku_code, const char *batch_name,
    int fd, struct batch *out)
{
	struct reader r = {fd, NULL, 0, false, false};
	struct import_sku sku;
	uint64_t batch;
	enum rc rc;

	if (!str_is_token(sku_code, "-_.", LIM_SKU_CODE))
		return RC_NOTFOUND;
	if ((rc = import_sku_by_code(cx, sku_code, &sku)) != RC_OK ||
	    (rc = import_open_as(cx, &sku, batch_name, "", MONEY(0),
		 "committed", &batch)) != RC_OK)
		return rc;
	r.buf = arena_alloc(cx->arena, BUFFER);
	rc = put_all(cx, &r, batch);
	crypt_wipe(r.buf, BUFFER);
	if (rc != RC_OK)
		return rc;
	rc = import_told(cx, batch);
	return rc == RC_OK ? import_report(cx, batch, out) : rc;
}
