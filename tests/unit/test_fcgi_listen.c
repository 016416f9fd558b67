/* SPDX-License-Identifier: Apache-2.0 */
/* The listening socket: whose it is, and what may stand at its path. */
#include "support/test.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/fcgi.h"

/* F1: who may write to the socket, and what may stand at its path. */
static void
listening(void **state)
{
	const char *path = arena_fmt(ta, "%s/l", test_dir()), *why = NULL;
	struct stat st;
	int fd, fd2;

	(void)state;
	assert_int_equal(
	    fcgi_listen(path, 0666, 8, NULL, &fd, &why), RC_INVALID);
	assert_int_equal(
	    fcgi_listen(path, 0060, 8, NULL, &fd, &why), RC_INVALID);
	assert_int_equal(
	    fcgi_listen(arena_fmt(ta, "/%0120d", 1), 0600, 8, NULL, &fd, &why),
	    RC_INVALID);
	assert_int_equal(fcgi_listen(path, 0660, 8, NULL, &fd, &why), RC_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	/* Somebody listens: not taken away from him. */
	assert_int_equal(fcgi_listen(path, 0660, 8, NULL, &fd2, &why), RC_FAIL);
	assert_non_null(strstr(why, "another process"));
	(void)close(fd);
	/* He died: taken. */
	assert_int_equal(fcgi_listen(path, 0600, 8, NULL, &fd, &why), RC_OK);
	(void)close(fd);
	assert_int_equal(fcgi_listen(test_file("plain", "x", 0600), 0600, 8,
			     NULL, &fd, &why),
	    RC_FAIL);
	assert_non_null(strstr(why, "not a socket"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(
	    fcgi_listen(path, 0660, 8, "no-such-group-x", &fd, &why), RC_FAIL);
	assert_int_equal(access(path, F_OK), -1); /* nothing left behind */
	assert_int_equal(
	    fcgi_listen("/nonexistent/dir/s", 0600, 8, NULL, &fd, &why),
	    RC_FAIL);
}

static void
not_a_socket(void **state)
{
	struct fcgi *f;
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(fcgi_open(ta, fd[0], &f), RC_FAIL);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	assert_int_equal(fcgi_open(ta, fd[0], &f), RC_FAIL);
	assert_int_equal(fcgi_open(ta, 250, &f), RC_FAIL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(listening),
	    TEST(not_a_socket),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
