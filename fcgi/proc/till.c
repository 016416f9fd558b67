/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The till (till.h).  One loop: wait for questions, take all that are there,
 * run them as one batch of claims and one of settlements, answer each caller.
 *
 * It keeps nothing between batches but connections.  Killed at any point it
 * leaves each claim committed, and then its caller finds it by its form key,
 * or not made; the caller does what is right about it (shop/till.c).
 */
#include "proc/till.h"

#include "base/bug.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/time.h"
#include "io/fcgi.h"
#include "io/frame.h"
#include "shop/till.h"
#include "shop/till_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

enum {
	CALLERS = 512,     /* connections; a worker has one */
	FDS = CALLERS + 2, /* the listening one, the master's */
	BACKLOG = 512,
	SOCKET_MODE = 0600,
	NS_A_US = 1000
};

static volatile sig_atomic_t stopping;

struct asked { /* what came in, and who waits for the answer */
	struct frame_conn *conn;
	struct span question;
};

struct server {
	struct till *till;
	struct ctx cx;
	struct frame_conn conn[CALLERS];
	struct pollfd poll[FDS];
	size_t n;    /* slots ever used */
	size_t turn; /* where the next batch begins to look */
	size_t last; /* questions that the last batches answered */
};

/* ------------------------------------------------------------ the master's */

void
till_open(struct program *p, int *fd)
{
	const char *path = till_path(p->keep, p->set), *why = "";

	*fd = -1;
	if (*path == '\0')
		return;
	if (fcgi_listen(path, SOCKET_MODE, BACKLOG, NULL, fd, &why) != RC_OK) {
		log_event(LOG_WARN, "till_socket", LF_STR("path", path),
		    LF_STR("why", why));
		*fd = -1;
	} else {
		BUG_ON(fcntl(*fd, F_SETFL, O_NONBLOCK) != 0);
	}
}

/* ------------------------------------------------------------ callers */

static void
on_stop(int sig)
{
	(void)sig;
	stopping = 1;
}

/* Signals come in only while ppoll() waits, so none is missed. */
static void
take_signals(sigset_t *while_waiting)
{
	struct sigaction stop = {.sa_handler = on_stop};
	struct sigaction none = {.sa_handler = SIG_IGN};
	sigset_t block;

	sigfillset(&stop.sa_mask);
	sigemptyset(&none.sa_mask);
	BUG_ON(sigaction(SIGTERM, &stop, NULL) != 0);
	BUG_ON(sigaction(SIGINT, &stop, NULL) != 0);
	BUG_ON(sigaction(SIGHUP, &stop, NULL) != 0);
	BUG_ON(sigaction(SIGPIPE, &none, NULL) != 0);
	sigemptyset(while_waiting);
	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGHUP);
	BUG_ON(sigprocmask(SIG_SETMASK, &block, NULL) != 0);
}

static struct frame_conn *
free_slot(struct server *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->conn[i].fd < 0)
			return &s->conn[i];
	if (s->n == CALLERS)
		return NULL;
	s->conn[s->n].fd = -1;
	return &s->conn[s->n++];
}

/* More callers than slots wait in the socket's queue. */
static void
accept_all(struct server *s)
{
	struct frame_conn *c;

	while ((c = free_slot(s)) != NULL &&
	       frame_accept(c, s->till->program->keep, s->till->listen_fd) ==
		   RC_OK)
		;
}

/* What has come in by now, without waiting. */
static size_t
take_all(struct server *s)
{
	size_t i, ready = 0;

	for (i = 0; i < s->n; i++) {
		if (s->conn[i].fd < 0)
			continue;
		if (s->conn[i].ready != 0 || frame_take(&s->conn[i]) == RC_OK)
			ready++;
	}
	return ready;
}

static void
refuse(struct server *s, struct frame_conn *c)
{
	struct buf b;

	buf_init(&b, s->cx.arena, 16, FRAME_ANSWER_MAX);
	till_put_refusal(&b);
	frame_answer(c, (struct span){b.p, b.len});
}

/* The questions of one kind that wait, oldest connection first, from another
 * one each time; those that came too late are turned away. */
static size_t
gather(struct server *s, enum till_kind kind, struct asked *out, size_t max)
{
	int64_t now = time_mono_us(), until;
	enum till_kind k;
	size_t i, n = 0;

	for (i = 0; i < s->n && n < max; i++) {
		struct frame_conn *c = &s->conn[(s->turn + i) % s->n];

		if (c->fd < 0 || c->ready == 0)
			continue;
		if (till_look(frame_question(c), &k, &until) != RC_OK)
			frame_hang_up(c);
		else if (now > until)
			refuse(s, c);
		else if (k == kind)
			out[n++] = (struct asked){c, frame_question(c)};
	}
	return n;
}

/* ------------------------------------------------------------ batches */

static void
answer(struct server *s, struct frame_conn *c, const struct buf *b)
{
	(void)s;
	BUG_ON(b->bad);
	frame_answer(c, (struct span){b->p, b->len});
}

