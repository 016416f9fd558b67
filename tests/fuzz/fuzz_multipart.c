/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first byte is the boundary's length, the second the seed of the slices;
 * the rest is the body.  Cut or not, the events are the same, and nothing is
 * given out that did not come in.
 */
#include "fuzz/fuzz.h"

#include "base/limits.h"
#include "web/multipart.h"

struct events {
	struct buf text;
	size_t bytes;
};

static enum rc
on_part(void *arg, const struct part_head *h)
{
	struct events *e = arg;

	MUST(h->name.n >= 1 && h->name.n <= LIM_PARAM_NAME);
	MUST(h->filename.n <= LIM_FILENAME);
	buf_str(&e->text, "<");
	buf_add(&e->text, h->name.p, h->name.n);
	buf_str(&e->text, "|");
	buf_add(&e->text, h->filename.p, h->filename.n);
	buf_str(&e->text, h->is_file ? "|f>" : "|v>");
	return RC_OK;
}

static enum rc
on_data(void *arg, struct span bytes)
{
	struct events *e = arg;

	e->bytes += bytes.n;
	buf_add(&e->text, bytes.p, bytes.n);
	return RC_OK;
}

static enum rc
on_end(void *arg)
{
	struct events *e = arg;

	buf_str(&e->text, "</>");
	return RC_OK;
}

static struct span
run(struct arena *a, struct span boundary, struct span body, unsigned seed)
{
	struct events *e = ARENA_NEW(a, struct events);
	const struct multipart_sink sink = {on_part, on_data, on_end, e};
	struct multipart *m = multipart_new(a, boundary, &sink);
	size_t room = body.n + (size_t)LIM_PARTS * (LIM_FILENAME + 100) + 100;
	size_t total = body.n, n;
	enum rc rc = RC_OK;

	buf_init(&e->text, a, 256, room);
	while (body.n != 0 && rc == RC_OK) {
		seed = seed * 1103515245u + 12345u;
		n = seed % 4096 == 0 || seed == 0 ? body.n
						  : 1 + seed / 65536 % 9;
		if (n > body.n)
			n = body.n;
		rc = multipart_feed(m, (struct span){body.p, n});
		body.p += n;
		body.n -= n;
	}
	if (rc == RC_OK)
		rc = multipart_end(m);
	MUST(rc == RC_OK || rc == RC_INVALID);
	MUST(e->bytes <= total);
	buf_fmt(&e->text, "=%s", rc_name(rc));
	MUST(!e->text.bad);
	return (struct span){e->text.p, e->text.len};
}

void
fuzz_multipart(struct arena *a, struct span in)
{
	static const char name[] =
	    "--X----WebKitFormBoundaryaXaaXaaXa0123456789--"
	    "0123456789012345678901234";
	struct span boundary, body, one, cut;
	struct multipart_parts parts;
	size_t n;

	if (in.n < 2)
		return;
	n = (unsigned char)in.p[0] % LIM_BOUNDARY + 1;
	boundary = (struct span){name + (sizeof(name) - 1 - n), n};
	if ((unsigned char)in.p[0] < 8) /* short ones are in the seeds */
		boundary = (struct span){"XaXaXaXa", n};
	body = (struct span){in.p + 2, in.n - 2};
	one = run(a, boundary, body, 0);
	cut = run(a, boundary, body, 1u + (unsigned char)in.p[1]);
	MUST(span_eq(one, cut));
	if (multipart_parse(a, boundary, body, &parts) == RC_OK)
		MUST(memcmp(one.p + one.n - 3, "=ok", 3) == 0);
	if (multipart_boundary(a, body, &boundary) == RC_OK)
		MUST(boundary.n >= 1 && boundary.n <= LIM_BOUNDARY);
}
