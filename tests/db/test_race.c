/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Five ways to end one order, at once, over slow lines to the database: the
 * gateway's notice, what the browser's return and the jobs hear when they ask,
 * a person who marks it paid, and expiry.  Whoever comes first, the order is
 * paid once and delivered once, the other money is a case, and no order that
 * was paid is expired.
 *
 * KS_RACE_ROUNDS: how many; 40 unless told otherwise.
 */
#include "support/counter.h"
#include "support/slowline.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "io/crypt.h"
#include "pay/verdict.h"
#include "shop/desk.h"
#include "shop/jobs.h"
#include "shop/settle.h"
#include "store/money.h"

enum {
	ROUNDS = 40,
	LINE_US = 1000,   /* at most, each piece, each way */
	START_US = 20000, /* they begin at most so far apart */
	TRIES = 50,
	PATIENCE_MS = 120000,
	TEXT = 1000
};

enum racer { NOTICE, RETURN, POLL, STAFF, EXPIRY, RACERS };

/* What the round is about; written between rounds only. */
static struct round {
	char no[32], query[TEXT], txn[32], bank[32];
	uint64_t payment;
	int64_t now;
} * round_;

static struct racing {
	pid_t pid;
	int go, done; /* pipes */
} racing[RACERS];

/* ------------------------------------------------------------ the racers */

static bool
by_notice(void)
{
	const struct notice_request rq = {
	    .channel = "epay",
	    .order_no = round_->no,
	    .method = "GET",
	    .query = span_str(round_->query),
	};
	struct notice_reply reply;

	settle_notice(cx, &rq, &reply);
	return reply.rc == RC_OK && span_is(reply.body, "success");
}

/* What asking ends in, whoever asks (shop/ask.c). */
static bool
by_query(void)
{
	struct paid p = {
	    .source = SETTLE_QUERY,
	    .channel = 1,
	    .order_no = round_->no,
	    .gateway = gateway_find("epay"),
	    .txn = round_->txn,
	    .method = "QUERY",
	    .body = span_str(round_->query),
	};
	struct verdict v;

	verdict_init(&v);
	v.outcome = PAY_PAID;
	v.why = WHY_OK;
	v.signature_valid = v.has_amount = true;
	v.order_no = round_->no;
	v.txn = round_->txn;
	v.amount = MONEY(1000);
	memcpy(v.currency, "CNY", 4);
	p.verdict = &v;
	cx->actor = ACTOR_GATEWAY;
	return settle_batch(cx, &p, 1) == RC_OK &&
	       (p.rc == RC_OK || p.rc == RC_CONFLICT);
}

static bool
by_poll(void)
{
	enum rc rc;

	rc = payment_asked(cx, round_->payment, 0, cx->now + 1);
	return (rc == RC_OK || rc == RC_CONFLICT) && by_query();
}

static bool
by_staff(void)
{
	enum rc rc;

	cx->actor = ACTOR_STAFF;
	cx->staff = 1;
	rc = desk_mark_paid(cx, round_->no, round_->bank, "seen at the bank");
	/* paid by this, done before, or one payment too many */
	return rc == RC_OK || rc == RC_CONFLICT || rc == RC_INVALID;
}

static bool
by_expiry(void)
{
	unsigned did;

	return jobs_expire(cx, &did) == RC_OK;
}

static bool (*const way[RACERS])(void) = {
    [NOTICE] = by_notice,
    [RETURN] = by_query,
    [POLL] = by_poll,
    [STAFF] = by_staff,
    [EXPIRY] = by_expiry,
};

__attribute__((noreturn)) static void
race(enum racer who, const char *line, int go, int done)
{
	struct arena *own = arena_new(1 << 16, 1 << 26);
	int tries;
	char word;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	crypt_child();
	set->db_socket = line;
	cx->arena = own;
	while (read(go, &word, 1) == 1) {
		cx->now = round_->now;
		cx->staff = 0;
		usleep((unsigned)(crypt_random_u64() % START_US));
		/* what the database could not do now is done again, as a
		 * gateway, a person or the next turn of the jobs would */
		for (tries = 0; tries < TRIES && !way[who](); tries++)
			arena_reset(own);
		word = tries < TRIES ? 'y' : 'n';
		arena_reset(own);
		if (write(done, &word, 1) != 1)
			break;
	}
	_exit(0);
}

static void
start(const char *line)
{
	int go[2], done[2], i;

	dbserver_end(cx); /* each has a connection of its own */
	fflush(NULL);
	for (i = 0; i < RACERS; i++) {
		assert_int_equal(pipe(go), 0);
		assert_int_equal(pipe(done), 0);
		racing[i].pid = fork();
		assert_true(racing[i].pid >= 0);
		if (racing[i].pid == 0) {
			close(go[1]);
			close(done[0]);
			race((enum racer)i, line, go[0], done[1]);
		}
		close(go[0]);
		close(done[1]);
		racing[i].go = go[1];
		racing[i].done = done[0];
	}
}

