/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workers as children (pool.h).
 *
 * A worker that dies soon after its birth is started again only after a
 * pause, which doubles: a shop with a broken library shall not burn the
 * machine.  One that somebody else killed (SIGKILL) is replaced at once.
 *
 * The status file is for people and tests: "master PID" and one "worker PID"
 * or "till PID" a line, written beside and renamed.
 */
#include "proc/pool.h"

#include "base/log.h"
#include "base/metric.h"
#include "base/pressure.h"
#include "base/time.h"
#include "proc/till.h"
#include "io/fcgi.h"
#include "proc/worker.h"
#include "web/web.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	STATUS_MODE = 0644,
	YOUNG_MS = 1000,
	PAUSE_FIRST_MS = 50,
	PAUSE_MAX_MS = 5000
};

struct child {
	pid_t pid; /* 0: none */
	uint64_t generation;
	int64_t born, next_birth; /* monotonic us */
	int64_t pause_ms;
	bool stuck;  /* we ended it */
	bool ending; /* was asked to retire */
};

enum rc
pool_open(struct pool *p, size_t workers)
{
	p->workers = workers;
	p->n = workers + (p->till_fd >= 0 ? 1 : 0);
	p->slots = shm_slots(p->n);
	if (p->slots == NULL)
		return program_say(
		    p->program, "no shared memory: %s", strerror(errno));
	p->child = ARENA_ARRAY(p->program->keep, p->n, struct child);
	p->generation = 1;
	return RC_OK;
}

void
pool_close(struct pool *p)
{
	shm_release(p->slots, p->n);
}

void
pool_renew(struct pool *p)
{
	p->generation++;
}

void
pool_drain(struct pool *p)
{
	if (p->draining)
		return;
	p->draining = true;
	p->drain_until = time_mono_us() + p->program->set->drain_ms * US_PER_MS;
	p->changed = true;
	log_event(LOG_INFO, "draining");
}

static const char *
role_of(const struct pool *p, const struct child *c)
{
	return (size_t)(c - p->child) < p->workers ? "worker" : "till";
}

static const char *
cause_of(const struct child *c, int status)
{
	if (c->stuck)
		return "deadline";
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGABRT   ? "panic"
		       : WTERMSIG(status) == SIGKILL ? "killed"
						     : "signal";
	return WEXITSTATUS(status) == 0 ? "retired" : "failed";
}

/* When its successor may be born. */
static void
set_pause(struct child *c, const char *cause, int64_t now)
{
	bool own_fault = !str_eq(cause, "retired") && !str_eq(cause, "killed");

	if (!own_fault || now - c->born > YOUNG_MS * US_PER_MS)
		c->pause_ms = 0;
	else if (c->pause_ms == 0)
		c->pause_ms = PAUSE_FIRST_MS;
	else if (c->pause_ms < PAUSE_MAX_MS)
		c->pause_ms *= 2;
	c->next_birth = now + c->pause_ms * US_PER_MS;
}

static void
bury(struct pool *p, struct child *c, int status, int64_t now)
{
	const char *cause = cause_of(c, status);
	bool normal = str_eq(cause, "retired");

	metric_add(METRIC_worker_deaths_total, cause, 1);
	log_event(normal ? LOG_INFO : LOG_ERROR, "worker_ended",
	    LF_INT(role_of(p, c), c->pid), LF_STR("cause", cause),
	    LF_INT("status", status));
	atomic_store(&p->slots[c - p->child].busy_since, 0);
	set_pause(c, cause, now);
	c->pid = 0;
	c->stuck = c->ending = false;
	p->changed = true;
}

static void
collect(struct pool *p, int64_t now)
{
	int status;
	pid_t pid;
	size_t i;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < p->n; i++)
			if (p->child[i].pid == pid)
				bury(p, &p->child[i], status, now);
}

static void
end_stuck(struct pool *p, int64_t now)
{
	int64_t most = p->program->set->request_deadline_ms * US_PER_MS, since;
	size_t i;

	for (i = 0; i < p->n; i++) {
		struct child *c = &p->child[i];

		since = atomic_load(&p->slots[i].busy_since);
		if (c->pid == 0 || since == 0 || now - since <= most)
			continue;
		c->stuck = true;
		(void)kill(c->pid, SIGKILL);
	}
}

