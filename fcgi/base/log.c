/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One JSON object a line, built on the stack, written with one write(2) of at
 * most PIPE_BUF bytes: lines of several workers never mix, and logging works
 * when there is no memory left.
 *
 * The tricky part is cutting: a text field gets at most what is left minus
 * the room for the fields' end, and is never cut inside a UTF-8 sequence or an
 * escape, so that a cut line is still valid JSON.  Bytes that are not UTF-8
 * become U+FFFD.
 */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "base/utf8.h"

enum { LINE = PIPE_BUF, TAIL = 16, PATH = 1024 };

struct line {
	char p[LINE];
	size_t len;
	bool cut;
};

static struct {
	int fd;
	enum log_level min;
	char path[PATH];
	const char *request, *program;
} log_state = {STDERR_FILENO, LOG_INFO, "", NULL, NULL};

static enum rc
open_path(const char *path, int *fd)
{
	*fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
	return *fd < 0 ? RC_FAIL : RC_OK;
}

enum rc
log_open(const char *file, enum log_level min)
{
	int fd = STDERR_FILENO;
	size_t n = file != NULL ? strlen(file) : 0;

	if (n >= sizeof(log_state.path))
		return RC_INVALID;
	if (n != 0 && open_path(file, &fd) != RC_OK)
		return RC_FAIL;
	if (log_state.fd != STDERR_FILENO)
		close(log_state.fd);
	memcpy(log_state.path, n != 0 ? file : "", n + 1);
	log_state.fd = fd;
	log_state.min = min;
	return RC_OK;
}

void
log_reopen(void)
{
	int fd;

	if (log_state.path[0] == '\0' ||
	    open_path(log_state.path, &fd) != RC_OK)
		return;
	close(log_state.fd);
	log_state.fd = fd;
}

void
log_request(const char *id)
{
	log_state.request = id;
}

void
log_program(const char *name)
{
	log_state.program = name;
}

/* TAIL bytes stay free for closing the line: a text's quote, the end. */
static size_t
left(const struct line *l)
{
	return l->len < LINE - TAIL ? LINE - TAIL - l->len : 0;
}

/* All or nothing. */
static bool
put(struct line *l, const char *s, size_t n)
{
	if (n > left(l)) {
		l->cut = true;
		return false;
	}
	memcpy(l->p + l->len, s, n);
	l->len += n;
	return true;
}

/* One code point as JSON; cp < 0 is a byte that is not UTF-8. */
static bool
put_char(struct line *l, int32_t cp)
{
	char text[8];
	size_t n;

	if (cp == '"' || cp == '\\') {
		text[0] = '\\';
		text[1] = (char)cp;
		n = 2;
	} else if (cp >= 0 && (cp < 0x20 || cp == 0x7f)) {
		n = (size_t)snprintf(
		    text, sizeof(text), "\\u%04x", (unsigned)cp);
	} else {
		n = utf8_put(cp < 0 ? 0xfffd : (uint32_t)cp, text);
	}
	return put(l, text, n);
}

static void
put_text(struct line *l, struct span s)
{
	if (!put(l, "\"", 1))
		return;
	while (s.n != 0 && put_char(l, utf8_any(&s)))
		;
	/* the room for this one is part of TAIL */
	l->p[l->len++] = '"';
}

/* Names and numbers stand or fall together: ,"name":value */
static void
put_field(struct line *l, const struct log_field *f)
{
	char text[96];
	int n = 0;

	if (l->cut)
		return;
	switch (f->kind) {
	case LOG_K_STR:
		n = snprintf(text, sizeof(text), ",\"%s\":", f->name);
		break;
	case LOG_K_INT:
		n = snprintf(text, sizeof(text), ",\"%s\":%lld", f->name,
		    (long long)f->i);
		break;
	case LOG_K_U64:
		n = snprintf(text, sizeof(text), ",\"%s\":%llu", f->name,
		    (unsigned long long)f->u);
		break;
	case LOG_K_END:
		return;
	}
	if (n < 0 || (size_t)n >= sizeof(text) || left(l) < (size_t)n + 2) {
		l->cut = true;
		return;
	}
	put(l, text, (size_t)n);
	if (f->kind == LOG_K_STR)
		put_text(l, f->s);
}

static void
put_head(struct line *l, enum log_level lvl, const char *event)
{
	static const char *const name[LOG_LEVEL__N] = {
	    "debug", "info", "warn", "error"};
	char t[28];
	struct log_field head[] = {
	    LF_STR("lvl", name[lvl]),
	    LF_STR("ev", event),
	    LF_STR("prog", log_state.program),
	    LF_INT("pid", getpid()),
	    LF_STR("req", log_state.request),
	};
	size_t i;

	time_line(time_now_us(), t);
	put(l, "{\"t\":\"", 6);
	put(l, t, 27);
	put(l, "\"", 1);
	for (i = 0; i < sizeof(head) / sizeof(head[0]); i++)
		if (head[i].kind != LOG_K_STR || head[i].s.p != NULL)
			put_field(l, &head[i]);
}

void
log_write(enum log_level lvl, const char *event, const struct log_field *fields)
{
	int saved = errno;
	struct line l;
	ssize_t n;

	if (lvl < log_state.min)
		return;
	l.len = 0;
	l.cut = false;
	put_head(&l, lvl, event);
	for (; fields->kind != LOG_K_END; fields++)
		if (fields->kind != LOG_K_STR || fields->s.p != NULL)
			put_field(&l, fields);
	memcpy(l.p + l.len, l.cut ? ",\"cut\":1}\n" : "}\n", l.cut ? 10 : 2);
	l.len += l.cut ? 10 : 2;
	do
		n = write(log_state.fd, l.p, l.len);
	while (n < 0 && errno == EINTR);
	/* a full disk must not stop the shop: what cannot be logged is lost */
	errno = saved;
}
