/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tx_run(): what is retried and what is not, that nothing half done stays,
 * leases and settings as its first users.
 */
#include "support/test.h"
#include "support/dbserver.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/metric.h"
#include "base/time.h"
#include "io/db.h"
#include "store/lease.h"
#include "store/setting.h"
#include "store/stmt.gen.h"
#include "store/tx.h"

static struct ctx cx[1];
static struct settings *set;

static int
group_setup(void **state)
{
	test_arena_setup(state);
	dbserver_ctx_schema(cx, &set, "t_tx");
	set->replica_sockets = "";
	set->db_lock_wait_s = 1;
	dbserver_end(cx);
	return 0;
}

static int
setup(void **state)
{
	test_arena_setup(state);
	cx->arena = ta;
	cx->wrote = cx->sticky = false;
	cx->deadline = 0;
	sql_primary("DELETE FROM t_tx.setting");
	sql_primary("DELETE FROM t_tx.lease");
	return 0;
}

static int
teardown(void **state)
{
	assert_int_equal(cx->tx_depth, 0);
	dbserver_end(cx);
	return test_arena_teardown(state);
}

static const char *
value_of(const char *name)
{
	return sql_primary(
	    "SELECT CONCAT(value, '/', version) FROM t_tx.setting WHERE name = "
	    "'%s' UNION SELECT '-' ORDER BY 1 DESC LIMIT 1",
	    name);
}

/* ---- bodies */

struct plan {
	int runs;
	enum rc answer;   /* of the body, after its work */
	int busy_runs;    /* so many runs answer RC_BUSY */
	uint64_t kill_at; /* in this run the connection dies before the end */
	bool hide;        /* the body hides a failed statement */
};

static enum rc
body(struct ctx *c, void *arg)
{
	struct plan *p = arg;
	struct setting_rec s;
	enum rc rc;

	p->runs++;
	assert_int_equal(c->tx_depth, 1);
	rc = setting_put(c, "a", arena_fmt(c->arena, "run%d", p->runs), 0, 0);
	if (rc != RC_OK)
		return rc;
	if (p->kill_at == (uint64_t)p->runs) {
		sql_primary("KILL CONNECTION %s",
		    sql_primary("SELECT trx_mysql_thread_id FROM "
				"information_schema.innodb_trx"));
		test_sleep_ms(150);
		rc = setting_get(c, "a", &s);
		assert_int_equal(rc, RC_BUSY);
		return p->hide ? RC_OK : rc;
	}
	if (p->runs <= p->busy_runs)
		return RC_BUSY;
	return p->answer;
}

static void
commits(void **state)
{
	struct plan p = {0};

	(void)state;
	assert_false(cx->wrote);
	assert_int_equal(tx_run(cx, body, &p), RC_OK);
	assert_int_equal(p.runs, 1);
	assert_true(cx->wrote);
	assert_string_equal(value_of("a"), "run1/1");
}

static void
other_answers_roll_back(void **state)
{
	static const enum rc answers[] = {
	    RC_NOTFOUND, RC_INVALID, RC_DENIED, RC_CONFLICT, RC_FAIL};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct plan p = {.answer = answers[i]};

		assert_int_equal(tx_run(cx, body, &p), answers[i]);
		assert_int_equal(p.runs, 1);
		assert_false(cx->wrote);
		assert_string_equal(value_of("a"), "-");
	}
}

static void
busy_is_run_again(void **state)
{
	struct plan p = {.busy_runs = 2};
	uint64_t before = metric_value(METRIC_sql_retries_total, NULL);

	(void)state;
	assert_int_equal(tx_run(cx, body, &p), RC_OK);
	assert_int_equal(p.runs, 3);
	assert_string_equal(value_of("a"), "run3/1");
	assert_int_equal(
	    metric_value(METRIC_sql_retries_total, NULL) - before, 2);
}

static void
busy_ends_after_three(void **state)
{
	struct plan p = {.busy_runs = 99};
	int64_t start = time_mono_us();

	(void)state;
	assert_int_equal(tx_run(cx, body, &p), RC_BUSY);
	assert_int_equal(p.runs, 3);
	assert_true(time_mono_us() - start < 10 * US_PER_S);
	assert_string_equal(value_of("a"), "-");
}

static void
once_is_once(void **state)
{
	struct plan p = {.busy_runs = 99};

	(void)state;
	assert_int_equal(tx_once(cx, body, &p), RC_BUSY);
	assert_int_equal(p.runs, 1);
}

