/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The accept loop (worker.h).
 *
 * Stopping: SIGTERM, SIGINT or SIGHUP ask for the end after the request in
 * hand.  The signal may arrive in the moment between looking at the flag and
 * waiting for a connection, and would then be forgotten; so its handler
 * starts a timer that repeats the request ten times a second until the loop
 * has seen it.  The master re-sends its signal for the same reason; the timer
 * serves the process that has no master.
 *
 * Watching: libfcgi cannot time out while it reads a request.  With a master
 * the slot says since when the worker is busy and the master ends it; without
 * one the same timer does.
 */
#include "proc/worker.h"

#include "base/bug.h"
#include "base/log.h"
#include "base/time.h"
#include "io/crypt.h"
#include "io/fcgi.h"
#include "web/web.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum { REPEAT_MS = 100, EXIT_STUCK = 4 };

static volatile sig_atomic_t stopping;
static volatile sig_atomic_t alone; /* no master: the timer is the watchdog */

static void
timer(int64_t first_ms, int64_t every_ms)
{
	struct itimerval t = {
	    .it_value = {first_ms / 1000, first_ms % 1000 * 1000},
	    .it_interval = {every_ms / 1000, every_ms % 1000 * 1000}};

	(void)setitimer(ITIMER_REAL, &t, NULL);
}

static void
on_stop(int sig)
{
	(void)sig;
	fcgi_stop();
	if (!stopping)
		timer(REPEAT_MS, REPEAT_MS);
	stopping = 1;
}

static void
on_alarm(int sig)
{
	(void)sig;
	if (stopping)
		fcgi_stop();
	else if (alone)
		_exit(EXIT_STUCK); /* like the master's kill: nothing that was
				    * acknowledged is lost */
}

static void
handle(int sig, void (*fn)(int))
{
	struct sigaction sa = {.sa_handler = fn};

	/* no SA_RESTART: waiting must end (F7) */
	sigemptyset(&sa.sa_mask);
	BUG_ON(sigaction(sig, &sa, NULL) != 0);
}

static void
take_signals(void)
{
	sigset_t none;

	handle(SIGTERM, on_stop);
	handle(SIGINT, on_stop);
	handle(SIGHUP, on_stop);
	handle(SIGALRM, on_alarm);
	handle(SIGPIPE, SIG_IGN);
	handle(SIGCHLD, SIG_DFL);
	sigemptyset(&none);
	BUG_ON(sigprocmask(SIG_SETMASK, &none, NULL) != 0);
}

/* A connection was taken and nothing of it has been read yet; or it is done
 * with, one way or the other. */
static void
busy(void *arg, bool taken)
{
	const struct worker *w = arg;

	if (w->slot != NULL)
		atomic_store(&w->slot->busy_since, taken ? time_mono_us() : 0);
	else if (!stopping)
		timer(taken ? w->program->set->request_deadline_ms : 0, 0);
}

/* Spread by a tenth, so that workers born together do not retire together. */
static uint64_t
share(const struct settings *set)
{
	uint64_t max = (uint64_t)set->max_requests;

	if (max == 0)
		return UINT64_MAX;
	return max - crypt_random_u64() % (max / 10 + 1);
}

static void
serve(struct worker *w, struct ctx *cx, struct fcgi *f)
{
	uint64_t left = share(w->program->set);

	while (left-- > 0 && !stopping && fcgi_accept(f) == RC_OK) {
		web_serve(cx, w->web, f);
		busy(w, false);
		if (w->slot != NULL)
			atomic_fetch_add(&w->slot->served, 1);
	}
}

int
worker_run(struct worker *w)
{
	struct ctx cx;
	struct fcgi *f;
	int code = 1;

	alone = w->slot == NULL;
	take_signals();
	program_ctx(w->program, &cx);
	if (fcgi_open(cx.keep, w->listen_fd, &f) != RC_OK) {
		program_say(
		    w->program, "cannot accept on descriptor %d", w->listen_fd);
	} else {
		if (w->master_fd >= 0)
			fcgi_watch(f, w->master_fd);
		fcgi_on_connect(f, busy, w);
		serve(w, &cx, f);
		code = 0;
	}
	timer(0, 0);
	ctx_release(&cx);
	return code;
}
