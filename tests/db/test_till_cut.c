/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A till killed at any point (ASSURANCE R02): a real one serves real workers,
 * and is killed by SIGKILL when the n-th byte has gone over its line to the
 * database or over a worker's line to it; and that line breaks while the till
 * lives.  There are exactly as many cards as are wanted, so whoever is told
 * that they are sold out has been told wrong.  Each form makes one order and
 * finds it again, each payment is delivered once, every invariant holds.
 */
#include "support/counter.h"
#include "support/cutline.h"

#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc/till.h"
#include "shop/settle.h"

enum {
	WORKERS = 2,
	TURNS = 2, /* of one worker: to a new till, and to one that knows */
	TRIES = 5,
	END = 16, /* of a turn's bytes: these more closely */
	CLOSELY = 4,
	WAIT_MS = 10000
};

/* What a worker does in one turn, and what came of it. */
struct turn {
	struct checkout form; /* a purchase */
	const char *no;       /* a payment: of this order */
	const char *query;
	bool ok;
	unsigned tries;
	int error;
	char made[25];
	long passed[CUT_DIRS]; /* by the broken line until then */
};

static struct cutline *to_db, *to_till[WORKERS];
static const char *db_path, *line_path[WORKERS];
static int listen_fd, master[2];
static struct turn (*turn)[TURNS]; /* shared with the workers */
static unsigned made, cards, payments_n;

static int
setup(void **state)
{
	struct program p = {.name = "till"};
	unsigned i;

	counter_setup(state);
	sql_primary("UPDATE card SET state = 'locked' WHERE sku_id = 1");
	made = payments_n = 0;
	cards = 5000;
	set->hold_cap_contact = set->hold_cap_address = 0;
	set->hold_cap_network = 0;
	set->workers = WORKERS;
	set->till = true;
	set->till_wait_ms = WAIT_MS;
	set->till_socket = arena_fmt(ta, "%s/till", test_dir());
	p.set = set;
	p.keep = ta;
	till_open(&p, &listen_fd);
	assert_true(listen_fd >= 0);
	assert_int_equal(pipe(master), 0);
	db_path = arena_fmt(ta, "%s/cut-db", test_dir());
	to_db = cutline_start(db_path, dbserver()->socket);
	for (i = 0; i < WORKERS; i++) {
		line_path[i] = arena_fmt(ta, "%s/cut-till%u", test_dir(), i);
		to_till[i] = cutline_start(line_path[i], set->till_socket);
	}
	set->till = false; /* this process does without */
	turn = mmap(NULL, sizeof(*turn) * WORKERS, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(turn, MAP_FAILED);
	return 0;
}

static int
teardown(void **state)
{
	unsigned i;
	int bad = counter_teardown(state); /* the invariants */

	for (i = 0; i < WORKERS; i++)
		cutline_stop(to_till[i]);
	cutline_stop(to_db);
	munmap(turn, sizeof(*turn) * WORKERS);
	close(listen_fd);
	close(master[0]);
	close(master[1]);
	return bad;
}

/* ------------------------------------------------------------ processes */

static pid_t
child(void)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		cx->db = NULL; /* that one is its parent's */
	}
	return pid;
}

/* Killed when that line breaks; NULL: by none. */
static pid_t
till_born(struct cutline *line)
{
	struct program p = {.name = "till", .set = set, .keys = cx->keys};
	struct till t = {
	    .program = &p,
	    .listen_fd = listen_fd,
	    .master_fd = master[0],
	};
	pid_t pid = child();

	/* whoever goes on first: before there is a byte on that line */
	if (line != NULL)
		line->victim = pid != 0 ? pid : getpid();
	if (pid != 0)
		return pid;
	close(master[1]);
	p.keep = arena_new(1 << 16, 1 << 28);
	set->db_socket = db_path;
	_exit(till_run(&t));
}

static void
buy_once(struct turn *t)
{
	struct checkout_result r;

	cx->actor = ACTOR_BUYER;
	t->ok = checkout_place(cx, &t->form, &r) == RC_OK;
	t->error = r.error;
	if (t->ok)
		memcpy(t->made, r.order_no, sizeof(t->made));
}

static void
settle_once(struct turn *t)
{
	const struct notice_request rq = {
	    .channel = "epay",
	    .order_no = t->no,
	    .method = "GET",
	    .query = span_str(t->query),
	};
	struct notice_reply reply;

	settle_notice(cx, &rq, &reply);
	t->ok = reply.rc == RC_OK && span_is(reply.body, "success");
}