static void
not_after_the_deadline(void **state)
{
	struct plan p = {.busy_runs = 99};

	(void)state;
	assert_int_equal(db_ping(cx), RC_OK);
	cx->deadline = time_mono_us() + 60 * US_PER_MS;
	p.answer = RC_OK;
	while (time_mono_us() < cx->deadline)
		;
	assert_int_equal(tx_run(cx, body, &p), RC_BUSY);
	assert_int_equal(p.runs, 0);
}

static void
lost_connection_is_run_again(void **state)
{
	struct plan p = {.kill_at = 1};

	(void)state;
	assert_int_equal(tx_run(cx, body, &p), RC_OK);
	assert_int_equal(p.runs, 2);
	assert_string_equal(value_of("a"), "run2/1");
}

/* A body that hides a failed statement must not get half of it committed. */
static void
hidden_failure_is_not_committed(void **state)
{
	struct plan p = {.kill_at = 1, .hide = true};

	(void)state;
	assert_int_equal(tx_run(cx, body, &p), RC_BUSY);
	assert_int_equal(p.runs, 1);
	assert_string_equal(value_of("a"), "-");
}

/* COMMIT was sent, the answer never came: never again, and the natural key
 * tells what happened. */
static enum rc
kill_before_commit(struct ctx *c, void *arg)
{
	struct plan *p = arg;
	enum rc rc;

	p->runs++;
	rc = setting_put(c, "a", "once", 0, 0);
	sql_primary(
	    "KILL CONNECTION %s", sql_primary("SELECT trx_mysql_thread_id FROM "
					      "information_schema.innodb_trx"));
	test_sleep_ms(150);
	return rc;
}

static void
unknown_commit_is_not_run_again(void **state)
{
	struct plan p = {0};
	struct setting_rec s;

	(void)state;
	assert_int_equal(tx_run(cx, kill_before_commit, &p), RC_FAIL);
	assert_int_equal(p.runs, 1);
	assert_false(cx->wrote);
	assert_int_equal(setting_get(cx, "a", &s), RC_NOTFOUND);
}

static enum rc
nested(struct ctx *c, void *arg)
{
	return tx_run(c, body, arg);
}

static void
call_nested(void *arg)
{
	struct plan p = {0};

	cx->db = NULL; /* the parent's is not ours */
	if (tx_run(cx, arg == NULL ? nested : nested, &p) == RC_OK)
		return;
}

static void
nested_is_a_bug(void **state)
{
	(void)state;
	assert_true(test_aborts(call_nested, NULL));
}

/* Two processes take the same two rows in opposite order, many times: each
 * unit is done exactly once or says RC_BUSY. */
struct pair {
	const char *first, *second;
};

static enum rc
bump(struct ctx *c, const char *name)
{
	struct setting_rec s;
	enum rc rc = setting_get(c, name, &s);
	uint64_t n;

	if (rc != RC_OK)
		return rc;
	/* the read is not locked: only the version keeps the count right */
	n = strtoull(s.value, NULL, 10) + 1;
	return setting_put(c, name,
	    arena_fmt(c->arena, "%llu", (unsigned long long)n), s.version, 0);
}

static enum rc
bump_both(struct ctx *c, void *arg)
{
	const struct pair *p = arg;
	enum rc rc = bump(c, p->first);

	return rc == RC_OK ? bump(c, p->second) : rc;
}

static int
bump_many(struct pair *p)
{
	int i, done = 0;

	for (i = 0; i < 150; i++)
		done += tx_run(cx, bump_both, p) == RC_OK;
	return done;
}

static void
crossed_locks(void **state)
{
	struct pair one = {"x", "y"}, two = {"y", "x"};
	int fd[2], theirs = 0, mine;
	pid_t pid;

	(void)state;
	assert_int_equal(setting_put(cx, "x", "0", 0, 0), RC_OK);
	assert_int_equal(setting_put(cx, "y", "0", 0, 0), RC_OK);
	dbserver_end(cx);
	assert_int_equal(pipe(fd), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		theirs = bump_many(&two);
		_exit(write(fd[1], &theirs, sizeof(theirs)) != sizeof(theirs));
	}
	mine = bump_many(&one);
	assert_int_equal(read(fd[0], &theirs, sizeof(theirs)), sizeof(theirs));
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(fd[0]);
	close(fd[1]);
	assert_true(mine > 0 && theirs > 0);
	assert_string_equal(value_of("x"),
	    arena_fmt(ta, "%d/%d", mine + theirs, mine + theirs + 1));
	assert_string_equal(value_of("y"), value_of("x"));
}

/* ---- settings */

