/* SPDX-License-Identifier: Apache-2.0 */
/* A line that breaks (cutline.h). */
#include "support/test.h"
#include "support/cutline.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int
unix_socket(const char *path, struct sockaddr_un *a)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	snprintf(a->sun_path, sizeof(a->sun_path), "%s", path);
	if (fd < 0)
		_exit(1);
	return fd;
}

/* Passes on what has arrived; false when the connection is over. */
static bool
pass(struct cutline *line, int from, int to, enum cut_dir dir, bool broken)
{
	char b[16384];
	long n = read(from, b, sizeof(b)), left;

	if (n <= 0)
		return false;
	if (broken && line->limit[dir] >= 0) {
		left = line->limit[dir] - line->passed[dir];
		if (n >= left) {
			if (left > 0 && write(to, b, (size_t)left) != left)
				return false;
			line->passed[dir] += left;
			if (line->victim != 0)
				kill(line->victim, SIGKILL);
			line->breaks++;
			if (!line->hang)
				return false;
			/* until the client gives up */
			while (read(dir == ASK ? from : to, b, sizeof(b)) > 0)
				;
			return false;
		}
	}
	line->passed[dir] += n;
	if (write(to, b, (size_t)n) != n)
		return false;
	line->arrived[dir] += n;
	return true;
}

static void
carry(struct cutline *line, int client, const char *server_path)
{
	struct sockaddr_un a;
	int server = unix_socket(server_path, &a);
	struct pollfd p[2] = {{.fd = client, .events = POLLIN}};
	bool broken = line->shots > 0;

	if (broken)
		line->shots--;
	line->passed[ASK] = line->passed[ANSWER] = 0;
	line->arrived[ASK] = line->arrived[ANSWER] = 0;
	line->dials++;
	p[1].fd = server;
	p[1].events = POLLIN;
	if (connect(server, (struct sockaddr *)&a, sizeof(a)) == 0)
		while (poll(p, 2, -1) > 0) {
			if (p[0].revents != 0 &&
			    !pass(line, client, server, ASK, broken))
				break;
			if (p[1].revents != 0 &&
			    !pass(line, server, client, ANSWER, broken))
				break;
		}
	close(server);
}

struct cutline *
cutline_start(const char *path, const char *to)
{
	struct cutline *made;
	pid_t pid;
	struct sockaddr_un a;
	int fd, client;

	made = mmap(NULL, sizeof(*made), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(made, MAP_FAILED);
	(void)unlink(path);
	fd = unix_socket(path, &a);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 16), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGPIPE, SIG_IGN);
		while ((client = accept(fd, NULL, NULL)) >= 0) {
			carry(made, client, to);
			close(client);
		}
		_exit(0);
	}
	made->pid = pid; /* not before: the memory is the child's, too */
	close(fd);
	return made;
}

void
cutline_stop(struct cutline *line)
{
	kill(line->pid, SIGTERM);
	waitpid(line->pid, NULL, 0);
	munmap(line, sizeof(*line));
}

void
cutline_break(struct cutline *line, int dir, long n, bool hang, int shots)
{
	line->limit[ASK] = line->limit[ANSWER] = -1;
	if (dir >= 0)
		line->limit[dir] = n;
	line->hang = hang;
	line->victim = 0;
	line->dials = line->breaks = 0;
	line->shots = shots;
}