/* A till whose worker gave up on it may lock the next card before it, or the
 * server, learns that it came too late: for that instant the next form, and
 * only that, is told that there is none.  Its buyer tries again. */
static void
buy(struct turn *t, bool next)
{
	int ms;

	buy_once(t);
	for (ms = 0; next && t->error == CHECKOUT_SOLD_OUT && ms < WAIT_MS;
	     ms++) {
		test_sleep_ms(1);
		buy_once(t);
	}
}

/* Asks until it is answered, as a buyer or a gateway would. */
static void
worker_born(unsigned i, unsigned turns, const struct cutline *watched)
{
	struct turn *t;
	bool broken;
	unsigned k;

	if (child() != 0)
		return;
	set->till = true;
	set->till_socket = line_path[i];
	for (k = 0; k < turns; k++) {
		t = &turn[i][k];
		broken = watched->breaks > 0;
		for (; !t->ok && t->error == 0 && t->tries < TRIES; t->tries++)
			if (t->no != NULL)
				settle_once(t);
			else
				buy(t, broken);
		t->passed[ASK] = watched->passed[ASK];
		t->passed[ANSWER] = watched->passed[ANSWER];
	}
	_exit(0);
}

/* ------------------------------------------------------------ one try */

struct how {
	const char *name;
	bool db; /* the till's line to the database; else the first worker's */
	int dir;
	bool kill;     /* the till; else only the line breaks */
	bool pay;      /* settlements; else claims */
	unsigned many; /* workers; two meet in one batch, once */
	long steps;    /* over a turn's bytes */
};

/* Whether two meet again is anybody's guess. */
static unsigned
turns_of(const struct how *how)
{
	return how->many == 1 ? TURNS : 1;
}

static void
get_ready(const struct how *how)
{
	unsigned i, k;

	memset(turn, 0, sizeof(*turn) * WORKERS);
	counter_cards(1, cards, how->many * turns_of(how));
	cards += how->many * turns_of(how);
	for (i = 0; i < how->many; i++)
		for (k = 0; k < turns_of(how); k++) {
			struct turn *t = &turn[i][k];

			t->form = counter_form(1, 1);
			if (!how->pay)
				continue;
			t->no = place(1, 1);
			open_payment(t->no);
			t->query = signed_query(t->no, "10.00",
			    arena_fmt(ta, "CUT%05u", payments_n++));
		}
}

static void
wait_until_asked(const struct cutline *line)
{
	int ms;

	for (ms = 0; line->dials == 0 || line->arrived[ASK] == 0; ms++) {
		assert_true(ms < WAIT_MS);
		test_sleep_ms(1);
	}
}

/* As the master does: a till that dies has a successor. */
static void
wait_for_workers(unsigned n, pid_t till)
{
	int status;
	pid_t pid;

	while (n > 0) {
		pid = waitpid(-1, &status, 0);
		assert_true(pid > 0);
		if (pid == till) {
			assert_true(WIFSIGNALED(status));
			assert_int_equal(WTERMSIG(status), SIGKILL);
			till = till_born(NULL);
		} else {
			assert_int_equal(status, 0);
			n--;
		}
	}
	kill(till, SIGKILL);
	assert_int_equal(waitpid(till, &status, 0), till);
}

/* Two workers ask before there is a till, so it finds both. */
static struct cutline *
act(const struct how *how, int dir, long n)
{
	struct cutline *line = how->db ? to_db : to_till[0];
	struct cutline *by = how->kill ? line : NULL;
	pid_t till = 0;
	unsigned i;

	cutline_break(to_db, -1, 0, false, 0);
	for (i = 0; i < WORKERS; i++)
		cutline_break(to_till[i], -1, 0, false, 0);
	cutline_break(line, dir, n, false, dir < 0 ? 0 : 1);
	if (how->many == 1)
		till = till_born(by);
	for (i = 0; i < how->many; i++)
		worker_born(i, turns_of(how), line);
	for (i = 0; how->many > 1 && i < how->many; i++)
		wait_until_asked(to_till[i]);
	if (how->many > 1)
		till = till_born(by);
	wait_for_workers(how->many, till);
	return line;
}