static void
settings_have_versions(void **state)
{
	const struct setting_rec *all;
	struct setting_rec s;
	size_t n;

	(void)state;
	assert_int_equal(setting_get(cx, "name", &s), RC_NOTFOUND);
	assert_int_equal(setting_put(cx, "name", "A", 0, 7), RC_OK);
	assert_int_equal(setting_put(cx, "name", "B", 0, 7), RC_CONFLICT);
	assert_int_equal(setting_get(cx, "name", &s), RC_OK);
	assert_int_equal(s.version, 1);
	assert_int_equal(setting_put(cx, "name", "B", 1, 8), RC_OK);
	assert_int_equal(setting_put(cx, "name", "C", 1, 9), RC_CONFLICT);
	assert_int_equal(setting_put(cx, "a", "x", 0, 7), RC_OK);
	assert_int_equal(setting_all(cx, &all, &n), RC_OK);
	assert_int_equal(n, 2);
	assert_string_equal(all[0].name, "a");
	assert_string_equal(all[1].value, "B");
	assert_int_equal(all[1].version, 2);
	assert_int_equal(all[1].staff, 8);
	/* the same value again is still a change: the version moves */
	assert_int_equal(setting_put(cx, "name", "B", 2, 8), RC_OK);
}

/* ---- leases */

static enum rc
hold_body(struct ctx *c, void *arg)
{
	enum rc rc = lease_hold(c, arg);

	return rc == RC_OK ? setting_put(c, "work", "done", 0, 0) : rc;
}

static void
leases(void **state)
{
	struct lease a, b;
	const char *holder;
	uint64_t fence;
	int64_t left;

	(void)state;
	assert_int_equal(
	    lease_who(cx, "job", &holder, &fence, &left), RC_NOTFOUND);
	assert_int_equal(
	    lease_take(cx, "job", "one", 60 * US_PER_S, &a), RC_OK);
	assert_int_equal(a.fence, 1);
	assert_int_equal(
	    lease_take(cx, "job", "two", 60 * US_PER_S, &b), RC_CONFLICT);
	assert_int_equal(
	    lease_take(cx, "job", "one", 60 * US_PER_S, &b), RC_CONFLICT);
	assert_int_equal(lease_renew(cx, &a, 3000 * US_PER_S), RC_OK);
	assert_int_equal(lease_who(cx, "job", &holder, &fence, &left), RC_OK);
	assert_string_equal(holder, "one");
	assert_in_range(left / US_PER_S, 2000, 3000);
	assert_int_equal(tx_run(cx, hold_body, &a), RC_OK);
	assert_int_equal(lease_end(cx, &a), RC_OK);
	assert_int_equal(lease_who(cx, "job", &holder, &fence, &left), RC_OK);
	assert_string_equal(holder, "");

	/* it ran out while its holder slept: the fence tells */
	assert_int_equal(
	    lease_take(cx, "job", "one", 50 * US_PER_MS, &a), RC_OK);
	assert_int_equal(a.fence, 2);
	test_sleep_ms(80);
	assert_int_equal(
	    lease_take(cx, "job", "two", 60 * US_PER_S, &b), RC_OK);
	assert_int_equal(b.fence, 3);
	assert_int_equal(lease_renew(cx, &a, 60 * US_PER_S), RC_CONFLICT);
	assert_int_equal(tx_run(cx, hold_body, &a), RC_CONFLICT);
	assert_int_equal(lease_end(cx, &a), RC_OK);
	assert_int_equal(lease_renew(cx, &b, 60 * US_PER_S), RC_OK);
	assert_int_equal(lease_beat(cx), RC_OK);
	cx->now++;
	assert_int_equal(lease_beat(cx), RC_OK);
}

/* Clocks of machines may differ: the lease is the primary's time. */
static void
lease_ignores_our_clock(void **state)
{
	struct lease a, b;

	(void)state;
	assert_int_equal(
	    lease_take(cx, "job", "one", 60 * US_PER_S, &a), RC_OK);
	cx->now += 86400 * US_PER_S;
	assert_int_equal(
	    lease_take(cx, "job", "two", 60 * US_PER_S, &b), RC_CONFLICT);
	cx->now -= 86400 * US_PER_S;
}

#define DB_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    DB_TEST(commits),
	    DB_TEST(other_answers_roll_back),
	    DB_TEST(busy_is_run_again),
	    DB_TEST(busy_ends_after_three),
	    DB_TEST(once_is_once),
	    DB_TEST(not_after_the_deadline),
	    DB_TEST(lost_connection_is_run_again),
	    DB_TEST(hidden_failure_is_not_committed),
	    DB_TEST(unknown_commit_is_not_run_again),
	    DB_TEST(nested_is_a_bug),
	    DB_TEST(crossed_locks),
	    DB_TEST(settings_have_versions),
	    DB_TEST(leases),
	    DB_TEST(lease_ignores_our_clock),
	};

	dbserver();
	return cmocka_run_group_tests(tests, group_setup, NULL);
}
