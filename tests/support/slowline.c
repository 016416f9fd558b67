/* SPDX-License-Identifier: Apache-2.0 */
/* A slow line (slowline.h).  All its processes end with the test's. */
#include "support/test.h"
#include "support/slowline.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECE = 16384, WAITING = 16 };

static int
open_unix(const char *path, struct sockaddr_un *a)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	snprintf(a->sun_path, sizeof(a->sun_path), "%s", path);
	return fd;
}

/* xorshift: each connection's own, from its process id */
static unsigned
draw(unsigned *x, unsigned below)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return below == 0 ? 0 : *x % below;
}

static bool
pass(int from, int to, unsigned pause_us)
{
	char b[PIECE];
	ssize_t n = read(from, b, sizeof(b)), done = 0, m;

	if (n <= 0)
		return false;
	usleep(pause_us);
	while (done < n) {
		m = write(to, b + done, (size_t)(n - done));
		if (m <= 0)
			return false;
		done += m;
	}
	return true;
}

__attribute__((noreturn)) static void
carry(int client, const char *path, unsigned most_us)
{
	struct sockaddr_un a;
	int server = open_unix(path, &a);
	struct pollfd p[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
	unsigned x = (unsigned)getpid() * 2654435761U | 1;

	if (connect(server, (struct sockaddr *)&a, sizeof(a)) != 0)
		_exit(1);
	while (poll(p, 2, -1) > 0) {
		if (p[0].revents != 0 &&
		    !pass(client, server, draw(&x, most_us)))
			break;
		if (p[1].revents != 0 &&
		    !pass(server, client, draw(&x, most_us)))
			break;
	}
	_exit(0);
}

__attribute__((noreturn)) static void
serve(int fd, const char *to, unsigned most_us)
{
	int client;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN); /* nobody waits for the connections */
	while ((client = accept(fd, NULL, NULL)) >= 0) {
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(fd);
			carry(client, to, most_us);
		}
		close(client);
	}
	_exit(0);
}

pid_t
slowline_start(const char *path, const char *to, unsigned most_us)
{
	struct sockaddr_un a;
	int fd = open_unix(path, &a);
	pid_t pid;

	(void)unlink(path);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, WAITING), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		serve(fd, to, most_us);
	close(fd);
	return pid;
}

void
slowline_stop(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}