static void
look_at(const struct how *how, struct turn *t, unsigned k, long n)
{
	struct checkout_result r;

	if (!t->ok)
		fail_msg("%s, byte %ld: turn %u, error %d after %u tries",
		    how->name, n, k, t->error, t->tries);
	if (how->pay) {
		assert_state(t->no, "delivered");
		assert_string_equal(notify(t->no, t->query), "success");
		return;
	}
	assert_int_equal(checkout_place(cx, &t->form, &r), RC_OK);
	assert_true(r.repeated);
	assert_string_equal(r.order_no, t->made);
}

/* True: the line did break. */
static bool
try_it(const struct how *how, int dir, long n)
{
	struct cutline *line;
	unsigned i, k;

	get_ready(how);
	line = act(how, dir, n);
	for (i = 0; i < how->many; i++)
		for (k = 0; k < turns_of(how); k++, made++)
			look_at(how, &turn[i][k], k, n);
	assert_count("orders", made);
	assert_count("card WHERE order_id IS NOT NULL", made);
	assert_count("card WHERE sku_id = 1 AND state = 'free'", 0);
	assert_count("delivery", how->pay ? made : 0);
	assert_count("payment WHERE state = 'success'", how->pay ? made : 0);
	return line->breaks > 0;
}

/* ------------------------------------------------------------ all bytes */

/* From one end of a turn to the next, the end itself included.  KS_TILL_FINER
 * is how many times as many points, for a run by hand. */
static void
at_every_point(const struct how *how)
{
	const char *finer = getenv("KS_TILL_FINER");
	unsigned tries = 0, broken = 0, k;
	long end[TURNS], n = 0, step;

	assert_false(try_it(how, -1, 0));
	for (k = 0; k < turns_of(how); k++)
		end[k] = turn[0][k].passed[how->dir];
	for (k = 0; k < turns_of(how); k++) {
		assert_true(end[k] > n + END);
		step = (end[k] - n) / how->steps;
		step = step / (finer != NULL ? atol(finer) : 1) + 1;
		for (; n <= end[k]; tries++) {
			broken += try_it(how, how->dir, n);
			n += n + step < end[k] - END ? step
			     : n < end[k] - END      ? end[k] - END - n
						     : CLOSELY;
		}
	}
	print_message("# %s: %ld bytes, tried %u times, broken in %u\n",
	    how->name, end[k - 1], tries, broken);
	/* at the very end it may hold */
	assert_in_range(broken, tries - END / CLOSELY, tries);
}

/* clang-format off */
static const struct how claims[] = {
    {"claim, to database, killed",     true,  ASK,    true,  false, 1, 6},
    {"claim, from database, killed",   true,  ANSWER, true,  false, 1, 6},
    {"claim, to till, killed",         false, ASK,    true,  false, 1, 2},
    {"claim, from till, killed",       false, ANSWER, true,  false, 1, 2},
    {"claim, to till, cut",            false, ASK,    false, false, 1, 2},
    {"claim, from till, cut",          false, ANSWER, false, false, 1, 2},
    {"claims, to database, killed",    true,  ASK,    true,  false, 2, 9},
    {"claims, from database, killed",  true,  ANSWER, true,  false, 2, 9},
    {0},
};
static const struct how payments[] = {
    {"payment, to database, killed",    true,  ASK,    true,  true, 1, 6},
    {"payment, from database, killed",  true,  ANSWER, true,  true, 1, 6},
    {"payment, to till, killed",        false, ASK,    true,  true, 1, 2},
    {"payment, from till, killed",      false, ANSWER, true,  true, 1, 2},
    {"payment, to till, cut",           false, ASK,    false, true, 1, 2},
    {"payment, from till, cut",         false, ANSWER, false, true, 1, 2},
    {"payments, to database, killed",   true,  ASK,    true,  true, 2, 9},
    {"payments, from database, killed", true,  ANSWER, true,  true, 2, 9},
    {0},
};
/* clang-format on */

static void
all_of(const struct how *how)
{
	for (; how->name != NULL; how++)
		at_every_point(how);
}

static void
claims_at_every_point(void **state)
{
	(void)state;
	all_of(claims);
}

static void
payments_at_every_point(void **state)
{
	(void)state;
	all_of(payments);
}

#define CUT_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CUT_TEST(claims_at_every_point),
	    CUT_TEST(payments_at_every_point),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
