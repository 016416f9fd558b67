/* SPDX-License-Identifier: Apache-2.0 */
/* Slots of notices: what a process that died has left is found once, tried
 * once, and given up after that; what is finished, held or broken is not. */
#include "support/test.h"

#include <sys/wait.h>
#include <unistd.h>

#include "io/crypt.h"
#include "shop/notice_slot.h"

static struct settings set;
static struct ctx cx[1];
static unsigned tried, given_up;
static char seen[256];

static int
setup(void **state)
{
	test_arena_setup(state);
	crypt_init();
	set.spool_dir = test_dir();
	memset(cx, 0, sizeof(cx));
	cx->arena = cx->keep = ta;
	cx->set = &set;
	cx->now = 123456789;
	tried = given_up = 0;
	return 0;
}

static int
teardown(void **state)
{
	slot_close();
	return test_arena_teardown(state);
}

static void
try_it(struct ctx *c, const struct notice_request *rq)
{
	(void)c;
	tried++;
	snprintf(seen, sizeof(seen), "%s %s %s %.*s %s|%s %.*s %lld",
	    rq->channel, rq->order_no == NULL ? "-" : rq->order_no, rq->method,
	    (int)rq->query.n, rq->query.p, rq->headers[0], rq->headers[1],
	    (int)rq->body.n, rq->body.p, (long long)rq->received);
	assert_null(rq->headers[2]);
}

static void
give_up(struct ctx *c, const struct notice_request *rq)
{
	(void)c;
	(void)rq;
	given_up++;
}

static void
die(struct ctx *c, const struct notice_request *rq)
{
	(void)c;
	(void)rq;
	_exit(0);
}

static struct notice_request
request(void)
{
	static const char *const headers[] = {"host: a", "x: b", NULL};

	return (struct notice_request){
	    .channel = "epay",
	    .order_no = "26",
	    .method = "POST",
	    .headers = headers,
	    .query = SPAN_LIT("a=1"),
	    .body = SPAN_LIT("b=\xff"),
	};
}

/* In a child: its lock goes with it. */
static void
leave_one(bool finish)
{
	struct notice_request rq = request();
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		slot_begin(cx, &rq);
		if (finish)
			slot_end();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static unsigned
recover(slot_fn *again)
{
	unsigned did;

	slot_recover(cx, again, give_up, &did);
	return did;
}

static void
test_left_is_found_once(void **state)
{
	(void)state;
	leave_one(false);
	assert_int_equal(recover(try_it), 1);
	assert_int_equal(tried, 1);
	assert_string_equal(
	    seen, "epay 26 POST a=1 host: a|x: b b=\xff 123456789");
	assert_int_equal(recover(try_it), 0);
	assert_int_equal(tried, 1);
}

static void
test_finished_is_nothing(void **state)
{
	(void)state;
	leave_one(true);
	assert_int_equal(recover(try_it), 0);
}

static void
test_living_process_keeps_its_own(void **state)
{
	struct notice_request rq = request();

	(void)state;
	slot_begin(cx, &rq);
	/* another lock of the same file, as another process would ask for */
	assert_int_equal(recover(try_it), 0);
	slot_end();
}

static void
test_second_death_is_given_up(void **state)
{
	pid_t pid;

	(void)state;
	leave_one(false);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)recover(die);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(recover(try_it), 1);
	assert_int_equal(tried, 0);
	assert_int_equal(given_up, 1);
	assert_int_equal(recover(try_it), 0);
}

static void
test_left_slot_is_not_taken(void **state)
{
	struct notice_request rq = request();

	(void)state;
	leave_one(false);
	slot_begin(cx, &rq); /* takes the next one */
	assert_int_equal(recover(try_it), 1);
	slot_end();
}

static void
test_broken_file_is_skipped(void **state)
{
	FILE *f;

	(void)state;
	leave_one(false);
	f = fopen(arena_fmt(ta, "%s/notice.000", test_dir()), "r+");
	assert_non_null(f);
	assert_int_equal(fseek(f, -1, SEEK_END), 0);
	assert_int_equal(fputc('x', f), 'x');
	assert_int_equal(fclose(f), 0);
	(void)recover(try_it);
	assert_int_equal(tried, 0);
	assert_int_equal(given_up, 0);
	assert_int_equal(recover(try_it), 0);
}

static void
test_no_folder_is_no_slot(void **state)
{
	struct notice_request rq = request();

	(void)state;
	set.spool_dir = "";
	slot_begin(cx, &rq);
	slot_end();
	assert_int_equal(recover(try_it), 0);
}

static void
test_first_only_once(void **state)
{
	(void)state;
	assert_true(slot_first());
	assert_false(slot_first());
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_left_is_found_once),
	    T(test_finished_is_nothing),
	    T(test_living_process_keeps_its_own),
	    T(test_second_death_is_given_up),
	    T(test_left_slot_is_not_taken),
	    T(test_broken_file_is_skipped),
	    T(test_no_folder_is_no_slot),
	    T(test_first_only_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
