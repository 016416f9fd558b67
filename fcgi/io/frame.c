/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames (frame.h).  The caller's side waits with poll() against one point in
 * time; the server's side never waits.  A connection on which anything went
 * wrong is closed: an answer that comes too late must not be taken for the
 * answer to the next question.
 */
#include "io/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/time.h"

static void
head_write(char h[FRAME_HEAD], size_t n)
{
	int i;

	for (i = 0; i < FRAME_HEAD; i++, n >>= 8)
		h[i] = (char)(unsigned char)n;
}

static size_t
head_read(const char h[FRAME_HEAD])
{
	size_t n = 0;
	int i;

	for (i = FRAME_HEAD - 1; i >= 0; i--)
		n = n << 8 | (unsigned char)h[i];
	return n;
}

/* ---- asking */

void
frame_close(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static bool
wait_for(int fd, short events, int64_t until)
{
	struct pollfd p = {.fd = fd, .events = events};
	int64_t left;
	int n;

	do {
		left = until - time_mono_us();
		if (left <= 0)
			return false;
		n = poll(&p, 1, (int)((left + US_PER_MS - 1) / US_PER_MS));
	} while (n == 0 || (n < 0 && errno == EINTR));
	return n > 0;
}

static bool
dial(int *fd, const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(at.sun_path))
		return false;
	memcpy(at.sun_path, path, strlen(path));
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd < 0)
		return false;
	/* a UNIX socket connects at once, or its queue is full */
	if (connect(*fd, (const struct sockaddr *)&at, sizeof(at)) == 0)
		return true;
	frame_close(fd);
	return false;
}

/* False: not all of it went, so it is no frame over there. */
static bool
hand_over(int fd, const char *p, size_t n, int64_t until)
{
	ssize_t put;

	while (n > 0) {
		put = send(fd, p, n, MSG_NOSIGNAL);
		if (put > 0) {
			p += put;
			n -= (size_t)put;
			continue;
		}
		if ((put < 0 && errno != EAGAIN && errno != EINTR) ||
		    !wait_for(fd, POLLOUT, until))
			return false;
	}
	return true;
}

/* n bytes to the last. */
static enum rc
fetch(int fd, char *p, size_t n, int64_t until)
{
	ssize_t got;

	while (n > 0) {
		got = recv(fd, p, n, 0);
		if (got > 0) {
			p += got;
			n -= (size_t)got;
		} else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
			return RC_FAIL;
		} else if (!wait_for(fd, POLLIN, until)) {
			return RC_BUSY;
		}
	}
	return RC_OK;
}

/* A connection that was good last time may be dead: one new one is tried,
 * and only while nobody can have the question. */
static enum rc
send_question(int *fd, const char *path, struct span q, int64_t until)
{
	char frame[FRAME_HEAD + FRAME_MAX];
	bool kept = *fd >= 0;

	if (q.n == 0 || q.n > FRAME_MAX)
		return RC_NOTFOUND;
	head_write(frame, q.n);
	memcpy(frame + FRAME_HEAD, q.p, q.n);
	for (;;) {
		if (*fd < 0 && !dial(fd, path))
			return RC_NOTFOUND;
		if (hand_over(*fd, frame, FRAME_HEAD + q.n, until))
			return RC_OK;
		frame_close(fd);
		if (!kept)
			return RC_NOTFOUND;
		kept = false;
	}
}

enum rc
frame_ask(int *fd, const char *path, struct span question, int64_t until,
    char answer[FRAME_ANSWER_MAX], size_t *got)
{
	char head[FRAME_HEAD];
	enum rc rc = send_question(fd, path, question, until);

	if (rc != RC_OK)
		return rc;
	rc = fetch(*fd, head, sizeof(head), until);
	if (rc == RC_OK) {
		*got = head_read(head);
		rc = *got > FRAME_ANSWER_MAX ? RC_FAIL
					     : fetch(*fd, answer, *got, until);
	}
	if (rc != RC_OK)
		frame_close(fd);
	return rc;
}

/* ---- being asked */

enum rc
frame_accept(struct frame_conn *c, struct arena *keep, int listen_fd)
{
	int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	BUG_ON(c->fd >= 0);
	if (fd < 0)
		return RC_NOTFOUND;
	if (c->p == NULL)
		c->p = arena_alloc(keep, FRAME_HEAD + FRAME_MAX);
	c->fd = fd;
	c->n = 0;
	c->ready = 0;
	return RC_OK;
}

void
frame_hang_up(struct frame_conn *c)
{
	frame_close(&c->fd);
	c->n = c->ready = 0;
}

enum rc
frame_take(struct frame_conn *c)
{
	size_t want = FRAME_HEAD, size = 0;
	ssize_t got;

	BUG_ON(c->ready != 0);
	for (;;) {
		if (c->n >= FRAME_HEAD) {
			size = head_read(c->p);
			if (size == 0 || size > FRAME_MAX)
				break;
			want = FRAME_HEAD + size;
		}
		if (c->n == want) {
			c->ready = (unsigned)size;
			return RC_OK;
		}
		got = recv(c->fd, c->p + c->n, want - c->n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return RC_NOTFOUND;
		if (got <= 0)
			break;
		c->n += (size_t)got;
	}
	frame_hang_up(c);
	return RC_FAIL;
}

struct span
frame_question(const struct frame_conn *c)
{
	return (struct span){c->p + FRAME_HEAD, c->ready};
}

void
frame_answer(struct frame_conn *c, struct span answer)
{
	char frame[FRAME_HEAD + FRAME_ANSWER_MAX];
	size_t n = FRAME_HEAD + answer.n;

	BUG_ON(answer.n > FRAME_ANSWER_MAX);
	c->ready = 0;
	c->n = 0;
	head_write(frame, answer.n);
	memcpy(frame + FRAME_HEAD, answer.p, answer.n);
	if (send(c->fd, frame, n, MSG_NOSIGNAL) != (ssize_t)n)
		frame_hang_up(c);
}