/* Those of an old generation go one at a time, so the pool stays full. */
static void
retire_old(struct pool *p)
{
	struct child *next = NULL;
	size_t i;

	for (i = 0; i < p->n; i++) {
		struct child *c = &p->child[i];

		if (c->pid == 0)
			return; /* its successor is not born yet */
		if (c->generation == p->generation)
			continue;
		if (next == NULL || c->ending)
			next = c;
	}
	if (next == NULL)
		return;
	next->ending = true;
	(void)kill(next->pid, SIGTERM);
}

/* In the child.  The master's end of the pipe must not live on here, or no
 * sibling would see the master die. */
static int
child_main(struct pool *p, size_t i)
{
	struct worker w = {.program = p->program,
	    .web = p->web,
	    .listen_fd = p->listen_fd,
	    .master_fd = p->life_read,
	    .slot = &p->slots[i]};
	struct till t = {.program = p->program,
	    .listen_fd = p->till_fd,
	    .master_fd = p->life_read,
	    .slot = &p->slots[i]};

	close(p->life_write);
	return i < p->workers ? worker_run(&w) : till_run(&t);
}

static bool
give_birth(struct pool *p, int64_t now, int *code)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		struct child *c = &p->child[i];

		if (c->pid != 0 || now < c->next_birth)
			continue;
		c->pid = fork();
		if (c->pid == 0) {
			*code = child_main(p, i);
			return true;
		}
		if (c->pid < 0) {
			c->pid = 0;
			c->next_birth = now + PAUSE_MAX_MS * US_PER_MS;
			log_event(LOG_ERROR, "fork_failed",
			    LF_STR("why", strerror(errno)));
			continue;
		}
		c->born = now;
		c->generation = p->generation;
		p->changed = true;
	}
	return false;
}

/* TERM again and again (a worker may miss one), KILL when time is up. */
static bool
end_all(struct pool *p, int64_t now)
{
	bool any = false;
	size_t i;

	for (i = 0; i < p->n; i++) {
		if (p->child[i].pid == 0)
			continue;
		any = true;
		(void)kill(
		    p->child[i].pid, now > p->drain_until ? SIGKILL : SIGTERM);
	}
	return !any;
}

static void
count(struct pool *p)
{
	int64_t busy = 0, alive = 0;
	int waiting;
	size_t i;

	for (i = 0; i < p->workers; i++) {
		alive += p->child[i].pid != 0;
		busy += atomic_load(&p->slots[i].busy_since) != 0;
	}
	waiting = fcgi_backlog(p->listen_fd);
	pressure_set(waiting);
	metric_set(METRIC_listen_queue, p->program->set->pool,
	    waiting < 0 ? 0 : waiting);
	metric_set(METRIC_workers, p->program->set->pool, alive);
	metric_set(METRIC_workers_busy, p->program->set->pool, busy);
}

static void
write_status(struct pool *p)
{
	const char *file = p->program->set->status_file;
	char tmp[4096];
	FILE *f;
	size_t i;
	bool ok;

	p->changed = false;
	if (*file == '\0' ||
	    snprintf(tmp, sizeof(tmp), "%s.new", file) >= (int)sizeof(tmp))
		return;
	f = fopen(tmp, "w");
	if (f == NULL) {
		log_event(
		    LOG_WARN, "status_file", LF_STR("why", strerror(errno)));
		return;
	}
	(void)fchmod(fileno(f), STATUS_MODE); /* numbers, no secrets */
	fprintf(f, "master %d\n", (int)getpid());
	for (i = 0; i < p->n; i++)
		if (p->child[i].pid != 0)
			fprintf(f, "%s %d\n", role_of(p, &p->child[i]),
			    (int)p->child[i].pid);
	ok = ferror(f) == 0;
	ok = fclose(f) == 0 && ok;
	if (ok && rename(tmp, file) != 0)
		log_event(
		    LOG_WARN, "status_file", LF_STR("why", strerror(errno)));
}

bool
pool_turn(struct pool *p, int *code)
{
	int64_t now = time_mono_us();

	*code = 0;
	collect(p, now);
	end_stuck(p, now);
	if (p->draining) {
		if (end_all(p, now)) {
			count(p);
			write_status(p);
			return true;
		}
	} else {
		if (give_birth(p, now, code))
			return true;
		retire_old(p);
	}
	count(p);
	if (p->changed)
		write_status(p);
	return false;
}
