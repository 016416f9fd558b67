/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A state machine fed with slices.
 *
 * A delimiter is CRLF "--" boundary, and the first one may lack the CRLF: the
 * machine starts as if it had just seen one.  Its CR is the only one in it (a
 * boundary has none), so when a match breaks, a new one can begin at the
 * breaking byte and nowhere before: what was matched is known, no slice has to
 * be kept.  That is why the result does not depend on how the input was cut,
 * and why no input makes it slow.
 *
 * Nothing outlives the call in static storage.
 */
#include "web/multipart.h"

#include <string.h>

#include "base/bug.h"
#include "base/limits.h"
#include "web/part_head.h"

enum { DELIM_EXTRA = 4 }; /* CR LF - - */

enum state {
	PREAMBLE,
	AFTER_DELIM, /* CRLF: a part; "--": the end */
	CLOSING,     /* one '-' seen */
	PADDING,     /* blanks before that CRLF */
	DELIM_LF,
	HEAD_LINE,
	HEAD_LF,
	BODY,
	EPILOGUE,
	BROKEN
};

struct multipart {
	struct arena *arena;
	struct multipart_sink sink;
	enum state state;
	enum rc rc; /* why it is BROKEN */
	char delim[LIM_BOUNDARY + DELIM_EXTRA];
	size_t n_delim, matched;
	unsigned parts;
	struct part_reader head;
	char line[LIM_PART_LINE];
	size_t n_line;
};

struct multipart *
multipart_new(
    struct arena *a, struct span boundary, const struct multipart_sink *sink)
{
	struct multipart *m = ARENA_NEW(a, struct multipart);

	BUG_ON(boundary.n == 0 || boundary.n > LIM_BOUNDARY);
	BUG_ON(memchr(boundary.p, '\r', boundary.n) != NULL);
	m->arena = a;
	m->sink = *sink;
	memcpy(m->delim, "\r\n--", DELIM_EXTRA);
	memcpy(m->delim + DELIM_EXTRA, boundary.p, boundary.n);
	m->n_delim = boundary.n + DELIM_EXTRA;
	m->matched = 2; /* as after a CRLF */
	return m;
}

static enum rc
emit(struct multipart *m, const char *p, size_t n)
{
	if (m->state != BODY || n == 0)
		return RC_OK;
	return m->sink.data(m->sink.arg, (struct span){p, n});
}

/* Takes bytes up to and with the next delimiter.  matched says how much of
 * a delimiter the last bytes were; those are not emitted yet. */
static enum rc
take_content(struct multipart *m, struct span *in)
{
	const char *p = in->p, *end = in->p + in->n, *cr;
	enum rc rc;

	while (p != end) {
		if (m->matched == 0) {
			cr = memchr(p, '\r', (size_t)(end - p));
			if (cr == NULL)
				cr = end;
			if ((rc = emit(m, p, (size_t)(cr - p))) != RC_OK)
				return rc;
			p = cr;
			if (p == end)
				break;
		}
		if (*p == m->delim[m->matched]) {
			p++;
			if (++m->matched == m->n_delim)
				break;
			continue;
		}
		rc = emit(m, m->delim, m->matched);
		if (rc != RC_OK)
			return rc;
		m->matched = 0; /* this byte is looked at again */
	}
	in->n -= (size_t)(p - in->p);
	in->p = p;
	if (m->matched < m->n_delim)
		return RC_OK;
	m->matched = 0;
	rc = m->state == BODY ? m->sink.end(m->sink.arg) : RC_OK;
	m->state = AFTER_DELIM;
	return rc;
}

/* The line without its CRLF.  An empty one ends the head. */
static enum rc
take_head_line(struct multipart *m)
{
	struct span line = {m->line, m->n_line};
	enum rc rc;

	m->n_line = 0;
	m->state = HEAD_LINE;
	if (line.n != 0)
		return part_head_line(&m->head, m->arena, line);
	if ((rc = part_head_done(&m->head)) != RC_OK)
		return rc;
	m->state = BODY;
	return m->sink.part(m->sink.arg, &m->head.head);
}

