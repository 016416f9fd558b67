/* SPDX-License-Identifier: Apache-2.0 */
/* A cap over processes; a dead holder's slot is free again. */
#include "support/test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/slots.h"

static void
alone(void **state)
{
	int s;

	(void)state;
	s = slots_take(SLOTS_HASH);
	assert_int_equal(s, 0);
	assert_int_equal(slots_take(SLOTS_HASH), -1);
	/* another kind has slots of its own */
	assert_int_equal(slots_take(SLOTS_GATEWAY), 0);
	slots_give(SLOTS_GATEWAY, 0);
	slots_give(SLOTS_HASH, s);
	assert_int_equal(slots_take(SLOTS_HASH), 0);
	slots_give(SLOTS_HASH, 0);
}

static void
shared(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(slots_open(SLOTS_HASH, 2), RC_OK);
	assert_int_equal(slots_take(SLOTS_HASH), 0);
	pid = fork();
	if (pid == 0) {
		/* the parent's is taken; this one dies with its own */
		if (slots_take(SLOTS_HASH) != 1 || slots_take(SLOTS_HASH) != -1)
			_exit(1);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(slots_take(SLOTS_HASH), 1);
	assert_int_equal(slots_take(SLOTS_HASH), -1);
	slots_give(SLOTS_HASH, 0);
	slots_give(SLOTS_HASH, 1);
}

static void
give_twice(void *arg)
{
	(void)arg;
	slots_give(SLOTS_HASH, 0);
}

static void
not_mine(void **state)
{
	(void)state;
	assert_true(test_aborts(give_twice, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(alone), TEST(shared), TEST(not_mine)};

	return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}