static void
stop(void)
{
	int i, status;

	for (i = 0; i < RACERS; i++) {
		close(racing[i].go);
		close(racing[i].done);
		kill(racing[i].pid, SIGKILL);
		waitpid(racing[i].pid, &status, 0);
	}
}

/* ------------------------------------------------------------ the rounds */

static void
lay_out(unsigned n)
{
	const char *no;

	counter_cards(1, 100000 + n, 1);
	no = place(1, 1);
	open_payment(no);
	snprintf(round_->no, sizeof(round_->no), "%s", no);
	snprintf(round_->txn, sizeof(round_->txn), "T%u", n);
	snprintf(round_->bank, sizeof(round_->bank), "bank-%u", n);
	snprintf(round_->query, sizeof(round_->query), "%s",
	    signed_query(no, "10.00", round_->txn));
	round_->payment =
	    strtoull(sql_primary("SELECT MAX(id) FROM payment"), NULL, 10);
	cx->now += (set->order_ttl_s + 1) * US_PER_S; /* it is due */
	round_->now = cx->now;
}

static void
run(void)
{
	struct pollfd p = {.events = POLLIN};
	char word = 'g';
	int i;

	for (i = 0; i < RACERS; i++)
		assert_int_equal(write(racing[i].go, &word, 1), 1);
	for (i = 0; i < RACERS; i++) {
		p.fd = racing[i].done;
		assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
		assert_int_equal(read(p.fd, &word, 1), 1);
		assert_int_equal(word, 'y');
	}
}

/* Delivered; paid once, by one payment; the other's money is a case; one
 * card; expired at most once, and never after it was paid. */
static void
judge(unsigned *late, unsigned *by_person)
{
	const char *got = sql_primary(
	    "SELECT CONCAT_WS(' ', o.state, "
	    "(SELECT COUNT(*) FROM order_event e WHERE e.order_id = o.id "
	    " AND e.to_state = 'paid' AND e.from_state <> 'paid'), "
	    "(SELECT COUNT(*) FROM payment p WHERE p.order_id = o.id "
	    " AND p.state = 'success' AND p.role = 'order'), "
	    "(SELECT COUNT(*) FROM payment p WHERE p.order_id = o.id "
	    " AND p.state = 'success' AND p.role = 'second' "
	    " AND p.case_state = 'open'), "
	    "(SELECT COUNT(*) FROM delivery d WHERE d.order_id = o.id), "
	    "(SELECT COUNT(*) FROM order_event e JOIN order_event b ON "
	    " b.order_id = e.order_id AND b.seq > e.seq "
	    " AND b.to_state = 'expired' "
	    " WHERE e.order_id = o.id AND e.to_state = 'paid')) "
	    "FROM orders o WHERE o.no = '%s'",
	    round_->no);

	assert_string_equal(got, "delivered 1 1 1 1 0");
	*late += sql_primary("SELECT late FROM orders WHERE no = '%s'",
		     round_->no)[0] == '1';
	*by_person += sql_primary("SELECT txn LIKE 'bank%%' FROM payment p "
				  "JOIN orders o ON o.id = p.order_id WHERE "
				  "o.no = '%s' AND p.role = 'order'",
			  round_->no)[0] == '1';
}

static void
one_winner_each_round(void **state)
{
	const char *rounds = getenv("KS_RACE_ROUNDS");
	const char *path = arena_fmt(ta, "%s/slow", test_dir());
	unsigned n = rounds != NULL ? (unsigned)atoi(rounds) : ROUNDS;
	unsigned i, late = 0, by_person = 0;
	struct arena *own = arena_new(1 << 16, 1 << 26);
	pid_t line;

	(void)state;
	round_ = mmap(NULL, sizeof(*round_), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(round_, MAP_FAILED);
	set->hold_cap_contact = set->hold_cap_address = 0;
	line = slowline_start(path, dbserver()->socket, LINE_US);
	start(path);
	cx->arena = own;
	for (i = 0; i < n; i++) {
		lay_out(i);
		run();
		judge(&late, &by_person);
		arena_reset(own);
	}
	cx->arena = ta;
	stop();
	slowline_stop(line);
	print_message("# %u rounds: expiry was first in %u, a person's word "
		      "paid in %u, the gateway's in %u\n",
	    n, late, by_person, n - by_person);
	assert_count("orders WHERE state = 'delivered'", n);
	assert_count("card WHERE state = 'sold'", n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    COUNTER_TEST(one_winner_each_round),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
