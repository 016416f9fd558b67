/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The master of a pool (master.h).  It opens the socket, keeps its workers
 * alive and otherwise sleeps: no database, no cache, no request ever reaches
 * it, so there is little that could end it.
 *
 * One loop, ten turns a second, driven by signals that are blocked and waited
 * for: there is no handler and so no moment in which a signal is lost.  A
 * child leaves the loop by returning, so that main() ends it like any other
 * program.
 */
#include "proc/master.h"

#include "base/breaker.h"
#include "base/bug.h"
#include "base/gate.h"
#include "base/hot.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/pressure.h"
#include "base/seen.h"
#include "base/slots.h"
#include "base/time.h"
#include "base/turn.h"
#include "io/fcgi.h"
#include "proc/pool.h"
#include "proc/privs.h"
#include "proc/start.h"
#include "proc/till.h"
#include "proc/worker.h"
#include "shop/known.h"
#include "shop/token.h"
#include "web/web.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TURN_MS = 100, WHY_BLOCK = 4096, WHY_MAX = 1 << 20 };

/* A listening socket of any kind is what fd 0 must be. */
static bool
is_listening(int fd)
{
	int on = 0;
	socklen_t n = sizeof(on);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &n) == 0 && on;
}

static unsigned
octal(const char *s) /* checked by the settings */
{
	unsigned v = 0;

	for (; *s != '\0'; s++)
		v = v * 8 + (unsigned)(*s - '0');
	return v;
}

static enum rc
open_socket(struct program *p, int *fd)
{
	const struct settings *set = p->set;
	const char *why = "";

	if (*set->listen == '\0') {
		*fd = 0;
		if (is_listening(0))
			return RC_OK;
		return program_say(p,
		    "no socket: set listen in %s, or pass a listening socket "
		    "as standard input",
		    p->config);
	}
	if (fcgi_listen(set->listen, octal(set->listen_mode), (int)set->backlog,
		*set->group == '\0' ? NULL : set->group, fd, &why) != RC_OK)
		return program_say(p, "%s: %s", set->listen, why);
	return RC_OK;
}

static enum rc
open_web(struct program *p, const struct settings *set, struct rate_table *rate,
    struct web **out)
{
	struct arena *a = arena_new(WHY_BLOCK, WHY_MAX);
	const char *why = "";
	enum rc rc = web_open(a, set, rate, out, &why);

	if (rc != RC_OK) {
		log_event(LOG_ERROR, "web_not_loaded", LF_STR("why", why));
		program_say(p, "%s", why);
	}
	arena_free(a);
	return rc;
}

static struct rate_table *
open_rate(struct program *p)
{
	uint8_t raw[TOKEN_RAW];
	uint64_t seed;
	struct rate_table *t;

	token_random(raw);
	memcpy(&seed, raw, sizeof(seed));
	t = rate_open(seed);
	if (t == NULL)
		program_say(p, "no shared memory: %s", strerror(errno));
	return t;
}

/* A wait for a gateway is a worker that serves nobody: at least half of them
 * never do. */
static size_t
gateway_slots(const struct settings *set)
{
	return set->gateway_slots != 0 ? (size_t)set->gateway_slots
				       : (size_t)set->workers / 2;
}

/* Without it each process counts for itself: the limits are looser then, and
 * nothing is wrong. */
static void
open_shared(const struct settings *set)
{
	if (slots_open(SLOTS_HASH, (size_t)set->hash_slots) != RC_OK ||
	    slots_open(SLOTS_GATEWAY, gateway_slots(set)) != RC_OK ||
	    gate_open() != RC_OK || seen_open() != RC_OK ||
	    breaker_open() != RC_OK || turn_open() != RC_OK ||
	    pressure_open() != RC_OK)
		log_event(LOG_WARN, "limits_private");
	if (set->workers != 0 && hot_open((unsigned)set->hot_pages) != RC_OK)
		log_event(LOG_WARN, "hot_pages_none");
}

/* Settings and templates anew.  What does not load changes nothing: the shop
 * goes on selling with what it has. */
