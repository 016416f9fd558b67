/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The background worker (jobs.h): one step at a time.  Webhooks have a
 * process of their own, a child of this one, because strangers' servers hang:
 * mail and expiry do not wait for them.  With --once there is no child.
 *
 * Each kind of work has its own rhythm.  A kind that found something to do is
 * asked again at once, in turn with the others, so that a long queue of mail
 * does not hold up expiry; one that failed waits a little.  Signals are
 * blocked and waited for between steps: a step is never cut in half.
 */
#include "proc/jobs.h"

#include "base/bug.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/time.h"
#include "io/httpc.h"
#include "io/tmpl.h"
#include "proc/privs.h"
#include "proc/start.h"
#include "shop/channel_keys.h"
#include "shop/forecast.h"
#include "shop/jobs.h"
#include "shop/refund.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum lane { LANE_MAIN, LANE_WEBHOOKS };

/* clang-format off */
static const struct kind {
	const char *name;
	enum rc (*step)(struct ctx *cx, unsigned *did);
	int64_t every_ms; /* 0: the setting jobs_interval_ms */
} kinds[] = {
	{ "outbox",     jobs_outbox,     0 },
	{ "expire",     jobs_expire,     1000 },
	{ "fill_short", jobs_fill_short, 2000 },
	{ "reconcile",  jobs_reconcile,  5000 },
	{ "refund",     jobs_refund,     1000 },
	{ "keys",       jobs_keys,       1000 },
	{ "notices",    jobs_notices,    2000 },
	{ "heartbeat",  jobs_heartbeat,  1000 },
	{ "count_sold", jobs_count_sold, 60000 },
	{ "traffic",    jobs_traffic,    10000 },
	{ "open",       jobs_open_orders, 10000 },
	{ "forecast",   jobs_forecast,   600000 },
	{ "clean",      jobs_clean,      600000 },
	{ "low_stock",  jobs_low_stock,  30000 },
	{ "webhooks",   jobs_webhooks,   0 },
};
/* clang-format on */

enum {
	KINDS = sizeof(kinds) / sizeof(kinds[0]),
	AFTER_ERROR_MS = 2000,
	ONCE_MAX_MS = 50000, /* cron calls again in a minute */
	SLEEP_MAX_MS = 1000,
	CHILD_PAUSE_MS = 1000, /* before a lane that ended begins again */
	WHY_BLOCK = 4096,
	WHY_MAX = 16 << 20
};

struct jobs {
	struct program *program;
	struct ctx cx;
	int64_t due[KINDS];     /* monotonic us */
	struct arena *set_keep; /* settings of the last reload */
	bool failed;            /* some step did, since the start */
	enum lane lane;         /* what this process does */
	bool all;               /* it does everything: --once */
	pid_t child;            /* the other lane's process; 0: none */
	int64_t child_due;      /* monotonic us */
};

static bool
is_mine(const struct jobs *j, const struct kind *k)
{
	enum lane lane = k->step == jobs_webhooks ? LANE_WEBHOOKS : LANE_MAIN;

	return j->all || lane == j->lane;
}

static int64_t
rhythm(const struct jobs *j, const struct kind *k)
{
	int64_t ms =
	    k->every_ms != 0 ? k->every_ms : j->program->set->jobs_interval_ms;

	return ms * US_PER_MS;
}

/* One step of one kind; how much it did. */
static unsigned
step(struct jobs *j, size_t i)
{
	const struct kind *k = &kinds[i];
	unsigned did = 0;
	enum rc rc;

	ctx_begin(&j->cx, NULL);
	log_request(j->cx.request_id);
	bug_context(j->cx.request_id, k->name);
	rc = k->step(&j->cx, &did);
	ctx_end(&j->cx);
	if (rc != RC_OK && rc != RC_NOTFOUND) {
		log_event(LOG_WARN, "job_failed", LF_STR("job", k->name),
		    LF_STR("rc", rc_name(rc)));
		j->due[i] = time_mono_us() + AFTER_ERROR_MS * US_PER_MS;
		j->failed = true;
		did = 0;
	} else {
		j->due[i] = time_mono_us() + (did != 0 ? 0 : rhythm(j, k));
	}
	if (did != 0)
		log_event(LOG_DEBUG, "job", LF_STR("job", k->name),
		    LF_U64("did", did));
	log_request(NULL);
	bug_context(NULL, NULL);
	return did;
}

/* Every kind that is due, once. */
static unsigned
round_of(struct jobs *j)
{
	unsigned did = 0;
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (is_mine(j, &kinds[i]) && time_mono_us() >= j->due[i])
			did += step(j, i);
	return did;
}

static int64_t
until_next_us(const struct jobs *j)
{
	int64_t now = time_mono_us(), least = SLEEP_MAX_MS * US_PER_MS;
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (is_mine(j, &kinds[i]) && j->due[i] - now < least)
			least = j->due[i] - now;
	return least < 0 ? 0 : least;
}