static void
run_claims(struct server *s, const struct asked *in, size_t n)
{
	struct ctx *cx = &s->cx;
	struct claim *c = ARENA_ARRAY(cx->arena, n, struct claim);
	struct frame_conn **who =
	    ARENA_ARRAY(cx->arena, n, struct frame_conn *);
	size_t i, m = 0;
	struct buf b;

	for (i = 0; i < n; i++) {
		if (till_get_claim(cx->arena, in[i].question, &c[m]) != RC_OK)
			frame_hang_up(in[i].conn);
		else
			who[m++] = in[i].conn;
	}
	if (m == 0)
		return;
	cx->actor = ACTOR_BUYER;
	if (claim_batch(cx, c, m) != RC_OK) {
		/* no ids to be had: nothing was begun */
		for (i = 0; i < m; i++)
			refuse(s, who[i]);
		return;
	}
	for (i = 0; i < m; i++) {
		buf_init(&b, cx->arena, 512, FRAME_ANSWER_MAX);
		till_put_claimed(&b, &c[i], ctx_position(cx));
		answer(s, who[i], &b);
	}
}

static void
run_paid(struct server *s, const struct asked *in, size_t n)
{
	struct ctx *cx = &s->cx;
	struct paid *p = ARENA_ARRAY(cx->arena, n, struct paid);
	struct frame_conn **who =
	    ARENA_ARRAY(cx->arena, n, struct frame_conn *);
	size_t i, m = 0;
	struct buf b;

	for (i = 0; i < n; i++) {
		if (till_get_paid(cx->arena, in[i].question, &p[m]) != RC_OK)
			frame_hang_up(in[i].conn);
		else
			who[m++] = in[i].conn;
	}
	if (m == 0)
		return;
	cx->actor = ACTOR_GATEWAY;
	if (settle_batch(cx, p, m) != RC_OK) {
		for (i = 0; i < m; i++)
			refuse(s, who[i]);
		return;
	}
	for (i = 0; i < m; i++) {
		buf_init(&b, cx->arena, 512, FRAME_ANSWER_MAX);
		till_put_settled(&b, &p[i], ctx_position(cx));
		answer(s, who[i], &b);
	}
}

/* One unit of work, like a request: with its own time and memory. */
static void
batch(struct server *s, enum till_kind kind)
{
	const struct settings *set = s->till->program->set;
	size_t max = (size_t)set->till_batch, n;
	struct ctx *cx = &s->cx;
	struct asked *in;

	ctx_begin(cx, NULL);
	cx->deadline = time_mono_us() + set->request_deadline_ms * US_PER_MS;
	bug_context(cx->request_id, "till");
	in = ARENA_ARRAY(cx->arena, max, struct asked);
	n = gather(s, kind, in, max);
	if (n > 0 && kind == TILL_CLAIM)
		run_claims(s, in, n);
	else if (n > 0)
		run_paid(s, in, n);
	ctx_end(cx);
}

static void
busy(struct server *s, bool on)
{
	if (s->till->slot != NULL)
		atomic_store(
		    &s->till->slot->busy_since, on ? time_mono_us() : 0);
}

/* Callers of what is not ready yet, and new ones; the answer is ppoll()'s. */
static int
poll_callers(struct server *s, const struct timespec *most, const sigset_t *m)
{
	size_t i, n = 2;

	s->poll[0] = (struct pollfd){s->till->listen_fd, POLLIN, 0};
	s->poll[1] = (struct pollfd){s->till->master_fd, 0, 0};
	for (i = 0; i < s->n; i++)
		if (s->conn[i].fd >= 0 && s->conn[i].ready == 0)
			s->poll[n++] =
			    (struct pollfd){s->conn[i].fd, POLLIN, 0};
	return ppoll(s->poll, n, most, m);
}

/* In a rush the callers of one batch come back one a little after the other.
 * Beginning with the first would commit it alone while the others wait for
 * that: every second batch would be one of one. */
static void
let_gather(struct server *s, size_t ready)
{
	int64_t left,
	    until = time_mono_us() + s->till->program->set->till_gather_us;
	struct timespec most = {0};

	while (!stopping && ready < s->last &&
	       (left = until - time_mono_us()) > 0) {
		most.tv_nsec = (long)(left * NS_A_US);
		if (poll_callers(s, &most, NULL) <= 0)
			break;
		accept_all(s);
		ready = take_all(s);
	}
	s->last = ready;
}

/* All that waits, batch by batch: the master's watch looks at each. */
static void
serve(struct server *s)
{
	size_t ready;

	while (!stopping && (ready = take_all(s)) > 0) {
		let_gather(s, ready);
		busy(s, true);
		batch(s, TILL_CLAIM);
		busy(s, true);
		batch(s, TILL_PAID);
		busy(s, false);
		s->turn++;
		accept_all(s);
	}
}

/* False: the master is gone. */
static bool
wait_for_callers(struct server *s, const sigset_t *mask)
{
	if (poll_callers(s, NULL, mask) < 0) {
		BUG_ON(errno != EINTR);
		return true;
	}
	return (s->poll[1].revents & (POLLHUP | POLLERR)) == 0;
}

int
till_run(struct till *t)
{
	struct server *s = ARENA_NEW(t->program->keep, struct server);
	sigset_t mask;
	size_t i;

	s->till = t;
	take_signals(&mask);
	program_ctx(t->program, &s->cx);
	metric_set(METRIC_breaker_state, "till", 0);
	log_event(LOG_INFO, "till_started");
	while (!stopping && wait_for_callers(s, &mask)) {
		accept_all(s);
		serve(s);
	}
	/* callers of what is left do it themselves */
	for (i = 0; i < s->n; i++)
		if (s->conn[i].fd >= 0)
			frame_hang_up(&s->conn[i]);
	ctx_release(&s->cx);
	return 0;
}