static void
reload(struct pool *pool)
{
	struct program *p = pool->program;
	struct arena *keep = arena_new(WHY_BLOCK, 16 * WHY_MAX);
	const struct settings *set;
	const char *why = "";
	struct web *web;

	log_reopen();
	if (settings_load(keep, p->config, &set, &why) != RC_OK) {
		log_event(LOG_ERROR, "reload_refused", LF_STR("why", why));
		program_say(p, "reload refused: %s", why);
		arena_free(keep);
		return;
	}
	if (open_web(p, set, pool->rate, &web) != RC_OK) {
		arena_free(keep);
		return;
	}
	/* workers hold copies of their own; nobody reads the old ones now */
	web_close(pool->web);
	if (pool->set_keep != NULL)
		arena_free(pool->set_keep);
	pool->set_keep = keep;
	web->known = pool->known;
	pool->web = web;
	p->set = set;
	pool_renew(pool);
	log_event(LOG_INFO, "reloaded", LF_U64("generation", pool->generation));
}

static void
block_signals(sigset_t *wait)
{
	sigemptyset(wait);
	sigaddset(wait, SIGCHLD);
	sigaddset(wait, SIGTERM);
	sigaddset(wait, SIGINT);
	sigaddset(wait, SIGHUP);
	BUG_ON(sigprocmask(SIG_BLOCK, wait, NULL) != 0);
}

/* Returns when the pool has drained, or in a child with its exit code. */
static int
master_loop(struct pool *pool)
{
	const struct timespec turn = {0, TURN_MS * 1000000};
	sigset_t wait;
	int sig;

	block_signals(&wait);
	for (;;) {
		int code;

		if (pool_turn(pool, &code))
			return code;
		sig = sigtimedwait(&wait, NULL, &turn);
		if (sig == SIGHUP && !pool->draining)
			reload(pool);
		else if (sig == SIGTERM || sig == SIGINT)
			pool_drain(pool);
	}
}

static int
run_master(struct program *p, struct pool *pool)
{
	int pipe_fd[2], code;

	if (pipe2(pipe_fd, O_CLOEXEC) != 0) {
		program_say(p, "pipe: %s", strerror(errno));
		return 1;
	}
	pool->life_read = pipe_fd[0];
	pool->life_write = pipe_fd[1];
	till_open(p, &pool->till_fd);
	if (pool_open(pool, (size_t)p->set->workers) != RC_OK)
		return 1;
	/* its memory belongs to the workers together */
	pool->known = known_open((size_t)p->set->known_orders);
	pool->web->known = pool->known;
	if (pool->known == NULL)
		log_event(LOG_WARN, "no_filter");
	log_event(LOG_INFO, "started", LF_STR("pool", p->set->pool),
	    LF_INT("workers", p->set->workers));
	code = master_loop(pool);
	pool_close(pool);
	return code;
}

/* mod_fcgid is the process manager: no master, nobody to fork. */
static int
run_alone(struct program *p, struct pool *pool)
{
	struct worker w = {.program = p,
	    .web = pool->web,
	    .listen_fd = pool->listen_fd,
	    .master_fd = -1};

	return worker_run(&w);
}

static int
run(struct program *p)
{
	struct pool pool = {.program = p, .listen_fd = -1, .till_fd = -1};
	int code = START_BAD;

	if (privs_check(p) != RC_OK ||
	    open_socket(p, &pool.listen_fd) != RC_OK ||
	    privs_drop(p) != RC_OK || program_log(p) != RC_OK ||
	    program_keys(p) != RC_OK)
		return START_BAD;
	privs_harden();
	if (metric_open(p->set->spool_dir) != RC_OK)
		log_event(LOG_WARN, "metrics_private");
	open_shared(p->set);
	pool.rate = open_rate(p);
	if (pool.rate == NULL)
		return START_BAD;
	if (open_web(p, p->set, pool.rate, &pool.web) == RC_OK)
		code = p->set->workers == 0 ? run_alone(p, &pool)
					    : run_master(p, &pool);
	known_close(pool.known);
	web_close(pool.web);
	rate_close(pool.rate);
	if (pool.set_keep != NULL)
		arena_free(pool.set_keep);
	return code;
}

int
fcgi_main(int argc, char **argv)
{
	struct program p = {.name = "keystall-fcgi", .log_name = "fcgi"};
	int code = START_BAD;

	program_hold_hup();
	if (program_start(&p, argc, argv) == RC_OK)
		code = run(&p);
	program_end(&p);
	return code;
}
