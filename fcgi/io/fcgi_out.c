/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The answer as FastCGI records (specification sections 3.3, 5.3 and 5.5).
 *
 * The library copies everything through a buffer of 8 KiB and writes each
 * time it is full, so a page wakes the web server several times, and a worker
 * is taken off its processor several times.  Head, page and end of the
 * request are all there before the first byte is sent: they leave by one
 * writev().
 */
#include "io/fcgi_out.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>

enum {
	PROTOCOL = 1,
	STDOUT = 6,
	END_REQUEST = 3,
	RECORD = 8,      /* bytes of a record's own head */
	CONTENT = 65528, /* most of one record, a multiple of 8 */
	RECORDS = 16,    /* at once; each is two pieces */
	PIECES = 2 * RECORDS,
	END = RECORD + RECORD + RECORD /* no more output; end; its body */
};

/* What is to be sent next. */
struct out {
	struct iovec v[PIECES + 1];
	uint8_t record[RECORDS][RECORD];
	uint8_t end[END];
	int n;
	unsigned n_records, request;
	int fd;
};

static void
record_head(uint8_t to[RECORD], unsigned type, unsigned request, size_t content)
{
	memset(to, 0, RECORD);
	to[0] = PROTOCOL;
	to[1] = (uint8_t)type;
	to[2] = (uint8_t)(request >> 8);
	to[3] = (uint8_t)request;
	to[4] = (uint8_t)(content >> 8);
	to[5] = (uint8_t)content;
}

static void
piece(struct out *o, const void *p, size_t n)
{
	o->v[o->n++] =
	    (struct iovec){.iov_base = (void *)(uintptr_t)p, .iov_len = n};
}

/* SO_SNDTIMEO bounds each wait: then it is EAGAIN, and the peer is given up. */
static bool
flush(struct out *o)
{
	struct iovec *v = o->v;
	ssize_t sent;

	while (o->n != 0) {
		sent = writev(o->fd, v, o->n);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		for (; o->n != 0 && (size_t)sent >= v->iov_len; v++, o->n--)
			sent -= (ssize_t)v->iov_len;
		if (o->n != 0) {
			v->iov_base = (char *)v->iov_base + sent;
			v->iov_len -= (size_t)sent;
		}
	}
	o->n_records = 0;
	return true;
}

static bool
put(struct out *o, struct span bytes)
{
	size_t n;

	while (bytes.n != 0) {
		if (o->n_records == RECORDS && !flush(o))
			return false;
		n = bytes.n < CONTENT ? bytes.n : CONTENT;
		record_head(o->record[o->n_records], STDOUT, o->request, n);
		piece(o, o->record[o->n_records++], RECORD);
		piece(o, bytes.p, n);
		bytes = (struct span){bytes.p + n, bytes.n - n};
	}
	return true;
}

enum rc
fcgi_out(int fd, unsigned request, struct span head, struct span body)
{
	struct out o;

	o.n = 0;
	o.n_records = 0;
	o.request = request;
	o.fd = fd;
	/* the body of the end: application status 0, request complete */
	memset(o.end, 0, sizeof(o.end));
	record_head(o.end, STDOUT, request, 0);
	record_head(o.end + RECORD, END_REQUEST, request, RECORD);
	if (!put(&o, head) || !put(&o, body))
		return RC_FAIL;
	piece(&o, o.end, sizeof(o.end));
	return flush(&o) ? RC_OK : RC_FAIL;
}

enum rc
fcgi_out_part(int fd, unsigned request, struct span bytes)
{
	struct out o;

	o.n = 0;
	o.n_records = 0;
	o.request = request;
	o.fd = fd;
	return put(&o, bytes) && flush(&o) ? RC_OK : RC_FAIL;
}
