/* SPDX-License-Identifier: Apache-2.0 */
/*
 * multipart/form-data (RFC 7578 over RFC 2046) as a stream: bytes go in as
 * they come, in slices of any size, and the events that come out do not
 * depend on how they were cut.  Memory is bounded by one line of a part's
 * header; the parts' bytes are passed through.
 *
 * Strict where it matters: CRLF line ends, a boundary of at most 70 bytes,
 * one Content-Disposition with a name per part.  Preamble and epilogue are
 * skipped at no cost.
 */
#ifndef KS_WEB_MULTIPART_H
#define KS_WEB_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"

struct multipart;

struct part_head {
	struct span name;     /* 1..LIM_PARAM_NAME bytes */
	struct span filename; /* as sent; never a path of ours */
	struct span type;     /* Content-Type as sent, or empty */
	bool is_file;         /* there was a filename, perhaps an empty one */
};

/* Called in the order part, data*, end.  An rc other than RC_OK stops the
 * parser and is what multipart_feed() returns. */
struct multipart_sink {
	enum rc (*part)(void *arg, const struct part_head *head);
	enum rc (*data)(void *arg, struct span bytes);
	enum rc (*end)(void *arg);
	void *arg;
};

/* The boundary of "multipart/form-data; boundary=...".  RC_NOTFOUND: another
 * type.  RC_INVALID: no boundary, or none that RFC 2046 section 5.1.1
 * allows. */
MUST_CHECK enum rc multipart_boundary(
    struct arena *a, struct span content_type, struct span *out);

struct multipart *multipart_new(
    struct arena *a, struct span boundary, const struct multipart_sink *sink);
/* RC_INVALID: not multipart, more than LIM_PARTS parts, a header that is too
 * long or makes no sense.  Once it failed it keeps failing. */
MUST_CHECK enum rc multipart_feed(struct multipart *m, struct span bytes);
/* After the last byte.  RC_INVALID: the closing boundary has not come. */
MUST_CHECK enum rc multipart_end(struct multipart *m);

/* For a body that is in memory already: all parts at once, values copied into
 * a, each with a NUL behind it. */
struct multipart_part {
	struct part_head head;
	struct span bytes;
};
struct multipart_parts {
	const struct multipart_part *v;
	size_t n;
};
MUST_CHECK enum rc multipart_parse(struct arena *a, struct span boundary,
    struct span body, struct multipart_parts *out);

#endif
