/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slots of notices (notice_slot.h).  The file is a head and the parts one
 * behind the other; its lock says that its process lives, its state whether
 * the notice is still worked on.  A cut or foreign file does not fit its
 * hash and is skipped.
 */
#include "shop/notice_slot.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "io/crypt.h"

enum { SLOTS = 128, PARTS = 6, MAGIC = 0x4b534e31, HEADERS_MAX = 16384 };
enum { SLOT_FREE, SLOT_BUSY, SLOT_AGAIN };

struct slot_head {
	uint32_t magic, state;
	int64_t received;
	uint32_t len[PARTS];
	uint8_t hash[CRYPT_HASH];
};

static struct {
	int fd; /* 0: not tried yet, -1: there is none */
	bool busy, asked;
} own;

static const char *
slot_path(struct ctx *cx, unsigned k)
{
	return arena_fmt(cx->arena, "%s/notice.%03u", cx->set->spool_dir, k);
}

/* -1: not there, or another process lives on it. */
static int
slot_lock(const char *path, int flags)
{
	int fd = open(path, flags | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

static uint32_t
state_of(int fd)
{
	struct slot_head h;

	if (pread(fd, &h, sizeof(h), 0) != (ssize_t)sizeof(h) ||
	    h.magic != MAGIC)
		return SLOT_FREE;
	return h.state;
}

static void
set_state(int fd, uint32_t state)
{
	off_t at = (off_t)offsetof(struct slot_head, state);

	if (pwrite(fd, &state, sizeof(state), at) != (ssize_t)sizeof(state))
		log_event(
		    LOG_WARN, "notice_slot", LF_STR("why", strerror(errno)));
}

/* The first slot that nobody holds and that holds nothing. */
static void
take_own(struct ctx *cx)
{
	unsigned k;
	int fd;

	own.fd = -1;
	if (str_empty(cx->set->spool_dir))
		return;
	for (k = 0; k < SLOTS && own.fd < 0; k++) {
		fd = slot_lock(slot_path(cx, k), O_CREAT);
		if (fd >= 0 && state_of(fd) == SLOT_FREE)
			own.fd = fd;
		else if (fd >= 0)
			(void)close(fd);
	}
	if (own.fd < 0)
		log_event(LOG_WARN, "notice_slot_none",
		    LF_STR("dir", cx->set->spool_dir));
}

static struct span
headers_joined(struct ctx *cx, const struct notice_request *rq)
{
	struct buf b;
	size_t i;

	buf_init(&b, cx->arena, 512, HEADERS_MAX);
	for (i = 0; rq->headers != NULL && rq->headers[i] != NULL; i++) {
		buf_str(&b, rq->headers[i]);
		buf_chr(&b, '\n');
	}
	return (struct span){b.p, b.len};
}

bool
slot_first(void)
{
	bool first = !own.asked;

	own.asked = true;
	return first;
}

void
slot_begin(struct ctx *cx, const struct notice_request *rq)
{
	const struct span part[PARTS] = {span_str(rq->channel),
	    span_str(rq->order_no), span_str(rq->method), rq->query,
	    headers_joined(cx, rq), rq->body};
	struct slot_head h = {
	    .magic = MAGIC, .state = SLOT_BUSY, .received = cx->now};
	struct iovec v[2] = {{&h, sizeof(h)}};
	ssize_t all = (ssize_t)sizeof(h);
	struct buf b;
	size_t i;

	if (own.fd == 0)
		take_own(cx);
	if (own.fd < 0)
		return;
	buf_init(&b, cx->arena, 4096, LIM_BODY_NOTICE * 2);
	for (i = 0; i < PARTS; i++) {
		h.len[i] = (uint32_t)part[i].n;
		buf_add(&b, part[i].p, part[i].n);
	}
	if (b.bad)
		return;
	crypt_sha256((struct span){b.p, b.len}, h.hash);
	v[1] = (struct iovec){b.p, b.len};
	all += (ssize_t)b.len;
	if (pwritev(own.fd, v, 2, 0) != all)
		log_event(
		    LOG_WARN, "notice_slot", LF_STR("why", strerror(errno)));
	else
		own.busy = true;
}

void
slot_end(void)
{
	if (own.fd > 0 && own.busy)
		set_state(own.fd, SLOT_FREE);
	own.busy = false;
}

void
slot_close(void)
{
	if (own.fd > 0)
		(void)close(own.fd);
	memset(&own, 0, sizeof(own));
}

/* ------------------------------------------------------------ what was left */

static const char *const *
header_lines(struct ctx *cx, struct span text)
{
	const char **line =
	    ARENA_ARRAY(cx->arena, LIM_HEADERS + 1, const char *);
	struct span one;
	size_t n = 0;

	while (n < LIM_HEADERS && text.n != 0 && span_cut(&text, '\n', &one))
		line[n++] = arena_dup(cx->arena, one.p, one.n);
	line[n] = NULL;
	return line;
}

static bool
slot_read(struct ctx *cx, int fd, struct notice_request *rq)
{
	struct span part[PARTS];
	struct slot_head h;
	uint8_t hash[CRYPT_HASH];
	size_t i, all = 0;
	char *p;

	if (pread(fd, &h, sizeof(h), 0) != (ssize_t)sizeof(h))
		return false;
	for (i = 0; i < PARTS; i++) {
		if (h.len[i] > LIM_BODY_NOTICE * 2)
			return false;
		all += h.len[i];
	}
	p = arena_alloc(cx->arena, all + 1);
	if (pread(fd, p, all, (off_t)sizeof(h)) != (ssize_t)all)
		return false;
	crypt_sha256((struct span){p, all}, hash);
	if (memcmp(hash, h.hash, sizeof(hash)) != 0)
		return false;
	for (i = 0; i < PARTS; p += h.len[i++])
		part[i] = (struct span){p, h.len[i]};
	*rq = (struct notice_request){
	    .channel = arena_dup(cx->arena, part[0].p, part[0].n),
	    .order_no = part[1].n == 0
			    ? NULL
			    : arena_dup(cx->arena, part[1].p, part[1].n),
	    .method = arena_dup(cx->arena, part[2].p, part[2].n),
	    .query = part[3],
	    .headers = header_lines(cx, part[4]),
	    .body = part[5],
	    .received = h.received,
	};
	return true;
}

static bool
recover_one(struct ctx *cx, int fd, slot_fn *again, slot_fn *give_up)
{
	struct notice_request rq;
	uint32_t state = state_of(fd);

	if (state == SLOT_FREE)
		return false;
	if (slot_read(cx, fd, &rq)) {
		log_event(LOG_WARN, "notice_left",
		    LF_STR("channel", rq.channel),
		    LF_STR("again", state == SLOT_BUSY ? "yes" : "no"));
		set_state(fd, SLOT_AGAIN);
		(state == SLOT_BUSY ? again : give_up)(cx, &rq);
	}
	set_state(fd, SLOT_FREE);
	return true;
}

void
slot_recover(struct ctx *cx, slot_fn *again, slot_fn *give_up, unsigned *did)
{
	unsigned k;
	int fd;

	*did = 0;
	if (str_empty(cx->set->spool_dir))
		return;
	for (k = 0; k < SLOTS; k++) {
		const char *path = slot_path(cx, k);

		if (access(path, F_OK) != 0)
			break; /* they are taken from the first one on */
		fd = slot_lock(path, 0);
		if (fd < 0)
			continue;
		if (recover_one(cx, fd, again, give_up))
			++*did;
		(void)close(fd);
	}
}