/* What does not load changes nothing. */
static void
reload(struct jobs *j)
{
	struct program *p = j->program;
	struct arena *keep = arena_new(WHY_BLOCK, WHY_MAX);
	const struct settings *set;
	struct tmpl *tmpl;
	const char *why = "";

	log_reopen();
	if (settings_load(keep, p->config, &set, &why) != RC_OK) {
		log_event(LOG_ERROR, "reload_refused", LF_STR("why", why));
		arena_free(keep);
		return;
	}
	if (tmpl_load(set->templates_dir, &tmpl, &why) != RC_OK) {
		log_event(LOG_ERROR, "reload_refused", LF_STR("why", why));
		arena_free(keep);
		return;
	}
	/* connections were opened with the old ones: begin afresh */
	ctx_release(&j->cx);
	tmpl_free(j->cx.tmpl);
	if (j->set_keep != NULL)
		arena_free(j->set_keep);
	j->set_keep = keep;
	p->set = set;
	program_ctx(p, &j->cx);
	j->cx.tmpl = tmpl;
	log_event(LOG_INFO, "reloaded");
}

static void
block_signals(sigset_t *wait)
{
	struct sigaction sa = {.sa_handler = SIG_IGN};

	sigemptyset(&sa.sa_mask);
	BUG_ON(sigaction(SIGPIPE, &sa, NULL) != 0);
	sigemptyset(wait);
	sigaddset(wait, SIGTERM);
	sigaddset(wait, SIGINT);
	sigaddset(wait, SIGHUP);
	sigaddset(wait, SIGCHLD);
	BUG_ON(sigprocmask(SIG_BLOCK, wait, NULL) != 0);
}

/* Sleeps at most us; false: it is time to end. */
static bool
pause_for(struct jobs *j, const sigset_t *wait, int64_t us)
{
	struct timespec t = {us / US_PER_S, us % US_PER_S * 1000};
	int sig = sigtimedwait(wait, NULL, &t);

	if (sig == SIGHUP) {
		if (j->child != 0)
			(void)kill(j->child, SIGHUP);
		reload(j);
	}
	return sig != SIGTERM && sig != SIGINT;
}

/* ------------------------------------------------------------ the lane */

/* The child ends when it is asked, or when its parent is gone.  What it
 * inherits of the parent's connections it does not touch. */
static _Noreturn void
lane_main(struct jobs *parent, pid_t parent_pid, const sigset_t *wait)
{
	struct jobs j = {.program = parent->program, .lane = LANE_WEBHOOKS};

	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent_pid)
		_exit(0);
	http_child();
	program_ctx(j.program, &j.cx);
	j.cx.tmpl = parent->cx.tmpl;
	log_event(LOG_INFO, "lane_started");
	do
		round_of(&j);
	while (pause_for(&j, wait, until_next_us(&j)));
	ctx_release(&j.cx);
	_exit(0);
}

static void
keep_lane(struct jobs *j, const sigset_t *wait)
{
	pid_t me = getpid();
	int status;

	if (j->child != 0 && waitpid(j->child, &status, WNOHANG) == j->child) {
		log_event(
		    LOG_WARN, "lane_ended", LF_U64("status", (uint64_t)status));
		j->child = 0;
		j->child_due = time_mono_us() + CHILD_PAUSE_MS * US_PER_MS;
	}
	if (j->child != 0 || time_mono_us() < j->child_due)
		return;
	j->child = fork();
	if (j->child == 0)
		lane_main(j, me, wait);
	if (j->child < 0) {
		log_event(LOG_ERROR, "fork_failed");
		j->child = 0;
		j->child_due = time_mono_us() + CHILD_PAUSE_MS * US_PER_MS;
	}
}

static void
end_lane(const struct jobs *j)
{
	int status;

	if (j->child == 0)
		return;
	(void)kill(j->child, SIGTERM);
	while (waitpid(j->child, &status, 0) < 0 && errno == EINTR)
		;
}

static void
run_once(struct jobs *j, const sigset_t *wait)
{
	int64_t end = time_mono_us() + ONCE_MAX_MS * US_PER_MS;

	while (round_of(j) != 0 && time_mono_us() < end)
		if (!pause_for(j, wait, 0))
			return;
}

static int
run(struct program *p)
{
	struct jobs j = {.program = p};
	const char *why = "";
	struct tmpl *tmpl; /* what mails are made of */
	sigset_t wait;

	if (privs_check(p) != RC_OK || privs_drop(p) != RC_OK ||
	    program_log(p) != RC_OK || program_keys(p) != RC_OK)
		return START_BAD;
	privs_harden();
	if (metric_open(p->set->spool_dir) != RC_OK)
		log_event(LOG_WARN, "metrics_private");
	if (tmpl_load(p->set->templates_dir, &tmpl, &why) != RC_OK) {
		fprintf(stderr, "%s: %s\n", p->name, why);
		return START_BAD;
	}
	block_signals(&wait);
	program_ctx(p, &j.cx);
	j.cx.tmpl = tmpl;
	log_event(LOG_INFO, "started");
	if (p->once) {
		j.all = true;
		run_once(&j, &wait);
	} else {
		do {
			keep_lane(&j, &wait);
			round_of(&j);
		} while (pause_for(&j, &wait, until_next_us(&j)));
		end_lane(&j);
	}
	ctx_release(&j.cx);
	tmpl_free(j.cx.tmpl);
	if (j.set_keep != NULL)
		arena_free(j.set_keep);
	log_event(LOG_INFO, "ended");
	return p->once && j.failed ? 1 : 0;
}

int
jobs_main(int argc, char **argv)
{
	struct program p = {.name = "keystall-jobs", .log_name = "jobs"};
	int code = START_BAD;

	program_hold_hup();
	if (program_start(&p, argc, argv) == RC_OK)
		code = run(&p);
	program_end(&p);
	return code;
}