static enum rc
begin_part(struct multipart *m)
{
	if (m->parts++ == LIM_PARTS)
		return RC_INVALID;
	m->head = (struct part_reader){0};
	m->state = HEAD_LINE;
	return RC_OK;
}

/* One byte outside of contents. */
static enum rc
take_byte(struct multipart *m, char c)
{
	switch (m->state) {
	case AFTER_DELIM:
		if (c == '-') {
			m->state = CLOSING;
			return RC_OK;
		}
		m->state = PADDING;
		/* fallthrough */
	case PADDING:
		if (c == '\r')
			m->state = DELIM_LF;
		return c == '\r' || c == ' ' || c == '\t' ? RC_OK : RC_INVALID;
	case CLOSING:
		m->state = EPILOGUE;
		return c == '-' ? RC_OK : RC_INVALID;
	case DELIM_LF:
		return c == '\n' ? begin_part(m) : RC_INVALID;
	case HEAD_LINE:
		if (c == '\r') {
			m->state = HEAD_LF;
			return RC_OK;
		}
		if (c == '\n' || m->n_line == sizeof(m->line))
			return RC_INVALID;
		m->line[m->n_line++] = c;
		return RC_OK;
	case HEAD_LF:
		return c == '\n' ? take_head_line(m) : RC_INVALID;
	case PREAMBLE:
	case BODY:
	case EPILOGUE:
	case BROKEN:
		break;
	}
	BUG("multipart state");
}

enum rc
multipart_feed(struct multipart *m, struct span in)
{
	enum rc rc = RC_OK;

	if (m->state == BROKEN)
		return m->rc;
	while (in.n != 0 && rc == RC_OK && m->state != EPILOGUE) {
		if (m->state == PREAMBLE || m->state == BODY) {
			rc = take_content(m, &in);
			continue;
		}
		rc = take_byte(m, *in.p);
		in.p++;
		in.n--;
	}
	if (rc != RC_OK) {
		m->state = BROKEN;
		m->rc = rc;
	}
	return rc;
}

enum rc
multipart_end(struct multipart *m)
{
	if (m->state == BROKEN)
		return m->rc;
	return m->state == EPILOGUE ? RC_OK : RC_INVALID;
}

/* ---- all at once */

/* The parts' bytes lie behind each other in one block: together they are
 * shorter than the body, and each gets a NUL. */
struct collector {
	struct multipart_part *v;
	size_t n;
	char *next;
};

static enum rc
collect_part(void *arg, const struct part_head *head)
{
	struct collector *c = arg;

	c->v[c->n].head = *head;
	c->v[c->n].bytes = (struct span){c->next, 0};
	return RC_OK;
}

static enum rc
collect_data(void *arg, struct span bytes)
{
	struct collector *c = arg;

	memcpy(c->next, bytes.p, bytes.n);
	c->next += bytes.n;
	c->v[c->n].bytes.n += bytes.n;
	return RC_OK;
}

static enum rc
collect_end(void *arg)
{
	struct collector *c = arg;

	*c->next++ = '\0';
	c->n++;
	return RC_OK;
}

enum rc
multipart_parse(struct arena *a, struct span boundary, struct span body,
    struct multipart_parts *out)
{
	struct collector c = {0};
	const struct multipart_sink sink = {
	    collect_part, collect_data, collect_end, &c};
	struct multipart *m = multipart_new(a, boundary, &sink);
	enum rc rc;

	c.v = ARENA_ARRAY(a, LIM_PARTS, struct multipart_part);
	c.next = arena_alloc(a, body.n + LIM_PARTS);
	if ((rc = multipart_feed(m, body)) != RC_OK ||
	    (rc = multipart_end(m)) != RC_OK)
		return rc;
	out->v = c.v;
	out->n = c.n;
	return RC_OK;
}
