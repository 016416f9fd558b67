/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FastCGI by libfcgi, with accept() in our own hands.
 *
 * libfcgi's accept cannot be woken without a race (F7), waits up to two
 * seconds for peers that send nothing (F5), lets us do nothing between the
 * connection and its first byte (F4), and blocks on a kept connection while
 * others wait (F6).  So we wait and accept here, and give the library a
 * connection as if it had kept it from the request before: ipcFd and
 * keepConnection of FCGX_Request, which have meant this since 2.4.0.  Its
 * listening socket is -1, so it can never accept by itself: when a connection
 * comes to nothing, it returns to us.
 *
 * Waiting is epoll_pwait() on three descriptors: the listening socket, the
 * master's pipe, and an eventfd that fcgi_stop() writes.  SIGTERM, SIGINT and
 * SIGHUP are blocked except in there, so a signal is neither lost before the
 * wait nor breaks a read or write in the middle of a request.
 *
 * Many workers share the socket.  EPOLLEXCLUSIVE makes the kernel wake one or
 * a few of them for a connection, not all; the socket is non-blocking, so who
 * comes too late goes back to wait.  No lock is needed.
 */
#include "io/fcgi.h"

#include "base/bug.h"
#include "base/log.h"
#include "base/num.h"
#include "io/fcgi_out.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <fcgiapp.h>

#undef setenv /* the library takes its time-outs from nowhere else */

enum {
	IO_TIMEOUT_S = 10, /* one read or write of a peer that stalls */
	PAUSE_MS = 100     /* without descriptors: do not spin */
};

struct fcgi {
	FCGX_Request req;
	int listen_fd, epoll_fd;
	sigset_t waiting; /* the signals' mask inside of the wait */
	void (*connected)(void *arg, bool taken);
	void *connected_arg;
	uint64_t body_read;
	bool local;    /* the connection is a UNIX socket */
	bool answered; /* by us, to its end */
};

/* Written by signal handlers, so it is global; -1 until fcgi_open(). */
static volatile sig_atomic_t stop_fd = -1;

void
fcgi_stop(void)
{
	static const uint64_t one = 1;
	int saved = errno, fd = stop_fd;

	if (fd >= 0 && write(fd, &one, sizeof(one)) < 0) {
		/* full: it is readable already */
	}
	errno = saved;
}

/* The library reads these once, in FCGX_Init(): how long it waits for the
 * peer's end of file when a request is closed that was not read to its end. */
static void
library_init(void)
{
	if (setenv("LIBFCGI_IS_AF_UNIX_KEEPER_POLL_TIMEOUT", "50", 1) != 0 ||
	    setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "50", 1) != 0)
		no_memory(64);
	BUG_ON(FCGX_Init() != 0);
}

static bool
epoll_add(struct fcgi *f, int fd, uint32_t events)
{
	struct epoll_event e = {.events = events, .data = {.fd = fd}};

	return epoll_ctl(f->epoll_fd, EPOLL_CTL_ADD, fd, &e) == 0;
}

static bool
is_listening(int fd)
{
	socklen_t n = sizeof(int);
	int on = 0;

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &n) == 0 && on;
}

static void
block_stop_signals(struct fcgi *f)
{
	sigset_t stop;

	(void)sigemptyset(&stop);
	(void)sigaddset(&stop, SIGTERM);
	(void)sigaddset(&stop, SIGINT);
	(void)sigaddset(&stop, SIGHUP);
	BUG_ON(sigprocmask(SIG_BLOCK, &stop, &f->waiting) != 0);
}

enum rc
fcgi_open(struct arena *keep, int fd, struct fcgi **out)
{
	struct fcgi *f = ARENA_NEW(keep, struct fcgi);
	int flags = fcntl(fd, F_GETFL), stop;

	if (flags < 0 || !is_listening(fd) ||
	    fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) {
		log_event(LOG_ERROR, "fcgi_no_socket", LF_INT("fd", fd));
		return RC_FAIL;
	}
	library_init();
	if (FCGX_InitRequest(&f->req, -1, 0) != 0)
		return RC_FAIL;
	f->listen_fd = fd;
	f->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (f->epoll_fd < 0 || stop < 0 || !epoll_add(f, stop, EPOLLIN) ||
	    !epoll_add(f, fd, EPOLLIN | EPOLLEXCLUSIVE)) {
		log_event(LOG_ERROR, "fcgi_no_epoll",
		    LF_STR("error", strerror(errno)));
		return RC_FAIL;
	}
	if (stop_fd >= 0)
		(void)close(stop_fd);
	stop_fd = stop;
	block_stop_signals(f);
	*out = f;
	return RC_OK;
}

void
fcgi_watch(struct fcgi *f, int fd)
{
	/* A hang-up is reported without being asked for; bytes are not ours. */
	if (!epoll_add(f, fd, 0))
		BUG("cannot watch the master's pipe");
}

void
fcgi_on_connect(struct fcgi *f, void (*fn)(void *arg, bool taken), void *arg)
{
	f->connected = fn;
	f->connected_arg = arg;
}

static void
tell(struct fcgi *f, bool taken)
{
	if (f->connected != NULL)
		f->connected(f->connected_arg, taken);
}

/* ---- waiting */

