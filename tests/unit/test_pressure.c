/* SPDX-License-Identifier: Apache-2.0 */
/* Who has waited for too long, and what the kernel says about queues. */
#include "support/test.h"

#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/pressure.h"
#include "io/fcgi.h"

static void
too_late(void **state)
{
	(void)state;
	assert_int_equal(pressure_waiting(), -1);
	/* nothing is known of the queue: the wait alone decides */
	assert_false(pressure_too_late(3000, 3000, 4));
	assert_true(pressure_too_late(3001, 3000, 4));
	assert_false(pressure_too_late(60000, 0, 4));
	/* the machine stood still, nobody waits behind */
	pressure_set(3);
	assert_false(pressure_too_late(60000, 3000, 4));
	pressure_set(4);
	assert_true(pressure_too_late(3001, 3000, 4));
	assert_false(pressure_too_late(2999, 3000, 4));
}

static void
shared(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(pressure_open(), RC_OK);
	assert_int_equal(pressure_waiting(), -1);
	pid = fork();
	if (pid == 0) {
		pressure_set(17);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(pressure_waiting(), 17);
}

enum { PEERS = 5 };

/* A connection is counted when the kernel has shaken both its hands, which
 * may be a moment after connect() has returned. */
static int
backlog(int fd, int want)
{
	int i, got;

	for (i = 0; (got = fcgi_backlog(fd)) != want && i < 10000; i++)
		(void)usleep(1000);
	return got;
}

static void
counts(int fd, const struct sockaddr *at, socklen_t n)
{
	int peer[PEERS], i, got;

	assert_int_equal(listen(fd, 64), 0);
	got = fcgi_backlog(fd);
	if (got < 0)
		skip(); /* no unix_diag in this kernel: a wait alone decides */
	assert_int_equal(got, 0);
	for (i = 0; i < PEERS; i++) {
		peer[i] = socket(at->sa_family, SOCK_STREAM, 0);
		assert_int_equal(connect(peer[i], at, n), 0);
		assert_int_equal(backlog(fd, i + 1), i + 1);
	}
	for (i = 0; i < PEERS; i++) {
		got = accept(fd, NULL, NULL);
		assert_true(got >= 0);
		close(got);
		close(peer[i]);
		assert_int_equal(fcgi_backlog(fd), PEERS - 1 - i);
	}
	close(fd);
}

static void
unix_queue(void **state)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	(void)snprintf(
	    at.sun_path, sizeof(at.sun_path), "/tmp/ks-q-%d", (int)getpid());
	(void)unlink(at.sun_path);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	counts(fd, (struct sockaddr *)&at, sizeof(at));
	(void)unlink(at.sun_path);
}

static void
tcp_queue(void **state)
{
	struct sockaddr_in at = {
	    .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t n = sizeof(at);

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	counts(fd, (struct sockaddr *)&at, n);
}

static void
no_socket(void **state)
{
	(void)state;
	assert_int_equal(fcgi_backlog(-1), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(too_late),
	    cmocka_unit_test(shared),
	    cmocka_unit_test(unix_queue),
	    cmocka_unit_test(tcp_queue),
	    cmocka_unit_test(no_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