/* RC_OK: somebody may be there.  RC_NOTFOUND: it is time to stop. */
static enum rc
wait_for_peer(struct fcgi *f)
{
	struct epoll_event e[3];
	bool peer = false;
	int i, n;

	while (!peer) {
		n = epoll_pwait(f->epoll_fd, e, 3, -1, &f->waiting);
		if (n < 0 && errno != EINTR) {
			log_event(LOG_ERROR, "fcgi_wait",
			    LF_STR("error", strerror(errno)));
			return RC_NOTFOUND;
		}
		for (i = 0; i < n; i++) {
			if (e[i].data.fd != f->listen_fd)
				return RC_NOTFOUND;
			if ((e[i].events & (EPOLLERR | EPOLLHUP)) != 0)
				return RC_NOTFOUND;
			peer = true;
		}
	}
	return RC_OK;
}

/* Has the wait nothing to do with us, but with the machine? */
static bool
is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS ||
	       error == ENOMEM;
}

/* -1: somebody else took it, or it is gone again.  -2: the socket is. */
static int
take(struct fcgi *f)
{
	struct timeval limit = {IO_TIMEOUT_S, 0};
	struct sockaddr_storage peer = {0};
	socklen_t n = sizeof(peer);
	int fd;

	fd = accept4(f->listen_fd, (struct sockaddr *)&peer, &n, SOCK_CLOEXEC);
	if (fd < 0) {
		if (is_shortage(errno)) {
			log_event(LOG_ERROR, "fcgi_accept",
			    LF_STR("error", strerror(errno)));
			(void)poll(NULL, 0, PAUSE_MS);
			return -1;
		}
		return errno == EBADF || errno == EINVAL || errno == ENOTSOCK
			   ? -2
			   : -1;
	}
	f->local = peer.ss_family == AF_UNIX;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	return fd;
}

/* Reads the request's head.  When the peer breaks off between two parameters
 * the library takes those that came for all of them and reports success; only
 * the stream's error tells. */
static bool
read_head(struct fcgi *f, int fd)
{
	f->req.ipcFd = fd;
	f->req.keepConnection = 1;
	if (FCGX_Accept_r(&f->req) != 0)
		return false; /* closed by the library */
	/* Whatever the peer asked for: one request a connection (F6). */
	f->req.keepConnection = 0;
	f->body_read = 0;
	f->answered = false;
	if (FCGX_GetError(f->req.in) == 0)
		return true;
	(void)FCGX_Detach(&f->req);
	FCGX_Free(&f->req, 1);
	f->req.envp = NULL;
	return false;
}

enum rc
fcgi_accept(struct fcgi *f)
{
	int fd;

	for (;;) {
		if (wait_for_peer(f) != RC_OK)
			return RC_NOTFOUND;
		fd = take(f);
		if (fd == -2)
			return RC_NOTFOUND;
		if (fd < 0)
			continue;
		tell(f, true);
		if (read_head(f, fd))
			return RC_OK;
		tell(f, false);
	}
}

/* ---- the request */

const char *
fcgi_param(struct fcgi *f, const char *name)
{
	const char *value;

	if (f->req.envp == NULL)
		return "";
	value = FCGX_GetParam(name, f->req.envp);
	return value == NULL ? "" : value;
}

char *const *
fcgi_params(struct fcgi *f)
{
	static char *const none[] = {NULL};

	return f->req.envp == NULL ? none : f->req.envp;
}

size_t
fcgi_read(struct fcgi *f, void *p, size_t n)
{
	int got;

	if (f->req.in == NULL || n == 0)
		return 0;
	got = FCGX_GetStr(p, n > INT_MAX ? INT_MAX : (int)n, f->req.in);
	if (got <= 0)
		return 0;
	f->body_read += (uint64_t)got;
	return (size_t)got;
}

enum rc
fcgi_answer(struct fcgi *f, struct span head, struct span body)
{
	if (f->req.in == NULL || f->answered)
		return RC_FAIL;
	f->answered = true;
	return fcgi_out(f->req.ipcFd, (unsigned)f->req.requestId, head, body);
}

enum rc
fcgi_part(struct fcgi *f, struct span bytes)
{
	if (f->req.in == NULL || f->answered)
		return RC_FAIL;
	return fcgi_out_part(f->req.ipcFd, (unsigned)f->req.requestId, bytes);
}

/* Was the body read to its end?  Where all announced bytes are, only the
 * empty record that ends the stream can be left, and it is here already. */
static bool
read_to_end(struct fcgi *f)
{
	uint64_t length = 0;

	if (FCGX_HasSeenEOF(f->req.in) == 0) {
		if (num_u64(span_str(fcgi_param(f, "CONTENT_LENGTH")),
			UINT64_MAX, &length) == RC_OK &&
		    f->body_read < length)
			return false;
		(void)FCGX_GetChar(f->req.in);
	}
	return FCGX_HasSeenEOF(f->req.in) != 0 && FCGX_GetError(f->req.in) == 0;
}

/* The library ends a connection by waiting for the peer to close its side, so
 * that a TCP peer still sending is not answered with a reset.  On a UNIX
 * socket with nothing left unread the answer arrives in any case: close at
 * once and be free for the next. */
void
fcgi_finish(struct fcgi *f)
{
	if (f->req.in == NULL)
		return;
	if (f->local && read_to_end(f))
		(void)FCGX_Detach(&f->req);
	/* an answer said that the request is over; the library must not */
	if (f->answered)
		FCGX_Free(&f->req, 1);
	else
		FCGX_Finish_r(&f->req);
	f->req.envp = NULL;
}
